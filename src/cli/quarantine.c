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

static gboolean
expire(struct action *action, const char *older_than, GError **error)
{
	const gint64 now_us = clock_now_us();
	gint64 keep_us = 0;
	guint expired, forgotten;

	if (older_than &&
	    !options_duration("--older-than", older_than, &keep_us, error))
		return FALSE;
	if (!action_open(action, FALSE, error))
		return FALSE;
	if (!older_than)
		keep_us = action->config->keep_us;
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
	g_autofree char *older_than = NULL;
	const GOptionEntry entries[] = {
		{ "older-than", 0, 0, G_OPTION_ARG_FILENAME, &older_than,
		  "age (default quarantine.keep)", "30d" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "quarantine expire",
		.summary = "Removes the text of held mail that is too old, "
			   "contacts not seen for long, and what is known of "
			   "mail that is long gone.",
		.examples = "  pitchward quarantine expire --older-than 14d",
		.entries = entries,
	};
	struct action action = { 0 };
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &action.options, &error) ||
	    !expire(&action, older_than, &error))
		code = failure_exit(error);
	action_close(&action);
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
