/*
 * What a message looked like to the models when it was judged for one buyer:
 * enough to learn from later, and no words.
 *
 * Packed, it is what the store keeps as a message's features. The form begins
 * with a version; numbers are little-endian, or LEB128 (7 bits a byte, lowest
 * first), strings have a length before them. Typically under 1 KiB, never over
 * IMPRINT_SIZE_MAX. Bytes from outside may be anything: unpacking checks every
 * length, index and number, and takes only what packing would have written.
 */
#ifndef MODEL_IMPRINT_H
#define MODEL_IMPRINT_H

#include <glib.h>

#include "features/background.h"
#include "features/outreach.h"
#include "features/vector.h"

#define IMPRINT_SIZE_MAX  16384
#define IMPRINT_STEMS_MAX 400
#define IMPRINT_TEXT_MAX  255 /* bytes of an id */

/* P(outreach) from which screening keeps an imprint: less is never held. */
#define IMPRINT_OUTREACH_MIN 0.35

/* What one starter model said. */
struct imprint_score {
	gboolean there;
	double decision;
	double logit; /* ln(p / (1 - p)) of its calibrated probability */
};

struct imprint {
	guint outreach_version;	 /* of the features: OUTREACH_VERSION */
	guint relevance_version; /* RELEVANCE_VERSION */
	char *models;	/* ids of the starters, as in struct snapshot */
	char *priority; /* id of the best priority, or "" */
	struct imprint_score outreach;
	struct imprint_score relevance;
	struct vector likeness; /* relevance_vector(); none without a buyer */
	guint n_dense;		/* 0: none are kept */
	guint8 dense[OUTREACH_DENSE_MAX]; /* in 255ths */
	struct term *stems; /* of TERM_STEM, by bucket, each once */
	guint n_stems;
};
typedef struct imprint Imprint; /* for g_autoptr(Imprint) */

/* Empty, of this program's feature versions. */
struct imprint *imprint_new(void);
void imprint_free(struct imprint *imprint);

/*
 * Takes the stems among `terms` (of struct term): those of most messages,
 * the rarest IMPRINT_STEMS_MAX of long ones.
 */
void imprint_set_stems(struct imprint *imprint, const GArray *terms,
		       const struct background *background);

/* The values of outreach_dense(), each 0..1. */
void imprint_set_dense(struct imprint *imprint, const float *values, guint n);

/* The logit of a probability, kept within +-14 so that it stays finite. */
double imprint_logit(double probability);

/* Longer texts are cut. The caller's. */
GBytes *imprint_pack(const struct imprint *imprint);

/*
 * BASE_ERROR_INVALID when the bytes are none that imprint_pack() made (or of
 * another version of the form).
 */
struct imprint *imprint_unpack(GBytes *bytes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Imprint, imprint_free)

#endif
