#include "command_private.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/error.h"
#include "base/file.h"
#include "failure_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "print_private.h"
#include "progress_private.h"
#include "store/copy.h"

static void
print_result(const struct options *options, const struct config *config)
{
	g_autofree char *shown = store_url_shown(config->store);
	json_t *object;

	if (!options->json) {
		print_text(shown, FALSE);
		puts(": ok");
		return;
	}
	object = json_object();
	json_object_set_new(object, "store", print_json_text(shown));
	json_object_set_new(object, "ok", json_true());
	print_json(object);
}

static gboolean
verify(const struct options *options, GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	g_autoptr(Store) store =
		config ? installation_store(config, error) : NULL;

	if (!store || !store_verify(store, error))
		return FALSE;
	print_result(options, config);
	return TRUE;
}

static int
verify_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "store verify",
		.summary = "Checks that everything stored can be read.",
		.examples = "  pitchward store verify",
	};
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &options, &error) &&
	    verify(&options, &error))
		return EX_OK;
	return failure_exit(error);
}

static void
show_progress(const struct store_copied *copied, gpointer data)
{
	struct progress *progress = data;

	progress->done = (guint)MIN(copied->seen + copied->others, G_MAXUINT);
	progress_step(progress);
}

static void
print_copied(const struct options *options, const char *to,
	     const struct store_copied *copied)
{
	json_t *object;

	if (!options->json) {
		printf("%" G_GUINT64_FORMAT " messages: %" G_GUINT64_FORMAT
		       " added, %" G_GUINT64_FORMAT
		       " changed; %" G_GUINT64_FORMAT " other rows added to ",
		       copied->seen, copied->added, copied->changed,
		       copied->others);
		print_text(to, FALSE);
		putchar('\n');
		return;
	}
	object = json_object();
	json_object_set_new(object, "to", print_json_text(to));
	json_object_set_new(object, "messages",
			    json_integer((json_int_t)copied->seen));
	json_object_set_new(object, "added",
			    json_integer((json_int_t)copied->added));
	json_object_set_new(object, "changed",
			    json_integer((json_int_t)copied->changed));
	json_object_set_new(object, "others",
			    json_integer((json_int_t)copied->others));
	print_json(object);
}

/* And a look at whether the copy is sound. */
static gboolean
copy(struct store *from, struct store *to, struct store_copied *copied,
     GError **error)
{
	struct progress progress;
	gboolean ok;

	progress_begin(&progress, "rows", 0);
	ok = store_copy(from, to, show_progress, &progress, copied, error);
	progress_clear(&progress);
	return ok && store_verify(to, error);
}

/* Of `from` and `to` one is named, the other is the configured store. */
static gboolean
migrate(const struct options *options, const char *from, const char *to,
	GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	g_autoptr(Store) source = NULL;
	g_autoptr(Store) target = NULL;
	g_autofree char *shown = NULL;
	struct store_copied copied = { 0 };

	if (!config)
		return FALSE;
	if (strcmp(from ? from : to, config->store) == 0) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "that is the configured store itself: name the "
			    "other one");
		return FALSE;
	}
	source = from ? store_open(from, error)
		      : installation_store(config, error);
	target = source ? store_open(from ? config->store : to, error) : NULL;
	if (!target || !copy(source, target, &copied, error))
		return FALSE;
	shown = store_url_shown(from ? config->store : to);
	print_copied(options, shown, &copied);
	return TRUE;
}

static gboolean
check_way(const char *from, const struct options *options, GError **error)
{
	if ((from != NULL) != (options->args[0] != NULL))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    from ? "either --from or the URL to copy to, not both"
			 : "name the store to copy to (sqlite:PATH or "
			   "postgresql://...), or with --from the one to copy "
			   "into the configured one");
	return FALSE;
}

static int
migrate_main(int argc, char **argv)
{
	g_autofree char *from = NULL;
	const GOptionEntry entries[] = {
		{ "from", 0, 0, G_OPTION_ARG_FILENAME, &from,
		  "copy that store into the configured one", "URL" },
		G_OPTION_ENTRY_NULL
	};
	const struct options_spec spec = {
		.command = "store migrate",
		.arguments = "[URL]",
		.summary = "Copies the configured store into another, or "
			   "another into it. May be done\nagain while mail "
			   "flows: what is there is left, later changes are "
			   "taken.",
		.examples =
			"  pitchward store migrate postgresql:///pitchward\n"
			"  pitchward store migrate --from "
			"sqlite:/var/lib/pitchward/pitchward.db",
		.entries = entries,
		.args_max = 1,
	};
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &options, &error) &&
	    check_way(from, &options, &error) &&
	    migrate(&options, from, options.args[0], &error))
		return EX_OK;
	return failure_exit(error);
}

