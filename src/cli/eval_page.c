/*
 * The report: one HTML file without scripts or anything from outside, made to
 * be read on a phone, at a desk and on paper.
 */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "eval_page_private.h"
#include "examples_private.h"

static void
put_head(GString *out, const char *title)
{
	g_string_append(
		out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\"/>\n"
		"<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
		"<meta name=\"color-scheme\" content=\"light dark\"/>\n");
	html_element(out, "title", title);
	g_string_append(out, "\n<style>\n");
	g_string_append(out, eval_page_style);
	g_string_append(out, "</style>\n</head>\n<body>\n");
}

static void
put_glance(GString *out, const char *name, struct estimate estimate)
{
	if (isnan(estimate.value))
		return;
	g_string_append(out, "<tr>");
	html_element(out, "th scope=\"row\"", name);
	eval_cells_estimate(out, estimate);
	g_string_append(out, "</tr>\n");
}

/* A row for each thing that was promised, of both kinds. */
static void
put_glances(GString *out, const struct figures *figures)
{
	const struct figure_row *all = figures->rows->pdata[0];
	gboolean outreach = figures->evaluation->kind == MODEL_OUTREACH;
	const struct estimate error = { figures->calibration, (double)NAN,
					(double)NAN };

	put_glance(out,
		   outreach ? "outreach: AUC, pooled"
			    : "relevance: AUC, pooled",
		   all->auc);
	put_glance(out,
		   outreach ? "outreach: AUC, mean of authors"
			    : "relevance: AUC, mean of buyers",
		   figures->mean);
	put_glance(out, "relevance: AUC, lengths matched", figures->matched);
	put_glance(out,
		   outreach ? "outreach: precision from 0.80"
			    : "relevance: precision from 0.65",
		   figures->points[1].precision);
	put_glance(out,
		   outreach ? "outreach: recall from 0.80"
			    : "relevance: recall from 0.65",
		   figures->points[1].recall);
	put_glance(out, "relevance: unwanted at or under 0.35",
		   figures->unwanted);
	put_glance(out,
		   outreach ? "outreach: calibration error"
			    : "relevance: calibration error",
		   error);
}

static void
put_opening(GString *out, const struct eval *eval)
{
	g_autofree char *date = clock_format(examples_date_us());

	date[strlen("2026-11-22")] = '\0';
	html_element(out, "h1", "Pitchward: how well it judges");
	html_format(out, "p class=\"soft\"", "%s. Version %s, %s.",
		    eval->judges, PITCHWARD_VERSION, date);
	if (!eval->unseen)
		html_element(
			out, "p class=\"warn\"",
			"These are the models in use. If they learned from "
			"this mail, every figure here flatters them: mail that "
			"was seen is judged better than mail that comes. "
			"Figures to rely on come from pitchward eval "
			"--unseen.");
	g_string_append(out, "<nav aria-label=\"Sections\">"
			     "<a href=\"#outreach\">Outreach</a>"
			     "<a href=\"#relevance\">Relevance</a>"
			     "<a href=\"#how\">How the figures were made</a>"
			     "</nav>\n");
	html_table_open(out, "At a glance.", "figure|value|95 % interval");
	for (guint i = 0; i < EVAL_KINDS; i++)
		put_glances(out, eval->results[i].figures);
	html_table_close(out);
}

static void
put_tables(const struct eval_section *section)
{
	gboolean outreach = section->result->evaluation->kind == MODEL_OUTREACH;

	html_element(section->out, "h3", outreach ? "By author" : "By buyer");
	eval_table_rows(section, evaluation_group(section->result->evaluation),
			outreach ? "Authors with 20 mails or more. Intervals "
				   "are drawn over their campaigns."
				 : "Intervals are drawn over campaigns.");
	if (!outreach)
		eval_table_buyers(section);
	html_element(section->out, "h3", "By language");
	eval_table_rows(section, "language",
			"As labelled; mail known by features alone has none. "
			"Intervals are drawn over campaigns.");
	html_element(section->out, "h3", "By source");
	eval_table_rows(section, "source", NULL);
	eval_table_rows(section, "known by",
			"Mail that is here, and mail that is known by hashed "
			"features alone.");
}

static void
put_section(const struct eval_section *section, const char *heading,
	    const char *question)
{
	GString *out = section->out;
	gboolean outreach = section->result->evaluation->kind == MODEL_OUTREACH;

	g_string_append_printf(out, "<section id=\"%s\">\n", section->id);
	html_element(out, "h2", heading);
	html_element(out, "p", question);
	g_string_append(out, "<div class=\"figures\">\n");
	eval_figure_roc(section);
	eval_figure_pr(section);
	eval_figure_calibration(section);
	eval_figure_cost(section);
	eval_figure_scores(section);
	eval_figure_learning(section);
	g_string_append(out, "</div>\n");
	html_element(out, "h3", "At the thresholds");
	eval_table_thresholds(section);
	html_element(out, "h3", "By kind");
	eval_table_kinds(section);
	eval_table_rows(section, "kind",
			outreach ? "Each kind of the class against all mail "
				   "that is not of it, and each other kind "
				   "against all of the class."
				 : NULL);
	put_tables(section);
	if (section->result->evaluation->baselines->len > 0) {
		html_element(out, "h3", "Other judges");
		eval_table_baselines(section);
	}
	if (section->result->streams != NULL &&
	    section->result->streams->len > 0) {
		html_element(out, "h3", "With history");
		eval_table_history(section);
	}
	eval_list_mistakes(section);
	g_string_append(out, "</section>\n");
}

