#include "model/imprint.h"

#include <math.h>
#include <string.h>

#include "features/relevance.h"

#define LOGIT_MAX 14.0

/* A bucket is sorted by two digits of so many bits. */
#define SORT_BITS 9
#define SORT_MASK ((1u << SORT_BITS) - 1)

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

/* By the digit of the bucket at `shift`; equals stay as they are. */
static void
sort_pass(const struct term *from, struct term *to, guint n, guint shift)
{
	guint places[1 << SORT_BITS] = { 0 };
	guint place = 0;

	for (guint i = 0; i < n; i++)
		places[from[i].bucket >> shift & SORT_MASK]++;
	for (guint i = 0; i <= SORT_MASK; i++) {
		const guint count = places[i];

		places[i] = place;
		place += count;
	}
	for (guint i = 0; i < n; i++)
		to[places[from[i].bucket >> shift & SORT_MASK]++] = from[i];
}

/* Each bucket stands once. A comparison sort takes ten times as long. */
static void
sort_by_bucket(struct term *stems, guint n)
{
	g_autofree struct term *other = g_new(struct term, n + 1);

	G_STATIC_ASSERT(TERM_BITS <= 2 * SORT_BITS);
	sort_pass(stems, other, n, 0);
	sort_pass(other, stems, n, SORT_BITS);
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
	sort_by_bucket(stems, n);
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
