#include "fetch_private.h"
#include "market/feed.h"
#include "market/metric.h"

static const char accepted[] =
	"application/feed+json, application/atom+xml, application/rss+xml, "
	"application/json;q=0.9, application/xml;q=0.9, text/xml;q=0.9, "
	"*/*;q=0.1";

GQuark
fetch_error_quark(void)
{
	return g_quark_from_static_string("fetch-error");
}

void
fetch_report_clear(struct fetch_report *report)
{
	g_clear_pointer(&report->fault, g_free);
	*report = (struct fetch_report){ 0 };
}

struct http_rules
fetch_rules(const struct config *config)
{
	const struct config_fetch *fetch = &config->fetch;

	return (struct http_rules){
		.timeout_us = fetch->timeout_us,
		.interval_us = fetch->interval_us,
		.size_max = (gsize)fetch->size_max,
		.allow = (const char *const *)fetch->allow,
	};
}

static struct store_item *
item_of(const struct fetch *fetch, const struct config_feed *feed,
	struct feed_item *from)
{
	struct store_item *item = g_new0(struct store_item, 1);

	item->source = g_strdup(feed->name);
	item->guid = g_steal_pointer(&from->guid);
	item->link = g_steal_pointer(&from->link);
	item->title = g_steal_pointer(&from->title);
	item->text = g_steal_pointer(&from->summary);
	item->seen_us = fetch->now_us;
	/* Nothing is published in the future, whatever it says. */
	item->time_us = MIN(from->time_us, fetch->now_us);
	return item;
}

/* What is too old to be kept would come again and again. */
static GPtrArray *
items_of(const struct fetch *fetch, const struct config_feed *feed,
	 const struct feed *read, struct fetch_report *report)
{
	const gint64 oldest_us = fetch->now_us - fetch->config->fetch.keep_us;
	GPtrArray *items =
		g_ptr_array_new_with_free_func((GDestroyNotify)store_item_free);

	for (guint i = 0; i < read->items->len; i++) {
		struct feed_item *item = read->items->pdata[i];

		if (item->time_us != 0 && item->time_us < oldest_us)
			report->dropped++;
		else
			g_ptr_array_add(items, item_of(fetch, feed, item));
	}
	return items;
}

/* How many are not there yet, for who only looks. */
static gboolean
count_fresh(const struct fetch *fetch, const char *name, const GPtrArray *items,
	    guint *fresh, GError **error)
{
	const struct store_item_query query = { .source = name,
						.limit = G_MAXINT };
	g_autoptr(GPtrArray) there = NULL;
	g_autoptr(GHashTable) guids = g_hash_table_new(g_str_hash, g_str_equal);

	*fresh = items->len;
	if (!fetch->store)
		return TRUE;
	there = store_item_list(fetch->store, &query, error);
	for (guint i = 0; there && i < there->len; i++) {
		const struct store_item *item = there->pdata[i];

		g_hash_table_add(guids, item->guid);
	}
	for (guint i = 0; i < items->len; i++) {
		const struct store_item *item = items->pdata[i];

		*fresh -= g_hash_table_contains(guids, item->guid) != 0;
	}
	return there != NULL;
}

static gboolean
put_items(const struct fetch *fetch, const char *name, const GPtrArray *items,
	  guint *fresh, GError **error)
{
	if (fetch->dry)
		return count_fresh(fetch, name, items, fresh, error);
	return store_item_add(fetch->store,
			      (struct store_item *const *)items->pdata,
			      items->len, fresh, error);
}

static gboolean
take_items(const struct fetch *fetch, const struct config_feed *feed,
	   const struct http_answer *answer, struct fetch_report *report,
	   GError **error)
{
	g_autoptr(Feed) read =
		feed_parse(answer->body, answer->type, answer->url, error);
	g_autoptr(GPtrArray) items = NULL;

	if (!read)
		return FALSE;
	report->outcome = FETCH_READ;
	report->dropped = read->dropped;
	report->fault = g_steal_pointer(&read->fault);
	items = items_of(fetch, feed, read, report);
	if (!put_items(fetch, feed->name, items, &report->fresh, error))
		return FALSE;
	report->known = items->len - report->fresh;
	return TRUE;
}

