#include "quarantine_private.h"

#include <glib.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/escape.h"
#include "command_private.h"
#include "failure_private.h"
#include "held_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "print_private.h"
#include "progress_private.h"
#include "review/release.h"

/* Commands that do one thing to each of several messages. */
struct action {
	struct options options;
	struct config *config;
	struct store *store;
	struct key *key;
	char *by; /* for the note */
};

static gboolean
action_open(struct action *action, gboolean with_key, GError **error)
{
	const char *invoker = g_getenv("SUDO_USER");

	/* Of several none is touched when one is misspelt. */
	if (!held_check_ids(action->options.args, error))
		return FALSE;
	action->config = installation_config(&action->options, error);
	if (!action->config)
		return FALSE;
	action->store = installation_store(action->config, error);
	if (!action->store)
		return FALSE;
	if (with_key)
		action->key = installation_key(action->config, error);
	action->by = g_strdup_printf("command line, %s",
				     invoker ? invoker : g_get_user_name());
	return !with_key || action->key;
}

static void
action_close(struct action *action)
{
	g_clear_pointer(&action->key, key_free);
	g_clear_pointer(&action->store, store_close);
	g_clear_pointer(&action->config, config_free);
	options_clear(&action->options);
	g_clear_pointer(&action->by, g_free);
}

static void
report(const struct action *action, const struct store_message *message,
       const char *state)
{
	json_t *object;

	if (!action->options.json) {
		printf("%s %s\n", message->id, state);
		fflush(stdout);
		return;
	}
	object = json_object();
	json_object_set_new(object, "id", print_json_text(message->id));
	json_object_set_new(object, "buyer", print_json_text(message->buyer));
	json_object_set_new(object, "state", json_string(state));
	print_json(object);
	fflush(stdout);
}

static gboolean
release_one(struct action *action, const char *prefix, GError **error)
{
	g_autoptr(StoreMessage) message =
		held_find(action->store, prefix, error);
	g_autofree char *warning = NULL;

	if (!message ||
	    !release_message(action->store, action->config, action->key,
			     message->buyer, message->id, action->by, &warning,
			     error))
		return FALSE;
	if (warning) {
		g_autofree char *text = escape_text(warning, FALSE);

		fprintf(stderr, "pitchward: %s\n", text);
	}
	report(action, message, "released");
	return TRUE;
}

static gboolean
delete_one(struct action *action, const char *prefix, GError **error)
{
	g_autoptr(StoreMessage) message =
		held_find(action->store, prefix, error);

	if (!message || !store_delete(action->store, message->buyer,
				      message->id, action->by, error))
		return FALSE;
	report(action, message, "deleted");
	return TRUE;
}

/* Goes on after a failure: the other messages are asked for as well. */
static int
for_each(struct action *action,
	 gboolean (*one)(struct action *action, const char *prefix,
			 GError **error))
{
	struct progress progress;
	int code = EX_OK;

	progress_begin(&progress, "messages",
		       g_strv_length(action->options.args));
	for (char **id = action->options.args; *id; id++) {
		g_autoptr(GError) error = NULL;

		progress_clear(&progress);
		if (!one(action, *id, &error))
			code = failure_worse(code, failure_exit(error));
		progress_step(&progress);
	}
	progress_clear(&progress);
	return code;
}

int
quarantine_release_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "quarantine release",
		.arguments = "ID...",
		.summary = "Gives held mail back to its recipients, by SMTP.",
		.examples = "  pitchward quarantine release 01JD3K",
		.args_min = 1,
		.args_max = G_MAXUINT,
	};
	struct action action = { 0 };
	g_autoptr(GError) error = NULL;
	int code;

	if (options_parse(&spec, argc, argv, &action.options, &error) &&
	    action_open(&action, TRUE, &error))
		code = for_each(&action, release_one);
	else
		code = failure_exit(error);
	action_close(&action);
	return code;
}

int
quarantine_delete_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "quarantine delete",
		.arguments = "ID...",
		.summary = "Deletes held mail for good; its row stays for the "
			   "figures.",
		.examples = "  pitchward quarantine delete 01JD3K 01JD4M",
		.args_min = 1,
		.args_max = G_MAXUINT,
	};
	struct action action = { 0 };
	g_autoptr(GError) error = NULL;
	int code;

	if (options_parse(&spec, argc, argv, &action.options, &error) &&
	    action_open(&action, FALSE, &error))
		code = for_each(&action, delete_one);
	else
		code = failure_exit(error);
	action_close(&action);
	return code;
}

/* What is left then is for the next night. */
#define FORGET_US (CLOCK_SECOND_US * 60 * 40)

/* Rows at once, where only their number is wanted. */
#define PAGE 500

static void
report_expired(const struct action *action, guint expired, guint forgotten)
{
	json_t *object;

	if (!action->options.json) {
		printf("%u expired, %u forgotten\n", expired, forgotten);
		return;
	}
	object = json_object();
	json_object_set_new(object, "expired",
			    json_integer((json_int_t)expired));
	json_object_set_new(object, "forgotten",
			    json_integer((json_int_t)forgotten));
	print_json(object);
}

