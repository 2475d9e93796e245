#include "store_private.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "failure_private.h"
#include "installation_private.h"
#include "scratch_private.h"
#include "transfer_private.h"

static gboolean
copy_to_file(struct store *from, const char *path, struct store_copied *copied,
	     GError **error)
{
	g_autofree char *url = g_strconcat("sqlite:", path, NULL);
	g_autoptr(Store) to = store_open(url, error);

	return to && transfer_run(from, to, copied, error);
}

/* Root's backup is not the daemon's to change (identity_act()). */
static gboolean
give_back(const char *path, GError **error)
{
	const uid_t real = getuid();

	if (real == geteuid())
		return TRUE;
	/* The folder is the daemon's: nothing is followed there. */
	if (seteuid(real) == 0 && lchown(path, real, real) == 0)
		return TRUE;
	return error_set_errno(error, errno, "%s", path);
}

/* A store that is closed is one file, which SQLite has synced. */
static gboolean
settle(const char *path, const char *file, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(file);

	if (!give_back(path, error))
		return FALSE;
	if (g_rename(path, file) < 0)
		return error_set_errno(error, errno, "%s", file);
	return folder_sync(folder, error);
}

/* It has its name when it is whole and on the disk, not before. */
static gboolean
write_backup(struct store *from, const char *file, struct store_copied *copied,
	     GError **error)
{
	g_auto(Scratch) scratch = { .folder = NULL };

	return scratch_make(file, &scratch, error) &&
	       copy_to_file(from, scratch.file, copied, error) &&
	       settle(scratch.file, file, error);
}

static gboolean
backup(const struct options *options, GError **error)
{
	const char *file = options->args[0];
	g_autoptr(Config) config = installation_config(options, error);
	g_autoptr(Store) store = NULL;
	struct store_copied copied = { 0 };

	if (config && g_file_test(file, G_FILE_TEST_EXISTS)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_EXISTS,
			    "%s is there already, and backups are not "
			    "overwritten",
			    file);
		return FALSE;
	}
	store = config ? installation_store(config, error) : NULL;
	if (!store || !write_backup(store, file, &copied, error))
		return FALSE;
	transfer_print(options, file, &copied);
	return TRUE;
}

int
store_backup_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "store backup",
		.arguments = "FILE",
		.summary = "Copies all that is stored into a new file, while "
			   "mail flows, and checks it.",
		.examples = "  pitchward store backup "
			    "/var/backups/pitchward.db",
		.args_min = 1,
		.args_max = 1,
	};
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &options, &error) &&
	    backup(&options, &error))
		return EX_OK;
	return failure_exit(error);
}
