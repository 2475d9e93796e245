#include "sieve_state_private.h"

#include <string.h>

#include "level_private.h"

/* Of an element's name; libxml2 reads 100. */
#define NAME_LEN_MAX 64

struct token {
	const char *at;
	gsize len;
};

/* Elements whose content is no markup: it ends at their own end tag only. */
static const char *const raw[] = { "iframe", "noembed", "noframes",
				   "script", "style",	"xmp" };

static gboolean
token_is(struct token token, const char *name)
{
	return strlen(name) == token.len &&
	       g_ascii_strncasecmp(token.at, name, token.len) == 0;
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

	while (s->at < s->end && !sieve_is_space(*s->at) && *s->at != '/' &&
	       *s->at != '>')
		s->at++;
	name.len = (gsize)(s->at - name.at);
	return name;
}

static const char *
raw_find(struct token name)
{
	for (guint i = 0; i < G_N_ELEMENTS(raw); i++)
		if (token_is(name, raw[i]))
			return raw[i];
	return NULL;
}

static gboolean
is_name(char c)
{
	return g_ascii_isalnum(c) || c == ':' || c == '-' || c == '_' ||
	       c == '.';
}

/* As far as libxml2 takes it for a name. What it leaves of one it would read as
 * attributes from the hundredth character on. */
static gsize
name_len(struct token name)
{
	gsize len = 0;

	while (len < MIN(name.len, NAME_LEN_MAX) && is_name(name.at[len]))
		len++;
	return len;
}

/* libxml2 ends a name where browsers do not, and would take the content of
 * "<script&>" for a script, "</body&>" for the end of the page. */
static void
name_append(struct sieve *s, struct token name)
{
	struct token read = { name.at, 0 };

	while (read.len < name.len && g_ascii_isalnum(name.at[read.len]))
		read.len++;
	if (read.len < name.len &&
	    (raw_find(read) != NULL || token_is(read, "html") ||
	     token_is(read, "body")))
		sieve_append(s, "x", 1);
	sieve_append(s, name.at, name_len(name));
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
	sieve_append(s, "</", 2);
	name_append(s, name);
	sieve_append(s, ">", 1);
	sieve_run_begin(s, FALSE);
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
	while (s->at < s->end && !sieve_is_space(*s->at) && *s->at != '>')
		s->at++;
}

static void
spaces_skip(struct sieve *s)
{
	while (s->at < s->end && sieve_is_space(*s->at))
		s->at++;
}

