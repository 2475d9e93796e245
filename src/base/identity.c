#include "base/identity.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"

#define NAMES_SPACE 16384

/*
 * With it root's files can be read by who is not root any more. To write them,
 * too, would let the owner of the state have files made anywhere, and be their
 * owner, by a symbolic link that root's command follows.
 */
#define KEPT CAP_DAC_READ_SEARCH

struct owner {
	uid_t uid;
	gid_t gid;
	char *name; /* NULL: a number that has no name */
	char *home;
};

static void
owner_clear(struct owner *owner)
{
	g_free(owner->name);
	g_free(owner->home);
}

/* Of the folder, or of the nearest above it that is there. */
static gboolean
owner_of(const char *path, struct owner *owner, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	struct stat st;

	while (stat(folder, &st) != 0) {
		char *above = g_path_get_dirname(folder);
		const gboolean top = strcmp(above, folder) == 0;

		if (errno != ENOENT || top) {
			error_set_errno(error, errno, "%s", folder);
			g_free(above);
			return FALSE;
		}
		g_free(folder);
		folder = above;
	}
	owner->uid = st.st_uid;
	owner->gid = st.st_gid;
	owner->home = g_steal_pointer(&folder);
	return TRUE;
}

static gboolean
entry_of(uid_t uid, struct passwd *entry, char space[NAMES_SPACE])
{
	struct passwd *found = NULL;

	return getpwuid_r(uid, entry, space, NAMES_SPACE, &found) == 0 && found;
}

/* Groups and home as the system has them for this user. */
static void
owner_look_up(struct owner *owner)
{
	g_autofree char *space = g_malloc(NAMES_SPACE);
	struct passwd entry;

	if (!entry_of(owner->uid, &entry, space))
		return;
	owner->gid = entry.pw_gid;
	owner->name = g_strdup(entry.pw_name);
	g_free(owner->home);
	owner->home = g_strdup(entry.pw_dir);
}

static gboolean
take_groups(const struct owner *owner, gboolean for_good)
{
	const gid_t real = for_good ? owner->gid : (gid_t)-1;

	if (owner->name ? initgroups(owner->name, owner->gid) != 0
			: setgroups(1, &owner->gid) != 0)
		return FALSE;
	return setresgid(real, owner->gid, real) == 0;
}

/* What the change of the user took away, though the process may have it. */
static gboolean
keep_files_readable(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
						 0 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &head, sets) != 0)
		return FALSE;
	sets[0].effective |= sets[0].permitted & CAP_TO_MASK(KEPT);
	return syscall(SYS_capset, &head, sets) == 0;
}

static gboolean
take(const struct owner *owner, gboolean for_good)
{
	const uid_t real = for_good ? owner->uid : (uid_t)-1;

	if (!take_groups(owner, for_good) ||
	    setresuid(real, owner->uid, real) != 0)
		return FALSE;
	return for_good || keep_files_readable();
}

static gboolean
take_from(const char *path, gboolean for_good, GError **error)
{
	struct owner owner = { 0 };
	gboolean ok = TRUE;

	if (geteuid() != 0)
		return TRUE;
	if (!owner_of(path, &owner, error))
		return FALSE;
	if (owner.uid != 0) {
		owner_look_up(&owner);
		ok = take(&owner, for_good) ||
		     error_set_errno(
			     error, errno, "acting as %s, whose %s would be",
			     owner.name ? owner.name : "the folder's owner",
			     path);
	}
	if (ok && owner.uid != 0)
		g_setenv("HOME", owner.home, TRUE);
	owner_clear(&owner);
	return ok;
}

const char *
identity_path(const char *store, const char *key)
{
	static const char file[] = "sqlite:";

	return g_str_has_prefix(store, file) ? store + strlen(file) : key;
}

gboolean
identity_act(const char *path, GError **error)
{
	return take_from(path, FALSE, error);
}

gboolean
identity_become(const char *path, GError **error)
{
	return take_from(path, TRUE, error);
}

gboolean
identity_can_read(const char *path, GError **error)
{
	return access(path, R_OK) == 0 ||
	       error_set_errno(error, errno, "%s", path);
}

