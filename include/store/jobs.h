/*
 * Jobs that must run once, whoever starts them and however often: a digest for
 * a buyer and a day, tonight's training. Who claims a job has it until its
 * lease ends; a job that is done stays done.
 */
#ifndef STORE_JOBS_H
#define STORE_JOBS_H

#include <glib.h>

#include "store/store.h"

struct store_job {
	char *kind;	 /* "digest" */
	char *key;	 /* "priya/2026-11-22" */
	gint64 time_us;	 /* of the last change */
	gint64 lease_us; /* until then it is claimed; 0: it is not */
	gboolean done;
	guint attempts;
	char *note; /* how it ended, or failed last */
};
typedef struct store_job StoreJob; /* for g_autoptr(StoreJob) */

void store_job_free(struct store_job *job);

/*
 * Claims a job, which need not be there yet. STORE_ERROR_CONFLICT: it is done,
 * or claimed by another owner whose lease has not ended. `owner` is an id of
 * one attempt (id_new()); asking again with it within the lease succeeds, and
 * does not make it longer. `lease_us` is a length of time above 0. Durable.
 */
gboolean store_job_claim(struct store *store, const char *kind, const char *key,
			 const char *owner, gint64 lease_us, GError **error);

/*
 * Ends the claim: done for good, or free for the next. By its owner, as long as
 * nobody else has claimed it, else STORE_ERROR_CONFLICT. The same again is a
 * repeat. Durable.
 */
gboolean store_job_settle(struct store *store, const char *kind,
			  const char *key, const char *owner, gboolean done,
			  const char *note, GError **error);

/* STORE_ERROR_NOT_FOUND: nobody ever claimed it. */
struct store_job *store_job_find(struct store *store, const char *kind,
				 const char *key, GError **error);

/* The newest of a kind, of all keys that begin with `prefix` (NULL: all),
 * newest first: an array of struct store_job that frees its elements. 0 is a
 * limit of 1000. */
GPtrArray *store_job_list(struct store *store, const char *kind,
			  const char *prefix, guint limit, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreJob, store_job_free)

#endif
