/* The report's tables, and the mistakes. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/html.h"
#include "eval_page_private.h"
#include "mail/content.h"
#include "model/unseen.h"
#include "screen/verdict.h"

#define MISTAKES	 20
#define REASONS		 5
#define MESSAGE_SIZE_MAX (64 << 20)

void
eval_cells_estimate(GString *out, struct estimate estimate)
{
	html_cell(out, estimate.value, 3);
	g_string_append(out, "<td class=\"soft\">");
	if (isfinite(estimate.low)) {
		html_number(out, estimate.low, 3);
		g_string_append(out, " to ");
		html_number(out, estimate.high, 3);
	}
	g_string_append(out, "</td>");
}

static const struct baseline *
baseline_at(const struct eval_section *section, guint i)
{
	return &g_array_index(section->result->evaluation->baselines,
			      struct baseline, i);
}

/* Whether a baseline has anything to say in this table. */
static gboolean
has_column(const struct eval_section *section, guint place, const char *by)
{
	const struct baseline *baseline = baseline_at(section, place);
	const GPtrArray *rows = section->result->figures->rows;

	if (baseline->scores == NULL ||
	    (baseline->by != NULL && strcmp(baseline->by, by) != 0))
		return FALSE;
	for (guint i = 0; i < rows->len; i++) {
		const struct figure_row *row = rows->pdata[i];

		if (strcmp(row->by, by) == 0 && !isnan(row->baselines[place]))
			return TRUE;
	}
	return FALSE;
}

static void
put_row(const struct eval_section *section, const struct figure_row *row)
{
	GString *out = section->out;

	g_string_append(out, "<tr>");
	html_element(out, "th scope=\"row\"", row->name);
	html_count(out, row->n);
	html_count(out, row->positive);
	eval_cells_estimate(out, row->auc);
	if (section->result->evaluation->kind == MODEL_OUTREACH)
		html_cell(out, row->pitches, 3);
	g_string_append_printf(out, "<td>%u of %u</td>", row->held,
			       row->n - row->positive);
	for (guint i = 0; i < section->result->evaluation->baselines->len; i++)
		if (has_column(section, i, row->by))
			html_cell(out, row->baselines[i], 3);
	g_string_append(out, "</tr>\n");
}

void
eval_table_rows(const struct eval_section *section, const char *by,
		const char *caption)
{
	const GPtrArray *rows = section->result->figures->rows;
	gboolean outreach = section->result->evaluation->kind == MODEL_OUTREACH;
	g_autoptr(GString) heads = g_string_new(by);

	g_string_append_printf(heads, "|%s|%s|AUC|95 %% interval%s|%s",
			       outreach ? "mails" : "judged",
			       outreach ? "selling" : "relevant",
			       outreach ? "|pitches alone" : "",
			       outreach ? "false holds" : "wrongly let in");
	for (guint i = 0; i < section->result->evaluation->baselines->len; i++)
		if (has_column(section, i, by))
			g_string_append_printf(heads, "|%s",
					       baseline_at(section, i)->brief);
	html_table_open(section->out, caption, heads->str);
	for (guint i = 0; i < rows->len; i++) {
		const struct figure_row *row = rows->pdata[i];

		if (strcmp(row->by, by) == 0)
			put_row(section, row);
	}
	html_table_close(section->out);
}

void
eval_table_thresholds(const struct eval_section *section)
{
	const struct figures *figures = section->result->figures;
	const double *thresholds = section->result->evaluation->thresholds;
	GString *out = section->out;

	html_table_open(out,
			"Wilson intervals. Right: of the class and said so; "
			"wrong: not of it and said so; missed: of it and not "
			"said so.",
			"at|right|wrong|missed|precision|95 % interval|recall|"
			"95 % interval");
	for (guint i = 0; i < G_N_ELEMENTS(figures->points); i++) {
		const struct metrics_point *point = &figures->points[i];

		g_string_append(out, "<tr>");
		html_cell(out, thresholds[i], 2);
		html_count(out, point->true_positive);
		html_count(out, point->false_positive);
		html_count(out, point->false_negative);
		eval_cells_estimate(out, point->precision);
		eval_cells_estimate(out, point->recall);
		g_string_append(out, "</tr>\n");
	}
	html_table_close(out);
}

