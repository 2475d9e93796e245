#include "mail/compose.h"

#include <string.h>

#include "base/escape.h"

#define LINE_WIDTH 76

/* Of UTF-8 in one encoded word: 75 characters with its frame, in base64. */
#define WORD_BYTES 42

/* Quoted-printable never writes "=_": the parts cannot hold it. */
#define BOUNDARY "=_pitchward_alternative"

/* Whether it can stand in a field as it is: it is no encoded word, and has no
 * word (and no run of spaces) for which a line has no room behind `column`. */
static gboolean
is_plain(const char *text, gsize column)
{
	gsize word = 0;

	for (const char *p = text; *p; p++) {
		word = *p == ' ' && p[1] != ' ' ? 0 : word + 1;
		if (*p < ' ' || *p > '~' || column + word > LINE_WIDTH)
			return FALSE;
	}
	return strstr(text, "=?") == NULL;
}

/* Words are moved to the next line whole. */
static void
append_folded(GString *out, const char *text, gsize column)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);

	for (char **word = words; *word; word++) {
		const gsize len = strlen(*word);

		if (word > words) {
			/* A line of blanks only would end the header. */
			if (len > 0 && column + 1 + len > LINE_WIDTH) {
				g_string_append(out, "\r\n");
				column = 0;
			}
			g_string_append_c(out, ' ');
			column++;
		}
		g_string_append(out, *word);
		column += len;
	}
}

/* The end of the characters that fit in one encoded word. */
static const char *
word_end(const char *text)
{
	const char *end = text;

	while (*end) {
		const char *next = g_utf8_next_char(end);

		if (next - text > WORD_BYTES)
			break;
		end = next;
	}
	return end;
}

static void
append_encoded(GString *out, const char *text, gsize column)
{
	gboolean first = TRUE;

	while (*text) {
		const char *end = word_end(text);
		g_autofree char *word = g_base64_encode((const guchar *)text,
							(gsize)(end - text));

		if (!first || column + strlen(word) + 12 > LINE_WIDTH)
			g_string_append(out, "\r\n ");
		first = FALSE;
		g_string_append_printf(out, "=?UTF-8?B?%s?=", word);
		text = end;
	}
}

static void
append_text(GString *out, const char *text, gsize column)
{
	g_autofree char *safe = escape_text(text, FALSE);

	if (is_plain(safe, column))
		append_folded(out, safe, column);
	else
		append_encoded(out, safe, column);
}

char *
compose_text(const char *text, gsize column)
{
	GString *out = g_string_new(NULL);

	append_text(out, text, column);
	return g_string_free(out, FALSE);
}

static void
append_field(GString *out, const char *name, const char *value)
{
	g_string_append_printf(out, "%s: %s\r\n", name, value);
}

static char *
quoted_name(const char *name)
{
	GString *quoted = g_string_new("\"");

	for (const char *p = name; *p; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(quoted, '\\');
		g_string_append_c(quoted, *p);
	}
	return g_string_free(g_string_append_c(quoted, '"'), FALSE);
}

/* A display name: encoded words, or quoted on one line, which hides nothing. */
static void
append_name(GString *out, const char *name, gsize column)
{
	g_autofree char *safe = escape_text(name, FALSE);
	g_autofree char *quoted = quoted_name(safe);

	if (is_plain(safe, column) && column + strlen(quoted) <= LINE_WIDTH)
		g_string_append(out, quoted);
	else
		append_encoded(out, safe, column);
	g_string_append(out, "\r\n ");
}

static void
append_mailbox(GString *out, const char *field, const char *name,
	       const char *addr)
{
	g_string_append_printf(out, "%s: ", field);
	if (name && *name)
		append_name(out, name, strlen(field) + 2);
	g_string_append_printf(out, "<%s>\r\n", addr);
}

/* RFC 5322 3.3; g_date_time_format()'s names depend on the locale. */
static void
append_date(GString *out, gint64 time_us, const char *zone)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu",
					    "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	g_autoptr(GTimeZone) named =
		zone ? g_time_zone_new_identifier(zone) : NULL;
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) begin =
		g_date_time_new_from_unix_utc(time_us / 1000000);
	g_autoptr(GDateTime) local =
		g_date_time_to_timezone(begin, named ? named : utc);
	const int offset =
		(int)(g_date_time_get_utc_offset(local) / G_TIME_SPAN_MINUTE);

	g_string_append_printf(
		out, "Date: %s, %02d %s %04d %02d:%02d:%02d %c%02d%02d\r\n",
		days[g_date_time_get_day_of_week(local) - 1],
		g_date_time_get_day_of_month(local),
		months[g_date_time_get_month(local) - 1],
		g_date_time_get_year(local), g_date_time_get_hour(local),
		g_date_time_get_minute(local), g_date_time_get_second(local),
		offset < 0 ? '-' : '+', ABS(offset) / 60, ABS(offset) % 60);
}

/* Blanks at the end of a line are lost on the way, and "=" begins a code. */
static gboolean
is_literal(const char *p)
{
	if (*p == ' ')
		return p[1] && p[1] != '\n';
	return *p > ' ' && *p <= '~' && *p != '=';
}

/* RFC 2045 6.7. A dot or "From " at the start of a line may be changed. */
static gsize
append_octet(GString *out, const char *p, gsize column)
{
	if (is_literal(p) && (column > 0 || (*p != '.' && *p != 'F'))) {
		g_string_append_c(out, *p);
		return column + 1;
	}
	g_string_append_printf(out, "=%02X", (guchar)*p);
	return column + 3;
}

static void
append_quoted(GString *out, const char *text)
{
	gsize column = 0;

	for (const char *p = text; *p; p++) {
		if (*p == '\n') {
			g_string_append(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + 3 >= LINE_WIDTH) {
			g_string_append(out, "=\r\n");
			column = 0;
		}
		column = append_octet(out, p, column);
	}
}

/* The line end before a boundary belongs to it, not to the text. */
static void
append_part(GString *out, const char *type, const char *text)
{
	g_string_append(out, "\r\n--" BOUNDARY "\r\n");
	g_string_append_printf(out, "Content-Type: %s; charset=UTF-8\r\n",
			       type);
	append_field(out, "Content-Transfer-Encoding", "quoted-printable");
	g_string_append(out, "\r\n");
	append_quoted(out, text);
}

static void
append_header(GString *out, const struct compose *compose)
{
	append_mailbox(out, "From", compose->from_name, compose->from);
	append_mailbox(out, "To", compose->to_name, compose->to);
	g_string_append(out, "Subject: ");
	append_text(out, compose->subject, strlen("Subject: "));
	g_string_append(out, "\r\n");
	append_field(out, "Message-ID", compose->message_id);
	append_date(out, compose->date_us, compose->zone);
	append_field(out, "Auto-Submitted", "auto-generated");
	append_field(out, "X-Auto-Response-Suppress", "All");
	for (const char *const *field = compose->fields; field && *field;
	     field += 2)
		append_field(out, field[0], field[1]);
	append_field(out, "MIME-Version", "1.0");
	g_string_append(out, "Content-Type: multipart/alternative;\r\n"
			     "\tboundary=\"" BOUNDARY "\"\r\n");
}

GBytes *
compose_mail(const struct compose *compose)
{
	GString *out = g_string_new(NULL);

	append_header(out, compose);
	append_part(out, "text/plain", compose->text);
	append_part(out, "text/html", compose->html);
	g_string_append(out, "\r\n--" BOUNDARY "--\r\n");
	return g_string_free_to_bytes(out);
}
