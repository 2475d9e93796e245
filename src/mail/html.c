#include "html_private.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "flow_private.h"
#include "level_private.h"
#include "sieve_private.h"

#define LINK_TEXT_MAX 1000
#define TEXT_PIECE    1000 /* bytes of text looked at together */
#define ALT_PADDING   80   /* bytes from which an unseen alt is a text */
#define TRACKER_SIDE  3	   /* pixels */

/* The link that is open; anchors do not nest. */
struct anchor {
	char *url; /* NULL: none is open */
	char *alt; /* of an image in it */
	struct flow text;
	guint depth;
};

struct html {
	const struct mail_limits *limits;
	htmlParserCtxtPtr parser;
	struct level *levels; /* [0] is the page */
	guint depth;
	guint tags;
	struct flow fresh;
	struct flow quoted;
	struct flow signature;
	struct flow hidden;
	struct sheet *sheet;
	struct sieved source;
	struct anchor anchor;
	struct link_list *links;
	gboolean reply;
	gboolean rest_quoted;
	guint images;
	guint trackers;
	guint odd;
};

static struct flow *
flow_of(struct html *html, const struct level *level)
{
	if ((level->flags & LEVEL_SHOWN) == 0)
		return &html->hidden;
	if (html->rest_quoted || (level->flags & LEVEL_QUOTED) != 0)
		return &html->quoted;
	if ((level->flags & LEVEL_SIGNATURE) != 0)
		return &html->signature;
	return &html->fresh;
}

static void
stop(struct html *html)
{
	html->odd |= MAIL_CAP_HTML;
	xmlStopParser(html->parser);
}

static void
quote_mark(struct html *html)
{
	static const char mark = QUOTE_MARK;

	flow_break(&html->fresh, 1);
	/* flow_text() drops controls. */
	flow_text(&html->fresh, "-", 1, FALSE);
	html->fresh.text->str[html->fresh.text->len - 1] = mark;
	flow_break(&html->fresh, 1);
}

static gboolean
has_word(const char *text, const char *const *words, guint n)
{
	if (text == NULL)
		return FALSE;
	for (guint i = 0; i < n; i++)
		if (strstr(text, words[i]) != NULL)
			return TRUE;
	return FALSE;
}

/* Whether what stands before introduces something: "she wrote:". */
static gboolean
ends_in_colon(const struct html *html)
{
	const GString *text = html->fresh.text;

	return text->len > 0 && text->str[text->len - 1] == ':';
}

/* A blockquote may only indent: a quote says so. */
static gboolean
is_quote(const struct html *html, const struct level *level,
	 const struct attributes *a, const struct css *css)
{
	static const char *const classes[] = {
		"gmail_attr",	  "moz-cite-prefix",	  "moz-forward",
		"yahoo_quoted",	  "protonmail_quote",	  "zmail_extra",
		"tutanota_quote", "ntes-mailmaster-quote"
	};
	static const char *const ids[] = { "OLK_SRC_BODY_SECTION",
					   "mail-editor-reference-message",
					   "isReplyContent", "yahoo_quoted" };
	static const char *const marks[] = { "quote", "cite" };

	if (level->tag->kind != TAG_BLOCKQUOTE)
		return has_word(a->class, classes, G_N_ELEMENTS(classes)) ||
		       has_word(a->id, ids, G_N_ELEMENTS(ids));
	return a->cite != NULL || has_word(a->type, marks, 2) ||
	       has_word(a->class, marks, 2) ||
	       (html->reply &&
		((css->bits & CSS_BORDER_LEFT) != 0 || ends_in_colon(html)));
}

/* What mail programs put in front of the message they answer. */
static gboolean
is_reply_head(const struct attributes *a)
{
	static const char *const ids[] = { "divRplyFwdMsg", "appendonsend",
					   "zwchr" };
	static const char *const classes[] = { "OutlookMessageHeader" };

	return has_word(a->id, ids, G_N_ELEMENTS(ids)) ||
	       has_word(a->class, classes, G_N_ELEMENTS(classes));
}

static gboolean
is_signature(const struct attributes *a)
{
	static const char *const classes[] = { "gmail_signature",
					       "moz-signature",
					       "protonmail_signature" };
	static const char *const ids[] = { "AppleMailSignature",
					   "ms-outlook-mobile-signature",
					   "Signature" };

	return has_word(a->class, classes, G_N_ELEMENTS(classes)) ||
	       has_word(a->id, ids, G_N_ELEMENTS(ids));
}

static void
quotes_enter(struct html *html, struct level *level, const struct attributes *a,
	     const struct css *css)
{
	if (level->tag->kind != TAG_BLOCKQUOTE && a->id == NULL &&
	    a->class == NULL)
		return;
	if (!html->rest_quoted && is_reply_head(a)) {
		quote_mark(html);
		html->rest_quoted = TRUE;
	}
	if (html->rest_quoted || (level->flags & LEVEL_QUOTED) != 0)
		return;
	if (is_quote(html, level, a, css)) {
		quote_mark(html);
		level->flags |= LEVEL_QUOTED;
	} else if (is_signature(a)) {
		level->flags |= LEVEL_SIGNATURE;
	}
}