static void
put_kind(GString *out, const struct figure_kind *kind)
{
	g_string_append(out, "<tr>");
	html_element(out, "th scope=\"row\"", corpus_kinds[kind->kind]);
	html_count(out, kind->n);
	html_cell(out, kind->mean, 3);
	html_cell(out, kind->low.value, 3);
	html_count(out, kind->high_n);
	eval_cells_estimate(out, kind->high);
	g_string_append(out, "</tr>\n");
}

void
eval_table_kinds(const struct eval_section *section)
{
	const struct evaluation *evaluation = section->result->evaluation;
	const GArray *kinds = section->result->figures->kinds;
	char low[G_ASCII_DTOSTR_BUF_SIZE];
	char high[G_ASCII_DTOSTR_BUF_SIZE];
	g_autofree char *heads = NULL;

	g_ascii_formatd(low, sizeof low, "%.2f", evaluation->thresholds[0]);
	g_ascii_formatd(high, sizeof high, "%.2f", evaluation->thresholds[1]);
	heads = g_strdup_printf("kind|mails|mean score|share from %s|"
				"from %s|share|95 %% interval",
				low, high);
	html_table_open(section->out,
			evaluation->kind == MODEL_OUTREACH
				? "What reaches the thresholds. For business, "
				  "transactional and list mail every one from "
				  "the higher threshold is a false hold; fraud "
				  "is the spam filter's work, is not learned "
				  "from and counts in no other figure."
				: "What reaches the thresholds, by kind.",
			heads);
	for (guint i = 0; i < kinds->len; i++)
		put_kind(section->out,
			 &g_array_index(kinds, struct figure_kind, i));
	html_table_close(section->out);
}

static void
put_buyer(GString *out, const struct figure_buyer *buyer)
{
	g_string_append(out, "<tr>");
	html_element(out, "th scope=\"row\"", buyer->profile);
	for (guint i = 0; i < G_N_ELEMENTS(buyer->n); i++) {
		if (buyer->n[i] > 0)
			g_string_append_printf(out, "<td>%u of %u</td>",
					       buyer->high[i], buyer->n[i]);
		else
			g_string_append(out, "<td>\u2013</td>");
		html_cell(out, buyer->mean[i], 2);
	}
	g_string_append(out, "</tr>\n");
}

void
eval_table_buyers(const struct eval_section *section)
{
	const GArray *buyers = section->result->figures->buyers;

	html_table_open(section->out,
			"By grade (0 not relevant, 1 neighbouring, 2 and 3 "
			"relevant): how many of the judged are let in, and "
			"their mean score.",
			"buyer|grade 0|mean|grade 1|mean|grade 2|mean|grade 3|"
			"mean");
	for (guint i = 0; i < buyers->len; i++)
		put_buyer(section->out,
			  &g_array_index(buyers, struct figure_buyer, i));
	html_table_close(section->out);
}

static void
put_baseline(GString *out, const struct figure_baseline *own)
{
	const struct baseline *baseline = own->baseline;

	g_string_append(out, "<tr>");
	html_element(out, "th scope=\"row\"",
		     baseline != NULL ? baseline->name : "pitchward");
	if (baseline != NULL && baseline->scores == NULL) {
		html_element(out, "td class=\"words\" colspan=\"8\"",
			     baseline->note);
		g_string_append(out, "</tr>\n");
		return;
	}
	html_count(out, own->n);
	eval_cells_estimate(out, own->auc);
	html_cell(out, own->ours, 3);
	html_cell(out, own->mean, 3);
	if (baseline != NULL)
		g_string_append_printf(out, "<td>%u of %u</td>", own->won,
				       own->of);
	else
		g_string_append(out, "<td></td>");
	html_cell(out, own->average_precision, 3);
	html_cell(out, own->recall, 3);
	g_string_append(out, "</tr>\n");
}

