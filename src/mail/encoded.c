#include "encoded_private.h"

#include <string.h>

#include "charset_private.h"
#include "mail/limits.h"

#define CHARSET_LEN_MAX 64
/* RFC 2047 allows 75; senders of one endless word write whole subjects. */
#define WORD_LEN_MAX 4096

struct word {
	const struct charset *charset; /* NULL: not an allowed one */
	char encoding;		       /* 'b' or 'q' */
	const char *text;
	gsize text_len;
	gsize len; /* all of it, "=?" and "?=" included */
};

/* Bytes of neighbouring words in one charset, converted together. */
struct run {
	GString *bytes;
	const struct charset *charset;
	gboolean open;
};

static gboolean
all_graph(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		if (!g_ascii_isgraph(text[i]))
			return FALSE;
	}
	return len > 0;
}

static gboolean
word_parse(const char *text, gsize len, struct word *word)
{
	const char *charset = text + 2;
	const char *end;
	const char *star;
	const char *body;
	gsize charset_len;

	if (len < 8 || text[0] != '=' || text[1] != '?')
		return FALSE;
	end = memchr(charset, '?', MIN(len - 2, CHARSET_LEN_MAX));
	if (!end || (gsize)(end - text) + 4 > len || end[2] != '?')
		return FALSE;
	word->encoding = g_ascii_tolower(end[1]);
	charset_len = (gsize)(end - charset);
	if ((word->encoding != 'b' && word->encoding != 'q') ||
	    !all_graph(charset, charset_len))
		return FALSE;
	/* RFC 2231 section 5: "=?us-ascii*en?Q?...?=". */
	star = memchr(charset, '*', charset_len);
	if (star)
		charset_len = (gsize)(star - charset);
	word->text = end + 3;
	len = MIN(len, WORD_LEN_MAX);
	if ((gsize)(word->text - text) >= len)
		return FALSE;
	body = memmem(word->text, len - (gsize)(word->text - text), "?=", 2);
	if (!body)
		return FALSE;
	word->charset = charset_find(charset, charset_len);
	word->text_len = (gsize)(body - word->text);
	word->len = (gsize)(body - text) + 2;
	return TRUE;
}

gsize
encoded_len(const char *text, gsize len)
{
	struct word word;

	return word_parse(text, len, &word) ? word.len : 0;
}

static void
append_q(GString *bytes, const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		char c = text[i];

		if (c == '_') {
			c = ' ';
		} else if (c == '=' && i + 2 < len &&
			   g_ascii_isxdigit(text[i + 1]) &&
			   g_ascii_isxdigit(text[i + 2])) {
			c = (char)(g_ascii_xdigit_value(text[i + 1]) * 16 +
				   g_ascii_xdigit_value(text[i + 2]));
			i += 2;
		}
		g_string_append_c(bytes, c);
	}
}

static void
append_b(GString *bytes, const char *text, gsize len)
{
	gsize at = bytes->len;
	gint state = 0;
	guint save = 0;
	gsize n;

	g_string_set_size(bytes, at + len / 4 * 3 + 8);
	n = g_base64_decode_step(text, len, (guchar *)bytes->str + at, &state,
				 &save);
	/* A last group without its padding still has a byte or two. */
	n += g_base64_decode_step("==", 2, (guchar *)bytes->str + at + n,
				  &state, &save);
	g_string_truncate(bytes, at + n);
}

static guint
run_close(struct run *run, GString *out)
{
	guint odd = 0;

	if (run->open)
		odd = charset_append(out, run->charset, run->bytes->str,
				     run->bytes->len, G_MAXSIZE);
	g_string_truncate(run->bytes, 0);
	run->open = FALSE;
	return odd;
}

static guint
run_add(struct run *run, GString *out, const struct word *word)
{
	guint odd = 0;

	if (run->open && run->charset != word->charset)
		odd = run_close(run, out);
	run->open = TRUE;
	run->charset = word->charset;
	if (word->encoding == 'b')
		append_b(run->bytes, word->text, word->text_len);
	else
		append_q(run->bytes, word->text, word->text_len);
	return odd;
}

static gboolean
all_space(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		if (!g_ascii_isspace(text[i]))
			return FALSE;
	}
	return TRUE;
}

/* Where the next word begins and what it is; FALSE when none follows. */
static gboolean
word_find(const char *text, gsize len, gsize *at, struct word *word)
{
	for (gsize i = *at; i < len; i++) {
		const char *p = memmem(text + i, len - i, "=?", 2);

		if (!p)
			return FALSE;
		i = (gsize)(p - text);
		if (word_parse(p, len - i, word)) {
			*at = i;
			return TRUE;
		}
	}
	return FALSE;
}

static guint
decode_words(GString *out, const char *text, gsize len, guint words_max)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	struct run run = { bytes, NULL, FALSE };
	struct word word;
	guint words = 0;
	guint odd = 0;
	gsize done = 0;
	gsize at = 0;

	while (word_find(text, len, &at, &word)) {
		if (words++ == words_max) {
			odd |= MAIL_CAP_WORDS;
			break;
		}
		/* Spaces between two words only separate them. */
		if (!run.open || !all_space(text + done, at - done)) {
			odd |= run_close(&run, out);
			g_string_append_len(out, text + done,
					    (gssize)(at - done));
		}
		odd |= run_add(&run, out, &word);
		at += word.len;
		done = at;
	}
	odd |= run_close(&run, out);
	g_string_append_len(out, text + done, (gssize)(len - done));
	return odd;
}

char *
encoded_decode(const char *text, gsize len, guint words_max, guint *odd)
{
	GString *out = g_string_sized_new(len + 1);

	*odd |= decode_words(out, text, len, words_max);
	for (gsize i = 0; i < out->len; i++) {
		if ((guchar)out->str[i] < ' ' || out->str[i] == 0x7F)
			out->str[i] = ' ';
	}
	return g_string_free(out, FALSE);
}