static void
anchor_begin(struct html *html, const struct level *level,
	     const struct attributes *a)
{
	struct anchor *anchor = &html->anchor;

	if (a->href == NULL || anchor->url != NULL ||
	    (level->flags & (LEVEL_GONE | LEVEL_UNSEEN)) != 0)
		return;
	anchor->url = g_strdup(a->href);
	anchor->depth = html->depth;
	g_string_truncate(anchor->text.text, 0);
}

static void
text_add(struct html *html, const struct level *level, const char *text,
	 gsize len)
{
	struct flow *flow = flow_of(html, level);
	struct flow *link = &html->anchor.text;

	if (flow == &html->hidden && flow->text->len >= SIEVE_HIDDEN_MAX)
		return;
	flow_text(flow, text, len, (level->flags & LEVEL_PRE) != 0);
	if (html->anchor.url != NULL && flow != &html->hidden &&
	    link->text->len < LINK_TEXT_MAX)
		flow_text(link, text, len, FALSE);
}

static void
anchor_end(struct html *html, const struct level *level)
{
	struct anchor *anchor = &html->anchor;
	const struct link_place place = {
		html->fresh.text->len,
		html->rest_quoted || (level->flags & LEVEL_QUOTED) != 0
	};

	if (anchor->text.text->len == 0 && anchor->alt != NULL)
		text_add(html, level, anchor->alt, strlen(anchor->alt));
	if (!link_add(html->links, anchor->url, anchor->text.text->str, place))
		html->odd |= MAIL_CAP_URLS;
	g_clear_pointer(&anchor->url, g_free);
	g_clear_pointer(&anchor->alt, g_free);
	anchor->text.space = FALSE;
	anchor->text.lines = 0;
}

static gboolean
is_remote(const char *src)
{
	return src != NULL && (g_ascii_strncasecmp(src, "http:", 5) == 0 ||
			       g_ascii_strncasecmp(src, "https:", 6) == 0 ||
			       strncmp(src, "//", 2) == 0);
}

/* What the style says outweighs the attribute; -1 when neither does. */
static gint
side_of(gint styled, const char *attribute)
{
	if (styled >= 0 || attribute == NULL)
		return styled;
	return css_pixels(attribute);
}

static void
image_add(struct html *html, const struct level *level,
	  const struct attributes *a, const struct css *css)
{
	const gint width = side_of(css->width, a->width);
	const gint height = side_of(css->height, a->height);
	const gboolean unseen =
		(level->flags & (LEVEL_GONE | LEVEL_UNSEEN)) != 0;

	if (is_remote(a->src)) {
		html->images++;
		if (unseen || (width >= 0 && width <= TRACKER_SIDE &&
			       height >= 0 && height <= TRACKER_SIDE))
			html->trackers++;
	}
	if (a->alt == NULL || a->alt[0] == '\0' || unseen)
		return;
	if (html->anchor.url != NULL && html->anchor.alt == NULL) {
		html->anchor.alt = g_strdup(a->alt);
	} else if (strlen(a->alt) >= ALT_PADDING &&
		   html->hidden.text->len < SIEVE_HIDDEN_MAX) {
		flow_space(&html->hidden);
		flow_text(&html->hidden, a->alt, strlen(a->alt), FALSE);
	}
}

/* The text of a link is one line. */
static void
lines_break(struct html *html, struct flow *flow, guint lines)
{
	flow_break(flow, lines);
	if (lines > 0)
		flow_space(&html->anchor.text);
}

static void
element_begin(struct html *html, const struct level *level,
	      const struct attributes *a, const struct css *css)
{
	struct flow *flow = flow_of(html, level);

	lines_break(html, flow, level->tag->lines);
	switch ((enum tag_kind)level->tag->kind) {
	case TAG_LINK:
		anchor_begin(html, level, a);
		break;
	case TAG_BREAK:
		flow_line(flow);
		flow_space(&html->anchor.text);
		break;
	case TAG_CELL:
		flow_space(flow);
		flow_space(&html->anchor.text);
		break;
	case TAG_IMAGE:
		image_add(html, level, a, css);
		break;
	case TAG_ITEM:
		flow_text(flow, "- ", 2, FALSE);
		break;
	case TAG_TITLE:
		flow_space(flow);
		break;
	case TAG_PLAIN:
	case TAG_BLOCKQUOTE:
	case TAG_FONT:
	case TAG_PRE:
	case TAG_CODE:
	default:
		break;
	}
}

static void
on_start(void *data, const xmlChar *name, const xmlChar **list)
{
	struct html *html = data;
	struct attributes attributes = { NULL };
	struct css css = CSS_INIT;

	if (++html->tags > html->limits->tags ||
	    html->depth >= html->limits->tag_depth) {
		stop(html);
		return;
	}
	struct level *level = &html->levels[++html->depth];
	level->name = (const char *)name;
	level->tag = tag_find(level->name);
	attributes_read(&attributes, (const guchar *const *)list,
			&html->source);
	level_enter(level, level - 1, &attributes, html->sheet, &css);
	quotes_enter(html, level, &attributes, &css);
	element_begin(html, level, &attributes, &css);
}

