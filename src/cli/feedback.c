#include "command_private.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/file.h"
#include "failure_private.h"
#include "feedback_private.h"
#include "held_private.h"
#include "installation_private.h"
#include "mail/message.h"
#include "options_private.h"
#include "print_private.h"
#include "progress_private.h"
#include "review/feedback.h"
#include "review/report.h"

#define EXIT_NO 1

#define MESSAGE_SIZE_MAX ((gsize)64 * 1024 * 1024)

/* What is to be said of every message, and in whose name. */
struct opinion {
	struct options options;
	struct config *config;
	struct store *store;
	char *addr;
	char *buyer; /* NULL: whoever's the message is */
	char *by;
	gboolean never;
	gboolean undo;
	enum store_label label;
};

/* A file may have any name; one that is a whole id is meant as that. */
static gboolean
is_file(const char *arg)
{
	return strcmp(arg, "-") == 0 || strchr(arg, '/') || strchr(arg, '.') ||
	       (!id_valid(arg) && g_file_test(arg, G_FILE_TEST_EXISTS));
}

static char *
id_in_file(const struct opinion *opinion, const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, MESSAGE_SIZE_MAX, error);
	g_autoptr(Mail) mail = NULL;
	char *id;

	if (!bytes)
		return NULL;
	mail = mail_new(bytes, &opinion->config->limits);
	id = report_id(mail);
	if (!id)
		g_set_error(error, CLI_ERROR, CLI_ERROR_NO,
			    "%s: no X-Pitchward header names an id: it "
			    "did not come by this filter, or not as it was "
			    "delivered",
			    path);
	return id;
}

static struct store_message *
find(const struct opinion *opinion, const char *arg, GError **error)
{
	g_autofree char *id =
		is_file(arg) ? id_in_file(opinion, arg, error) : g_strdup(arg);
	g_autoptr(StoreMessage) message = NULL;

	if (!id)
		return NULL;
	message = held_find_any(opinion->store, id, error);
	if (!message || !opinion->buyer ||
	    strcmp(message->buyer, opinion->buyer) == 0)
		return g_steal_pointer(&message);
	return report_copy(opinion->store, message, opinion->buyer, error);
}

/* What came of it for one message. */
struct outcome {
	const struct store_message *message;
	const struct store_ruling *ruling; /* that follows from it, or NULL */
	guint undone;			   /* rulings */
	gboolean trains;		   /* its features were kept */
};

static void
report_json(const struct opinion *opinion, const struct outcome *outcome)
{
	const struct store_message *message = outcome->message;
	const struct store_ruling *ruling = outcome->ruling;
	json_t *object = json_object();
	json_t *about = json_null();

	json_object_set_new(object, "id", print_json_text(message->id));
	json_object_set_new(object, "buyer", print_json_text(message->buyer));
	if (opinion->undo) {
		json_object_set_new(object, "label", json_null());
		json_object_set_new(object, "rulings_undone",
				    json_integer((json_int_t)outcome->undone));
		json_decref(about);
		print_json(object);
		return;
	}
	json_object_set_new(object, "label",
			    json_string(store_label_name(opinion->label)));
	if (ruling) {
		json_decref(about);
		about = json_object();
		json_object_set_new(
			about, "scope",
			json_string(store_ruling_scope_name(ruling->scope)));
		json_object_set_new(about, "subject",
				    print_json_text(ruling->subject));
		json_object_set_new(
			about, "word",
			json_string(store_ruling_word_name(ruling->word)));
	}
	json_object_set_new(object, "ruling", about);
	json_object_set_new(object, "trains", json_boolean(outcome->trains));
	print_json(object);
}

static void
report(const struct opinion *opinion, const struct outcome *outcome)
{
	const struct store_ruling *ruling = outcome->ruling;

	if (opinion->options.json) {
		report_json(opinion, outcome);
	} else if (opinion->undo) {
		printf("%s undone, %u ruling%s\n", outcome->message->id,
		       outcome->undone, print_plural(outcome->undone));
	} else {
		printf("%s %s", outcome->message->id,
		       store_label_name(opinion->label));
		if (ruling) {
			printf(", %s ", store_ruling_scope_name(ruling->scope));
			print_text(ruling->subject, FALSE);
			printf(" %s", store_ruling_word_name(ruling->word));
		}
		if (!outcome->trains)
			fputs("; kept as a label, but training cannot use it: "
			      "no features were kept",
			      stdout);
		putchar('\n');
	}
	fflush(stdout);
}

/* Of mail that was far from any offer, or is old, there are none. */
static gboolean
has_features(const struct opinion *opinion, const struct store_message *message)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) features = store_features(
		opinion->store, message->buyer, message->id, &local);

	return features ||
	       !g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

static gboolean
say(const struct opinion *opinion, const char *arg, GError **error)
{
	const struct feedback_said said = {
		.label = opinion->label,
		.never = opinion->never,
		.by = opinion->by,
		.source = "cli",
	};
	g_autoptr(StoreMessage) message = find(opinion, arg, error);
	g_autoptr(StoreRuling) ruling = NULL;
	struct outcome outcome = { .message = message };
	gboolean ok;

	if (!message)
		return FALSE;
	if (opinion->undo)
		ok = feedback_undo(opinion->store, message, opinion->by,
				   &outcome.undone, error);
	else
		ok = feedback_say(opinion->store, message, &said, &ruling,
				  error);
	if (!ok)
		return FALSE;
	outcome.ruling = ruling;
	outcome.trains = opinion->undo || has_features(opinion, message);
	report(opinion, &outcome);
	return TRUE;
}

