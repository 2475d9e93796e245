/* Whether the week's scores are as they were. */
#include <math.h>

#include "base/clock.h"
#include "doctor_private.h"
#include "print_private.h"
#include "review/drift.h"
#include "store/store.h"

#define ROWS_MAX 20000 /* of each state; the newest */

static void
warn(struct doctor *doctor, const char *figure, const struct drift_figure *is)
{
	char value[16];
	char low[16];
	char high[16];

	if (is->out)
		doctor_report(doctor, FINDING_WARN, "drift",
			      "look at what comes, then train again or take "
			      "the last promotion back",
			      "%s was %s in the last week, and between %s and "
			      "%s before: mail or models have changed",
			      figure, print_share(is->value, value),
			      print_share(MAX(is->low, 0), low),
			      print_share(MIN(is->high, 1), high));
}

void
doctor_drift(struct doctor *doctor, struct store *store)
{
	const gint64 now_us = clock_now_us();
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(
		(GDestroyNotify)g_ptr_array_unref);
	struct drift drift;

	for (int state = STORE_DELIVERED; state <= STORE_EXPIRED; state++) {
		const struct store_query query = { .state = state,
						   .since_us =
							   now_us - DRIFT_US,
						   .limit = ROWS_MAX };
		GPtrArray *list = store_list(store, &query, NULL);

		if (!list)
			continue;
		g_ptr_array_add(lists, list);
		for (guint i = 0; i < list->len; i++)
			g_ptr_array_add(rows, list->pdata[i]);
	}
	drift_check(rows, NULL, now_us, &drift);
	warn(doctor, "the share of outreach", &drift.outreach);
	warn(doctor, "the mean relevance of outreach", &drift.relevance);
}
