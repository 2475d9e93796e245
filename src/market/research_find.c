/* Asking the index: for the question's words, and for those of the buyer's
 * priority that it is about. */
#include <string.h>

#include "research_private.h"

/* So many are looked at of each search. */
#define LOOKED_AT 200

/* The store takes no more terms of one search. */
#define TERMS_AT_ONCE 32

/* What has nothing of the question itself must be so near to the priority. */
#define TOPIC_ALONE 0.05

static void
find_free(gpointer data)
{
	struct research_find *find = data;

	store_document_free(find->document);
	g_free(find);
}

static gint
better(gconstpointer a, gconstpointer b)
{
	const struct store_match *left = *(struct store_match *const *)a;
	const struct store_match *right = *(struct store_match *const *)b;

	return left->score < right->score   ? 1
	       : left->score > right->score ? -1
					    : 0;
}

/* A card may have several domains, and the index knows only those. */
static GPtrArray *
search_card(struct store *store, const struct vendor_book *book,
	    struct store_search *search, const char *card, GError **error)
{
	g_autoptr(GPtrArray) domains =
		vendor_book_domains(book, vendor_book_card(book, card));
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_match_free);

	for (guint i = 0; i < domains->len; i++) {
		GPtrArray *some;

		search->vendor = domains->pdata[i];
		some = store_search(store, search, error);
		if (!some)
			return NULL;
		g_ptr_array_extend_and_steal(all, some);
	}
	g_ptr_array_sort(all, better);
	return g_steal_pointer(&all);
}

/* The forms of all words; NULL-terminated, borrowed. */
static GPtrArray *
terms_of(const struct research_words *words)
{
	GPtrArray *terms = g_ptr_array_new();

	for (guint i = 0; i < words->words->len; i++) {
		const struct research_word *word = words->words->pdata[i];

		for (guint at = 0; at < word->forms->len; at++) {
			const struct research_form *form =
				word->forms->pdata[at];

			g_ptr_array_add(terms, form->term);
		}
	}
	return terms;
}

/* Adds what was found to what was found for other terms: scores of BM25 are
 * sums over terms. */
static void
merge(GPtrArray *all, GHashTable *by_id, GPtrArray *some)
{
	for (guint i = 0; i < some->len; i++) {
		struct store_match *match = some->pdata[i];
		struct store_match *known =
			g_hash_table_lookup(by_id, match->document->id);

		if (known) {
			known->score += match->score;
			store_match_free(match);
		} else {
			g_hash_table_insert(by_id, match->document->id, match);
			g_ptr_array_add(all, match);
		}
	}
	g_ptr_array_set_free_func(some, NULL);
}

static GPtrArray *
search(struct store *store, const struct vendor_book *book,
       const struct research_query *query, const struct research_words *words,
       GError **error)
{
	g_autoptr(GPtrArray) terms = terms_of(words);
	g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_match_free);
	struct store_search what = {
		.buyers = query->buyers,
		.kinds = query->kinds,
		.priority = query->priority,
		.source = query->source,
		.since_us = query->since_us,
		.until_us = query->until_us,
		.limit = LOOKED_AT,
	};

	for (guint i = 0; i < terms->len; i += TERMS_AT_ONCE) {
		const char *some[TERMS_AT_ONCE + 1] = { NULL };
		g_autoptr(GPtrArray) matches = NULL;

		memcpy(some, terms->pdata + i,
		       MIN(TERMS_AT_ONCE, terms->len - i) * sizeof(*some));
		what.terms = some;
		matches = query->vendor ? search_card(store, book, &what,
						      query->vendor, error)
					: store_search(store, &what, error);
		if (!matches)
			return NULL;
		merge(all, by_id, matches);
	}
	return g_steal_pointer(&all);
}

static double
best_score(const GPtrArray *matches)
{
	double best = 0;

	for (guint i = 0; i < matches->len; i++) {
		const struct store_match *match = matches->pdata[i];

		best = MAX(best, match->score);
	}
	return best > 0 ? best : 1;
}

static struct research_find *
find_of(GPtrArray *finds, GHashTable *by_id, struct store_match *match)
{
	struct research_find *find =
		g_hash_table_lookup(by_id, match->document->id);

	if (find)
		return find;
	find = g_new0(struct research_find, 1);
	find->document = g_steal_pointer(&match->document);
	g_hash_table_insert(by_id, find->document->id, find);
	g_ptr_array_add(finds, find);
	return find;
}

static void
add_matches(GPtrArray *finds, GHashTable *by_id, GPtrArray *matches)
{
	const double best = best_score(matches);

	for (guint i = 0; i < matches->len; i++) {
		struct store_match *match = matches->pdata[i];
		const double score = MAX(0, match->score) / best;

		find_of(finds, by_id, match)->bm25 = score;
	}
}

static void
add_topic(GPtrArray *finds, GHashTable *by_id, GPtrArray *matches)
{
	const double best = best_score(matches);

	for (guint i = 0; i < matches->len; i++) {
		struct store_match *match = matches->pdata[i];
		const double score = MAX(0, match->score) / best;

		if (score >= TOPIC_ALONE ||
		    g_hash_table_contains(by_id, match->document->id))
			find_of(finds, by_id, match)->topic = score;
	}
}

GPtrArray *
research_find_all(struct store *store, const struct vendor_book *book,
		  const struct research_query *query,
		  const struct research_question *question,
		  struct research *research, GError **error)
{
	g_autoptr(GPtrArray) finds = g_ptr_array_new_with_free_func(find_free);
	g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) matches =
		search(store, book, query, question->words, error);
	g_autoptr(GPtrArray) near = NULL;

	if (!matches)
		return NULL;
	add_matches(finds, by_id, matches);
	research->cut = matches->len >= LOOKED_AT;
	if (question->topic) {
		near = search(store, book, query, question->topic, error);
		if (!near)
			return NULL;
		add_topic(finds, by_id, near);
	}
	return g_steal_pointer(&finds);
}
