/* What timers do, seen by what they leave in the store. */
#include "base/clock.h"
#include "doctor_private.h"
#include "print_private.h"
#include "store/jobs.h"
#include "store/signals.h"

/* Every buyer with a digest gets one, or nothing to tell is noted, in this. */
#define QUIET_US (8 * CLOCK_DAY_US)

/* What failed longer ago is not news. */
#define RECENT_US (2 * CLOCK_DAY_US)

/* Held mail may be this much older than it is kept: a timer runs once a day. */
#define LATE_US (2 * CLOCK_DAY_US)

/* A source may fail now and then. */
#define FAILURES_MANY 3

/* Mail of ours that was tried and neither sent nor found to be empty. */
static gboolean
is_stuck(const struct store_job *job, gint64 now_us)
{
	return !job->done && job->lease_us <= now_us && job->attempts > 0 &&
	       job->time_us > now_us - RECENT_US;
}

static void
report_stuck(struct doctor *doctor, const char *kind, guint stuck,
	     const struct store_job *newest)
{
	doctor_report(doctor, FINDING_FAIL, kind,
		      "the journal of pitchward-digest.service has the mail "
		      "server's answer; it is tried again each minute",
		      "%u %s%s not sent, the newest %s after %u attempt%s",
		      stuck, kind, print_plural(stuck), newest->key,
		      newest->attempts, print_plural(newest->attempts));
}

/* TRUE: nothing of this kind waits. */
static gboolean
check_kind(struct doctor *doctor, const char *kind, const GPtrArray *jobs)
{
	const struct store_job *newest = NULL;
	guint stuck = 0;

	for (guint i = 0; i < jobs->len; i++) {
		const struct store_job *job = jobs->pdata[i];

		if (!is_stuck(job, clock_now_us()))
			continue;
		newest = newest ? newest : job;
		stuck++;
	}
	if (newest)
		report_stuck(doctor, kind, stuck, newest);
	return !newest;
}

/* That held mail goes on being told of. */
static void
check_timer(struct doctor *doctor, const GPtrArray *digests,
	    gint64 oldest_held_us)
{
	const gint64 since_us = clock_now_us() - QUIET_US;
	const struct store_job *newest =
		digests->len > 0 ? digests->pdata[0] : NULL;

	if (oldest_held_us > 0 && oldest_held_us < since_us &&
	    (!newest || newest->time_us < since_us))
		doctor_report(doctor, FINDING_WARN, "digest",
			      "systemctl enable --now pitchward-digest.timer",
			      "mail is held, and no digest was due for %d days",
			      (int)(QUIET_US / CLOCK_DAY_US));
	else
		doctor_report(doctor, FINDING_OK, "digest", NULL,
			      "none waits to be sent");
}

static void
check_mails(struct doctor *doctor, struct store *store, gint64 oldest_held_us)
{
	g_autoptr(GPtrArray) digests =
		store_job_list(store, "digest", NULL, 0, NULL);
	g_autoptr(GPtrArray) notices =
		store_job_list(store, "notice", NULL, 0, NULL);

	if (digests && check_kind(doctor, "digest", digests))
		check_timer(doctor, digests, oldest_held_us);
	if (notices)
		check_kind(doctor, "notice", notices);
}

/* What its buyer wants does not expire, and stays for as long as it is held. */
static void
check_expiry(struct doctor *doctor, gint64 oldest_expiring_us)
{
	const gint64 keep_us = doctor->config->keep_us;
	const gint64 age_us = clock_now_us() - oldest_expiring_us;

	if (oldest_expiring_us > 0 && age_us > keep_us + LATE_US)
		doctor_report(doctor, FINDING_WARN, "expiry",
			      "systemctl enable --now pitchward-expire.timer",
			      "the oldest held mail is %" G_GINT64_FORMAT
			      " days old, and quarantine.keep is "
			      "%" G_GINT64_FORMAT,
			      age_us / CLOCK_DAY_US, keep_us / CLOCK_DAY_US);
}

static void
check_sources(struct doctor *doctor, struct store *store)
{
	g_autoptr(GPtrArray) sources = store_source_list(store, NULL);

	for (guint i = 0; sources && i < sources->len; i++) {
		const struct store_source *source = sources->pdata[i];

		if (source->failures >= FAILURES_MANY)
			doctor_report(doctor, FINDING_WARN, "source",
				      "see whether its address still holds, or "
				      "take it out of fetch.feeds",
				      "%s failed %u times on end: %s",
				      source->name, source->failures,
				      source->error);
	}
}

void
doctor_jobs(struct doctor *doctor, struct store *store)
{
	struct store_stats stats = { 0 };

	if (!store_stats(store, &stats, NULL))
		return;
	check_mails(doctor, store, stats.oldest_held_us);
	check_expiry(doctor, stats.oldest_expiring_us);
	check_sources(doctor, store);
}
