/*
 * What a vendor claims, asks and offers as proof, as quotations.
 *
 * Read out of the fresh visible text of a message (content_new()), never out of
 * what it quotes or hides. A quotation is a sentence cut at its ends, in the
 * vendor's own words; only blanks are run together. Within it stands what was
 * found: a number with its unit, an amount with its currency and period, or
 * the name of a customer or certificate.
 *
 *   claim  a number about what the offer does or has done, or how many use it:
 *	    "cut alert volume by 40 %", "3x faster", "saves 12 hours a week"
 *   price  an amount that is asked, a discount or a fee in per cent
 *   proof  "customers like Acme and Globex", "SOC 2 Type II"
 *
 * English, and where it is cheap German, French, Italian, Spanish, Portuguese,
 * Dutch and Polish. Made to be right about what it takes rather than to find
 * all: questions, statistics about a whole market, dates, times of meetings,
 * telephone numbers, versions and standards without a word on them are left,
 * and so is a whole letter about the stock market.
 *
 * Numbers may be in words: "forty percent", "three times", "five weeks to nine
 * days" (in days), "halved" and "by half" (50 %), "doubled" (2 x), "a third
 * less". The unit of a price is what it is for one of, "user" and the like in
 * English, other things as they are written: "resolved call".
 */
#ifndef MARKET_CLAIM_H
#define MARKET_CLAIM_H

#include <glib.h>

#include "store/vendors.h"

#define CLAIM_TEXT_MAX 65536 /* bytes of a text that are read */
#define CLAIM_MAX      40    /* quotations of a text */

/*
 * An array of struct store_quote that frees them, in the text's order, with
 * all fields set but vendor, buyer, message and time. Of a sentence there is
 * one quotation of a kind at most, with the first thing that was found. `text`
 * is valid UTF-8. Never NULL.
 */
GPtrArray *claims_read(const char *text);

#endif
