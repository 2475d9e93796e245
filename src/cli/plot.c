#include "plot_private.h"

#include <math.h>

#include "base/html.h"

#define WIDTH	    360
#define HEIGHT	    290
#define LEFT	    46
#define RIGHT	    10
#define TOP	    26
#define BOTTOM	    42
#define DOT	    3.0
#define LEGEND_LINE 16

/* The frame that points are put into. */
struct frame {
	double left, top, width, height;
	const struct plot_axis *x;
	const struct plot_axis *y;
};

static void
put(GString *out, const char *before, double value)
{
	g_string_append(out, before);
	html_number(out, value, 1);
}

/* An attribute: name="value". */
static void
set(GString *out, const char *name, double value)
{
	g_string_append_printf(out, " %s=\"", name);
	html_number(out, value, 1);
	g_string_append_c(out, '"');
}

static double
place_x(const struct frame *frame, double x)
{
	double share = (x - frame->x->low) / (frame->x->high - frame->x->low);

	return frame->left + CLAMP(share, -1, 2) * frame->width;
}

static double
place_y(const struct frame *frame, double y)
{
	double share = (y - frame->y->low) / (frame->y->high - frame->y->low);

	return frame->top + (1 - CLAMP(share, -1, 2)) * frame->height;
}

static void
draw_line(GString *out, const char *class, const double from[2],
	  const double to[2])
{
	g_string_append_printf(out, "<line class=\"%s\"", class);
	set(out, "x1", from[0]);
	set(out, "y1", from[1]);
	set(out, "x2", to[0]);
	set(out, "y2", to[1]);
	g_string_append(out, "/>\n");
}

/* `anchor` as SVG has it: start, middle, end. */
static void
draw_text(GString *out, const double at[2], const char *class,
	  const char *anchor, const char *text)
{
	g_string_append_printf(out, "<text class=\"%s\" text-anchor=\"%s\"",
			       class, anchor);
	set(out, "x", at[0]);
	set(out, "y", at[1]);
	g_string_append_c(out, '>');
	html_text(out, text);
	g_string_append(out, "</text>\n");
}

static void
draw_number(GString *out, const double at[2], const char *anchor, double value,
	    guint decimals)
{
	g_autoptr(GString) text = g_string_new(NULL);

	html_number(text, value, decimals);
	draw_text(out, at, "tick", anchor, text->str);
}

static guint
ticks(const struct plot_axis *axis)
{
	return (guint)((axis->high - axis->low) / axis->step + 1.001);
}

static void
draw_axes(GString *out, const struct frame *frame)
{
	double bottom = frame->top + frame->height;
	double right = frame->left + frame->width;
	double label_x[2] = { frame->left + frame->width / 2, bottom + 34 };
	double label_y[2] = { 2, 11 };

	for (guint i = 0; i < ticks(frame->y); i++) {
		double value = frame->y->low + i * frame->y->step;
		double from[2] = { frame->left, place_y(frame, value) };
		double to[2] = { right, from[1] };
		double at[2] = { frame->left - 5, from[1] + 4 };

		draw_line(out, i == 0 ? "axis" : "grid", from, to);
		draw_number(out, at, "end", value, frame->y->decimals);
	}
	for (guint i = 0; i < ticks(frame->x); i++) {
		double value = frame->x->low + i * frame->x->step;
		double from[2] = { place_x(frame, value), bottom };
		double to[2] = { from[0], bottom + 4 };
		double at[2] = { from[0], bottom + 17 };

		draw_line(out, "axis", from, to);
		draw_number(out, at, "middle", value, frame->x->decimals);
	}
	draw_text(out, label_x, "label", "middle", frame->x->label);
	draw_text(out, label_y, "label", "start", frame->y->label);
}

static void
draw_mark(GString *out, const struct frame *frame, const struct plot_mark *mark,
	  guint line)
{
	double x = place_x(frame, mark->at);
	double from[2] = { x, frame->top };
	double to[2] = { x, frame->top + frame->height };
	gboolean left = mark->at > (frame->x->low + frame->x->high) / 2;
	double at[2] = { x + (left ? -4 : 4), frame->top + 10 + 14.0 * line };

	draw_line(out, "mark", from, to);
	if (mark->name != NULL)
		draw_text(out, at, "tick", left ? "end" : "start", mark->name);
}

