#include "command_private.h"

#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/file.h"
#include "failure_private.h"
#include "installation_private.h"
#include "named_private.h"
#include "options_private.h"
#include "print_private.h"
#include "profile/profile.h"
#include "review/digest.h"
#include "review/notice.h"
#include "review/why.h"
#include "screen/served.h"
#include "store/versions.h"

/* The command's options, and what they are applied to. */
struct run {
	struct options options;
	char *addr;
	char *html;
	gboolean text;
	gboolean send;
	gboolean resend;
	char *buyer; /* NULL: all */
	struct config *config;
	struct store *store;
	struct key *key;
	GPtrArray *served; /* of struct served */
	gint64 now_us;
	int code; /* of what was read */
};

static struct outbox
outbox_of(const struct run *run)
{
	return (struct outbox){ run->store, run->config, run->key };
}

static gboolean
check_flags(const struct run *run, GError **error)
{
	const char *wrong = NULL;

	if (run->html && (run->text || run->options.json))
		wrong = "--html goes with neither --text nor --json";
	else if ((run->html || run->text) && (run->send || run->resend))
		wrong = "--html and --text only show what --send would send";
	else if (run->html && !run->addr)
		wrong = "--html needs --for: one digest a file";
	if (wrong)
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE, wrong);
	return wrong == NULL;
}

/* Those that serve: files, and what was changed since in the store. */
static gboolean
load_profiles(struct run *run, GError **error)
{
	run->served = installation_sound(run->config, run->store,
					 run->addr ? NULL : &run->code, error);
	if (!run->served)
		return FALSE;
	if (!run->addr)
		return TRUE;
	run->buyer = installation_buyer(run->config, run->addr, error);
	return run->buyer != NULL;
}

static gboolean
run_open(struct run *run, GError **error)
{
	if (!check_flags(run, error))
		return FALSE;
	run->config = installation_config(&run->options, error);
	if (!run->config)
		return FALSE;
	if (!installation_tell_store(run->config))
		return load_profiles(run, error);
	run->store = installation_store(run->config, error);
	run->key = run->store ? installation_key(run->config, error) : NULL;
	return run->key && load_profiles(run, error);
}

static void
run_close(struct run *run)
{
	g_clear_pointer(&run->key, key_free);
	g_clear_pointer(&run->store, store_close);
	g_clear_pointer(&run->served, g_ptr_array_unref);
	g_clear_pointer(&run->config, config_free);
	options_clear(&run->options);
	g_free(run->addr);
	g_free(run->html);
	g_free(run->buyer);
}

static json_t *
item_json(const struct store_fold *fold, const struct profile *profile)
{
	const struct store_message *top = fold->top;
	g_autofree char *why = why_text(top, profile);
	g_autofree char *first = clock_format(fold->first_us);
	g_autofree char *last = clock_format(fold->last_us);
	json_t *object = json_object();

	json_object_set_new(object, "id", print_json_text(top->id));
	json_object_set_new(object, "from", print_json_text(top->from));
	json_object_set_new(object, "subject", print_json_text(top->subject));
	json_object_set_new(object, "vendor", print_json_text(top->vendor));
	json_object_set_new(object, "priority", print_json_text(top->priority));
	json_object_set_new(object, "outreach",
			    print_json_share(top->outreach));
	json_object_set_new(object, "relevance",
			    print_json_share(top->relevance));
	json_object_set_new(object, "why", print_json_text(why));
	json_object_set_new(object, "messages", json_integer(fold->n));
	json_object_set_new(object, "colleagues",
			    json_integer(fold->colleagues));
	json_object_set_new(object, "first", json_string(first));
	json_object_set_new(object, "last", json_string(last));
	return object;
}

static void
show_json(const struct digest *digest)
{
	g_autofree char *since = clock_format(digest->since_us);
	g_autofree char *until = clock_format(digest->until_us);
	json_t *object = json_object();
	json_t *items = json_array();

	for (guint i = 0; i < digest->folds->len; i++)
		json_array_append_new(items, item_json(digest->folds->pdata[i],
						       digest->profile));
	json_object_set_new(object, "buyer",
			    print_json_text(digest->profile->id));
	json_object_set_new(object, "since", json_string(since));
	json_object_set_new(object, "until", json_string(until));
	json_object_set_new(object, "held", json_integer(digest->count.held));
	json_object_set_new(object, "tagged",
			    json_integer(digest->count.tagged));
	json_object_set_new(object, "let_in",
			    json_integer(digest->count.let_in));
	json_object_set_new(object, "spent", json_integer(digest->count.spent));
	json_object_set_new(object, "more", json_integer(digest->more));
	json_object_set_new(object, "items", items);
	print_json(object);
}

static gboolean
show_html(const struct run *run, const struct digest *digest, GError **error)
{
	g_autofree char *html = digest_html(digest);

	if (strcmp(run->html, "-") != 0)
		return named_replace(run->html, html, strlen(html), 0640,
				     error);
	fputs(html, stdout);
	return TRUE;
}