static void
keep_validators(struct store_source *source, const struct http_answer *answer,
		const struct fetch_report *report)
{
	g_free(source->etag);
	g_free(source->modified);
	/* The rest of a broken feed is wanted, even if it does not change. */
	source->etag = g_strdup(report->fault ? "" : answer->etag);
	source->modified = g_strdup(report->fault ? "" : answer->modified);
}

static gboolean
take_answer(const struct fetch *fetch, const struct config_feed *feed,
	    struct store_source *source, const struct http_answer *answer,
	    struct fetch_report *report, GError **error)
{
	if (answer->status == 304 && (*source->etag || *source->modified)) {
		report->outcome = FETCH_UNCHANGED;
		return TRUE;
	}
	if (answer->status != 200) {
		g_set_error(error, FETCH_ERROR, FETCH_ERROR_STATUS,
			    "%s answered with status %u", answer->url,
			    answer->status);
		return FALSE;
	}
	if (!take_items(fetch, feed, answer, report, error))
		return FALSE;
	keep_validators(source, answer, report);
	return TRUE;
}

/* A feed's server answers, for better or worse. */
static gboolean
ask_feed(const struct fetch *fetch, const struct fetch_task *task,
	 struct store_source *source, struct fetch_report *report,
	 gint64 *retry_us, GError **error)
{
	const struct http_request request = {
		.url = task->url,
		.accept = accepted,
		.etag = fetch->dry ? "" : source->etag,
		.modified = fetch->dry ? "" : source->modified,
	};
	g_autoptr(HttpAnswer) answer = http_get(fetch->http, &request, error);

	if (!answer)
		return FALSE;
	*retry_us = answer->retry_us;
	return take_answer(fetch, task->data, source, answer, report, error);
}

gboolean
fetch_feed(const struct fetch *fetch, const struct config_feed *feed,
	   struct fetch_report *report, GError **error)
{
	const struct fetch_task task = { feed->name, feed->url, feed->every_us,
					 1,	     feed,	ask_feed };

	return fetch_task_run(fetch, &task, report, error);
}

/* Days that both have with the same number. */
static guint
days_known(const GArray *points, const GArray *before)
{
	guint known = 0;

	for (guint i = 0, j = 0; i < points->len && j < before->len;) {
		const struct store_point *a =
			&g_array_index(points, struct store_point, i);
		const struct store_point *b =
			&g_array_index(before, struct store_point, j);

		known += a->day_us == b->day_us && !(a->value < b->value) &&
			 !(a->value > b->value);
		i += a->day_us <= b->day_us;
		j += b->day_us <= a->day_us;
	}
	return known;
}

gboolean
fetch_metric(const struct fetch *fetch, const char *buyer,
	     const struct profile_priority *priority,
	     struct fetch_report *report, GError **error)
{
	const struct store_metric metric = { buyer, priority->id };
	g_autoptr(GArray) points = metric_read(priority->metric.file, error);
	g_autoptr(GArray) before = NULL;

	if (!points)
		return FALSE;
	before = fetch->store ? store_metric_list(fetch->store, &metric, error)
			      : g_array_new(FALSE, FALSE,
					    sizeof(struct store_point));
	if (!before)
		return FALSE;
	report->known = days_known(points, before);
	report->fresh = points->len - report->known;
	report->outcome = FETCH_UNCHANGED;
	if (report->fresh == 0 && before->len == points->len)
		return TRUE;
	report->outcome = FETCH_READ;
	return fetch->dry ||
	       store_metric_set(
		       fetch->store, &metric,
		       (const struct store_point *)(void *)points->data,
		       points->len, error);
}

gboolean
fetch_expire(const struct fetch *fetch, guint *n, GError **error)
{
	return store_item_expire(fetch->store,
				 fetch->now_us - fetch->config->fetch.keep_us,
				 n, error);
}
