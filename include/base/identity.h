/*
 * Whose the state is. What root makes in the daemon's folders would shut the
 * daemon out; so a program that runs as root does its work there as the owner
 * of the folder does. Linux only. To be called before any thread begins.
 */
#ifndef BASE_IDENTITY_H
#define BASE_IDENTITY_H

#include <glib.h>
#include <sys/types.h>

/*
 * The identity (user, groups, $HOME) of the owner of the folder that the file
 * `path` is in, or of the nearest one above that is there. Nothing happens,
 * and it is TRUE, where the process does not run as root or the owner is root.
 * BASE_ERROR_*: the system does not let us, and nothing may be made.
 *
 * `act` is for commands: what is made from now on is the owner's, and a
 * database server sees the owner; but files can be read as root can, so that
 * paths which a person named work wherever they lead, and the real user, which
 * access(2) goes by, stays root. It is no sandbox.
 *
 * `become` is for daemons, once they hold what only root gets: for good.
 */
gboolean identity_act(const char *path, GError **error);

/* The path to give, for all programs alike: the store's, if its URL is that of
 * a file, or else the key's. Borrowed from either. */
const char *identity_path(const char *store, const char *key);
gboolean identity_become(const char *path, GError **error);

/* Whether who it became can read a file again, at the next reload; or else
 * BASE_ERROR_DENIED. */
gboolean identity_can_read(const char *path, GError **error);

/*
 * As root: of `files` (paths) those that the owner of the state, by its `path`,
 * may not read or enter, though root can; of who is not root none. It asks as a
 * process of its own. The array borrows the paths; NULL: BASE_ERROR_*.
 */
GPtrArray *identity_barred(const char *path, const GPtrArray *files,
			   GError **error);

/*
 * What a person named is written between these two, as who runs us: only
 * there, never a path in the daemon's folders, whose links the owner makes.
 */
struct identity {
	uid_t uid;
	gid_t gid;
};

struct identity identity_pause(void);
void identity_resume(struct identity acting);

/*
 * For programs that a person chose, as an editor: the first is a
 * GSpawnChildSetupFunc, after which a child is who ran us; the second its
 * environment, the caller's.
 */
void identity_leave(gpointer unused);
char **identity_environment(void);

/* A user's name, or the number where it has none; the caller's. */
char *identity_name(uid_t uid);

/* The names of the owner by `path`, and of a group of his; the caller's. */
gboolean identity_owner(const char *path, char **user, char **group,
			GError **error);

#endif
