#include "feed_private.h"

#define ATTRIBUTES_MAX 128

/* Where a tag is being read; what libxml2 takes for a part of one is that. */
struct tag {
	gboolean open;
	gboolean value; /* a quotation mark begins one */
	char mark;	/* of the value that is open, or 0 */
	guint attributes;
};

static gboolean
is_name_start(char c)
{
	return g_ascii_isalpha(c) || c == '_' || c == ':' || (c & 0x80) != 0;
}

static void
within(struct tag *tag, char c)
{
	if (tag->mark != '\0') {
		if (c == tag->mark)
			tag->mark = '\0';
	} else if (c == '>') {
		tag->open = FALSE;
	} else if (tag->value && (c == '"' || c == '\'')) {
		tag->mark = c;
		tag->attributes++;
	}
	if (!g_ascii_isspace(c))
		tag->value = tag->mark == '\0' && c == '=';
}

gboolean
feed_tags_fit(const char *text, gsize len)
{
	struct tag tag = { .open = FALSE };

	for (gsize i = 0; i < len; i++) {
		/* Not even a value may have one: a new tag, or none. */
		if (text[i] == '<')
			tag = (struct tag){ .open = i + 1 < len &&
						    is_name_start(
							    text[i + 1]) };
		else if (tag.open)
			within(&tag, text[i]);
		if (tag.attributes > ATTRIBUTES_MAX)
			return FALSE;
	}
	return TRUE;
}
