/* How good the judgements of a corpus are, as text or as JSON. */
#include "eval_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/metrics.h"
#include "print_private.h"
#include "screen/screen.h"

#define MISTAKES	10
#define MISTAKE_REASONS 4

static const char *
case_group(const struct eval_case *one)
{
	return one->profile != NULL ? one->profile->id : one->mail->author;
}

static struct scored *
scored_new(const GArray *cases)
{
	g_autoptr(GHashTable) groups =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct scored *scored = g_new(struct scored, cases->len + 1);

	for (guint i = 0; i < cases->len; i++) {
		const struct eval_case *one =
			&g_array_index(cases, struct eval_case, i);
		const char *key = case_group(one);

		if (!g_hash_table_contains(groups, key))
			g_hash_table_insert(
				groups, g_strdup(key),
				GUINT_TO_POINTER(g_hash_table_size(groups)));
		scored[i] = (struct scored){
			one->score, one->positive,
			GPOINTER_TO_UINT(g_hash_table_lookup(groups, key))
		};
	}
	return scored;
}

static void
print_estimate(const char *name, struct estimate estimate)
{
	char text[3][G_ASCII_DTOSTR_BUF_SIZE];

	if (isnan(estimate.value)) {
		printf("  %-24s not told: one class is missing\n", name);
		return;
	}
	printf("  %-24s %s", name,
	       g_ascii_formatd(text[0], sizeof text[0], "%.4f",
			       estimate.value));
	if (!isnan(estimate.low))
		printf("  (%s .. %s)",
		       g_ascii_formatd(text[1], sizeof text[1], "%.4f",
				       estimate.low),
		       g_ascii_formatd(text[2], sizeof text[2], "%.4f",
				       estimate.high));
	putchar('\n');
}

static void
print_point(const struct scored *scored, guint n, double threshold)
{
	struct metrics_point point = metrics_at(scored, n, threshold);
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(text, sizeof text, "%.2f", threshold);
	printf(" at %s: %u right, %u wrong, %u missed, %u left alone\n", text,
	       point.true_positive, point.false_positive, point.false_negative,
	       point.true_negative);
	print_estimate("precision", point.precision);
	print_estimate("recall", point.recall);
}

static void
print_figures(const struct eval_report *report)
{
	g_autofree struct scored *scored = scored_new(report->cases);
	guint n = report->cases->len;
	struct estimate error = { metrics_calibration(scored, n), NAN, NAN };

	printf("%s: %u judgements\n", report->kind, n);
	print_estimate("ROC AUC", metrics_auc(scored, n));
	for (guint i = 0; i < EVAL_THRESHOLDS; i++)
		print_point(scored, n, report->thresholds[i]);
	print_estimate("calibration error", error);
}

static json_t *
json_estimate(struct estimate estimate)
{
	json_t *object = json_object();

	json_object_set_new(object, "value",
			    isfinite(estimate.value) ? json_real(estimate.value)
						     : json_null());
	json_object_set_new(object, "low",
			    isfinite(estimate.low) ? json_real(estimate.low)
						   : json_null());
	json_object_set_new(object, "high",
			    isfinite(estimate.high) ? json_real(estimate.high)
						    : json_null());
	return object;
}

static json_t *
json_point(const struct scored *scored, guint n, double threshold)
{
	struct metrics_point point = metrics_at(scored, n, threshold);
	json_t *object = json_object();

	json_object_set_new(object, "threshold", json_real(threshold));
	json_object_set_new(object, "precision",
			    json_estimate(point.precision));
	json_object_set_new(object, "recall", json_estimate(point.recall));
	json_object_set_new(object, "true_positive",
			    json_integer(point.true_positive));
	json_object_set_new(object, "false_positive",
			    json_integer(point.false_positive));
	json_object_set_new(object, "false_negative",
			    json_integer(point.false_negative));
	json_object_set_new(object, "true_negative",
			    json_integer(point.true_negative));
	return object;
}

static void
print_figures_json(const struct eval_report *report)
{
	g_autofree struct scored *scored = scored_new(report->cases);
	guint n = report->cases->len;
	json_t *object = json_object();
	json_t *points = json_array();

	for (guint i = 0; i < EVAL_THRESHOLDS; i++)
		json_array_append_new(
			points, json_point(scored, n, report->thresholds[i]));
	json_object_set_new(object, "kind", json_string(report->kind));
	json_object_set_new(object, "examples", json_integer(n));
	json_object_set_new(object, "auc",
			    json_estimate(metrics_auc(scored, n)));
	json_object_set_new(object, "calibration_error",
			    n > 0 ? json_real(metrics_calibration(scored, n))
				  : json_null());
	json_object_set_new(object, "thresholds", points);
	print_json(object);
}

