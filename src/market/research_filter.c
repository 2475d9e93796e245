/* Filters as one line of text, as a watch keeps them. */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "research_private.h"

#define DAY_LEN 10

static const char *const names[] = { "kind",  "vendor", "priority", "source",
				     "since", "until",	NULL };

static const char *const kinds[] = { "mail", "item", "page", NULL };

void
research_filters_free(struct research_filters *filters)
{
	if (!filters)
		return;
	g_free(filters->vendor);
	g_free(filters->priority);
	g_free(filters->source);
	g_free(filters);
}

static void
put(GString *out, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	if (out->len > 0)
		g_string_append_c(out, '&');
	g_string_append_printf(out, "%s=", name);
	g_string_append_uri_escaped(out, value, NULL, FALSE);
}

static void
put_day(GString *out, const char *name, gint64 time_us)
{
	g_autofree char *text = time_us > 0 ? clock_format(time_us) : NULL;

	if (!text)
		return;
	text[DAY_LEN] = '\0';
	put(out, name, text);
}

char *
research_filters_format(const struct research_query *query)
{
	GString *out = g_string_new(NULL);

	for (int kind = 0; kind < STORE_DOCUMENT_KINDS; kind++) {
		if (query->kinds & (1U << kind))
			put(out, "kind", kinds[kind]);
	}
	put(out, "vendor", query->vendor);
	put(out, "priority", query->priority);
	put(out, "source", query->source);
	put_day(out, "since", query->since_us);
	put_day(out, "until", query->until_us);
	return g_string_free(out, FALSE);
}

gboolean
research_day_parse(const char *text, gint64 *time_us, GError **error)
{
	g_autofree char *whole = g_strconcat(text, "T00:00:00Z", NULL);
	g_autoptr(GDateTime) date =
		strlen(text) == DAY_LEN
			? g_date_time_new_from_iso8601(whole, NULL)
			: NULL;

	if (!date || g_date_time_get_year(date) < 1971) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "'%s' is no day; one is like 2026-11-01", text);
		return FALSE;
	}
	*time_us = g_date_time_to_unix(date) * CLOCK_SECOND_US;
	return TRUE;
}

static gboolean
unknown(const char *what, const char *word, const char *const *allowed,
	GError **error)
{
	g_autoptr(GString) list = g_string_new(NULL);
	const char *near = nearest_word(word, allowed);

	for (guint i = 0; allowed[i]; i++)
		g_string_append_printf(list, "%s%s", i > 0 ? ", " : "",
				       allowed[i]);
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "%s '%s' is none of %s%s%s%s", what, word, list->str,
		    near ? "; did you mean '" : "", near ? near : "",
		    near ? "'?" : "");
	return FALSE;
}

static gboolean
set_text(char **field, const char *value)
{
	g_free(*field);
	*field = g_strdup(value);
	return TRUE;
}

static gboolean
set(struct research_filters *filters, const char *name, const char *value,
    GError **error)
{
	if (strcmp(name, "kind") == 0) {
		const int kind = store_document_kind_parse(value);

		if (kind < 0)
			return unknown("kind", value, kinds, error);
		filters->kinds |= 1U << kind;
		return TRUE;
	}
	if (strcmp(name, "vendor") == 0)
		return set_text(&filters->vendor, value);
	if (strcmp(name, "priority") == 0)
		return set_text(&filters->priority, value);
	if (strcmp(name, "source") == 0)
		return set_text(&filters->source, value);
	if (strcmp(name, "since") == 0)
		return research_day_parse(value, &filters->since_us, error);
	if (strcmp(name, "until") == 0)
		return research_day_parse(value, &filters->until_us, error);
	return unknown("filter", name, names, error);
}

static gboolean
parse_one(struct research_filters *filters, const char *pair, GError **error)
{
	const char *equals = strchr(pair, '=');
	g_autofree char *name = NULL;
	g_autofree char *value = NULL;

	name = g_strndup(pair, equals ? (gsize)(equals - pair) : strlen(pair));
	value = equals ? g_uri_unescape_string(equals + 1, NULL) : NULL;
	if (!value || !*value || !g_utf8_validate(value, -1, NULL)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "'%s' is no filter; one is like kind=mail", pair);
		return FALSE;
	}
	return set(filters, name, value, error);
}

struct research_filters *
research_filters_parse(const char *text, GError **error)
{
	g_autoptr(ResearchFilters) filters = g_new0(struct research_filters, 1);
	g_auto(GStrv) pairs = g_strsplit(text, "&", -1);

	for (char **pair = pairs; *pair; pair++) {
		if (!parse_one(filters, *pair, error))
			return NULL;
	}
	return g_steal_pointer(&filters);
}

void
research_filters_apply(const struct research_filters *filters,
		       struct research_query *query)
{
	query->kinds = filters->kinds;
	query->vendor = filters->vendor;
	query->priority = filters->priority;
	query->source = filters->source;
	query->since_us = filters->since_us;
	query->until_us = filters->until_us;
}
