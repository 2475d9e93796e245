#include "quote_private.h"

#include <string.h>

#include "lines_private.h"
#include "quote_words_private.h"
#include "signature_private.h"

#define ATTRIBUTION_MAX 4 /* lines one may be wrapped to */
#define HEAD_LINES	8 /* in which a quoted header shows itself */
#define HEAD_LABELS	3
#define LABEL_MAX	24 /* bytes a label and its ":" take */
#define PREFIXES_MAX	4
#define PREFIX_MAX	4

static void
rest_set(struct text *text, guint from)
{
	text_set(text, from, text->n, LINE_QUOTED);
	text->rest = from;
}

static gboolean
is_quote(const struct text *text, guint i)
{
	return i < text->n && text->lines[i].kind != LINE_FRESH;
}

/*
 * Where the attribution begins that ends with line `i`: the line with "On",
 * at most ATTRIBUTION_MAX - 1 lines up, or `i` itself. `dated` tells whether
 * it has such a beginning and a number.
 */
static guint
attribution_begin(const struct text *text, guint i, gboolean *dated)
{
	char lower[LINE_LOOK_MAX];
	gboolean number = FALSE;

	*dated = FALSE;
	for (guint up = 0; up < ATTRIBUTION_MAX && up <= i; up++) {
		const struct line *line = &text->lines[i - up];
		if (line->kind != LINE_FRESH || line_is_blank(line))
			break;
		line_lower(line, lower);
		number = number || strpbrk(lower, "0123456789") != NULL;
		if (number && quote_begins_attribution(lower)) {
			*dated = TRUE;
			return i - up;
		}
	}
	return i;
}

/* The signs a line begins with that could be someone's own ">": "|", "--]". */
static gsize
prefix_len(const struct line *line)
{
	gsize n = 0;

	while (n < line->len && n < PREFIX_MAX && line->at[n] > ' ' &&
	       !g_ascii_isalnum(line->at[n]))
		n++;
	/* Lists look like that, too. */
	return n == 1 && strchr("-*+", line->at[0]) != NULL ? 0 : n;
}

static guint
prefixed_set(struct text *text, guint from, const char *prefix, gsize len,
	     enum line_kind kind)
{
	guint found = 0;

	for (guint i = from; i < text->n; i++) {
		struct line *line = &text->lines[i];
		if (line->len < len || memcmp(line->at, prefix, len) != 0)
			continue;
		line->kind = (guint8)kind;
		found++;
	}
	return found;
}

/* Marks the lines that begin as line `i` does, when there is another. */
static gboolean
prefixed_take(struct text *text, guint i)
{
	const char *prefix = text->lines[i].at;
	const gsize len = prefix_len(&text->lines[i]);

	/* Each time all lines are read: not for attribution upon attribution.
	 */
	if (len == 0 || text->prefixes++ >= PREFIXES_MAX)
		return FALSE;
	if (prefixed_set(text, i, prefix, len, LINE_QUOTED) > 1)
		return TRUE;
	(void)prefixed_set(text, i, prefix, len, LINE_FRESH);
	return FALSE;
}

/*
 * An attribution goes with the quote it introduces. Where no quote is marked
 * off behind it, all that follows is one, when the line has a date (without,
 * "as my boss wrote:" would take the rest of the letter with it) and when
 * something stands above it that can be the answer.
 */
static gboolean
attribution_take(struct text *text, guint i)
{
	char lower[LINE_LOOK_MAX];
	gboolean dated = FALSE;

	if (!text->lines[i].colon ||
	    !quote_ends_attribution(line_lower(&text->lines[i], lower)))
		return FALSE;
	const guint begin = attribution_begin(text, i, &dated);
	const guint next = text_next(text, i + 1);
	if (is_quote(text, next) || (next == text->n && dated) ||
	    (next < text->n && dated && prefixed_take(text, next))) {
		text_set(text, begin, i + 1, LINE_QUOTED);
		text->introduced = TRUE;
		return FALSE;
	}
	if (!dated || begin == text->first)
		return FALSE;
	rest_set(text, begin);
	return TRUE;
}

static gboolean
is_rule(const struct line *line)
{
	gsize n = 0;

	while (n < line->len && strchr("-_=*", line->at[n]) != NULL)
		n++;
	return n >= 5 && n == line->len;
}

/*
 * "From: ... Sent: ... To: ... Subject: ...": three labels close together, a
 * subject among them. Notes has no "From:" but name and date right above;
 * receipts ("Your message To: ...") have neither.
 */
