/*
 * The brief as HTML for mail programs: inline styles, nothing remote, charts as
 * bars of text, since few show SVG. No colour of text or background is set but
 * together, so that a dark theme stays readable.
 */
#include <math.h>
#include <string.h>

#include "base/html.h"
#include "insight_private.h"

#define TABLE                                                                  \
	"table role='presentation' cellpadding='0' cellspacing='0' "           \
	"border='0' width='100%'"
#define NOTE "p style='margin: 0 0 6px 0; font-size: 14px'"
#define SMALL                                                                  \
	"p style='margin: 0 0 4px 16px; font-size: 13px; word-break: "         \
	"break-word'"
#define HEAD "h2 style='margin: 16px 0 6px 0; font-size: 16px'"

static void
put_evidence(GString *out, const struct insight_line *line, const char *url)
{
	for (guint i = 0; url && i < line->evidence->len; i++) {
		const struct insight_evidence *evidence =
			line->evidence->pdata[i];
		g_autofree char *path = insight_path(evidence);

		if (!path)
			continue;
		g_string_append(out, "<" SMALL "><a href='");
		html_text(out, url);
		html_text(out, path);
		g_string_append(out, "'>");
		if (strcmp(evidence->kind, "search") == 0)
			g_string_append(out, "All about ");
		html_text(out, evidence->label);
		g_string_append(out, "</a></p>\n");
	}
}

static void
put_spark(GString *out, const GArray *series)
{
	g_autofree char *spark = insight_spark(series);

	if (*spark)
		html_element(out, SMALL, spark);
}

static void
put_line(GString *out, const struct insight_line *line, const char *url)
{
	g_string_append(out, "<" NOTE ">");
	if (line->fresh)
		g_string_append(out, "<b>New:</b> ");
	html_text(out, line->text);
	g_string_append(out, "</p>\n");
	put_spark(out, line->series);
	put_evidence(out, line, url);
}

static void
put_part(GString *out, const struct insight_part *part, const char *url)
{
	g_autofree char *mail = insight_mail(part);

	if (part->lines->len == 0 && part->messages == 0)
		return;
	html_element(out, HEAD, part->name);
	if (part->pressure >= 0)
		html_format(out, NOTE,
			    "Pressure %.0f of 100, by your own number.",
			    round(part->pressure * 100));
	html_element(out, NOTE, mail);
	put_spark(out, part->series);
	for (guint i = 0; i < part->lines->len;) {
		const guint n = insight_run(part, i);
		const struct insight_line *first = part->lines->pdata[i];

		for (guint j = 0; j < MIN(n, INSIGHT_SHOWN); j++)
			put_line(out, part->lines->pdata[i + j], url);
		if (n > INSIGHT_SHOWN)
			html_format(out, SMALL, "and %u more (%s)",
				    n - INSIGHT_SHOWN,
				    insight_kind_name(first->kind));
		i += n;
	}
}

static void
put_gone(GString *out, const struct insight *insight)
{
	if (insight->gone->len == 0)
		return;
	html_element(out, HEAD, "No longer so since the last brief");
	for (guint i = 0; i < MIN(insight->gone->len, INSIGHT_SHOWN); i++)
		html_element(out, NOTE, insight->gone->pdata[i]);
}

static void
put_wording(GString *out, const struct insight *insight)
{
	g_autofree char *head = NULL;
	g_auto(GStrv) lines = NULL;

	if (!insight->wording)
		return;
	head = insight_wording_head(insight);
	lines = g_strsplit(insight->wording, "\n", -1);
	html_element(out, HEAD, head);
	for (char **line = lines; *line; line++)
		if (**line)
			html_element(out, NOTE, *line);
}

static void
put_head(GString *out, const struct insight *insight)
{
	g_autofree char *span = insight_span(insight);
	g_autofree char *figures = insight_figures(insight);
	g_autofree char *title = g_strdup_printf("Brief, %s", span);

	html_mail_open(out, title);
	g_string_append(out, "<" TABLE " style='max-width: 640px; margin: 0 "
			     "auto'>\n<tr><td>\n");
	html_format(out, "h1 style='margin: 0 0 10px 0; font-size: 20px'",
		    "Brief for %s, %s", insight->name, span);
	html_element(out, NOTE, figures);
}

char *
insight_html(const struct insight *insight, const char *url)
{
	GString *out = g_string_new(NULL);
	g_autofree char *caution = insight_caution(insight);

	put_head(out, insight);
	for (guint i = 0; i < insight->parts->len; i++)
		put_part(out, insight->parts->pdata[i], url);
	put_gone(out, insight);
	html_element(out,
		     "p style='margin: 16px 0 6px 0; padding: 10px 0 0 0; "
		     "border-top: 1px solid #888888; font-size: 14px'",
		     caution);
	put_wording(out, insight);
	g_string_append(out, "</td></tr></table>\n</body>\n</html>\n");
	return g_string_free(out, FALSE);
}
