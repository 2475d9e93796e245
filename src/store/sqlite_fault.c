#include "sqlite_fault_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/identity.h"

static gboolean
may(const char *path, int wanted)
{
	return faccessat(AT_FDCWD, path, wanted, AT_EACCESS) == 0;
}

static char *
stopped_by(const char *path)
{
	g_autofree char *owner = NULL;
	g_autofree char *we = identity_name(geteuid());
	struct stat st;

	if (stat(path, &st) != 0)
		return g_strdup_printf("%s: %s", path, g_strerror(errno));
	owner = identity_name(st.st_uid);
	return g_strdup_printf("%s belongs to %s, mode %04o, and this is %s",
			       path, owner, (guint)st.st_mode & 07777U, we);
}

char *
sqlite_fault(const char *database)
{
	static const char *const endings[] = { "", "-wal", "-shm" };
	g_autofree char *folder = g_path_get_dirname(database);

	if (!may(folder, W_OK | X_OK))
		return stopped_by(folder);
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *path = g_strconcat(database, endings[i], NULL);

		if (may(path, F_OK) && !may(path, R_OK | W_OK))
			return stopped_by(path);
	}
	return NULL;
}
