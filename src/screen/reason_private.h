/* Why a model decided as it did: its decision value taken apart. */
#ifndef SCREEN_REASON_PRIVATE_H
#define SCREEN_REASON_PRIVATE_H

#include <glib.h>

#include "features/reading.h"
#include "features/vector.h"
#include "model/model.h"
#include "screen/verdict.h"

/* Named one by one; what is lighter is folded together. */
#define REASONS_MAX 12

struct reason_source {
	const char *prefix; /* "outreach" */
	const struct model *model;
	const struct vector *vector;
	double decision;
	const struct reading *reading;	  /* has names of outreach, or NULL */
	const char *(*name)(guint index); /* where it has none */
};

/*
 * The heaviest of all sources by name, sorted, then for each source "other
 * terms (N)" and "bias" where they are not nothing. An array of struct reason
 * that frees its elements.
 */
GPtrArray *reasons_collect(const struct reason_source *sources, guint n);

/*
 * Puts what decided beside the models before what they say: a reason that adds
 * nothing to a decision value. Makes the list (NULL) and takes the name.
 */
void reasons_note(GPtrArray **reasons, char *name, double value);

/*
 * A probability such as reasons_format() writes it in full: read back, it is
 * the same number.
 */
double reason_round(double probability);

/*
 * The value of the first reason of a stored list whose name begins so; -1 when
 * there is none.
 */
double reasons_find(const char *json, const char *prefix);

/* Adds one at the end; takes the name. */
void reasons_add(GPtrArray *reasons, char *name, double value, double weight);

#endif
