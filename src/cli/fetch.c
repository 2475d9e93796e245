#include "command_private.h"

#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "failure_private.h"
#include "installation_private.h"
#include "market/front.h"
#include "market/glean.h"
#include "options_private.h"
#include "print_private.h"
#include "progress_private.h"
#include "vendor_private.h"

/* Reading what came must not keep the next run of a timer waiting. */
#define GLEAN_MAX (600 * CLOCK_SECOND_US)

/* The command's options, and what they are applied to. */
struct run {
	struct options options;
	char **only;
	char **vendors;	   /* as given, whose front page is asked for */
	GPtrArray *wanted; /* names of sources: `only`, and those pages */
	GHashTable *met;   /* those of them that there are */
	gboolean dry;
	struct config *config;
	GPtrArray *profiles;
	struct store *store;
	struct http_rules rules;
	struct http *http;
	struct progress progress;
	guint failed;
	int code; /* of what was read */
};

/* One source: a feed, the metric of a priority, or a vendor's front page. */
struct source {
	char *name; /* "register", "priya/edr", "vendor/acme.example" */
	const struct config_feed *feed;
	const char *buyer;
	const struct profile_priority *priority;
	gboolean front;
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
	run->profiles =
		installation_sound_profiles(run->config, &run->code, error);
	return run->profiles != NULL;
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
forget_wanted(struct run *run)
{
	g_clear_pointer(&run->wanted, g_ptr_array_unref);
	g_clear_pointer(&run->met, g_hash_table_unref);
	g_strfreev(run->vendors);
	g_strfreev(run->only);
}

static void
run_close(struct run *run)
{
	http_free(run->http);
	store_close(run->store);
	g_clear_pointer(&run->profiles, g_ptr_array_unref);
	config_free(run->config);
	forget_wanted(run);
	options_clear(&run->options);
}

static gboolean
is_asked(struct run *run, const char *name)
{
	if (!g_ptr_array_find_with_equal_func(run->wanted, name, g_str_equal,
					      NULL))
		return run->wanted->len == 0;
	g_hash_table_add(run->met, g_strdup(name));
	return TRUE;
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
		add_source(run, sources,
			   (struct source){
				   .name = g_strdup_printf("%s/%s", profile->id,
							   priority->id),
				   .buyer = profile->id,
				   .priority = priority });
	}
}

/* Those that somebody wants, and with a dry run those of the command line. */
static gboolean
add_fronts(struct run *run, GPtrArray *sources, GError **error)
{
	g_autoptr(GPtrArray) domains = NULL;

	if (!run->config->fetch.front_pages)
		return TRUE;
	domains = run->store ? front_domains(run->store, clock_now_us(), error)
			     : g_ptr_array_new_with_free_func(g_free);
	if (!domains)
		return FALSE;
	for (guint i = 0; i < run->wanted->len; i++) {
		const char *domain = run->wanted->pdata[i];

		if (run->dry && run->vendors &&
		    g_str_has_prefix(domain, FRONT_SOURCE) &&
		    !g_ptr_array_find_with_equal_func(
			    domains, domain + strlen(FRONT_SOURCE), g_str_equal,
			    NULL))
			g_ptr_array_add(
				domains,
				g_strdup(domain + strlen(FRONT_SOURCE)));
	}
	for (guint i = 0; i < domains->len; i++)
		add_source(run, sources,
			   (struct source){
				   .name = front_source(domains->pdata[i]),
				   .front = TRUE });
	return TRUE;
}

/* That somebody asks at the command line is written down as on the page. */
static gboolean
ask_vendor(struct run *run, const char *given, GError **error)
{
	g_autofree char *domain =
		vendor_given_domain(run->config, "fetch", given, error);
	g_autofree char *by = vendor_given_by();

	if (!domain)
		return FALSE;
	if (!front_domain_valid(domain)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "fetch: %s has no front page; a vendor's domain is "
			    "like acme.example",
			    domain);
		return FALSE;
	}
	g_ptr_array_add(run->wanted, front_source(domain));
	return run->dry || front_wish(run->store, domain, by, error);
}

static gboolean
find_wanted(struct run *run, GError **error)
{
	run->wanted = g_ptr_array_new_with_free_func(g_free);
	run->met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; run->only && run->only[i]; i++)
		g_ptr_array_add(run->wanted, g_strdup(run->only[i]));
	if (run->vendors && !run->config->fetch.front_pages) {
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_NO,
				    "fetch: front pages are not read: "
				    "fetch.front_pages is no");
		return FALSE;
	}
	for (guint i = 0; run->vendors && run->vendors[i]; i++) {
		if (!ask_vendor(run, run->vendors[i], error))
			return FALSE;
	}
	return TRUE;
}

static GPtrArray *
find_sources(struct run *run, GError **error)
{
	g_autoptr(GPtrArray) sources =
		g_ptr_array_new_with_free_func(source_free);
	const GPtrArray *feeds = run->config->fetch.feeds;

	for (guint i = 0; i < feeds->len; i++) {
		const struct config_feed *feed = feeds->pdata[i];

		add_source(run, sources,
			   (struct source){ .name = g_strdup(feed->name),
					    .feed = feed });
	}
	for (guint i = 0; i < run->profiles->len; i++)
		add_metrics(run, sources, run->profiles->pdata[i]);
	return add_fronts(run, sources, error) ? g_steal_pointer(&sources)
					       : NULL;
}

