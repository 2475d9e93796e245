/*
 * Feedback as a mail on standard input: for aliases behind which the MTA says
 * who sent it, and for scripts of an IMAP server that say who moved it.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "failure_private.h"
#include "feedback_private.h"
#include "installation_private.h"
#include "mail/address.h"
#include "options_private.h"
#include "review/feedback.h"
#include "review/release.h"
#include "review/report.h"
#include "store/pending.h"

#define MESSAGE_SIZE_MAX ((gsize)64 * 1024 * 1024)

/* How Postfix's pipe(8) names the null sender. */
#define NOBODY "MAILER-DAEMON"

struct posting {
	struct options options;
	char *addr;
	gboolean moved;
	struct config *config;
	struct store *store;
	struct key *key;
	struct mail *mail;
	char *buyer;
};

struct wish {
	const char *word;
	int label; /* enum store_label, -1: none */
	gboolean never;
};

static const struct wish wishes[] = {
	{ "relevant", STORE_RELEVANT, FALSE },
	{ "not-relevant", STORE_IRRELEVANT, FALSE },
	{ "not-outreach", STORE_NOT_OUTREACH, FALSE },
	{ "never", STORE_IRRELEVANT, TRUE },
	{ "release", -1, FALSE },
};

static const struct wish *
wish_find(const char *word, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(wishes); i++) {
		if (strcmp(wishes[i].word, word) == 0)
			return &wishes[i];
	}
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "'%s' is none of relevant, not-relevant, not-outreach, "
		    "never, release",
		    word);
	return NULL;
}

/* What a machine sent is swallowed: an answer to it could begin a loop. */
static gboolean
is_person(const struct posting *posting)
{
	g_autofree char *sender =
		posting->addr ? address_from_envelope(posting->addr, NULL)
			      : NULL;

	if (posting->moved)
		return TRUE;
	return sender && *sender && strcmp(posting->addr, NOBODY) != 0 &&
	       !report_is_automatic(posting->mail) &&
	       !address_equal(sender, posting->config->digest.from);
}

static gboolean
read_mail(struct posting *posting, GError **error)
{
	g_autoptr(GBytes) bytes = file_read("-", MESSAGE_SIZE_MAX, error);

	if (!bytes)
		return FALSE;
	posting->mail = mail_new(bytes, &posting->config->limits);
	return TRUE;
}

static gboolean
refuse(GError **error, const char *why)
{
	g_set_error_literal(error, BASE_ERROR, BASE_ERROR_DENIED, why);
	return FALSE;
}

/* An envelope address or, of an IMAP server, whatever people log in as. */
static gboolean
find_buyer(struct posting *posting, GError **error)
{
	g_autofree char *sender = address_from_envelope(posting->addr, NULL);
	g_autoptr(GError) local = NULL;

	posting->buyer = installation_buyer(
		posting->config, sender && *sender ? sender : posting->addr,
		&local);
	if (posting->buyer)
		return TRUE;
	/* The MTA's own answer tells them: nothing is wrong with the command.
	 */
	if (g_error_matches(local, CLI_ERROR, CLI_ERROR_USAGE))
		return refuse(error, "who sent it is no buyer here");
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
posting_open(struct posting *posting, GError **error)
{
	if (!posting->addr) {
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "--for is missing: who sent or moved it");
		return FALSE;
	}
	posting->config = installation_config(&posting->options, error);
	return posting->config && read_mail(posting, error);
}

/* Only once it is known to be a person's. */
static gboolean
posting_ready(struct posting *posting, GError **error)
{
	if (!find_buyer(posting, error))
		return FALSE;
	posting->store = installation_store(posting->config, error);
	if (!posting->store)
		return FALSE;
	posting->key = installation_key(posting->config, error);
	return posting->key != NULL;
}

