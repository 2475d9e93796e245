#include "parameter_private.h"

#include <stdlib.h>
#include <string.h>

#include "charset_private.h"
#include "encoded_private.h"
#include "lexeme_private.h"

#define SEGMENTS_MAX 64
#define WORDS_MAX    64

struct parameter {
	const char *name;
	gsize name_len;
	const char *value; /* inside of its quotes; escapes and folds in it */
	gsize value_len;
};

/* One "name*2*=..." */
struct segment {
	guint index;
	gboolean encoded;
	struct parameter parameter;
};

static const char *
skip_between(const char *p, const char *end)
{
	while (p < end) {
		if (*p == '(')
			p = lexeme_comment(p, end, NULL);
		else if (lexeme_is_space(*p) || *p == ';')
			p++;
		else
			break;
	}
	return p;
}

static const char *
value_parse(const char *p, const char *end, struct parameter *parameter)
{
	gboolean quoted = p < end && *p == '"';

	if (quoted)
		p++;
	parameter->value = p;
	if (!quoted) {
		while (p < end && !lexeme_is_space(*p) && *p != ';')
			p++;
		parameter->value_len = (gsize)(p - parameter->value);
		return p;
	}
	while (p < end && *p != '"')
		p += *p == '\\' && p + 1 < end ? 2 : 1;
	parameter->value_len = (gsize)(p - parameter->value);
	return p < end ? p + 1 : p;
}

/*
 * The next "name=value" at or behind `*p`; words without a value, the type
 * itself among them, are stepped over.
 */
static gboolean
parameter_next(const char **p, const char *end, struct parameter *parameter)
{
	const char *q = *p;

	for (;;) {
		q = skip_between(q, end);
		if (q == end)
			return FALSE;
		parameter->name = q;
		while (q < end && !lexeme_is_space(*q) && *q != ';' &&
		       *q != '=')
			q++;
		parameter->name_len = (gsize)(q - parameter->name);
		while (q < end && lexeme_is_space(*q))
			q++;
		if (q == end || *q != '=')
			continue;
		q++;
		while (q < end && lexeme_is_space(*q))
			q++;
		*p = value_parse(q, end, parameter);
		return TRUE;
	}
}

static void
append_unescaped(GString *out, const char *value, gsize len)
{
	for (gsize i = 0; i < len && out->len < PARAMETER_LEN_MAX; i++) {
		if (value[i] == '\\' && i + 1 < len)
			i++;
		if (value[i] != '\r' && value[i] != '\n')
			g_string_append_c(out, value[i]);
	}
}

static void
append_percent(GString *out, const char *value, gsize len)
{
	for (gsize i = 0; i < len && out->len < PARAMETER_LEN_MAX; i++) {
		char c = value[i];

		if (c == '%' && i + 2 < len && g_ascii_isxdigit(value[i + 1]) &&
		    g_ascii_isxdigit(value[i + 2])) {
			c = (char)(g_ascii_xdigit_value(value[i + 1]) * 16 +
				   g_ascii_xdigit_value(value[i + 2]));
			i += 2;
		}
		g_string_append_c(out, c);
	}
}

/* "", "*", "*0", "*0*": what follows the name in RFC 2231. */
static gboolean
segment_parse(const char *suffix, gsize len, struct segment *segment)
{
	gsize i = 1;

	if (len == 0 || suffix[0] != '*')
		return FALSE;
	segment->index = 0;
	segment->encoded = len == 1;
	for (; i < len && g_ascii_isdigit(suffix[i]) && i < 6; i++)
		segment->index = segment->index * 10 + (guint)(suffix[i] - '0');
	if (i < len && suffix[i] == '*' && i > 1) {
		segment->encoded = TRUE;
		i++;
	}
	return i == len;
}

static int
segment_order(const void *a, const void *b)
{
	const struct segment *left = a;
	const struct segment *right = b;

	return (left->index > right->index) - (left->index < right->index);
}

/* Cuts "charset'language'" off the first segment; the charset or NULL. */
static const struct charset *
charset_cut(struct segment *first)
{
	const char *value = first->parameter.value;
	const char *end = value + first->parameter.value_len;
	const char *charset = memchr(value, '\'', first->parameter.value_len);
	const char *language;

	if (!first->encoded || !charset)
		return charset_find("utf-8", 5);
	language = memchr(charset + 1, '\'', (gsize)(end - charset - 1));
	if (!language)
		return charset_find("utf-8", 5);
	first->parameter.value = language + 1;
	first->parameter.value_len = (gsize)(end - language - 1);
	return charset_find(value, (gsize)(charset - value));
}

/* In the order of their numbers, up to the first that is missing. */
static GString *
segments_join(struct segment *segments, guint n)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	const struct charset *charset;
	GString *text;

	qsort(segments, n, sizeof(*segments), segment_order);
	if (segments[0].index != 0)
		return NULL;
	charset = charset_cut(&segments[0]);
	for (guint i = 0; i < n && segments[i].index == i; i++) {
		const struct parameter *parameter = &segments[i].parameter;

		if (segments[i].encoded)
			append_percent(bytes, parameter->value,
				       parameter->value_len);
		else
			append_unescaped(bytes, parameter->value,
					 parameter->value_len);
	}
	text = g_string_new(NULL);
	charset_append(text, charset, bytes->str, bytes->len,
		       PARAMETER_LEN_MAX);
	return text;
}

GString *
parameter_get(const struct mail_field *field, const char *name)
{
	struct segment segments[SEGMENTS_MAX];
	struct parameter plain = { NULL, 0, NULL, 0 };
	struct segment next;
	const char *p = field->value;
	const char *end = p + field->value_len;
	gsize len = strlen(name);
	guint n = 0;
	GString *text = NULL;

	while (parameter_next(&p, end, &next.parameter)) {
		if (next.parameter.name_len < len ||
		    g_ascii_strncasecmp(next.parameter.name, name, len) != 0)
			continue;
		if (next.parameter.name_len == len && !plain.value)
			plain = next.parameter;
		else if (n < SEGMENTS_MAX &&
			 segment_parse(next.parameter.name + len,
				       next.parameter.name_len - len, &next))
			segments[n++] = next;
	}
	if (n > 0)
		text = segments_join(segments, n);
	if (!text && plain.value) {
		text = g_string_new(NULL);
		append_unescaped(text, plain.value, plain.value_len);
	}
	return text;
}

char *
parameter_text(const struct mail_field *field, const char *name)
{
	g_autoptr(GString) bytes = parameter_get(field, name);
	g_autoptr(GString) text = NULL;
	guint odd = 0;

	if (!bytes || bytes->len == 0)
		return NULL;
	text = g_string_sized_new(bytes->len + 16);
	charset_append(text, charset_find("", 0), bytes->str, bytes->len,
		       PARAMETER_LEN_MAX);
	return encoded_decode(text->str, text->len, WORDS_MAX, &odd);
}
