#include "command_private.h"

#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/file.h"
#include "failure_private.h"
#include "group_private.h"
#include "installation_private.h"
#include "market/brief.h"
#include "market/glean.h"
#include "market/wording.h"
#include "named_private.h"
#include "options_private.h"
#include "print_private.h"
#include "review/when.h"

#define LENGTH_DAYS 7

/* A day on which the clock is put forward. */
#define DAY_MIN_US (22 * CLOCK_DAY_US / 24)

/* The command's options, and what they are applied to. */
struct run {
	struct options options;
	char *addr;
	char *group; /* its members only; NULL: all */
	char *html;
	char *since;
	char *until;
	gboolean mail;
	gboolean due;
	char *buyer; /* NULL: all */
	gint64 since_us;
	gint64 until_us;
	struct config *config;
	struct store *store;
	struct key *key;
	struct vendor_book *book;
	GPtrArray *profiles;
	GPtrArray *groups;
	const struct group *of; /* among them; NULL: all buyers */
	gint64 now_us;
	int code; /* of what was read */
};

static gboolean
check_flags(const struct run *run, GError **error)
{
	const gboolean sends = run->mail || run->due;
	const char *wrong = NULL;

	if (run->addr && run->group)
		wrong = "--for or --group, not both";
	else if (run->html && run->options.json)
		wrong = "--html does not go with --json";
	else if (run->html && sends)
		wrong = "--html only shows what --mail would send";
	else if (run->html && !run->addr)
		wrong = "--html needs --for: one brief a file";
	else if (run->mail && run->due)
		wrong = "--mail sends now, --due what is due: not both";
	else if (sends && (run->since || run->until))
		wrong = "--mail and --due send the brief of the last seven "
			"days: without --since and --until";
	if (wrong)
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE, wrong);
	return wrong == NULL;
}

/* The end of a day in that zone, or a length of time before now. */
static gboolean
read_moment(const char *option, const char *text, const char *zone,
	    gint64 now_us, gint64 *time_us, GError **error)
{
	const gint64 end_us = when_end(text, zone);
	gint64 ago_us;

	if (end_us != 0) {
		*time_us = end_us;
		return TRUE;
	}
	if (!duration_parse(text, &ago_us, NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: '%s' is neither a day such as 2026-11-22 nor "
			    "a length of time such as 14d",
			    option, text);
		return FALSE;
	}
	*time_us = now_us - ago_us;
	return TRUE;
}

/* A length of time ends now; what is of days ends with the last of them. */
static gboolean
is_rolling(const struct run *run, const char *zone)
{
	const char *text = run->until ? run->until : run->since;

	return text && when_end(text, zone) == 0;
}

/* Days as the buyer has them; the first and the last are of the brief. */
static gboolean
read_span(struct run *run, const char *zone, GError **error)
{
	const gboolean rolling = is_rolling(run, zone);
	const char *problem = NULL;

	run->until_us =
		rolling ? run->now_us : when_day_end(run->now_us, zone, 0);
	if (run->until && !read_moment("--until", run->until, zone, run->now_us,
				       &run->until_us, error))
		return FALSE;
	run->since_us =
		rolling ? run->until_us - LENGTH_DAYS * CLOCK_DAY_US
			: when_day_end(run->until_us - 1, zone, -LENGTH_DAYS);
	if (run->since && !read_moment("--since", run->since, zone, run->now_us,
				       &run->since_us, error))
		return FALSE;
	if (run->since && when_end(run->since, zone) != 0)
		run->since_us = when_day_end(run->since_us - 1, zone, -1);
	/* Before the zone is known it may be tomorrow there. */
	if (run->until_us >
	    when_day_end(run->now_us, zone, run->config ? 0 : 1))
		problem = "--until is to come";
	else if (run->until_us - run->since_us < DAY_MIN_US)
		problem = "a brief is of a day or more: --since must be before "
			  "--until";
	else if (run->until_us - run->since_us > 366 * CLOCK_DAY_US)
		problem = "a brief is of a year at most";
	if (problem)
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE, problem);
	return problem == NULL;
}