static void
posting_close(struct posting *posting)
{
	g_clear_pointer(&posting->mail, mail_free);
	g_clear_pointer(&posting->key, key_free);
	g_clear_pointer(&posting->store, store_close);
	g_clear_pointer(&posting->config, config_free);
	options_clear(&posting->options);
	g_free(posting->addr);
	g_free(posting->buyer);
}

static struct store_message *
find_row(const struct posting *posting, const char *id, GError **error)
{
	g_autoptr(StoreMessage) message =
		store_find(posting->store, NULL, id, error);

	if (!message || strcmp(message->buyer, posting->buyer) == 0)
		return g_steal_pointer(&message);
	return report_copy(posting->store, message, posting->buyer, error);
}

/* The row must be the sender's own, or their copy of the same mail. */
static struct store_message *
find_message(const struct posting *posting, GError **error)
{
	g_autofree char *linked = report_linked_id(
		posting->mail, posting->key, posting->buyer, clock_now_us());
	g_autofree char *id =
		linked ? g_steal_pointer(&linked) : report_id(posting->mail);
	g_autoptr(StoreMessage) message = NULL;
	g_autoptr(GError) local = NULL;

	if (!id) {
		refuse(error, "nothing in it names one message: forward the "
			      "mail as an attachment, or answer a notice about "
			      "one mail");
		return NULL;
	}
	message = find_row(posting, id, &local);
	if (g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		refuse(error, "what it names is no message of its sender's");
	else if (local)
		g_propagate_error(error, g_steal_pointer(&local));
	return g_steal_pointer(&message);
}

static gboolean
ask(const struct posting *posting, const struct store_message *message,
    GError **error)
{
	g_autoptr(StorePending) pending = g_new0(struct store_pending, 1);

	id_new(pending->id);
	pending->kind = STORE_REQUEST;
	pending->buyer = g_strdup(message->buyer);
	pending->message = g_strdup(message->id);
	pending->by = g_strdup(posting->addr);
	return store_pending_add(posting->store, pending, error);
}

static gboolean
perform(const struct posting *posting, const struct wish *wish,
	const struct store_message *message, GError **error)
{
	const struct feedback_said said = {
		.label = (enum store_label)wish->label,
		.never = wish->never,
		.by = posting->addr,
		.source = posting->moved ? "folder" : "mail",
	};

	if (wish->label >= 0)
		return feedback_say(posting->store, message, &said, NULL,
				    error);
	if (posting->config->web.request_release)
		return ask(posting, message, error);
	return release_message(posting->store, posting->config, posting->key,
			       message->buyer, message->id, posting->addr, NULL,
			       error);
}

static gboolean
post(struct posting *posting, GError **error)
{
	const struct wish *wish = wish_find(posting->options.args[0], error);
	g_autoptr(StoreMessage) message = NULL;

	if (!wish || !posting_open(posting, error))
		return FALSE;
	if (!is_person(posting))
		return TRUE;
	if (!posting_ready(posting, error))
		return FALSE;
	message = find_message(posting, error);
	return message && perform(posting, wish, message, error);
}

int
feedback_mail_main(int argc, char **argv)
{
	struct posting posting = { 0 };
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &posting.addr,
		  "who sent it, as the MTA knows, or moved it", "ADDR" },
		{ "moved", 0, 0, G_OPTION_ARG_NONE, &posting.moved,
		  "the mail itself, moved to a folder: no report about it",
		  NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "feedback mail",
		.arguments = "relevant|not-relevant|not-outreach|never|release",
		.summary = "Reads a mail and does as it asks: for an alias of "
			   "the MTA (a mail forwarded as an attachment, an "
			   "answer to a notice, a feedback report), and for an "
			   "IMAP server's script. Prints nothing.",
		.examples = "  pitchward feedback mail relevant "
			    "--for priya@corp.example <report.eml\n"
			    "  pitchward feedback mail not-relevant --moved "
			    "--for priya <moved.eml",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &posting.options, &error) ||
	    !post(&posting, &error))
		code = failure_exit(error);
	posting_close(&posting);
	return code;
}
