#include "command_private.h"

#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "failure_private.h"
#include "installation_private.h"
#include "market/fetch.h"
#include "options_private.h"
#include "print_private.h"
#include "progress_private.h"

/* The command's options, and what they are applied to. */
struct run {
	struct options options;
	char **only;
	gboolean *met; /* of `only`: whether there is such a source */
	gboolean dry;
	struct config *config;
	GPtrArray *profiles;
	struct store *store;
	struct http_rules rules;
	struct http *http;
	struct progress progress;
	guint failed;
};

/* One source: a feed, or the metric of a priority. */
struct source {
	char *name; /* "register", "priya/edr" */
	const struct config_feed *feed;
	const char *buyer;
	const struct profile_priority *priority;
};

static void
source_free(gpointer data)
{
	struct source *source = data;

	g_free(source->name);
	g_free(source);
}

static gboolean
load_profiles(struct run *run, GError **error)
{
	g_autoptr(Faults) faults = faults_new();

	run->profiles = installation_profiles(run->config, faults);
	return faults_report(faults, error);
}

static gboolean
run_open(struct run *run, GError **error)
{
	run->config = installation_config(&run->options, error);
	if (!run->config || !load_profiles(run, error))
		return FALSE;
	run->rules = fetch_rules(run->config);
	run->http = http_new(&run->rules);
	if (run->dry && !installation_has_store(run->config))
		return TRUE;
	run->store = installation_store(run->config, error);
	return run->store != NULL;
}

static void
run_close(struct run *run)
{
	g_clear_pointer(&run->http, http_free);
	g_clear_pointer(&run->store, store_close);
	g_clear_pointer(&run->profiles, g_ptr_array_unref);
	g_clear_pointer(&run->config, config_free);
	g_strfreev(run->only);
	g_free(run->met);
	options_clear(&run->options);
}

static gboolean
is_asked(struct run *run, const char *name)
{
	gboolean asked = !run->only;

	for (guint i = 0; run->only && run->only[i]; i++) {
		if (strcmp(run->only[i], name) != 0)
			continue;
		run->met[i] = TRUE;
		asked = TRUE;
	}
	return asked;
}

/* Takes the name. */
static void
add_source(struct run *run, GPtrArray *sources, struct source source)
{
	if (is_asked(run, source.name))
		g_ptr_array_add(sources, g_memdup2(&source, sizeof(source)));
	else
		g_free(source.name);
}

static void
add_metrics(struct run *run, GPtrArray *sources, const struct profile *profile)
{
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		if (!priority->metric.file)
			continue;
		add_source(
			run, sources,
			(struct source){ g_strdup_printf("%s/%s", profile->id,
							 priority->id),
					 NULL, profile->id, priority });
	}
}

static GPtrArray *
find_sources(struct run *run)
{
	GPtrArray *sources = g_ptr_array_new_with_free_func(source_free);
	const GPtrArray *feeds = run->config->fetch.feeds;

	for (guint i = 0; i < feeds->len; i++) {
		const struct config_feed *feed = feeds->pdata[i];

		add_source(run, sources,
			   (struct source){ g_strdup(feed->name), feed, NULL,
					    NULL });
	}
	for (guint i = 0; i < run->profiles->len; i++)
		add_metrics(run, sources, run->profiles->pdata[i]);
	return sources;
}

static gboolean
all_met(const struct run *run, GError **error)
{
	for (guint i = 0; run->only && run->only[i]; i++) {
		if (run->met[i])
			continue;
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--only: there is neither a feed nor a metric file "
			    "'%s' (feeds are named in fetch.feeds, metrics are "
			    "BUYER/PRIORITY)",
			    run->only[i]);
		return FALSE;
	}
	return TRUE;
}

static const char *
outcome_word(enum fetch_outcome outcome)
{
	switch (outcome) {
	case FETCH_READ:
		return "read";
	case FETCH_UNCHANGED:
		return "unchanged";
	case FETCH_NOT_DUE:
		return "not due";
	case FETCH_BUSY:
		return "busy";
	}
	return "";
}

