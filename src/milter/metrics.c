#include "metrics_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define PERIOD_US (5 * CLOCK_SECOND_US)

/* What did not change is written all the same, so that its reader sees that
 * the filter lives. */
#define LIVE_US (20 * CLOCK_SECOND_US)

struct metrics {
	struct site *site;
	char *path;
	char *half;  /* not whole yet */
	char *shown; /* the text in the file; NULL: none */
	gint64 shown_us;
	gboolean told; /* that it cannot be written */
	pthread_mutex_t lock;
	pthread_cond_t wake; /* on the monotonic clock */
	gboolean closing;    /* under the lock */
	gboolean hurry;	     /* the same */
	GThread *thread;
};

static gboolean
write_all(int fd, const char *text)
{
	const gsize size = strlen(text);

	return write(fd, text, size) == (gssize)size;
}

/* Not file_replace(): what is of no worth after a crash must not take fsyncs
 * from mail. */
static gboolean
replace(const struct metrics *metrics, const char *text)
{
	const int fd = open(metrics->half,
			    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	gboolean ok;

	if (fd < 0)
		return FALSE;
	ok = write_all(fd, text);
	ok = close(fd) == 0 && ok;
	return ok && g_rename(metrics->half, metrics->path) == 0;
}

static void
publish(struct metrics *metrics)
{
	const gint64 now_us = clock_monotonic_us();
	g_autofree char *text = metrics_text(metrics->site);

	if (metrics->shown && now_us - metrics->shown_us < LIVE_US &&
	    strcmp(text, metrics->shown) == 0)
		return;
	if (!replace(metrics, text)) {
		if (!metrics->told)
			log_write(LOG_LEVEL_WARNING,
				  "figures cannot be written to %s: %s",
				  metrics->path, g_strerror(errno));
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
	const gint64 until_us = clock_monotonic_us() + PERIOD_US;
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
	metrics->half = g_strconcat(metrics->path, ".new", NULL);
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
	g_unlink(metrics->path);
	g_unlink(metrics->half);
	pthread_cond_destroy(&metrics->wake);
	pthread_mutex_destroy(&metrics->lock);
	g_free(metrics->path);
	g_free(metrics->half);
	g_free(metrics->shown);
	g_free(metrics);
}
