#include "curve_private.h"

#include <math.h>
#include <string.h>

#include "base/html.h"

#define SIDE  100
#define STEPS 20

/* Of the sigmoid, what is drawn: from 2 % to 98 %. */
#define EDGE 0.02

#define GROUP "auc-"

/* No group of its own: all of them together. */
static const char *const together[] = { "auc-pooled", "auc-mean-of-groups",
					NULL };

static const struct estimate *
metric(const struct card *card, const char *name)
{
	for (guint i = 0; i < card->metrics->len; i++) {
		const struct card_metric *one = card->metrics->pdata[i];

		if (strcmp(one->name, name) == 0)
			return isfinite(one->estimate.value) ? &one->estimate
							     : NULL;
	}
	return NULL;
}

/* The caption says all that the picture does. */
static void
begin(GString *out)
{
	g_string_append_printf(
		out,
		"<figure><svg class=\"curve\" viewBox=\"0 0 %d "
		"%d\" aria-hidden=\"true\"><rect class=\"track\" "
		"width=\"%d\" height=\"%d\"/>",
		SIDE, SIDE, SIDE, SIDE);
}

static void
end(GString *out, const char *caption)
{
	g_string_append(out, "</svg>");
	html_element(out, "figcaption", caption);
	g_string_append(out, "</figure>");
}

static double
decision_of(const struct sigmoid *sigmoid, double p)
{
	return (log(1 / p - 1) - sigmoid->b) / sigmoid->a;
}

static void
put_sigmoid(GString *out, const struct sigmoid *sigmoid,
	    const struct estimate *error)
{
	const double first = decision_of(sigmoid, EDGE);
	const double last = decision_of(sigmoid, 1 - EDGE);
	g_autoptr(GString) caption = g_string_new(NULL);

	begin(out);
	g_string_append(out, "<path d=\"M");
	for (int i = 0; i <= STEPS; i++) {
		const double p = sigmoid_apply(
			sigmoid, first + (last - first) * i / STEPS);

		g_string_append_printf(out, "%s%d %.0f", i > 0 ? " L" : "",
				       i * SIDE / STEPS, (1 - p) * SIDE);
	}
	g_string_append(out, "\"/>");
	g_string_append_printf(
		caption,
		"Decision to probability: %.2f is 10\u00a0%%, %.2f is "
		"50\u00a0%%, %.2f is 90\u00a0%%.",
		decision_of(sigmoid, 0.1), decision_of(sigmoid, 0.5),
		decision_of(sigmoid, 0.9));
	if (error)
		g_string_append_printf(caption,
				       " On mail it had not seen it is off by "
				       "%.1f points on average.",
				       error->value * 100);
	end(out, caption->str);
}

static double
low_of(const struct estimate *estimate)
{
	return isfinite(estimate->low) ? estimate->low : estimate->value;
}

static double
high_of(const struct estimate *estimate)
{
	return isfinite(estimate->high) ? estimate->high : estimate->value;
}

/* Recall to the right, precision upwards. */
static void
put_point(GString *out, const struct estimate *precision,
	  const struct estimate *recall)
{
	g_autofree char *caption = g_strdup_printf(
		"Precision over recall at the threshold: of what it takes "
		"%.0f\u00a0%% is right (%.0f to %.0f), and it takes "
		"%.0f\u00a0%% of what there is (%.0f to %.0f).",
		precision->value * 100, low_of(precision) * 100,
		high_of(precision) * 100, recall->value * 100,
		low_of(recall) * 100, high_of(recall) * 100);

	begin(out);
	g_string_append_printf(
		out,
		"<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		"height=\"%.1f\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>",
		low_of(recall) * SIDE, (1 - high_of(precision)) * SIDE,
		(high_of(recall) - low_of(recall)) * SIDE,
		(high_of(precision) - low_of(precision)) * SIDE,
		recall->value * SIDE, (1 - precision->value) * SIDE);
	end(out, caption);
}

static double
across(double auc)
{
	return CLAMP(2 * auc - 1, 0, 1) * SIDE;
}

/* "authored 2521": the one source is all of it. */
static gboolean
is_only_source(const struct card *card, const char *name)
{
	const gsize len = strlen(name);

	return card->sources && !strchr(card->sources, ',') &&
	       strncmp(card->sources, name, len) == 0 &&
	       card->sources[len] == ' ';
}

static gboolean
is_group(const struct card *card, const struct card_metric *metric)
{
	return g_str_has_prefix(metric->name, GROUP) &&
	       !g_strv_contains(together, metric->name) &&
	       !is_only_source(card, metric->name + strlen(GROUP)) &&
	       isfinite(metric->estimate.value);
}

/* From chance to the right, a group a line; gives how many. */
static guint
put_groups(GString *out, const struct card *card,
	   const struct card_metric **worst)
{
	guint n = 0;

	for (guint i = 0; i < card->metrics->len; i++) {
		const struct card_metric *one = card->metrics->pdata[i];

		if (!is_group(card, one))
			continue;
		g_string_append_printf(
			out, "<circle cx=\"%.1f\" cy=\"%u\" r=\"2\"/>",
			across(one->estimate.value), 5 + n * 4 % (SIDE - 10));
		if (!*worst || one->estimate.value < (*worst)->estimate.value)
			*worst = one;
		n++;
	}
	return n;
}

static void
put_ranking(GString *out, const struct card *card,
	    const struct estimate *pooled)
{
	const struct card_metric *worst = NULL;
	g_autoptr(GString) caption = g_string_new(NULL);
	guint n;

	begin(out);
	g_string_append_printf(out,
			       "<rect class=\"band\" x=\"%.1f\" width=\"%.1f\" "
			       "height=\"%d\"/>",
			       across(low_of(pooled)),
			       across(high_of(pooled)) - across(low_of(pooled)),
			       SIDE);
	n = put_groups(out, card, &worst);
	g_string_append_printf(
		caption,
		"Area under the ROC curve, from chance (left) to faultless: "
		"%.3f of all (%.3f to %.3f)",
		pooled->value, low_of(pooled), high_of(pooled));
	if (worst)
		g_string_append_printf(caption,
				       "; of %u groups and sources measured by "
				       "themselves the least is %.3f (%s)",
				       n, worst->estimate.value,
				       worst->name + strlen(GROUP));
	g_string_append_c(caption, '.');
	end(out, caption->str);
}

void
curve_put(GString *out, const struct card *card)
{
	const struct estimate *precision =
		metric(card, "precision-at-threshold");
	const struct estimate *recall = metric(card, "recall-at-threshold");
	const struct estimate *pooled = metric(card, "auc-pooled");

	g_string_append(out, "<div class=\"curves\">");
	if (card->sigmoid.a < 0)
		put_sigmoid(out, &card->sigmoid,
			    metric(card, "calibration-error"));
	if (precision && recall)
		put_point(out, precision, recall);
	if (pooled)
		put_ranking(out, card, pooled);
	g_string_append(out, "</div>");
}
