/*
 * What is kept of vendors: which domains are one company's card, what people
 * wrote on it, and the quotations that were read out of held mail.
 *
 * A domain is a card of its own until a person joins it with others: a card's
 * id is one of its domains. Quotations stay with the domain they came from, so
 * that cards can be joined and parted without loss.
 */
#ifndef STORE_VENDORS_H
#define STORE_VENDORS_H

#include <glib.h>

#include "store/store.h"

/* What people have made of one domain. Without a row the domain is its own
 * card, and nothing is written on it. */
struct store_vendor {
	char *domain; /* registrable, lower case; the key */
	char *card;   /* the domain whose card it is on; its own by default */
	char *name;   /* of the company, as a person wrote it, or "" */
	char *owner;  /* who of us looks after it, or "" */
	char *note;
	gint64 time_us; /* of the last change */
	char *by;	/* who made it */
};
typedef struct store_vendor StoreVendor; /* for g_autoptr(StoreVendor) */

void store_vendor_free(struct store_vendor *vendor);

/* All rows, by domain: an array of struct store_vendor that frees them. */
GPtrArray *store_vendor_list(struct store *store, GError **error);

/*
 * Puts each of `n` domains on the card beside it, all or none, durably. What
 * is written on them stays with the domain. The same again is a repeat.
 */
struct store_move {
	const char *domain;
	const char *card;
};
gboolean store_vendor_move(struct store *store, const struct store_move *moves,
			   guint n, const char *by, GError **error);

/* Writes on the row of one domain, durably; "" takes away. */
enum store_vendor_field {
	STORE_VENDOR_NAME,
	STORE_VENDOR_OWNER,
	STORE_VENDOR_NOTE
};
#define STORE_VENDOR_TEXT_MAX 4000 /* bytes; more are cut */
gboolean store_vendor_write(struct store *store, const char *domain,
			    enum store_vendor_field field, const char *text,
			    const char *by, GError **error);

/* What a domain sent to one buyer of one best priority (may be ""): messages
 * that were taken for outreach, or unsure. */
struct store_vendor_sum {
	char *vendor;
	char *buyer;
	char *priority;
	guint touches;
	guint near; /* of them, what counts for it (store_priority()) */
	guint held; /* of them, still */
	gint64 first_us;
	gint64 last_us;
};
typedef struct store_vendor_sum StoreVendorSum; /* for g_autoptr() */

void store_vendor_sum_free(struct store_vendor_sum *sum);

/*
 * By buyer, vendor and priority: an array of struct store_vendor_sum that frees
 * them, of those buyers with each one's threshold `tag` (both NULL: of
 * everybody, and nothing is near). Meant for 100,000 messages of everybody in
 * well under 50 ms; a buyer's own take some two microseconds each.
 */
GPtrArray *store_vendor_sums(struct store *store, const char *const *buyers,
			     const double *tags, GError **error);

/* "claim", "price", "proof". And back; -1 when it is none. */
enum store_quote_kind {
	STORE_QUOTE_CLAIM,
	STORE_QUOTE_PRICE,
	STORE_QUOTE_PROOF
};
const char *store_quote_kind_name(enum store_quote_kind kind);
int store_quote_kind_parse(const char *word);

/*
 * A sentence that a vendor wrote, as it was written, and what was found in it.
 * Two things found in one sentence are two quotations of it.
 */
struct store_quote {
	char *vendor; /* registrable domain */
	char *buyer;
	char message[ID_LEN + 1];
	gint64 time_us; /* the message was received */
	enum store_quote_kind kind;
	guint place;  /* byte of the message's fresh text where the number or
			 name begins */
	char *text;   /* the quotation */
	char *what;   /* the number or name within it, as written */
	double value; /* 0: there is none */
	double value_max; /* of a range, or what it became, which may be less
			     than `value`; else as `value` */
	char *unit;	  /* "%", "x", "hours", ...; "" */
	char *currency;	  /* "USD", ...; "" */
	char *period;	  /* "month", "year", ...; "" */
};
typedef struct store_quote StoreQuote; /* for g_autoptr(StoreQuote) */

void store_quote_free(struct store_quote *quote);

/*
 * That a message was read, and all that was found in it (may be none): takes
 * the place of what an earlier reading found. The quotations' vendor, buyer,
 * message and time are the message's. Durable; the same again is a repeat.
 */
gboolean store_quotes_set(struct store *store,
			  const struct store_message *message,
			  const GPtrArray *quotes, GError **error);

/* NULL and 0 do not restrict. */
struct store_quote_query {
	const char *vendor;
	const char *buyer;
	gint64 since_us;
	guint limit; /* 0: 10,000 */
};

/* Newest mail first: an array of struct store_quote that frees them. */
GPtrArray *store_quotes_list(struct store *store,
			     const struct store_quote_query *query,
			     GError **error);

/*
 * Messages that have a body and were not read yet, the oldest first, after the
 * id `after` (or NULL): as store_list() gives them.
 */
GPtrArray *store_quotes_due(struct store *store, const char *after, guint limit,
			    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreVendor, store_vendor_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreVendorSum, store_vendor_sum_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreQuote, store_quote_free)

#endif