static gboolean
all_met(const struct run *run, GError **error)
{
	for (guint i = 0; i < run->wanted->len; i++) {
		const char *name = run->wanted->pdata[i];

		if (g_hash_table_contains(run->met, name))
			continue;
		if (g_str_has_prefix(name, FRONT_SOURCE))
			g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "--only: nobody wants '%s', or asked for "
				    "it; --vendor asks for it",
				    name);
		else
			g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "--only: there is neither a feed nor a "
				    "metric file '%s' (feeds are named in "
				    "fetch.feeds, metrics are BUYER/PRIORITY, "
				    "front pages " FRONT_SOURCE "DOMAIN)",
				    name);
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

static const char *
kind_word(const struct source *source)
{
	if (source->front)
		return "front page";
	return source->feed ? "feed" : "metric";
}

static void
show_json(const struct source *source, const struct fetch_report *report,
	  const GError *error)
{
	json_t *object = json_object();

	json_object_set_new(object, "source", print_json_text(source->name));
	json_object_set_new(object, "kind", json_string(kind_word(source)));
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
	if (report->outcome == FETCH_READ && !source->front)
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
		.force = run->wanted->len > 0,
		.dry = run->dry,
	};
	struct fetch_report report = { 0 };
	g_autoptr(GError) error = NULL;

	if (source->front)
		(void)fetch_front(&fetch, source->name + strlen(FRONT_SOURCE),
				  &report, &error);
	else if (source->feed)
		(void)fetch_feed(&fetch, source->feed, &report, &error);
	else
		(void)fetch_metric(&fetch, source->buyer, source->priority,
				   &report, &error);
	show(run, source, &report, error);
	fetch_report_clear(&report);
}

static void
show_glean(const struct run *run, const struct glean *done)
{
	json_t *object;

	if (!run->options.json) {
		if (done->messages + done->items > 0)
			printf("read: %u message%s (%u quotation%s), %u "
			       "item%s\n",
			       done->messages, print_plural(done->messages),
			       done->quotes, print_plural(done->quotes),
			       done->items, print_plural(done->items));
		return;
	}
	object = json_object();
	json_object_set_new(object, "read", json_true());
	json_object_set_new(object, "messages", json_integer(done->messages));
	json_object_set_new(object, "quotes", json_integer(done->quotes));
	json_object_set_new(object, "items", json_integer(done->items));
	json_object_set_new(object, "gone", json_integer(done->gone));
	print_json(object);
}

/* What came, and held mail, is searched from now on. */
static gboolean
read_new(const struct run *run, GError **error)
{
	g_autoptr(GError) local = NULL;
	struct glean done = { 0 };

	if (glean_run(run->store, clock_monotonic_us() + GLEAN_MAX, &done,
		      &local)) {
		show_glean(run, &done);
		return TRUE;
	}
	/* Another process is at it, and reads this, too. */
	if (g_error_matches(local, STORE_ERROR, STORE_ERROR_CONFLICT))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
end_run(const struct run *run, GError **error)
{
	const struct fetch fetch = { .config = run->config,
				     .store = run->store,
				     .now_us = clock_now_us() };

	if (run->dry)
		return TRUE;
	if (run->wanted->len == 0 && !fetch_expire(&fetch, NULL, error))
		return FALSE;
	return read_new(run, error);
}

static gboolean
run_all(struct run *run, GError **error)
{
	g_autoptr(GPtrArray) sources = NULL;

	if (!find_wanted(run, error))
		return FALSE;
	sources = find_sources(run, error);
	if (!sources || !all_met(run, error))
		return FALSE;
	progress_begin(&run->progress, "sources", sources->len);
	for (guint i = 0; i < sources->len; i++) {
		run_one(run, sources->pdata[i]);
		progress_step(&run->progress);
	}
	progress_clear(&run->progress);
	return end_run(run, error);
}

int
fetch_main(int argc, char **argv)
{
	struct run run = { 0 };
	const GOptionEntry entries[] = {
		{ "only", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &run.only,
		  "this feed, metric (BUYER/PRIORITY) or front page "
		  "(vendor/DOMAIN), whether it is due or not; may be given "
		  "again",
		  "NAME" },
		{ "vendor", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &run.vendors,
		  "the front page of this vendor, once, whether anybody wants "
		  "it or not; may be given again",
		  "DOMAIN" },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &run.dry,
		  "read, and say what would be new, but store nothing", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "fetch",
		.summary = "Reads feeds that are due (RSS, Atom, JSON Feed), "
			   "the files of metrics and the front pages of "
			   "vendors that are wanted into the store, then what "
			   "is new there and in held mail, to be searched. For "
			   "a timer; one line a source.",
		.examples = "  pitchward fetch\n"
			    "  pitchward fetch --only cert-alerts --dry-run\n"
			    "  pitchward fetch --only priya/edr\n"
			    "  pitchward fetch --vendor acme.example",
		.entries = entries,
	};
	g_autoptr(GError) error = NULL;
	int code;

	if (options_parse(&spec, argc, argv, &run.options, &error) &&
	    run_open(&run, &error) && run_all(&run, &error))
		code = failure_worse(run.failed > 0 ? 1 : EX_OK, run.code);
	else
		code = failure_exit(error);
	run_close(&run);
	return code;
}
