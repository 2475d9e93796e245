#include "form_private.h"

#include <string.h>

/* More than any page of ours has, bulk actions of a page of rows included. */
#define FIELDS_MAX 512

/* The byte behind a '%', or 0 when there is none. */
static guint
escaped(const char *text, gsize len)
{
	if (len < 2 || !g_ascii_isxdigit(text[0]) || !g_ascii_isxdigit(text[1]))
		return 0;
	return (guint)g_ascii_xdigit_value(text[0]) * 16 +
	       (guint)g_ascii_xdigit_value(text[1]);
}

char *
form_decode(const char *text, gsize len, gboolean plus)
{
	g_autofree char *out = g_malloc(len + 1);
	gsize n = 0;

	for (gsize i = 0; i < len; i++) {
		char c = text[i];

		if (c == '%') {
			c = (char)escaped(text + i + 1, len - i - 1);
			i += 2;
		} else if (c == '+' && plus)
			c = ' ';
		if (c == '\0')
			return NULL;
		out[n++] = c;
	}
	out[n] = '\0';
	return g_utf8_validate(out, (gssize)n, NULL) ? g_steal_pointer(&out)
						     : NULL;
}

static gboolean
add_field(const char *text, gsize len, GHashTable *fields, GPtrArray *picked)
{
	const char *equals = memchr(text, '=', len);
	const gsize name_len = equals ? (gsize)(equals - text) : len;
	const gsize skip = equals ? name_len + 1 : len;
	g_autofree char *name = form_decode(text, name_len, TRUE);
	g_autofree char *value = form_decode(text + skip, len - skip, TRUE);

	if (!name || !value)
		return FALSE;
	if (picked && strcmp(name, "id") == 0)
		g_ptr_array_add(picked, g_strdup(value));
	if (!g_hash_table_contains(fields, name))
		g_hash_table_insert(fields, g_steal_pointer(&name),
				    g_steal_pointer(&value));
	return TRUE;
}

GHashTable *
form_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

gboolean
form_parse(const char *text, gsize len, GHashTable *fields, GPtrArray *picked)
{
	const char *end = text + len;
	guint n = 0;

	while (text < end) {
		const char *amp = memchr(text, '&', (gsize)(end - text));
		const char *stop = amp ? amp : end;

		if (stop > text && n++ == FIELDS_MAX)
			return FALSE;
		if (stop > text &&
		    !add_field(text, (gsize)(stop - text), fields, picked))
			return FALSE;
		text = amp ? amp + 1 : end;
	}
	return TRUE;
}

/* What no page of ours has in its path, whatever it was written as. */
static gboolean
part_valid(const char *part)
{
	if (!part || strcmp(part, ".") == 0 || strcmp(part, "..") == 0)
		return FALSE;
	for (; *part; part++)
		if ((guchar)*part < ' ' || *part == 0x7f || *part == '/' ||
		    *part == '\\')
			return FALSE;
	return TRUE;
}

char *
form_path(const char *target)
{
	const gsize len = strcspn(target, "?#");
	g_autofree char *raw = g_strndup(target, len);
	g_auto(GStrv) parts = g_strsplit(raw, "/", -1);

	if (*target != '/')
		return NULL;
	for (guint i = 0; parts[i]; i++) {
		char *part = form_decode(parts[i], strlen(parts[i]), FALSE);

		if (!part_valid(part)) {
			g_free(part);
			return NULL;
		}
		g_free(parts[i]);
		parts[i] = part;
	}
	return g_strjoinv("/", parts);
}

gboolean
form_inside(const char *path)
{
	if (path[0] != '/' || path[1] == '/' || path[1] == '\\')
		return FALSE;
	for (; *path; path++)
		if ((guchar)*path <= ' ' || *path == 0x7f || *path == '\\' ||
		    *path == '"' || *path == '<' || *path == '>')
			return FALSE;
	return TRUE;
}
