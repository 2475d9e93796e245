/*
 * What the filter counts. The memory belongs to the supervisor and is shared
 * with its workers, so that what a worker counted before it was killed is not
 * lost, and nothing ever counts backwards as long as the filter runs.
 *
 * Counting is one relaxed addition: a reader sees each figure whole, but not
 * all of them at one moment.
 */
#ifndef MILTER_COUNTERS_H
#define MILTER_COUNTERS_H

#include <glib.h>
#include <stdatomic.h>

#include "milter/plan.h"
#include "screen/gate.h"
#include "screen/verdict.h"
#include "store/vault.h"

typedef _Atomic guint64 Counter;

/* Upper bounds of an end of message's time, in microseconds; and one for all
 * that took longer. */
#define COUNTERS_BOUNDS 12
extern const gint64 counters_bounds[COUNTERS_BOUNDS];

struct counters {
	gint64 begun_us; /* wall clock, when the supervisor began */
	Counter verdicts[VERDICT_DELIVER + 1]; /* one a mailbox judged */
	Counter gates[GATE_UNKNOWN + 1];       /* one a buyer's mailbox */
	Counter fates[FATE_DEFERRED + 1];      /* the same */
	Counter passed;		    /* messages let through by their envelope */
	Counter gated;		    /* messages nobody had to judge */
	Counter learned;	    /* outgoing messages */
	Counter screened;	    /* messages judged, or to be judged */
	Counter failures[FAILURES]; /* messages that met the fallback */
	Counter late;		    /* ends of message past the deadline */
	Counter kept;		    /* mailboxes removed, the copy is ours */
	Counter deferred;	    /* messages answered "try again" */
	Counter copies[VAULT_SPOOL + 1]; /* messages, by enum vault_place */
	Counter took[COUNTERS_BOUNDS + 1];
	Counter took_us; /* all ends of message together */
	Counter sessions;
	Counter sessions_refused; /* there were too many */
	Counter reloads;	  /* that were asked for */
	Counter reloads_failed;
	Counter deaths;	 /* workers that ended without being told to */
	Counter dropped; /* notes and contacts that no store got */
	Counter loaded;	 /* 1: what was last read is what serves */
	Counter store;	 /* 1: the store answered the last time */
	Counter key;	 /* 1: the site key is not the store's */
};

/* Before any worker is forked; never freed. */
struct counters *counters_new(void);

static inline void
counter_add(Counter *counter, guint64 n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static inline void
counter_set(Counter *counter, guint64 value)
{
	atomic_store_explicit(counter, value, memory_order_relaxed);
}

static inline guint64
counter_get(const Counter *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

/* An end of message took so long. */
void counters_took(struct counters *counters, gint64 us);

#endif
