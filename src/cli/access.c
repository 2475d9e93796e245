#include "access_private.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"

#define GROUPS_MAX 256

void
access_user_clear(struct access_user *user)
{
	g_clear_pointer(&user->name, g_free);
	g_clear_pointer(&user->groups, g_free);
}

gboolean
access_user_find(const char *name, struct access_user *user, GError **error)
{
	char buffer[16384];
	gid_t groups[GROUPS_MAX];
	struct passwd entry;
	struct passwd *found = NULL;
	int n = GROUPS_MAX;

	if (getpwnam_r(name, &entry, buffer, sizeof(buffer), &found) != 0 ||
	    !found || getgrouplist(name, entry.pw_gid, groups, &n) < 0) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
			    "there is no user %s", name);
		return FALSE;
	}
	user->name = g_strdup(name);
	user->uid = entry.pw_uid;
	user->groups = g_memdup2(groups, sizeof(*groups) * (gsize)n);
	user->n_groups = n;
	return TRUE;
}

static gboolean
is_member(const struct access_user *user, gid_t gid)
{
	for (int i = 0; i < user->n_groups; i++) {
		if (user->groups[i] == gid)
			return TRUE;
	}
	return FALSE;
}

gboolean
access_permits(const struct access_user *user, uid_t uid, gid_t gid,
	       mode_t mode, guint wanted)
{
	guint bits = mode & 7;

	if (user->uid == 0)
		return TRUE;
	/* The owner's bits hold for the owner, even when they give less. */
	if (user->uid == uid)
		bits = (mode >> 6) & 7;
	else if (is_member(user, gid))
		bits = (mode >> 3) & 7;
	return (bits & wanted) == wanted;
}

static gboolean
check_place(const struct access_user *user, const char *path, guint wanted,
	    GError **error)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_set_errno(error, errno, "%s", path);
	if (access_permits(user, st.st_uid, st.st_gid, st.st_mode, wanted))
		return TRUE;
	g_set_error(error, BASE_ERROR, BASE_ERROR_DENIED,
		    "%s (mode %04o, owner %u, group %u) stops user %s", path,
		    st.st_mode & 07777U, st.st_uid, st.st_gid, user->name);
	return FALSE;
}

gboolean
access_path(const struct access_user *user, const char *path, GError **error)
{
	g_autofree char *full = g_canonicalize_filename(path, NULL);

	if (!check_place(user, "/", 1, error))
		return FALSE;
	for (char *slash = strchr(full + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		gboolean ok;

		*slash = '\0';
		ok = check_place(user, full, 1, error);
		*slash = '/';
		if (!ok)
			return FALSE;
	}
	return check_place(user, full, 2, error);
}
