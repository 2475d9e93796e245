/* What the makers of a brief's lines share. */
#ifndef MARKET_INSIGHT_PRIVATE_H
#define MARKET_INSIGHT_PRIVATE_H

#include "market/insight.h"
#include "store/signals.h"

/* How far back claims and prices are held beside each other. */
#define INSIGHT_POOL_US (91 * CLOCK_DAY_US)

/* Who did not write for so long is new again. */
#define INSIGHT_YEAR_US (364 * CLOCK_DAY_US)

/* One mail of a vendor to the buyer. */
struct insight_touch {
	char id[ID_LEN + 1];
	char *vendor;	  /* registrable domain */
	const char *card; /* of the book, or `vendor` */
	char *priority;	  /* that it counts for, or "" */
	char *subject;
	gint64 time_us;
};

/* What was read out of the store, for this brief and the one before. */
struct insight_world {
	const struct insight_request *request;
	const char *buyer;
	gint64 from_us;
	GPtrArray *touches;    /* of struct insight_touch, oldest first */
	GHashTable *by_id;     /* message -> its touch */
	GPtrArray *quotes;     /* of struct store_quote, newest first */
	GPtrArray *documents;  /* of struct store_match: the buyer's mail */
	GPtrArray *items;      /* of struct store_item */
	GPtrArray *item_terms; /* of each: " term term " */
};
typedef struct insight_world InsightWorld;

struct insight_world *insight_world_new(const struct insight_request *request,
					const char *buyer, gint64 from_us,
					gint64 until_us, GError **error);
void insight_world_free(struct insight_world *world);

/* The priority that a mail's document counts for, or "". Borrowed. */
const char *insight_document_priority(const struct insight_world *world,
				      const struct store_document *document);

/* The name a person wrote on a card, or the card; borrowed. */
const char *insight_name(const struct insight_world *world, const char *card);

/* "Northwind (northwind.com)", or the domain alone. The caller's. */
char *insight_vendor(const struct insight_world *world, const char *card);

static inline gboolean
insight_within(const struct insight *insight, gint64 time_us)
{
	return time_us >= insight->since_us && time_us < insight->until_us;
}

/* The part of a priority; of an id that is none, that of what is of none. */
struct insight_part *insight_part_of(struct insight *insight,
				     const char *priority);

/* A line of that part, which takes key and text. */
struct insight_line *insight_add(struct insight_part *part,
				 enum insight_kind kind, char *key, char *text,
				 double size);

/* NULL for a label is the id. */
void insight_evidence_add(struct insight_line *line, const char *kind,
			  const char *id, const char *label);

/* That message, by its vendor and subject. */
void insight_evidence_message(struct insight_line *line,
			      const struct insight_world *world,
			      const char *id);

/* Votes for priorities (or anything): char * -> count. The one with most, of
 * equals the first by its name, or ""; borrowed from the votes. */
GHashTable *insight_votes_new(void);
guint insight_vote(GHashTable *votes, const char *what);
guint insight_votes(GHashTable *votes, const char *what);
const char *insight_voted(GHashTable *votes);

/* Without the locale; "1,040" from thousands on. The caller's. */
char *insight_number(double value);
char *insight_percent(double share);

/* What a form shows of the lines of one kind; the rest is counted. */
#define INSIGHT_SHOWN 6

/* How many lines of that kind follow from `at` on. */
guint insight_run(const struct insight_part *part, guint at);

/* "▁▂▅█", at most 26 of them, the newest; "" for nothing. The caller's. */
char *insight_spark(const GArray *series);

/* The makers, one a kind of line. */
gboolean insight_pressure(const struct insight_world *world,
			  struct insight *insight, GError **error);
gboolean insight_rising(const struct insight_world *world,
			struct insight *insight, GError **error);
void insight_fresh_vendors(const struct insight_world *world,
			   struct insight *insight);
void insight_quiet_vendors(const struct insight_world *world,
			   struct insight *insight);
void insight_claims(const struct insight_world *world, struct insight *insight);
void insight_prices(const struct insight_world *world, struct insight *insight);
void insight_names(const struct insight_world *world, struct insight *insight);
gboolean insight_watches(const struct insight_world *world,
			 struct insight *insight, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(InsightWorld, insight_world_free)

#endif
