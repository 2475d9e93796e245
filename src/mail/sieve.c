#include "sieve_private.h"

#include <string.h>

#include "entity_private.h"

struct sieve {
	const char *at;
	const char *end;
	char *out;
	struct sheet *sheet;
	struct flow *hidden;
	GArray *styles;
	guint pre;     /* open <pre> elements: spacing stays */
	gboolean html; /* <html> was there, <body> was */
	gboolean body;
};

struct token {
	const char *at;
	gsize len;
};

#define STYLE 0

/* Attributes that levels, links and images are made from. */
static const char *const kept[] = {
	[STYLE] = "style",
	"alt",
	"background",
	"bgcolor",
	"cite",
	"class",
	"color",
	"height",
	"hidden",
	"href",
	"id",
	"size",
	"src",
	"text",
	"type",
	"width",
};

/* Elements whose content is no markup: it ends at their own end tag only. */
static const char *const raw[] = { "iframe", "noembed", "noframes",
				   "script", "style",	"xmp" };

static inline gboolean
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static gboolean
token_is(struct token token, const char *name)
{
	return strlen(name) == token.len &&
	       g_ascii_strncasecmp(token.at, name, token.len) == 0;
}

static void
append(struct sieve *s, const char *text, gsize len)
{
	memcpy(s->out, text, len);
	s->out += len;
}

/* At "&", which is written when it begins nothing that is ours to know. */
static void
entity_take(struct sieve *s, const char *end, gboolean in_text)
{
	gsize len = 0;

	s->at++;
	const char *meaning =
		entity_find(s->at, (gsize)(end - s->at), in_text, &len);

	if (meaning == NULL) {
		append(s, "&", 1);
		return;
	}
	append(s, meaning, strlen(meaning));
	s->at += len;
}

static inline gboolean
is_visible(guchar c)
{
	return c > ' ' && c != 0x7f;
}

/* Spacing and controls become spaces, runs of them one. */
static void
text_copy(struct sieve *s, const char *end)
{
	const char *p = s->at;
	char *out = s->out;

	while (p < end) {
		const guchar c = (guchar)*p++;
		if (c == '&') {
			s->at = p - 1;
			s->out = out;
			entity_take(s, end, TRUE);
			p = s->at;
			out = s->out;
		} else if (is_visible(c) || (s->pre > 0 && is_space((char)c))) {
			*out++ = (char)c;
		} else {
			*out++ = ' ';
			while (s->pre == 0 && p < end && (guchar)*p <= ' ')
				p++;
		}
	}
	s->at = p;
	s->out = out;
}

static void
value_copy(struct sieve *s, const char *value, gsize len)
{
	const char *end = value + len;
	const char *resume = s->at;

	for (s->at = value; s->at < end;) {
		const char *amp = memchr(s->at, '&', (gsize)(end - s->at));
		const char *stop = amp == NULL ? end : amp;
		append(s, s->at, (gsize)(stop - s->at));
		s->at = stop;
		if (amp != NULL)
			entity_take(s, end, FALSE);
	}
	s->at = resume;
}

static const char *
find(const struct sieve *s, const char *from, const char *text)
{
	const gsize len = strlen(text);

	if (from > s->end || (gsize)(s->end - from) < len)
		return NULL;
	return memmem(from, (gsize)(s->end - from), text, len);
}

static void
skip_to_gt(struct sieve *s)
{
	const char *gt = find(s, s->at, ">");

	s->at = gt == NULL ? s->end : gt + 1;
}

/* The words of a comment that are not themselves markup. */
static void
comment_read(struct sieve *s, const char *p, const char *end)
{
	struct flow *hidden = s->hidden;

	if (end - p >= 3 && memcmp(p, "[if", 3) == 0)
		return;
	while (p < end && hidden->text->len < SIEVE_HIDDEN_MAX) {
		const char *lt = memchr(p, '<', (gsize)(end - p));
		lt = lt == NULL ? end : lt;
		flow_space(hidden);
		flow_text(hidden, p, (gsize)(lt - p), FALSE);
		const char *gt = memchr(lt, '>', (gsize)(end - lt));
		p = gt == NULL ? end : gt + 1;
	}
}