void
eval_table_baselines(const struct eval_section *section)
{
	const GArray *baselines = section->result->figures->baselines;
	const char *group = evaluation_group(section->result->evaluation);
	GString *out = section->out;
	g_autofree char *heads = g_strdup_printf(
		"judge|judged|AUC|95 %% interval|pitchward on the same|"
		"mean of %ss|pitchward better|average precision|"
		"recall at 1 %% false",
		group);

	html_table_open(out, "The same run, mail and splits.", heads);
	for (guint i = 0; i < baselines->len; i++)
		put_baseline(out, &g_array_index(baselines,
						 struct figure_baseline, i));
	html_table_close(out);
	g_string_append(out, "<ul class=\"soft\">\n");
	for (guint i = 1; i < baselines->len; i++) {
		const struct baseline *baseline =
			g_array_index(baselines, struct figure_baseline, i)
				.baseline;

		html_format(out, "li", "%s: %s.", baseline->name,
			    baseline->note);
	}
	g_string_append(out, "</ul>\n");
}

/* The subject as a person sees it; NULL without the message. */
static char *
subject_of(const struct judged *judged)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(Mail) mail = NULL;
	g_autoptr(Content) content = NULL;

	if (judged->mail == NULL)
		return NULL;
	bytes = file_read(judged->mail->path, MESSAGE_SIZE_MAX, NULL);
	if (bytes == NULL)
		return NULL;
	mail = mail_new(bytes, NULL);
	content = content_new(mail);
	return g_strdup(content->subject);
}

static void
put_reasons(const struct eval_section *section, const struct judged *judged)
{
	g_autoptr(GPtrArray) reasons =
		section->result->why(judged, section->result->data);
	GString *out = section->out;
	gsize prefix = strlen(section->id) + strlen(": ");
	guint shown = 0;

	g_string_append(out, "<div class=\"reasons\">");
	for (guint i = 0; reasons && i < reasons->len && shown < REASONS; i++) {
		const struct reason *reason = reasons->pdata[i];
		char weight[G_ASCII_DTOSTR_BUF_SIZE];

		if (!g_str_has_prefix(reason->name, section->id) ||
		    strlen(reason->name) < prefix ||
		    strcmp(reason->name + prefix, UNSEEN_HASHED) == 0)
			continue;
		g_string_append(out, shown++ > 0 ? " \u00b7 " : "");
		html_text(out, reason->name + prefix);
		g_string_append_printf(out, " %s",
				       g_ascii_formatd(weight, sizeof weight,
						       "%+.2f",
						       reason->weight));
	}
	if (shown == 0)
		g_string_append(out, "hashed terms, which have no names");
	g_string_append(out, "</div>");
}

static void
put_mistake(const struct eval_section *section, const struct judged *judged)
{
	g_autofree char *subject = subject_of(judged);
	GString *out = section->out;

	g_string_append(out, "<li><strong>");
	html_number(out, judged->probability, 2);
	g_string_append(out, "</strong> ");
	html_text(out, corpus_kinds[judged->kind]);
	if (judged->profile != NULL) {
		g_string_append_printf(out, ", grade %d for ", judged->grade);
		html_text(out, judged->profile);
	}
	g_string_append(out, " <span class=\"soft\">");
	if (judged->mail != NULL)
		html_text(out, judged->mail->name);
	else
		html_text(out, judged->source);
	g_string_append(out, "</span>");
	if (subject != NULL)
		html_element(out, "div", subject);
	else
		html_element(out, "div class=\"soft\"",
			     "known by its features alone");
	put_reasons(section, judged);
	g_string_append(out, "</li>\n");
}

void
eval_list_mistakes(const struct eval_section *section)
{
	g_autoptr(GPtrArray) worst =
		eval_worst(section->result->evaluation, MISTAKES);
	GString *out = section->out;

	html_element(out, "h3", "The worst mistakes");
	g_string_append(out,
			"<p class=\"soft\">Score, label, where it is, its "
			"subject, and what weighed most: positive weights "
			"speak for the class.</p>\n<ol class=\"mistakes\">\n");
	for (guint i = 0; i < worst->len; i++)
		if (eval_wrongness(worst->pdata[i]) >= 0.5)
			put_mistake(section, worst->pdata[i]);
	g_string_append(out, "</ol>\n");
}
