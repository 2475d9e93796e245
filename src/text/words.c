#include "text/words.h"

#include <string.h>

#include "fold_private.h"

#define WORD_LEN_MAX   40
#define SCHEME_LEN_MAX 8

enum class {
	HIGH = 0,   /* not ASCII */
	SKIP = '_', /* separates words, means nothing */
	ALPHA = 'a',
	DIGIT = '0',
	LINE = 'n',  /* ends a line */
	STOP = '.',  /* may end a sentence */
	COLON = ':', /* may be a URL's */
	AT = '@'     /* may be an address's */
};

/* The upper half is HIGH. */
static const char class_of[256] = "__________n_____"
				  "________________"
				  "_.____________._"
				  "0000000000:____."
				  "@aaaaaaaaaaaaaaa"
				  "aaaaaaaaaaa_____"
				  "_aaaaaaaaaaaaaaa"
				  "aaaaaaaaaaa_____";

/* What a character outside ASCII is in a word. */
enum letter { NO_LETTER, LETTER, NUMBER, SPACELESS, SENTENCE_END };

struct splitter {
	const guchar *text;
	const guchar *at;
	const guchar *end;
	GArray *words;	   /* of `room` elements while splitting */
	struct word *list; /* them */
	guint n;
	guint room;
	guint max;
	guint8 gap;
};

/* Top level domains that are no words: only they make "a.b" a host. */
static const char tlds[][8] = {
	"ai", "app", "at", "au", "be",	 "biz", "br",	"ch",  "cloud",	  "cn",
	"co", "com", "cz", "de", "dev",	 "dk",	"edu",	"eu",  "example", "fi",
	"fr", "gov", "hu", "ie", "info", "io",	"jp",	"mil", "net",	  "nl",
	"nz", "org", "pl", "pt", "ru",	 "se",	"tech", "tr",  "uk",	  "us",
};

static inline enum class class_at(const struct splitter *s, const guchar *p) {
	return p < s->end ? (enum class)class_of[*p] : SKIP;
}

static inline gboolean is_alnum(enum class c)
{
	return c == ALPHA || c == DIGIT;
}

