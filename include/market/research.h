/*
 * Research: one question over held mail, items and pages.
 *
 * What is found (store/search.h) is collapsed where it says the same, ranked
 * by text match, relevance to the buyer and freshness, and grouped by vendor
 * with what each claims, asks and offers as proof side by side. Every line
 * names the document it comes from.
 */
#ifndef MARKET_RESEARCH_H
#define MARKET_RESEARCH_H

#include <glib.h>
#include <jansson.h>

#include "market/vendor.h"
#include "profile/profile.h"
#include "screen/snapshot.h"
#include "store/search.h"

/* Two texts say the same when their fingerprints are at most so many bits apart
 * (text/fingerprint.h); or when vendor and title are the same, whatever stands
 * before it of "Re:" and "Fwd:": a follow-up is shown with what it follows. */
#define RESEARCH_SAME_BITS 3

#define RESEARCH_TEXT_MAX 400 /* bytes of a question; more is an error */

/* All borrowed; NULL and 0 do not restrict. */
struct research_query {
	const char *text;	   /* as typed */
	const char *buyer;	   /* for whom: relevance is theirs */
	const char *const *buyers; /* whose mail may be searched; NULL: all */
	guint kinds;		   /* as in store_search */
	const char *vendor;	   /* a card */
	const char *priority;
	const char *source;
	gint64 since_us;
	gint64 until_us;
	gint64 now_us; /* 0: now */
	guint limit;   /* hits after collapsing; 0: 50 */
};

/*
 * How a hit is ranked: the sum of three parts, each 0..1, with these weights.
 *
 * Where the question is about one of the buyer's priorities, relevance is to
 * that priority: P(relevant) as if it were the only one, and a little of how
 * near the text is to its name and keywords, by which texts are found, too,
 * that say it in other words than the question does. Else it is to the buyer.
 * It weighs more than the match, since few words of a question tell what is
 * asked, and what the buyer wrote tells much; freshness only breaks what is
 * near to a tie. Set on tests/corpus/questions.tsv, in steps of a twentieth.
 */
#define RESEARCH_MATCH_WEIGHT	  0.35
#define RESEARCH_RELEVANCE_WEIGHT 0.55
#define RESEARCH_FRESHNESS_WEIGHT 0.10
#define RESEARCH_JUDGED_SHARE	  0.85

/*
 * The match is of four, all weighted by how rare a word is: BM25 as the index
 * gives it, against the best of this question; the share of the question's
 * words that are there at all, which BM25 lets one repeated word outweigh; the
 * share in the title, where a text says what it is about; and how near to each
 * other words stand that are neighbours in the question.
 */
#define RESEARCH_BM25_SHARE	0.40
#define RESEARCH_COVERAGE_SHARE 0.30
#define RESEARCH_TITLE_SHARE	0.15
#define RESEARCH_NEAR_SHARE	0.15

/* A mail is worth at least so much of its vendor's best one: follow-ups say
 * little, and mean what the first mail said. */
#define RESEARCH_KIN_SHARE 0.6

/*
 * A question is about that priority of the buyer of which it has the most
 * words (by how rare they are), and at least so much. Low, since the rarest
 * words of a question are often in no priority.
 */
#define RESEARCH_TOPIC_MIN 0.05

/* A text loses half of its freshness in so many days: about as long as an
 * offer in a first mail stands. */
#define RESEARCH_HALF_LIFE_DAYS 60

/* Filters that are kept: "kind=mail&vendor=..&priority=..&source=..&since=
 * 2026-11-01&until=..", the values escaped as in an address; "" for none. */
struct research_filters {
	guint kinds; /* as in store_search */
	char *vendor;
	char *priority;
	char *source;
	gint64 since_us;
	gint64 until_us;
};
typedef struct research_filters ResearchFilters; /* for g_autoptr() */

/* Of a query's filters; the caller's. */
char *research_filters_format(const struct research_query *query);

/* And back; what is unknown is BASE_ERROR_INVALID and says what is allowed. */
struct research_filters *research_filters_parse(const char *text,
						GError **error);
void research_filters_free(struct research_filters *filters);

/* Sets the query's filters, which then borrow from `filters`. */
void research_filters_apply(const struct research_filters *filters,
			    struct research_query *query);

/* A day as it is given, "2026-11-01", midnight UTC. BASE_ERROR_INVALID. */
gboolean research_day_parse(const char *text, gint64 *time_us, GError **error);

struct research_hit {
	struct store_document *document;
	GPtrArray *copies; /* of struct store_document: say the same */
	char *snippet;	   /* the lines that answer best, as written */
	double score;	   /* what it is ranked by, 0..1 */
	double match;	   /* its parts, 0..1 each */
	double relevance;
	double freshness;
};

/* One vendor's column. */
struct research_vendor {
	char *card; /* "" for what is of no vendor */
	char *name;
	GPtrArray *hits;   /* of struct research_hit, borrowed */
	GPtrArray *quotes; /* of struct store_quote, borrowed: of the hits
			      first, then of the card; each once */
	gint64 last_us;
};

struct research_facet {
	char *key;
	char *label;
	guint n;
};

struct research {
	char *text;
	GPtrArray *hits;    /* of struct research_hit, best first */
	GPtrArray *vendors; /* of struct research_vendor, best first */
	GPtrArray *kinds;   /* of struct research_facet, like the next */
	GPtrArray *priorities;
	GPtrArray *facet_vendors;
	GPtrArray *months; /* "2026-11" */
	guint found;	   /* documents, before collapsing; with other mail of
			      the best vendors */
	guint collapsed;
	gboolean cut;	   /* there were more than were looked at */
	GPtrArray *quotes; /* owns the vendors' */
};
typedef struct research Research; /* for g_autoptr(Research) */

/* `snapshot` (may be NULL) judges what was not judged for the buyer.
 * Errors: STORE_ERROR, BASE_ERROR_INVALID (nothing to look for). */
struct research *research_run(struct store *store,
			      const struct vendor_book *book,
			      const struct snapshot *snapshot,
			      const struct research_query *query,
			      GError **error);
void research_free(struct research *research);

/* All of it as one object, a new reference; and as a page of its own, without
 * scripts or anything from outside. */
json_t *research_json(const struct research *research);
void research_html(const struct research *research, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Research, research_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ResearchFilters, research_filters_free)

#endif