static void
put_corpora(GString *out, const struct eval *eval)
{
	g_string_append(out, "<p>Mail: ");
	for (guint i = 0; eval->options.args[i] != NULL; i++) {
		g_string_append(out, i > 0 ? ", " : "");
		html_text(out, eval->options.args[i]);
	}
	g_string_append(out, ".</p>\n<ul>\n");
}

/* What holds for models in use and for models made for this alike. */
static void
put_measures(GString *out)
{
	static const char *const measures[] = {
		"ROC AUC is the share of pairs, one of the class and one not, "
		"that are ranked rightly; ties count half. Its 95 % interval "
		"is a bootstrap of 500 draws over groups (authors, buyers; "
		"inside one author, buyer or language over campaigns), "
		"percentile method, seed 20231. A part with one group has no "
		"interval.",
		"The mean of groups counts each author or buyer with at least "
		"20 judgements, 3 of either class, once; its interval is by "
		"Student's t.",
		"Precision, recall and shares have Wilson's 95 % intervals.",
		"Calibration error: ten bins of equal width, the mean gap "
		"between score and frequency, weighted by the bin.",
		"AUC with lengths matched: judgements are put into five strata "
		"of equal number by words of text and subject, and only pairs "
		"of one stratum count.",
		"Recall at 1 % false: the share of the class that is found "
		"where at most 1 in 100 of the others is taken for it.",
		"Unwanted mail: labelled as near nothing that any buyer asked "
		"for (its row says none), held against the buyers it was "
		"judged for.",
	};

	for (guint i = 0; i < G_N_ELEMENTS(measures); i++)
		html_element(out, "li", measures[i]);
}

static void
put_splits(GString *out, const struct eval *eval)
{
	if (!eval->unseen) {
		html_element(out, "li",
			     "Nothing was held out: the models in use judged "
			     "each mail as the milter would, with an empty "
			     "ledger.");
		return;
	}
	html_format(
		out, "li",
		"Outreach: %u folds of authors, relevance: %u folds of "
		"buyers. Who has 40 mails or more is a fold alone, the others "
		"share five. No model saw mail of the author, or a judgement "
		"of the buyer, that it is measured on. Calibration, too, was "
		"fitted on the other folds.",
		eval->results[0].evaluation->folds,
		eval->results[1].evaluation->folds);
	html_element(out, "li",
		     "How rare each term is was counted over all mail, without "
		     "labels. History (ledger, campaigns) is off but where it "
		     "is said.");
	html_element(out, "li",
		     "Learning curve: nested random parts of the training "
		     "mail, seeds 4711 to 4713.");
	html_element(out, "li",
		     "Fraud is judged by a model of a fold that did not have "
		     "its sender.");
}

static void
put_method(GString *out, const struct eval *eval)
{
	char ratio[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out, "<section id=\"how\">\n");
	html_element(out, "h2", "How the figures were made");
	put_corpora(out, eval);
	put_splits(out, eval);
	put_measures(out);
	html_format(out, "li",
		    "Cost: a held mail that was wanted counts as %s let-in "
		    "pitches (--cost).",
		    g_ascii_formatd(ratio, sizeof ratio, "%g", eval->cost));
	g_string_append(out, "</ul>\n<p>Again: <code>pitchward eval ");
	g_string_append(out, eval->unseen ? "--unseen " : "");
	g_string_append(out, "--report OUT.html");
	for (guint i = 0; eval->options.args[i] != NULL; i++) {
		g_string_append_c(out, ' ');
		html_text(out, eval->options.args[i]);
	}
	g_string_append(out, "</code></p>\n</section>\n");
}

GString *
eval_page(const struct eval *eval)
{
	static const char *const texts[EVAL_KINDS][2] = {
		{ "Outreach",
		  "Does this sell to somebody with no dealings with the "
		  "sender? The class: outreach and nurture; the rest: "
		  "business, transactional and list mail. From 0.80 mail may "
		  "be held, from 0.50 it may be tagged." },
		{ "Relevance",
		  "Is a pitch near what this buyer wrote down? The class: "
		  "grade 2 or 3; the rest: grade 0 or 1. From 0.65 a pitch is "
		  "let in, from 0.35 it is tagged." },
	};
	GString *out = g_string_new(NULL);

	put_head(out, "Pitchward: how well it judges");
	put_opening(out, eval);
	for (guint i = 0; i < EVAL_KINDS; i++) {
		const struct eval_result *result = &eval->results[i];
		const struct eval_section section = {
			out, eval, result, model_kinds[result->evaluation->kind]
		};

		put_section(&section, texts[i][0], texts[i][1]);
	}
	put_method(out, eval);
	g_string_append(out, "</body>\n</html>\n");
	return out;
}
