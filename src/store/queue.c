#include "queue_private.h"

#include "base/clock.h"
#include "store/store.h"
#include "thread_private.h"

#define WAITED_MAX 1024
#define POSTED_MAX 2048

/* One transaction: this many jobs or bytes. */
#define BATCH_MAX	 128
#define BATCH_POSTED_MAX 64
#define BATCH_WEIGHT_MAX (8 << 20)

/* Posted jobs wait this long for company, or until there are this many. */
#define GATHER_US  G_GINT64_CONSTANT(100000)
#define GATHER_MAX 256

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t work;
	GQueue waited;
	GQueue posted;
	guint fences; /* waited for in `posted` */
	guint64 dropped;
	gint64 gather_until_us;
	gboolean blocked;
	gboolean closed;
	gint64 close_deadline_us;
};

void
job_init(struct job *job)
{
	atomic_init(&job->refs, 1);
	job->step = JOB_QUEUED;
	job->link.data = job;
	thread_cond_init(&job->done);
}

void
job_unref(struct job *job)
{
	if (atomic_fetch_sub(&job->refs, 1) != 1)
		return;
	pthread_cond_destroy(&job->done);
	g_clear_error(&job->error);
	job->free(job);
}

struct queue *
queue_new(void)
{
	struct queue *queue = g_new0(struct queue, 1);

	pthread_mutex_init(&queue->lock, NULL);
	thread_cond_init(&queue->work);
	g_queue_init(&queue->waited);
	g_queue_init(&queue->posted);
	return queue;
}

static void
drop_all(GQueue *jobs)
{
	GList *link;

	while ((link = g_queue_pop_head_link(jobs)))
		job_unref(link->data);
}

guint64
queue_free(struct queue *queue)
{
	const guint64 dropped = queue->dropped + queue->posted.length;

	drop_all(&queue->waited);
	drop_all(&queue->posted);
	pthread_cond_destroy(&queue->work);
	pthread_mutex_destroy(&queue->lock);
	g_free(queue);
	return dropped;
}

/* With the lock held. Both lists give one reference for what is in them. */
static gboolean
push(struct queue *queue, GQueue *jobs, guint max, struct job *job)
{
	if (queue->closed || jobs->length >= max)
		return FALSE;
	if (jobs == &queue->posted && jobs->length == 0)
		queue->gather_until_us = clock_monotonic_us() + GATHER_US;
	g_queue_push_tail_link(jobs, &job->link);
	/* The writer sleeps until the gathering ends: not a wake-up a job. */
	if (jobs != &queue->posted || jobs->length == 1 ||
	    jobs->length >= GATHER_MAX || queue->fences > 0)
		pthread_cond_signal(&queue->work);
	return TRUE;
}

/* With the lock held: the job did not end in time. */
static void
give_up(struct queue *queue, GQueue *jobs, struct job *job, GError **error)
{
	gboolean begun = job->step == JOB_BEGUN;
	gboolean busy = !begun && queue->blocked;

	job->left = TRUE;
	g_set_error(error, STORE_ERROR,
		    busy ? STORE_ERROR_BUSY : STORE_ERROR_TIME, "%s",
		    busy    ? "locked by another process"
		    : begun ? "not committed in time; it may still be"
			    : "no time left to write");
	if (begun)
		return;
	g_queue_unlink(jobs, &job->link);
	job_unref(job);
}

static gboolean
wait_in(struct queue *queue, GQueue *jobs, guint max, struct job *job,
	GError **error)
{
	gboolean in_time = TRUE;

	if (!push(queue, jobs, max, job)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY, "%s",
			    queue->closed ? "the store is being closed"
					  : "too many writes are waiting");
		return FALSE;
	}
	atomic_fetch_add(&job->refs, 1);
	while (job->step < JOB_DONE && in_time)
		in_time = thread_cond_wait_until(&job->done, &queue->lock,
						 job->deadline_us);
	if (job->step < JOB_DONE) {
		give_up(queue, jobs, job, error);
		return FALSE;
	}
	if (!job->error)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&job->error));
	return FALSE;
}

gboolean
queue_wait(struct queue *queue, struct job *job, GError **error)
{
	gboolean ok;

	pthread_mutex_lock(&queue->lock);
	ok = wait_in(queue, &queue->waited, WAITED_MAX, job, error);
	pthread_mutex_unlock(&queue->lock);
	return ok;
}

