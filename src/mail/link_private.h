/*
 * The links of a message in the order they were met, each URL once. A link
 * met again with a text, or outside quoted text, completes the first.
 */
#ifndef MAIL_LINK_PRIVATE_H
#define MAIL_LINK_PRIVATE_H

#include <glib.h>

struct link_list;

struct link_list *link_list_new(guint max);
void link_list_free(struct link_list *links);

/* Where a link was met. */
struct link_place {
	gsize at; /* in the text of its leaf */
	gboolean quoted;
};

/*
 * Adds an absolute http(s), mailto or tel URL; others are left out. FALSE
 * when the list is full.
 */
gboolean link_add(struct link_list *links, const char *url, const char *text,
		  struct link_place place);

/* How many there are. */
guint link_count(const struct link_list *links);

/*
 * Those of `first` to `end` - 1 that were met at or behind `at` turned out to
 * stand in quoted text.
 */
void link_quote(struct link_list *links, guint first, guint end, gsize at);

/*
 * Finds the URLs that people write into a text ("https://...", "www...."), but
 * not those that are already there as the text of a link.
 */
gboolean link_find(struct link_list *links, const char *text, gboolean quoted);

/* Frees the list and hands over its array of struct content_link. */
GPtrArray *link_list_steal(struct link_list *links);

#endif
