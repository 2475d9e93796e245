#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "milter/listener.h"

struct fixture {
	char *folder;
	char *path;
	struct config config;
};

static void
setup(struct fixture *f, gconstpointer data)
{
	(void)data;
	memset(&f->config, 0, sizeof(f->config));
	f->folder = g_dir_make_tmp("pitchward-listener-XXXXXX", NULL);
	f->path = g_build_filename(f->folder, "s", NULL);
	f->config.socket = g_strconcat("unix:", f->path, NULL);
	f->config.socket_mode = 0660;
	f->config.backlog = 16;
}

static void
teardown(struct fixture *f, gconstpointer data)
{
	(void)data;
	g_unlink(f->path);
	g_rmdir(f->folder);
	g_free(f->path);
	g_free(f->folder);
	g_free(f->config.socket);
}

static gboolean
connects(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	gboolean ok;

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	ok = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return ok;
}

static void
test_mode(struct fixture *f, gconstpointer data)
{
	static const guint modes[] = { 0600, 0660, 0666 };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_autoptr(GError) error = NULL;
		g_auto(Listener) listener = { .fd = -1 };
		mode_t mask = umask(022);
		struct stat info;

		f->config.socket_mode = modes[i];
		listener_open(&f->config, &listener, &error);
		g_assert_no_error(error);
		g_assert_cmpuint(umask(mask), ==, 022);
		g_assert_cmpint(stat(f->path, &info), ==, 0);
		g_assert_cmpuint(info.st_mode & 0777, ==, modes[i]);
		g_assert_true(connects(f->path));
	}
}

static void
test_closed_is_gone(struct fixture *f, gconstpointer data)
{
	struct listener listener;

	(void)data;
	g_assert_true(listener_open(&f->config, &listener, NULL));
	listener_close(&listener);
	g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
}

static void
test_second_instance(struct fixture *f, gconstpointer data)
{
	g_auto(Listener) first = { .fd = -1 };
	g_auto(Listener) second = { .fd = -1 };
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_true(listener_open(&f->config, &first, NULL));
	g_assert_false(listener_open(&f->config, &second, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_BUSY);
	g_assert_nonnull(strstr(error->message, f->path));
	g_assert_true(connects(f->path));
}

static void
test_stale_socket(struct fixture *f, gconstpointer data)
{
	struct listener dead;
	g_auto(Listener) listener = { .fd = -1 };
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_true(listener_open(&f->config, &dead, NULL));
	close(dead.fd);
	g_free(dead.path);
	listener_open(&f->config, &listener, &error);
	g_assert_no_error(error);
	g_assert_true(connects(f->path));
}

/* Somebody else's socket under our name is not ours to remove. */
static void
test_not_ours_any_more(struct fixture *f, gconstpointer data)
{
	struct listener old;
	struct listener new;

	(void)data;
	g_assert_true(listener_open(&f->config, &old, NULL));
	g_assert_cmpint(g_unlink(f->path), ==, 0);
	g_assert_true(listener_open(&f->config, &new, NULL));
	listener_close(&old);
	g_assert_true(connects(f->path));
	listener_close(&new);
}

static void
test_not_a_socket(struct fixture *f, gconstpointer data)
{
	g_auto(Listener) listener = { .fd = -1 };
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_true(g_file_set_contents(f->path, "mine", -1, NULL));
	g_assert_false(listener_open(&f->config, &listener, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_BUSY);
	g_assert_true(g_file_test(f->path, G_FILE_TEST_IS_REGULAR));
}

static void
test_faults(struct fixture *f, gconstpointer data)
{
	g_autofree char *deep = g_strnfill(200, 'x');
	g_autofree char *deep_path = g_strconcat("unix:/tmp/", deep, NULL);
	const struct {
		const char *socket;
		const char *group;
		enum base_error code;
	} rows[] = {
		{ "unix:/nonexistent/folder/s", NULL, BASE_ERROR_NOT_FOUND },
		{ deep_path, NULL, BASE_ERROR_INVALID },
		{ "unix:", NULL, BASE_ERROR_INVALID },
		{ f->config.socket, "no-such-group", BASE_ERROR_INVALID },
		{ "inet:nonsense@127.0.0.1", NULL, BASE_ERROR_INVALID },
		{ "inet:10999@192.0.2.1", NULL, BASE_ERROR_IO },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct config config = f->config;
		g_auto(Listener) listener = { .fd = -1 };
		g_autoptr(GError) error = NULL;

		config.socket = g_strdup(rows[i].socket);
		config.socket_group = g_strdup(rows[i].group);
		g_assert_false(listener_open(&config, &listener, &error));
		g_assert_error(error, BASE_ERROR, (int)rows[i].code);
		g_assert_cmpint(listener.fd, ==, -1);
		g_free(config.socket);
		g_free(config.socket_group);
	}
}

static void
test_inet(struct fixture *f, gconstpointer data)
{
	struct config config = f->config;
	g_auto(Listener) first = { .fd = -1 };
	g_auto(Listener) second = { .fd = -1 };
	g_autoptr(GError) error = NULL;
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	guint16 port;

	(void)data;
	config.socket = g_strdup("inet:0");
	listener_open(&config, &first, &error);
	g_assert_no_error(error);
	getsockname(first.fd, (struct sockaddr *)&address, &size);
	memcpy(&port, (const char *)&address + 2, sizeof(port));
	g_free(config.socket);
	config.socket = g_strdup_printf("inet:%u@127.0.0.1", g_ntohs(port));
	g_assert_false(listener_open(&config, &second, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_BUSY);
	g_free(config.socket);
}

#define ADD(path, test)                                                        \
	g_test_add("/listener/" path, struct fixture, NULL, setup, test,       \
		   teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("mode whatever the umask", test_mode);
	ADD("closed, its path is gone", test_closed_is_gone);
	ADD("a second instance is refused", test_second_instance);
	ADD("a dead process's socket is replaced", test_stale_socket);
	ADD("another's socket stays", test_not_ours_any_more);
	ADD("a file that is no socket stays", test_not_a_socket);
	ADD("what cannot be opened", test_faults);
	ADD("inet", test_inet);
	return g_test_run();
}
