/*
 * HTML to visible text, then quotes, signature and links: what comes out is
 * valid UTF-8 and within the caps, and no line is lost or made up.
 */
#include "../../src/mail/html_private.h"
#include "../../src/mail/quote_private.h"

#include <stdint.h>
#include <string.h>

#include "mail/content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_text(const GString *text)
{
	g_assert(strlen(text->str) == text->len);
	g_assert(g_utf8_validate(text->str, -1, NULL));
}

static void
split(const GString *text, gboolean reply)
{
	struct quote_split parts = { g_string_new(NULL), g_string_new(NULL),
				     g_string_new(NULL) };

	g_assert(quote_split(text->str, text->len, reply, &parts) <= text->len);
	g_assert(parts.fresh->len + parts.quoted->len + parts.signature->len <=
		 text->len + 1);
	must_be_text(parts.fresh);
	must_be_text(parts.quoted);
	must_be_text(parts.signature);
	g_string_free(parts.fresh, TRUE);
	g_string_free(parts.quoted, TRUE);
	g_string_free(parts.signature, TRUE);
}

static void
check_links(struct link_list *list, guint max)
{
	g_autoptr(GPtrArray) links = link_list_steal(list);

	g_assert(links->len <= max);
	for (guint i = 0; i < links->len; i++) {
		const struct content_link *link = links->pdata[i];
		g_assert(g_utf8_validate(link->url, -1, NULL));
		g_assert(g_utf8_validate(link->host, -1, NULL));
		g_assert(g_utf8_validate(link->text, -1, NULL));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Small caps, so that small inputs reach them. */
	static const struct mail_limits limits = {
		.urls = 8, .tags = 200, .tag_depth = 20, .text = 1 << 16
	};
	const gboolean reply = size > 0 && (data[size - 1] & 1) != 0;
	struct link_list *links = link_list_new(limits.urls);
	g_autofree char *html =
		g_utf8_make_valid((const char *)data, (gssize)size);
	struct html_text *text = html_render(html, &limits, reply, links);
	const GString source = { html, strlen(html), 0 };

	must_be_text(text->text);
	must_be_text(text->quoted);
	must_be_text(text->signature);
	must_be_text(text->hidden);
	g_assert(text->trackers <= text->images);
	(void)link_find(links, text->text->str, FALSE);
	(void)link_find(links, html, TRUE);
	split(text->text, reply);
	split(&source, reply);
	check_links(links, limits.urls);
	html_text_free(text);
	return 0;
}
