/* A number in a sentence, with what stands around it. */
#ifndef MARKET_CLAIM_NUMBER_PRIVATE_H
#define MARKET_CLAIM_NUMBER_PRIVATE_H

#include <glib.h>

enum number_kind {
	NUMBER_PLAIN,
	NUMBER_PERCENT,
	NUMBER_TIMES, /* "3x" */
	NUMBER_TIME,  /* with a unit of time */
	NUMBER_MONEY
};

struct number {
	gsize start; /* with a currency before it */
	gsize stop;  /* with its unit after it */
	enum number_kind kind;
	double value;
	double value_max; /* of a range, or of what it became; else `value` */
	gboolean change;  /* "from 9 to 3", "9 -> 3" */
	gboolean turn;	  /* "doubled": says by itself that something changed */
	gboolean spelled; /* in words */
	const char *unit; /* static; "" */
	const char *currency; /* code, static; "" */
};

/*
 * The next number at or after `at` of a text whose blanks are spaces; moves
 * `at` past it. Dates, times of day, telephone numbers, versions and ordinals
 * are none. Numbers in words are numbers too.
 */
gboolean number_next(const char *text, gsize *at, struct number *number);

#endif
