/*
 * What the report is written with: text from mail cannot become markup, and
 * plots are well-formed whatever they are given.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "../../src/cli/plot_private.h"
#include "base/html.h"

static void
assert_well_formed(const char *markup)
{
	static const GMarkupParser parser = { 0 };
	g_autoptr(GMarkupParseContext) context =
		g_markup_parse_context_new(&parser, 0, NULL, NULL);
	g_autofree char *whole = g_strdup_printf("<all>%s</all>", markup);
	g_autoptr(GError) error = NULL;

	g_markup_parse_context_parse(context, whole, -1, &error);
	g_assert_no_error(error);
	g_markup_parse_context_end_parse(context, &error);
	g_assert_no_error(error);
}

static void
escaping(void)
{
	static const struct {
		const char *name;
		const char *text;
		const char *html;
	} cases[] = {
		{ "plain", "Quick call?", "Quick call?" },
		{ "a script", "<script>alert(1)</script>",
		  "&lt;script&gt;alert(1)&lt;/script&gt;" },
		{ "out of an attribute", "\" onload='x'",
		  "&quot; onload=&#39;x&#39;" },
		{ "an entity", "&lt;", "&amp;lt;" },
		{ "a control character", "a\x1b[2Jb", "a\\x1B[2Jb" },
		{ "a line", "a\nb", "a\\x0Ab" },
		{ "the other way round",
		  "a\xE2\x80\xAE"
		  "b",
		  "a\\u202Eb" },
		{ "no UTF-8",
		  "a\xff"
		  "b",
		  "a\uFFFDb" },
		{ "letters of the world", "Größe, 見積", "Größe, 見積" },
		{ "nothing", "", "" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		g_test_message("%s", cases[i].name);
		html_text(out, cases[i].text);
		g_assert_cmpstr(out->str, ==, cases[i].html);
		assert_well_formed(out->str);
	}
}

static void
elements(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	html_element(out, "td class=\"n\"", "a < b");
	html_format(out, "p", "%s & %d", "<i>", 3);
	html_number(out, 0.98765, 3);
	html_number(out, (double)NAN, 3);
	html_cell(out, 12, 0);
	g_assert_cmpstr(out->str, ==,
			"<td class=\"n\">a &lt; b</td>"
			"<p>&lt;i&gt; &amp; 3</p>0.988\u2013<td>12</td>");
}

static void
tables(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	html_table_open(out, "What & why", "a|b <c>");
	g_string_append(out, "<tr>");
	html_count(out, 3);
	g_string_append(out, "</tr>");
	html_table_close(out);
	assert_well_formed(out->str);
	g_assert_nonnull(strstr(out->str, "b &lt;c&gt;"));
	g_assert_nonnull(strstr(out->str, "What &amp; why"));
}

/* How often a part stands in the whole. */
static guint
count(const char *whole, const char *part)
{
	guint n = 0;

	for (; (whole = strstr(whole, part)) != NULL; whole++)
		n++;
	return n;
}

static void
lines(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GArray) points =
		g_array_new(FALSE, FALSE, sizeof(struct plot_point));
	g_autoptr(GArray) none =
		g_array_new(FALSE, FALSE, sizeof(struct plot_point));
	const struct plot_series series[] = {
		{ "<ours>", 0, PLOT_DOTS, points },
		{ "none", 1, PLOT_LINE, none },
	};
	const struct plot_mark mark = { 0.8, "held & gone" };
	const struct plot plot = { .id = "p",
				   .title = "A \"plot\"",
				   .desc = "x < y",
				   .x = { "x & x", 0, 1, 0.5, 1 },
				   .y = { "y", 0, 1, 0.5, 1 },
				   .series = series,
				   .n_series = 2,
				   .marks = &mark,
				   .n_marks = 1,
				   .diagonal = TRUE };

	for (guint i = 0; i < 3; i++) {
		const struct plot_point point = { i / 2.0, 1e300 * i,
						  i ? (double)NAN : 0.1, 0.2,
						  0 };

		g_array_append_val(points, point);
	}
	plot_draw(out, &plot);
	assert_well_formed(out->str);
	g_assert_cmpuint(count(out->str, "<circle"), ==, 3);
	g_assert_cmpuint(count(out->str, "whisker"), ==, 1);
	g_assert_cmpuint(count(out->str, "<path"), ==, 1);
	g_assert_cmpuint(count(out->str, "&lt;ours&gt;"), ==, 1);
	g_assert_cmpuint(count(out->str, "<title id=\"p-t\">A &quot;plot"), ==,
			 1);
	g_assert_cmpuint(count(out->str, "nan") + count(out->str, "inf"), ==,
			 0);
}

/* The middle of the frame is where (0.5, 0.5) must be. */
static void
places(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GArray) points =
		g_array_new(FALSE, FALSE, sizeof(struct plot_point));
	const struct plot_point middle = { 0.5, 0.5, (double)NAN, (double)NAN,
					   0 };
	const struct plot_series series = { NULL, 0, PLOT_POINTS, points };
	const struct plot plot = { .id = "p",
				   .title = "t",
				   .desc = "d",
				   .x = { "x", 0, 1, 1, 0 },
				   .y = { "y", 0, 1, 1, 0 },
				   .series = &series,
				   .n_series = 1 };

	g_array_append_val(points, middle);
	plot_draw(out, &plot);
	g_assert_nonnull(strstr(out->str, "cx=\"198.0\" cy=\"137.0\""));
}

static void
strips(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	char name[] = "a <b>";
	struct plot_strip strip = { .name = name, .look = 1 };
	const struct plot_strips plot = { .id = "h",
					  .title = "t",
					  .desc = "d",
					  .label = "score",
					  .high = 1,
					  .strips = &strip,
					  .n = 1 };

	strip.bars[0] = 1;
	strip.bars[19] = 0.0001;
	plot_draw_strips(out, &plot);
	assert_well_formed(out->str);
	g_assert_cmpuint(count(out->str, "<rect"), ==, 2);
	/* however few, they are seen */
	g_assert_cmpuint(count(out->str, "height=\"1.0\""), ==, 1);
	g_assert_cmpuint(count(out->str, "height=\"34.0\""), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/page/text is escaped", escaping);
	g_test_add_func("/page/elements and numbers", elements);
	g_test_add_func("/page/tables", tables);
	g_test_add_func("/page/plot of lines", lines);
	g_test_add_func("/page/plot puts points in place", places);
	g_test_add_func("/page/plot of strips", strips);
	return g_test_run();
}
