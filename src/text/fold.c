#include "text/fold.h"

#include <string.h>

#include "base/chunk.h"
#include "fold_private.h"

/* What the letters of one word are, beside ASCII's. */
enum {
	LATIN = 1 << 0,
	FOREIGN = 1 << 1, /* Greek or Cyrillic */
	FANCY = 1 << 2,	  /* mathematical and circled letters */
	WIDE = 1 << 3	  /* full-width letters */
};

struct folder {
	const guchar *at;
	const guchar *end;
	guchar *out; /* room for all of [at, end), a gap and a NUL */
	gsize len;
	gsize room;
	guchar gap; /* the spacing owed before the next character */
	struct fold_counts counts;
};

/* The text of one token while look-alikes are searched in it. */
struct token {
	GString *text;
	gsize word; /* where the current word begins in text */
	guint letters;
};

/* Normalising what was folded can uncover more to fold, but not for long. */
#define ROUNDS_MAX 5

#define MARKS_MAX 30  /* in a row, as Unicode's stream-safe text has */
#define PIECE	  64  /* characters folded at once, where a piece can end */
#define PIECE_MAX 512 /* where it cannot */

static inline gboolean
ascii_visible(guchar c)
{
	return c > ' ' && c < 0x7f;
}

static inline guchar
ascii_lower(guchar c)
{
	return (guchar)(c | (guchar)(((guchar)(c - 'A') < 26) << 5));
}

/* Each visible character in lower case; the rest is 0. */
static const char visible_lower[256] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				       "\0!\"#$%&'()*+,-./"
				       "0123456789:;<=>?"
				       "@abcdefghijklmno"
				       "pqrstuvwxyz[\\]^_"
				       "`abcdefghijklmno"
				       "pqrstuvwxyz{|}~";

static inline gboolean
ascii_line_end(guchar c)
{
	return c >= '\n' && c <= '\r';
}

static inline void
gap_add(struct folder *f, guchar gap)
{
	if (f->gap != '\n')
		f->gap = gap;
}

static inline void
gap_write(struct folder *f)
{
	if (f->gap != 0 && f->len > 0)
		f->out[f->len++] = f->gap;
	f->gap = 0;
}

static void
room_ensure(struct folder *f, gsize more)
{
	const gsize need = f->len + more + (gsize)(f->end - f->at) + 2;

	if (need <= f->room)
		return;
	f->room = need + need / 4;
	f->out = g_realloc(f->out, f->room);
}

static void
char_write(struct folder *f, gunichar c)
{
	gap_write(f);
	f->len += (gsize)g_unichar_to_utf8(c, (char *)f->out + f->len);
}

static enum fold_kind
char_fold(gunichar c, gunichar *folded)
{
	if (c >= 0x80)
		return fold_plain(c, folded);
	*folded = ascii_lower((guchar)c);
	if (g_ascii_isalpha((char)c))
		return FOLD_LATIN;
	return g_ascii_isdigit((char)c) ? FOLD_LETTER : FOLD_SIGN;
}

/* The scripts of the word so far, the character of this kind included. */
static guint
letters_add(guint letters, enum fold_kind kind)
{
	if (kind == FOLD_LATIN)
		return letters | LATIN;
	if (kind == FOLD_GREEK || kind == FOLD_CYRILLIC)
		return letters | FOREIGN;
	return kind == FOLD_LETTER ? letters : 0;
}

/* A word of two scripts, or a character fold_plain() cannot do: FALSE. */
static gboolean
token_fold_plain(struct folder *f, const guchar *p, const guchar *end)
{
	guint letters = 0;
	guint size = 0;

	for (; p < end; p += size) {
		gunichar c = utf8_get(p, &size);
		const enum fold_kind kind = char_fold(c, &c);
		letters = letters_add(letters, kind);
		if (kind == FOLD_NONE || letters == (LATIN | FOREIGN))
			return FALSE;
		if (kind == FOLD_SPACE)
			gap_add(f, (guchar)c);
		else
			char_write(f, c);
	}
	return TRUE;
}

static guint
letter_kind(gunichar c)
{
	static const struct {
		guint32 first, last;
		guint kind;
	} kinds[] = {
		{ 'A', 'Z', LATIN },	   { 'a', 'z', LATIN },
		{ 0xc0, 0x24f, LATIN },	   { 0x370, 0x52f, FOREIGN },
		{ 0x1e00, 0x1eff, LATIN }, { 0x1f00, 0x1fff, FOREIGN },
		{ 0x24b6, 0x24e9, FANCY }, { 0xff21, 0xff3a, WIDE },
		{ 0xff41, 0xff5a, WIDE },  { 0x1d400, 0x1d7cb, FANCY },
	};

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (c <= kinds[i].last)
			return c >= kinds[i].first ? kinds[i].kind : 0;
	return 0;
}

