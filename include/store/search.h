/*
 * What research and the brief are made of: the documents that are searched,
 * the topics that are counted, and the questions people keep.
 *
 * Documents are held mail, items of feeds and vendors' front pages. A mail's
 * is there as long as its body is held: with the body it goes. Topics are
 * counts of terms by day and vendor; they stay, and no text can be read back
 * from them.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include <glib.h>

#include "store/store.h"
#include "store/vendors.h"

enum store_document_kind {
	STORE_DOCUMENT_MAIL,
	STORE_DOCUMENT_ITEM,
	STORE_DOCUMENT_PAGE
};
#define STORE_DOCUMENT_KINDS 3

/* "mail", "item", "page". And back; -1 when it is none. */
const char *store_document_kind_name(enum store_document_kind kind);
int store_document_kind_parse(const char *word);

#define STORE_DOCUMENT_TEXT_MAX 16384 /* bytes; more are cut */

/* Strings are UTF-8; NULL means "". */
struct store_document {
	char id[ID_LEN + 1]; /* of the message or item; a page's is its own,
				filled in when it is empty */
	enum store_document_kind kind;
	char *buyer;	/* whose mail; "": everybody's */
	char *vendor;	/* registrable domain, or "" */
	char *source;	/* name of the feed; "" of others */
	char *link;	/* http(s), or ""; with the vendor a page's key */
	char *priority; /* of the mail; "" of others */
	char *title;
	char *text;	     /* plain, as a person sees it */
	double relevance;    /* of the mail; -1: not computed */
	gint64 time_us;	     /* received, published, or seen */
	guint64 fingerprint; /* text/fingerprint.h; 0: too short for one */
	char *title_terms;   /* what is searched: normal forms of the words with
				a blank between, as the asker's are made */
	char *terms;
};
typedef struct store_document StoreDocument; /* for g_autoptr(StoreDocument) */

void store_document_free(struct store_document *document);

/* A term of a mail that is counted: its normal form, and how it is written. */
struct store_topic {
	const char *term;
	const char *label;
};

/* Most topics of one mail. */
#define STORE_TOPICS_MAX 48

/* All that was read out of one held mail. Borrowed. */
struct store_gleaning {
	const GPtrArray *quotes;	       /* of struct store_quote */
	const struct store_document *document; /* NULL: nothing to search */
	const struct store_topic *topics;
	guint n_topics;
};

/*
 * That a message was read, and what was found: in one transaction, durably.
 * Read again, quotations and document take the place of those there were, and
 * topics are not counted a second time. The quotations' and the document's
 * vendor, buyer, message and time are the message's; without a vendor only the
 * document is kept. STORE_ERROR_NOT_FOUND: it is not held any more.
 */
gboolean store_glean(struct store *store, const struct store_message *message,
		     const struct store_gleaning *gleaning, GError **error);

/*
 * Adds or replaces documents that are no mail, all or none, durably. An item's
 * goes when the item does; of an item that has gone nothing is added. A page
 * that is there keeps its id, which is written to documents[i]->id.
 */
gboolean store_document_set(struct store *store,
			    struct store_document *const *documents, guint n,
			    GError **error);

/* Items that have no document yet, the oldest first: an array of struct
 * store_item that frees them. */
GPtrArray *store_items_due(struct store *store, guint limit, GError **error);

/* STORE_ERROR_NOT_FOUND. */
struct store_document *store_document_find(struct store *store, const char *id,
					   GError **error);

/* NULL and 0 do not restrict. */
struct store_search {
	const char *const *terms;  /* any of them; NULL or none: all documents,
				      newest first */
	const char *const *buyers; /* mail of these only; NULL: of everybody;
				      empty: no mail */
	guint kinds;		   /* 1 << enum store_document_kind; 0: all */
	const char *vendor;	   /* registrable domain */
	const char *priority;
	const char *source;
	gint64 since_us;
	gint64 until_us; /* and before */
	guint limit;	 /* 0: 200 */
};

/* A document that was found, and how well (BM25, title twice the text): larger
 * is better. */
struct store_match {
	struct store_document *document;
	double score;
};

void store_match_free(struct store_match *match);

/*
 * The best first, an array of struct store_match that frees them, with the
 * text of each. Meant for 100,000 documents in well under 100 ms.
 */
GPtrArray *store_search(struct store *store, const struct store_search *search,
			GError **error);

/* How many documents there are, and how many have each of `n` terms. */
gboolean store_search_counts(struct store *store, const char *const *terms,
			     guint n, guint *total, guint *having,
			     GError **error);

/* One term, with so many vendors and messages on each day it was written. */
struct store_topic_day {
	guint32 day; /* since 1970-01-01, UTC */
	guint32 vendors;
	guint32 messages;
};
struct store_trend {
	char *term;
	char *label;  /* as it was written most lately */
	GArray *days; /* of struct store_topic_day, by day */
};
typedef struct store_trend StoreTrend; /* for g_autoptr(StoreTrend) */

void store_trend_free(struct store_trend *trend);

/* NULL and 0 do not restrict. */
struct store_trend_query {
	const char *buyer;
	const char *priority; /* of the mail it was in */
	gint64 since_us;
	gint64 until_us;   /* and before */
	guint min_vendors; /* different ones over the whole time */
	guint step_days;   /* so many days, the first that of since_us, count as
			      one, and a vendor once in them: struct
			      store_topic_day with the first of them; 0: 1 */
};

/*
 * By term: an array of struct store_trend that frees them. `all` (may be NULL)
 * gets the same of all mail that was read, whatever its terms: an array of
 * struct store_topic_day, the caller's.
 */
GPtrArray *store_trend_list(struct store *store,
			    const struct store_trend_query *query, GArray **all,
			    GError **error);

/* The vendors that wrote a term in that time, and how often each: strings
 * "DOMAIN" in `vendors`, the most first; the messages still held that have it
 * are found by store_search(). An array that frees its strings. */
GPtrArray *store_trend_vendors(struct store *store,
			       const struct store_trend_query *query,
			       const char *term, GError **error);

/* A question somebody keeps: what is new of it stands in their next brief. */
struct store_watch {
	char id[ID_LEN + 1]; /* filled in when it is empty */
	char *buyer;	     /* whose; never "" */
	char *query;	     /* as typed */
	char *filters;	     /* "kind=mail&vendor=northwind.com&..." or "" */
	char *by;
	gint64 time_us; /* 0: now */
};
typedef struct store_watch StoreWatch; /* for g_autoptr(StoreWatch) */

void store_watch_free(struct store_watch *watch);

#define STORE_WATCHES_MAX 100 /* of one buyer: STORE_ERROR_CONFLICT above */

/* Durable. The same question and filters again are a repeat. */
gboolean store_watch_add(struct store *store, struct store_watch *watch,
			 GError **error);
/* STORE_ERROR_NOT_FOUND. */
gboolean store_watch_remove(struct store *store, const char *buyer,
			    const char *id, GError **error);
/* Oldest first, of one buyer or all (NULL). */
GPtrArray *store_watch_list(struct store *store, const char *buyer,
			    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreDocument, store_document_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTrend, store_trend_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreWatch, store_watch_free)

#endif
