/* The brief as plain text: on a terminal, in mail, and all that an endpoint is
 * ever given. */
#include <math.h>
#include <string.h>

#include "base/escape.h"
#include "base/fill.h"
#include "insight_private.h"

/* Words behind `lead`, further lines under the first. */
static void
fill(GString *out, guint indent, const char *lead, const char *text)
{
	const guint column = indent + (guint)g_utf8_strlen(lead, -1);

	g_string_append_printf(out, "%*s%s", (int)indent, "", lead);
	fill_text(out, column, column, text);
}

/* An address stands on a line of its own, whole. */
static void
put_evidence(GString *out, const struct insight_line *line, const char *url)
{
	for (guint i = 0; i < line->evidence->len; i++) {
		const struct insight_evidence *evidence =
			line->evidence->pdata[i];
		g_autofree char *path = insight_path(evidence);

		if (!path)
			continue;
		if (strcmp(evidence->kind, "search") != 0)
			fill(out, 4, "", evidence->label);
		else if (!url)
			fill(out, 4, "search: ", evidence->label);
		if (url)
			g_string_append_printf(out, "    %s%s\n", url, path);
	}
}

static void
put_line(GString *out, const struct insight_line *line, const char *url)
{
	g_autofree char *spark = insight_spark(line->series);

	fill(out, 0, line->fresh ? "  * " : "  - ", line->text);
	if (*spark)
		g_string_append_printf(out, "    %s\n", spark);
	put_evidence(out, line, url);
}

static void
put_more(GString *out, const struct insight_part *part, guint at, guint n)
{
	const struct insight_line *line = part->lines->pdata[at];
	g_autofree char *text = NULL;

	if (n <= INSIGHT_SHOWN)
		return;
	text = g_strdup_printf("and %u more (%s)", n - INSIGHT_SHOWN,
			       insight_kind_name(line->kind));
	fill(out, 4, "", text);
}

static void
put_part(GString *out, const struct insight_part *part, const char *url)
{
	g_autofree char *mail = insight_mail(part);
	g_autofree char *spark = insight_spark(part->series);

	if (part->lines->len == 0 && part->messages == 0)
		return;
	g_string_append_c(out, '\n');
	fill(out, 0, "", part->name);
	if (part->pressure >= 0)
		g_string_append_printf(
			out, "  Pressure %.0f of 100, by your own number.\n",
			round(part->pressure * 100));
	fill(out, 2, "", mail);
	if (*spark)
		g_string_append_printf(out, "  %s\n", spark);
	for (guint i = 0; i < part->lines->len;) {
		const guint n = insight_run(part, i);

		for (guint j = 0; j < MIN(n, INSIGHT_SHOWN); j++)
			put_line(out, part->lines->pdata[i + j], url);
		put_more(out, part, i, n);
		i += n;
	}
}

static void
put_gone(GString *out, const struct insight *insight)
{
	if (insight->gone->len == 0)
		return;
	g_string_append(out, "\nNo longer so since the last brief\n");
	for (guint i = 0; i < MIN(insight->gone->len, INSIGHT_SHOWN); i++)
		fill(out, 0, "  - ", insight->gone->pdata[i]);
	if (insight->gone->len > INSIGHT_SHOWN)
		g_string_append_printf(out, "    and %u more\n",
				       insight->gone->len - INSIGHT_SHOWN);
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
	g_string_append_c(out, '\n');
	fill(out, 0, "", head);
	for (char **line = lines; *line; line++)
		fill(out, 0, "  | ", *line);
}

char *
insight_text(const struct insight *insight, const char *url)
{
	GString *out = g_string_new(NULL);
	g_autofree char *span = insight_span(insight);
	g_autofree char *head =
		g_strdup_printf("Brief for %s, %s", insight->name, span);
	g_autofree char *figures = insight_figures(insight);
	g_autofree char *caution = insight_caution(insight);

	fill(out, 0, "", head);
	fill(out, 0, "", figures);
	g_string_append(out, "What is new since the last brief has a star.\n");
	for (guint i = 0; i < insight->parts->len; i++)
		put_part(out, insight->parts->pdata[i], url);
	put_gone(out, insight);
	g_string_append_c(out, '\n');
	fill(out, 0, "", caution);
	put_wording(out, insight);
	return g_string_free(out, FALSE);
}
