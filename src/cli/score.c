#include "command_private.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "failure_private.h"
#include "given_private.h"
#include "installation_private.h"
#include "mbox_private.h"
#include "options_private.h"
#include "print_private.h"
#include "progress_private.h"
#include "screen/screen.h"
#include "walk_private.h"

/* Beyond what is looked at, so that the cap is seen to be passed. */
#define READ_SPARE 4096

#define REASONS_SHOWN 6

/* One run of the command. */
struct scoring {
	struct options options;
	char *profile_path;
	char *addr;
	char *models;
	struct snapshot *snapshot;
	struct profile *profile; /* of --profile */
	struct buyer own;	 /* of --profile */
	const struct buyer *buyer;
	struct key *key;
	struct vault *vault;
	struct progress progress;
	guint counts[VERDICT_DELIVER + 1];
	int code;
};

/* One message of it. */
struct item {
	const char *path;
	guint number; /* in an mbox; 0: the whole file */
	struct screening *screening;
	struct judgement judgement;
};

static json_t *
json_reasons(const struct judgement *judgement)
{
	json_t *list = json_array();

	for (guint i = 0; judgement->reasons && i < judgement->reasons->len;
	     i++) {
		const struct reason *reason = judgement->reasons->pdata[i];
		json_t *object = json_object();

		json_object_set_new(object, "name",
				    print_json_text(reason->name));
		json_object_set_new(object, "value", json_real(reason->value));
		json_object_set_new(object, "weight",
				    json_real(reason->weight));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
json_odd(guint odd)
{
	json_t *list = json_array();

	for (guint bit = 1; bit != 0 && bit <= odd; bit <<= 1) {
		if (odd & bit)
			json_array_append_new(
				list,
				json_string(mail_odd_name((enum mail_odd)bit)));
	}
	return list;
}

/* The starters' ids, and those of what feedback taught about the buyer. */
static const char *
judges_of(const struct scoring *scoring)
{
	return scoring->buyer && scoring->buyer->models
		       ? scoring->buyer->models
		       : scoring->snapshot->models;
}

static void
print_item_json(const struct scoring *scoring, const struct item *item)
{
	const struct judgement *judgement = &item->judgement;
	const struct reading *reading = screening_reading(item->screening);
	g_autofree char *id = mail_field_text(reading->mail, "Message-ID", 0);
	const struct address *author = reading->author;
	json_t *o = json_object();

	json_object_set_new(o, "file", print_json_text(item->path));
	if (item->number > 0)
		json_object_set_new(o, "number",
				    json_integer((json_int_t)item->number));
	json_object_set_new(o, "message_id", print_json_text(id));
	json_object_set_new(o, "from",
			    print_json_text(author ? author->addr : ""));
	json_object_set_new(o, "from_name",
			    print_json_text(author ? author->name : ""));
	json_object_set_new(o, "subject",
			    print_json_text(reading->content->subject));
	json_object_set_new(o, "outreach",
			    print_json_share(judgement->outreach));
	json_object_set_new(o, "relevance",
			    print_json_share(judgement->relevance));
	json_object_set_new(o, "verdict",
			    json_string(verdict_name(judgement->verdict)));
	json_object_set_new(o, "relevant", json_boolean(judgement->relevant));
	json_object_set_new(o, "priority",
			    print_json_text(judgement->priority));
	json_object_set_new(o, "model", print_json_text(judges_of(scoring)));
	json_object_set_new(o, "gate", json_string(gate_name(judgement->gate)));
	json_object_set_new(o, "language", print_json_text(reading->language));
	json_object_set_new(o, "odd", json_odd(judgement->odd));
	json_object_set_new(o, "reasons", json_reasons(judgement));
	print_json(o);
}

static void
print_reasons(const GPtrArray *reasons)
{
	for (guint i = 0; reasons && i < reasons->len && i < REASONS_SHOWN;
	     i++) {
		const struct reason *reason = reasons->pdata[i];
		char weight[G_ASCII_DTOSTR_BUF_SIZE];

		fputs(i == 0 ? "  because    " : "             ", stdout);
		/* What decided beside the models weighs nothing in them. */
		*weight = '\0';
		if (reason->weight != 0)
			g_ascii_formatd(weight, sizeof(weight), "%+6.2f",
					reason->weight);
		printf("%6s  ", weight);
		print_text(reason->name, FALSE);
		putchar('\n');
	}
}

static void
print_odd(guint odd)
{
	if (odd == 0)
		return;
	fputs("  odd       ", stdout);
	for (guint bit = 1; bit != 0 && bit <= odd; bit <<= 1) {
		if (odd & bit)
			printf(" %s", mail_odd_name((enum mail_odd)bit));
	}
	putchar('\n');
}

static void
print_author(const struct address *author)
{
	fputs("\n  from       ", stdout);
	if (!author)
		return;
	if (*author->name) {
		print_text(author->name, FALSE);
		putchar(' ');
	}
	putchar('<');
	print_text(author->addr, FALSE);
	putchar('>');
}

static void
print_item(const struct item *item)
{
	const struct judgement *judgement = &item->judgement;
	const struct reading *reading = screening_reading(item->screening);
	char outreach[16];
	char relevance[16];

	print_text(item->path, FALSE);
	if (item->number > 0)
		printf(" (%u)", item->number);
	printf(": %s%s", verdict_name(judgement->verdict),
	       judgement->relevant ? ", relevant" : "");
	print_author(reading->author);
	fputs("\n  subject    ", stdout);
	print_text(reading->content->subject, FALSE);
	printf("\n  outreach   %s   relevance %s",
	       print_share(judgement->outreach, outreach),
	       print_share(judgement->relevance, relevance));
	if (*judgement->priority) {
		fputs("   priority ", stdout);
		print_text(judgement->priority, FALSE);
	}
	if (judgement->gate != GATE_NONE)
		printf("\n  gate       %s: it decides, whatever the scores",
		       gate_name(judgement->gate));
	putchar('\n');
	print_reasons(judgement->reasons);
	print_odd(judgement->odd);
}

/* Reports, and goes on: one bad file must not hide the verdicts of others. */
static void
complain(struct scoring *scoring, const GError *error)
{
	progress_clear(&scoring->progress);
	failure_print(error);
	scoring->code = failure_worse(scoring->code, failure_code(error));
}

static void
score_message(struct scoring *scoring, const char *path, guint number,
	      GBytes *bytes)
{
	static const struct envelope no_envelope = { .sender = "",
						     .queue_id = "" };
	g_autoptr(Screening) screening =
		screening_new(scoring->snapshot, scoring->vault, scoring->key,
			      &no_envelope, bytes, 0);
	struct item item = { path, number, screening, { 0 } };
	g_autoptr(GError) error = NULL;

	if (!screening_judge(screening, scoring->buyer,
			     SCREEN_ALL | SCREEN_REASONS, &item.judgement,
			     &error)) {
		g_prefix_error(&error, "%s: ", path);
		complain(scoring, error);
		return;
	}
	if (scoring->options.json)
		print_item_json(scoring, &item);
	else
		print_item(&item);
	scoring->counts[item.judgement.verdict]++;
	judgement_clear(&item.judgement);
	progress_step(&scoring->progress);
}

static void
score_file(struct scoring *scoring, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Mbox) mbox = mbox_open(
		path, scoring->snapshot->config->limits.message + READ_SPARE,
		&error);

	while (mbox) {
		g_autoptr(GBytes) bytes = mbox_next(mbox, &error);

		if (!bytes)
			break;
		score_message(scoring, path, mbox_number(mbox), bytes);
	}
	if (error)
		complain(scoring, error);
}

static void
score_paths(struct scoring *scoring)
{
	g_autoptr(Walk) walk = walk_new(scoring->options.args);

	for (;;) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path = walk_next(walk, &error);

		if (path)
			score_file(scoring, path);
		else if (error)
			complain(scoring, error);
		else
			return;
	}
}

