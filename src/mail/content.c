#include "mail/content.h"

#include <string.h>

#include "base/chunk.h"
#include "bidi_private.h"
#include "html_private.h"
#include "link_private.h"
#include "quote_private.h"

/* HTML that shows fewer characters than this may be a shell around an image,
 * and the plain text what the sender meant. */
#define SHOWN_MIN 20

#define NO_PART G_MAXUINT

/* What is known of a part while the visible ones are chosen. */
struct leaf {
	guint alternative; /* the nearest multipart/alternative around it */
	gboolean enclosed; /* inside a message/rfc822 */
	gboolean chosen;
	struct html_text *html; /* NULL unless it is HTML and rendered */
	guint first_link;	/* of those in it, and the one behind */
	guint end_link;
	/* For a multipart/alternative: what is in it. */
	guint last_text;
	guint shown;
	gboolean has_html;
};

struct reader {
	const struct mail *mail;
	const struct mail_limits *limits;
	const struct mail_part *parts;
	guint n;
	struct leaf *leaves; /* one for each part */
	struct content *content;
	struct link_list *links;
	GString *hidden;
	struct quote_split text;
	gsize text_left;
	gboolean reply; /* or a forward: it says that there is another */
};

static gboolean
is_type(const struct mail_part *part, const char *type)
{
	return strcmp(part->type, type) == 0;
}

/* What is above a part follows from what is above its container. */
static void
leaf_place(struct reader *reader, guint i)
{
	const guint up = reader->parts[i].parent;
	const struct mail_part *container = &reader->parts[up];
	struct leaf *leaf = &reader->leaves[i];

	leaf->alternative = NO_PART;
	leaf->last_text = NO_PART;
	if (i == 0)
		return;
	leaf->alternative = reader->leaves[up].alternative;
	leaf->enclosed = reader->leaves[up].enclosed;
	if (container->kind == MAIL_PART_MESSAGE) {
		leaf->enclosed = TRUE;
		leaf->alternative = NO_PART;
	} else if (is_type(container, "multipart/alternative")) {
		leaf->alternative = up;
	}
}

static guint
visible_count(const GString *text)
{
	guint visible = 0;

	for (gsize i = 0; i < text->len && visible < SHOWN_MIN; i++)
		visible += (guchar)text->str[i] > ' ' ? 1 : 0;
	return visible;
}

static char *
part_text(struct reader *reader, guint i)
{
	char *text = mail_part_text(reader->mail, i, reader->text_left,
				    &reader->content->odd);

	reader->text_left -= MIN(reader->text_left, strlen(text));
	return text;
}

static void
leaf_render(struct reader *reader, guint i)
{
	struct leaf *leaf = &reader->leaves[i];
	g_autofree char *html = part_text(reader, i);

	leaf->first_link = link_count(reader->links);
	leaf->html =
		html_render(html, reader->limits, reader->reply, reader->links);
	leaf->chosen = TRUE;
	leaf->end_link = link_count(reader->links);
	if (leaf->enclosed)
		link_quote(reader->links, leaf->first_link, leaf->end_link, 0);
	reader->content->odd |= leaf->html->odd;
	if (leaf->alternative == NO_PART)
		return;
	struct leaf *alternative = &reader->leaves[leaf->alternative];
	alternative->has_html = TRUE;
	alternative->shown += visible_count(leaf->html->text) +
			      visible_count(leaf->html->quoted) +
			      visible_count(leaf->html->signature);
}

/* Whether the plain text of an alternative says more than its HTML. */
static gboolean
text_outweighs(const struct reader *reader, guint alternative)
{
	const struct leaf *leaf = &reader->leaves[alternative];
	guint odd = 0;

	if (leaf->shown >= SHOWN_MIN || leaf->last_text == NO_PART)
		return FALSE;
	g_autofree char *text = mail_part_text(reader->mail, leaf->last_text,
					       reader->text_left, &odd);
	const GString visible = { text, strlen(text), 0 };
	return visible_count(&visible) > leaf->shown;
}

static void
alternative_choose(struct reader *reader, guint alternative)
{
	struct leaf *leaf = &reader->leaves[alternative];
	const gboolean plain =
		!leaf->has_html || text_outweighs(reader, alternative);

	if (leaf->last_text != NO_PART)
		reader->leaves[leaf->last_text].chosen = plain;
	if (!plain || !leaf->has_html)
		return;
	for (guint i = alternative; i < reader->n; i++)
		if (reader->leaves[i].alternative == alternative &&
		    reader->parts[i].kind == MAIL_PART_HTML)
			reader->leaves[i].chosen = FALSE;
}

