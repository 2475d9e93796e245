/* Figures by author, source, language, kind and baseline; text and JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "eval_private.h"
#include "print_private.h"

#define NAME_WIDTH 22

json_t *
eval_json_estimate(struct estimate estimate)
{
	json_t *object = json_object();

	json_object_set_new(object, "value", print_json_number(estimate.value));
	json_object_set_new(object, "low", print_json_number(estimate.low));
	json_object_set_new(object, "high", print_json_number(estimate.high));
	return object;
}

static json_t *
json_row(const struct figures *figures, const struct figure_row *row)
{
	const GArray *baselines = figures->evaluation->baselines;
	json_t *object = json_object();
	json_t *others = json_object();

	for (guint i = 0; i < baselines->len; i++)
		json_object_set_new(
			others,
			g_array_index(baselines, struct baseline, i).brief,
			print_json_number(row->baselines[i]));
	json_object_set_new(object, "by", json_string(row->by));
	json_object_set_new(object, "name", print_json_text(row->name));
	json_object_set_new(object, "examples", json_integer(row->n));
	json_object_set_new(object, "positive", json_integer(row->positive));
	json_object_set_new(object, "false_positive_at_high",
			    json_integer(row->held));
	json_object_set_new(object, "auc", eval_json_estimate(row->auc));
	json_object_set_new(object, "auc_pitches",
			    print_json_number(row->pitches));
	json_object_set_new(object, "baselines", others);
	return object;
}

static json_t *
json_kind(const struct figure_kind *kind)
{
	json_t *object = json_object();

	json_object_set_new(object, "name",
			    json_string(corpus_kinds[kind->kind]));
	json_object_set_new(object, "examples", json_integer(kind->n));
	json_object_set_new(object, "mean", print_json_number(kind->mean));
	json_object_set_new(object, "at_low", eval_json_estimate(kind->low));
	json_object_set_new(object, "at_high", eval_json_estimate(kind->high));
	return object;
}

static json_t *
json_counts(const guint counts[4])
{
	json_t *list = json_array();

	for (guint i = 0; i < 4; i++)
		json_array_append_new(list, json_integer(counts[i]));
	return list;
}

static json_t *
json_buyer(const struct figure_buyer *buyer)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", print_json_text(buyer->profile));
	json_object_set_new(object, "grades", json_counts(buyer->n));
	json_object_set_new(object, "at_low", json_counts(buyer->low));
	json_object_set_new(object, "at_high", json_counts(buyer->high));
	return object;
}

static json_t *
json_baseline(const struct figure_baseline *own)
{
	json_t *object = json_object();

	json_object_set_new(
		object, "name",
		json_string(own->baseline ? own->baseline->name : "pitchward"));
	json_object_set_new(
		object, "note",
		json_string(own->baseline ? own->baseline->note : ""));
	json_object_set_new(object, "examples", json_integer(own->n));
	json_object_set_new(object, "auc", eval_json_estimate(own->auc));
	json_object_set_new(object, "auc_ours", print_json_number(own->ours));
	json_object_set_new(object, "mean_of_groups",
			    print_json_number(own->mean));
	json_object_set_new(object, "average_precision",
			    print_json_number(own->average_precision));
	json_object_set_new(object, "recall_at_1_percent",
			    print_json_number(own->recall));
	return object;
}

static json_t *
json_learning(const GArray *learning)
{
	json_t *list = json_array();

	for (guint i = 0; i < learning->len; i++) {
		const struct learning *point =
			&g_array_index(learning, struct learning, i);
		const struct estimate estimate = { point->mean, point->low,
						   point->high };
		json_t *object = json_object();

		json_object_set_new(object, "percent",
				    json_integer(point->percent));
		json_object_set_new(object, "auc",
				    eval_json_estimate(estimate));
		json_array_append_new(list, object);
	}
	return list;
}

/* What is one list a part, for eval_figures_json(). */
static void
json_lists(const struct figures *figures, json_t *object)
{
	json_t *rows = json_array();
	json_t *kinds = json_array();
	json_t *buyers = json_array();
	json_t *baselines = json_array();

	for (guint i = 0; i < figures->rows->len; i++)
		json_array_append_new(
			rows, json_row(figures, figures->rows->pdata[i]));
	for (guint i = 0; i < figures->kinds->len; i++)
		json_array_append_new(
			kinds, json_kind(&g_array_index(
				       figures->kinds, struct figure_kind, i)));
	for (guint i = 0; i < figures->buyers->len; i++)
		json_array_append_new(buyers, json_buyer(&g_array_index(
						      figures->buyers,
						      struct figure_buyer, i)));
	for (guint i = 0; i < figures->baselines->len; i++)
		json_array_append_new(baselines,
				      json_baseline(&g_array_index(
					      figures->baselines,
					      struct figure_baseline, i)));
	json_object_set_new(object, "rows", rows);
	json_object_set_new(object, "kinds", kinds);
	json_object_set_new(object, "buyers", buyers);
	json_object_set_new(object, "baselines", baselines);
}