struct expiry {
	char *older_than; /* NULL: quarantine.keep */
	gboolean dry;
};

/* "2m" is two minutes; whoever means months shall not lose the mail. */
static gboolean
read_age(const char *text, gint64 *age_us, GError **error)
{
	if (!options_duration("--older-than", text, age_us, error))
		return FALSE;
	if (*age_us >= CONFIG_KEEP_MIN_US && *age_us <= CONFIG_KEEP_MAX_US)
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "--older-than: from 1d to 3650d (d: days, w: weeks; m is "
		    "minutes), not '%s'",
		    text);
	return FALSE;
}

/* What store_expire() leaves because of what was said of it. */
static GHashTable *
wanted_ids(struct store *store, GError **error)
{
	g_autoptr(GPtrArray) said =
		store_feedback_list(store, NULL, 0, TRUE, error);
	GHashTable *ids;

	if (!said)
		return NULL;
	ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < said->len; i++) {
		const struct store_feedback *one = said->pdata[i];

		if (one->label != STORE_IRRELEVANT)
			g_hash_table_add(ids, g_strdup(one->message));
	}
	return ids;
}

static gboolean
count_held(struct store *store, gint64 before_us, guint64 *held, GError **error)
{
	g_autoptr(GHashTable) wanted = wanted_ids(store, error);
	g_autofree char *last = NULL;
	guint found;

	if (!wanted)
		return FALSE;
	*held = 0;
	do {
		const struct store_query query = {
			.state = STORE_HELD,
			.until_us = before_us,
			.limit = PAGE,
			.after_id = last,
		};
		g_autoptr(GPtrArray) list = store_list(store, &query, error);
		const struct store_message *message;

		if (!list)
			return FALSE;
		found = list->len;
		for (guint i = 0; i < found; i++) {
			message = list->pdata[i];
			*held += !g_hash_table_contains(wanted, message->id);
		}
		if (found > 0) {
			message = list->pdata[found - 1];
			g_free(last);
			last = g_strdup(message->id);
		}
	} while (found == PAGE);
	return TRUE;
}

static gboolean
foretell(struct action *action, gint64 before_us, GError **error)
{
	guint64 held;
	json_t *object;

	if (!count_held(action->store, before_us, &held, error))
		return FALSE;
	if (!action->options.json) {
		printf("%" G_GUINT64_FORMAT " would expire\n", held);
		return TRUE;
	}
	object = json_object();
	json_object_set_new(object, "would_expire",
			    json_integer((json_int_t)held));
	print_json(object);
	return TRUE;
}

static gboolean
expire(struct action *action, const struct expiry *expiry, GError **error)
{
	const gint64 now_us = clock_now_us();
	gint64 keep_us = 0;
	guint expired, forgotten;

	if (expiry->older_than &&
	    !read_age(expiry->older_than, &keep_us, error))
		return FALSE;
	if (!action_open(action, FALSE, error))
		return FALSE;
	if (!expiry->older_than)
		keep_us = action->config->keep_us;
	if (expiry->dry)
		return foretell(action, now_us - keep_us, error);
	if (!store_expire(action->store, now_us - keep_us,
			  now_us - action->config->ledger_keep_us, &expired,
			  error) ||
	    !store_forget(action->store,
			  now_us - action->config->history_keep_us,
			  clock_monotonic_us() + FORGET_US, &forgotten, error))
		return FALSE;
	report_expired(action, expired, forgotten);
	return TRUE;
}

int
quarantine_expire_main(int argc, char **argv)
{
	struct expiry expiry = { 0 };
	const GOptionEntry entries[] = {
		{ "older-than", 0, 0, G_OPTION_ARG_FILENAME, &expiry.older_than,
		  "age, 1d to 3650d; d: days, w: weeks, m: minutes (default "
		  "quarantine.keep)",
		  "30d" },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &expiry.dry,
		  "only say how much held mail would go", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "quarantine expire",
		.summary = "Removes the text of held mail that is too old, "
			   "contacts not seen for long, and what is known of "
			   "mail that is long gone.",
		.examples = "  pitchward quarantine expire --older-than 14d "
			    "--dry-run\n"
			    "  pitchward quarantine expire --older-than 14d",
		.entries = entries,
	};
	struct action action = { 0 };
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &action.options, &error) ||
	    !expire(&action, &expiry, &error))
		code = failure_exit(error);
	action_close(&action);
	g_free(expiry.older_than);
	return code;
}

int
quarantine_main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "list", "one line a message, newest first",
		  quarantine_list_main },
		{ "show", "a message, what was decided and why",
		  quarantine_show_main },
		{ "release", "give messages back to their recipients",
		  quarantine_release_main },
		{ "delete", "delete messages", quarantine_delete_main },
		{ "expire", "delete what is too old", quarantine_expire_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward quarantine",
		.about = "Held mail.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