static void
leaves_choose(struct reader *reader)
{
	for (guint i = 0; i < reader->n; i++) {
		struct leaf *leaf = &reader->leaves[i];
		leaf_place(reader, i);
		if (reader->parts[i].kind == MAIL_PART_HTML)
			leaf_render(reader, i);
		else if (reader->parts[i].kind == MAIL_PART_TEXT &&
			 leaf->alternative == NO_PART)
			leaf->chosen = TRUE;
		else if (reader->parts[i].kind == MAIL_PART_TEXT)
			reader->leaves[leaf->alternative].last_text = i;
	}
	for (guint i = 0; i < reader->n; i++)
		if (is_type(&reader->parts[i], "multipart/alternative"))
			alternative_choose(reader, i);
}

/* Whether any is a control that is neither a line end nor a tab. */
static inline gboolean
has_control(chunk b)
{
	return chunk_any((chunk_among(b, 0, ' ') & ~chunk_are(b, '\n') &
			  ~chunk_are(b, '\t')) |
			 chunk_are(b, 0x7f));
}

/* Controls other than line ends and tabs are no text. */
static void
controls_blank(char *text, gsize len)
{
	const char *end = text + len;

	for (char *p = text; p < end; p++) {
		while (end - p >= CHUNK && !has_control(chunk_get(p)))
			p += CHUNK;
		if (p < end &&
		    (((guchar)*p < ' ' && *p != '\n' && *p != '\t') ||
		     *p == 0x7f))
			*p = ' ';
	}
}

static void
links_find(struct reader *reader, const char *text, gboolean quoted)
{
	if (!link_find(reader->links, text, quoted))
		reader->content->odd |= MAIL_CAP_URLS;
}

static void
text_read(struct reader *reader, guint i)
{
	struct quote_split *text = &reader->text;
	const gsize fresh = text->fresh->len;
	const gsize quoted = text->quoted->len;
	const gsize signature = text->signature->len;

	g_autofree char *plain = part_text(reader, i);
	controls_blank(plain, strlen(plain));
	if (reader->leaves[i].enclosed) {
		g_string_append(text->quoted, plain);
		g_string_append_c(text->quoted, '\n');
	} else {
		(void)quote_split(plain, strlen(plain), reader->reply, text);
	}
	links_find(reader, text->fresh->str + fresh, FALSE);
	links_find(reader, text->signature->str + signature, FALSE);
	links_find(reader, text->quoted->str + quoted, TRUE);
}

static void
marks_blank(GString *text)
{
	for (gsize i = 0; i < text->len; i++)
		if (text->str[i] == QUOTE_MARK)
			text->str[i] = ' ';
}

static void
lines_append(GString *to, const GString *text)
{
	if (text->len == 0)
		return;
	g_string_append_len(to, text->str, (gssize)text->len);
	g_string_append_c(to, '\n');
}

static void
html_read(struct reader *reader, guint i)
{
	const struct leaf *leaf = &reader->leaves[i];
	struct html_text *html = leaf->html;
	struct quote_split *text = &reader->text;
	const gsize fresh = text->fresh->len;

	if (leaf->enclosed) {
		marks_blank(html->text);
		lines_append(text->quoted, html->text);
		lines_append(text->quoted, html->signature);
	} else {
		const gsize rest = quote_split(html->text->str, html->text->len,
					       reader->reply, text);
		if (rest < html->text->len)
			link_quote(reader->links, leaf->first_link,
				   leaf->end_link, rest);
		lines_append(text->signature, html->signature);
		links_find(reader, text->fresh->str + fresh, FALSE);
		reader->content->html = TRUE;
	}
	lines_append(text->quoted, html->quoted);
}

/* What HTML hides or fetches counts even where its text is not chosen. */
static void
evidence_read(struct reader *reader, const struct html_text *html)
{
	lines_append(reader->hidden, html->hidden);
	reader->content->images += html->images;
	reader->content->trackers += html->trackers;
}

/* Pictures inside the text and what only programs read are no attachments. */
static gboolean
is_attachment(const struct reader *reader, const struct mail_part *part)
{
	static const char *const machine[] = {
		"application/pgp-signature",	   "application/pgp-encrypted",
		"application/pkcs7-signature",	   "application/ics",
		"application/x-pkcs7-signature",   "text/calendar",
		"message/delivery-status",	   "text/rfc822-headers",
		"message/disposition-notification"
	};

	if (part->kind != MAIL_PART_ATTACHMENT &&
	    part->kind != MAIL_PART_MESSAGE)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(machine); i++)
		if (is_type(part, machine[i]))
			return FALSE;
	return !g_str_has_prefix(part->type, "image/") ||
	       !is_type(&reader->parts[part->parent], "multipart/related");
}