/* At "<!--". */
static void
comment_take(struct sieve *s)
{
	const char *start = s->at + 4;

	/* "<!-->" and "<!--->" are comments already. */
	const char *end = find(s, s->at + 2, "-->");
	if (end == NULL) {
		comment_read(s, start, s->end);
		s->at = s->end;
		return;
	}
	if (end > start)
		comment_read(s, start, end);
	s->at = end + 3;
}

static struct token
name_take(struct sieve *s)
{
	struct token name = { s->at, 0 };

	while (s->at < s->end && !is_space(*s->at) && *s->at != '/' &&
	       *s->at != '>')
		s->at++;
	name.len = (gsize)(s->at - name.at);
	return name;
}

/* When all elements are closed libxml2 takes the rest for no part of the page,
 * while browsers show it: the page never ends. */
static void
end_tag_take(struct sieve *s)
{
	s->at += 2;
	struct token name = name_take(s);
	skip_to_gt(s);
	if (s->pre > 0 && token_is(name, "pre"))
		s->pre--;
	if (token_is(name, "html") || token_is(name, "body"))
		return;
	append(s, "</", 2);
	append(s, name.at, name.len);
	append(s, ">", 1);
}

static void
value_skip(struct sieve *s)
{
	if (s->at < s->end && (*s->at == '"' || *s->at == '\'')) {
		const char *end =
			memchr(s->at + 1, *s->at, (gsize)(s->end - s->at - 1));
		s->at = end == NULL ? s->end : end + 1;
		return;
	}
	while (s->at < s->end && !is_space(*s->at) && *s->at != '>')
		s->at++;
}

static void
spaces_skip(struct sieve *s)
{
	while (s->at < s->end && is_space(*s->at))
		s->at++;
}

static guint
kept_find(struct token name)
{
	const char first = g_ascii_tolower(name.at[0]);

	for (guint i = 0; i < G_N_ELEMENTS(kept); i++)
		if (kept[i][0] == first && token_is(name, kept[i]))
			return i;
	return G_N_ELEMENTS(kept);
}

/* The name of an attribute; a "=" in front belongs to it. */
static struct token
attribute_name_take(struct sieve *s)
{
	struct token name = { s->at, 0 };

	do
		s->at++;
	while (s->at < s->end && !is_space(*s->at) && *s->at != '/' &&
	       *s->at != '>' && *s->at != '=');
	name.len = (gsize)(s->at - name.at);
	return name;
}

/* The value behind a name, with its quotes; empty when there is none. */
static struct token
attribute_value_take(struct sieve *s)
{
	struct token value = { s->at, 0 };

	spaces_skip(s);
	if (s->at == s->end || *s->at != '=')
		return value;
	s->at++;
	spaces_skip(s);
	value.at = s->at;
	value_skip(s);
	value.len = (gsize)(s->at - value.at);
	return value;
}

static struct token
unquoted(struct token value)
{
	if (value.len >= 2 && (value.at[0] == '"' || value.at[0] == '\'')) {
		value.at++;
		value.len -= 2;
	}
	return value;
}

/* A style with entities in it is left to libxml2. */
static gboolean
style_take(struct sieve *s, struct token value)
{
	struct css css = CSS_INIT;
	char number[24];

	value = unquoted(value);
	if (memchr(value.at, '&', value.len) != NULL)
		return FALSE;
	css_declare(&css, value.at, value.len);
	if (css.said == 0)
		return TRUE;
	append(s, number,
	       (gsize)g_snprintf(number, sizeof number, " %s=%u", SIEVE_STYLE,
				 s->styles->len));
	g_array_append_val(s->styles, css);
	return TRUE;
}

/* Written when it is the first of its kind. */
static void
attribute_take(struct sieve *s, guint *seen)
{
	const struct token name = attribute_name_take(s);
	const struct token value = attribute_value_take(s);
	const guint attribute = kept_find(name);

	if (attribute == G_N_ELEMENTS(kept) || (*seen >> attribute & 1) != 0)
		return;
	*seen |= 1U << attribute;
	if (attribute == STYLE && style_take(s, value))
		return;
	append(s, " ", 1);
	append(s, kept[attribute], strlen(kept[attribute]));
	if (value.len > 0) {
		append(s, "=", 1);
		value_copy(s, value.at, value.len);
	}
}

