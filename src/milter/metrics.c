#include "metrics_private.h"

#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/clock.h"
#include "base/exposition.h"
#include "base/log.h"
#include "slate_private.h"

#define PERIOD_US (5 * CLOCK_SECOND_US)

/* What did not change is written all the same, so that its reader sees that
 * the filter lives. */
#define LIVE_US (20 * CLOCK_SECOND_US)

/* Who reads the copy that was shown before has at least this long for it. */
#define CALM_US (CLOCK_SECOND_US / 5)

struct metrics {
	struct site *site;
	char *path;
	struct slate *slate;
	char *shown; /* the figures in the file; NULL: none */
	gint64 shown_us;
	gboolean told; /* that it cannot be written */
	pthread_mutex_t lock;
	pthread_cond_t wake; /* on the monotonic clock */
	gboolean closing;    /* under the lock */
	gboolean hurry;	     /* the same */
	GThread *thread;
};

/* With the time, by which a monitor that reads the file sees that it is of a
 * filter that is gone. */
static gboolean
show(struct metrics *metrics, const char *figures, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	exposition_single(text, "pitchward_milter_written_timestamp_seconds",
			  "gauge", (double)clock_now_us() / CLOCK_SECOND_US,
			  "When the filter wrote its figures (Unix time).");
	g_string_append(text, figures);
	return slate_write(metrics->slate, text->str, error);
}

static void
publish(struct metrics *metrics)
{
	const gint64 now_us = clock_monotonic_us();
	struct site *site = metrics->site;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	counter_add(&site->counters->dropped, vault_dropped(site->vault));
	text = metrics_text(site);
	if (metrics->shown && now_us - metrics->shown_us < LIVE_US &&
	    strcmp(text, metrics->shown) == 0)
		return;
	if (!show(metrics, text, &error)) {
		if (!metrics->told)
			log_write(LOG_LEVEL_WARNING,
				  "figures cannot be written to %s: %s",
				  metrics->path, error->message);
		metrics->told = TRUE;
		return;
	}
	g_free(metrics->shown);
	metrics->shown = g_steal_pointer(&text);
	metrics->shown_us = now_us;
	metrics->told = FALSE;
}

/* FALSE: it is to end. */
static gboolean
doze(struct metrics *metrics)
{
	const gint64 since_us = clock_monotonic_us();
	const gint64 until_us = since_us + PERIOD_US;
	const struct timespec until = {
		.tv_sec = (time_t)(until_us / CLOCK_SECOND_US),
		.tv_nsec = (long)(until_us % CLOCK_SECOND_US) * 1000,
	};
	gboolean closing;

	pthread_mutex_lock(&metrics->lock);
	while (!metrics->closing && !metrics->hurry &&
	       pthread_cond_timedwait(&metrics->wake, &metrics->lock, &until) ==
		       0)
		continue;
	if (metrics->hurry)
		g_clear_pointer(&metrics->shown, g_free);
	metrics->hurry = FALSE;
	closing = metrics->closing;
	pthread_mutex_unlock(&metrics->lock);
	if (!closing)
		g_usleep((gulong)MAX(since_us + CALM_US - clock_monotonic_us(),
				     0));
	return !closing;
}

static gpointer
run(gpointer data)
{
	struct metrics *metrics = data;

	prctl(PR_SET_NAME, "figures", 0, 0, 0);
	do
		publish(metrics);
	while (doze(metrics));
	return NULL;
}

struct metrics *
metrics_new(struct site *site)
{
	g_autoptr(Snapshot) snapshot = site_snapshot(site);
	struct metrics *metrics = g_new0(struct metrics, 1);
	pthread_condattr_t attr;

	metrics->site = site;
	metrics->path = g_strconcat(snapshot->config->spool, ".prom", NULL);
	metrics->slate = slate_new(metrics->path);
	pthread_mutex_init(&metrics->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&metrics->wake, &attr);
	pthread_condattr_destroy(&attr);
	metrics->thread = g_thread_new("figures", run, metrics);
	return metrics;
}

void
metrics_hurry(struct metrics *metrics)
{
	pthread_mutex_lock(&metrics->lock);
	metrics->hurry = TRUE;
	pthread_cond_signal(&metrics->wake);
	pthread_mutex_unlock(&metrics->lock);
}

void
metrics_free(struct metrics *metrics)
{
	if (!metrics)
		return;
	pthread_mutex_lock(&metrics->lock);
	metrics->closing = TRUE;
	pthread_cond_signal(&metrics->wake);
	pthread_mutex_unlock(&metrics->lock);
	g_thread_join(metrics->thread);
	/* Nothing to read, rather than no file: its blocks are for the next
	 * filter, should the disk be full then. */
	(void)slate_write(metrics->slate, "", NULL);
	slate_free(metrics->slate);
	pthread_cond_destroy(&metrics->wake);
	pthread_mutex_destroy(&metrics->lock);
	g_free(metrics->path);
	g_free(metrics->shown);
	g_free(metrics);
}