static gboolean
is_head(const struct text *text, guint i)
{
	char lower[LINE_LOOK_MAX];
	guint labels = 0;
	gboolean subject = FALSE;

	const enum quote_label first =
		quote_label_of(line_head(&text->lines[i], lower));
	if (first == QUOTE_NO_LABEL ||
	    (first != QUOTE_FROM &&
	     (i == 0 || line_is_blank(&text->lines[i - 1]))))
		return FALSE;
	for (guint end = MIN(text->n, i + HEAD_LINES); i < end; i++) {
		const enum quote_label label =
			quote_label_of(line_head(&text->lines[i], lower));
		labels += label != QUOTE_NO_LABEL ? 1 : 0;
		subject = subject || label == QUOTE_SUBJECT;
	}
	return subject && labels >= HEAD_LABELS;
}

/* Notes puts name and date above the labels, Outlook a rule. */
static guint
head_begin(const struct text *text, guint i)
{
	char lower[LINE_LOOK_MAX];
	const enum quote_label label =
		quote_label_of(line_head(&text->lines[i], lower));
	const guint up_max = label == QUOTE_FROM ? 0 : 2;
	guint begin = i;

	for (guint up = 0; up < up_max && begin > 0; up++, begin--)
		if (line_is_blank(&text->lines[begin - 1]) ||
		    text->lines[begin - 1].kind != LINE_FRESH)
			break;
	guint above = begin;
	while (above > 0 && line_is_blank(&text->lines[above - 1]))
		above--;
	if (above > 0 && is_rule(&text->lines[above - 1]))
		return above - 1;
	return begin;
}

/* Most lines cannot be a separator or a head, which their ends show. */
static gboolean
may_mark(const struct line *line)
{
	const char *p = line->at;
	const char *end = p + line->len;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return line->colon || (p < end && strchr("-_=", *p) != NULL) ||
	       memchr(p, ':', MIN((gsize)(end - p), LABEL_MAX)) != NULL;
}

/* Marks what is quoted among the lines that have no ">". */
static void
quotes_take(struct text *text)
{
	char lower[LINE_LOOK_MAX];

	for (guint i = 0; i < text->n; i++) {
		const struct line *line = &text->lines[i];
		if (line->kind != LINE_FRESH || line_is_blank(line))
			continue;
		if (attribution_take(text, i))
			return;
		if (!may_mark(line))
			continue;
		line_head(line, lower);
		if (quote_is_separator(lower)) {
			rest_set(text, i);
			return;
		}
		if (strchr(lower, ':') != NULL && is_head(text, i)) {
			rest_set(text, head_begin(text, i));
			return;
		}
	}
}

/* In a message that answers nothing, ">" that nothing introduces are bullets;
 * so is a single one anywhere. */
static void
arrows_undo(struct text *text, gboolean reply)
{
	if (text->introduced || text->arrows == 0 ||
	    (reply && text->arrows > 1))
		return;
	for (guint i = 0; i < text->rest; i++)
		if (text->lines[i].kind == LINE_QUOTED &&
		    line_is_arrow(&text->lines[i]))
			text->lines[i].kind = LINE_FRESH;
}

/* Without the ">" in front. */
static struct line
quote_bare(const struct line *line)
{
	struct line bare = *line;

	while (line_is_arrow(&bare))
		while (bare.len > 0 && strchr("> ", *bare.at) != NULL) {
			bare.at++;
			bare.len--;
		}
	return bare;
}

static gboolean
ends_blank(const GString *text)
{
	return text->len == 0 ||
	       (text->len > 1 && text->str[text->len - 1] == '\n' &&
		text->str[text->len - 2] == '\n');
}

/* Blank lines stand between others only, one by one. */
static void
line_append(GString *to, const struct line *line)
{
	if (line_is_blank(line) && ends_blank(to))
		return;
	g_string_append_len(to, line->at, line->len);
	g_string_append_c(to, '\n');
}

/* A blank line stays with the one above it. */
static void
lines_append(const struct text *text, struct quote_split *split)
{
	GString *to = split->fresh;

	for (guint i = 0; i < text->n; i++) {
		const struct line *line = &text->lines[i];
		struct line bare = *line;
		if (!line_is_blank(line) && line->kind == LINE_QUOTED) {
			to = split->quoted;
			bare = quote_bare(line);
		} else if (!line_is_blank(line)) {
			to = line->kind == LINE_SIGNATURE ? split->signature
							  : split->fresh;
		}
		if (line->kind != LINE_MARK)
			line_append(to, &bare);
	}
}

gsize
quote_split(const char *text, gsize len, gboolean reply,
	    struct quote_split *split)
{
	struct text lines;
	gsize rest = len;

	text_read(&lines, text, len);
	quotes_take(&lines);
	arrows_undo(&lines, reply);
	signature_take(&lines);
	lines_append(&lines, split);
	if (lines.rest < lines.n)
		rest = (gsize)(lines.lines[lines.rest].at - text);
	text_clear(&lines);
	return rest;
}
