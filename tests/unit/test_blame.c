#include <glib.h>

#include "milter/blame.h"

static void
test_suspects(void)
{
	struct blame *blame = blame_new();
	guint one = blame_enter(blame, 1);

	blame_enter(blame, 2);
	blame_enter(blame, 0);
	g_assert_false(blame_known(blame, 2));
	blame_leave(blame, one);
	g_assert_cmpuint(blame_collect(blame), ==, 2);
	g_assert_true(blame_known(blame, 2));
	g_assert_true(blame_known(blame, 0));
	g_assert_cmpuint(blame_collect(blame), ==, 0);
	g_assert_true(blame_known(blame, 2));
}

static void
test_innocent(void)
{
	struct blame *blame = blame_new();

	blame_leave(blame, blame_enter(blame, 7));
	g_assert_cmpuint(blame_collect(blame), ==, 0);
	g_assert_false(blame_known(blame, 7));
}

static void
test_crowd(void)
{
	struct blame *blame = blame_new();
	guint last = 0;

	for (guint i = 1; i <= 257; i++)
		last = blame_enter(blame, i);
	g_assert_cmpuint(last, ==, G_MAXUINT);
	blame_leave(blame, last);
	g_assert_cmpuint(blame_collect(blame), ==, 256);
	/* The oldest suspects make way for the newest. */
	g_assert_false(blame_known(blame, 1));
	g_assert_true(blame_known(blame, 256));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/blame/who was being read", test_suspects);
	g_test_add_func("/blame/who was done", test_innocent);
	g_test_add_func("/blame/more than there are places", test_crowd);
	return g_test_run();
}