/*
 * Scripts written from the right or with joined letters use joiners and
 * direction marks properly, and so do emoji.
 */
static gboolean
is_hiding(gunichar c, gunichar before)
{
	if (c == 0xad || (c >= 0xfe00 && c <= 0xfe0f))
		return FALSE;
	if (c == 0xfeff)
		return before != 0;
	if (c >= 0x200c && c <= 0x200f)
		return before < 0x0590 || (before > 0x1900 && before < 0x2190);
	return TRUE;
}

/* Whether any letter of the word from `from` on was one. */
static gboolean
twins_replace(GString *text, gsize from)
{
	g_autofree char *word = g_strdup(text->str + from);
	gboolean replaced = FALSE;

	g_string_truncate(text, from);
	for (const char *p = word; *p != '\0'; p = g_utf8_next_char(p)) {
		const gunichar c = g_utf8_get_char(p);
		const char twin = fold_twin(c);
		if (twin != 0) {
			g_string_append_c(text, twin);
			replaced = TRUE;
		} else {
			g_string_append_unichar(text, c);
		}
	}
	return replaced;
}

static void
word_end(struct token *token, struct fold_counts *counts)
{
	const guint letters = token->letters;
	gboolean odd = (letters & FANCY) != 0 ||
		       (letters & (WIDE | LATIN)) == (WIDE | LATIN);

	if ((letters & FOREIGN) != 0 && letters != FOREIGN &&
	    twins_replace(token->text, token->word))
		odd = TRUE;
	if (odd)
		counts->mixed_script++;
	token->word = token->text->len;
	token->letters = 0;
}

/* What stays of a token: not what is invisible, not marks piled up without end,
 * not the two ligatures that alone are whole phrases. */
static gboolean
is_kept(gunichar c, gunichar before, guint *marks, struct fold_counts *counts)
{
	if (fold_ignorable(c)) {
		counts->invisible += is_hiding(c, before) ? 1 : 0;
		return FALSE;
	}
	*marks = g_unichar_ismark(c) ? *marks + 1 : 0;
	return *marks <= MARKS_MAX && c != 0xfdfa && c != 0xfdfb;
}

/* Without invisible characters and look-alikes. */
static GString *
token_clean(const char *s, gsize len, struct fold_counts *counts)
{
	struct token token = { g_string_sized_new(len + 1), 0, 0 };
	gunichar before = 0;
	guint marks = 0;

	for (const char *p = s; p < s + len; p = g_utf8_next_char(p)) {
		const gunichar c = g_utf8_get_char(p);
		const gboolean kept = is_kept(c, before, &marks, counts);
		before = c;
		if (!kept)
			continue;
		g_string_append_unichar(token.text, c);
		if (g_unichar_isalnum(c) || g_unichar_ismark(c) ||
		    letter_kind(c) != 0)
			token.letters |= letter_kind(c);
		else
			word_end(&token, counts);
	}
	word_end(&token, counts);
	return token.text;
}

/* Whether a character never becomes one with what stands before it. */
static gboolean
begins_piece(gunichar c)
{
	return !g_unichar_ismark(c) && !(c >= 0x1160 && c <= 0x11ff) &&
	       !(c >= 0xd7b0 && c <= 0xd7ff) && !(c >= 0xff9e && c <= 0xff9f) &&
	       !(c >= 0xffa0 && c <= 0xffdc);
}

/* The end of a piece of text that can be normalised by itself. */
static const char *
piece_end(const char *p, const char *end)
{
	for (guint n = 0; p < end && n < PIECE_MAX; n++) {
		if (n >= PIECE && begins_piece(g_utf8_get_char(p)))
			break;
		p = g_utf8_next_char(p);
	}
	return p;
}

/* NFKC and case folding, by pieces: g_utf8_normalize() takes time in the
 * square of the characters it joins. */
static char *
unicode_fold(const GString *text)
{
	GString *result = g_string_sized_new(text->len + 1);
	const char *end = text->str + text->len;

	for (const char *p = text->str; p < end;) {
		const char *stop = piece_end(p, end);
		g_autofree char *plain =
			g_utf8_normalize(p, stop - p, G_NORMALIZE_ALL_COMPOSE);
		g_autofree char *folded = g_utf8_casefold(plain, -1);
		g_string_append(result, folded);
		p = stop;
	}
	return g_string_free(result, FALSE);
}

/* Cherokee folds to its capitals; GLib turns those into small letters. */
static gunichar
cherokee_fold(gunichar c)
{
	if (c >= 0xab70 && c <= 0xabbf)
		return c - 0xab70 + 0x13a0;
	return c >= 0x13f8 && c <= 0x13fd ? c - 8 : c;
}

/* The dot that folding leaves of a capital I with a dot goes, signs become
 * those of a typewriter. */
