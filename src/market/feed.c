#include "market/feed.h"

#include <string.h>

#include "date_private.h"
#include "feed_private.h"
#include "mail/page.h"

#define DECLARATION_MAX 256

GQuark
feed_error_quark(void)
{
	return g_quark_from_static_string("feed-error");
}

static void
item_free(gpointer data)
{
	struct feed_item *item = data;

	g_free(item->guid);
	g_free(item->title);
	g_free(item->link);
	g_free(item->summary);
	g_free(item);
}

void
feed_free(struct feed *feed)
{
	if (!feed)
		return;
	g_free(feed->title);
	g_free(feed->fault);
	g_ptr_array_unref(feed->items);
	g_free(feed);
}

static char *
plain(const char *text, gboolean html, gsize max)
{
	gsize len;

	if (!text)
		return g_strdup("");
	if (html)
		return page_text(text, max);
	while (g_ascii_isspace(*text))
		text++;
	len = strlen(text);
	if (len > max) {
		len = max;
		while (len > 0 && ((guchar)text[len] & 0xc0) == 0x80)
			len--;
	}
	return g_strchomp(g_strndup(text, len));
}

/* White space of any kind and length becomes one space. */
static char *
one_line(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		if ((guchar)*p > ' ')
			*to++ = *p;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
	return g_strchomp(text);
}

/* Absolute, http or https, without what would steer a page; else "". */
static char *
absolute(const char *base, const char *link)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(link ? link : ""));
	g_autofree char *full = NULL;

	if (*trimmed && strlen(trimmed) <= FEED_LINK_MAX)
		full = g_uri_resolve_relative(
			base, trimmed,
			G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);
	if (!full || strlen(full) > FEED_LINK_MAX ||
	    (g_ascii_strncasecmp(full, "http://", 7) != 0 &&
	     g_ascii_strncasecmp(full, "https://", 8) != 0))
		return g_strdup("");
	for (const char *p = full; *p; p++)
		if (*p <= ' ' || *p == '\x7f')
			return g_strdup("");
	return g_steal_pointer(&full);
}

