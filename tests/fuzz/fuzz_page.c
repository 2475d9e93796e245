/*
 * Any bytes as what comes from the web: a URL that may be asked for, text in
 * some charset, a piece of HTML, the title of a page. What comes out is valid
 * UTF-8 within its bound, and a URL leads where it says.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "../../src/market/front_private.h"
#include "market/http.h"

#include "mail/page.h"

#define TEXT_MAX 500

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_text(char *text, gsize max)
{
	g_assert(g_utf8_validate(text, -1, NULL) && strlen(text) <= max);
	g_free(text);
}

static void
check_url(const char *text)
{
	struct http_url url = { NULL, NULL, NULL };
	struct http_url again = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	g_autofree char *joined = NULL;

	if (!http_url_parse(text, &url, &error)) {
		g_assert(error && error->domain == HTTP_ERROR);
		return;
	}
	g_assert(g_str_has_prefix(url.origin, "http://") ||
		 g_str_has_prefix(url.origin, "https://"));
	g_assert(*url.host && url.path[0] == '/');
	g_assert(!strpbrk(url.host, "/@?# \r\n\\"));
	g_assert(!strpbrk(url.path, "# \r\n"));
	joined = g_strconcat(url.origin, url.path, NULL);
	g_assert(http_url_parse(joined, &again, NULL));
	g_assert(strcmp(again.origin, url.origin) == 0);
	g_assert(strcmp(again.path, url.path) == 0);
	http_url_clear(&again);
	http_url_clear(&url);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	const char *end = memchr(data, '\n', size);
	const gsize head = end ? (gsize)(end - bytes) : 0;
	g_autofree char *text = g_strndup(bytes, size);
	g_autofree char *line = g_strndup(bytes, head);
	g_autofree char *html =
		page_utf8(bytes, size, bytes, head, (gsize)1 << 16);

	check_url(line);
	check_url(text);
	must_be_text(page_utf8(bytes, size, bytes, head, TEXT_MAX), TEXT_MAX);
	must_be_text(page_text(html, TEXT_MAX), TEXT_MAX);
	/* A control character of two bytes may become one of three. */
	must_be_text(front_title(html), FRONT_TITLE_MAX);
	(void)page_entity(line);
	return 0;
}