static void
parts_read(struct reader *reader)
{
	for (guint i = 0; i < reader->n; i++) {
		const struct mail_part *part = &reader->parts[i];
		const struct leaf *leaf = &reader->leaves[i];
		if (leaf->html != NULL)
			evidence_read(reader, leaf->html);
		if (leaf->html != NULL && leaf->chosen)
			html_read(reader, i);
		else if (part->kind == MAIL_PART_TEXT && leaf->chosen)
			text_read(reader, i);
		if (leaf->enclosed)
			continue;
		if (is_type(part, "text/calendar") ||
		    is_type(part, "application/ics"))
			reader->content->calendar = TRUE;
		if (is_attachment(reader, part))
			reader->content->attachments++;
	}
}

static char *
string_finish(GString *text)
{
	return g_strchomp(g_string_free(text, FALSE));
}

static char *
subject_read(const struct mail *mail)
{
	char *subject = mail_field_decoded(mail, "Subject", 0);

	if (subject == NULL)
		return g_strdup("");
	return g_strstrip(g_strdelimit(subject, "\r\n\t", ' '));
}

/* "Re:", "AW:", "Fwd :", "Re[2]:". */
static gboolean
has_reply_mark(const char *subject)
{
	static const char *const marks[] = {
		"re",  "fw",  "fwd", "aw",  "wg",  "antw", "sv", "vs", "tr",
		"rif", "odp", "enc", "res", "ref", "rv",   "pd", "i",  "r",
	};
	const gsize len = strspn(subject, "abcdefghijklmnopqrstuvwxyz"
					  "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	if (subject[len + strspn(subject + len, " []()0123456789")] != ':')
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
		if (strlen(marks[i]) == len &&
		    g_ascii_strncasecmp(subject, marks[i], len) == 0)
			return TRUE;
	return FALSE;
}

/* Whether the message says that it answers or forwards another. */
static gboolean
is_reply(const struct mail *mail, const char *subject)
{
	/* A list's "[name] " may stand in front. */
	const char *list = subject[0] == '[' ? strstr(subject, "] ") : NULL;

	return has_reply_mark(list == NULL ? subject : list + 2) ||
	       mail_field_count(mail, "In-Reply-To") > 0 ||
	       mail_field_count(mail, "References") > 0;
}

/* Zero-width and direction characters where Latin text has no use for them. */
static gboolean
has_invisible(const char *text)
{
	const char *p = text;

	while ((p = strchr(p, 0xe2)) != NULL) {
		const gunichar c = g_utf8_get_char(p);
		const gboolean joiner = c >= 0x200c && c <= 0x200f;
		if (c == 0x200b || (c >= 0x202a && c <= 0x202e) ||
		    (c >= 0x2060 && c <= 0x2069) ||
		    (joiner && p > text && g_ascii_isalnum(p[-1])))
			return TRUE;
		p++;
	}
	return FALSE;
}

static void
reader_finish(struct reader *reader)
{
	struct content *content = reader->content;

	content->fresh = string_finish(reader->text.fresh);
	content->quoted = string_finish(reader->text.quoted);
	content->signature = string_finish(reader->text.signature);
	content->hidden = string_finish(reader->hidden);
	content->links = link_list_steal(reader->links);
	for (guint i = 0; i < reader->n; i++)
		html_text_free(reader->leaves[i].html);
	g_free(reader->leaves);
	bidi_show(content->subject);
	bidi_show(content->fresh);
	bidi_show(content->quoted);
	bidi_show(content->signature);
	if (has_invisible(content->fresh) || has_invisible(content->subject))
		content->odd |= MAIL_ODD_INVISIBLE;
	content->odd |= mail_odd(reader->mail);
}

struct content *
content_new(const struct mail *mail)
{
	struct reader reader = { .mail = mail, .limits = mail_limits(mail) };

	reader.content = g_new0(struct content, 1);
	reader.content->subject = subject_read(mail);
	reader.reply = is_reply(mail, reader.content->subject);
	reader.parts = mail_parts(mail, &reader.n);
	reader.leaves = g_new0(struct leaf, reader.n);
	reader.links = link_list_new(reader.limits->urls);
	reader.text_left = reader.limits->text;
	reader.hidden = g_string_new(NULL);
	reader.text.fresh = g_string_new(NULL);
	reader.text.quoted = g_string_new(NULL);
	reader.text.signature = g_string_new(NULL);
	leaves_choose(&reader);
	parts_read(&reader);
	reader_finish(&reader);
	return reader.content;
}

void
content_free(struct content *content)
{
	if (content == NULL)
		return;
	g_free(content->subject);
	g_free(content->fresh);
	g_free(content->quoted);
	g_free(content->signature);
	g_free(content->hidden);
	g_ptr_array_unref(content->links);
	g_free(content);
}
