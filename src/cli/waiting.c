#include "waiting_private.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

#define EVERY_US CLOCK_SECOND_US

struct waiting {
	const char *what;
	GMutex lock;
	GCond turn;
	gboolean ended; /* under the lock */
	GThread *thread;
};

/* FALSE when it has ended before. */
static gboolean
doze(struct waiting *waiting, gint64 until_us)
{
	while (!waiting->ended &&
	       g_cond_wait_until(&waiting->turn, &waiting->lock, until_us))
		continue;
	return !waiting->ended;
}

static gpointer
run(gpointer data)
{
	struct waiting *waiting = data;
	const gint64 began_us = g_get_monotonic_time();
	guint seconds = 0;

	g_mutex_lock(&waiting->lock);
	while (doze(waiting, began_us + (seconds + 1) * EVERY_US)) {
		fprintf(stderr, "\r%s: %u s", waiting->what, ++seconds);
		fflush(stderr);
	}
	g_mutex_unlock(&waiting->lock);
	if (seconds > 0)
		fputs("\r\033[K", stderr);
	fflush(stderr);
	return NULL;
}

struct waiting *
waiting_begin(const char *what)
{
	struct waiting *waiting;

	if (!isatty(STDERR_FILENO))
		return NULL;
	waiting = g_new0(struct waiting, 1);
	waiting->what = what;
	g_mutex_init(&waiting->lock);
	g_cond_init(&waiting->turn);
	waiting->thread = g_thread_new("waiting", run, waiting);
	return waiting;
}

void
waiting_end(struct waiting *waiting)
{
	if (!waiting)
		return;
	g_mutex_lock(&waiting->lock);
	waiting->ended = TRUE;
	g_cond_signal(&waiting->turn);
	g_mutex_unlock(&waiting->lock);
	g_thread_join(waiting->thread);
	g_mutex_clear(&waiting->lock);
	g_cond_clear(&waiting->turn);
	g_free(waiting);
}
