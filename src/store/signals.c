#include "store/signals.h"

#include <math.h>

#include "store_private.h"

void
store_item_free(struct store_item *item)
{
	if (!item)
		return;
	g_free(item->source);
	g_free(item->guid);
	g_free(item->link);
	g_free(item->title);
	g_free(item->text);
	g_free(item);
}

struct store_item *
store_item_copy(const struct store_item *item)
{
	struct store_item *copy = g_memdup2(item, sizeof(*item));

	copy->source = g_strdup(item->source);
	copy->guid = g_strdup(item->guid);
	copy->link = g_strdup(item->link);
	copy->title = g_strdup(item->title);
	copy->text = g_strdup(item->text);
	return copy;
}

void
store_source_free(struct store_source *source)
{
	if (!source)
		return;
	g_free(source->name);
	g_free(source->url);
	g_free(source->etag);
	g_free(source->modified);
	g_free(source->error);
	g_free(source);
}

struct store_source *
store_source_copy(const struct store_source *source)
{
	struct store_source *copy = g_memdup2(source, sizeof(*source));

	copy->name = g_strdup(source->name);
	copy->url = g_strdup(source->url);
	copy->etag = g_strdup(source->etag);
	copy->modified = g_strdup(source->modified);
	copy->error = g_strdup(source->error);
	return copy;
}

static void
complete(struct store_item *item, gint64 now_us)
{
	g_assert(item->source && item->guid);
	if (item->id[0] == '\0')
		id_new(item->id);
	if (item->seen_us == 0)
		item->seen_us = now_us;
	if (item->time_us == 0)
		item->time_us = item->seen_us;
	g_assert(id_valid(item->id));
}

gboolean
store_item_add(struct store *store, struct store_item *const *items, guint n,
	       guint *fresh, GError **error)
{
	const gint64 now_us = clock_now_us();
	guint added = 0;

	g_assert(n <= STORE_ITEMS_MAX);
	for (guint i = 0; i < n; i++)
		complete(items[i], now_us);
	if (n > 0 &&
	    !store->driver->signals->item_add(store, items, n, &added, error))
		return FALSE;
	if (fresh)
		*fresh = added;
	return TRUE;
}

GPtrArray *
store_item_list(struct store *store, const struct store_item_query *query,
		GError **error)
{
	struct store_item_query given = *query;

	if (given.limit == 0)
		given.limit = STORE_LIST_LIMIT;
	return store->driver->signals->item_list(store, &given, error);
}

struct store_item *
store_item_find(struct store *store, const char *id, GError **error)
{
	return store->driver->signals->item_find(store, id, error);
}

gboolean
store_item_expire(struct store *store, gint64 before_us, guint *n,
		  GError **error)
{
	guint gone = 0;

	if (!store->driver->signals->item_expire(store, before_us, &gone,
						 error))
		return FALSE;
	if (n)
		*n = gone;
	return TRUE;
}

gboolean
store_source_set(struct store *store, const struct store_source *source,
		 GError **error)
{
	g_assert(source->name);
	return store->driver->signals->source_set(store, source, error);
}

struct store_source *
store_source_find(struct store *store, const char *name, GError **error)
{
	return store->driver->signals->source_find(store, name, error);
}

GPtrArray *
store_source_list(struct store *store, GError **error)
{
	return store->driver->signals->source_list(store, error);
}

gboolean
store_metric_set(struct store *store, const struct store_metric *metric,
		 const struct store_point *points, guint n, GError **error)
{
	g_assert(metric->buyer && metric->priority && n <= STORE_POINTS_MAX);
	for (guint i = 0; i < n; i++)
		g_assert(isfinite(points[i].value));
	return store->driver->signals->metric_set(store, metric, points, n,
						  error);
}

GArray *
store_metric_list(struct store *store, const struct store_metric *metric,
		  GError **error)
{
	return store->driver->signals->metric_list(store, metric, error);
}
