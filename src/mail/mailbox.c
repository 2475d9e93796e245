#include "mailbox_private.h"

#include <string.h>

#include "encoded_private.h"
#include "lexeme_private.h"

void
mailbox_scan_open(struct mailbox_scan *scan, const char *value, gsize len,
		  GString *name)
{
	memset(scan, 0, sizeof(*scan));
	scan->at = value;
	scan->end = value + len;
	scan->name = name;
}

/* Unquoted, what may stand in a local part (RFC 5322 atext, and dots). */
static gboolean
is_local(char c)
{
	return (guchar)c > ' ' && c != 0x7F && !strchr("()<>[]:;@\\,\"", c);
}

/* "[192.0.2.1]" or "[IPv6:...]" (RFC 5321 section 4.1.3). */
static gboolean
literal_valid(const char *domain, gsize len)
{
	if (len < 3 || domain[0] != '[' || domain[len - 1] != ']')
		return FALSE;
	for (gsize i = 1; i < len - 1; i++) {
		if (!g_ascii_isxdigit(domain[i]) && !strchr(".:IPv", domain[i]))
			return FALSE;
	}
	return TRUE;
}

/* Behind the local part; NULL when it is none. */
static const char *
local_end(const char *p, const char *end)
{
	const char *start = p;
	gboolean closed;

	while (p < end && *p != '@') {
		if (*p == '"') {
			p = lexeme_quoted(p, end, &closed);
			if (!closed)
				return NULL;
		} else if (is_local(*p)) {
			p++;
		} else {
			return NULL;
		}
	}
	return p == start ? NULL : p;
}

const char *
mailbox_split(const char *addr, gsize len)
{
	const char *end = addr + len;
	const char *at = local_end(addr, end);

	if (!at || !g_utf8_validate(addr, (gssize)len, NULL))
		return NULL;
	for (gsize i = 0; i < len; i++) {
		if (g_ascii_iscntrl(addr[i]))
			return NULL;
	}
	if (at == end)
		return at;
	if (!domain_valid(at + 1) &&
	    !literal_valid(at + 1, (gsize)(end - at - 1)))
		return NULL;
	return at;
}

static void
addr_reset(struct mailbox_scan *scan)
{
	scan->addr_len = 0;
	scan->gap = FALSE;
	scan->comment = FALSE;
	scan->broken = FALSE;
}

static gboolean
joins(char c)
{
	return c == '@' || c == '.';
}

/*
 * Spaces stand beside "@" and "." only, if at all (obs-local-part). A comment
 * in the middle divides what programs read differently: that is no address.
 */
static void
addr_add(struct mailbox_scan *scan, const char *bytes, gsize n)
{
	gsize len = scan->addr_len;

	if (scan->comment || (scan->gap && len > 0 && !joins(*bytes) &&
			      !joins(scan->addr[len - 1])))
		scan->broken = TRUE;
	scan->gap = FALSE;
	if (len + n > ADDRESS_LEN_MAX) {
		scan->broken = TRUE;
		return;
	}
	memcpy(scan->addr + len, bytes, n);
	scan->addr_len = len + n;
}

/* TRUE when addr is an address; what is not is counted. */
static gboolean
addr_finish(struct mailbox_scan *scan)
{
	const char *at = NULL;

	scan->addr[scan->addr_len] = '\0';
	if (!scan->broken)
		at = mailbox_split(scan->addr, scan->addr_len);
	if (at)
		return TRUE;
	/* "<>" and a name in brackets hide no other author. */
	if (scan->broken || strchr(scan->addr, '@'))
		scan->malformed++;
	return FALSE;
}

/* What an open comment swallows may be an address to other programs. */
static const char *
skip_comment(struct mailbox_scan *scan, const char *p, const char *end)
{
	gboolean closed;

	p = lexeme_comment(p, end, &closed);
	if (!closed)
		scan->malformed++;
	return p;
}

/* Behind spaces and comments. */
static const char *
skip_gap(struct mailbox_scan *scan, const char *p, const char *end)
{
	while (p < end && (lexeme_is_space(*p) || *p == '('))
		p = *p == '(' ? skip_comment(scan, p, end) : p + 1;
	return p;
}

static const char *
literal_end(const char *p, const char *end)
{
	const char *close = memchr(p, ']', (gsize)(end - p));

	return close ? close + 1 : end;
}

/* A piece of an address at `p` that is no separator; behind it. */
static const char *
addr_piece(struct mailbox_scan *scan, const char *p, const char *end)
{
	const char *next = p + 1;

	if (lexeme_is_space(*p)) {
		scan->gap = TRUE;
		return next;
	}
	if (*p == '(') {
		scan->comment = scan->addr_len > 0;
		return skip_comment(scan, p, end);
	}
	if (*p == '"')
		next = lexeme_quoted(p, end, NULL);
	else if (*p == '[')
		next = literal_end(p, end);
	addr_add(scan, p, (gsize)(next - p));
	return next;
}

