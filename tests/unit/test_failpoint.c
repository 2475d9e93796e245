#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/failpoint.h"

static void
ask(const char *spec)
{
	g_autoptr(GError) error = NULL;

	failpoint_open(spec, &error);
	g_assert_no_error(error);
}

static void
test_off(void)
{
	ask(NULL);
	g_assert_false(failpoint_hit("before-parse"));
	ask("");
	g_assert_false(failpoint_hit("before-parse"));
}

static void
test_each_and_nth(void)
{
	ask("before-commit:error");
	g_assert_false(failpoint_hit("after-commit"));
	g_assert_true(failpoint_hit("before-commit"));
	g_assert_true(failpoint_hit("before-commit"));
	ask("before-commit:error:2");
	g_assert_false(failpoint_hit("before-commit"));
	g_assert_true(failpoint_hit("before-commit"));
	g_assert_false(failpoint_hit("before-commit"));
}

static void
test_pass(void)
{
	static const char *const steps[] = { "parse",	"score", "commit",
					     "delrcpt", "reply", "reload",
					     "release", "digest" };

	for (gsize i = 0; i < 2 * G_N_ELEMENTS(steps); i++) {
		g_autofree char *name = g_strdup_printf(
			"%s-%s", i % 2 ? "before" : "after", steps[i / 2]);
		g_autofree char *spec = g_strconcat(name, ":error:2", NULL);
		g_autoptr(GError) error = NULL;

		ask(spec);
		g_assert_true(failpoint_pass(name, &error));
		g_assert_false(failpoint_pass(name, &error));
		g_assert_error(error, BASE_ERROR, BASE_ERROR_IO);
		g_assert_nonnull(strstr(error->message, name));
	}
}

/* The count goes on in the next worker. */
static void
test_kill_once(void)
{
	static const int wanted[] = { 0, SIGKILL, 0 };

	ask("after-score:kill:2");
	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
		pid_t child = fork();
		int status;

		if (child == 0)
			_exit(failpoint_hit("after-score") ? 1 : 0);
		g_assert_cmpint(waitpid(child, &status, 0), ==, child);
		g_assert_cmpint(WIFSIGNALED(status) ? WTERMSIG(status) : 0, ==,
				wanted[i]);
	}
}

static void
test_delay(void)
{
	gint64 began = g_get_monotonic_time();

	ask("before-reload:delay=30");
	g_assert_false(failpoint_hit("before-reload"));
	g_assert_cmpint(g_get_monotonic_time() - began, >=, 30000);
}

static void
test_nonsense(void)
{
	static const char *const specs[] = {
		"before-lunch:error",	  "before-parse",
		"before-parse:eat",	  "before-parse:error:0",
		"before-parse:error:x",	  "before-reload:delay=",
		"before-reload:delay=-1", ":",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(specs); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(failpoint_open(specs[i], &error));
		g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
		g_assert_false(failpoint_hit("before-parse"));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/failpoint/nothing asked for", test_off);
	g_test_add_func("/failpoint/each time or the nth", test_each_and_nth);
	g_test_add_func("/failpoint/before and after every step", test_pass);
	g_test_add_func("/failpoint/kills one worker only", test_kill_once);
	g_test_add_func("/failpoint/delay", test_delay);
	g_test_add_func("/failpoint/specs that are none", test_nonsense);
	return g_test_run();
}
