#include <string.h>

#include "sql_copy_private.h"

void
sql_copy_tell(const struct sql_copying *copying)
{
	if (copying->told)
		copying->told(&copying->copied, copying->data);
}

static gboolean
speaks_sql(const struct store *store, GError **error)
{
	if (store->driver == &store_sqlite || store->driver == &store_postgres)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
		    "store '%s:' cannot be copied", store->driver->scheme);
	return FALSE;
}

gboolean
store_copy(struct store *from, struct store *to, store_copy_told told,
	   gpointer data, struct store_copied *copied, GError **error)
{
	struct sql_copying copying = {
		.from = from, .to = to, .told = told, .data = data
	};

	if (!speaks_sql(from, error) || !speaks_sql(to, error) ||
	    !sql_copy_messages(&copying, error) ||
	    !sql_copy_tables(&copying, error) ||
	    !sql_copy_documents(&copying, error) ||
	    !sql_copy_models(&copying, error))
		return FALSE;
	*copied = copying.copied;
	return TRUE;
}

/* From `begin` to `end` stands a password. */
static void
hide(GString *url, gsize begin, gsize end)
{
	g_string_erase(url, (gssize)begin, (gssize)(end - begin));
	g_string_insert(url, (gssize)begin, "***");
}

static void
hide_user(GString *url)
{
	const char *begin = strstr(url->str, "://");
	const char *at, *colon, *rest;

	if (!begin)
		return;
	begin += strlen("://");
	rest = begin + strcspn(begin, "/?");
	at = g_strrstr_len(begin, rest - begin, "@");
	colon = at ? memchr(begin, ':', (gsize)(at - begin)) : NULL;
	if (colon)
		hide(url, (gsize)(colon + 1 - url->str),
		     (gsize)(at - url->str));
}

static void
hide_option(GString *url, const char *name)
{
	const char *found = strstr(url->str, name);
	gsize begin;

	if (!found)
		return;
	begin = (gsize)(found - url->str) + strlen(name);
	hide(url, begin, begin + strcspn(url->str + begin, "&"));
}

char *
store_url_shown(const char *url)
{
	GString *shown = g_string_new(url);

	if (g_str_has_prefix(url, "postgresql:")) {
		hide_user(shown);
		hide_option(shown, "?password=");
		hide_option(shown, "&password=");
		hide_option(shown, "?sslpassword=");
		hide_option(shown, "&sslpassword=");
	}
	return g_string_free(shown, FALSE);
}