/* Many points of a curve fall on one place of the picture. */
static void
draw_path(GString *out, const struct frame *frame,
	  const struct plot_series *series)
{
	double last[2] = { -1e9, -1e9 };

	g_string_append_printf(out, "<path class=\"line s%u\" d=\"",
			       series->look);
	for (guint i = 0; i < series->points->len; i++) {
		const struct plot_point *point =
			&g_array_index(series->points, struct plot_point, i);
		double x = place_x(frame, point->x);
		double y = place_y(frame, point->y);

		if (i > 0 && i + 1 < series->points->len &&
		    fabs(x - last[0]) < 0.5 && fabs(y - last[1]) < 0.5)
			continue;
		put(out, i == 0 ? "M" : "L", x);
		put(out, " ", y);
		last[0] = x;
		last[1] = y;
	}
	g_string_append(out, "\"/>\n");
}

static void
draw_dots(GString *out, const struct frame *frame,
	  const struct plot_series *series)
{
	for (guint i = 0; i < series->points->len; i++) {
		const struct plot_point *point =
			&g_array_index(series->points, struct plot_point, i);
		double x = place_x(frame, point->x);

		if (isfinite(point->low)) {
			double from[2] = { x, place_y(frame, point->low) };
			double to[2] = { x, place_y(frame, point->high) };
			g_autofree char *class =
				g_strdup_printf("whisker s%u", series->look);

			draw_line(out, class, from, to);
		}
		g_string_append_printf(out, "<circle class=\"dot s%u\"",
				       series->look);
		set(out, "cx", x);
		set(out, "cy", place_y(frame, point->y));
		set(out, "r", point->size > 0 ? point->size : DOT);
		g_string_append(out, "/>\n");
	}
}

static guint
named_series(const struct plot *plot)
{
	guint named = 0;

	for (guint i = 0; i < plot->n_series; i++)
		named += plot->series[i].name != NULL ? 1 : 0;
	return named;
}

/* A sample of the line at the outer side, its name inside. */
static void
draw_name(GString *out, const struct plot_series *series, const double at[2],
	  gboolean right)
{
	double from[2] = { right ? at[0] - 20 : at[0], at[1] - 4 };
	double to[2] = { from[0] + 20, at[1] - 4 };
	double text[2] = { right ? at[0] - 26 : at[0] + 26, at[1] };
	g_autofree char *class = g_strdup_printf("line s%u", series->look);

	draw_line(out, class, from, to);
	draw_text(out, text, "legend", right ? "end" : "start", series->name);
}

static void
draw_legend(GString *out, const struct frame *frame, const struct plot *plot)
{
	gboolean right = plot->legend == PLOT_BOTTOM_RIGHT;
	guint named = named_series(plot);
	double at[2] = { right ? frame->left + frame->width - 8
			       : frame->left + 10,
			 frame->top + frame->height - 8 -
				 LEGEND_LINE * ((double)named - 1) };

	for (guint i = 0; named > 1 && i < plot->n_series; i++) {
		if (plot->series[i].name == NULL)
			continue;
		draw_name(out, &plot->series[i], at, right);
		at[1] += LEGEND_LINE;
	}
}

/* Height stays what the frame asks for; names are for screen readers. */
static void
svg_open(GString *out, const char *id, const char *const names[2], guint height)
{
	g_string_append_printf(out,
			       "<svg viewBox=\"0 0 %d %u\" role=\"img\" "
			       "aria-labelledby=\"%s-t %s-d\">\n"
			       "<title id=\"%s-t\">",
			       WIDTH, height, id, id, id);
	html_text(out, names[0]);
	g_string_append_printf(out, "</title>\n<desc id=\"%s-d\">", id);
	html_text(out, names[1]);
	g_string_append(out, "</desc>\n");
}

