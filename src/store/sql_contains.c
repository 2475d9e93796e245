#include "sql_contains_private.h"

#include <string.h>

char *
sql_folded(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	return g_utf8_casefold(valid, -1);
}

/* Whether ASCII holds a folded text; most fields are ASCII. */
static gboolean
plain_contains(const char *field, const char *text)
{
	gsize len = strlen(text);

	for (const char *at = field; *at; at++) {
		if (g_ascii_tolower(*at) == *text &&
		    g_ascii_strncasecmp(at, text, len) == 0)
			return TRUE;
	}
	return len == 0;
}

gboolean
sql_contains(const char *field, const char *text)
{
	g_autofree char *hay = NULL;

	if (g_str_is_ascii(field))
		return plain_contains(field, text);
	hay = sql_folded(field);
	return strstr(hay, text) != NULL;
}