/* A group's file with faults stops only who names it. */
static gboolean
find_group(struct run *run, GError **error)
{
	g_autoptr(Faults) ignored = faults_new();

	run->groups = group_load_folder(run->config->groups, NULL, ignored);
	run->of = group_case_named(run->groups, "insight", run->group, error);
	return run->of != NULL;
}

static gboolean
load_profiles(struct run *run, GError **error)
{
	run->profiles = installation_sound_profiles(
		run->config, run->addr ? NULL : &run->code, error);
	if (!run->profiles)
		return FALSE;
	if (run->group)
		return find_group(run, error);
	if (!run->addr)
		return TRUE;
	run->buyer = installation_buyer(run->config, run->addr, error);
	return run->buyer != NULL;
}

static gboolean
run_open(struct run *run, GError **error)
{
	if (!check_flags(run, error) || !read_span(run, "UTC", error))
		return FALSE;
	run->config = installation_config(&run->options, error);
	if (!run->config || !load_profiles(run, error))
		return FALSE;
	if (!installation_tell_store(run->config))
		return TRUE;
	run->store = installation_store(run->config, error);
	run->key = run->store ? installation_key(run->config, error) : NULL;
	return run->key != NULL;
}

static void
run_close(struct run *run)
{
	vendor_book_free(run->book);
	key_free(run->key);
	store_close(run->store);
	g_clear_pointer(&run->groups, g_ptr_array_unref);
	g_clear_pointer(&run->profiles, g_ptr_array_unref);
	config_free(run->config);
	options_clear(&run->options);
	g_free(run->addr);
	g_free(run->group);
	g_free(run->html);
	g_free(run->since);
	g_free(run->until);
	g_free(run->buyer);
}

/* Other words, if the site wants any; the brief stands without them. */
static void
word(struct insight *insight, gpointer data)
{
	const struct run *run = data;
	const struct config_insight *config = &run->config->insight;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	if (!wording_is_on(config))
		return;
	text = insight_text(insight, NULL);
	insight->wording = wording_ask(config, text, &error);
	insight->worded_by = g_strdup(config->wording_model);
	if (!insight->wording)
		failure_print(error);
}

static gboolean
show_html(const struct run *run, const struct insight *insight, GError **error)
{
	const char *url = run->config->web.given ? run->config->web.url : NULL;
	g_autofree char *html = insight_html(insight, url);

	if (strcmp(run->html, "-") != 0)
		return named_replace(run->html, html, strlen(html), 0640,
				     error);
	fputs(html, stdout);
	return TRUE;
}

static gboolean
show(struct run *run, const struct profile *profile, GError **error)
{
	struct insight_request request = {
		.store = run->store,
		.book = run->book,
		.profile = profile,
	};
	const char *url = run->config->web.given ? run->config->web.url : NULL;
	g_autoptr(Insight) insight = NULL;
	g_autofree char *text = NULL;

	if (!read_span(run, profile->digest.zone, error))
		return FALSE;
	request.since_us = run->since_us;
	request.until_us = run->until_us;
	request.past = run->until_us < run->now_us;
	insight = insight_new(&request, error);
	if (!insight)
		return FALSE;
	word(insight, run);
	if (run->html)
		return show_html(run, insight, error);
	text = run->options.json ? insight_json(insight)
				 : insight_text(insight, url);
	if (run->options.json)
		fputs(text, stdout);
	else
		print_text(text, TRUE);
	putchar('\n');
	return TRUE;
}

static void
report(const struct run *run, const struct profile *profile,
       const char *outcome)
{
	json_t *object;

	if (!run->options.json) {
		printf("%s brief %s\n", profile->id, outcome);
	} else {
		object = json_object();
		json_object_set_new(object, "buyer",
				    print_json_text(profile->id));
		json_object_set_new(object, "kind", json_string("brief"));
		json_object_set_new(object, "outcome", json_string(outcome));
		print_json(object);
	}
	fflush(stdout);
}