static void
level_leave(struct html *html)
{
	const struct level *level = &html->levels[html->depth];

	if (html->anchor.url != NULL && html->anchor.depth == html->depth)
		anchor_end(html, level);
	lines_break(html, flow_of(html, level), level->tag->lines);
	html->depth--;
}

/* libxml2 leaves elements open without a word in broken places: all that is
 * inside the one that ends, ends. */
static void
on_end(void *data, const xmlChar *name)
{
	struct html *html = data;
	guint depth = html->depth;

	while (depth > 0 &&
	       strcmp(html->levels[depth].name, (const char *)name) != 0)
		depth--;
	if (depth == 0)
		return;
	while (html->depth >= depth)
		level_leave(html);
}

/* In pieces, since the caps are looked at between them. */
static void
stashed_add(struct html *html, const struct level *level, const char *text)
{
	gsize left = strlen(text);

	while (left > 0) {
		gsize len = MIN(left, TEXT_PIECE);

		while (len < left && ((guchar)text[len] & 0xc0) == 0x80)
			len++;
		text_add(html, level, text, len);
		text += len;
		left -= len;
	}
}

/* A mark is the last of its text, with the number behind it; an entity that
 * means the same character comes alone. */
static void
on_text(void *data, const xmlChar *text, int size)
{
	struct html *html = data;
	const struct level *level = &html->levels[html->depth];
	gsize len = (gsize)size;
	const xmlChar *mark =
		memchr(text, SIEVE_MARK[0], MIN(len, SIEVE_LEAD_MAX + 1));
	const char *stash = NULL;

	if ((level->flags & LEVEL_CODE) != 0)
		return;
	if (mark != NULL && mark + 1 < text + len) {
		g_autofree char *number = g_strndup(
			(const char *)mark + 1, len - (gsize)(mark - text) - 1);

		stash = sieved_find(&html->source, number);
		len = (gsize)(mark - text);
	}
	if (len > 0)
		text_add(html, level, (const char *)text, len);
	if (stash != NULL)
		stashed_add(html, level, stash);
}

static void
parse(struct html *html)
{
	htmlSAXHandler sax = { .startElement = on_start,
			       .endElement = on_end,
			       .characters = on_text,
			       .ignorableWhitespace = on_text,
			       .cdataBlock = on_text };

	html->parser = htmlCreatePushParserCtxt(&sax, html, NULL, 0, NULL,
						XML_CHAR_ENCODING_UTF8);
	g_assert(html->parser != NULL);
	(void)htmlCtxtUseOptions(
		html->parser, HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
				      HTML_PARSE_NONET | HTML_PARSE_NOIMPLIED |
				      HTML_PARSE_IGNORE_ENC);
	/* All at once: libxml2 then never looks ahead for what is missing. */
	(void)htmlParseChunk(html->parser, html->source.html,
			     (int)html->source.len, 1);
	htmlFreeParserCtxt(html->parser);
}

/* When nothing is left beside a quote that nothing introduces, it was only a
 * way of indenting. */
static void
quote_undo(struct html *html)
{
	const char *p = html->fresh.text->str;

	while (g_ascii_isspace(*p) || *p == QUOTE_MARK)
		p++;
	if (*p != '\0' || html->quoted.text->len == 0 || html->rest_quoted)
		return;
	GString *fresh = html->fresh.text;
	g_string_truncate(fresh, 0);
	html->fresh.text = html->quoted.text;
	html->quoted.text = fresh;
}

static struct html_text *
result_new(struct html *html)
{
	struct html_text *text = g_new0(struct html_text, 1);

	quote_undo(html);
	text->text = html->fresh.text;
	text->quoted = html->quoted.text;
	text->signature = html->signature.text;
	text->hidden = html->hidden.text;
	text->images = html->images;
	text->trackers = html->trackers;
	text->odd = html->odd;
	return text;
}

struct html_text *
html_render(const char *html, const struct mail_limits *limits, gboolean reply,
	    struct link_list *links)
{
	struct html page = { .limits = limits, .links = links, .reply = reply };

	flow_init(&page.fresh);
	flow_init(&page.quoted);
	flow_init(&page.signature);
	flow_init(&page.hidden);
	flow_init(&page.anchor.text);
	page.sheet = sheet_new();
	page.levels = g_new(struct level, limits->tag_depth + 1);
	level_root(&page.levels[0]);
	html_sieve(&page.source, html, strlen(html), page.sheet, &page.hidden);
	parse(&page);
	while (page.depth > 0)
		level_leave(&page);
	flow_clear(&page.anchor.text);
	g_free(page.levels);
	sheet_free(page.sheet);
	sieved_clear(&page.source);
	return result_new(&page);
}

void
html_text_free(struct html_text *text)
{
	if (text == NULL)
		return;
	g_string_free(text->text, TRUE);
	g_string_free(text->quoted, TRUE);
	g_string_free(text->signature, TRUE);
	g_string_free(text->hidden, TRUE);
	g_free(text);
}
