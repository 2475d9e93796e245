#include "sentence_private.h"

#include <string.h>

/* A line that breaks off before this was not wrapped by a program. */
#define WRAP_MIN 50

/* Shorter words before a full stop may be shortened ones. */
#define WORD_MIN 5

/* And no program wraps lines longer than this. */
#define WRAP_MAX 100

/* What a full stop after it does not end. */
static const char *const shortened[] = {
	"approx", "ca",	     "co",	 "corp",    "dr",   "e.g",  "etc",
	"excl",	  "fig",     "i.e",	 "inc",	    "incl", "jr",   "ltd",
	"max",	  "mio",     "min",	 "mr",	    "mrs",  "ms",   "mrd",
	"no",	  "nr",	     "p.a",	 "prof",    "sig",  "sr",   "st",
	"tel",	  "u.a",     "vs",	 "z.b",	    "zzgl", "bzw",  "inkl",
	"np",	  "tys",     "ok",	 "m",	    "mme",  "d.h",  "ggf",
	"bijv",	  "p.ex",    "p. ex",	 "reg",	    "mod",  "liv",  "gr",
	"avg",	  "einschl", "abzgl",	 "ausschl", "bspw", "evtl", "zuzgl",
	"env",	  "aprox",   "approssim"
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
	/* "405 g." and "12 ms." are units. */
	if (len <= 2 && from >= start + 2 && g_ascii_isdigit(text[from - 2]))
		return FALSE;
	if (len == 1 && g_ascii_isalpha(text[from]))
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(shortened); i++) {
		if (strlen(shortened[i]) == len &&
		    g_ascii_strncasecmp(shortened[i], text + from, len) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Who writes no capitals ends sentences with whole words. */
static gboolean
is_word_end(const char *text, gsize start, gsize at)
{
	gsize letters = 0;

	while (at > start + letters && g_ascii_isalpha(text[at - letters - 1]))
		letters++;
	return text[at] == '.' && letters >= WORD_MIN &&
	       !is_shortened(text, start, at);
}

/* "Kat. 3", "Art. 7". */
static gboolean
is_reference(const char *text, gsize start, gsize at)
{
	return text[at] == '.' && at >= start + 3 &&
	       g_ascii_isupper(text[at - 3]) && g_ascii_islower(text[at - 2]) &&
	       g_ascii_islower(text[at - 1]) &&
	       (at == start + 3 || is_blank(text[at - 4]));
}

/* "31. Januar": a day, no end. */
static gboolean
is_day(const char *text, gsize len, gsize at, gsize next)
{
	static const char *const months[] = { "Jan", "Feb", "Mär", "Apr",
					      "Mai", "Jun", "Jul", "Aug",
					      "Sep", "Okt", "Nov", "Dez" };

	if (at == 0 || text[at] != '.' || !g_ascii_isdigit(text[at - 1]))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(months); i++) {
		const gsize month = strlen(months[i]);

		if (next + month <= len &&
		    memcmp(text + next, months[i], month) == 0)
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
	if (next < len && g_ascii_islower(text[next]) &&
	    !is_word_end(text, start, at))
		return FALSE;
	if (next < len && g_ascii_isdigit(text[next]) &&
	    is_reference(text, start, at))
		return FALSE;
	return !is_day(text, len, at, next) &&
	       (text[at] != '.' || !is_shortened(text, start, at));
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

static gsize
characters(const char *text, gsize len)
{
	gsize n = 0;

	for (gsize i = 0; i < len; i++)
		n += ((guchar)text[i] & 0xc0) != 0x80;
	return n;
}

gsize
sentence_wrap(const char *text, gsize len)
{
	gsize longest = 0;
	gsize stop;

	for (gsize at = 0; at < len; at = stop + 1) {
		const char *end = memchr(text + at, '\n', len - at);
		gsize n;

		stop = end ? (gsize)(end - text) : len;
		/* A long address is not broken by who wraps the rest. */
		if (g_strstr_len(text + at, (gssize)(stop - at), "://"))
			continue;
		n = characters(text + at, stop - at);
		longest = MAX(longest, n);
	}
	return longest <= WRAP_MAX ? longest : 0;
}

/* Whether the line could have held the word at `next`, too. */
static gboolean
has_room(const char *text, gsize len, gsize line, gsize at, gsize next,
	 gsize wrap)
{
	gsize stop = next;

	while (stop < len && !is_blank(text[stop]))
		stop++;
	return characters(text + line, at - line) + 1 +
		       characters(text + next, stop - next) <=
	       wrap;
}

/* Behind these words and marks every sentence goes on. */
static gboolean
goes_on(const char *text, gsize line, gsize at)
{
	static const char *const words[] = {
		" for", " of",	" the",	 " a",	 " an",	  " and",
		" or",	" to",	" with", " in",	 " by",	  " at",
		" &",	",",	" und",	 " mit", " der",  " die",
		" das", " von", " de",	 " et",	 " pour", " y",
		" per", " di",	" e",	 " en",	 " van",  " met"
	};

	while (at > line && is_blank(text[at - 1]))
		at--;
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		const gsize len = strlen(words[i]);

		if (at >= line + WRAP_MIN &&
		    memcmp(text + at - len, words[i], len) == 0)
			return TRUE;
	}
	return FALSE;
}

/* At a line's end: whether the sentence ends with it. */
static gboolean
breaks_at(const char *text, gsize len, gsize wrap, gsize at)
{
	gsize line = at;
	gsize next = at + 1;

	while (line > 0 && text[line - 1] != '\n')
		line--;
	while (next < len &&
	       (text[next] == ' ' || text[next] == '\t' || text[next] == '\r'))
		next++;
	if (next >= len || text[next] == '\n' ||
	    is_item(text + next, len - next))
		return TRUE;
	return !g_ascii_islower(text[next]) && !goes_on(text, line, at) &&
	       (at - line < WRAP_MIN || wrap == 0 ||
		has_room(text, len, line, at, next, wrap));
}

static gboolean
is_end(const char *text, gsize len, gsize wrap, gsize start, gsize at)
{
	if (text[at] == '\n')
		return breaks_at(text, len, wrap, at);
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
sentence_next(const char *text, gsize len, gsize wrap, gsize *at,
	      struct sentence *sentence)
{
	gsize start = *at;
	gsize stop;

	while (start < len && is_blank(text[start]))
		start++;
	if (start >= len)
		return FALSE;
	stop = start;
	while (stop < len && stop - start < SENTENCE_MAX &&
	       !(text[stop] && is_end(text, len, wrap, start, stop)))
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
