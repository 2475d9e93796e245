#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../src/milter/door_private.h"

#define FILES 128

/* A socket by its name in the abstract; what it is bound to goes to `name`. */
static int
listener_new(struct sockaddr_storage *name, socklen_t *len)
{
	const struct sockaddr any = { .sa_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(bind(fd, &any, sizeof(sa_family_t)), ==, 0);
	g_assert_cmpint(listen(fd, 8), ==, 0);
	*len = sizeof(*name);
	g_assert_cmpint(getsockname(fd, (struct sockaddr *)name, len), ==, 0);
	return fd;
}

static gboolean
is_called(int listener)
{
	struct pollfd fd = { .fd = listener, .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

/* Until none is left; how many. */
static guint
take_files(int *taken)
{
	guint n = 0;

	while (n < FILES && (taken[n] = dup(STDIN_FILENO)) >= 0)
		n++;
	return n;
}

static void
give_back(const int *taken, guint n)
{
	for (guint i = 0; i < n; i++)
		close(taken[i]);
}

static void
test_files(void)
{
	struct rlimit before, few;
	struct sockaddr_storage name;
	socklen_t len;
	int taken[FILES];
	struct door door;
	const int listener = listener_new(&name, &len);
	const int caller = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	guint n;

	getrlimit(RLIMIT_NOFILE, &before);
	few = before;
	few.rlim_cur = FILES;
	setrlimit(RLIMIT_NOFILE, &few);
	door_init(&door, listener);
	g_assert_false(door_watch(&door));
	n = take_files(taken);
	g_assert_cmpuint(n, <, FILES);
	g_assert_true(door_watch(&door));
	g_assert_true(door.shut);
	g_assert_cmpint(connect(caller, (const struct sockaddr *)&name, len),
			==, 0);
	g_assert_false(is_called(listener));
	/* A few are not enough to open again: it would go to and fro. */
	give_back(taken + n - 20, 20);
	g_assert_false(door_watch(&door));
	g_assert_true(door.shut);
	give_back(taken, n - 20);
	g_assert_true(door_watch(&door));
	g_assert_false(door.shut);
	g_assert_true(is_called(listener));
	setrlimit(RLIMIT_NOFILE, &before);
	close(caller);
	close(listener);
}

static void
test_shut(void)
{
	struct sockaddr_storage name;
	socklen_t len;
	struct door door;
	const int listener = listener_new(&name, &len);
	const int caller = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	door_init(&door, listener);
	door_shut(&door);
	g_assert_cmpint(connect(caller, (const struct sockaddr *)&name, len),
			==, 0);
	g_assert_false(is_called(listener));
	g_assert_true(is_called(door.mtas));
	close(caller);
	close(listener);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/door/shut, who calls waits", test_shut);
	g_test_add_func("/door/without files it shuts, with some it opens",
			test_files);
	return g_test_run();
}
