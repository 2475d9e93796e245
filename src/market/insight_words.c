/* Sentences and small things that all forms of the brief show alike. */
#include <math.h>
#include <string.h>

#include "insight_private.h"
#include "review/when.h"

#define SPARK_MAX 26

/* INSIGHT_POOL_US */
#define POOLED "Claims and prices are those of 13 weeks."

char *
insight_path(const struct insight_evidence *evidence)
{
	static const struct {
		const char *kind;
		const char *path;
	} paths[] = { { "message", "/message/" },
		      { "vendor", "/vendors/" },
		      { "search", "/research?q=" } };

	for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autofree char *id = NULL;

		if (strcmp(paths[i].kind, evidence->kind) != 0)
			continue;
		id = g_uri_escape_string(evidence->id, NULL, FALSE);
		return g_strconcat(paths[i].path, id, NULL);
	}
	return NULL;
}

/* The last day is that of the last moment. */
char *
insight_span(const struct insight *insight)
{
	g_autofree char *since = when_day(insight->since_us, insight->zone);
	g_autofree char *until = when_day(insight->until_us - 1, insight->zone);

	return g_strdup_printf("%s to %s", since, until);
}

char *
insight_mail(const struct insight_part *part)
{
	GString *out = g_string_new(NULL);

	g_string_printf(out, "%u mail%s%s, %u in the time before",
			part->messages, part->messages == 1 ? "" : "s",
			*part->priority ? " near it" : "", part->before);
	if (part->items > 0)
		g_string_append_printf(out, "; %u item%s of feeds", part->items,
				       part->items == 1 ? "" : "s");
	return g_string_free(out, FALSE);
}

char *
insight_figures(const struct insight *insight)
{
	return g_strdup_printf("%u mail%s of %u vendor%s.", insight->messages,
			       insight->messages == 1 ? "" : "s",
			       insight->vendors,
			       insight->vendors == 1 ? "" : "s");
}

char *
insight_caution(const struct insight *insight)
{
	g_autofree char *tests = insight_number(insight->tests);

	if (insight->tests == 0)
		return g_strdup("There is too little past yet to hold topics "
				"against. " POOLED);
	return g_strdup_printf("%s topic%s held against %s own past; of those "
			       "that are told as rising, at most %.0f in 100 "
			       "are to be expected by chance. " POOLED,
			       tests, insight->tests == 1 ? " was" : "s were",
			       insight->tests == 1 ? "its" : "their",
			       INSIGHT_FDR * 100);
}

char *
insight_wording_head(const struct insight *insight)
{
	return g_strdup_printf(
		"Worded by %s; the figures above are what counts",
		insight->worded_by);
}

guint
insight_run(const struct insight_part *part, guint at)
{
	const struct insight_line *first = part->lines->pdata[at];
	guint n = 1;

	while (at + n < part->lines->len) {
		const struct insight_line *line = part->lines->pdata[at + n];

		if (line->kind != first->kind)
			break;
		n++;
	}
	return n;
}

char *
insight_spark(const GArray *series)
{
	static const char *const bars[] = { "▁", "▂", "▃", "▄",
					    "▅", "▆", "▇", "█" };
	GString *out = g_string_new(NULL);
	const guint n = series ? series->len : 0;
	const guint from = n > SPARK_MAX ? n - SPARK_MAX : 0;
	double most = 0;

	for (guint i = from; i < n; i++)
		most = fmax(most, g_array_index(series, double, i));
	for (guint i = from; i < n && most > 0; i++) {
		const double share = g_array_index(series, double, i) / most;

		g_string_append(out,
				bars[(guint)floor(fmax(share, 0) * 7.999)]);
	}
	return g_string_free(out, FALSE);
}
