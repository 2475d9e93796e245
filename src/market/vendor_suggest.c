#include <string.h>

#include "market/vendor.h"
#include "vendor_page_private.h"

/* What cards have in common: who wrote under it first. */
struct shared {
	const struct vendor_book *book;
	GHashTable *first; /* key -> card */
	GPtrArray *pairs;
};

static void
pair_free(gpointer data)
{
	struct vendor_pair *pair = data;

	g_free(pair->card);
	g_free(pair->other);
	g_free(pair->why);
	g_free(pair);
}

static gboolean
is_known(const GPtrArray *pairs, const char *card, const char *other)
{
	for (guint i = 0; i < pairs->len; i++) {
		const struct vendor_pair *pair = pairs->pdata[i];

		if ((strcmp(pair->card, card) == 0 &&
		     strcmp(pair->other, other) == 0) ||
		    (strcmp(pair->card, other) == 0 &&
		     strcmp(pair->other, card) == 0))
			return TRUE;
	}
	return FALSE;
}

static void
share(struct shared *shared, char *key, const char *card, const char *why)
{
	const char *first = g_hash_table_lookup(shared->first, key);
	struct vendor_pair *pair;

	if (!first) {
		g_hash_table_insert(shared->first, key, g_strdup(card));
		return;
	}
	if (strcmp(first, card) != 0 && !is_known(shared->pairs, first, card)) {
		pair = g_new0(struct vendor_pair, 1);
		pair->card = g_strdup(first);
		pair->other = g_strdup(card);
		pair->why = g_strdup(why);
		g_ptr_array_add(shared->pairs, pair);
	}
	g_free(key);
}

static void
meet(const struct store_message *row, gpointer data)
{
	struct shared *shared = data;
	const char *card = vendor_book_card(shared->book, row->vendor);
	const char *at = row->from ? strchr(row->from, '@') : NULL;
	g_autofree char *why = NULL;
	g_autofree char *name = NULL;

	if (row->campaign && *row->campaign) {
		why = g_strdup_printf("mail of one campaign, %s",
				      row->campaign);
		share(shared, g_strconcat("c", row->campaign, NULL), card, why);
	}
	/* A first name alone is anybody's. */
	if (!at || !row->from_name || !strchr(row->from_name, ' '))
		return;
	g_free(why);
	why = g_strdup_printf("the sender %s writes as %.*s@ from both",
			      row->from_name, (int)(at - row->from), row->from);
	name = g_utf8_casefold(row->from_name, -1);
	share(shared,
	      g_strdup_printf("n%s\n%.*s", name, (int)(at - row->from),
			      row->from),
	      card, why);
}

GPtrArray *
vendor_suggest(struct store *store, const struct vendor_book *book,
	       GError **error)
{
	g_autoptr(GHashTable) first =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	struct shared shared = {
		.book = book,
		.first = first,
		.pairs = g_ptr_array_new_with_free_func(pair_free),
	};

	if (vendor_page_all(store, NULL, meet, &shared, error))
		return shared.pairs;
	g_ptr_array_unref(shared.pairs);
	return NULL;
}
