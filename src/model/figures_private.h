/* A part of the judgements, chosen for one figure. */
#ifndef MODEL_FIGURES_PRIVATE_H
#define MODEL_FIGURES_PRIVATE_H

#include <glib.h>

#include "model/evaluation.h"

/* What figures are made from: the group and the campaign of each judgement. */
struct material {
	const struct evaluation *evaluation;
	guint *group;
	guint *campaign;
};

void material_open(struct material *material,
		   const struct evaluation *evaluation);
void material_close(struct material *material);

struct part {
	const char *by;
	const char *name;     /* NULL: all */
	gboolean pitches;     /* of the class, kind outreach alone */
	gboolean campaigns;   /* the interval is over these */
	const double *scores; /* NaN: not there; NULL: decisions */
};

const struct judged *part_judged(const struct evaluation *evaluation, guint i);

/* What the part is called that a judgement is in; borrowed. */
const char *part_name(const struct judged *judged, const char *by);

/* Room for all judgements; the caller's. */
struct scored *part_room(const struct evaluation *evaluation);

/*
 * The judgements of the part; returns how many. A kind of the class stands
 * against all that is not of it, and the other way round. Groups are numbered
 * anew, so that a draw has those of the part alone.
 */
guint part_select(const struct material *material, const struct part *part,
		  struct scored *scored);

/* The area without an interval. */
double part_area(const struct material *material, const struct part *part);

/* How many not of the class are at or over the higher threshold. */
guint part_held(const struct material *material, const struct part *part);

#endif
