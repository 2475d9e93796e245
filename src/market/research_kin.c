/* What else the best vendors wrote: a second mail of a campaign often says no
 * more than "any thoughts?", but belongs to the first. */
#include <string.h>

#include "research_private.h"

/* Of the vendors of so many of the best hits other mail is fetched, the newest
 * so many of each. */
#define BEST	20
#define FETCHED 6

static gboolean
add_mail(struct store *store, const struct research_query *query,
	 const char *vendor, GHashTable *known, GPtrArray *kin, GError **error)
{
	const struct store_search search = {
		.buyers = query->buyers,
		.kinds = 1U << STORE_DOCUMENT_MAIL,
		.vendor = vendor,
		.priority = query->priority,
		.source = query->source,
		.since_us = query->since_us,
		.until_us = query->until_us,
		.limit = FETCHED,
	};
	g_autoptr(GPtrArray) matches = store_search(store, &search, error);

	if (!matches)
		return FALSE;
	for (guint i = 0; i < matches->len; i++) {
		struct store_match *match = matches->pdata[i];
		struct research_hit *hit;

		if (g_hash_table_contains(known, match->document->id))
			continue;
		hit = research_hit_new();
		hit->document = g_steal_pointer(&match->document);
		g_hash_table_add(known, hit->document->id);
		g_ptr_array_add(kin, hit);
	}
	return TRUE;
}

static gboolean
wants_mail(const struct research_query *query)
{
	return query->kinds == 0 ||
	       (query->kinds & (1U << STORE_DOCUMENT_MAIL)) != 0;
}

gboolean
research_kin_add(struct store *store, const struct research_query *query,
		 GPtrArray *hits, GError **error)
{
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) kin = g_ptr_array_new_with_free_func(
		(GDestroyNotify)research_hit_free);

	for (guint i = 0; i < hits->len; i++) {
		const struct research_hit *hit = hits->pdata[i];

		g_hash_table_add(known, hit->document->id);
	}
	for (guint i = 0; i < MIN(hits->len, BEST) && wants_mail(query); i++) {
		const struct research_hit *hit = hits->pdata[i];
		char *vendor = hit->document->vendor;

		if (*vendor && g_hash_table_add(seen, vendor) &&
		    !add_mail(store, query, vendor, known, kin, error))
			return FALSE;
	}
	g_ptr_array_extend_and_steal(hits, g_steal_pointer(&kin));
	return TRUE;
}

void
research_kin_raise(GPtrArray *hits, const struct vendor_book *book)
{
	g_autoptr(GHashTable) best =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < hits->len; i++) {
		struct research_hit *hit = hits->pdata[i];
		const char *card =
			vendor_book_card(book, hit->document->vendor);
		const struct research_hit *first =
			g_hash_table_lookup(best, card);

		if (!*card || hit->document->kind != STORE_DOCUMENT_MAIL)
			continue;
		if (first)
			hit->score = MAX(hit->score,
					 RESEARCH_KIN_SHARE * first->score);
		else
			g_hash_table_insert(best, g_strdup(card), hit);
	}
}
