/*
 * Vendors' cards as pages: who may look sees what came to the buyers that they
 * may list, and what people wrote on a card, which is everybody's.
 */
#ifndef WEB_VENDORS_PRIVATE_H
#define WEB_VENDORS_PRIVATE_H

#include "market/vendor.h"
#include "request_private.h"

/* Beside a card's name in a row; of a page, as little as a screen. */
#define VENDORS_NAME_MAX 80

/* What a card's mail to a buyer came near: mail that counts for it. */
struct vendors_near {
	const char *buyer;
	const char *priority;
	guint n;
};

/* A card as it stands in the list. What it points to is the list's. */
struct vendors_card {
	char *id; /* its own */
	const char *name;
	const char *owner;
	const char *note;
	guint touches;
	guint held;
	guint claims;	 /* of the cards that vendors_list_claims() was given */
	gint64 first_us; /* 0: never */
	gint64 last_us;
	GPtrArray *buyers;  /* ids, each once */
	GArray *near;	    /* of struct vendors_near, the most first */
	GPtrArray *rulings; /* of struct store_ruling */
};

struct vendors_list {
	struct vendor_book *book;
	GPtrArray *buyers; /* ids that the user may list; ended by NULL */
	GPtrArray *sums;
	GPtrArray *rulings; /* active, of those buyers, on vendors */
	GPtrArray *cards;   /* of struct vendors_card */
};
typedef struct vendors_list VendorsList; /* for g_autoptr(VendorsList) */

/* All cards that the user may see, in no order; NULL: the store does not
 * answer. */
struct vendors_list *vendors_list_load(const struct web_request *request);
void vendors_list_free(struct vendors_list *list);

/* What the query asks for: only those cards stay, in their order. */
void vendors_list_filter(const struct web_request *request,
			 struct vendors_list *list);

/* Counts the claims of `n` cards from `first` on. */
gboolean vendors_list_claims(const struct web_request *request,
			     struct vendors_list *list, guint first, guint n);

/* Of struct store_ruling: "wanted", "not now until 2027-01-31, never", or "".
 * The caller's. */
char *vendors_status(const GPtrArray *rulings);

/* Whether a ruling counts, and is of one of those buyers. */
gboolean vendors_ruled(const struct store_ruling *ruling,
		       const GPtrArray *buyers, gint64 now_us);

/* The same list as a file. */
void vendors_csv(const struct web_request *request, struct web_reply *reply);
void vendors_json(const struct web_request *request, struct web_reply *reply);

/* One card with all that the user may see of it. */
struct vendors_view {
	const struct web_request *request;
	struct web_reply *reply;
	struct vendor_book *book;
	GPtrArray *buyers; /* ids that the user may list; ended by NULL */
	struct vendor_facts *facts;
	GPtrArray *all_rulings;
	GPtrArray *rulings; /* of them those on the card */
};
typedef struct vendors_view VendorsView; /* for g_autoptr(VendorsView) */

/* The card that a domain is on. NULL, and an error page, when nothing of it
 * came to a buyer that the user may list, nor did one rule on it: what is not
 * there and what is not theirs look the same. */
struct vendors_view *vendors_view_load(const struct web_request *request,
				       struct web_reply *reply,
				       const char *domain);
void vendors_view_free(struct vendors_view *view);

/* What is said of a card that is not the user's. */
void vendors_missing(const struct web_request *request,
		     struct web_reply *reply);

/* Whether anything of it came to those buyers. Anybody can be ruled on: what
 * people wrote on a card is for those whom the vendor wrote to. */
gboolean vendors_wrote(const struct vendors_view *view);

/* GET /vendors/ * and its file. */
void vendors_show(const struct web_request *request, struct web_reply *reply);
void vendors_show_json(const struct web_request *request,
		       struct web_reply *reply);

/* Whether the user may change what all see of a card. */
gboolean vendors_may_change(const struct vendors_view *view);

/* Its sections: quotations, fit, and what can be changed. */
void vendors_put_quotes(const struct vendors_view *view);
void vendors_put_fit(const struct vendors_view *view);
void vendors_put_status(const struct vendors_view *view);
void vendors_put_written(const struct vendors_view *view);
void vendors_put_domains(const struct vendors_view *view);
void vendors_put_front(const struct vendors_view *view);

/* Cards that may be one company. */
void vendors_siblings(const struct web_request *request,
		      struct web_reply *reply);

/* POST: merge, split, write, put back, ask for the front page. */
void vendors_merge(const struct web_request *request, struct web_reply *reply);
void vendors_merge_with(const struct web_request *request,
			struct web_reply *reply);
void vendors_split(const struct web_request *request, struct web_reply *reply);
void vendors_split_off(const struct web_request *request,
		       struct web_reply *reply);
void vendors_write(const struct web_request *request, struct web_reply *reply);
void vendors_put_back(const struct web_request *request,
		      struct web_reply *reply);
void vendors_front(const struct web_request *request, struct web_reply *reply);
void vendors_front_off(const struct web_request *request,
		       struct web_reply *reply);

/* The path of a card's page, escaped for an attribute; the caller's. */
char *vendors_link(const char *card);

/* What stands on a page when the store is away. */
void vendors_away(const struct web_request *request, struct web_reply *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VendorsList, vendors_list_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VendorsView, vendors_view_free)

#endif
