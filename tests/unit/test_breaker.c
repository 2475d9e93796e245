#include "../../src/store/breaker_private.h"

static void
the_breaker_doubles_its_pause(void)
{
	static const struct {
		gint64 now;
		gboolean allows;
		gboolean fails;
	} steps[] = {
		{ 0, TRUE, TRUE },     { 99, FALSE, TRUE },
		{ 100, TRUE, TRUE },   { 299, FALSE, FALSE },
		{ 300, TRUE, TRUE },   { 699, FALSE, TRUE },
		{ 700, TRUE, TRUE },   { 1199, FALSE, FALSE },
		{ 1200, TRUE, TRUE },  { 1699, FALSE, FALSE },
		{ 1700, TRUE, FALSE },
	};
	struct breaker breaker;

	breaker_init(&breaker, 100, 500);
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_test_message("at %d", (int)steps[i].now);
		g_assert_cmpint(breaker_allows(&breaker, steps[i].now), ==,
				steps[i].allows);
		if (steps[i].fails)
			breaker_fail(&breaker, steps[i].now);
	}
	breaker_succeed(&breaker);
	breaker_fail(&breaker, 2000);
	g_assert_false(breaker_allows(&breaker, 2099));
	g_assert_true(breaker_allows(&breaker, 2100));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/breaker/doubles its pause",
			the_breaker_doubles_its_pause);
	return g_test_run();
}
