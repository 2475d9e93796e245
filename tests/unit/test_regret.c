/* Which held mail to look at first. */
#include <glib.h>

#include "../../src/cli/regret_private.h"

/* From the most regretted on. */
static void
test_order(void)
{
	static const struct {
		const char *what;
		double outreach, relevance;
		enum store_state state;
	} order[] = {
		{ "held for the day's attention", 0.9, 0.9, STORE_HELD },
		{ "let in, of no use", 0.99, 0.02, STORE_DELIVERED },
		{ "held by a ruling, and relevant", 0.95, 0.6, STORE_HELD },
		{ "just under the tag", 0.95, 0.34, STORE_HELD },
		{ "let in, hardly of use", 0.9, 0.3, STORE_DELIVERED },
		{ "barely outreach", 0.82, 0.1, STORE_HELD },
		{ "rightly held", 0.99, 0.02, STORE_HELD },
		{ "rightly let in", 0.95, 0.95, STORE_DELIVERED },
		{ "without scores", -1, -1, STORE_HELD },
	};
	double before = 1;

	for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
		const struct store_message message = {
			.outreach = order[i].outreach,
			.relevance = order[i].relevance,
			.state = order[i].state,
		};
		const double regret = regret_of(&message, 0.35);

		g_test_message("%s: %g", order[i].what, regret);
		g_assert_cmpfloat(regret, <, before);
		before = regret;
	}
}

/* A buyer who asks for more regrets less. */
static void
test_tag(void)
{
	const struct store_message message = { .outreach = 0.95,
					       .relevance = 0.3,
					       .state = STORE_HELD };

	g_assert_cmpfloat(regret_of(&message, 0.5), <,
			  regret_of(&message, 0.35));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/regret/order", test_order);
	g_test_add_func("/regret/tag", test_tag);
	return g_test_run();
}
