#include "flow_private.h"

#include <string.h>

#include "base/chunk.h"

#define LINES_MAX 2

/* Windows-1252 from 0x80 on; 0: nothing is there. */
static const gunichar windows[32] = {
	0x20ac, 0,	0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,	0x017d, 0,
	0,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,	0x017e, 0x0178,
};

void
flow_init(struct flow *flow)
{
	flow->text = g_string_new(NULL);
	flow->lines = 0;
	flow->space = FALSE;
}

void
flow_clear(struct flow *flow)
{
	g_string_free(flow->text, TRUE);
	flow->text = NULL;
}

void
flow_break(struct flow *flow, guint lines)
{
	flow->lines = MAX(flow->lines, lines);
}

void
flow_line(struct flow *flow)
{
	flow->lines = MIN(flow->lines + 1, LINES_MAX);
}

void
flow_space(struct flow *flow)
{
	flow->space = TRUE;
}

/* `text` has room for LINES_MAX bytes more. */
static inline void
gap_write(struct flow *flow)
{
	GString *text = flow->text;

	if (!flow->space && flow->lines == 0)
		return;
	if (text->len == 0) {
		flow->lines = 0;
	} else if (flow->lines > 0) {
		for (; flow->lines > 0; flow->lines--)
			text->str[text->len++] = '\n';
	} else if (flow->space) {
		text->str[text->len++] = ' ';
	}
	flow->space = FALSE;
}

static void
spacing_write(struct flow *flow, char c, gboolean pre)
{
	if (pre && c == '\n')
		flow_line(flow);
	else
		flow->space = TRUE;
}

/* U+0080 to U+00BF at `p`. */
static void
latin_write(struct flow *flow, const guchar *p)
{
	GString *text = flow->text;
	gunichar c = p[1];

	if (c == 0xa0 || c == 0x85) {
		flow->space = TRUE;
		return;
	}
	if (c < 0xa0)
		c = windows[c - 0x80];
	if (c == 0)
		return;
	gap_write(flow);
	text->len += (gsize)g_unichar_to_utf8(c, text->str + text->len);
}

/* Neither spacing nor a control, nor the first byte of U+0080 to U+00BF. */
static inline gboolean
is_plain(guchar c)
{
	return c > ' ' && c != 0x7f && c != 0xc2;
}

static inline gboolean
is_spacing(guchar c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* `out` has room for twice of what is left. */
static const guchar *
plain_write(GString *out, const guchar *p, const guchar *end)
{
	char *to = out->str + out->len;
	guint n = CHUNK;

	while (end - p >= CHUNK && n == CHUNK) {
		const chunk b = chunk_get(p);

		n = chunk_first(chunk_among(b, 0, ' ' + 1) |
				chunk_are(b, 0x7f) | chunk_are(b, 0xc2));
		chunk_put(to, b);
		to += n;
		p += n;
	}
	while (p < end && is_plain(*p))
		*to++ = (char)*p++;
	out->len = (gsize)(to - out->str);
	return p;
}

void
flow_text(struct flow *flow, const char *text, gsize len, gboolean pre)
{
	const guchar *p = (const guchar *)text;
	const guchar *end = p + len;
	GString *out = flow->text;
	const gsize before = out->len;

	/* Two bytes of Latin can become three, a space two line ends. */
	g_string_set_size(out, before + len * 2 + LINES_MAX);
	out->len = before;
	while (p < end) {
		const guchar c = *p;
		if (is_plain(c)) {
			gap_write(flow);
			p = plain_write(out, p, end);
		} else if (c == 0xc2 && p + 1 < end) {
			latin_write(flow, p);
			p += 2;
		} else {
			if (is_spacing(c))
				spacing_write(flow, (char)c, pre);
			p++;
		}
	}
	out->str[out->len] = '\0';
}