/* What a store made of itself in a folder, and the folder. */
static void
remove_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
}

static gboolean
copy_to_file(struct store *from, const char *path, struct store_copied *copied,
	     GError **error)
{
	g_autofree char *url = g_strconcat("sqlite:", path, NULL);
	g_autoptr(Store) to = store_open(url, error);

	return to && copy(from, to, copied, error);
}

/* A store that is closed is one file, which SQLite has synced. */
static gboolean
settle(const char *path, const char *file, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(file);

	if (g_rename(path, file) < 0)
		return error_set_errno(error, errno, "%s", file);
	return folder_sync(folder, error);
}

/* It has its name when it is whole and on the disk, not before. */
static gboolean
write_backup(struct store *from, const char *file, struct store_copied *copied,
	     GError **error)
{
	g_autofree char *folder = g_strconcat(file, ".part-XXXXXX", NULL);
	g_autofree char *path = NULL;
	gboolean ok;

	if (!g_mkdtemp(folder))
		return error_set_errno(error, errno, "%s", folder);
	path = g_build_filename(folder, "store.db", NULL);
	ok = copy_to_file(from, path, copied, error) &&
	     settle(path, file, error);
	remove_folder(folder);
	return ok;
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
	print_copied(options, file, &copied);
	return TRUE;
}

static int
backup_main(int argc, char **argv)
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

static gboolean
is_empty(struct store *store, gboolean *empty, GError **error)
{
	struct store_stats stats;

	if (!store_stats(store, &stats, error))
		return FALSE;
	*empty = stats.contacts == 0;
	for (guint i = 0; i < G_N_ELEMENTS(stats.states); i++)
		*empty = *empty && stats.states[i] == 0;
	return TRUE;
}

static gboolean
check_target(struct store *store, gboolean merge, GError **error)
{
	gboolean empty;

	if (merge)
		return TRUE;
	if (!is_empty(store, &empty, error))
		return FALSE;
	if (!empty)
		g_set_error(error, CLI_ERROR, CLI_ERROR_NO,
			    "the configured store is not empty; with --merge "
			    "what it lacks is added to it");
	return empty;
}

static gboolean
copy_from_file(const char *file, struct store *to, struct store_copied *copied,
	       GError **error)
{
	g_autofree char *url = g_strconcat("sqlite:", file, NULL);
	g_autofree char *ballast = g_strconcat(file, ".ballast", NULL);
	const gboolean lives = g_file_test(ballast, G_FILE_TEST_EXISTS);
	struct store *from;
	gboolean ok;

	from = store_open(url, error);
	ok = from && copy(from, to, copied, error);
	store_close(from);
	/* It is for stores that are written to, as this one may be. */
	if (!lives)
		g_unlink(ballast);
	return ok;
}

/* Opening would make one. */
static gboolean
check_file(const char *file, GError **error)
{
	if (g_file_test(file, G_FILE_TEST_IS_REGULAR))
		return TRUE;
	g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
		    "%s: there is no such file", file);
	return FALSE;
}

static gboolean
restore(const struct options *options, gboolean merge, GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	g_autoptr(Store) to = NULL;
	g_autofree char *shown = NULL;
	struct store_copied copied = { 0 };

	if (config && check_file(options->args[0], error))
		to = store_open(config->store, error);
	if (!to || !check_target(to, merge, error) ||
	    !copy_from_file(options->args[0], to, &copied, error))
		return FALSE;
	shown = store_url_shown(config->store);
	print_copied(options, shown, &copied);
	return TRUE;
}

static int
restore_main(int argc, char **argv)
{
	gboolean merge = FALSE;
	const GOptionEntry entries[] = {
		{ "merge", 0, 0, G_OPTION_ARG_NONE, &merge,
		  "into a store that is not empty", NULL },
		G_OPTION_ENTRY_NULL
	};
	const struct options_spec spec = {
		.command = "store restore",
		.arguments = "FILE",
		.summary = "Copies a backup into the configured store.",
		.examples = "  pitchward store restore "
			    "/var/backups/pitchward.db",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &options, &error) &&
	    restore(&options, merge, &error))
		return EX_OK;
	return failure_exit(error);
}

int
store_main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "verify", "check that everything can be read", verify_main },
		{ "backup", "copy everything into a file", backup_main },
		{ "restore", "copy a backup into the store", restore_main },
		{ "migrate", "copy one store into another", migrate_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward store",
		.about = "Where held mail and contacts are kept.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
