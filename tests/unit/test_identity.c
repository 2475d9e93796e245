#include "base/identity.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

#define STRANGER 54321 /* no system has this user */

struct place {
	char *root;   /* root's, which nobody else may enter */
	char *secret; /* in it */
	char *folder; /* the stranger's */
};

static void
place_make(struct place *place)
{
	g_autofree char *top = g_dir_make_tmp("identity-XXXXXX", NULL);

	g_assert_cmpint(g_chmod(top, 0755), ==, 0);
	place->root = g_build_filename(top, "root", NULL);
	place->secret = g_build_filename(place->root, "secret", NULL);
	place->folder = g_build_filename(top, "state", NULL);
	g_assert_cmpint(g_mkdir(place->root, 0700), ==, 0);
	g_assert_true(g_file_set_contents(place->secret, "s", 1, NULL));
	g_assert_cmpint(g_chmod(place->secret, 0600), ==, 0);
	g_assert_cmpint(g_mkdir(place->folder, 0755), ==, 0);
}

static void
place_drop(struct place *place)
{
	g_autofree char *top = g_path_get_dirname(place->root);
	g_autofree char *made = g_build_filename(place->folder, "made", NULL);

	g_unlink(made);
	g_unlink(place->secret);
	g_rmdir(place->folder);
	g_rmdir(place->root);
	g_rmdir(top);
	g_free(place->root);
	g_free(place->secret);
	g_free(place->folder);
}

static gboolean
opens(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static uid_t
owner_of_new(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "made", NULL);
	struct stat st;

	g_assert_true(g_file_set_contents(path, "x", 1, NULL));
	g_assert_cmpint(stat(path, &st), ==, 0);
	return st.st_uid;
}

static void
check_act(const struct place *place)
{
	g_autofree char *key =
		g_build_filename(place->folder, "a", "key", NULL);
	g_auto(GStrv) environment = NULL;
	const struct passwd *root = getpwuid(0);

	g_assert_true(identity_act(key, NULL));
	g_assert_cmpuint(geteuid(), ==, STRANGER);
	g_assert_cmpuint(getuid(), ==, 0);
	g_assert_cmpint(getgroups(0, NULL), ==, 1);
	g_assert_cmpuint(owner_of_new(place->folder), ==, STRANGER);
	g_assert_true(opens(place->secret));
	g_assert_cmpstr(g_getenv("HOME"), ==, place->folder);
	environment = identity_environment();
	g_assert_cmpstr(g_environ_getenv(environment, "HOME"), ==,
			root->pw_dir);
	/* Once is enough, whoever's the next folder is. */
	g_assert_true(identity_act(place->secret, NULL));
	g_assert_cmpuint(geteuid(), ==, STRANGER);
	identity_leave(NULL);
	g_assert_cmpuint(geteuid(), ==, 0);
	g_assert_cmpuint(getegid(), ==, getgid());
}

static void
check_become(const struct place *place)
{
	g_autofree char *key = g_build_filename(place->folder, "key", NULL);

	g_assert_true(identity_become(key, NULL));
	g_assert_cmpuint(getuid(), ==, STRANGER);
	g_assert_cmpuint(owner_of_new(place->folder), ==, STRANGER);
	g_assert_false(opens(place->secret));
	g_assert_cmpint(seteuid(0), ==, -1);
	g_assert_cmpint(setegid(0), ==, -1);
}

static void
check_root(const struct place *place)
{
	g_assert_true(identity_act(place->secret, NULL));
	g_assert_true(identity_become(place->secret, NULL));
	g_assert_cmpuint(geteuid(), ==, 0);
}

static void
check_nobody(const struct place *place)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(setresuid(STRANGER, STRANGER, STRANGER), ==, 0);
	g_assert_true(identity_act(place->secret, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(geteuid(), ==, STRANGER);
}

/* A process cannot go back, so each has its own. */
static void
test_apart(gconstpointer data)
{
	void (*const *check)(const struct place *) = data;
	struct place place;
	int status = -1;
	pid_t pid;

	if (geteuid() != 0) {
		g_test_skip("only root can act as another user");
		return;
	}
	place_make(&place);
	g_assert_cmpint(chown(place.folder, STRANGER, STRANGER), ==, 0);
	pid = fork();
	g_assert_cmpint(pid, >=, 0);
	if (pid == 0) {
		(*check)(&place);
		_exit(0);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
	place_drop(&place);
}

static void
test_name(void)
{
	g_autofree char *root = identity_name(0);
	g_autofree char *stranger = identity_name(STRANGER);

	g_assert_cmpstr(root, ==, "root");
	g_assert_cmpstr(stranger, ==, "user 54321");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*check)(const struct place *);
	} tests[] = {
		{ "/identity/act makes files of the folder's owner, and opens "
		  "root's",
		  check_act },
		{ "/identity/become is for good", check_become },
		{ "/identity/root's folder changes nothing", check_root },
		{ "/identity/who is not root stays who he is", check_nobody },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add_data_func(tests[i].path, &tests[i].check,
				     test_apart);
	g_test_add_func("/identity/names", test_name);
	return g_test_run();
}
