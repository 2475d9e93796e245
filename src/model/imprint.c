#include "model/imprint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/relevance.h"

#define LOGIT_MAX 14.0

struct imprint *
imprint_new(void)
{
	struct imprint *imprint = g_new0(struct imprint, 1);

	imprint->outreach_version = OUTREACH_VERSION;
	imprint->relevance_version = RELEVANCE_VERSION;
	imprint->models = g_strdup("");
	imprint->priority = g_strdup("");
	return imprint;
}

void
imprint_free(struct imprint *imprint)
{
	if (imprint == NULL)
		return;
	g_free(imprint->models);
	g_free(imprint->priority);
	g_free(imprint->stems);
	vector_clear(&imprint->likeness);
	g_free(imprint);
}

/* Rarest first; of equals the lower bucket, so that the choice is the same. */
static gint
by_rarity(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct term *x = a;
	const struct term *y = b;
	const guint8 *table = *(const guint8 **)data;
	/* 0 is rarer than anything: hardly seen where the table was made. */
	const int left = table[x->bucket] != 0 ? table[x->bucket] : G_MAXUINT16;
	const int right =
		table[y->bucket] != 0 ? table[y->bucket] : G_MAXUINT16;

	if (left != right)
		return left < right ? 1 : -1;
	return (x->bucket > y->bucket) - (x->bucket < y->bucket);
}

static int
by_bucket(const void *a, const void *b)
{
	const struct term *x = a;
	const struct term *y = b;

	return (x->bucket > y->bucket) - (x->bucket < y->bucket);
}

void
imprint_set_stems(struct imprint *imprint, const GArray *terms,
		  const struct background *background)
{
	const guint8 *table = background_table(background);
	struct term *stems = g_new(struct term, terms->len + 1);
	guint n = 0;

	for (guint i = 0; i < terms->len; i++) {
		const struct term *term = &g_array_index(terms, struct term, i);

		if (term->block == TERM_STEM)
			stems[n++] = *term;
	}
	if (n > IMPRINT_STEMS_MAX) {
		g_autoptr(GArray) all =
			g_array_new(FALSE, FALSE, sizeof(struct term));

		g_array_append_vals(all, stems, n);
		g_array_sort_with_data(all, by_rarity, &table);
		n = IMPRINT_STEMS_MAX;
		memcpy(stems, all->data, n * sizeof stems[0]);
	}
	qsort(stems, n, sizeof stems[0], by_bucket);
	g_free(imprint->stems);
	imprint->stems = stems;
	imprint->n_stems = n;
}

void
imprint_set_dense(struct imprint *imprint, const float *values, guint n)
{
	imprint->n_dense = MIN(n, OUTREACH_DENSE_MAX);
	for (guint i = 0; i < imprint->n_dense; i++)
		imprint->dense[i] =
			(guint8)lrintf(CLAMP(values[i], 0.0f, 1.0f) * 255.0f);
}

double
imprint_logit(double probability)
{
	const double logit = log(probability / (1 - probability));

	return CLAMP(logit, -LOGIT_MAX, LOGIT_MAX);
}