void
eval_figures_json(const struct figures *figures, json_t *object)
{
	const struct evaluation *evaluation = figures->evaluation;

	json_object_set_new(object, "unseen", json_boolean(!evaluation->seen));
	json_object_set_new(object, "folds", json_integer(evaluation->folds));
	json_object_set_new(object, "auc_mean_of_groups",
			    eval_json_estimate(figures->mean));
	json_object_set_new(object, "average_precision",
			    print_json_number(figures->average_precision));
	json_object_set_new(object, "auc_length_matched",
			    eval_json_estimate(figures->matched));
	json_object_set_new(object, "not_interested_at_or_under_low",
			    eval_json_estimate(figures->unwanted));
	json_object_set_new(object, "learning",
			    json_learning(evaluation->learning));
	json_lists(figures, object);
}

static void
print_number(const char *before, double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	if (isnan(value))
		printf("%s     -", before);
	else
		printf("%s%s", before,
		       g_ascii_formatd(text, sizeof text, "%.4f", value));
}

static void
print_value(const char *name, struct estimate estimate)
{
	if (isnan(estimate.value))
		return;
	printf("  %-*s", NAME_WIDTH + 2, name);
	print_number(" ", estimate.value);
	if (!isnan(estimate.low)) {
		print_number("  (", estimate.low);
		print_number(" .. ", estimate.high);
		putchar(')');
	}
	putchar('\n');
}

static gboolean
has_column(const struct baseline *baseline, const char *by)
{
	return baseline->scores != NULL &&
	       (baseline->by == NULL || strcmp(baseline->by, by) == 0);
}

static void
print_row(const struct figures *figures, const struct figure_row *row)
{
	const GArray *baselines = figures->evaluation->baselines;

	fputs("    ", stdout);
	print_column(row->name, NAME_WIDTH);
	printf(" %5u", row->n);
	print_number("  ", row->auc.value);
	print_number("  (", row->auc.low);
	print_number(" .. ", row->auc.high);
	putchar(')');
	if (!isnan(row->pitches))
		print_number("  pitches ", row->pitches);
	for (guint i = 0; i < baselines->len; i++) {
		const struct baseline *baseline =
			&g_array_index(baselines, struct baseline, i);

		if (has_column(baseline, row->by) &&
		    !isnan(row->baselines[i])) {
			printf("  %s", baseline->brief);
			print_number(" ", row->baselines[i]);
		}
	}
	putchar('\n');
}

static void
print_rows(const struct figures *figures)
{
	const char *by = "all";

	for (guint i = 0; i < figures->rows->len; i++) {
		const struct figure_row *row = figures->rows->pdata[i];

		if (strcmp(row->by, "all") == 0)
			continue;
		if (strcmp(row->by, by) != 0)
			printf("  ROC AUC by %s\n", row->by);
		by = row->by;
		print_row(figures, row);
	}
}

static void
print_kinds(const struct figures *figures)
{
	puts("  at or over the higher threshold, by kind");
	for (guint i = 0; i < figures->kinds->len; i++) {
		const struct figure_kind *kind =
			&g_array_index(figures->kinds, struct figure_kind, i);

		printf("    %-*s %5u of %5u\n", NAME_WIDTH,
		       corpus_kinds[kind->kind], kind->high_n, kind->n);
	}
}

static void
print_baselines(const struct figures *figures)
{
	puts("  the same splits, other judges: AUC, mean of groups");
	for (guint i = 0; i < figures->baselines->len; i++) {
		const struct figure_baseline *own = &g_array_index(
			figures->baselines, struct figure_baseline, i);
		const struct baseline *baseline = own->baseline;

		printf("    %-34s",
		       baseline != NULL ? baseline->name : "pitchward");
		if (baseline != NULL && baseline->scores == NULL) {
			printf("  %s\n", baseline->note);
			continue;
		}
		print_number("  ", own->auc.value);
		print_number("  ", own->mean);
		if (baseline != NULL)
			print_number("  pitchward on the same mail ",
				     own->ours);
		putchar('\n');
	}
}

static void
print_learning(const GArray *learning)
{
	if (learning->len > 0)
		puts("  with part of the mail to learn from: mean AUC");
	for (guint i = 0; i < learning->len; i++) {
		const struct learning *point =
			&g_array_index(learning, struct learning, i);

		printf("    %3u %%", point->percent);
		print_number("  ", point->mean);
		putchar('\n');
	}
}

void
eval_figures_print(const struct figures *figures)
{
	const struct estimate precision = { figures->average_precision, NAN,
					    NAN };

	print_value(figures->evaluation->kind == MODEL_OUTREACH
			    ? "mean of authors"
			    : "mean of buyers",
		    figures->mean);
	print_value("average precision", precision);
	print_value("AUC, lengths matched", figures->matched);
	print_value("unwanted, not tagged", figures->unwanted);
	print_rows(figures);
	print_kinds(figures);
	print_baselines(figures);
	print_learning(figures->evaluation->learning);
}
