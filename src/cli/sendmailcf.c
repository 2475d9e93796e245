#include "sendmailcf_private.h"

#include <string.h>

#include "base/clock.h"

#define MC_MACRO "INPUT_MAIL_FILTER("

static void
filter_free(gpointer data)
{
	struct sendmailcf_filter *filter = data;

	g_free(filter->name);
	g_free(filter->address);
	g_free(filter);
}

/* "S:10s;R:10s;E:5m"; a number alone is seconds. */
static void
read_timeouts(struct sendmailcf_filter *filter, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, ";", -1);

	for (char **part = parts; *part; part++) {
		const char *value = g_strstrip(*part);
		g_autofree char *length = NULL;

		if (!g_str_has_prefix(value, "R:"))
			continue;
		length = g_ascii_strdown(value + 2, -1);
		if (length[strspn(length, "0123456789")] == '\0') {
			char *seconds = g_strconcat(length, "s", NULL);

			g_free(length);
			length = seconds;
		}
		duration_parse(length, &filter->read_us, NULL);
	}
}

static void
read_field(struct sendmailcf_filter *filter, const char *field)
{
	if (g_str_has_prefix(field, "S=") && !filter->address)
		filter->address = g_strdup(field + 2);
	else if (g_str_has_prefix(field, "F="))
		filter->flag = field[2];
	else if (g_str_has_prefix(field, "T="))
		read_timeouts(filter, field + 2);
}

/* "name, S=..., F=..., T=...": what follows the X. */
static struct sendmailcf_filter *
filter_parse(const char *text)
{
	g_auto(GStrv) fields = g_strsplit(text, ",", -1);
	struct sendmailcf_filter *filter = g_new0(struct sendmailcf_filter, 1);

	filter->read_us = SENDMAILCF_READ_US;
	filter->name = g_strdup(fields[0] ? g_strstrip(fields[0]) : "");
	for (char **field = fields; *field; field++)
		read_field(filter, g_strstrip(*field));
	if (filter->address && *filter->name)
		return filter;
	filter_free(filter);
	return NULL;
}

/* m4's quotes mean nothing to us: INPUT_MAIL_FILTER(`x', `S=...')dnl */
static struct sendmailcf_filter *
macro_parse(const char *text)
{
	const char *end = strrchr(text, ')');
	g_autofree char *inner =
		g_strndup(text, end ? (gsize)(end - text) : strlen(text));

	g_strdelimit(inner, "`'", ' ');
	return filter_parse(inner);
}

static void
mark_used(GPtrArray *filters, const char *list)
{
	g_auto(GStrv) names = g_strsplit_set(list, ", \t\r", -1);
	guint place = 0;

	for (char **name = names; *name; name++) {
		gboolean any = **name != '\0';

		for (guint i = 0; any && i < filters->len; i++) {
			struct sendmailcf_filter *filter = filters->pdata[i];

			if (strcmp(filter->name, *name) != 0)
				continue;
			filter->used = TRUE;
			filter->place = place;
		}
		if (any)
			place++;
	}
}

static const char *
used_list(const char *line)
{
	static const char option[] = "O InputMailFilters=";

	return g_str_has_prefix(line, option) ? line + strlen(option) : NULL;
}

static struct sendmailcf_filter *
line_parse(const char *line)
{
	struct sendmailcf_filter *filter = NULL;

	if (*line == 'X') {
		filter = filter_parse(line + 1);
	} else if (g_str_has_prefix(line, MC_MACRO)) {
		filter = macro_parse(line + strlen(MC_MACRO));
		if (filter)
			filter->used = TRUE;
	}
	return filter;
}

GPtrArray *
sendmailcf_parse(const char *text)
{
	GPtrArray *filters = g_ptr_array_new_with_free_func(filter_free);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	const char *list = NULL;

	for (char **line = lines; *line; line++) {
		struct sendmailcf_filter *filter = line_parse(*line);

		if (filter) {
			filter->place = filters->len;
			g_ptr_array_add(filters, filter);
		} else if (used_list(*line)) {
			list = used_list(*line);
		}
	}
	if (list)
		mark_used(filters, list);
	return filters;
}