static void
show_text(const struct run *run, const struct digest *digest)
{
	const struct profile *profile = digest->profile;
	g_autofree char *text = digest_text(digest);

	if (!run->buyer) {
		printf("%s <%s>\n\n", profile->id, profile->addresses[0]);
		print_text(text, TRUE);
		putchar('\n');
	} else
		print_text(text, TRUE);
}

static gboolean
show(const struct run *run, const struct profile *profile, GError **error)
{
	const struct outbox outbox = outbox_of(run);
	g_autoptr(Digest) digest =
		digest_new(&outbox, profile, 0, run->now_us, error);

	if (!digest)
		return FALSE;
	if (run->html)
		return show_html(run, digest, error);
	if (run->options.json)
		show_json(digest);
	else
		show_text(run, digest);
	return TRUE;
}

/* What a timer's log should tell: not every minute that nothing was due. */
static void
report(const struct run *run, const struct profile *profile, const char *kind,
       const char *outcome)
{
	json_t *object;

	if (!run->options.json) {
		printf("%s %s %s\n", profile->id, kind, outcome);
	} else {
		object = json_object();
		json_object_set_new(object, "buyer",
				    print_json_text(profile->id));
		json_object_set_new(object, "kind", json_string(kind));
		json_object_set_new(object, "outcome", json_string(outcome));
		print_json(object);
	}
	fflush(stdout);
}

/* That another run is at it is as good as done. */
static gboolean
is_busy(const struct run *run, const GError *error)
{
	return !run->resend &&
	       g_error_matches(error, OUTBOX_ERROR, OUTBOX_ERROR_BUSY);
}

static gboolean
send_digest(const struct run *run, const struct profile *profile,
	    GError **error)
{
	const struct outbox outbox = outbox_of(run);
	enum digest_outcome outcome;
	g_autoptr(GError) local = NULL;

	if (!digest_send(&outbox, profile, run->now_us, run->resend, &outcome,
			 &local)) {
		if (is_busy(run, local))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (outcome == DIGEST_SENT || outcome == DIGEST_EMPTY)
		report(run, profile, "digest", digest_outcome_name(outcome));
	return TRUE;
}

static gboolean
send_notices(const struct run *run, const struct profile *profile,
	     GError **error)
{
	const struct outbox outbox = outbox_of(run);
	guint sent = 0;
	const gboolean ok =
		notice_send(&outbox, profile, run->now_us, &sent, error);

	while (sent-- > 0)
		report(run, profile, "notice", "sent");
	return ok;
}

/* A failure for one buyer does not keep the others from theirs. */
static int
for_each(const struct run *run,
	 gboolean (*one)(const struct run *run, const struct profile *profile,
			 GError **error))
{
	int code = EX_OK;

	for (guint i = 0; i < run->served->len; i++) {
		const struct served *served = run->served->pdata[i];
		const struct profile *profile = served->profile;
		g_autoptr(GError) error = NULL;

		if (!profile ||
		    (run->buyer && strcmp(run->buyer, profile->id) != 0))
			continue;
		if (!one(run, profile, &error))
			code = failure_worse(code, failure_exit(error));
	}
	return code;
}

static int
run_all(const struct run *run)
{
	int code;

	if (!run->store)
		return EX_OK;
	if (!run->send && !run->resend)
		return for_each(run, show);
	code = for_each(run, send_digest);
	if (run->resend)
		return code;
	return failure_worse(code, for_each(run, send_notices));
}

int
digest_main(int argc, char **argv)
{
	struct run run = { .now_us = clock_now_us() };
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &run.addr,
		  "only of the buyer with this address", "ADDR" },
		{ "send", 0, 0, G_OPTION_ARG_NONE, &run.send,
		  "send what is due and was not sent, and notices", NULL },
		{ "resend", 0, 0, G_OPTION_ARG_NONE, &run.resend,
		  "send now, whether it was sent or not", NULL },
		{ "html", 0, 0, G_OPTION_ARG_FILENAME, &run.html,
		  "write the mail's HTML to this file", "FILE" },
		{ "text", 0, 0, G_OPTION_ARG_NONE, &run.text,
		  "print the mail's text (the default)", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "digest",
		.summary = "Shows what a buyer's next digest tells: mail held "
			   "since the last one, a campaign a row. With --send, "
			   "for a timer: mails those that are due, once.",
		.examples =
			"  pitchward digest --for priya@corp.example\n"
			"  pitchward digest --for priya --html digest.html\n"
			"  pitchward digest --send",
		.entries = entries,
	};
	g_autoptr(GError) error = NULL;
	int code;

	if (options_parse(&spec, argc, argv, &run.options, &error) &&
	    run_open(&run, &error))
		code = failure_worse(run_all(&run), run.code);
	else
		code = failure_exit(error);
	run_close(&run);
	return code;
}