static double
wrongness(const struct eval_case *one)
{
	return one->positive ? 1 - one->score : one->score;
}

/* Nearer to the other label than to its own. */
static gboolean
is_mistake(const struct eval_case *one)
{
	return wrongness(one) >= 0.5;
}

static int
by_wrongness(const void *a, const void *b)
{
	double x = wrongness(a);
	double y = wrongness(b);

	return (x < y) - (x > y);
}

/* What moved this score: reasons of the kind in question only. */
static void
print_reasons(const char *kind, const GPtrArray *reasons)
{
	guint shown = 0;

	for (guint i = 0; reasons && i < reasons->len; i++) {
		const struct reason *reason = reasons->pdata[i];
		char weight[G_ASCII_DTOSTR_BUF_SIZE];

		if (!g_str_has_prefix(reason->name, kind) ||
		    shown++ == MISTAKE_REASONS)
			continue;
		printf("         %s  ",
		       g_ascii_formatd(weight, sizeof weight, "%+6.2f",
				       reason->weight));
		print_text(reason->name, FALSE);
		putchar('\n');
		if (shown == MISTAKE_REASONS)
			return;
	}
}

static void
print_mistake(const struct eval_report *report, const struct eval_case *one)
{
	g_autoptr(GPtrArray) reasons = report->why(one, report->data);
	char score[16];

	printf("    %s  ", print_share(one->score, score));
	print_text(one->mail->name, FALSE);
	printf("  (%s", corpus_kinds[one->mail->kind]);
	if (one->profile != NULL)
		printf(", %s for %s",
		       one->positive ? "relevant" : "not relevant",
		       one->profile->id);
	puts(")");
	print_reasons(report->kind, reasons);
}

static json_t *
json_reasons(const GPtrArray *reasons)
{
	json_t *list = json_array();

	for (guint i = 0; reasons && i < reasons->len; i++) {
		const struct reason *reason = reasons->pdata[i];
		json_t *entry = json_object();

		json_object_set_new(entry, "name",
				    print_json_text(reason->name));
		json_object_set_new(entry, "weight", json_real(reason->weight));
		json_array_append_new(list, entry);
	}
	return list;
}

static void
print_mistake_json(const struct eval_report *report,
		   const struct eval_case *one)
{
	g_autoptr(GPtrArray) reasons = report->why(one, report->data);
	json_t *object = json_object();

	json_object_set_new(object, "mistake", json_string(report->kind));
	json_object_set_new(object, "file", print_json_text(one->mail->path));
	json_object_set_new(object, "label", json_boolean(one->positive));
	json_object_set_new(object, "score", json_real(one->score));
	json_object_set_new(object, "wrong", json_boolean(is_mistake(one)));
	json_object_set_new(
		object, "profile",
		print_json_text(one->profile ? one->profile->id : ""));
	json_object_set_new(object, "reasons", json_reasons(reasons));
	print_json(object);
}

/* What is not wrong is listed too, but not called a mistake. */
static void
print_heading(const struct eval_case *last, const struct eval_case *one)
{
	if (last == NULL && is_mistake(one))
		puts("  the worst mistakes");
	else if (last == NULL)
		puts("  no mistakes; the nearest to one");
	else if (is_mistake(last) && !is_mistake(one))
		puts("  no mistakes, but near to one");
}

static void
print_mistakes(const struct eval_report *report, gboolean json)
{
	const struct eval_case *last = NULL;

	g_array_sort(report->cases, by_wrongness);
	for (guint i = 0; i < MIN(report->cases->len, MISTAKES); i++) {
		const struct eval_case *one =
			&g_array_index(report->cases, struct eval_case, i);

		if (json) {
			print_mistake_json(report, one);
		} else {
			print_heading(last, one);
			print_mistake(report, one);
		}
		last = one;
	}
}

void
eval_report_print(const struct eval_report *report, gboolean json)
{
	if (json)
		print_figures_json(report);
	else
		print_figures(report);
	print_mistakes(report, json);
}
