/*
 * What all sessions of a worker share: the current snapshot, the vault, the
 * site key and the counters. Thread-safe; lives until the process ends.
 */
#ifndef MILTER_SITE_H
#define MILTER_SITE_H

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/key.h"
#include "milter/blame.h"
#include "milter/counters.h"
#include "milter/intake.h"
#include "screen/snapshot.h"
#include "screen/spending.h"
#include "store/vault.h"

struct site {
	pthread_mutex_t lock;	   /* POSIX's: ThreadSanitizer sees it */
	struct snapshot *snapshot; /* under the lock; site_snapshot() */
	guint open;		   /* under the lock: messages under way */
	gboolean closed;	   /* under the lock */
	struct vault *vault;
	struct key *key;
	struct blame *blame; /* or NULL */
	struct spending *spending;
	char *node; /* this machine's name */
	struct room room;
	atomic_uint screening; /* messages being judged at this moment */
	atomic_uint sessions;
	guint sessions_max;
	struct counters *counters; /* borrowed */
};

/*
 * Takes over snapshot, vault and key. `sessions_max` comes from the number of
 * files the process may open.
 */
struct site *site_new(struct snapshot *snapshot, struct vault *vault,
		      struct key *key, struct blame *blame,
		      struct counters *counters);

/* Only when no other thread is left. */
void site_free(struct site *site);

/* The current snapshot, a new reference. */
struct snapshot *site_snapshot(struct site *site);

/* Makes `snapshot` (taken over) the current one. */
void site_replace(struct site *site, struct snapshot *snapshot);

/*
 * A message begins and ends to be under way. FALSE: the site is closed, the
 * sender shall try again.
 */
gboolean site_enter(struct site *site);
void site_leave(struct site *site);

/*
 * Waits until no message is under way, then lets none begin; FALSE, and closed
 * as well, when some still are at `deadline_us` (monotonic).
 */
gboolean site_close(struct site *site, gint64 deadline_us);

/* The counters on one line of key=value; the caller's. */
char *site_counters(struct site *site);

#endif
