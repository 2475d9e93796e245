/*
 * What has been spent of every buyer's attention (attention.h), for all
 * messages of a process: asked about mail that is surely outreach and would be
 * let in, and told of it in one step.
 *
 * A buyer's account begins with the rows of the last ATTENTION_DAYS days in
 * the store: what reached the inbox counts as spent, but for what was let in
 * by the buyer's own ruling, and what was released afterwards. A thread of its
 * own reads them, from the first account that needs it on, and hands over what
 * it has read; nobody who asks waits for the store. Until then the answer comes
 * from what this process itself has let in, so that after a start more than
 * the budget may be, unless spending_prepare() and spending_wait() go before
 * the first question. A store that cannot be read is tried again at the first
 * question after a minute.
 *
 * Limits and zone are the profile's of each call, so they follow a reload.
 * Thread-safe; buyers do not wait for each other. An account is bounded: the
 * last ATTENTION_HISTORY messages, stored and asked about, some 50 kB.
 */
#ifndef SCREEN_SPENDING_H
#define SCREEN_SPENDING_H

#include <glib.h>

#include "profile/profile.h"
#include "screen/attention.h"

struct spending;
typedef struct spending Spending; /* for g_autoptr(Spending) */

/* `store_url` as for store_open(); NULL: accounts begin empty. */
struct spending *spending_new(const char *store_url);

/* Stops loading: at most the call of the store under way is waited for. */
void spending_free(struct spending *spending);

/* Begins to load the account of a buyer with a cap; does not wait. */
void spending_prepare(struct spending *spending, const struct profile *profile);

/*
 * Until nothing is being loaded, or has failed to be; FALSE: not by then
 * (monotonic clock).
 */
gboolean spending_wait(struct spending *spending, gint64 deadline_us);

struct spending_question {
	const struct profile *profile;
	/* The same in each attempt to send a message, so that it is let in and
	 * counted once; for two days. */
	guint64 digest;
	double relevance;
	gint64 now_us;	      /* wall clock */
	gboolean store_works; /* FALSE: do not begin to load now */
};

/*
 * Whether the mail may reach the inbox; if so it counts from now on. Without a
 * cap in the profile always, and nothing is loaded or remembered.
 */
void spending_ask(struct spending *spending,
		  const struct spending_question *question,
		  struct attention_answer *answer);

/*
 * Why it may not: "attention: 3 of 3 today", "attention: 10 of 10 this week",
 * "attention: 0.41 is under 0.62, 1 of 3 today"; the caller's.
 */
char *spending_reason(const struct spending_question *question,
		      const struct attention_answer *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spending, spending_free)

#endif
