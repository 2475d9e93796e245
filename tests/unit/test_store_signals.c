/* The conformance suite: items, sources and metrics. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/signals.h"

#define NOW (G_GINT64_CONSTANT(1800000000) * CLOCK_SECOND_US)

static struct store_item
item_of(const char *source, const char *guid, const char *title, gint64 time_us)
{
	static char text[] = "Ce que l'\xc3\x89t\xc3\xa9 co\xc3\xbbte";
	static char link[] = "https://news.example/1";

	return (struct store_item){ .source = (char *)(gsize)source,
				    .guid = (char *)(gsize)guid,
				    .title = (char *)(gsize)title,
				    .link = link,
				    .text = text,
				    .time_us = time_us,
				    .seen_us = NOW };
}

static void
add(struct store *store, const char *source, const char *guid,
    const char *title, gint64 time_us)
{
	struct store_item item = item_of(source, guid, title, time_us);
	struct store_item *items[] = { &item };

	KIT_DO(store_item_add(store, items, 1, NULL, &error));
}

static char *
guids(struct store *store, const struct store_item_query *query)
{
	g_autoptr(GPtrArray) rows = NULL;
	GString *text = g_string_new(NULL);

	KIT_DO((rows = store_item_list(store, query, &error)));
	for (guint i = 0; i < rows->len; i++) {
		const struct store_item *item = rows->pdata[i];

		g_string_append_printf(text, "%s/%s ", item->source,
				       item->guid);
	}
	return g_string_free(text, FALSE);
}

#define ASSERT_LISTED(store, wanted, ...)                                      \
	do {                                                                   \
		const struct store_item_query query = { __VA_ARGS__ };         \
		g_autofree char *got = guids(store, &query);                   \
                                                                               \
		g_assert_cmpstr(got, ==, wanted);                              \
	} while (0)

static void
items_are_kept_once(struct store *store)
{
	struct store_item one = item_of("news", "g1", "One", NOW - 1);
	struct store_item again = item_of("news", "g1", "Changed", NOW);
	struct store_item two = item_of("news", "g2", "Two", 0);
	struct store_item *items[] = { &one, &again, &two };
	g_autoptr(StoreItem) found = NULL;
	guint fresh = 9;

	KIT_DO(store_item_add(store, items, 3, NULL, &error));
	KIT_DO(store_item_add(store, items, 3, &fresh, &error));
	g_assert_cmpuint(fresh, ==, 0);
	KIT_DO((found = store_item_find(store, one.id, &error)));
	g_assert_cmpstr(found->source, ==, "news");
	g_assert_cmpstr(found->guid, ==, "g1");
	g_assert_cmpstr(found->title, ==, "One");
	g_assert_cmpstr(found->link, ==, one.link);
	g_assert_cmpstr(found->text, ==, one.text);
	g_assert_cmpint(found->time_us, ==, NOW - 1);
	g_assert_cmpint(found->seen_us, ==, NOW);
	g_assert_cmpint(two.time_us, ==, NOW);
	KIT_REFUSE(store_item_find(store, again.id, &error),
		   STORE_ERROR_NOT_FOUND);
}

static void
fresh_ones_are_counted(struct store *store)
{
	struct store_item one = item_of("news", "g1", "One", NOW);
	struct store_item two = item_of("other", "g1", "Two", NOW);
	struct store_item *items[] = { &one, &two };
	g_autoptr(GError) failure = NULL;
	guint fresh = 9;

	/* After a lost answer they are there. */
	if (store_item_add(store, items, 2, &fresh, &failure))
		g_assert_cmpuint(fresh, ==, 2);
	else
		KIT_DO(store_item_add(store, items, 2, &fresh, &error));
	KIT_DO(store_item_add(store, items, 0, &fresh, &error));
	g_assert_cmpuint(fresh, ==, 0);
}

static void
items_are_listed(struct store *store)
{
	add(store, "news", "g1", "Imaging archive", NOW - 3);
	add(store, "news", "g2", "Backup", NOW - 1);
	add(store, "press", "g1", "Imaging again", NOW - 2);
	ASSERT_LISTED(store, "news/g2 press/g1 news/g1 ", .limit = 0);
	ASSERT_LISTED(store, "news/g2 news/g1 ", .source = "news");
	ASSERT_LISTED(store, "news/g2 ", .limit = 1);
	ASSERT_LISTED(store, "press/g1 ", .since_us = NOW - 2,
		      .until_us = NOW - 1);
	ASSERT_LISTED(store, "press/g1 news/g1 ", .text = "IMAGING");
	ASSERT_LISTED(store, "news/g2 news/g1 ", .source = "news",
		      .text = "l'\xc3\xa9T\xc3\x89");
	ASSERT_LISTED(store, "", .text = "%");
}

