#include "signature_private.h"

#include <string.h>

#include "quote_words_private.h"

#define SIGNATURE_LINES 12
#define DASHED_LINES	30 /* under RFC 3676's "-- " */
#define BLOCK_LINE_MAX	70
#define BLOCK_WORDS_MAX 12
#define SENTENCE_WORDS	4
#define CLOSING_MAX	48

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
	char lower[LINE_LOOK_MAX];

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
		if (text->lines[i].kind != LINE_FRESH)
			break;
		if (line_is_blank(&text->lines[i]))
			continue;
		if (!is_block_line(&text->lines[i]))
			break;
		++*lines;
		end = i + 1;
	}
	return end;
}

static guint
fresh_count(const struct text *text)
{
	guint lines = 0;

	for (guint i = 0; i < text->n; i++)
		lines += text->lines[i].kind == LINE_FRESH &&
			 !line_is_blank(&text->lines[i]);
	return lines;
}

/* The end of the fresh lines and blank ones that line `i` is among. */
static guint
fresh_end(const struct text *text, guint i)
{
	while (i < text->n && text->lines[i].kind == LINE_FRESH)
		i++;
	return i;
}

static gboolean
is_dashes(const struct line *line)
{
	return line->len == 2 && memcmp(line->at, "--", 2) == 0;
}

/* A closing with names under it, or with nothing: the text ends there. `left`
 * is how many fresh lines follow. */
static gboolean
closing_take(struct text *text, guint i, guint left)
{
	guint lines = 0;
	const guint end = block_end(text, i, &lines);
	if (lines == 0 && left > 0)
		return FALSE;
	text_set(text, i, end, LINE_SIGNATURE);
	return TRUE;
}

/* A line that no dashes stand over. TRUE: what closes the text begins there. */
static gboolean
fresh_take(struct text *text, guint i, guint left, gboolean may_close)
{
	const struct line *line = &text->lines[i];
	char lower[LINE_LOOK_MAX];

	/* Most lines are too long for either. */
	if (line->len > CLOSING_MAX)
		return FALSE;
	line_head(line, lower);
	if (may_close && quote_is_closing(lower) && closing_take(text, i, left))
		return TRUE;
	if (quote_is_device(lower))
		text->lines[i].kind = LINE_SIGNATURE;
	return FALSE;
}

/* The signature is only what stands under something. */
void
signature_take(struct text *text)
{
	guint left = fresh_count(text);
	gboolean closed = FALSE;
	gboolean body = FALSE;

	for (guint i = 0; i < text->n; i++) {
		const struct line *line = &text->lines[i];
		if (line->kind == LINE_SIGNATURE && !line_is_blank(line))
			left--;
		if (line->kind != LINE_FRESH || line_is_blank(line))
			continue;
		left--;
		if (body && is_dashes(line) && left <= DASHED_LINES) {
			text_set(text, i, fresh_end(text, i), LINE_SIGNATURE);
			return;
		}
		if (fresh_take(text, i, left, body && !closed))
			closed = TRUE;
		body = TRUE;
	}
}
