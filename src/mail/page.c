#include "mail/page.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "charset_private.h"
#include "html_private.h"
#include "link_private.h"

#define BOM "\xEF\xBB\xBF"

char *
page_utf8(const char *bytes, gsize len, const char *charset, gsize charset_len,
	  gsize max)
{
	const struct charset *known = charset_find(charset, charset_len);
	GString *out = g_string_sized_new(MIN(len, max) + 1);

	(void)charset_append(out, known, bytes, len, max);
	if (g_str_has_prefix(out->str, BOM))
		g_string_erase(out, 0, (gssize)strlen(BOM));
	return g_string_free(out, FALSE);
}

/* A character that the cut went through goes. */
static char *
cut(const char *text, gsize max)
{
	gsize len = strlen(text);

	if (len > max) {
		len = max;
		while (len > 0 && ((guchar)text[len] & 0xc0) == 0x80)
			len--;
	}
	return g_strstrip(g_strndup(text, len));
}

char *
page_text(const char *html, gsize max)
{
	static const struct mail_limits limits = {
		.urls = 1, .tags = 20000, .tag_depth = 256, .text = 1 << 20
	};
	struct link_list *links = link_list_new(limits.urls);
	struct html_text *text = html_render(html, &limits, FALSE, links);
	GString *all = text->text;
	char *page;

	if (text->quoted->len > 0)
		g_string_append_printf(all, "\n%s", text->quoted->str);
	/* Where a quote was taken out there is a mark on its line. */
	for (gsize i = 0; i < all->len; i++)
		if (all->str[i] == QUOTE_MARK)
			all->str[i] = '\n';
	page = cut(all->str, max);
	html_text_free(text);
	g_ptr_array_unref(link_list_steal(links));
	return page;
}

gunichar
page_entity(const char *name)
{
	const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);

	return entity ? (gunichar)entity->value : 0;
}
