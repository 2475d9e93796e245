#include "weights_private.h"

#include <math.h>

#include "base/html.h"
#include "review/why.h"
#include "row_private.h"

/* A bar to the right for what speaks for it, to the left against it. */
static void
put_weight(GString *out, double weight, double widest)
{
	const guint width =
		widest > 0 ? (guint)lrint(fabs(weight) / widest * 50) : 0;

	g_string_append_printf(
		out,
		"<td><svg class=\"bar\" viewBox=\"0 0 100 8\" "
		"preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
		"class=\"track\" width=\"100\" height=\"8\"/><rect "
		"class=\"%s\" x=\"%u\" width=\"%u\" height=\"8\"/></svg></td>",
		weight >= 0 ? "for" : "against", weight >= 0 ? 50 : 50 - width,
		width);
}

static double
side_widest(const GPtrArray *list, enum why_side side)
{
	double widest = 0;

	for (guint i = 0; i < list->len; i++) {
		const struct why *why = list->pdata[i];

		if (why->side == side)
			widest = MAX(widest, fabs(why->weight));
	}
	return widest;
}

/* No model is certain, whatever the rounding. */
static void
put_probability(GString *out, double probability)
{
	g_autofree char *share = why_percent(probability);

	html_format(out, "p class=\"facts\"",
		    "The sum means a probability of %s %%, by the calibration "
		    "of the model.",
		    share);
}

/* Every contribution, and their sum: what the probability was made of. */
static void
put_side(GString *out, const GPtrArray *list, enum why_side side,
	 const char *caption, double probability)
{
	const double widest = side_widest(list, side);
	double sum = 0;

	if (widest <= 0)
		return;
	html_table_open(out, caption, "Contribution|Against or for|Weight");
	for (guint i = 0; i < list->len; i++) {
		const struct why *why = list->pdata[i];

		if (why->side != side)
			continue;
		sum += why->weight;
		g_string_append(out, "<tr>");
		html_element(out, "td", why->text);
		put_weight(out, why->weight, widest);
		html_cell(out, why->weight, 3);
		g_string_append(out, "</tr>");
	}
	g_string_append(out, "<tr class=\"sum\"><td>Sum</td><td></td>");
	html_cell(out, sum, 3);
	g_string_append(out, "</tr>");
	html_table_close(out);
	if (probability >= 0)
		put_probability(out, probability);
}

void
weights_put(GString *out, const struct store_message *message)
{
	g_autoptr(GPtrArray) list = why_list(message);

	g_string_append(out, "<section><h2>What it was decided by</h2>");
	if (list->len == 0)
		html_element(out, "p class=\"empty\"",
			     "No model was asked about it.");
	for (guint i = 0; i < list->len; i++) {
		const struct why *why = list->pdata[i];

		if (why->side == WHY_BESIDE)
			html_element(out, "p", why->text);
	}
	put_side(out, list, WHY_OUTREACH, "Is it a sales mail?",
		 message->outreach);
	put_side(out, list, WHY_RELEVANCE, "Is it relevant to you?",
		 message->relevance);
	html_format(out, "p class=\"facts\"", "Models: %s",
		    message->model && *message->model ? message->model
						      : "none");
	g_string_append(out, "</section>");
}
