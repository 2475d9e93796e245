/* Words by which claims, prices and what is neither are told apart. */
#ifndef MARKET_CLAIM_WORDS_PRIVATE_H
#define MARKET_CLAIM_WORDS_PRIVATE_H

#include <glib.h>

enum claim_words {
	CLAIM_EFFECT,	/* something became more, less, faster */
	CLAIM_SAVING,	/* money or time that is not spent */
	CLAIM_QUICK,	/* how fast the offer works */
	CLAIM_USERS,	/* who uses it */
	CLAIM_USING,	/* that they do */
	CLAIM_MARKET,	/* about everybody, no claim of the vendor's */
	CLAIM_MEETING,	/* time that is asked for or given, no result */
	CLAIM_ASKING,	/* of a price */
	CLAIM_SHARE,	/* a fee or discount, in per cent */
	CLAIM_NO_PRICE, /* an amount that is not asked */
	CLAIM_HOLDING,	/* has a certificate */
	CLAIM_NO_HOLDING
};

/*
 * Whether any of the set begins a word of `lower`, which begins and ends with
 * a blank; entries that end with a blank are whole words.
 */
gboolean claim_words_any(const char *lower, enum claim_words set);

/* The period an amount is for, of the words after it; "" when none is told. */
const char *claim_words_period(const char *after);

/* What it is for one of: "user", "unit"; "". */
const char *claim_words_per(const char *after);

/* The unit of time that `word` begins with, or NULL. */
const char *claim_words_time(const char *word);

/* The sets that lie in claim_words_price.c; NULL-terminated. */
extern const char *const claim_words_asking[];
extern const char *const claim_words_share[];
extern const char *const claim_words_no_price[];
extern const char *const claim_words_holding[];
extern const char *const claim_words_no_holding[];

#endif
