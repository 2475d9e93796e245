#include "store_private.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <sysexits.h>

#include "base/error.h"
#include "failure_private.h"
#include "installation_private.h"
#include "scratch_private.h"
#include "store/place.h"
#include "transfer_private.h"
#include "waiting_private.h"

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

/* `size`: with its log, where it has one. */
static gboolean
check_file(const char *file, guint64 *size, GError **error)
{
	g_autofree char *log = g_strconcat(file, "-wal", NULL);
	GStatBuf st, beside;

	if (g_stat(file, &st) == 0 && S_ISREG(st.st_mode)) {
		*size = (guint64)st.st_size;
		if (g_stat(log, &beside) == 0)
			*size += (guint64)beside.st_size;
		return TRUE;
	}
	if (g_file_test(file, G_FILE_TEST_EXISTS))
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "%s: is no file", file);
	else
		g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
			    "%s: there is no such file", file);
	return FALSE;
}

/* Rather now than when the disk is full, which others need too. */
static gboolean
check_room(const char *folder, guint64 wanted, GError **error)
{
	struct statvfs st;
	guint64 left;

	if (statvfs(folder, &st) < 0)
		return TRUE;
	left = (guint64)st.f_bavail * st.f_frsize;
	if (left >= wanted)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FULL,
		    "%s: %" G_GUINT64_FORMAT
		    " MB are free, and %" G_GUINT64_FORMAT " MB are needed",
		    folder, left >> 20, (wanted >> 20) + 1);
	return FALSE;
}

/* Of our copy something was said that is true of the file. */
static void
name_file(const char *file, const struct scratch *scratch, GError *failure,
	  GError **error)
{
	g_auto(GStrv) parts = g_strsplit(failure->message, scratch->file, -1);
	g_autofree char *text = g_strjoinv(file, parts);

	g_set_error_literal(error, failure->domain, failure->code, text);
	g_error_free(failure);
}

static struct store *
open_copy(const struct scratch *scratch, GError **error)
{
	g_autofree char *url = g_strconcat("sqlite:", scratch->file, NULL);
	g_auto(StorePlace) place = { 0 };

	if (!store_place_look(url, &place, error))
		return NULL;
	if (place.schema > 0)
		return store_open(url, error);
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "%s: there is nothing of ours in it", scratch->file);
	return NULL;
}

static gboolean
copy_backup(const char *file, const struct scratch *scratch, GError **error)
{
	g_autoptr(Waiting) waiting = waiting_begin("reading the backup");

	return scratch_copy(scratch, file, error);
}

/* Half of what is damaged would be in the store before it is found out. */
static struct store *
open_sound(const struct scratch *scratch, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(Store) store = open_copy(scratch, error);

	if (!store)
		return NULL;
	if (transfer_verify(store, "checking the backup", &failure))
		return g_steal_pointer(&store);
	g_set_error(error, failure->domain, failure->code,
		    "%s; it is not sound, and nothing is restored of it",
		    failure->message);
	return NULL;
}

/*
 * An older backup is brought up to date when it is opened. It may be the only
 * one, so that is done to a copy of ours.
 */
static struct store *
open_backup(const char *file, const struct scratch *scratch, GError **error)
{
	GError *failure = NULL;
	struct store *store;

	if (!copy_backup(file, scratch, error))
		return NULL;
	store = open_sound(scratch, &failure);
	if (!store)
		name_file(file, scratch, failure, error);
	return store;
}

/* In the folder of the state, which is the daemon's and nobody else's. */
static char *
scratch_place(const struct config *config)
{
	const char *own = installation_store_file(config->store);
	g_autofree char *folder = g_path_get_dirname(own ? own : config->key);

	return g_build_filename(folder, "restore", NULL);
}

static gboolean
make_scratch(const struct config *config, guint64 size, struct scratch *scratch,
	     GError **error)
{
	g_autofree char *place = scratch_place(config);
	g_autofree char *folder = g_path_get_dirname(place);
	const guint times = installation_store_file(config->store) ? 2 : 1;

	return scratch_make(place, scratch, error) &&
	       check_room(folder, size * times, error);
}

struct restoring {
	const struct config *config;
	const char *file;
	guint64 size;
	gboolean merge;
	struct store *to;
};

static gboolean
open_target(struct restoring *restoring, GError **error)
{
	if (!restoring->to)
		restoring->to = installation_open_store(
			restoring->config->store, error);
	return restoring->to &&
	       check_target(restoring->to, restoring->merge, error);
}

/* Where there is no store yet, what is refused shall not make one. */
static gboolean
fill(struct restoring *restoring, struct store_copied *copied, GError **error)
{
	g_auto(Scratch) scratch = { .folder = NULL };
	g_autoptr(Store) from = NULL;

	if (!make_scratch(restoring->config, restoring->size, &scratch, error))
		return FALSE;
	from = open_backup(restoring->file, &scratch, error);
	if (!from || !open_target(restoring, error) ||
	    !transfer_run(from, restoring->to, copied, error))
		return FALSE;
	transfer_tell_key(from, restoring->config);
	return TRUE;
}

static gboolean
restore(const struct options *options, gboolean merge, GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	struct restoring restoring = { config, options->args[0], 0, merge,
				       NULL };
	g_autofree char *shown = NULL;
	struct store_copied copied = { 0 };
	gboolean ok = config && installation_identity(config, error) &&
		      check_file(restoring.file, &restoring.size, error) &&
		      (!installation_has_store(config) ||
		       open_target(&restoring, error)) &&
		      fill(&restoring, &copied, error);

	store_close(restoring.to);
	if (!ok)
		return FALSE;
	shown = store_url_shown(config->store);
	transfer_print(options, shown, &copied);
	return TRUE;
}

int
store_restore_main(int argc, char **argv)
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
