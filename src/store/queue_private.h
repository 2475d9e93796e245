/*
 * What waits for a store's one writer: jobs that somebody waits for, each
 * with a deadline, and jobs that are left behind. Bounded. A job whose waiter
 * gave up before the writer began it is never begun, and one given up while
 * it is run is left out of the commit if it can be. Of one given up while the
 * commit itself is under way its waiter cannot know what became of it.
 */
#ifndef STORE_QUEUE_PRIVATE_H
#define STORE_QUEUE_PRIVATE_H

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>

struct job;

enum job_step { JOB_QUEUED, JOB_BEGUN, JOB_DONE };

/*
 * Embedded as the first member of a job that carries its own copy of all it
 * needs, since the writer may be at it when the waiter is gone. `run` is
 * called within a transaction, and again if that was rolled back: a result is
 * set, not added to.
 */
struct job {
	gboolean (*run)(struct job *job, void *conn, GError **error);
	void (*free)(struct job *job);
	gsize weight;	  /* bytes it will write, about */
	gboolean relief;  /* must work on a full disk: it may make room */
	gboolean answers; /* NOT_FOUND, CONFLICT: nothing was written */
	gint64 deadline_us;
	atomic_int refs;
	GError *error; /* the writer's from taking to finishing, then read */
	/* Guarded by the queue's lock. */
	enum job_step step;
	gboolean left; /* its waiter gave up */
	GList link;
	pthread_cond_t done;
};

/* Sets the common part; the caller has the one reference. */
void job_init(struct job *job);
void job_unref(struct job *job);

struct queue;

struct queue *queue_new(void);

/* What is left in it is dropped, too: how much was, from first to last. */
guint64 queue_free(struct queue *queue);

/*
 * TRUE when the job was run and committed, else its error: STORE_ERROR_TIME
 * when the deadline passed (BUSY when the writer waits for another process),
 * BUSY at once when too many wait.
 */
gboolean queue_wait(struct queue *queue, struct job *job, GError **error);

/* As queue_wait(), after everything that has been posted. */
gboolean queue_wait_last(struct queue *queue, struct job *job, GError **error);

/*
 * Takes the reference and returns at once. `deadline_us` is 0. Dropped when
 * the queue is full, or when the writing fails; both are counted.
 */
void queue_post(struct queue *queue, struct job *job);
guint64 queue_dropped(struct queue *queue);

/* No job is taken any more; what is queued may be run until the deadline. */
void queue_close(struct queue *queue, gint64 deadline_us);

/*
 * For the writer. Sleeps until there is something to do; posted jobs are left
 * to gather for a moment. FALSE when the queue is closed and empty, or the
 * deadline of closing passed.
 */
gboolean queue_ready(struct queue *queue);

/* Whether the writer cannot begin since another process has the lock. */
void queue_blocked(struct queue *queue, gboolean blocked);

/* Moves jobs of one transaction to `batch`: they are begun. */
void queue_take(struct queue *queue, GPtrArray *batch);

/* Whether the waiter of one of the jobs, which were taken, has given up. */
gboolean queue_any_left(struct queue *queue, struct job *const *jobs, guint n);

/* Ends jobs that were taken, as their `error` says; takes them. */
void queue_finish(struct queue *queue, struct job *const *jobs, guint n);

#endif
