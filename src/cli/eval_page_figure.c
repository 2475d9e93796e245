/* What all figures of the report are framed by. */
#include <math.h>

#include "base/html.h"
#include "eval_page_private.h"
#include "model/curve.h"

static void
add_point(GArray *points, double x, double y)
{
	const struct plot_point point = { x, y, (double)NAN, (double)NAN, 0 };

	g_array_append_val(points, point);
}

/* Takes the curve. */
GArray *
eval_points(GArray *curve)
{
	GArray *points = g_array_new(FALSE, FALSE, sizeof(struct plot_point));

	for (guint i = 0; i < curve->len; i++) {
		const struct curve_point *point =
			&g_array_index(curve, struct curve_point, i);

		add_point(points, point->x, point->y);
	}
	g_array_unref(curve);
	return points;
}

char *
eval_plot_id(const struct eval_section *section, const char *name)
{
	return g_strdup_printf("%s-%s", section->id, name);
}

static void
figure_open_as(const struct eval_section *section, const char *tag,
	       const char *heading, const char *caption)
{
	g_string_append(section->out, tag);
	html_element(section->out, "h3", heading);
	html_element(section->out, "figcaption", caption);
}

void
eval_figure_open(const struct eval_section *section, const char *heading,
		 const char *caption)
{
	figure_open_as(section, "<figure>", heading, caption);
}

/* The plot and its table stand side by side where there is room. */
void
eval_figure_open_wide(const struct eval_section *section, const char *heading,
		      const char *caption)
{
	figure_open_as(section, "<figure class=\"wide\">", heading, caption);
	g_string_append(section->out, "<div class=\"pair\">\n");
}

void
eval_figure_close_wide(const struct eval_section *section)
{
	g_string_append(section->out, "</div></div></figure>\n");
}

void
eval_figure_close(const struct eval_section *section)
{
	g_string_append(section->out, "</figure>\n");
}