static gsize
word_cut(const guchar *start)
{
	gsize len = WORD_LEN_MAX;

	while ((start[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void
room_double(struct splitter *s)
{
	s->room = MIN(s->max, s->room * 2);
	g_array_set_size(s->words, s->room);
	s->list = (struct word *)(void *)s->words->data;
}

static inline void
word_add(struct splitter *s, const guchar *start, gsize len, gsize digits)
{
	if (s->n == s->room)
		room_double(s);
	s->list[s->n] = (struct word){
		.at = (guint32)(start - s->text),
		.len = (guint16)(len > WORD_LEN_MAX ? word_cut(start) : len),
		.digits = (guint8)MIN(digits, G_MAXUINT8),
		.gap = s->n > 0 ? s->gap : 0,
	};
	s->n++;
	s->gap = 0;
}

/* Takes back the words that begin at `start` or behind it. */
static void
words_drop(struct splitter *s, const guchar *start)
{
	while (s->n > 0 && s->text + s->list[s->n - 1].at >= start) {
		s->gap |= s->list[s->n - 1].gap;
		s->n--;
	}
}

/* Moves behind the rest of a URL; its last full stop is the sentence's. */
static void
url_skip(struct splitter *s, const guchar *p)
{
	const guchar *start = p;

	while (p<s->end && * p> ' ' && *p < 0x7f &&
	       strchr("<>\"'`{}|\\^)]", *p) == NULL)
		p++;
	while (p > start && strchr(".,!?;:", p[-1]) != NULL)
		p--;
	s->at = p;
}

static gboolean
is_tld(const guchar *word, gsize len)
{
	char key[8] = "";

	if (len < 2 || len >= sizeof key)
		return FALSE;
	memcpy(key, word, len);
	for (guint i = 0; i < G_N_ELEMENTS(tlds); i++)
		if (memcmp(tlds[i], key, sizeof key) == 0)
			return TRUE;
	return FALSE;
}

/* A bare host name whose last label ends at `p`: it and its path go. */
static void
host_skip(struct splitter *s, const guchar *label, const guchar *p)
{
	const enum class next = class_at(s, p);
	const guchar *start = label;

	if (next == AT || (next == STOP && is_alnum(class_at(s, p + 1))) ||
	    (p < s->end && *p == '-') || !is_tld(label, (gsize)(p - label)))
		return;
	while (start > s->text && (is_alnum(class_at(s, start - 1)) ||
				   start[-1] == '.' || start[-1] == '-'))
		start--;
	words_drop(s, start);
	if (p < s->end && strchr("/?#:", *p) != NULL)
		url_skip(s, p);
}

static gboolean
is_local(const guchar c)
{
	return is_alnum((enum class)class_of[c]) ||
	       (c != '\0' && strchr("._%+-=&~", c) != NULL);
}

/* At "@": what stands around it goes when it is an address. */
static void
address_skip(struct splitter *s)
{
	const guchar *start = s->at;
	const guchar *p = s->at + 1;

	s->at++;
	if (!is_alnum(class_at(s, p)) && class_at(s, p) != HIGH)
		return;
	while (start > s->text && is_local(start[-1]))
		start--;
	if (start == s->at - 1)
		return;
	words_drop(s, start);
	while (p < s->end && (is_alnum((enum class)class_of[*p]) || *p == '.' ||
			      *p == '-' || *p >= 0x80))
		p++;
	s->at = p[-1] == '.' ? p - 1 : p;
}

/* At ":": a scheme before it and "//" behind make a URL. */
static void
colon_skip(struct splitter *s)
{
	const guchar *p = s->at++;

	if (s->end - p < 4 || p[1] != '/' || p[2] != '/' || p[3] <= ' ')
		return;
	if (s->n > 0) {
		const struct word *scheme = &s->list[s->n - 1];
		const guchar *start = s->text + scheme->at;
		if (start + scheme->len == p && scheme->len <= SCHEME_LEN_MAX)
			words_drop(s, start);
	}
	url_skip(s, p + 3);
}

static gboolean
is_spaceless(gunichar c)
{
	return (c >= 0x0e00 && c <= 0x0eff) || (c >= 0x1780 && c <= 0x17ff) ||
	       (c >= 0x3005 && c <= 0x30ff) || (c >= 0x31f0 && c <= 0x31ff) ||
	       (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0x20000 && c <= 0x3ffff);
}

static gboolean
is_sentence_end(gunichar c)
{
	return c == 0x3002 || c == 0x0964 || c == 0x0965 || c == 0x061f ||
	       c == 0x06d4 || c == 0x0589;
}

static enum letter
letter_of(gunichar c)
{
	if ((c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7) ||
	    (c >= 0x3b1 && c <= 0x3c9) || (c >= 0x430 && c <= 0x45f) ||
	    (c >= 0xac00 && c <= 0xd7a3))
		return LETTER;
	if (c >= 0x4e00 && c <= 0x9fff)
		return SPACELESS;
	if (is_sentence_end(c))
		return SENTENCE_END;
	if (g_unichar_isdigit(c))
		return NUMBER;
	if (!g_unichar_isalnum(c) && !g_unichar_ismark(c))
		return NO_LETTER;
	return is_spaceless(c) ? SPACELESS : LETTER;
}

static enum letter
letter_at(const guchar *p, guint *size)
{
	const gunichar c = utf8_get(p, size);

	if (c < 0x80)
		return class_of[c] == ALPHA   ? LETTER
		       : class_of[c] == DIGIT ? NUMBER
					      : NO_LETTER;
	return letter_of(c);
}

/* Overlapping pairs of characters; a single one is a word by itself. */
static void
pairs_add(struct splitter *s)
{
	const guchar *before = NULL;
	const guchar *start = s->at;
	const guchar *p = s->at;
	guint size = 0;

	while (p < s->end && letter_at(p, &size) == SPACELESS) {
		if (before != NULL && s->n < s->max)
			word_add(s, before, (gsize)(p + size - before), 0);
		before = p;
		p += size;
	}
	if (before == start && s->n < s->max)
		word_add(s, start, (gsize)(p - start), 0);
	s->at = p;
}

/* A word with characters outside ASCII, or such a character alone. */
static void
word_unicode(struct splitter *s)
{
	const guchar *p = s->at;
	gsize chars = 0;
	gsize digits = 0;
	guint size = 0;
	enum letter kind = NO_LETTER;

	while (p < s->end) {
		kind = letter_at(p, &size);
		if (kind != LETTER && kind != NUMBER)
			break;
		digits += kind == NUMBER ? 1 : 0;
		chars++;
		p += size;
	}
	if (p > s->at) {
		word_add(s, s->at, (gsize)(p - s->at),
			 digits == chars ? digits : 0);
		s->at = p;
	} else if (kind == SPACELESS) {
		pairs_add(s);
	} else {
		if (kind == SENTENCE_END)
			s->gap = 1;
		s->at += size;
	}
}

static void
word_take(struct splitter *s)
{
	const guchar *start = s->at;
	const guchar *p = start;
	gsize digits = 0;
	enum class class;

	while (p < s->end && class_of[*p] == ALPHA)
		p++;
	class = class_at(s, p);
	while (is_alnum(class)) {
		digits += class == DIGIT ? 1 : 0;
		class = class_at(s, ++p);
	}
	if (class == HIGH) {
		word_unicode(s);
		return;
	}
	const gsize len = (gsize)(p - start);
	/* What follows most words needs no look. */
	s->at = p + (p < s->end && *p == ' ' ? 1 : 0);
	word_add(s, start, len, digits == len ? len : 0);
	if (start > s->text + 1 && start[-1] == '.' &&
	    is_alnum(class_at(s, start - 2))) {
		host_skip(s, start, p);
	} else if (class == STOP && len == 3 && memcmp(start, "www", 3) == 0 &&
		   is_alnum(class_at(s, p + 1))) {
		words_drop(s, start);
		url_skip(s, p);
	}
}

static gboolean
ends_sentence(const struct splitter *s, const guchar *stop)
{
	const guchar *next = stop + 1;

	if (next < s->end && strchr("\"')]", *next) != NULL)
		next++;
	return next >= s->end || *next <= ' ';
}

static void
step(struct splitter *s)
{
	switch (class_at(s, s->at)) {
	case ALPHA:
	case DIGIT:
		word_take(s);
		return;
	case HIGH:
		word_unicode(s);
		return;
	case COLON:
		colon_skip(s);
		return;
	case AT:
		address_skip(s);
		return;
	case LINE:
		s->gap = 1;
		break;
	case STOP:
		if (ends_sentence(s, s->at))
			s->gap = 1;
		break;
	case SKIP:
	default:
		break;
	}
	s->at++;
}

GArray *
words_split(const char *folded, gsize len, guint max)
{
	struct splitter s = { .text = (const guchar *)folded,
			      .at = (const guchar *)folded,
			      .end = (const guchar *)folded + len,
			      .max = max,
			      .room = (guint)MIN(max, len / 5 + 8) };

	s.words = g_array_sized_new(FALSE, FALSE, sizeof(struct word), s.room);
	g_array_set_size(s.words, s.room);
	s.list = (struct word *)(void *)s.words->data;
	while (s.at < s.end && s.n < s.max)
		step(&s);
	g_array_set_size(s.words, s.n);
	return s.words;
}
