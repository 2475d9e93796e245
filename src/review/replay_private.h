/* One stored message under one of two profiles. */
#ifndef REVIEW_REPLAY_PRIVATE_H
#define REVIEW_REPLAY_PRIVATE_H

#include <glib.h>

#include "model/imprint.h"
#include "review/replay.h"

/* What a profile makes of a message. */
struct outcome {
	enum replay_way way;
	enum verdict verdict;
	enum gate gate;
	double outreach;  /* -1: not computed */
	double relevance; /* -1: not computed, nor needed */
	const char *priority;
};

/* The two sides of a replay, for all its messages. */
struct bench {
	const struct replay_request *request;
	const struct buyer *serving; /* NULL: there is none */
	struct buyer other;
	gboolean alike; /* priorities and refusals are the same */
};

void bench_open(struct bench *bench, const struct replay_request *request);
void bench_close(struct bench *bench);

/* Fills both; STORE_ERROR_* when the store fails. */
gboolean bench_judge(const struct bench *bench, const struct store_message *row,
		     struct outcome *before, struct outcome *after,
		     GError **error);

/* Whether two profiles want and refuse the same. */
gboolean interests_alike(const struct profile *a, const struct profile *b);

/* Whether the row's reasons name a ruling, or a spent budget. */
gboolean row_is_ruled(const struct store_message *row);
gboolean row_is_capped(const struct store_message *row);

/* The stored word as a verdict; FALSE when it is none. */
gboolean row_verdict(const struct store_message *row, enum verdict *verdict);

/* What has been learned of messages' worth since. */
struct worths {
	const struct replay_request *request;
	GHashTable *labels; /* message id -> enum store_label + 1 */
};

gboolean worths_open(struct worths *worths,
		     const struct replay_request *request, GError **error);
void worths_close(struct worths *worths);

/* STORE_ERROR_* when the ledger cannot be asked. */
gboolean worths_find(const struct worths *worths,
		     const struct store_message *row, enum replay_worth *worth,
		     GError **error);

/* Why the other profile decides so, in words; the caller's. */
char *outcome_reason(const struct profile *profile,
		     const struct outcome *before, const struct outcome *after);

/* Counting what reaches the inbox by day and week. */
struct tally {
	const struct profile *profile;
	GTimeZone *zone;
	GHashTable *days;  /* day -> count */
	GHashTable *weeks; /* Monday's day -> count */
};

void tally_open(struct tally *tally, const struct profile *profile);
void tally_close(struct tally *tally);
void tally_add(struct tally *tally, const struct store_message *row,
	       const struct outcome *outcome);
void tally_sum(const struct tally *tally, gint64 since_us, gint64 now_us,
	       struct replay_budget *budget);

#endif
