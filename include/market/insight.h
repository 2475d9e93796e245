/*
 * The brief: what presses on the buyer's side beside what the market pushes.
 * Counts and quotations only; every sentence is made from numbers that stand in
 * it and names where they come from.
 */
#ifndef MARKET_INSIGHT_H
#define MARKET_INSIGHT_H

#include <glib.h>

#include "market/vendor.h"
#include "profile/profile.h"
#include "store/search.h"

/* A topic rises when the vendors that wrote it in the brief's time are more
 * than its own past lets expect; false discoveries held to this share
 * (Benjamini and Hochberg 1995). */
#define INSIGHT_FDR	    0.05
#define INSIGHT_VENDORS_MIN 3 /* in the brief's time */

enum insight_kind {
	INSIGHT_PRESSURE, /* the buyer's metric against its target */
	INSIGHT_RISING,	  /* topic */
	INSIGHT_NEW,	  /* vendor that never wrote before */
	INSIGHT_CLAIM,	  /* several vendors claim the like */
	INSIGHT_PRICE,	  /* prices of a priority's vendors, their spread */
	INSIGHT_NAMED,	  /* vendor named by others */
	INSIGHT_QUIET,	  /* vendor that wrote steadily and stopped */
	INSIGHT_WATCH	  /* new of a kept question */
};
#define INSIGHT_KINDS (INSIGHT_WATCH + 1)

/* "pressure", "rising", "new", ... */
const char *insight_kind_name(enum insight_kind kind);

struct insight_evidence {
	char *kind;  /* "message", "vendor", "item", "page", "search", "metric"
		      */
	char *id;    /* of what; of a search the question */
	char *label; /* of the link */
};

struct insight_line {
	enum insight_kind kind;
	char *key;	/* the same from brief to brief: "rising/zero trust" */
	char *text;	/* one plain sentence */
	double size;	/* orders lines of a kind: larger first */
	double p;	/* of a test; -1: there was none */
	double q;	/* the same after Benjamini and Hochberg */
	gboolean fresh; /* was not in the brief before */
	GPtrArray *evidence; /* of struct insight_evidence */
	GArray *series;	     /* of double, oldest first, for the small chart; or
				NULL */
};

struct insight_part {
	char *priority; /* id; "" for what is of none */
	char *name;
	double pressure;  /* metric_pressure(); -1: there is no metric */
	guint messages;	  /* of the brief's time, that count for it */
	guint before;	  /* of the time before, as long */
	guint items;	  /* of feeds, that come near it */
	GArray *series;	  /* of double, oldest first: messages by a time as long
			     as the brief's */
	GPtrArray *lines; /* of struct insight_line */
};

struct insight {
	char *buyer; /* profile id */
	char *name;
	char *zone; /* in which days are told */
	gint64 since_us;
	gint64 until_us;
	gint64 before_us; /* the past that topics are held against begins */
	GPtrArray *parts; /* of struct insight_part, the most pressing first */
	GPtrArray *gone;  /* of strings: lines of the last brief that are not
			     there any more */
	guint messages;
	guint vendors;
	guint tests;	 /* topics that were tested */
	char *wording;	 /* of an endpoint, shown as such; or NULL */
	char *worded_by; /* the model's name */
};
typedef struct insight Insight; /* for g_autoptr(Insight) */

struct insight_request {
	struct store *store;
	const struct vendor_book *book;
	const struct profile *profile;
	gint64 since_us; /* 0: seven days before until_us */
	gint64 until_us;
	gint64 past_us; /* length of the past before; 0: 26 weeks */
	gboolean past;	/* ends before today: what bears no day is not told */
};

/*
 * What changed since the brief before is found by making that one, too, out of
 * the same store: nothing is kept from brief to brief. Errors: STORE_ERROR.
 */
struct insight *insight_new(const struct insight_request *request,
			    GError **error);
void insight_free(struct insight *insight);

/* Nothing to tell but figures that stand as they stood. */
gboolean insight_is_empty(const struct insight *insight);

/* Where a piece of evidence is, below the address of the pages:
 * "/message/01J..", escaped as an address; NULL: nowhere of its own. The
 * caller's. */
char *insight_path(const struct insight_evidence *evidence);

/* "15 Nov to 22 Nov", "4 mails near it, 7 in the time before; 3 items of
 * feeds". The caller's. */
char *insight_span(const struct insight *insight);
char *insight_mail(const struct insight_part *part);

/* What was read; and what rising topics, claims and prices may be worth. */
char *insight_figures(const struct insight *insight);
char *insight_caution(const struct insight *insight);

/* The heading over what an endpoint wrote. The caller's. */
char *insight_wording_head(const struct insight *insight);

/* Forms. `url` (may be NULL) is that of the pages, for links. The caller's. */
char *insight_text(const struct insight *insight, const char *url);
char *insight_html(const struct insight *insight, const char *url);
char *insight_json(const struct insight *insight);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Insight, insight_free)

#endif