gboolean
queue_wait_last(struct queue *queue, struct job *job, GError **error)
{
	gboolean ok;

	pthread_mutex_lock(&queue->lock);
	queue->fences++;
	ok = wait_in(queue, &queue->posted, G_MAXUINT, job, error);
	queue->fences--;
	pthread_mutex_unlock(&queue->lock);
	return ok;
}

void
queue_post(struct queue *queue, struct job *job)
{
	gboolean ok;

	g_assert(job->deadline_us == 0);
	pthread_mutex_lock(&queue->lock);
	ok = push(queue, &queue->posted, POSTED_MAX, job);
	if (!ok)
		queue->dropped++;
	pthread_mutex_unlock(&queue->lock);
	if (!ok)
		job_unref(job);
}

guint64
queue_dropped(struct queue *queue)
{
	guint64 dropped;

	pthread_mutex_lock(&queue->lock);
	dropped = queue->dropped;
	pthread_mutex_unlock(&queue->lock);
	return dropped;
}

void
queue_close(struct queue *queue, gint64 deadline_us)
{
	pthread_mutex_lock(&queue->lock);
	queue->closed = TRUE;
	queue->close_deadline_us = deadline_us;
	pthread_cond_signal(&queue->work);
	pthread_mutex_unlock(&queue->lock);
}

/* With the lock held: FALSE when there is nothing to begin yet. */
static gboolean
worth_beginning(const struct queue *queue)
{
	if (queue->waited.length > 0 || queue->closed)
		return TRUE;
	if (queue->posted.length == 0)
		return FALSE;
	return queue->fences > 0 || queue->posted.length >= GATHER_MAX ||
	       clock_monotonic_us() >= queue->gather_until_us;
}

gboolean
queue_ready(struct queue *queue)
{
	gboolean ready;

	pthread_mutex_lock(&queue->lock);
	while (!worth_beginning(queue)) {
		if (queue->posted.length == 0)
			pthread_cond_wait(&queue->work, &queue->lock);
		else
			thread_cond_wait_until(&queue->work, &queue->lock,
					       queue->gather_until_us);
	}
	ready = !queue->closed ||
		(queue->waited.length + queue->posted.length > 0 &&
		 clock_monotonic_us() < queue->close_deadline_us);
	pthread_mutex_unlock(&queue->lock);
	return ready;
}

void
queue_blocked(struct queue *queue, gboolean blocked)
{
	pthread_mutex_lock(&queue->lock);
	queue->blocked = blocked;
	pthread_mutex_unlock(&queue->lock);
}

static void
take_from(GQueue *jobs, GPtrArray *batch, guint max, gsize *weight)
{
	while (jobs->length > 0 && batch->len < max &&
	       *weight < BATCH_WEIGHT_MAX) {
		struct job *job = g_queue_pop_head_link(jobs)->data;

		job->step = JOB_BEGUN;
		*weight += job->weight;
		g_ptr_array_add(batch, job);
	}
}

void
queue_take(struct queue *queue, GPtrArray *batch)
{
	gsize weight = 0;
	guint max = BATCH_MAX;

	pthread_mutex_lock(&queue->lock);
	take_from(&queue->waited, batch, max, &weight);
	/* What nobody waits for must not delay what somebody does. */
	if (batch->len > 0)
		max = batch->len + BATCH_POSTED_MAX;
	else
		max = 2 * BATCH_MAX;
	take_from(&queue->posted, batch, max, &weight);
	pthread_mutex_unlock(&queue->lock);
}

gboolean
queue_any_left(struct queue *queue, struct job *const *jobs, guint n)
{
	gboolean left = FALSE;

	pthread_mutex_lock(&queue->lock);
	for (guint i = 0; i < n && !left; i++)
		left = jobs[i]->left;
	pthread_mutex_unlock(&queue->lock);
	return left;
}

void
queue_finish(struct queue *queue, struct job *const *jobs, guint n)
{
	pthread_mutex_lock(&queue->lock);
	for (guint i = 0; i < n; i++) {
		jobs[i]->step = JOB_DONE;
		if (jobs[i]->error && jobs[i]->deadline_us == 0)
			queue->dropped++;
	}
	pthread_mutex_unlock(&queue->lock);
	/* Whoever wakes wants the lock at once: it is free by now. */
	for (guint i = 0; i < n; i++) {
		pthread_cond_signal(&jobs[i]->done);
		job_unref(jobs[i]);
	}
}
