#include "link_private.h"

#include <string.h>

#include "mail/content.h"

struct link_list {
	GPtrArray *links;  /* of struct content_link */
	GArray *at;	   /* gsize: where each was met first */
	GHashTable *urls;  /* url -> its link */
	GHashTable *texts; /* texts of links that look like URLs */
	guint max;
};

static void
link_free(gpointer data)
{
	struct content_link *link = data;

	g_free(link->url);
	g_free(link->host);
	g_free(link->text);
	g_free(link);
}

struct link_list *
link_list_new(guint max)
{
	struct link_list *links = g_new0(struct link_list, 1);

	links->links = g_ptr_array_new_with_free_func(link_free);
	links->at = g_array_new(FALSE, FALSE, sizeof(gsize));
	links->max = max;
	return links;
}

static void
tables_free(struct link_list *links)
{
	g_array_unref(links->at);
	if (links->urls == NULL)
		return;
	g_hash_table_unref(links->urls);
	g_hash_table_unref(links->texts);
}

void
link_list_free(struct link_list *links)
{
	if (links == NULL)
		return;
	tables_free(links);
	g_ptr_array_unref(links->links);
	g_free(links);
}

GPtrArray *
link_list_steal(struct link_list *links)
{
	GPtrArray *array = g_steal_pointer(&links->links);

	tables_free(links);
	g_free(links);
	return array;
}

/* As browsers do: without spacing around it and line ends in it. */
static char *
url_clean(const char *url)
{
	char *clean = g_strdup(url);
	char *out = clean;

	for (const char *p = url; *p != '\0'; p++)
		if ((guchar)*p >= ' ' && (out != clean || *p != ' '))
			*out++ = *p;
	while (out > clean && out[-1] == ' ')
		out--;
	*out = '\0';
	return clean;
}

