#include "features/background.h"

#include <math.h>

struct background {
	GBytes *bytes;
	float idf_max;
	struct lexicon *stems;
};

static float
table_idf_max(const guint8 *table)
{
	guint8 rarest = 0;

	for (guint i = 0; i < TERM_BUCKETS; i++)
		rarest = MAX(rarest, table[i]);
	return rarest > 0 ? (float)rarest / 16.0f : 1.0f;
}

/* Takes the bytes. */
static struct background *
background_wrap(GBytes *bytes)
{
	struct background *background = g_new0(struct background, 1);

	background->bytes = bytes;
	background->idf_max = table_idf_max(background_table(background));
	background->stems = lexicon_new();
	return background;
}

static void
count_document(const GArray *terms, guint blocks, guint32 *seen, guint32 *last,
	       guint number)
{
	for (guint i = 0; i < terms->len; i++) {
		const struct term *term = &g_array_index(terms, struct term, i);

		if (!(blocks & (1u << term->block)) ||
		    last[term->bucket] == number)
			continue;
		last[term->bucket] = number;
		seen[term->bucket]++;
	}
}

struct background *
background_new(const GPtrArray *documents, guint blocks)
{
	g_autofree guint32 *seen = g_new0(guint32, TERM_BUCKETS);
	g_autofree guint32 *last = g_new0(guint32, TERM_BUCKETS);
	guint8 *table = g_malloc0(TERM_BUCKETS);
	guint n = documents->len;

	for (guint i = 0; i < n; i++)
		count_document(documents->pdata[i], blocks, seen, last, i + 1);
	for (guint i = 0; i < TERM_BUCKETS; i++) {
		double idf = log((1.0 + n) / (1.0 + seen[i]));

		if (seen[i] >= BACKGROUND_SEEN_MIN)
			table[i] = (guint8)CLAMP(lround(idf * 16.0), 0, 255);
	}
	return background_wrap(g_bytes_new_take(table, TERM_BUCKETS));
}

struct background *
background_new_from_bytes(GBytes *bytes)
{
	if (g_bytes_get_size(bytes) != TERM_BUCKETS)
		return NULL;
	return background_wrap(g_bytes_ref(bytes));
}

GBytes *
background_bytes(const struct background *background)
{
	return background->bytes;
}

const guint8 *
background_table(const struct background *background)
{
	return g_bytes_get_data(background->bytes, NULL);
}

float
background_idf_max(const struct background *background)
{
	return background->idf_max;
}

struct lexicon *
background_stems(const struct background *background)
{
	return background->stems;
}

void
background_free(struct background *background)
{
	if (background == NULL)
		return;
	g_bytes_unref(background->bytes);
	lexicon_free(background->stems);
	g_free(background);
}