static gboolean
open_profile(struct scoring *scoring, GError **error)
{
	g_autoptr(Faults) faults = faults_new();

	if (!given_readable(scoring->profile_path, error))
		return FALSE;
	scoring->profile = profile_load(scoring->profile_path, faults);
	if (!faults_report(faults, error))
		return FALSE;
	scoring->own.profile = scoring->profile;
	scoring->own.interest =
		interest_new(scoring->profile,
			     model_background(scoring->snapshot->relevance));
	scoring->buyer = &scoring->own;
	return TRUE;
}

/* As mail finds them, or by the id of the profile. */
static const struct buyer *
find_buyer(const struct snapshot *snapshot, const char *given, GError **error)
{
	const struct buyer *buyer = snapshot_buyer(snapshot, given);
	g_autofree char *id = NULL;

	if (buyer)
		return buyer;
	id = installation_buyer(snapshot->config, given, error);
	return snapshot_find(snapshot, id);
}

/* The buyer's own ledger counts, as it does for mail that comes in. */
static gboolean
open_buyer(struct scoring *scoring, GError **error)
{
	const struct config *config = scoring->snapshot->config;
	g_autoptr(GError) local = NULL;

	scoring->buyer = find_buyer(scoring->snapshot, scoring->addr, error);
	if (!scoring->buyer)
		return FALSE;
	scoring->vault = installation_vault(config, &local);
	if (scoring->vault)
		scoring->key = installation_key(config, &local);
	if (local)
		g_prefix_error(&local, "the ledger is not asked: ");
	if (local)
		failure_print(local);
	return TRUE;
}

