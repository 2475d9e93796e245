#include "command_private.h"

#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/error.h"
#include "failure_private.h"
#include "given_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "profile/profile.h"
#include "progress_private.h"
#include "replay_print_private.h"
#include "review/replay.h"

#define EXIT_NO 1

#define SHOWN 50 /* changes, to a person who gave no --limit */

/* One run of the command. */
struct replaying {
	struct options options;
	char *path;
	char *addr;
	char *since;
	char *models;
	int limit; /* 0: none was given */
	struct snapshot *snapshot;
	struct profile *profile;
	struct store *store;
	struct key *key;
	char *buyer;
	gint64 since_us;
	struct progress progress;
};

static gboolean
usage(GError **error, const char *text)
{
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "replay: %s", text);
	return FALSE;
}

static gboolean
read_flags(struct replaying *r, GError **error)
{
	gint64 since_us;

	if (!r->path)
		return usage(error, "--profile is missing: the file of the "
				    "profile to try");
	if (r->limit < 0)
		return usage(error, "--limit: at least 1");
	if (!options_duration("--since", r->since ? r->since : "30d", &since_us,
			      error))
		return FALSE;
	r->since_us = MAX(1, clock_now_us() - since_us);
	return TRUE;
}

static gboolean
read_profile(struct replaying *r, GError **error)
{
	const struct config *config = r->snapshot->config;
	g_autoptr(Faults) faults = faults_new();

	if (!given_readable(r->path, error))
		return FALSE;
	r->profile = profile_load(r->path, faults);
	if (r->profile && profile_within_limits(r->profile, config, faults))
		profile_clamp(r->profile, config);
	return faults_report(faults, error);
}

/* Whose addresses the profile names, whatever its file is called. */
static const struct buyer *
find_by_address(const struct replaying *r)
{
	for (char **addr = r->profile->addresses; *addr; addr++) {
		const struct buyer *buyer = snapshot_buyer(r->snapshot, *addr);

		if (buyer)
			return buyer;
	}
	return NULL;
}

static gboolean
find_buyer(struct replaying *r, GError **error)
{
	const struct buyer *buyer;

	if (r->addr) {
		r->buyer =
			installation_buyer(r->snapshot->config, r->addr, error);
		return r->buyer != NULL;
	}
	buyer = snapshot_find(r->snapshot, r->profile->id);
	if (!buyer)
		buyer = find_by_address(r);
	if (!buyer) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: neither its name nor its addresses are a "
			    "buyer's in %s; say whose mail with --for",
			    r->path, r->snapshot->config->profiles);
		return FALSE;
	}
	r->buyer = g_strdup(buyer->profile->id);
	return TRUE;
}

/* Without a key nothing was ever learned of who is written to. */
static gboolean
open_key(struct replaying *r, GError **error)
{
	g_autoptr(GError) local = NULL;

	r->key = installation_key(r->snapshot->config, &local);
	if (r->key || g_error_matches(local, BASE_ERROR, BASE_ERROR_NOT_FOUND))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
tell(guint done, gpointer data)
{
	struct replaying *r = data;

	(void)done;
	progress_step(&r->progress);
	return TRUE;
}

static struct replay *
replay(struct replaying *r, GError **error)
{
	const struct replay_request request = {
		.store = r->store,
		.snapshot = r->snapshot,
		.key = r->key,
		.buyer = r->buyer,
		.profile = r->profile,
		.since_us = r->since_us,
		.progress = tell,
		.data = r,
	};
	struct replay *made;

	progress_begin(&r->progress, "messages replayed", 0);
	made = replay_run(&request, error);
	progress_clear(&r->progress);
	return made;
}

static gboolean
run(struct replaying *r, int *code, GError **error)
{
	g_autoptr(Replay) made = NULL;
	const guint all = r->options.json ? G_MAXUINT : SHOWN;

	if (!read_flags(r, error))
		return FALSE;
	r->snapshot = installation_snapshot(&r->options, r->models, error);
	if (!r->snapshot || !read_profile(r, error) || !find_buyer(r, error))
		return FALSE;
	r->store = installation_store(r->snapshot->config, error);
	if (!r->store || !open_key(r, error))
		return FALSE;
	made = replay(r, error);
	if (!made)
		return FALSE;
	(r->options.json ? replay_print_json
			 : replay_print)(made, r->buyer, r->profile,
					 r->limit > 0 ? (guint)r->limit : all);
	*code = made->kinds[REPLAY_WANTED_HELD] > 0 ? EXIT_NO : EX_OK;
	return TRUE;
}

static void
replaying_clear(struct replaying *r)
{
	options_clear(&r->options);
	g_clear_pointer(&r->snapshot, snapshot_unref);
	g_clear_pointer(&r->profile, profile_free);
	g_clear_pointer(&r->store, store_close);
	g_clear_pointer(&r->key, key_free);
	g_free(r->path);
	g_free(r->addr);
	g_free(r->since);
	g_free(r->models);
	g_free(r->buyer);
}

int
replay_main(int argc, char **argv)
{
	struct replaying r = { .limit = 0 };
	const GOptionEntry entries[] = {
		{ "profile", 0, 0, G_OPTION_ARG_FILENAME, &r.path,
		  "the profile to try", "NEW.yaml" },
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &r.addr,
		  "whose mail: an id or address; default: the buyer of the "
		  "file's name, else of the addresses in it",
		  "BUYER" },
		{ "since", 0, 0, G_OPTION_ARG_FILENAME, &r.since,
		  "only received within this time (default 30d)", "30d" },
		{ "limit", 0, 0, G_OPTION_ARG_INT, &r.limit,
		  "list at most so many changes (default 50, with --json all)",
		  "N" },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &r.models,
		  "folder of models", "DIR" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "replay",
		.summary = "What another profile would change, on mail that "
			   "the buyer has had already: nothing is written. "
			   "Ends with 1 when mail would be held that turned "
			   "out to be wanted.",
		.examples = "  pitchward replay --profile new/priya.yaml\n"
			    "  pitchward replay --profile draft.yaml --for "
			    "priya --since 90d\n"
			    "  pitchward replay --profile draft.yaml --json | "
			    "head -n 1",
		.entries = entries,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &r.options, &error) ||
	    !run(&r, &code, &error))
		code = failure_exit(error);
	replaying_clear(&r);
	return code;
}
