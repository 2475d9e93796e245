/* Of whom stats and doctor say that the week is not as it was. */
#include <math.h>
#include <string.h>

#include "../../src/cli/drifts_private.h"
#include "../lib/store_kit.h"
#include "base/clock.h"

#define EACH 40 /* mails a week */

/* Of each week's mails for the buyer a share that is outreach. */
static void
note_weeks(struct store *store, const char *buyer, guint weeks, guint now,
	   guint before)
{
	static guint n;

	for (guint week = 0; week < weeks; week++)
		for (guint k = 0; k < EACH; k++) {
			g_autoptr(StoreMessage) row = kit_message(buyer, ++n);
			const gboolean sells = k < (week ? before : now);

			row->state = STORE_DELIVERED;
			row->time_us -= (week * 7 + 1) * CLOCK_DAY_US;
			row->outreach = sells ? 0.9 : 0.1;
			row->relevance = 0.2;
			store_note(store, row);
		}
	KIT_DO(store_flush(store, kit_soon(), &error));
}

static GPtrArray *
find(struct store *store)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *drifts = drifts_find(store, NULL, clock_now_us(), &error);

	g_assert_no_error(error);
	g_assert_nonnull(drifts);
	return drifts;
}

static void
test_empty(void)
{
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) drifts = find(store);
	const struct drifts_entry *all = drifts->pdata[0];
	json_t *json = drifts_json(all);

	g_assert_cmpuint(drifts->len, ==, 1);
	g_assert_null(all->buyer);
	g_assert_cmpuint(all->drift.n, ==, 0);
	g_assert_false(drifts_is_out(all));
	g_assert_true(json_is_null(json_object_get(json, "buyer")));
	g_assert_true(json_is_null(
		json_object_get(json_object_get(json, "outreach"), "value")));
	json_decref(json);
	store_close(store);
	kit_remove(folder);
}

/* One buyer's flood of pitches is lost among four who get what they got. */
static void
test_buyers(void)
{
	static const char *const quiet[] = { "ann", "bo", "tess", "zoe" };
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GPtrArray) drifts = NULL;
	const struct drifts_entry *all, *priya;
	g_autofree char *text = NULL;
	json_t *json;

	for (gsize i = 0; i < G_N_ELEMENTS(quiet); i++)
		note_weeks(store, quiet[i], 4, 20, 20);
	note_weeks(store, "priya", 4, 36, 16);
	note_weeks(store, "new", 1, 40, 40);
	drifts = find(store);
	g_assert_cmpuint(drifts->len, ==, 2);
	all = drifts->pdata[0];
	priya = drifts->pdata[1];
	g_assert_null(all->buyer);
	g_assert_cmpuint(all->drift.n, ==, 6 * EACH);
	g_assert_cmpstr(priya->buyer, ==, "priya");
	g_assert_cmpuint(priya->drift.n, ==, EACH);
	g_assert_true(priya->drift.outreach.out);
	g_assert_false(priya->drift.relevance.out);
	text = drifts_text(&priya->drift.outreach);
	g_assert_true(g_str_has_prefix(text, "0.90 in the last week, and "));
	json = drifts_json(priya);
	g_assert_cmpstr(json_string_value(json_object_get(json, "buyer")), ==,
			"priya");
	g_assert_true(json_is_true(
		json_object_get(json_object_get(json, "outreach"), "out")));
	g_assert_true(json_is_false(
		json_object_get(json_object_get(json, "relevance"), "out")));
	json_decref(json);
	store_close(store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/drifts/a store of nothing", test_empty);
	g_test_add_func("/drifts/a buyer apart", test_buyers);
	return g_test_run();
}