static gboolean
scoring_open(struct scoring *scoring, GError **error)
{
	if (scoring->profile_path && scoring->addr) {
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "score: --profile and --for exclude "
				    "each other");
		return FALSE;
	}
	scoring->snapshot = installation_snapshot(&scoring->options,
						  scoring->models, error);
	if (!scoring->snapshot)
		return FALSE;
	if (scoring->profile_path)
		return open_profile(scoring, error);
	return !scoring->addr || open_buyer(scoring, error);
}

static void
scoring_close(struct scoring *scoring)
{
	g_clear_pointer(&scoring->vault, vault_close);
	g_clear_pointer(&scoring->key, key_free);
	g_clear_pointer(&scoring->own.interest, interest_free);
	g_clear_pointer(&scoring->profile, profile_free);
	g_clear_pointer(&scoring->snapshot, snapshot_unref);
	options_clear(&scoring->options);
	g_free(scoring->profile_path);
	g_free(scoring->addr);
	g_free(scoring->models);
}

static void
print_counts(const struct scoring *scoring)
{
	const guint *counts = scoring->counts;

	printf("%u message%s: %u deliver, %u tag, %u quarantine\n",
	       scoring->progress.done, print_plural(scoring->progress.done),
	       counts[VERDICT_DELIVER], counts[VERDICT_TAG],
	       counts[VERDICT_QUARANTINE]);
}

static int
scoring_run(struct scoring *scoring)
{
	g_autoptr(GError) error = NULL;

	if (!scoring_open(scoring, &error))
		return failure_exit(error);
	progress_begin(&scoring->progress, "messages", 0);
	/* On a terminal the results themselves show how far we are. */
	if (isatty(STDOUT_FILENO))
		scoring->progress.on = FALSE;
	score_paths(scoring);
	progress_clear(&scoring->progress);
	/* Of one message it is all said; where there was none it must be. */
	if (!scoring->options.json &&
	    (scoring->progress.done > 1 ||
	     (scoring->progress.done == 0 && scoring->code == EX_OK)))
		print_counts(scoring);
	return scoring->code;
}

int
score_main(int argc, char **argv)
{
	struct scoring scoring = { .code = EX_OK };
	const GOptionEntry entries[] = {
		{ "profile", 0, 0, G_OPTION_ARG_FILENAME, &scoring.profile_path,
		  "judge for the buyer of this profile", "FILE" },
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &scoring.addr,
		  "judge for this buyer: an address, or the profile's id",
		  "BUYER" },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &scoring.models,
		  "folder of the models", "DIR" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "score",
		.arguments = "PATH...",
		.summary = "Judges messages: files, mboxes, maildirs and "
			   "folders, or - for standard input.",
		.examples = "  pitchward score --profile priya.yaml mail/\n"
			    "  pitchward score --json - <message.eml",
		.entries = entries,
		.args_min = 1,
		.args_max = G_MAXUINT,
	};
	g_autoptr(GError) error = NULL;
	int code;

	if (options_parse(&spec, argc, argv, &scoring.options, &error))
		code = scoring_run(&scoring);
	else
		code = failure_exit(error);
	scoring_close(&scoring);
	return code;
}
