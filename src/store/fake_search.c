/* Documents, topics and watches. */
#include "fake_private.h"

static gboolean
glean(struct store *store, const struct store_message *message,
      const struct store_gleaning *gleaning, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_glean(turn.inner, message, gleaning, error),
			error);
}

/* The ids are the caller's by now: nothing is lost with the answer. */
static gboolean
set(struct store *store, struct store_document *const *documents, guint n,
    GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_document_set(turn.inner, documents, n, error),
			error);
}

static GPtrArray *
items_due(struct store *store, guint limit, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_items_due(inner, limit, error) : NULL;
}

static struct store_document *
find(struct store *store, const char *id, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_document_find(inner, id, error) : NULL;
}

static GPtrArray *
search(struct store *store, const struct store_search *asked, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_search(inner, asked, error) : NULL;
}

static gboolean
counts(struct store *store, const char *const *terms, guint n, guint *total,
       guint *having, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner &&
	       store_search_counts(inner, terms, n, total, having, error);
}

static GPtrArray *
trends(struct store *store, const struct store_trend_query *query, GArray **all,
       GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_trend_list(inner, query, all, error) : NULL;
}

static GPtrArray *
trend_vendors(struct store *store, const struct store_trend_query *query,
	      const char *term, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_trend_vendors(inner, query, term, error) : NULL;
}

static gboolean
watch_add(struct store *store, struct store_watch *watch, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, watch->id, &turn, error) &&
	       fake_end(&turn, store_watch_add(turn.inner, watch, error),
			error);
}

static gboolean
watch_remove(struct store *store, const char *buyer, const char *id,
	     GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn, store_watch_remove(turn.inner, buyer, id, error),
			error);
}

static GPtrArray *
watch_list(struct store *store, const char *buyer, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_watch_list(inner, buyer, error) : NULL;
}

const struct store_documents fake_documents = {
	.glean = glean,
	.set = set,
	.items_due = items_due,
	.find = find,
	.search = search,
	.counts = counts,
	.trends = trends,
	.trend_vendors = trend_vendors,
	.watch_add = watch_add,
	.watch_remove = watch_remove,
	.watch_list = watch_list,
};
