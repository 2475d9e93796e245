/* What a terminal shows while a command takes long. */
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../src/cli/waiting_private.h"

/* Standard error is a new terminal; its other end. */
static int
terminal_begin(int *saved)
{
	const int other = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	int own;

	g_assert_cmpint(other, >=, 0);
	g_assert_cmpint(grantpt(other), ==, 0);
	g_assert_cmpint(unlockpt(other), ==, 0);
	own = open(ptsname(other), O_RDWR | O_NOCTTY | O_CLOEXEC);
	g_assert_cmpint(own, >=, 0);
	*saved = dup(STDERR_FILENO);
	g_assert_cmpint(dup2(own, STDERR_FILENO), >=, 0);
	close(own);
	return other;
}

/* What was written there, the caller's. */
static char *
terminal_end(int other, int saved)
{
	GString *shown = g_string_new(NULL);
	struct pollfd poller = { other, POLLIN, 0 };
	char buffer[256];
	ssize_t n;

	while (poll(&poller, 1, 200) > 0 && poller.revents & POLLIN &&
	       (n = read(other, buffer, sizeof(buffer))) > 0)
		g_string_append_len(shown, buffer, n);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(other);
	return g_string_free(shown, FALSE);
}

static void
it_shows(gulong us, const char *wanted)
{
	int saved;
	const int other = terminal_begin(&saved);
	struct waiting *waiting = waiting_begin("checking");
	g_autofree char *shown = NULL;

	g_usleep(us);
	waiting_end(waiting);
	shown = terminal_end(other, saved);
	g_assert_cmpstr(shown, ==, wanted);
}

static void
a_long_one_is_told(void)
{
	it_shows(1500000, "\rchecking: 1 s\r\033[K");
}

static void
a_short_one_is_not(void)
{
	it_shows(1000, "");
}

static void
a_file_gets_none(void)
{
	const int saved = dup(STDERR_FILENO);
	const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct waiting *waiting;

	dup2(nothing, STDERR_FILENO);
	close(nothing);
	waiting = waiting_begin("checking");
	dup2(saved, STDERR_FILENO);
	close(saved);
	g_assert_null(waiting);
	waiting_end(waiting);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/waiting/a long one is told", a_long_one_is_told);
	g_test_add_func("/waiting/a short one is not", a_short_one_is_not);
	g_test_add_func("/waiting/a file gets none", a_file_gets_none);
	return g_test_run();
}
