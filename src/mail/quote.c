#include "quote_private.h"

#include <string.h>

#include "html_private.h"
#include "quote_words_private.h"

#define LOOK_MAX	256 /* bytes of a line that are looked at */
#define ATTRIBUTION_MAX 4   /* lines one may be wrapped to */
#define HEAD_LINES	8   /* in which a quoted header shows itself */
#define HEAD_LABELS	3
#define SIGNATURE_LINES 12
#define DASHED_LINES	30 /* under RFC 3676's "-- " */
#define BLOCK_LINE_MAX	70
#define BLOCK_WORDS_MAX 12
#define SENTENCE_WORDS	4
#define LABEL_MAX	24 /* bytes a label and its ":" take */
#define PREFIX_MAX	4
#define CLOSING_MAX	48

enum kind { FRESH, QUOTED, MARK, SIGNATURE };

struct line {
	const char *at;
	guint32 len; /* without spacing behind */
	guint8 kind;
	guint8 colon; /* the line ends in one */
};

struct text {
	struct line *lines;
	guint n;
	guint arrows;	     /* lines that begin with ">" */
	guint rest;	     /* from this line on all is quoted */
	gboolean introduced; /* an attribution was found */
};

static gboolean
is_blank(const struct line *line)
{
	return line->len == 0;
}

static struct line
line_make(const char *at, gsize len)
{
	struct line line = { at, 0, FRESH, 0 };

	while (len > 0 && (guchar)at[len - 1] <= ' ' &&
	       at[len - 1] != QUOTE_MARK)
		len--;
	line.len = (guint32)len;
	line.colon = len > 0 && at[len - 1] == ':';
	if (len == 1 && at[0] == QUOTE_MARK)
		line.kind = MARK;
	return line;
}

