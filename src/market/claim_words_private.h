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
	CLAIM_CHOOSE,	/* that they chose it, whatever they are */
	CLAIM_MARKET,	/* about everybody, no claim of the vendor's */
	CLAIM_IF,	/* what might be: no claim, but a price may be told */
	CLAIM_DOES,	/* to so much of something: "resolves 90 % of" */
	CLAIM_DONE,	/* so many of something: "processed 4 million" */
	CLAIM_OURS,	/* that the vendor has */
	CLAIM_MORE,	/* begins right behind a number: "40 % more" */
	CLAIM_BURDEN,	/* of which more is no good */
	CLAIM_AMOUNT,	/* money is told of */
	CLAIM_RANGE,	/* goes from an amount to another one */
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

/* Words with the names they have here; the last is NULL. */
struct named {
	const char *word;
	const char *name;
};

/* The name of the first word that `text` begins with, or NULL. */
const char *claim_words_name(const struct named *table, const char *text);

/* The period an amount from `start` to `stop` is for; "" when none is told. */
const char *claim_words_period(const char *text, gsize start, gsize stop);

/* What such an amount is for one of: "user", or the word as it is written; ""
 * when none is told. The caller's. */
char *claim_words_per(const char *text, gsize start, gsize stop);

/* The unit of time that `word` begins with, or NULL. */
const char *claim_words_time(const char *word);
gsize claim_words_time_len(const char *word);

/* How long one of it is. */
double claim_words_seconds(const char *unit);

/* The sets that lie in claim_words_price.c; NULL-terminated. */
extern const char *const claim_words_asking[];
extern const char *const claim_words_share[];
extern const char *const claim_words_no_price[];
extern const char *const claim_words_holding[];
extern const char *const claim_words_no_holding[];

#endif