/* What leaves the frame is cut off there. */
static void
draw_series(GString *out, const struct plot *plot, const struct frame *frame)
{
	g_string_append_printf(out, "<clipPath id=\"%s-c\"><rect", plot->id);
	set(out, "x", frame->left);
	set(out, "y", frame->top - 2);
	set(out, "width", frame->width + 4);
	set(out, "height", frame->height + 4);
	g_string_append_printf(
		out, "/></clipPath>\n<g clip-path=\"url(#%s-c)\">\n", plot->id);
	/* The first is ours: it is drawn last, over the others. */
	for (guint i = plot->n_series; i-- > 0;) {
		const struct plot_series *series = &plot->series[i];

		if (series->style != PLOT_POINTS && series->points->len > 0)
			draw_path(out, frame, series);
		if (series->style != PLOT_LINE)
			draw_dots(out, frame, series);
	}
	g_string_append(out, "</g>\n");
}

void
plot_draw(GString *out, const struct plot *plot)
{
	const struct frame frame = {
		LEFT,	  TOP,	   WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM,
		&plot->x, &plot->y
	};
	const char *const names[2] = { plot->title, plot->desc };
	double from[2] = { frame.left, frame.top + frame.height };
	double to[2] = { frame.left + frame.width, frame.top };

	svg_open(out, plot->id, names, HEIGHT);
	draw_axes(out, &frame);
	if (plot->diagonal)
		draw_line(out, "mark", from, to);
	for (guint i = 0; i < plot->n_marks; i++)
		draw_mark(out, &frame, &plot->marks[i], i);
	draw_series(out, plot, &frame);
	draw_legend(out, &frame, plot);
	g_string_append(out, "</svg>\n");
}

#define STRIP_TOP    22
#define STRIP_HEIGHT 34
#define STRIP_LEFT   10
#define STRIP_APART  (STRIP_TOP + STRIP_HEIGHT + 4)

static void
draw_strip(GString *out, const struct plot_strip *strip, double top,
	   double high)
{
	double width = WIDTH - STRIP_LEFT - RIGHT;
	double bottom = top + STRIP_TOP + STRIP_HEIGHT;
	double from[2] = { STRIP_LEFT, bottom };
	double to[2] = { STRIP_LEFT + width, bottom };
	double at[2] = { STRIP_LEFT, top + 14 };

	for (guint i = 0; i < PLOT_BARS; i++) {
		double height = strip->bars[i] / high * STRIP_HEIGHT;

		if (height <= 0)
			continue;
		/* One mail in a thousand must be seen. */
		height = MAX(height, 1);
		g_string_append_printf(out, "<rect class=\"bar s%u\"",
				       strip->look);
		set(out, "x", STRIP_LEFT + i * width / PLOT_BARS + 0.5);
		set(out, "y", bottom - height);
		set(out, "width", width / PLOT_BARS - 1);
		set(out, "height", height);
		g_string_append(out, "/>\n");
	}
	draw_line(out, "axis", from, to);
	draw_text(out, at, "legend", "start", strip->name);
}

void
plot_draw_strips(GString *out, const struct plot_strips *strips)
{
	static const struct plot_axis y = { "", 0, 1, 1, 0 };
	const struct plot_axis x = { strips->label, 0, 1, 0.2, 1 };
	double height = (double)strips->n * STRIP_APART;
	const struct frame frame = { STRIP_LEFT, 0,  WIDTH - STRIP_LEFT - RIGHT,
				     height,	 &x, &y };
	const char *const names[2] = { strips->title, strips->desc };
	double label[2] = { WIDTH / 2.0, height + 34 };

	svg_open(out, strips->id, names, (guint)height + BOTTOM);
	for (guint i = 0; i < strips->n_marks; i++)
		draw_mark(out, &frame, &strips->marks[i], i);
	for (guint i = 0; i < strips->n; i++)
		draw_strip(out, &strips->strips[i], (double)i * STRIP_APART,
			   strips->high);
	for (guint i = 0; i < ticks(&x); i++) {
		double at[2] = { place_x(&frame, i * x.step), height + 17 };

		draw_number(out, at, i == 0 ? "start" : "middle", i * x.step,
			    x.decimals);
	}
	draw_text(out, label, "label", "middle", strips->label);
	g_string_append(out, "</svg>\n");
}
