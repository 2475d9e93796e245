/* Digits with their marks: "1,200", "1.200", "3 200", "0,84". */
#ifndef MARKET_CLAIM_FIGURE_PRIVATE_H
#define MARKET_CLAIM_FIGURE_PRIVATE_H

#include <glib.h>

/* Before anything is known of its surroundings. */
struct figure {
	gsize start;
	gsize stop;
	double value;
	char lone;	  /* of "99.999", which may as well be a thousandth of
			     `value`: its mark; else 0 */
	gboolean spelled; /* in words */
};

/* What begins at `at`, a digit; FALSE for dates, versions and the like, with
 * `stop` behind them. */
gboolean figure_at(const char *text, gsize at, struct figure *figure);

#endif