static gboolean
is_barred(const char *path)
{
	const int wanted =
		g_file_test(path, G_FILE_TEST_IS_DIR) ? R_OK | X_OK : R_OK;

	return access(path, wanted) != 0 && errno == EACCES;
}

/* A byte for each, as the owner; never returns. */
static void
answer(const char *path, const GPtrArray *files, int fd)
{
	gboolean ok = identity_become(path, NULL);

	for (guint i = 0; ok && i < files->len; i++) {
		const char barred = (char)is_barred(files->pdata[i]);

		ok = write(fd, &barred, 1) == 1;
	}
	_exit(ok ? EX_OK : EX_OSERR);
}

/* FALSE: there is no such process. */
static gboolean
take_answers(int fd, const GPtrArray *files, GPtrArray *barred)
{
	char one;

	for (guint i = 0; i < files->len; i++) {
		if (TEMP_FAILURE_RETRY(read(fd, &one, 1)) != 1)
			return FALSE;
		if (one)
			g_ptr_array_add(barred, files->pdata[i]);
	}
	return TRUE;
}

GPtrArray *
identity_barred(const char *path, const GPtrArray *files, GError **error)
{
	g_autoptr(GPtrArray) barred = g_ptr_array_new();
	int ends[2];
	gboolean ok;
	pid_t child;

	if (geteuid() != 0)
		return g_steal_pointer(&barred);
	if (pipe(ends) != 0) {
		error_set_errno(error, errno, "pipe");
		return NULL;
	}
	child = fork();
	if (child == 0)
		answer(path, files, ends[1]);
	close(ends[1]);
	ok = child > 0 && take_answers(ends[0], files, barred);
	close(ends[0]);
	if (child > 0)
		TEMP_FAILURE_RETRY(waitpid(child, NULL, 0));
	if (ok)
		return g_steal_pointer(&barred);
	g_set_error(error, BASE_ERROR, BASE_ERROR_DENIED,
		    "what the owner of %s may read cannot be found out", path);
	return NULL;
}

struct identity
identity_pause(void)
{
	struct identity acting = { geteuid(), getegid() };

	if (getuid() != acting.uid &&
	    (seteuid(getuid()) != 0 || setegid(getgid()) != 0))
		_exit(EX_OSERR);
	return acting;
}

void
identity_resume(struct identity acting)
{
	if (getuid() != acting.uid &&
	    (setegid(acting.gid) != 0 || seteuid(acting.uid) != 0 ||
	     !keep_files_readable()))
		_exit(EX_OSERR);
}

void
identity_leave(gpointer unused)
{
	(void)unused;
	if (setresuid((uid_t)-1, getuid(), (uid_t)-1) != 0 ||
	    setresgid((gid_t)-1, getgid(), (gid_t)-1) != 0)
		_exit(EX_OSERR);
}

char **
identity_environment(void)
{
	g_autofree char *space = g_malloc(NAMES_SPACE);
	char **environment = g_get_environ();
	struct passwd entry;

	if (getuid() == geteuid() || !entry_of(getuid(), &entry, space))
		return environment;
	return g_environ_setenv(environment, "HOME", entry.pw_dir, TRUE);
}

char *
identity_name(uid_t uid)
{
	g_autofree char *space = g_malloc(NAMES_SPACE);
	struct passwd entry;

	return entry_of(uid, &entry, space)
		       ? g_strdup(entry.pw_name)
		       : g_strdup_printf("user %u", (guint)uid);
}

static char *
group_name(gid_t gid)
{
	g_autofree char *space = g_malloc(NAMES_SPACE);
	struct group entry;
	struct group *found = NULL;

	return getgrgid_r(gid, &entry, space, NAMES_SPACE, &found) == 0 && found
		       ? g_strdup(entry.gr_name)
		       : g_strdup_printf("%u", (guint)gid);
}

gboolean
identity_owner(const char *path, char **user, char **group, GError **error)
{
	struct owner owner = { 0 };

	if (!owner_of(path, &owner, error))
		return FALSE;
	owner_look_up(&owner);
	*user = identity_name(owner.uid);
	*group = group_name(owner.gid);
	owner_clear(&owner);
	return TRUE;
}