static void
show_json(const struct source *source, const struct fetch_report *report,
	  const GError *error)
{
	json_t *object = json_object();

	json_object_set_new(object, "source", print_json_text(source->name));
	json_object_set_new(object, "kind",
			    json_string(source->feed ? "feed" : "metric"));
	json_object_set_new(
		object, "outcome",
		json_string(error ? "failed" : outcome_word(report->outcome)));
	json_object_set_new(object, "new", json_integer(report->fresh));
	json_object_set_new(object, "known", json_integer(report->known));
	json_object_set_new(object, "dropped", json_integer(report->dropped));
	if (report->fault)
		json_object_set_new(object, "broken",
				    print_json_text(report->fault));
	if (error)
		json_object_set_new(object, "error",
				    print_json_text(error->message));
	print_json(object);
}

static void
show_text(const struct source *source, const struct fetch_report *report)
{
	print_column(source->name, 24);
	if (report->outcome == FETCH_READ)
		printf("  %u new, %u known", report->fresh, report->known);
	else
		printf("  %s", outcome_word(report->outcome));
	if (report->dropped > 0)
		printf(", %u left out", report->dropped);
	if (report->fault) {
		fputs("; the feed is broken: ", stdout);
		print_text(report->fault, FALSE);
	}
	putchar('\n');
}

/* A timer's log needs not know what was not due. */
static void
show(struct run *run, const struct source *source,
     const struct fetch_report *report, GError *error)
{
	progress_clear(&run->progress);
	if (error) {
		run->failed++;
		g_prefix_error(&error, "%s: ", source->name);
		failure_print(error);
	}
	if (!error && report->outcome == FETCH_NOT_DUE)
		return;
	if (run->options.json)
		show_json(source, report, error);
	else if (!error)
		show_text(source, report);
	fflush(stdout);
}

static void
run_one(struct run *run, const struct source *source)
{
	const struct fetch fetch = {
		.config = run->config,
		.store = run->store,
		.http = run->http,
		.now_us = clock_now_us(),
		.force = run->only != NULL,
		.dry = run->dry,
	};
	struct fetch_report report = { 0 };
	g_autoptr(GError) error = NULL;

	if (source->feed)
		(void)fetch_feed(&fetch, source->feed, &report, &error);
	else
		(void)fetch_metric(&fetch, source->buyer, source->priority,
				   &report, &error);
	show(run, source, &report, error);
	fetch_report_clear(&report);
}

static gboolean
run_all(struct run *run, GError **error)
{
	g_autoptr(GPtrArray) sources = NULL;
	const struct fetch fetch = { .config = run->config,
				     .store = run->store,
				     .now_us = clock_now_us() };

	run->met = g_new0(gboolean, run->only ? g_strv_length(run->only) : 1);
	sources = find_sources(run);
	if (!all_met(run, error))
		return FALSE;
	progress_begin(&run->progress, "sources", sources->len);
	for (guint i = 0; i < sources->len; i++) {
		run_one(run, sources->pdata[i]);
		progress_step(&run->progress);
	}
	progress_clear(&run->progress);
	return run->dry || run->only || fetch_expire(&fetch, NULL, error);
}

int
fetch_main(int argc, char **argv)
{
	struct run run = { 0 };
	const GOptionEntry entries[] = {
		{ "only", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &run.only,
		  "this feed or metric (BUYER/PRIORITY), whether it is due or "
		  "not; may be given again",
		  "NAME" },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &run.dry,
		  "read, and say what would be new, but store nothing", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "fetch",
		.summary = "Reads feeds that are due (RSS, Atom, JSON Feed) "
			   "and the files of metrics into the store. For a "
			   "timer; one line a source.",
		.examples = "  pitchward fetch\n"
			    "  pitchward fetch --only cert-alerts --dry-run\n"
			    "  pitchward fetch --only priya/edr",
		.entries = entries,
	};
	g_autoptr(GError) error = NULL;
	int code;

	if (options_parse(&spec, argc, argv, &run.options, &error) &&
	    run_open(&run, &error) && run_all(&run, &error))
		code = run.failed > 0 ? 1 : EX_OK;
	else
		code = failure_exit(error);
	run_close(&run);
	return code;
}
