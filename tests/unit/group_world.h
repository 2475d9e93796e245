/* A buying group of four whose conflicts, orphans and missing links are known,
 * and the mail that vendors wrote to them. */
#ifndef TESTS_GROUP_WORLD_H
#define TESTS_GROUP_WORLD_H

#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "market/group.h"

/* 2026-11-22 */
#define NOW (G_GINT64_CONSTANT(1795305600) * CLOCK_SECOND_US)

/* In each text that others may not see there is one word to look for. */
static const char *const world_profiles[][2] = {
	{ "priya", "buyer: {name: Priya Raman, addresses: [p@m.example]}\n"
		   "priorities:\n"
		   "- {id: edr, name: Endpoint detection and response, about: "
		   "We were hit in abouthidden, weight: 0.9, horizon: "
		   "2027-01-31, metric: {name: metricpriya, current: 4711, "
		   "target: 4}}\n"
		   "- {id: spend, name: Cloud cost control, weight: 0.2, "
		   "keywords: [keyhidden]}\n" },
	{ "dan", "buyer: {name: Dan Okafor, addresses: [d@m.example]}\n"
		 "priorities:\n"
		 "- {id: desktops, name: Replace the antivirus, weight: 0.3, "
		 "horizon: 2027-08-31, metric: {name: metricdan, current: "
		 "4712, target: 4}}\n"
		 "- {id: awareness, name: Awareness training, weight: 0.8}\n"
		 "- {id: printers, name: Printer renewal donehidden, stage: "
		 "done}\n" },
	{ "sam", "buyer: {name: Sam Lee, addresses: [s@m.example]}\n"
		 "priorities:\n"
		 "- {id: saas, name: Cost control in the cloud, weight: 0.8, "
		 "metric: {name: metricsam, current: 4713, target: 4}}\n"
		 "not_interested:\n"
		 "- Endpoint detection\n"
		 "- {name: Awareness training, until: 2026-01-31}\n" },
	{ "ana", "buyer: {name: Ana Costa, addresses: [a@m.example]}\n"
		 "priorities:\n"
		 "- {id: segments, name: Network segmentation anapriority, "
		 "weight: 0.7, metric: {name: metricana, current: 4714, "
		 "target: 4}}\n"
		 "not_interested: [Awareness training anarefusal]\n" },
};

#define WORLD_GROUP                                                            \
	"version: 1\n"                                                         \
	"group: {name: Endpoints, front_door: door@m.example}\n"               \
	"decision: {what: Replace it, by: 2027-03-31}\n"                       \
	"members:\n"                                                           \
	"- {profile: priya, influence: {now: 0.9, wished: 0.6}, veto: yes, "   \
	"share: [%s]}\n"                                                       \
	"- {profile: dan, influence: {now: 0.4, wished: 0.7}, share: [%s]}\n"  \
	"- {profile: sam, influence: {now: 0.6}, share: [%s]}\n"               \
	"- {profile: ana, influence: {now: 0.2}, share: [%s]}\n"               \
	"topics:\n"                                                            \
	"- {id: edr, name: Endpoint detection, owner: priya, priorities: "     \
	"[priya/edr, dan/desktops]}\n"                                         \
	"- {id: people, name: People, owner: sam, priorities: "                \
	"[dan/awareness]}\n"                                                   \
	"talks: [[priya, dan], [priya, ana]]\n"

#define WORLD_ALL "priorities, refusals, vendors, metrics"

struct world {
	GPtrArray *profiles;
	struct group *group;
	char *folder; /* NULL without a store */
	struct store *store;
	struct vendor_book *book;
};

static GPtrArray *
world_profiles_read(void)
{
	GPtrArray *profiles =
		g_ptr_array_new_with_free_func((GDestroyNotify)profile_free);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(world_profiles); i++) {
		g_autofree char *path =
			g_strconcat(world_profiles[i][0], ".yaml", NULL);
		g_autofree char *text =
			g_strconcat("version: 1\n", world_profiles[i][1], NULL);

		g_ptr_array_add(profiles, profile_parse(path, text,
							strlen(text), faults));
	}
	faults_report(faults, &error);
	g_assert_no_error(error);
	return profiles;
}

static struct group *
world_group_read(const char *text)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	struct group *group =
		group_parse("team.yaml", text, strlen(text), faults);

	faults_report(faults, &error);
	g_assert_no_error(error);
	return group;
}

/* What each shares, in the order of the members. */
static void
world_begin(struct world *world, const char *const shares[4])
{
	g_autofree char *text = g_strdup_printf(
		WORLD_GROUP, shares[0], shares[1], shares[2], shares[3]);

	*world = (struct world){ .profiles = world_profiles_read(),
				 .group = world_group_read(text) };
}

static inline void
world_receive(struct store *store, const char *buyer, const char *vendor,
	      gint64 time_us)
{
	static guint n;
	g_autoptr(StoreMessage) message = kit_message(buyer, ++n);
	g_autoptr(GBytes) bytes = kit_bytes(300, n);
	g_autoptr(GError) error = NULL;

	kit_set(&message->vendor, vendor);
	message->time_us = time_us;
	store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
}

static inline void
world_open(struct world *world)
{
	g_autoptr(GError) error = NULL;

	world->folder = kit_quick_folder();
	world->store = kit_open(world->folder);
	world->book = vendor_book_load(world->store, &error);
	g_assert_no_error(error);
}

static inline struct group_view *
world_view(const struct world *world, const char *reader)
{
	const struct group_request request = {
		.store = world->store,
		.book = world->book,
		.group = world->group,
		.profiles = world->profiles,
		.reader = reader,
		.since_us = NOW - 90 * CLOCK_DAY_US,
		.now_us = NOW,
	};
	g_autoptr(GError) error = NULL;
	struct group_view *view = group_view_new(&request, &error);

	g_assert_no_error(error);
	return view;
}

static void
world_end(struct world *world)
{
	g_clear_pointer(&world->book, vendor_book_free);
	g_clear_pointer(&world->store, store_close);
	if (world->folder)
		kit_remove(world->folder);
	group_free(world->group);
	g_ptr_array_unref(world->profiles);
}

#endif
