/*
 * Which topics rise against their own past: arithmetic alone.
 *
 * Time is cut into steps as long as the brief's; a topic has the number of
 * vendors that wrote it in each, and so has all the mail that was read. Were
 * nothing new, a topic's share of the vendors would stay the same, and of all
 * the times it was written the last step would have its share of the exposure:
 * a binomial count (Przyborowski and Wilenski 1940, "Homogeneity of results in
 * testing samples from Poisson series"). The test is exact, one-sided, and not
 * made sharper by mid-p: with few vendors it says less than it might, never
 * more.
 *
 * Vendors write in waves, so that counts spread more than chance alone would
 * make them. How much more is taken from each topic's own past (Pearson's
 * statistic of its steps over its degrees of freedom), drawn towards that of
 * all topics, at least 1; counts are divided by it (quasi-likelihood, McCullagh
 * and Nelder 1989, 4.5), which is the larger caution the more a topic swung
 * before.
 *
 * Every topic that was written often enough over all of the time is a test;
 * false discoveries are held to a share of what is told (Benjamini and Hochberg
 * 1995).
 */
#ifndef MARKET_TREND_H
#define MARKET_TREND_H

#include <glib.h>

#define TREND_STEPS_MIN 4 /* of the past in which anybody wrote */

/* What rose last week already must not hide behind itself: the past ends so
 * many steps before the last one, where it has at least so many. */
#define TREND_GAP	3
#define TREND_GAP_FROM	12
#define TREND_RATIO_MIN 1.5 /* of the shares now and before, to be told */

struct trend_topic {
	/* Given. Borrowed. */
	const char *term;    /* words with a blank between */
	const guint *counts; /* vendors, by step; the last is the brief's */
	GPtrArray *vendors;  /* strings, sorted: those of the last step; or
				NULL: not known */
	/* Found. */
	guint now;
	guint before;	   /* sum over the past that counts */
	double ratio;	   /* share now over share before; INFINITY if it was
			      never written */
	double dispersion; /* 1: as by chance */
	double p;
	double q; /* p after Benjamini and Hochberg, 0..1 */
	gboolean rising;
	const struct trend_topic *told_by; /* trend_collapse(): the one that
					      stands for it; NULL: itself */
};

struct trend_rules {
	double fdr;
	guint vendors_min; /* in the last step to be told; and over all of the
			      time to be tested */
};

/*
 * P(X >= x) of a binomial X of `n` trials of probability `share`. 0 < share
 * < 1.
 */
double trend_tail(guint x, guint n, double share);

/*
 * Fills the second half of each topic; `exposure` has the vendors of all mail
 * in each of the `steps`. Gives the number of topics that were tested: 0, and
 * nothing rises, where the past is too short.
 */
guint trend_test(struct trend_topic *topics, guint n, const guint *exposure,
		 guint steps, const struct trend_rules *rules);

/*
 * What rises together is told once: of topics that share a word and at least
 * half of the vendors of the smaller, or four vendors in five whatever their
 * words, the surest, and of equals the one with more words, stands for the
 * others. Of topics whose vendors are not known, those that share a word.
 */
void trend_collapse(struct trend_topic *topics, guint n);

#endif