/* Among several files the one that failed has a name. */
static void
name_file(const char *arg, GError **error)
{
	if (*error && is_file(arg) && !g_str_has_prefix((*error)->message, arg))
		g_prefix_error(error, "%s: ", arg);
}

/* That something is not there is an answer; other failures are failures. */
static int
code_of(const GError *error)
{
	failure_print(error);
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		return EXIT_NO;
	return failure_code(error);
}

static int
say_all(const struct opinion *opinion)
{
	struct progress progress;
	int code = EX_OK;

	progress_begin(&progress, "messages",
		       g_strv_length(opinion->options.args));
	for (char **arg = opinion->options.args; *arg; arg++) {
		g_autoptr(GError) error = NULL;

		progress_clear(&progress);
		if (!say(opinion, *arg, &error)) {
			name_file(*arg, &error);
			code = failure_worse(code, code_of(error));
		}
		progress_step(&progress);
	}
	progress_clear(&progress);
	return code;
}

/* Of several nothing is said when one is misspelt. */
static gboolean
check_arguments(const struct opinion *opinion, GError **error)
{
	if (opinion->never &&
	    (opinion->undo || opinion->label != STORE_IRRELEVANT)) {
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "--never goes with 'feedback irrelevant' "
				    "only");
		return FALSE;
	}
	for (char **arg = opinion->options.args; *arg; arg++) {
		char *const one[] = { *arg, NULL };

		if (!is_file(*arg) && !held_check_ids(one, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
opinion_open(struct opinion *opinion, GError **error)
{
	const char *invoker = g_getenv("SUDO_USER");

	if (!check_arguments(opinion, error))
		return FALSE;
	opinion->config = installation_config(&opinion->options, error);
	if (!opinion->config)
		return FALSE;
	if (opinion->addr) {
		opinion->buyer = installation_buyer(opinion->config,
						    opinion->addr, error);
		if (!opinion->buyer)
			return FALSE;
	}
	if (!opinion->by)
		opinion->by =
			g_strdup_printf("command line, %s",
					invoker ? invoker : g_get_user_name());
	opinion->store = installation_store(opinion->config, error);
	return opinion->store != NULL;
}

static void
opinion_close(struct opinion *opinion)
{
	g_clear_pointer(&opinion->store, store_close);
	g_clear_pointer(&opinion->config, config_free);
	options_clear(&opinion->options);
	g_free(opinion->addr);
	g_free(opinion->buyer);
	g_free(opinion->by);
}

static int
feedback_run(struct opinion *opinion, const struct options_spec *about,
	     int argc, char **argv)
{
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &opinion->addr,
		  "this buyer's own copy of a mail that came to several: an "
		  "address, or the profile's id",
		  "BUYER" },
		{ "by", 0, 0, G_OPTION_ARG_FILENAME, &opinion->by,
		  "who says so (default: who runs this)", "NAME" },
		{ "never", 0, 0, G_OPTION_ARG_NONE, &opinion->never,
		  "nothing more of this vendor (with irrelevant)", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	struct options_spec spec = *about;
	g_autoptr(GError) error = NULL;
	int code;

	spec.arguments = "ID|FILE|-...";
	spec.entries = entries;
	spec.args_min = 1;
	spec.args_max = G_MAXUINT;
	if (options_parse(&spec, argc, argv, &opinion->options, &error) &&
	    opinion_open(opinion, &error))
		code = say_all(opinion);
	else
		code = failure_exit(error);
	opinion_close(opinion);
	return code;
}

static int
relevant_main(int argc, char **argv)
{
	static const struct options_spec about = {
		.command = "feedback relevant",
		.summary = "This mail was worth reading: the next of its "
			   "campaign is let in, and models learn from it.",
		.examples = "  pitchward feedback relevant 01JD3K\n"
			    "  pitchward feedback relevant - <message.eml",
	};
	struct opinion opinion = { .label = STORE_RELEVANT };

	return feedback_run(&opinion, &about, argc, argv);
}

static int
irrelevant_main(int argc, char **argv)
{
	static const struct options_spec about = {
		.command = "feedback irrelevant",
		.summary = "This offer was of no use; with --never, no more of "
			   "its vendor.",
		.examples = "  pitchward feedback irrelevant --never 01JD3K",
	};
	struct opinion opinion = { .label = STORE_IRRELEVANT };

	return feedback_run(&opinion, &about, argc, argv);
}

static int
not_outreach_main(int argc, char **argv)
{
	static const struct options_spec about = {
		.command = "feedback not-outreach",
		.summary = "This was no offer at all: the next of its thread "
			   "is let in, and models learn from it.",
		.examples = "  pitchward feedback not-outreach 01JD3K",
	};
	struct opinion opinion = { .label = STORE_NOT_OUTREACH };

	return feedback_run(&opinion, &about, argc, argv);
}

static int
undo_main(int argc, char **argv)
{
	static const struct options_spec about = {
		.command = "feedback undo",
		.summary = "Takes back what was said of a message, and the "
			   "rulings that followed from it.",
		.examples = "  pitchward feedback undo 01JD3K",
	};
	struct opinion opinion = { .undo = TRUE };

	return feedback_run(&opinion, &about, argc, argv);
}

int
feedback_main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "relevant", "worth reading", relevant_main },
		{ "irrelevant", "an offer of no use", irrelevant_main },
		{ "not-outreach", "no offer at all", not_outreach_main },
		{ "undo", "take back what was said", undo_main },
		{ "mail", "do as a mail to an alias asks", feedback_mail_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward feedback",
		.about = "What a buyer says about mail, by id or as a file; - "
			 "reads one from standard input.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
