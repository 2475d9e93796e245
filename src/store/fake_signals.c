/* What comes from outside mail. */
#include "fake_private.h"

/* The ids are the caller's by now: nothing is lost with the answer. */
static gboolean
item_add(struct store *store, struct store_item *const *items, guint n,
	 guint *fresh, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_item_add(turn.inner, items, n, fresh, error),
			error);
}

static GPtrArray *
item_list(struct store *store, const struct store_item_query *query,
	  GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_item_list(inner, query, error) : NULL;
}

static struct store_item *
item_find(struct store *store, const char *id, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_item_find(inner, id, error) : NULL;
}

static gboolean
item_expire(struct store *store, gint64 before_us, guint *n, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_item_expire(turn.inner, before_us, n, error),
			error);
}

static gboolean
source_set(struct store *store, const struct store_source *source,
	   GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn, store_source_set(turn.inner, source, error),
			error);
}

static struct store_source *
source_find(struct store *store, const char *name, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_source_find(inner, name, error) : NULL;
}

static GPtrArray *
source_list(struct store *store, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_source_list(inner, error) : NULL;
}

static gboolean
metric_set(struct store *store, const struct store_metric *metric,
	   const struct store_point *points, guint n, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_metric_set(turn.inner, metric, points, n, error),
			error);
}

static GArray *
metric_list(struct store *store, const struct store_metric *metric,
	    GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_metric_list(inner, metric, error) : NULL;
}

const struct store_signals fake_signals = {
	item_add,    item_list,	  item_find,  item_expire, source_set,
	source_find, source_list, metric_set, metric_list
};