static char *
signs_fold(const char *s)
{
	GString *text = g_string_sized_new(strlen(s) + 1);

	for (const char *p = s; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c == 0x307 && text->len > 0 &&
		    text->str[text->len - 1] == 'i')
			continue;
		if (c >= 0x80 && c < 0xa0)
			c = c == 0x85 ? '\n' : ' ';
		else if (c == 0x1680 || c == 0x2800)
			c = ' ';
		else if (c >= 0x2000 && c <= 0x2fff)
			(void)fold_plain(c, &c);
		g_string_append_unichar(text, cherokee_fold(c));
	}
	return g_string_free(text, FALSE);
}

static char *
token_round(const char *s, gsize len, struct fold_counts *counts)
{
	GString *clean = token_clean(s, len, counts);
	g_autofree char *folded = unicode_fold(clean);

	g_string_free(clean, TRUE);
	return signs_fold(folded);
}

static void
text_write(struct folder *f, const char *s)
{
	const gsize len = strlen(s);

	room_ensure(f, len + 1);
	for (const guchar *p = (const guchar *)s; *p != '\0'; p++) {
		if (ascii_line_end(*p)) {
			gap_add(f, '\n');
		} else if (*p <= ' ' || *p == 0x7f) {
			gap_add(f, ' ');
		} else {
			gap_write(f);
			f->out[f->len++] = *p;
		}
	}
}

static void
token_fold_unicode(struct folder *f, const guchar *p, gsize len)
{
	char *text = token_round((const char *)p, len, &f->counts);
	struct fold_counts seen = { 0, 0 };

	for (guint i = 1; i < ROUNDS_MAX; i++) {
		char *again = token_round(text, strlen(text), &seen);
		const gboolean same = strcmp(again, text) == 0;
		g_free(text);
		text = again;
		if (same)
			break;
	}
	text_write(f, text);
	g_free(text);
}

/* From `start` to the next ASCII spacing; `f->at` is moved behind it. */
static void
token_fold(struct folder *f, const guchar *start)
{
	const guchar *end = start;
	const gsize len = f->len;
	const guchar gap = f->gap;

	while (end < f->end && (ascii_visible(*end) || *end >= 0x80))
		end++;
	if (!token_fold_plain(f, start, end)) {
		f->len = len;
		f->gap = gap;
		f->at = end;
		token_fold_unicode(f, start, (gsize)(end - start));
	}
	f->at = end;
}

static void
word_fold(struct folder *f)
{
	const guchar *p = f->at;
	const gsize len = f->len;
	const guchar gap = f->gap;

	gap_write(f);
	guchar *out = f->out + f->len;
	while (p < f->end && visible_lower[*p] != '\0')
		*out++ = (guchar)visible_lower[*p++];
	if (p < f->end && *p >= 0x80) {
		f->len = len;
		f->gap = gap;
		token_fold(f, f->at);
		return;
	}
	f->len = (gsize)(out - f->out);
	f->at = p;
}

static inline chunk
plain_gaps(chunk b)
{
	return chunk_are(b, ' ') | chunk_are(b, '\n');
}

/* ASCII that is seen, with spaces and line ends one by one between it. */
static inline gboolean
chunk_is_plain(chunk b, chunk next)
{
	const chunk seen =
		chunk_among(b, ' ', '~' - ' ' + 1) | chunk_are(b, '\n');

	return !chunk_any(~seen | (plain_gaps(b) & plain_gaps(next)));
}

/* Whole words, of which nothing beyond ASCII can be a part; FALSE when there
 * is none. */
static gboolean
chunk_fold(struct folder *f)
{
	const guchar *p = f->at;
	guint n = CHUNK;

	if (f->end - p <= CHUNK)
		return FALSE;
	const chunk b = chunk_get(p);
	if (!chunk_is_plain(b, chunk_get(p + 1)))
		return FALSE;
	while (n > 0 && p[n] != ' ' && p[n] != '\n')
		n--;
	if (n == 0)
		return FALSE;
	gap_write(f);
	chunk_put(f->out + f->len, chunk_lower(b));
	f->len += n;
	f->at += n;
	return TRUE;
}

char *
text_fold(const char *text, gsize len, struct fold_counts *counts)
{
	struct folder f = { .at = (const guchar *)text,
			    .end = (const guchar *)text + len,
			    .room = len + 2 };

	f.out = g_malloc(f.room);
	while (f.at < f.end) {
		const guchar c = *f.at;
		if (ascii_visible(c) && chunk_fold(&f))
			continue;
		if (ascii_visible(c) || c >= 0x80) {
			word_fold(&f);
		} else {
			gap_add(&f, ascii_line_end(c) ? '\n' : ' ');
			f.at++;
		}
	}
	f.out[f.len] = '\0';
	if (counts != NULL)
		*counts = f.counts;
	return (char *)f.out;
}
