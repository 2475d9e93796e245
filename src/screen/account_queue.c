#include "account_queue_private.h"

#include <pthread.h>
#include <signal.h>

#include "account_rows_private.h"
#include "base/clock.h"

/* After a store that failed, all that is queued fails at once for so long. */
#define AWAY_US (60 * CLOCK_SECOND_US)

struct account_queue {
	char *store_url;
	atomic_bool stop;
	pthread_mutex_t lock; /* of the four below */
	pthread_cond_t changed;
	GQueue waiting; /* of struct account */
	gboolean busy;
	gboolean running;
	pthread_t thread;
	/* The thread's own. */
	struct store *store;
	gint64 away_us; /* monotonic: not opened before */
};

struct account_queue *
account_queue_new(const char *store_url)
{
	struct account_queue *queue = g_new0(struct account_queue, 1);
	pthread_condattr_t monotonic;

	queue->store_url = g_strdup(store_url);
	atomic_init(&queue->stop, FALSE);
	pthread_mutex_init(&queue->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&queue->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	g_queue_init(&queue->waiting);
	return queue;
}

void
account_queue_free(struct account_queue *queue)
{
	if (!queue)
		return;
	pthread_mutex_lock(&queue->lock);
	atomic_store(&queue->stop, TRUE);
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
	if (queue->running)
		pthread_join(queue->thread, NULL);
	g_queue_clear(&queue->waiting);
	pthread_cond_destroy(&queue->changed);
	pthread_mutex_destroy(&queue->lock);
	g_free(queue->store_url);
	g_free(queue);
}

static GArray *
read_rows(struct account_queue *queue, const struct account_need *need)
{
	if (!queue->store && clock_monotonic_us() >= queue->away_us)
		queue->store = store_open(queue->store_url, NULL);
	return queue->store ? account_rows_read(queue->store, need,
						clock_now_us(), &queue->stop)
			    : NULL;
}

static void
load(struct account_queue *queue, struct account *account)
{
	const struct account_need need = account_need(account);
	g_autoptr(GArray) rows = read_rows(queue, &need);

	if (rows) {
		account_merge(account, &need, rows);
		return;
	}
	account_fail(account);
	if (clock_monotonic_us() < queue->away_us)
		return;
	queue->away_us = clock_monotonic_us() + AWAY_US;
	g_clear_pointer(&queue->store, store_close);
}

/* An idle store would keep files and a thread; it is seldom needed again. */
static void
rest(struct account_queue *queue)
{
	queue->busy = FALSE;
	pthread_cond_broadcast(&queue->changed);
	if (queue->store) {
		pthread_mutex_unlock(&queue->lock);
		g_clear_pointer(&queue->store, store_close);
		pthread_mutex_lock(&queue->lock);
		return;
	}
	pthread_cond_wait(&queue->changed, &queue->lock);
}

static void *
run(void *data)
{
	struct account_queue *queue = data;

	pthread_mutex_lock(&queue->lock);
	while (!atomic_load(&queue->stop)) {
		struct account *account = g_queue_pop_head(&queue->waiting);

		if (!account) {
			rest(queue);
			continue;
		}
		queue->busy = TRUE;
		pthread_mutex_unlock(&queue->lock);
		load(queue, account);
		pthread_mutex_lock(&queue->lock);
	}
	queue->busy = FALSE;
	pthread_mutex_unlock(&queue->lock);
	g_clear_pointer(&queue->store, store_close);
	return NULL;
}

/* Signals are for the threads that were there before. */
static gboolean
start(struct account_queue *queue)
{
	sigset_t all;
	sigset_t before;

	if (queue->running)
		return TRUE;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	queue->running = pthread_create(&queue->thread, NULL, run, queue) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return queue->running;
}

void
account_queue_add(struct account_queue *queue, struct account *account)
{
	gboolean started;

	pthread_mutex_lock(&queue->lock);
	started = start(queue);
	if (started) {
		g_queue_push_tail(&queue->waiting, account);
		pthread_cond_broadcast(&queue->changed);
	}
	pthread_mutex_unlock(&queue->lock);
	if (!started)
		account_fail(account);
}

gboolean
account_queue_wait(struct account_queue *queue, gint64 deadline_us)
{
	const struct timespec until = {
		.tv_sec = (time_t)(deadline_us / CLOCK_SECOND_US),
		.tv_nsec = (long)(deadline_us % CLOCK_SECOND_US) * 1000,
	};
	gboolean done = FALSE;
	int status = 0;

	pthread_mutex_lock(&queue->lock);
	while (!done && status == 0) {
		done = !queue->busy && g_queue_is_empty(&queue->waiting);
		if (!done)
			status = pthread_cond_timedwait(&queue->changed,
							&queue->lock, &until);
	}
	pthread_mutex_unlock(&queue->lock);
	return done;
}