static gboolean
has_prefix(const char *text, const char *prefix)
{
	return g_ascii_strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* NULL when the URL is of no kind we keep, "" when it has no host. */
static char *
url_host(const char *url)
{
	if (has_prefix(url, "mailto:") || has_prefix(url, "tel:"))
		return g_strdup("");
	if (!has_prefix(url, "http://") && !has_prefix(url, "https://"))
		return NULL;
	const char *host = strstr(url, "//") + 2;
	gsize len = strcspn(host, "/\\?#");
	const char *user = g_strrstr_len(host, (gssize)len, "@");
	if (user != NULL) {
		len -= (gsize)(user + 1 - host);
		host = user + 1;
	}
	if (*host != '[')
		len = MIN(len, strcspn(host, ":"));
	else
		len = MIN(len, strcspn(host, "]") + 1);
	return len == 0 ? NULL : g_ascii_strdown(host, (gssize)len);
}

static void
link_complete(struct content_link *link, const char *text, gboolean quoted)
{
	if (link->text[0] == '\0' && text[0] != '\0') {
		g_free(link->text);
		link->text = g_strdup(text);
	}
	link->quoted = link->quoted && quoted;
}

static void
tables_ensure(struct link_list *links)
{
	if (links->urls != NULL)
		return;
	links->urls = g_hash_table_new(g_str_hash, g_str_equal);
	links->texts = g_hash_table_new(g_str_hash, g_str_equal);
}

gboolean
link_add(struct link_list *links, const char *url, const char *text,
	 struct link_place place)
{
	g_autofree char *clean = url_clean(url);
	char *host = url_host(clean);

	if (host == NULL)
		return TRUE;
	tables_ensure(links);
	struct content_link *link = g_hash_table_lookup(links->urls, clean);
	if (link != NULL || links->links->len >= links->max) {
		g_free(host);
		if (link != NULL)
			link_complete(link, text, place.quoted);
		return link != NULL;
	}
	link = g_new0(struct content_link, 1);
	link->url = g_steal_pointer(&clean);
	link->host = host;
	link->text = g_strdup(text);
	link->quoted = place.quoted;
	g_ptr_array_add(links->links, link);
	g_array_append_val(links->at, place.at);
	g_hash_table_insert(links->urls, link->url, link);
	if (has_prefix(text, "http") || has_prefix(text, "www."))
		g_hash_table_add(links->texts, link->text);
	return TRUE;
}

guint
link_count(const struct link_list *links)
{
	return links->links->len;
}

void
link_quote(struct link_list *links, guint first, guint end, gsize at)
{
	for (guint i = first; i < end; i++) {
		struct content_link *link = links->links->pdata[i];
		if (g_array_index(links->at, gsize, i) >= at)
			link->quoted = TRUE;
	}
}

static gboolean
ends_url(const char *p)
{
	if ((guchar)*p >= 0x80)
		return g_unichar_isspace(g_utf8_get_char(p));
	return (guchar)*p <= ' ' || strchr("<>\"`{}|\\^", *p) != NULL;
}

/* Where the URL in running text ends that begins at `p`. */
static const char *
url_end(const char *p)
{
	const char *start = p;
	guint open = 0;

	for (; !ends_url(p); p++) {
		if (*p == ')' && open == 0)
			break;
		open += *p == '(' ? 1 : 0;
		open -= *p == ')' ? 1 : 0;
	}
	while (p > start && strchr(".,;:!?'\"*_]", p[-1]) != NULL)
		p--;
	return p;
}

/* What may begin a URL in the text: looked for once each, not again and again
 * behind every URL. */
struct finder {
	const char *start;
	const char *scheme; /* "://" at or behind the last URL, or NULL */
	const char *www;
};

/* strstr() of both is ten times as slow: what they are found by is rare. */
static const char *
scheme_find(const char *p)
{
	while ((p = strchr(p, ':')) != NULL && (p[1] != '/' || p[2] != '/'))
		p++;
	return p;
}

static const char *
www_find(const char *text)
{
	const char *p = text;

	while ((p = strchr(p, '.')) != NULL &&
	       (p - text < 3 || memcmp(p - 3, "www", 3) != 0))
		p++;
	return p == NULL ? NULL : p - 3;
}

static const char *
scheme_begin(const struct finder *finder, const char *after)
{
	const char *start = MAX(after, finder->start);
	const char *colon = finder->scheme;

	if (colon - start >= 5 && has_prefix(colon - 5, "https"))
		return colon - 5;
	if (colon - start >= 4 && has_prefix(colon - 4, "http"))
		return colon - 4;
	return NULL;
}

static gboolean
www_begins(const struct finder *finder)
{
	const char *www = finder->www;

	return (www == finder->start || !g_ascii_isalnum(www[-1])) &&
	       g_ascii_isalnum(www[4]);
}

/* Whether there is anything at or behind `after`; the nearer of the two. */
static gboolean
finder_move(struct finder *finder, const char *after, gboolean *is_www)
{
	if (finder->scheme != NULL && finder->scheme < after)
		finder->scheme = scheme_find(after);
	if (finder->www != NULL && finder->www < after)
		finder->www = www_find(after);
	*is_www = finder->scheme == NULL ||
		  (finder->www != NULL && finder->www < finder->scheme);
	return finder->scheme != NULL || finder->www != NULL;
}

/* The next URL at or behind `after`, and what must be put before it. */
static const char *
url_find(struct finder *finder, const char *after, const char **prefix)
{
	gboolean is_www = FALSE;

	while (finder_move(finder, after, &is_www)) {
		const char *url = is_www ? NULL : scheme_begin(finder, after);
		if (is_www && www_begins(finder))
			url = finder->www;
		if (url != NULL) {
			*prefix = is_www ? "http://" : "";
			return url;
		}
		after = is_www ? finder->www + 4 : finder->scheme + 3;
	}
	return NULL;
}

gboolean
link_find(struct link_list *links, const char *text, gboolean quoted)
{
	struct finder finder = { text, scheme_find(text), www_find(text) };
	const char *prefix = "";
	const char *start = text;
	gboolean room = TRUE;

	while (room && (start = url_find(&finder, start, &prefix)) != NULL) {
		const char *end = url_end(start);
		g_autofree char *written =
			g_strndup(start, (gsize)(end - start));
		g_autofree char *url = g_strconcat(prefix, written, NULL);
		tables_ensure(links);
		if (!g_hash_table_contains(links->texts, written))
			room = link_add(links, url, "",
					(struct link_place){ 0, quoted });
		start = MAX(end, start + 4);
	}
	return room;
}
