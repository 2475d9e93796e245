/* The parts of the report: eval_page.c puts them in order. */
#ifndef CLI_EVAL_PAGE_PRIVATE_H
#define CLI_EVAL_PAGE_PRIVATE_H

#include "eval_private.h"
#include "plot_private.h"

/* The style sheet: for a phone, a desk and paper, light and dark. */
extern const char eval_page_style[];

/* Of one kind of judgement. */
struct eval_section {
	GString *out;
	const struct eval *eval;
	const struct eval_result *result;
	const char *id; /* "outreach": ids in the page begin with it */
};

/* "0.983" and its interval, as two cells. */
void eval_cells_estimate(GString *out, struct estimate estimate);

/* Tables (eval_page_tables.c). */
void eval_table_rows(const struct eval_section *section, const char *by,
		     const char *caption);
void eval_table_thresholds(const struct eval_section *section);
void eval_table_kinds(const struct eval_section *section);
void eval_table_buyers(const struct eval_section *section);
void eval_table_baselines(const struct eval_section *section);
void eval_list_mistakes(const struct eval_section *section);

/* With history and without (eval_stream_report.c). */
void eval_table_history(const struct eval_section *section);

/* What frames a figure (eval_page_figure.c). */
void eval_figure_open(const struct eval_section *section, const char *heading,
		      const char *caption);
void eval_figure_close(const struct eval_section *section);

/* The plot and its table, in a <div> of its own, side by side. */
void eval_figure_open_wide(const struct eval_section *section,
			   const char *heading, const char *caption);
void eval_figure_close_wide(const struct eval_section *section);

/* An id of the page for a plot of the section; the caller's. */
char *eval_plot_id(const struct eval_section *section, const char *name);

/* A curve as struct plot_point; takes the curve, the result is the caller's. */
GArray *eval_points(GArray *curve);

/*
 * Figures: a plot, what it shows, and its table (eval_page_curves.c,
 * eval_page_plots.c).
 */
void eval_figure_roc(const struct eval_section *section);
void eval_figure_pr(const struct eval_section *section);
void eval_figure_calibration(const struct eval_section *section);
void eval_figure_scores(const struct eval_section *section);
void eval_figure_cost(const struct eval_section *section);
void eval_figure_learning(const struct eval_section *section);

#endif