/* In lower case, without spacing in front; cut at LOOK_MAX. */
static const char *
line_lower(const struct line *line, char lower[LOOK_MAX])
{
	const char *p = line->at;
	const char *end = p + line->len;
	gsize n = 0;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	for (; p < end && n < LOOK_MAX - 1; p++)
		lower[n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
	lower[n] = '\0';
	return lower;
}

/* ">From " is how mailboxes keep a line that begins with "From ". */
static gboolean
is_arrow(const struct line *line)
{
	const char *p = line->at;
	const char *end = p + line->len;

	while (p < end && *p == ' ')
		p++;
	if (p == end || *p != '>')
		return FALSE;
	return end - p < 6 || memcmp(p, ">From ", 6) != 0;
}

static struct text
text_lines(const char *text, gsize len)
{
	GArray *lines = g_array_sized_new(FALSE, FALSE, sizeof(struct line),
					  (guint)(len / 40 + 4));
	const char *end = text + len;
	guint arrows = 0;

	while (text < end) {
		const char *stop = memchr(text, '\n', (gsize)(end - text));
		const gsize size = (gsize)((stop == NULL ? end : stop) - text);
		struct line line = line_make(text, size);
		if (is_arrow(&line)) {
			line.kind = QUOTED;
			arrows++;
		}
		g_array_append_val(lines, line);
		text += size + 1;
	}
	struct text result = { .n = lines->len,
			       .arrows = arrows,
			       .rest = lines->len };
	result.lines = (struct line *)(void *)g_array_free(lines, FALSE);
	return result;
}

static void
lines_set(struct text *text, guint from, guint to, enum kind kind)
{
	for (guint i = from; i < to; i++)
		if (text->lines[i].kind != MARK)
			text->lines[i].kind = (guint8)kind;
}

static void
rest_set(struct text *text, guint from)
{
	lines_set(text, from, text->n, QUOTED);
	text->rest = from;
}

/* The next line from `i` on that is not blank, or n. */
static guint
line_next(const struct text *text, guint i)
{
	while (i < text->n && is_blank(&text->lines[i]))
		i++;
	return i;
}

static gboolean
is_quote(const struct text *text, guint i)
{
	return i < text->n && text->lines[i].kind != FRESH;
}

/*
 * Where the attribution begins that ends with line `i`: the line with "On",
 * at most ATTRIBUTION_MAX - 1 lines up, or `i` itself. `dated` tells whether
 * it has such a beginning and a number.
 */
static guint
attribution_begin(const struct text *text, guint i, gboolean *dated)
{
	char lower[LOOK_MAX];
	gboolean number = FALSE;

	*dated = FALSE;
	for (guint up = 0; up < ATTRIBUTION_MAX && up <= i; up++) {
		const struct line *line = &text->lines[i - up];
		if (line->kind != FRESH || is_blank(line))
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

/* Marks the lines that begin as line `i` does, when there is another. */
static gboolean
prefixed_take(struct text *text, guint i)
{
	const char *prefix = text->lines[i].at;
	const gsize len = prefix_len(&text->lines[i]);
	guint found = 0;

	for (guint pass = 0; len > 0 && pass < 2; pass++)
		for (guint k = i; k < text->n; k++) {
			struct line *line = &text->lines[k];
			if (line->len < len ||
			    memcmp(line->at, prefix, len) != 0)
				continue;
			found += pass == 0 ? 1 : 0;
			if (found > 1 && pass > 0)
				line->kind = QUOTED;
		}
	return found > 1;
}

static gboolean
is_first(const struct text *text, guint i)
{
	return line_next(text, 0) == i;
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
	char lower[LOOK_MAX];
	gboolean dated = FALSE;

	if (!text->lines[i].colon ||
	    !quote_ends_attribution(line_lower(&text->lines[i], lower)))
		return FALSE;
	const guint begin = attribution_begin(text, i, &dated);
	const guint next = line_next(text, i + 1);
	if (is_quote(text, next) || (next == text->n && dated) ||
	    (next < text->n && dated && prefixed_take(text, next))) {
		lines_set(text, begin, i + 1, QUOTED);
		text->introduced = TRUE;
		return FALSE;
	}
	if (!dated || is_first(text, begin))
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
	char lower[LOOK_MAX];
	guint labels = 0;
	gboolean subject = FALSE;

	const enum quote_label first =
		quote_label_of(line_lower(&text->lines[i], lower));
	if (first == QUOTE_NO_LABEL ||
	    (first != QUOTE_FROM && (i == 0 || is_blank(&text->lines[i - 1]))))
		return FALSE;
	for (guint end = MIN(text->n, i + HEAD_LINES); i < end; i++) {
		const enum quote_label label =
			quote_label_of(line_lower(&text->lines[i], lower));
		labels += label != QUOTE_NO_LABEL ? 1 : 0;
		subject = subject || label == QUOTE_SUBJECT;
	}
	return subject && labels >= HEAD_LABELS;
}

/* Notes puts name and date above the labels, Outlook a rule. */
static guint
head_begin(const struct text *text, guint i)
{
	char lower[LOOK_MAX];
	const enum quote_label label =
		quote_label_of(line_lower(&text->lines[i], lower));
	const guint up_max = label == QUOTE_FROM ? 0 : 2;
	guint begin = i;

	for (guint up = 0; up < up_max && begin > 0; up++, begin--)
		if (is_blank(&text->lines[begin - 1]) ||
		    text->lines[begin - 1].kind != FRESH)
			break;
	guint above = begin;
	while (above > 0 && is_blank(&text->lines[above - 1]))
		above--;
	if (above > 0 && is_rule(&text->lines[above - 1]))
		return above - 1;
	return begin;
}

/* Most lines cannot be a separator or a head, which their first bytes show. */
static gboolean
may_mark(const struct line *line)
{
	const char *p = line->at;
	const char *end = p + line->len;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return (p < end && strchr("-_=AaBbFfIiWw", *p) != NULL) ||
	       memchr(p, ':', MIN((gsize)(end - p), LABEL_MAX)) != NULL;
}

/* Marks what is quoted among the lines that have no ">". */
static void
quotes_take(struct text *text)
{
	char lower[LOOK_MAX];

	for (guint i = 0; i < text->n; i++) {
		const struct line *line = &text->lines[i];
		if (line->kind != FRESH || is_blank(line))
			continue;
		if (attribution_take(text, i))
			return;
		if (!may_mark(line))
			continue;
		line_lower(line, lower);
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
		if (text->lines[i].kind == QUOTED && is_arrow(&text->lines[i]))
			text->lines[i].kind = FRESH;
}

static guint
words_count(const char *line)
{
	guint words = 0;

	for (; *line != '\0'; line++)
		if (*line != ' ' && (line[1] == ' ' || line[1] == '\0'))
			words++;
	return words;
}

/* Whether a line under a closing is one of name, title, telephone, ... and
 * not of prose, a postscript or a way out. */
static gboolean
is_block_line(const struct line *line)
{
	char lower[LOOK_MAX];

	line_lower(line, lower);
	const gsize len = strlen(lower);
	const guint words = words_count(lower);
	if (len > BLOCK_LINE_MAX || words > BLOCK_WORDS_MAX ||
	    strchr(lower, '?') != NULL || strncmp(lower, "- ", 2) == 0 ||
	    strncmp(lower, "* ", 2) == 0)
		return FALSE;
	if (g_str_has_prefix(lower, "ps") || g_str_has_prefix(lower, "p.s"))
		return FALSE;
	return words < SENTENCE_WORDS || strchr(".!", lower[len - 1]) == NULL;
}

/* The end of the block of names under line `i`, which belongs to it. */
static guint
block_end(const struct text *text, guint i, guint *lines)
{
	guint end = ++i;

	for (*lines = 0; i < text->n && *lines < SIGNATURE_LINES; i++) {
		if (text->lines[i].kind != FRESH)
			break;
		if (is_blank(&text->lines[i]))
			continue;
		if (!is_block_line(&text->lines[i]))
			break;
		++*lines;
		end = i + 1;
	}
	return end;
}

static guint
fresh_lines(const struct text *text, guint from)
{
	guint lines = 0;

	for (guint i = from; i < text->n; i++)
		lines += text->lines[i].kind == FRESH &&
			 !is_blank(&text->lines[i]);
	return lines;
}

static gboolean
is_dashes(const struct line *line)
{
	return line->len == 2 && memcmp(line->at, "--", 2) == 0;
}

/* A closing with names under it, or with nothing: the text ends there. */
static gboolean
closing_take(struct text *text, guint i)
{
	char lower[LOOK_MAX];
	guint lines = 0;

	if (text->lines[i].len > CLOSING_MAX ||
	    !quote_is_closing(line_lower(&text->lines[i], lower)))
		return FALSE;
	const guint end = block_end(text, i, &lines);
	if (lines == 0 && fresh_lines(text, i + 1) > 0)
		return FALSE;
	lines_set(text, i, end, SIGNATURE);
	return TRUE;
}

/* The signature is only what stands under something. */
static void
signature_take(struct text *text)
{
	char lower[LOOK_MAX];
	gboolean closed = FALSE;
	gboolean body = FALSE;

	for (guint i = 0; i < text->n; i++) {
		const struct line *line = &text->lines[i];
		if (line->kind != FRESH || is_blank(line))
			continue;
		if (body && is_dashes(line) &&
		    fresh_lines(text, i + 1) <= DASHED_LINES) {
			lines_set(text, i, text->n, SIGNATURE);
			return;
		}
		if (body && !closed && closing_take(text, i))
			closed = TRUE;
		else if (line->len <= CLOSING_MAX &&
			 quote_is_device(line_lower(line, lower)))
			text->lines[i].kind = SIGNATURE;
		body = TRUE;
	}
}

/* Without the ">" in front. */
static struct line
quote_bare(const struct line *line)
{
	struct line bare = *line;

	while (is_arrow(&bare))
		while (bare.len > 0 && strchr("> ", *bare.at) != NULL) {
			bare.at++;
			bare.len--;
		}
	return bare;
}

static void
line_append(GString *to, const struct line *line)
{
	/* Blank lines stand between others only, one by one. */
	if (is_blank(line) &&
	    (to->len == 0 || g_str_has_suffix(to->str, "\n\n")))
		return;
	g_string_append_len(to, line->at, line->len);
	g_string_append_c(to, '\n');
}

static void
lines_append(const struct text *text, struct quote_split *split)
{
	for (guint i = 0; i < text->n; i++) {
		const struct line *line = &text->lines[i];
		const struct line bare = quote_bare(line);
		switch ((enum kind)line->kind) {
		case QUOTED:
			line_append(split->quoted, &bare);
			break;
		case SIGNATURE:
			line_append(split->signature, line);
			break;
		case FRESH:
			line_append(split->fresh, line);
			break;
		case MARK:
		default:
			break;
		}
	}
}

gsize
quote_split(const char *text, gsize len, gboolean reply,
	    struct quote_split *split)
{
	struct text lines = text_lines(text, len);
	gsize rest = len;

	quotes_take(&lines);
	arrows_undo(&lines, reply);
	signature_take(&lines);
	lines_append(&lines, split);
	if (lines.rest < lines.n)
		rest = (gsize)(lines.lines[lines.rest].at - text);
	g_free(lines.lines);
	return rest;
}
