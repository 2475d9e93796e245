/* What says the same is shown once. */
#include <string.h>

#include "research_private.h"
#include "text/fingerprint.h"

struct research_hit *
research_hit_new(void)
{
	struct research_hit *hit = g_new0(struct research_hit, 1);

	hit->copies = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_document_free);
	return hit;
}

void
research_hit_free(struct research_hit *hit)
{
	if (!hit)
		return;
	store_document_free(hit->document);
	g_ptr_array_unref(hit->copies);
	g_free(hit->snippet);
	g_free(hit);
}

/* "Re:", "AW: Re:", "Fwd[2]:": what a follow-up has before the subject that it
 * follows up. */
static const char *
without_reply(const char *title)
{
	static const char *const marks[] = { "re",  "aw", "fw", "fwd",
					     "odp", "wg", "sv", "tr",
					     "rv",  "r",  NULL };

	for (;;) {
		gsize len = 0;
		gsize end;
		g_autofree char *mark = NULL;

		while (g_ascii_isspace(*title))
			title++;
		while (g_ascii_isalpha(title[len]))
			len++;
		mark = g_ascii_strdown(title, (gssize)len);
		end = len + strspn(title + len, "[]0123456789 ");
		if (title[end] != ':' || !g_strv_contains(marks, mark))
			return title;
		title += end + 1;
	}
}

/* Title and card; NULL when there is no title. */
static char *
title_key(const struct store_document *document, const struct vendor_book *book)
{
	g_autofree char *title =
		g_utf8_casefold(without_reply(document->title), -1);

	g_strstrip(title);
	return *title ? g_strjoin("\n",
				  vendor_book_card(book, document->vendor),
				  title, NULL)
		      : NULL;
}

static struct research_hit *
find_near(const GPtrArray *hits, guint n, guint64 print)
{
	for (guint i = 0; print != 0 && i < n; i++) {
		struct research_hit *hit = hits->pdata[i];
		const guint64 other = hit->document->fingerprint;

		if (other != 0 &&
		    fingerprint_distance(other, print) <= RESEARCH_SAME_BITS)
			return hit;
	}
	return NULL;
}

/* The one of the first `n` that says the same, or NULL; then its title stands
 * for others from now on. */
static struct research_hit *
find_same(const GPtrArray *hits, guint n, GHashTable *by_title,
	  struct research_hit *hit, const struct vendor_book *book)
{
	char *key = title_key(hit->document, book);
	struct research_hit *same =
		key ? g_hash_table_lookup(by_title, key) : NULL;

	if (!same)
		same = find_near(hits, n, hit->document->fingerprint);
	if (key)
		g_hash_table_insert(by_title, key, same ? same : hit);
	return same;
}

guint
research_collapse(GPtrArray *hits, const struct vendor_book *book)
{
	g_autoptr(GHashTable) by_title =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint kept = 0;
	guint gone;

	for (guint i = 0; i < hits->len; i++) {
		struct research_hit *hit = hits->pdata[i];
		struct research_hit *same =
			find_same(hits, kept, by_title, hit, book);

		if (same)
			g_ptr_array_add(same->copies,
					g_steal_pointer(&hit->document));
		else {
			hits->pdata[i] = hits->pdata[kept];
			hits->pdata[kept++] = hit;
		}
	}
	gone = hits->len - kept;
	g_ptr_array_set_size(hits, (gint)kept);
	return gone;
}
