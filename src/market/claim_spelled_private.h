/* Numbers in words: "forty", "two hundred", "halved", "a third". */
#ifndef MARKET_CLAIM_SPELLED_PRIVATE_H
#define MARKET_CLAIM_SPELLED_PRIVATE_H

#include "claim_number_private.h"

/* Moves `at` past the word or words of a number that begin there. */
gboolean spelled_value(const char *text, gsize *at, double *value);

/* A word that is a change by itself and says how much: "doubled" is twice,
 * "by half" and "halved" are 50 %, "a third less" is a third. */
gboolean spelled_turn(const char *text, gsize at, struct number *number);

#endif