static char *
hash_of(const char *text)
{
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static char *
guid_of(const struct feed_raw *raw, const struct feed_item *item)
{
	g_autofree char *guid =
		g_strstrip(g_strdup(raw->guid ? raw->guid : ""));
	g_autofree char *texts = NULL;

	if (*guid && strlen(guid) <= FEED_GUID_MAX)
		return g_steal_pointer(&guid);
	if (*guid)
		return hash_of(guid);
	if (*item->link)
		return strlen(item->link) <= FEED_GUID_MAX
			       ? g_strdup(item->link)
			       : hash_of(item->link);
	texts = g_strconcat(item->title, "\n", item->summary, NULL);
	return hash_of(texts);
}

/* Feeds give a teaser and the text, or the text twice. */
static char *
summary_of(const struct feed_raw *raw)
{
	g_autofree char *summary =
		plain(raw->summary, raw->summary_html, FEED_SUMMARY_MAX);
	g_autofree char *content =
		plain(raw->content, raw->content_html, FEED_SUMMARY_MAX);

	return strlen(content) > strlen(summary) ? g_steal_pointer(&content)
						 : g_steal_pointer(&summary);
}

gboolean
feed_builder_add(struct feed_builder *builder, const struct feed_raw *raw)
{
	struct feed *feed = builder->feed;
	struct feed_item *item;

	if (feed->items->len >= FEED_READ_MAX) {
		feed->dropped++;
		return FALSE;
	}
	item = g_new0(struct feed_item, 1);
	item->title =
		one_line(plain(raw->title, raw->title_html, FEED_TITLE_MAX));
	item->link = absolute(builder->url, raw->link);
	item->summary = summary_of(raw);
	item->time_us = raw->date ? date_parse(raw->date) : 0;
	item->guid = guid_of(raw, item);
	/* Not by adding alone: that would put this item's key in the place of
	 * the first one's. */
	if ((!*item->title && !*item->summary) ||
	    g_hash_table_contains(builder->guids, item->guid)) {
		feed->dropped++;
		item_free(item);
		return TRUE;
	}
	g_hash_table_add(builder->guids, item->guid);
	g_ptr_array_add(feed->items, item);
	return TRUE;
}

static gint
compare_items(gconstpointer a, gconstpointer b)
{
	const struct feed_item *x = *(const struct feed_item *const *)a;
	const struct feed_item *y = *(const struct feed_item *const *)b;

	return x->time_us < y->time_us ? 1 : x->time_us > y->time_us ? -1 : 0;
}

static void
keep_newest(struct feed *feed)
{
	/* It is stable: undated items stay in the feed's order. */
	g_ptr_array_sort(feed->items, compare_items);
	if (feed->items->len <= FEED_ITEMS_MAX)
		return;
	feed->dropped += feed->items->len - FEED_ITEMS_MAX;
	g_ptr_array_set_size(feed->items, FEED_ITEMS_MAX);
}

/* The value behind NAME= in a text, in quotes or not; its length. */
static const char *
value_behind(const char *text, gsize len, const char *name, gsize *value_len)
{
	const char *at = g_strstr_len(text, (gssize)len, name);
	const char *end = text + len;
	const char *p;

	*value_len = 0;
	if (!at)
		return "";
	at += strlen(name);
	while (at < end && strchr(" \t=\"'", *at))
		at++;
	for (p = at; p<end && * p> ' ' && !strchr("\"';?>", *p); p++)
		;
	*value_len = (gsize)(p - at);
	return at;
}

/* RFC 7303 section 3: a byte order mark, then the type, then what it says of
 * itself. */
static const char *
charset_of(const char *data, gsize len, const char *type, gsize *charset_len)
{
	g_autofree char *lower = g_ascii_strdown(type, -1);
	const char *found;

	*charset_len = strlen("utf-16");
	if (len >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 ||
			 memcmp(data, "\xfe\xff", 2) == 0))
		return "utf-16";
	*charset_len = strlen("utf-8");
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		return "utf-8";
	found = value_behind(lower, strlen(lower), "charset=", charset_len);
	if (*charset_len > 0)
		return type + (found - lower);
	if (len >= 5 && memcmp(data, "<?xml", 5) == 0)
		return value_behind(data, MIN(len, DECLARATION_MAX), "encoding",
				    charset_len);
	return "utf-8";
}

static gboolean
read_text(struct feed_builder *builder, const char *text, GError **error)
{
	const char *start = text + strspn(text, " \t\r\n");
	const gsize len = strlen(start);

	if (*start == '{') {
		builder->feed->kind = FEED_JSON;
		return feed_read_json(builder, start, len, error);
	}
	if (*start == '<')
		return feed_read_xml(builder, start, len, error);
	g_set_error_literal(error, FEED_ERROR, FEED_ERROR_KIND,
			    "this is neither RSS, Atom nor JSON Feed");
	return FALSE;
}

struct feed *
feed_parse(GBytes *bytes, const char *type, const char *url, GError **error)
{
	gsize len;
	gsize charset_len;
	const char *data = g_bytes_get_data(bytes, &len);
	const char *charset;
	g_autoptr(Feed) feed = g_new0(struct feed, 1);
	g_autoptr(GHashTable) guids = g_hash_table_new(g_str_hash, g_str_equal);
	struct feed_builder builder = { feed, url, guids };
	g_autofree char *text = NULL;

	feed->items = g_ptr_array_new_with_free_func(item_free);
	charset = charset_of(data ? data : "", len, type, &charset_len);
	/* UTF-8 has at most three bytes where another charset has one. */
	text = page_utf8(data ? data : "", len, charset, charset_len,
			 len * 3 + 16);
	if (!read_text(&builder, text, error))
		return NULL;
	if (!feed->title)
		feed->title = g_strdup("");
	keep_newest(feed);
	return g_steal_pointer(&feed);
}
