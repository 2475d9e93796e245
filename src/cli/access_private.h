/*
 * Whether another user could get at a file: what the permission bits of the
 * file and of every folder on the way say.
 */
#ifndef CLI_ACCESS_PRIVATE_H
#define CLI_ACCESS_PRIVATE_H

#include <glib.h>
#include <sys/types.h>

struct access_user {
	char *name;
	uid_t uid;
	gid_t *groups; /* all of them, n_groups */
	int n_groups;
};
typedef struct access_user AccessUser; /* for g_auto(AccessUser) */

void access_user_clear(struct access_user *user);

/* BASE_ERROR_NOT_FOUND when there is no such user. */
gboolean access_user_find(const char *name, struct access_user *user,
			  GError **error);

/*
 * Whether bits of `wanted` (4 read, 2 write, 1 search) are allowed to the
 * user on a file of that owner, group and mode.
 */
gboolean access_permits(const struct access_user *user, uid_t uid, gid_t gid,
			mode_t mode, guint wanted);

/*
 * Whether the user may search every folder down to `path` and write to it, as
 * connecting to a socket needs. When not, BASE_ERROR_DENIED names the place
 * that stops them; other errors when it cannot be looked at.
 */
gboolean access_path(const struct access_user *user, const char *path,
		     GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AccessUser, access_user_clear)

#endif
