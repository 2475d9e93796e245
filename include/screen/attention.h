/*
 * A buyer's attention: how many outreach mails may reach the inbox in a day
 * and in a week, spent on the best of what usually comes (DESIGN 3).
 *
 * Mails come one by one and each is decided at once. The threshold is the
 * relevance above which as many mails are still expected today (and this
 * week) as the budget has left; what is under it goes to the digest. It is
 * never under the matrix's tag threshold and never over 1, falls to the tag
 * threshold as the day and the week run out, and rises as budget is used.
 * Expectations come from the buyer's own arrivals of the last four weeks: how
 * many by weekday and hour, corrected by yesterday and today, and how relevant.
 *
 * Before a week (or ATTENTION_HISTORY arrivals) has been seen nothing is known
 * of what is still to come: half of each budget (rounded up) is spent at the
 * tag threshold, the other half is kept for mail that the matrix calls relevant
 * (accept). So a first week neither closes on noise nor is used up by it.
 *
 * A day is a calendar day and a week an ISO week (from Monday) in the buyer's
 * time zone. What was let in is counted by the day it was let in, so a clock
 * that jumps, back or forth, neither refills a budget nor loses one: its day
 * is asked for again and found. Arrivals later than now are not counted.
 *
 * This is for mail that the matrix is sure is outreach; unsure mail always
 * delivers and is neither asked about nor admitted here.
 *
 * Pure: no I/O, no clock, no globals. Memory is bounded (ATTENTION_HISTORY
 * arrivals, about 16 kB). Every call takes at most a walk over the history.
 * Not thread-safe: the caller locks, over ask and admit together.
 */
#ifndef SCREEN_ATTENTION_H
#define SCREEN_ATTENTION_H

#include <glib.h>

/* Most arrivals remembered, and how many days back they count. */
#define ATTENTION_HISTORY 512
#define ATTENTION_DAYS	  28

struct attention;
typedef struct attention Attention; /* for g_autoptr(Attention) */

/* As in the profile; 0 <= tag <= accept <= 1. */
struct attention_limits {
	guint per_day;	/* mails a day; 0: no cap */
	guint per_week; /* mails a week; 0: no cap */
	double tag;
	double accept;
};

struct attention_answer {
	gboolean admit;
	double threshold; /* tag..1; 1 too when a budget is used up */
	guint day_left;	  /* before this mail; G_MAXUINT: no cap */
	guint week_left;
};

/* `zone` is the buyer's; a reference is taken. Never NULL. */
struct attention *attention_new(const struct attention_limits *limits,
				GTimeZone *zone);
void attention_free(struct attention *attention);

/*
 * New limits, at once; what was let in still counts, so a budget may be
 * overspent, which only means that none is left. When `tag` is lowered, the
 * arrivals between the two were never remembered: load the history anew.
 */
void attention_set_limits(struct attention *attention,
			  const struct attention_limits *limits);

/*
 * One outreach arrival, admitted or not, once each: from the store when
 * loading (oldest first), and every new one after it was asked about. The one
 * learned first is forgotten when there is no room. Relevance under `tag`
 * (never let in), unknown (negative, NaN) or over 1 (as 1) is allowed.
 */
void attention_learn(struct attention *attention, gint64 time_us,
		     double relevance);

/*
 * Whether a mail of this relevance, coming now, may reach the inbox. Changes
 * nothing: asking twice gives the same. Unknown relevance (negative, NaN) is
 * always admitted, as in the matrix: what is not known never hides mail.
 */
void attention_ask(const struct attention *attention, gint64 now_us,
		   double relevance, struct attention_answer *answer);

/*
 * One mail was let in at that time: asked about and admitted, or read back
 * from the store (oldest first). attention_undo() takes one of that
 * day back (a delivery that failed, a label undone); with none it does nothing.
 */
void attention_admit(struct attention *attention, gint64 time_us);
void attention_undo(struct attention *attention, gint64 time_us);

/*
 * Forgets arrivals before that time, and what was let in on days that ended
 * before it. For deletion on request or retention; what is older than
 * ATTENTION_DAYS is ignored without it.
 */
void attention_forget_before(struct attention *attention, gint64 time_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attention, attention_free)

#endif
