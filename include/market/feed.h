/*
 * A feed as its items: RSS 0.9x, 1.0 (RDF) and 2.0, Atom 1.0 (and 0.3), JSON
 * Feed 1.0 and 1.1. Feeds are hostile input: nothing is fetched and no entity
 * but HTML's names is known, documents that declare entities or attributes are
 * refused, depth, attributes, items and texts are capped, nothing recurses.
 */
#ifndef MARKET_FEED_H
#define MARKET_FEED_H

#include <glib.h>

#define FEED_ERROR (feed_error_quark())

enum feed_error {
	FEED_ERROR_KIND,   /* neither RSS, Atom nor JSON Feed */
	FEED_ERROR_BROKEN, /* it breaks off before the first item */
	FEED_ERROR_HOSTILE /* declares entities or attributes, is nested too
			      deeply, or has a tag of too many attributes */
};

GQuark feed_error_quark(void);

#define FEED_ITEMS_MAX	 500  /* kept: the newest */
#define FEED_READ_MAX	 5000 /* looked at: the first */
#define FEED_DEPTH_MAX	 64
#define FEED_VALUES_MAX	 500000 /* of a JSON feed, about */
#define FEED_GUID_MAX	 500	/* bytes; a longer one becomes its SHA-256 */
#define FEED_LINK_MAX	 2000
#define FEED_TITLE_MAX	 500
#define FEED_SUMMARY_MAX 8192

enum feed_kind { FEED_RSS, FEED_ATOM, FEED_JSON };

/* Plain text in valid UTF-8, never NULL. */
struct feed_item {
	char *guid;	/* its own, else its link, else made of its texts */
	char *title;	/* one line */
	char *link;	/* http(s), or "" */
	char *summary;	/* the fuller of summary and content, LF lines */
	gint64 time_us; /* published or updated; 0: it does not say */
};

struct feed {
	enum feed_kind kind;
	char *title;
	GPtrArray *items; /* of struct feed_item, newest first, undated ones
			     last; guids differ */
	guint dropped;	  /* items beyond the caps, twice there, or empty */
	char *fault;	  /* where and why it breaks off; NULL: it is whole */
};
typedef struct feed Feed; /* for g_autoptr(Feed) */

/*
 * `type` is the Content-Type that came with it ("" : none), `url` where it came
 * from, for relative links. What can be read of a broken feed is, and `fault`
 * says that it was.
 */
struct feed *feed_parse(GBytes *bytes, const char *type, const char *url,
			GError **error);
void feed_free(struct feed *feed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Feed, feed_free)

#endif
