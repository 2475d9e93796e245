#include "base/fill.h"

#include <string.h>

#include "base/escape.h"

/* A line that is being filled with words. */
struct filling {
	GString *out;
	guint indent;
	guint column;
};

static guint
columns_of(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

static guint
width_of(const char *text, gsize len)
{
	guint width = 0;

	for (const char *p = text; p < text + len; p = g_utf8_next_char(p))
		width += columns_of(g_utf8_get_char(p));
	return width;
}

static void
next_line(struct filling *filling)
{
	g_string_append_printf(filling->out, "\n%*s", (int)filling->indent, "");
	filling->column = filling->indent;
}

/* A word longer than a line is broken where the line ends. */
static void
put_word(struct filling *filling, const char *word, gsize len)
{
	for (const char *p = word; p < word + len;) {
		const char *next = g_utf8_next_char(p);
		const guint columns = columns_of(g_utf8_get_char(p));

		if (filling->column + columns > FILL_WIDTH)
			next_line(filling);
		g_string_append_len(filling->out, p, next - p);
		filling->column += columns;
		p = next;
	}
}

void
fill_text(GString *out, guint column, guint indent, const char *text)
{
	g_autofree char *safe = escape_text(text, FALSE);
	struct filling filling = { out, indent, column };
	gboolean first = TRUE;

	for (const char *p = safe; *(p += strspn(p, " "));) {
		const gsize len = strcspn(p, " ");

		if (!first &&
		    filling.column + 1 + width_of(p, len) > FILL_WIDTH)
			next_line(&filling);
		else if (!first) {
			g_string_append_c(out, ' ');
			filling.column++;
		}
		put_word(&filling, p, len);
		first = FALSE;
		p += len;
	}
	g_string_append_c(out, '\n');
}
