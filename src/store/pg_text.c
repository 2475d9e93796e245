/* Names, errors and texts, as PostgreSQL has them. */
#include <libpq-fe.h>
#include <string.h>

#include "pg_private.h"
#include "store/store.h"

/* U+10FF00 and the byte, which is 0x80 or more: F4 8F BE 80 to F4 8F BF BF. */
#define PRIVATE_LEAD  "\xf4\x8f"
#define PRIVATE_FIRST 0x10ff00

static const char *
option_of(PQconninfoOption *options, const char *name)
{
	for (PQconninfoOption *at = options; at && at->keyword; at++) {
		if (strcmp(at->keyword, name) == 0 && at->val && *at->val)
			return at->val;
	}
	return "";
}

char *
pg_name(const char *place)
{
	PQconninfoOption *options = PQconninfoParse(place, NULL);
	char *name = g_strdup_printf("postgresql://%s/%s",
				     option_of(options, "host"),
				     option_of(options, "dbname"));

	PQconninfoFree(options);
	return name;
}

/* By SQLSTATE; a class is its first two characters. */
static const struct {
	const char *state;
	enum store_error code;
} codes[] = {
	{ "40", STORE_ERROR_BUSY },    /* could not serialize, deadlock */
	{ "23505", STORE_ERROR_BUSY }, /* somebody else was faster */
	{ "55P03", STORE_ERROR_BUSY }, /* a lock was not to be had */
	{ "57014", STORE_ERROR_TIME }, /* statement_timeout */
	{ "53100", STORE_ERROR_FULL }, /* the disk */
	{ "53", STORE_ERROR_AWAY },
	{ "08", STORE_ERROR_AWAY },
	{ "57P", STORE_ERROR_AWAY },   /* shut down, crashed, starting */
	{ "25006", STORE_ERROR_AWAY }, /* a standby */
	{ "25P03", STORE_ERROR_AWAY }, /* idle in a transaction */
	{ "28", STORE_ERROR_AWAY },
	{ "3D", STORE_ERROR_AWAY },
	{ "58", STORE_ERROR_AWAY },
	{ "42501", STORE_ERROR_AWAY }, /* not permitted */
};

static enum store_error
code_of(const char *state)
{
	if (!state || *state == '\0')
		return STORE_ERROR_AWAY;
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		if (g_str_has_prefix(state, codes[i].state))
			return codes[i].code;
	}
	return STORE_ERROR_BROKEN;
}

void
pg_fail(const struct pg_connection *conn, const struct pg_result *result,
	GError **error)
{
	const char *state = NULL;
	const char *said = NULL;
	g_autofree char *line = NULL;

	if (result) {
		state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
		said = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	}
	if (!said)
		said = conn->pg ? PQerrorMessage(conn->pg) : "";
	line = g_strchomp(g_strdup(said));
	g_strdelimit(line, "\n\r\t", ' ');
	g_set_error(error, STORE_ERROR, (gint)code_of(state), "%s: %s (%s)",
		    conn->base.name, *line ? line : "no connection",
		    state ? state : "-");
}

/* What only SQLite's planner is told. */
static void
drop_hints(GString *text)
{
	char *hint;

	g_string_replace(text, " CROSS JOIN ", " JOIN ", 0);
	while ((hint = strstr(text->str, " INDEXED BY "))) {
		const gsize len = strlen(" INDEXED BY ");
		const gsize name = strspn(hint + len, G_CSET_a_2_z "_");

		g_string_erase(text, hint - text->str, (gssize)(len + name));
	}
}

char *
pg_translated(const char *sql)
{
	GString *text = g_string_new(sql);

	drop_hints(text);
	for (char *at = text->str; *at; at++) {
		if (*at == '?' && g_ascii_isdigit(at[1]))
			*at = '$';
	}
	return g_string_free(text, FALSE);
}

static gboolean
is_private(const char *at)
{
	return strncmp(at, PRIVATE_LEAD, 2) == 0 &&
	       ((unsigned char)at[2] & 0xfe) == 0xbe;
}

char *
pg_escaped(const char *text)
{
	const char *at = text;
	const char *bad;
	GString *escaped;

	if (g_str_is_ascii(text) ||
	    (g_utf8_validate(text, -1, NULL) && !strstr(text, PRIVATE_LEAD)))
		return NULL;
	escaped = g_string_new(NULL);
	while (*at) {
		g_utf8_validate(at, -1, &bad);
		while (at < bad) {
			const char *next = g_utf8_next_char(at);

			if (is_private(at))
				break;
			g_string_append_len(escaped, at, next - at);
			at = next;
		}
		if (*at)
			g_string_append_unichar(
				escaped, PRIVATE_FIRST + (unsigned char)*at++);
	}
	return g_string_free(escaped, FALSE);
}

char *
pg_unescaped(const char *text)
{
	GString *bytes;

	if (!strstr(text, PRIVATE_LEAD))
		return NULL;
	bytes = g_string_new(NULL);
	while (*text) {
		const char *next = g_utf8_next_char(text);

		if (is_private(text))
			g_string_append_c(bytes,
					  (char)(g_utf8_get_char(text) & 0xff));
		else
			g_string_append_len(bytes, text, next - text);
		text = next;
	}
	return g_string_free(bytes, FALSE);
}
