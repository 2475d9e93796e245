#include "sentence_private.h"

#include <string.h>

/* A line that breaks off before this was not wrapped by a program. */
#define WRAP_MIN 50

/* What a full stop after it does not end. */
static const char *const shortened[] = {
	"approx", "ca",	 "co",	 "corp", "dr",	"e.g",	"etc",	"excl", "fig",
	"i.e",	  "inc", "incl", "jr",	 "ltd", "max",	"mio",	"min",	"mr",
	"mrs",	  "ms",	 "mrd",	 "no",	 "nr",	"p.a",	"prof", "sig",	"sr",
	"st",	  "tel", "u.a",	 "vs",	 "z.b", "zzgl", "bzw",	"inkl", "np",
	"tys",	  "ok",	 "m",	 "mme",	 "d.h", "ggf",	"bijv", "p.ex", "p. ex"
};

static gboolean
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static gboolean
is_shortened(const char *text, gsize start, gsize stop)
{
	gsize from = stop;
	gsize len;

	while (from > start && !is_blank(text[from - 1]) &&
	       text[from - 1] != '(')
		from--;
	len = stop - from;
	if (len == 1 && g_ascii_isalpha(text[from]))
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(shortened); i++) {
		if (strlen(shortened[i]) == len &&
		    g_ascii_strncasecmp(shortened[i], text + from, len) == 0)
			return TRUE;
	}
	return FALSE;
}

/* At a mark with a blank after it: whether something new begins there. */
static gboolean
ends_at(const char *text, gsize len, gsize start, gsize at)
{
	gsize next = at + 1;

	while (next < len && strchr("\"')]!?.", text[next]))
		next++;
	if (next < len && !is_blank(text[next]))
		return FALSE;
	while (next < len && is_blank(text[next]))
		next++;
	if (next < len && g_ascii_islower(text[next]))
		return FALSE;
	return text[at] != '.' || !is_shortened(text, start, at);
}

static gboolean
is_item(const char *line, gsize len)
{
	gsize digits = 0;

	if (len >= 2 && strchr("-*+>|", line[0]) && is_blank(line[1]))
		return TRUE;
	if (len >= 3 && memcmp(line, "\xe2\x80", 2) == 0)
		return TRUE; /* bullets and dashes */
	while (digits < len && g_ascii_isdigit(line[digits]))
		digits++;
	return digits > 0 && digits <= 2 && len > digits + 1 &&
	       (line[digits] == '.' || line[digits] == ')') &&
	       is_blank(line[digits + 1]);
}

/* At a line's end: whether the sentence ends with it. */
static gboolean
breaks_at(const char *text, gsize len, gsize at)
{
	gsize line = at;
	gsize next = at + 1;

	while (line > 0 && text[line - 1] != '\n')
		line--;
	while (next < len &&
	       (text[next] == ' ' || text[next] == '\t' || text[next] == '\r'))
		next++;
	if (next >= len || text[next] == '\n')
		return TRUE;
	return is_item(text + next, len - next) ||
	       (at - line < WRAP_MIN && !g_ascii_islower(text[next]));
}

static gboolean
is_end(const char *text, gsize len, gsize start, gsize at)
{
	if (text[at] == '\n')
		return breaks_at(text, len, at);
	return strchr(".!?", text[at]) && ends_at(text, len, start, at);
}

/* Back from a length that is too much to where a word ends. */
static gsize
cut(const char *text, gsize start, gsize stop)
{
	gsize at = stop;

	while (at > start && !is_blank(text[at]))
		at--;
	if (at > start)
		return at;
	while (stop > start && ((guchar)text[stop] & 0xc0) == 0x80)
		stop--;
	return stop;
}

gboolean
sentence_next(const char *text, gsize len, gsize *at, struct sentence *sentence)
{
	gsize start = *at;
	gsize stop;

	while (start < len && is_blank(text[start]))
		start++;
	if (start >= len)
		return FALSE;
	stop = start;
	while (stop < len && stop - start < SENTENCE_MAX &&
	       !(text[stop] && is_end(text, len, start, stop)))
		stop++;
	if (stop < len && stop - start >= SENTENCE_MAX)
		stop = cut(text, start, stop);
	while (stop < len && text[stop] && strchr(".!?\"')]", text[stop]))
		stop++;
	*at = MAX(stop, start + 1);
	while (stop > start + 1 && is_blank(text[stop - 1]))
		stop--;
	*sentence = (struct sentence){ start, MAX(stop, start + 1) - start };
	return TRUE;
}