static void
old_items_are_forgotten(struct store *store)
{
	struct store_item old = item_of("news", "old", "Old", NOW - 1);
	struct store_item *items[] = { &old };

	old.seen_us = NOW - 10;
	KIT_DO(store_item_add(store, items, 1, NULL, &error));
	add(store, "news", "new", "New", NOW);
	KIT_DO(store_item_expire(store, NOW - 10, NULL, &error));
	ASSERT_LISTED(store, "news/new news/old ", .limit = 0);
	KIT_DO(store_item_expire(store, NOW - 9, NULL, &error));
	ASSERT_LISTED(store, "news/new ", .limit = 0);
}

static void
sources_are_kept(struct store *store)
{
	static char name[] = "news", url[] = "https://a.example/";
	static char etag[] = "\"x\"", modified[] = "today", why[] = "no";
	struct store_source source = { .name = name,
				       .url = url,
				       .etag = etag,
				       .modified = modified,
				       .due_us = NOW + 5,
				       .time_us = NOW,
				       .success_us = NOW - 5,
				       .failures = 3,
				       .error = why };
	g_autoptr(StoreSource) found = NULL;
	g_autoptr(GPtrArray) all = NULL;

	KIT_REFUSE(store_source_find(store, "news", &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_DO(store_source_set(store, &source, &error));
	source.failures = 4;
	KIT_DO(store_source_set(store, &source, &error));
	KIT_DO((found = store_source_find(store, "news", &error)));
	g_assert_cmpstr(found->url, ==, url);
	g_assert_cmpstr(found->etag, ==, etag);
	g_assert_cmpstr(found->modified, ==, modified);
	g_assert_cmpint(found->due_us, ==, NOW + 5);
	g_assert_cmpint(found->time_us, ==, NOW);
	g_assert_cmpint(found->success_us, ==, NOW - 5);
	g_assert_cmpuint(found->failures, ==, 4);
	g_assert_cmpstr(found->error, ==, "no");
	KIT_DO((all = store_source_list(store, &error)));
	g_assert_cmpuint(all->len, ==, 1);
}

static void
assert_points(struct store *store, const char *buyer, const char *wanted)
{
	const struct store_metric metric = { buyer, "edr" };
	g_autoptr(GArray) points = NULL;
	g_autoptr(GString) text = g_string_new(NULL);

	KIT_DO((points = store_metric_list(store, &metric, &error)));
	for (guint i = 0; i < points->len; i++) {
		const struct store_point *point =
			&g_array_index(points, struct store_point, i);

		g_string_append_printf(
			text, "%d=%g ",
			(int)((point->day_us - NOW) / CLOCK_DAY_US),
			point->value);
	}
	g_assert_cmpstr(text->str, ==, wanted);
}

static void
metrics_are_replaced(struct store *store)
{
	const struct store_metric priya = { "priya", "edr" };
	const struct store_metric sam = { "sam", "edr" };
	const struct store_point points[] = { { NOW + CLOCK_DAY_US, 2.5 },
					      { NOW, -1 },
					      { NOW + 2 * CLOCK_DAY_US, 7 } };

	KIT_DO(store_metric_set(store, &priya, points, 2, &error));
	KIT_DO(store_metric_set(store, &sam, points, 1, &error));
	assert_points(store, "priya", "0=-1 1=2.5 ");
	KIT_DO(store_metric_set(store, &priya, points + 1, 2, &error));
	assert_points(store, "priya", "0=-1 2=7 ");
	KIT_DO(store_metric_set(store, &priya, points, 0, &error));
	assert_points(store, "priya", "");
	assert_points(store, "sam", "1=2.5 ");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("items-once", items_are_kept_once);
	kit_scenario("items-fresh", fresh_ones_are_counted);
	kit_scenario("items-listed", items_are_listed);
	kit_scenario("items-expire", old_items_are_forgotten);
	kit_scenario("sources", sources_are_kept);
	kit_scenario("metrics", metrics_are_replaced);
	return g_test_run();
}
