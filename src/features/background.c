#include "features/background.h"

#include <math.h>

struct background {
	GBytes *bytes;
};

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
	struct background *background = g_new0(struct background, 1);
	guint n = documents->len;

	for (guint i = 0; i < n; i++)
		count_document(documents->pdata[i], blocks, seen, last, i + 1);
	for (guint i = 0; i < TERM_BUCKETS; i++) {
		double idf = log((1.0 + n) / (1.0 + seen[i]));

		if (seen[i] >= BACKGROUND_SEEN_MIN)
			table[i] = (guint8)CLAMP(lround(idf * 16.0), 0, 255);
	}
	background->bytes = g_bytes_new_take(table, TERM_BUCKETS);
	return background;
}

struct background *
background_new_from_bytes(GBytes *bytes)
{
	struct background *background;

	if (g_bytes_get_size(bytes) != TERM_BUCKETS)
		return NULL;
	background = g_new0(struct background, 1);
	background->bytes = g_bytes_ref(bytes);
	return background;
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

void
background_free(struct background *background)
{
	if (background == NULL)
		return;
	g_bytes_unref(background->bytes);
	g_free(background);
}
