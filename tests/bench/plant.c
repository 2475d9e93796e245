/* plant URL BUYER N CAMPAIGNS: held messages for the bench of the pages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"

#define BATCH 250

static void
dress(struct store_message *message, const char *buyer, guint n,
      char (*campaigns)[ID_LEN + 1], guint n_campaigns)
{
	char *campaign = campaigns[n % n_campaigns];
	g_autofree char *vendor =
		g_strdup_printf("v%u.example", n % n_campaigns % 997);

	if (campaign[0] == '\0')
		memcpy(campaign, message->id, ID_LEN + 1);
	kit_set(&message->buyer, buyer);
	kit_set(&message->vendor, vendor);
	kit_set(&message->campaign, campaign);
	kit_set(&message->priority, n % 3 ? "edr" : "tprm");
	message->outreach = 0.5 + (n * 7919 % 10007) / 20014.0;
	message->relevance = (n * 104729 % 10007) / 10007.0;
	message->time_us = clock_now_us() - (gint64)(n % 28) * CLOCK_DAY_US - n;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = argc == 5 ? store_open(argv[1], &error) : NULL;
	const guint n = store ? (guint)g_ascii_strtoull(argv[3], NULL, 10) : 0;
	const guint groups =
		store ? (guint)g_ascii_strtoull(argv[4], NULL, 10) : 0;
	char(*campaigns)[ID_LEN + 1] =
		g_malloc0(((gsize)groups + 1) * (ID_LEN + 1));

	if (!store || groups == 0) {
		fprintf(stderr, "plant: %s\n",
			error ? error->message : "URL BUYER N CAMPAIGNS");
		return EXIT_FAILURE;
	}
	for (guint first = 0; first < n; first += BATCH) {
		struct store_message *messages[BATCH];
		const guint count = MIN(BATCH, n - first);
		g_autoptr(GBytes) bytes = kit_bytes(100, first);

		for (guint i = 0; i < count; i++) {
			messages[i] = kit_message("x", first + i);
			dress(messages[i], argv[2], first + i, campaigns,
			      groups);
		}
		store_hold(store, messages, count, bytes,
			   clock_monotonic_us() + 60 * CLOCK_SECOND_US, NULL,
			   &error);
		g_assert_no_error(error);
		for (guint i = 0; i < count; i++)
			store_message_free(messages[i]);
	}
	g_free(campaigns);
	return EXIT_SUCCESS;
}
