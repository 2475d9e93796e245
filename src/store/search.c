#include "store/search.h"

#include <string.h>

#include "store_private.h"

#define DUE_LIMIT    500
#define SEARCH_LIMIT 200
#define TERMS_MAX    65536 /* bytes, of a text's terms */

static const char *const kinds[STORE_DOCUMENT_KINDS] = { "mail", "item",
							 "page" };

const char *
store_document_kind_name(enum store_document_kind kind)
{
	return kinds[kind];
}

int
store_document_kind_parse(const char *word)
{
	for (int i = 0; i < STORE_DOCUMENT_KINDS; i++) {
		if (strcmp(kinds[i], word) == 0)
			return i;
	}
	return -1;
}

void
store_document_free(struct store_document *document)
{
	if (!document)
		return;
	g_free(document->buyer);
	g_free(document->vendor);
	g_free(document->source);
	g_free(document->link);
	g_free(document->priority);
	g_free(document->title);
	g_free(document->text);
	g_free(document->title_terms);
	g_free(document->terms);
	g_free(document);
}

void
store_match_free(struct store_match *match)
{
	if (!match)
		return;
	store_document_free(match->document);
	g_free(match);
}

void
store_trend_free(struct store_trend *trend)
{
	if (!trend)
		return;
	g_free(trend->term);
	g_free(trend->label);
	if (trend->days)
		g_array_unref(trend->days);
	g_free(trend);
}

void
store_watch_free(struct store_watch *watch)
{
	if (!watch)
		return;
	g_free(watch->buyer);
	g_free(watch->query);
	g_free(watch->filters);
	g_free(watch->by);
	g_free(watch);
}

/* Cut between two characters; the caller's. */
static char *
cut(const char *text, gsize max)
{
	gsize len = text ? strlen(text) : 0;

	if (len > max) {
		len = max;
		while (len > 0 && ((guchar)text[len] & 0xc0) == 0x80)
			len--;
	}
	return g_strndup(text ? text : "", len);
}

struct store_document *
store_document_copy(const struct store_document *document)
{
	struct store_document *copy = g_memdup2(document, sizeof(*document));

	copy->buyer = g_strdup(document->buyer);
	copy->vendor = g_strdup(document->vendor);
	copy->source = g_strdup(document->source);
	copy->link = g_strdup(document->link);
	copy->priority = g_strdup(document->priority);
	copy->title = cut(document->title, STORE_DOCUMENT_TEXT_MAX);
	copy->text = cut(document->text, STORE_DOCUMENT_TEXT_MAX);
	copy->title_terms = cut(document->title_terms, TERMS_MAX);
	copy->terms = cut(document->terms, TERMS_MAX);
	return copy;
}

struct store_watch *
store_watch_copy(const struct store_watch *watch)
{
	struct store_watch *copy = g_memdup2(watch, sizeof(*watch));

	copy->buyer = g_strdup(watch->buyer);
	copy->query = g_strdup(watch->query);
	copy->filters = g_strdup(watch->filters);
	copy->by = g_strdup(watch->by);
	return copy;
}

static void
check_topics(const struct store_gleaning *gleaning)
{
	g_assert(gleaning->n_topics <= STORE_TOPICS_MAX);
	for (guint i = 0; i < gleaning->n_topics; i++)
		g_assert(gleaning->topics[i].term && gleaning->topics[i].label);
}

gboolean
store_glean(struct store *store, const struct store_message *message,
	    const struct store_gleaning *gleaning, GError **error)
{
	g_assert(message->buyer && *message->buyer && id_valid(message->id));
	check_topics(gleaning);
	return store->driver->documents->glean(store, message, gleaning, error);
}

/* Only a page may have no id yet. */
static void
complete(struct store_document *document)
{
	g_assert(document->kind != STORE_DOCUMENT_MAIL);
	if (document->kind == STORE_DOCUMENT_PAGE && document->id[0] == '\0')
		id_new(document->id);
	g_assert(id_valid(document->id));
}

gboolean
store_document_set(struct store *store, struct store_document *const *documents,
		   guint n, GError **error)
{
	for (guint i = 0; i < n; i++)
		complete(documents[i]);
	return n == 0 ||
	       store->driver->documents->set(store, documents, n, error);
}

GPtrArray *
store_items_due(struct store *store, guint limit, GError **error)
{
	return store->driver->documents->items_due(
		store, limit ? limit : DUE_LIMIT, error);
}

struct store_document *
store_document_find(struct store *store, const char *id, GError **error)
{
	return store->driver->documents->find(store, id, error);
}

GPtrArray *
store_search(struct store *store, const struct store_search *search,
	     GError **error)
{
	struct store_search given = *search;

	if (given.limit == 0)
		given.limit = SEARCH_LIMIT;
	if (given.terms && !given.terms[0])
		given.terms = NULL;
	return store->driver->documents->search(store, &given, error);
}

gboolean
store_search_counts(struct store *store, const char *const *terms, guint n,
		    guint *total, guint *having, GError **error)
{
	return store->driver->documents->counts(store, terms, n, total, having,
						error);
}

GPtrArray *
store_trend_list(struct store *store, const struct store_trend_query *query,
		 GArray **all, GError **error)
{
	return store->driver->documents->trends(store, query, all, error);
}

GPtrArray *
store_trend_vendors(struct store *store, const struct store_trend_query *query,
		    const char *term, GError **error)
{
	return store->driver->documents->trend_vendors(store, query, term,
						       error);
}

gboolean
store_watch_add(struct store *store, struct store_watch *watch, GError **error)
{
	g_assert(watch->buyer && *watch->buyer && watch->query);
	if (watch->id[0] == '\0')
		id_new(watch->id);
	if (watch->time_us == 0)
		watch->time_us = clock_now_us();
	g_assert(id_valid(watch->id));
	return store->driver->documents->watch_add(store, watch, error);
}

gboolean
store_watch_remove(struct store *store, const char *buyer, const char *id,
		   GError **error)
{
	return store->driver->documents->watch_remove(store, buyer, id, error);
}

GPtrArray *
store_watch_list(struct store *store, const char *buyer, GError **error)
{
	return store->driver->documents->watch_list(store, buyer, error);
}