/* "<@a,@b:local@domain>" and "<mailto:local@domain>": what stands before. */
static gboolean
is_prefix(const struct mailbox_scan *scan)
{
	return scan->addr_len > 0 &&
	       (scan->addr[0] == '@' ||
		(scan->addr_len == 6 &&
		 g_ascii_strncasecmp(scan->addr, "mailto", 6) == 0));
}

/* From behind "<" to behind ">", or to what cannot be inside. */
static gboolean
scan_angle(struct mailbox_scan *scan)
{
	const char *p = scan->at;

	addr_reset(scan);
	while (p < scan->end && *p != '>' && *p != ';') {
		if (*p == ',' && !is_prefix(scan))
			break;
		if (*p == ':' && is_prefix(scan)) {
			addr_reset(scan);
			p++;
		} else if (*p == '<') {
			p++;
		} else {
			p = addr_piece(scan, p, scan->end);
		}
	}
	scan->at = p < scan->end && *p == '>' ? p + 1 : p;
	return addr_finish(scan);
}

/* The next word with an @ of a phrase that has no <>. */
static gboolean
scan_bare(struct mailbox_scan *scan)
{
	const char *end = scan->bare_end;
	const char *p = skip_gap(scan, scan->bare, end);

	while (p < end) {
		gsize encoded = encoded_len(p, (gsize)(end - p));

		addr_reset(scan);
		p += encoded;
		while (p < end) {
			const char *next = skip_gap(scan, p, end);

			if (next > p && scan->addr_len > 0 &&
			    (next == end || *next != '@') &&
			    scan->addr[scan->addr_len - 1] != '@')
				break;
			p = next < end ? addr_piece(scan, next, end) : end;
		}
		p = skip_gap(scan, p, end);
		if (memchr(scan->addr, '@', scan->addr_len) &&
		    addr_finish(scan)) {
			scan->bare = p;
			return TRUE;
		}
	}
	scan->bare = end;
	return FALSE;
}

static void
name_add(struct mailbox_scan *scan, const char *bytes, gsize n, gboolean gap)
{
	if (!scan->name)
		return;
	if (gap && scan->name->len > 0)
		g_string_append_c(scan->name, ' ');
	g_string_append_len(scan->name, bytes, (gssize)n);
}

static const char *
name_quoted(struct mailbox_scan *scan, const char *p, gboolean gap)
{
	const char *end = lexeme_quoted(p, scan->end, NULL);

	name_add(scan, "", 0, gap);
	for (p++; scan->name && p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '"')
			break;
		name_add(scan, p, 1, FALSE);
	}
	return end;
}

/* A piece of a phrase at `p` that is no separator; behind it. */
static const char *
phrase_piece(struct mailbox_scan *scan, const char *p, gboolean gap)
{
	gsize n = encoded_len(p, (gsize)(scan->end - p));

	if (*p == '"')
		return name_quoted(scan, p, gap);
	if (*p == '[')
		n = (gsize)(literal_end(p, scan->end) - p);
	if (n == 0)
		n = *p == '\\' && p + 1 < scan->end ? 2 : 1;
	name_add(scan, p, n, gap);
	return p + n;
}

enum stop { STOP_ANGLE, STOP_BARE, STOP_GROUP, STOP_END };

/* Reads a phrase up to what ends it. */
static enum stop
scan_phrase(struct mailbox_scan *scan, gboolean *has_at)
{
	const char *p = scan->at;
	gboolean gap = FALSE;

	*has_at = FALSE;
	if (scan->name)
		g_string_truncate(scan->name, 0);
	while (p < scan->end && !strchr("<,;:", *p)) {
		const char *next = skip_gap(scan, p, scan->end);

		if (next > p) {
			gap = TRUE;
			p = next;
			continue;
		}
		if (*p == '@')
			*has_at = TRUE;
		p = phrase_piece(scan, p, gap);
		gap = FALSE;
	}
	scan->bare = scan->at;
	scan->bare_end = p;
	scan->at = p < scan->end ? p + 1 : p;
	if (p == scan->end)
		return STOP_END;
	return *p == '<' ? STOP_ANGLE : *p == ':' ? STOP_GROUP : STOP_BARE;
}

/* Whether the phrase that ended so leads to a mailbox with <>. */
static gboolean
scan_phrase_end(struct mailbox_scan *scan, enum stop stop, gboolean has_at)
{
	/* Words with an @ before a group's colon may be read as an author. */
	if (stop == STOP_GROUP && has_at)
		scan->malformed++;
	if (stop == STOP_ANGLE || stop == STOP_GROUP || !has_at)
		scan->bare = scan->bare_end;
	return stop == STOP_ANGLE && scan_angle(scan);
}

gboolean
mailbox_scan_next(struct mailbox_scan *scan)
{
	for (;;) {
		gboolean has_at;
		enum stop stop;

		if (scan->bare < scan->bare_end && scan_bare(scan)) {
			if (scan->name)
				g_string_truncate(scan->name, 0);
			return TRUE;
		}
		if (scan->at >= scan->end)
			return FALSE;
		stop = scan_phrase(scan, &has_at);
		if (scan_phrase_end(scan, stop, has_at))
			return TRUE;
	}
}
