#include "sqlite_contains_private.h"

#include <sqlite3.h>
#include <string.h>

char *
sqlite_folded(const char *text)
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

static gboolean
any_contains(const char *field, const char *text)
{
	g_autofree char *hay = NULL;

	if (g_str_is_ascii(field))
		return plain_contains(field, text);
	hay = sqlite_folded(field);
	return strstr(hay, text) != NULL;
}

static void
contains(sqlite3_context *context, int n, sqlite3_value **values)
{
	const char *field = (const char *)sqlite3_value_text(values[0]);
	const char *text = (const char *)sqlite3_value_text(values[1]);

	(void)n;
	sqlite3_result_int(context,
			   text && any_contains(field ? field : "", text));
}

gboolean
sqlite_contains_add(struct sqlite_conn *conn, GError **error)
{
	if (sqlite3_create_function(conn->db, "contains", 2,
				    SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
				    contains, NULL, NULL) == SQLITE_OK)
		return TRUE;
	return sqlite_fail(conn, error);
}