/* The name of an attribute; a "=" in front belongs to it. */
static struct token
attribute_name_take(struct sieve *s)
{
	struct token name = { s->at, 0 };

	do
		s->at++;
	while (s->at < s->end && !sieve_is_space(*s->at) && *s->at != '/' &&
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

/* In the stash stands the number of what it says. */
static void
style_stash(struct sieve *s, struct token value)
{
	struct css css = CSS_INIT;
	char number[16] = "";

	css_declare(&css, value.at, value.len);
	if (css.said == 0)
		return;
	g_snprintf(number, sizeof number, "%u", s->styles->len);
	*s->stash_at++ = 1 + ATTRIBUTE_STYLE;
	sieve_stash(s, number, strlen(number));
	g_array_append_val(s->styles, css);
}

static void
attribute_stash(struct sieve *s, guint attribute, struct token value)
{
	if (attribute == ATTRIBUTE_STYLE) {
		style_stash(s, value);
		return;
	}
	*s->stash_at++ = (char)(1 + attribute);
	sieve_stash(s, value.at, value.len);
}

/* Taken when it is the first of its kind. One with entities in it is left to
 * libxml2. */
static void
attribute_take(struct sieve *s, guint *seen)
{
	const struct token name = attribute_name_take(s);
	const struct token value = attribute_value_take(s);
	const struct token bare = unquoted(value);
	const guint attribute = attribute_find(name.at, name.len);

	if (attribute == ATTRIBUTES || (*seen >> attribute & 1) != 0)
		return;
	*seen |= 1U << attribute;
	if (memchr(bare.at, '&', bare.len) == NULL) {
		attribute_stash(s, attribute, bare);
		return;
	}
	sieve_append(s, " ", 1);
	sieve_append(s, attribute_name(attribute),
		     strlen(attribute_name(attribute)));
	sieve_append(s, "=", 1);
	sieve_value(s, bare.at, bare.len);
}

/* Whether the attributes from `p` on name no media that this is not. */
static gboolean
media_holds(const struct sieve *s, const char *p)
{
	struct sieve look = { .at = p, .end = s->at };

	while (look.at < look.end && *look.at != '>') {
		if (sieve_is_space(*look.at) || *look.at == '/') {
			look.at++;
			continue;
		}
		const struct token name = attribute_name_take(&look);
		const struct token media =
			unquoted(attribute_value_take(&look));

		if (token_is(name, "media"))
			return sheet_media_holds(media.at, media.len);
	}
	return TRUE;
}

/* Takes content up to the element's own end tag, which goes with it; what is
 * `used` of style blocks is read. */
static void
raw_take(struct sieve *s, const char *name, gboolean used)
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
	if (used && strcmp(name, "style") == 0)
		sheet_read(s->sheet, start, (gsize)(end - start));
	s->at = end;
	skip_to_gt(s);
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

/* What it is to a style sheet. */
static void
page_stash(struct sieve *s, struct token name)
{
	*s->stash_at++ = (char)(1 + (token_is(name, "html") ? ATTRIBUTE_HTML
							    : ATTRIBUTE_BODY));
	*s->stash_at++ = '\0';
}

/* From `place` on they are in the stash. */
static void
attributes_take(struct sieve *s, const char *place)
{
	guint seen = 0;

	while (s->at < s->end && *s->at != '>') {
		if (sieve_is_space(*s->at) || *s->at == '/')
			s->at++;
		else
			attribute_take(s, &seen);
	}
	if (s->stash_at == place)
		return;
	*s->stash_at++ = '\0';
	sieve_append(s, " " SIEVE_ATTRIBUTE "=", sizeof SIEVE_ATTRIBUTE + 1);
	sieve_place(s, place);
}

static void
start_tag_take(struct sieve *s)
{
	char *const out = s->out;
	char *const stash_at = s->stash_at;

	s->at++;
	struct token name = name_take(s);
	const char *raw_name = raw_find(name);
	const char *page = page_name(s, name);
	sieve_append(s, "<", 1);
	if (page != NULL && page[0] != '\0')
		sieve_append(s, page, strlen(page));
	else
		name_append(s, name);
	if (page != NULL && page[0] != '\0')
		page_stash(s, name);
	const char *attributes = s->at;
	attributes_take(s, stash_at);
	/* A tag that never ends is not shown, and nothing follows it. */
	if (s->at == s->end || raw_name != NULL || page == NULL) {
		s->out = out;
		s->stash_at = stash_at;
	} else {
		sieve_append(s, ">", 1);
		sieve_run_begin(s, FALSE);
	}
	s->at += s->at < s->end ? 1 : 0;
	if (raw_name != NULL)
		raw_take(s, raw_name, media_holds(s, attributes));
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
		sieve_append(s, "&lt;", 4);
		sieve_run_begin(s, TRUE);
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
	/* A text, an attribute and a tag have a byte each for the NUL. Behind
	 * all of it stands one more: no list of attributes goes on past it. */
	char *stash = g_malloc(len + 2);
	struct sieve s = { .at = html,
			   .end = html + len,
			   .out = out,
			   .stash = stash,
			   .stash_at = stash,
			   .sheet = sheet,
			   .hidden = hidden,
			   .styles = g_array_new(FALSE, FALSE,
						 sizeof(struct css)) };

	sieve_append(&s, page, sizeof page - 1);
	sieve_run_begin(&s, FALSE);
	while (s.at < s.end) {
		const char *lt = memchr(s.at, '<', (gsize)(s.end - s.at));
		sieve_text(&s, lt == NULL ? s.end : lt);
		if (lt != NULL)
			markup_take(&s);
	}
	*s.out = '\0';
	*s.stash_at = '\0';
	sieved->html = out;
	sieved->len = (gsize)(s.out - out);
	sieved->stash = stash;
	sieved->stash_len = (gsize)(s.stash_at - stash);
	sieved->styles = s.styles;
}

const char *
sieved_find(const struct sieved *sieved, const char *number)
{
	const guint64 place = g_ascii_strtoull(number, NULL, 16);

	return place < sieved->stash_len ? sieved->stash + place : NULL;
}

void
sieved_clear(struct sieved *sieved)
{
	g_free(sieved->html);
	g_free(sieved->stash);
	g_array_unref(sieved->styles);
}