static gboolean
send(struct run *run, const struct profile *profile, GError **error)
{
	const struct outbox outbox = { run->store, run->config, run->key };
	const struct brief brief = {
		.outbox = &outbox,
		.book = run->book,
		.profile = profile,
		.now_us = run->now_us,
		.again = run->mail,
		.made = word,
		.data = run,
	};
	enum brief_outcome outcome;
	g_autoptr(GError) local = NULL;

	if (!brief_send(&brief, &outcome, &local)) {
		if (!run->mail &&
		    g_error_matches(local, OUTBOX_ERROR, OUTBOX_ERROR_BUSY))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (outcome == BRIEF_SENT || outcome == BRIEF_EMPTY)
		report(run, profile, brief_outcome_name(outcome));
	return TRUE;
}

static gboolean
is_asked(const struct run *run, const struct profile *profile)
{
	const struct outbox outbox = { run->store, run->config, run->key };
	const struct brief brief = {
		.outbox = &outbox,
		.profile = profile,
		.now_us = run->now_us,
	};

	if (run->buyer && strcmp(run->buyer, profile->id) != 0)
		return FALSE;
	if (run->of && !group_find_member(run->of, profile->id))
		return FALSE;
	return !run->due || brief_is_due(&brief);
}

/* What came since is read first; that another process is at it is as good. */
static gboolean
prepare(struct run *run, GError **error)
{
	struct glean done = { 0 };
	g_autoptr(GError) local = NULL;

	if (!glean_run(run->store, 0, &done, &local) &&
	    !g_error_matches(local, STORE_ERROR, STORE_ERROR_CONFLICT)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	run->book = vendor_book_load(run->store, error);
	return run->book != NULL;
}

/* A failure for one buyer does not keep the others from theirs. */
static int
run_all(struct run *run)
{
	gboolean (*const one)(struct run * run, const struct profile *profile,
			      GError **error) =
		run->mail || run->due ? send : show;
	int code = EX_OK;

	for (guint i = 0; run->store && i < run->profiles->len; i++) {
		const struct profile *profile = run->profiles->pdata[i];
		g_autoptr(GError) error = NULL;

		if (!is_asked(run, profile))
			continue;
		if (!run->book && !prepare(run, &error))
			return failure_exit(error);
		if (!one(run, profile, &error))
			code = failure_worse(code, failure_exit(error));
	}
	return code;
}

int
insight_main(int argc, char **argv)
{
	struct run run = { .now_us = clock_now_us() };
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &run.addr,
		  "only of the buyer with this address", "ADDR" },
		{ "group", 0, 0, G_OPTION_ARG_FILENAME, &run.group,
		  "only of the members of this buying group", "NAME" },
		{ "since", 0, 0, G_OPTION_ARG_FILENAME, &run.since,
		  "from this day on, or so long ago (default: 7 days with "
		  "the last)",
		  "DAY" },
		{ "until", 0, 0, G_OPTION_ARG_FILENAME, &run.until,
		  "this day is the last, or so long ago (default: today)",
		  "DAY" },
		{ "html", 0, 0, G_OPTION_ARG_FILENAME, &run.html,
		  "write the mail's HTML to this file", "FILE" },
		{ "mail", 0, 0, G_OPTION_ARG_NONE, &run.mail,
		  "mail it now, whether it was sent or not", NULL },
		{ "due", 0, 0, G_OPTION_ARG_NONE, &run.due,
		  "mail what is due and was not sent", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "insight",
		.summary = "The weekly brief: by priority, what your own "
			   "numbers press for beside what the market pushes, "
			   "and what changed. With --due, for a timer: mails "
			   "those that are due, once.",
		.examples =
			"  pitchward insight --for priya@corp.example\n"
			"  pitchward insight --for priya --since 2026-10-01 "
			"--until 2026-10-31\n"
			"  pitchward insight --group endpoints\n"
			"  pitchward insight --due",
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
