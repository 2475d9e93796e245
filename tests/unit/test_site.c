/* What all sessions of a worker share, as it is when the first mail comes. */
#include <glib.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "milter/site.h"

static const char profile_text[] =
	"version: 1\n"
	"buyer: {name: Priya, role: CISO, addresses: [priya@buyer.example]}\n"
	"priorities: [{id: edr, name: Endpoint detection}]\n"
	"attention: {per_day: 3}\n";

/* The day's attention was spent before this worker was born. */
static void
spend(const char *folder)
{
	struct store *store = kit_open(folder);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 3; i++) {
		g_autoptr(StoreMessage) row = kit_message("priya", i);

		kit_set(&row->verdict, "deliver");
		row->outreach = row->relevance = 0.95;
		row->state = STORE_DELIVERED;
		store_note(store, row);
	}
	store_flush(store, kit_soon(), &error);
	g_assert_no_error(error);
	store_close(store);
}

static struct snapshot *
snapshot_of(const char *folder, struct profile *profile)
{
	struct snapshot *snapshot = g_new0(struct snapshot, 1);
	struct buyer *buyer = g_new0(struct buyer, 1);

	buyer->profile = profile;
	snapshot->refs = 2; /* the site's, and ours for good */
	snapshot->config = config_default();
	snapshot->config->mode = MODE_ENFORCE;
	g_free(snapshot->config->store);
	snapshot->config->store = kit_url(folder);
	snapshot->buyers = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(snapshot->buyers, buyer);
	return snapshot;
}

static void
snapshot_drop(struct snapshot *snapshot)
{
	config_free(snapshot->config);
	g_ptr_array_unref(snapshot->buyers);
	g_free(snapshot);
}

static void
test_first_mail(void)
{
	char *folder = kit_quick_folder();
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile = profile_parse(
		"priya.yaml", profile_text, strlen(profile_text), faults);
	struct snapshot *snapshot = snapshot_of(folder, profile);
	const struct spending_question question = {
		.profile = profile,
		.digest = 1,
		.relevance = 0.9,
		.now_us = clock_now_us(),
		.store_works = TRUE,
	};
	struct attention_answer answer = { .admit = TRUE };
	struct site *site;

	spend(folder);
	site = site_new(snapshot, NULL, key_new_random(), NULL, counters_new());
	spending_ask(site->spending, &question, &answer);
	g_assert_false(answer.admit);
	g_assert_cmpuint(answer.day_left, ==, 0);
	site_free(site);
	snapshot_drop(snapshot);
	kit_remove(folder);
}

/* A store that is away: the filter serves all the same, and soon. */
static void
test_away(void)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile = profile_parse(
		"priya.yaml", profile_text, strlen(profile_text), faults);
	struct snapshot *snapshot = snapshot_of("/nowhere", profile);
	const gint64 began_us = clock_monotonic_us();
	struct site *site = site_new(snapshot, NULL, key_new_random(), NULL,
				     counters_new());

	g_assert_cmpint(clock_monotonic_us() - began_us, <,
			2 * CLOCK_SECOND_US);
	site_free(site);
	snapshot_drop(snapshot);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/site/the first mail finds the day spent",
			test_first_mail);
	g_test_add_func("/site/a store that is away", test_away);
	return g_test_run();
}
