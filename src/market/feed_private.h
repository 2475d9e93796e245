/* What the readers of the kinds of feeds share. */
#ifndef MARKET_FEED_PRIVATE_H
#define MARKET_FEED_PRIVATE_H

#include "market/feed.h"

/* An item as it stands in the document; the reader's, any may be NULL. */
struct feed_raw {
	const char *guid;
	const char *title;
	const char *link;
	const char *summary;
	const char *content;
	const char *date;
	gboolean title_html; /* else it is plain text */
	gboolean summary_html;
	gboolean content_html;
};

/* Where a feed is being put together. */
struct feed_builder {
	struct feed *feed;
	const char *url;
	GHashTable *guids; /* borrowed from the items */
};

/* Makes an item of it; FALSE when no more are looked at. */
gboolean feed_builder_add(struct feed_builder *builder,
			  const struct feed_raw *raw);

/* Valid UTF-8 without NUL. FALSE, and the error, when nothing came of it. */
gboolean feed_read_xml(struct feed_builder *builder, const char *text,
		       gsize len, GError **error);
gboolean feed_read_json(struct feed_builder *builder, const char *text,
			gsize len, GError **error);

/*
 * Whether no tag has more attributes than any feed needs. libxml2 compares them
 * all with each other; of comments and CDATA it is asked as well, which have
 * none in practice.
 */
gboolean feed_tags_fit(const char *text, gsize len);

#endif
