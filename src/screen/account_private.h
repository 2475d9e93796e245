/*
 * One buyer's attention as this process knows it: what it has spent itself,
 * and what the store held from before, once that was read. Thread-safe.
 */
#ifndef SCREEN_ACCOUNT_PRIVATE_H
#define SCREEN_ACCOUNT_PRIVATE_H

#include <glib.h>

#include "screen/spending.h"

/* What one message was, stored or asked about. */
struct account_row {
	gint64 time_us;
	double relevance;
	gboolean admitted;
};

/* Which rows of the store a buyer's account wants. */
struct account_need {
	const char *buyer; /* the account's */
	double hold;
	double tag;
};

struct account;

/* `born_us` (wall clock): rows from before it are of no question here. */
struct account *account_new(const char *buyer, gint64 born_us);
void account_free(struct account *account);

/*
 * Takes over the profile's limits and zone. TRUE: rows are to be loaded now,
 * which is said once; account_merge() or account_fail() is to follow.
 */
gboolean account_follow(struct account *account, const struct profile *profile,
			gboolean store_works);

/* After account_follow(). */
void account_ask(struct account *account,
		 const struct spending_question *question,
		 struct attention_answer *answer);

/* The three of whoever loads. Rows are in order of time. */
struct account_need account_need(struct account *account);
void account_merge(struct account *account, const struct account_need *need,
		   const GArray *rows);
void account_fail(struct account *account); /* again in a minute */

#endif
