/*
 * What usually comes to a buyer, seen from one moment: how many arrivals by
 * weekday, hour and present level, and how relevant. One distribution of
 * relevance for all hours lets four weeks say something about each of them.
 */
#ifndef SCREEN_FORECAST_PRIVATE_H
#define SCREEN_FORECAST_PRIVATE_H

#include "screen/attention.h"

#define DAY_S	 86400
#define WEEKDAYS 7
#define HOURS	 24

struct arrival {
	gint64 local_s; /* civil time in the buyer's zone, as if it were UTC */
	gint64 day;	/* of local_s */
	guint64 order;	/* of learning */
	double relevance;
};

struct history {
	struct arrival arrivals[ATTENTION_HISTORY]; /* most relevant first */
	guint n;
	guint64 learned;
};

struct forecast {
	gint64 now_s;
	gint64 today;
	const struct history *history;
	gint64 first; /* day of the oldest arrival that counts */
	guint n;
	double seen[ATTENTION_DAYS + 1];   /* weight of a day, by age */
	double weight[ATTENTION_DAYS + 1]; /* of one arrival on it */
	double weekday[WEEKDAYS];	   /* arrivals a day, Monday first */
	double hour[HOURS];		   /* share of a day's arrivals */
	double total;			   /* sum of weights */
	double done;			   /* share of today that is over */
	double level;			   /* now against the four weeks */
};

/* Days since 1970 and weeks from Monday, of civil time. */
gint64 civil_day(gint64 local_s);
gint64 civil_week(gint64 day);
/* 0 for Monday. */
guint civil_weekday(gint64 day);

/* FALSE: too little is known. The history is borrowed. */
gboolean forecast_make(struct forecast *forecast, const struct history *history,
		       gint64 now_s);

/* Arrivals still expected on a day from today on. */
double forecast_rest(const struct forecast *forecast, gint64 day);

/*
 * The lowest relevance of which no more than a share (0..1) of arrivals is
 * better; 0 for all of them.
 */
double forecast_relevance(const struct forecast *forecast, double share);

#endif
