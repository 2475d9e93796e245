/*
 * Plots as inline SVG, without scripts: lines over two axes, and strips of
 * bars. Colours are classes that the page's style sheet sets (s0, s1 ...).
 */
#ifndef CLI_PLOT_PRIVATE_H
#define CLI_PLOT_PRIVATE_H

#include <glib.h>

/* From low to high, with a tick and a label every `step`. */
struct plot_axis {
	const char *label;
	double low;
	double high;
	double step;
	guint decimals;
};

enum plot_style {
	PLOT_LINE,
	PLOT_DOTS,  /* with the line */
	PLOT_POINTS /* without it */
};

/* One place; low and high (NaN: none) draw a whisker. */
struct plot_point {
	double x;
	double y;
	double low;
	double high;
	double size; /* radius of a dot; 0: the usual one */
};

struct plot_series {
	const char *name; /* NULL: not in the legend */
	guint look;	  /* class sN */
	enum plot_style style;
	const GArray *points; /* of struct plot_point; borrowed */
};

enum plot_corner { PLOT_BOTTOM_RIGHT, PLOT_BOTTOM_LEFT };

/* A line across at a value, named. */
struct plot_mark {
	double at;
	const char *name;
};

struct plot {
	const char *id;	   /* unique in the page, a word */
	const char *title; /* for those who do not see it */
	const char *desc;
	struct plot_axis x;
	struct plot_axis y;
	const struct plot_series *series;
	guint n_series;
	const struct plot_mark *marks; /* on x */
	guint n_marks;
	gboolean diagonal; /* from corner to corner, for comparison */
	enum plot_corner legend;
};

void plot_draw(GString *out, const struct plot *plot);

/* Bars of equal width over 0..1; shares are 0..1. */
#define PLOT_BARS 20

struct plot_strip {
	char *name;
	guint look;
	double bars[PLOT_BARS];
};

struct plot_strips {
	const char *id;
	const char *title;
	const char *desc;
	const char *label; /* of the common axis */
	double high;	   /* the share that fills a strip */
	const struct plot_strip *strips;
	guint n;
	const struct plot_mark *marks;
	guint n_marks;
};

void plot_draw_strips(GString *out, const struct plot_strips *strips);

#endif
