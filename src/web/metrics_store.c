/* Figures of the store, of what timers left there, and of sources. */
#include <string.h>

#include "base/clock.h"
#include "base/exposition.h"
#include "metrics_private.h"
#include "review/schedule.h"
#include "store/jobs.h"
#include "store/signals.h"

/* Of one kind in a day: what is beyond is not counted. */
#define JOBS_MAX 50000

static double
seconds(gint64 us)
{
	return (double)us / CLOCK_SECOND_US;
}

static void
gauge(GString *out, const char *name, double value, const char *help)
{
	exposition_single(out, name, "gauge", value, help);
}

static void
add_states(GString *out, const struct store_stats *stats)
{
	static const char name[] = "pitchward_store_messages";

	exposition_family(out, name, "gauge",
			  "Messages in the store, by state.");
	for (int i = 0; i <= STORE_EXPIRED; i++)
		exposition_sample(out, name, (double)stats->states[i], "state",
				  store_state_name((enum store_state)i), NULL);
}

static void
add_day(GString *out, const struct store_stats *stats)
{
	static const char name[] = "pitchward_store_day_messages";

	exposition_family(out, name, "gauge",
			  "Messages of the last 24 hours, by verdict.");
	exposition_sample(out, name, (double)stats->delivered_day, "verdict",
			  "deliver", NULL);
	exposition_sample(out, name, (double)stats->tagged_day, "verdict",
			  "tag", NULL);
	exposition_sample(out, name, (double)stats->held_day, "verdict",
			  "quarantine", NULL);
}

static void
add_stats(GString *out, const struct store_stats *stats, gint64 now_us)
{
	const gint64 oldest_us = stats->oldest_expiring_us;
	const gint64 held_us = oldest_us > 0 ? now_us - oldest_us : 0;

	add_states(out, stats);
	add_day(out, stats);
	gauge(out, "pitchward_store_held_oldest_age_seconds",
	      seconds(MAX(held_us, 0)),
	      "Age of the oldest held message that is to expire.");
	gauge(out, "pitchward_store_contacts", (double)stats->contacts,
	      "Contacts in the ledger.");
	gauge(out, "pitchward_store_size_bytes", (double)stats->bytes,
	      "What the store takes on disk.");
	gauge(out, "pitchward_store_schema", stats->schema,
	      "The number of the store's schema.");
}

static void
add_feedback(GString *out, struct store *store, gint64 now_us)
{
	static const char name[] = "pitchward_store_day_feedback";
	g_autoptr(GPtrArray) said = store_feedback_list(
		store, NULL, now_us - CLOCK_DAY_US, FALSE, NULL);
	guint counts[STORE_NOT_OUTREACH + 1] = { 0 };

	if (!said)
		return;
	for (guint i = 0; i < said->len; i++) {
		const struct store_feedback *one = said->pdata[i];

		counts[one->label]++;
	}
	exposition_family(out, name, "gauge",
			  "What buyers said in the last 24 hours, by label.");
	for (int i = 0; i <= STORE_NOT_OUTREACH; i++)
		exposition_sample(out, name, counts[i], "label",
				  store_label_name((enum store_label)i), NULL);
}

static void
add_kind(GString *out, const char *name, const char *kind,
	 const GPtrArray *jobs, gint64 now_us)
{
	guint done = 0;
	guint running = 0;
	guint failed = 0;

	for (guint i = 0; i < jobs->len; i++) {
		const struct store_job *job = jobs->pdata[i];

		if (job->time_us < now_us - CLOCK_DAY_US)
			break;
		if (job->done)
			done++;
		else if (job->lease_us > now_us)
			running++;
		else
			failed++;
	}
	exposition_sample(out, name, done, "kind", kind, "state", "done", NULL);
	exposition_sample(out, name, running, "kind", kind, "state", "running",
			  NULL);
	exposition_sample(out, name, failed, "kind", kind, "state", "failed",
			  NULL);
}

static void
add_jobs(GString *out, struct store *store, gint64 now_us)
{
	static const char *const kinds[] = { "digest", "notice", "brief",
					     "group", SCHEDULE_TRAIN };
	static const char name[] = "pitchward_jobs";

	exposition_family(out, name, "gauge",
			  "Jobs changed in the last 24 hours; failed ones are "
			  "tried again.");
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autoptr(GPtrArray) jobs =
			store_job_list(store, kinds[i], NULL, JOBS_MAX, NULL);

		if (jobs)
			add_kind(out, name, kinds[i], jobs, now_us);
	}
}

/* Front pages come and go with vendors; feeds are the administrator's own. */
static const struct store_source *
find_feed(const GPtrArray *sources, const struct config_feed *feed)
{
	for (guint i = 0; i < sources->len; i++) {
		const struct store_source *source = sources->pdata[i];

		if (strcmp(source->name, feed->name) == 0)
			return source;
	}
	return NULL;
}

static void
add_feeds(GString *out, const GPtrArray *feeds, const GPtrArray *sources)
{
	static const char failures[] = "pitchward_feed_failures";
	static const char success[] =
		"pitchward_feed_last_success_timestamp_seconds";

	exposition_family(out, failures, "gauge", "Failures on end of a feed.");
	for (guint i = 0; i < feeds->len; i++) {
		const struct config_feed *feed = feeds->pdata[i];
		const struct store_source *source = find_feed(sources, feed);

		exposition_sample(out, failures, source ? source->failures : 0,
				  "feed", feed->name, NULL);
	}
	exposition_family(out, success, "gauge",
			  "When a feed last answered (Unix time); 0: never.");
	for (guint i = 0; i < feeds->len; i++) {
		const struct config_feed *feed = feeds->pdata[i];
		const struct store_source *source = find_feed(sources, feed);

		exposition_sample(out, success,
				  source ? seconds(source->success_us) : 0,
				  "feed", feed->name, NULL);
	}
}

static void
add_sources(GString *out, struct store *store, const struct config *config)
{
	g_autoptr(GPtrArray) sources = store_source_list(store, NULL);
	guint failing = 0;

	if (!sources)
		return;
	add_feeds(out, config->fetch.feeds, sources);
	for (guint i = 0; i < sources->len; i++) {
		const struct store_source *source = sources->pdata[i];

		failing += source->failures > 0;
	}
	gauge(out, "pitchward_sources", sources->len,
	      "Feeds and front pages that were asked.");
	gauge(out, "pitchward_sources_failing", failing,
	      "Those whose last request failed.");
}

void
metrics_store(const struct web_request *request, GString *out)
{
	struct store *store = request->site->store;
	struct store_stats stats = { 0 };
	const gboolean up = store && store_stats(store, &stats, NULL);

	gauge(out, "pitchward_store_keep_seconds",
	      seconds(request->snapshot->config->keep_us),
	      "As quarantine.keep says.");
	gauge(out, "pitchward_store_up", up,
	      "Whether the store answers pitchward-web.");
	if (!up)
		return;
	add_stats(out, &stats, request->now_us);
	add_feedback(out, store, request->now_us);
	add_jobs(out, store, request->now_us);
	add_sources(out, store, request->snapshot->config);
}