/* Takes content up to the element's own end tag, which goes with it. */
static void
raw_take(struct sieve *s, const char *name)
{
	const char *start = s->at;
	const gsize len = strlen(name);
	const char *end = start;

	while ((end = find(s, end, "</")) != NULL) {
		if ((gsize)(s->end - end) > len + 2 &&
		    g_ascii_strncasecmp(end + 2, name, len) == 0 &&
		    !g_ascii_isalnum(end[len + 2]))
			break;
		end += 2;
	}
	end = end == NULL ? s->end : end;
	if (strcmp(name, "style") == 0)
		sheet_read(s->sheet, start, (gsize)(end - start));
	s->at = end;
	skip_to_gt(s);
}

static const char *
raw_find(struct token name)
{
	for (guint i = 0; i < G_N_ELEMENTS(raw); i++)
		if (token_is(name, raw[i]))
			return raw[i];
	return NULL;
}

/*
 * The name to write: the page and its body are open already (see html_sieve()),
 * so that the first of each in the source, which may have colours, becomes a
 * division, and others nothing: NULL.
 */
static const char *
page_name(struct sieve *s, struct token name)
{
	gboolean *seen = token_is(name, "html")	  ? &s->html
			 : token_is(name, "body") ? &s->body
						  : NULL;

	if (seen == NULL)
		return "";
	if (*seen)
		return NULL;
	*seen = TRUE;
	return "div";
}

static void
attributes_take(struct sieve *s)
{
	guint seen = 0;

	while (s->at < s->end && *s->at != '>') {
		if (is_space(*s->at) || *s->at == '/')
			s->at++;
		else
			attribute_take(s, &seen);
	}
}

static void
start_tag_take(struct sieve *s)
{
	char *const out = s->out;

	s->at++;
	struct token name = name_take(s);
	const char *raw_name = raw_find(name);
	const char *page = page_name(s, name);
	append(s, "<", 1);
	if (page != NULL && page[0] != '\0')
		append(s, page, strlen(page));
	else
		append(s, name.at, name.len);
	attributes_take(s);
	/* A tag that never ends is not shown, and nothing follows it. */
	if (s->at == s->end || raw_name != NULL || page == NULL)
		s->out = out;
	else
		append(s, ">", 1);
	s->at += s->at < s->end ? 1 : 0;
	if (raw_name != NULL)
		raw_take(s, raw_name);
	else if (token_is(name, "pre"))
		s->pre++;
}

/* At "<". */
static void
markup_take(struct sieve *s)
{
	const char next = (char)(s->at + 1 < s->end ? s->at[1] : 0);

	if (g_ascii_isalpha(next)) {
		start_tag_take(s);
	} else if (next == '/' && s->at + 2 < s->end &&
		   g_ascii_isalpha(s->at[2])) {
		end_tag_take(s);
	} else if (s->end - s->at >= 4 && memcmp(s->at, "<!--", 4) == 0) {
		comment_take(s);
	} else if (next == '!' || next == '?' || next == '/') {
		skip_to_gt(s);
	} else {
		append(s, "&lt;", 4);
		s->at++;
	}
}

void
html_sieve(struct sieved *sieved, const char *html, gsize len,
	   struct sheet *sheet, struct flow *hidden)
{
	static const char page[] = "<html><body>";
	/* Nothing grows more than "<" does, into "&lt;". */
	char *out = g_malloc(sizeof page + len * 4);
	struct sieve s = { .at = html,
			   .end = html + len,
			   .out = out,
			   .sheet = sheet,
			   .hidden = hidden,
			   .styles = g_array_new(FALSE, FALSE,
						 sizeof(struct css)) };

	append(&s, page, sizeof page - 1);
	while (s.at < s.end) {
		const char *lt = memchr(s.at, '<', (gsize)(s.end - s.at));
		text_copy(&s, lt == NULL ? s.end : lt);
		if (lt != NULL)
			markup_take(&s);
	}
	*s.out = '\0';
	sieved->html = out;
	sieved->len = (gsize)(s.out - out);
	sieved->styles = s.styles;
}

void
sieved_clear(struct sieved *sieved)
{
	g_free(sieved->html);
	g_array_unref(sieved->styles);
}
