/*
 * Vendors' cards: one a company, over its domains, senders and campaigns.
 *
 * Which domains are one card is what people said (store/vendors.h); what is on
 * it is counted from the mail that is stored and quoted from what was held.
 */
#ifndef MARKET_VENDOR_H
#define MARKET_VENDOR_H

#include <glib.h>

#include "store/store.h"
#include "store/vendors.h"

#define VENDOR_ERROR (vendor_error_quark())

enum vendor_error {
	VENDOR_ERROR_CARDS /* domains that are not on one card */
};

GQuark vendor_error_quark(void);

/* All that people have written on cards, at one moment. */
struct vendor_book;
typedef struct vendor_book VendorBook; /* for g_autoptr(VendorBook) */

struct vendor_book *vendor_book_load(struct store *store, GError **error);
void vendor_book_free(struct vendor_book *book);

/* The card a domain is on: its own when nobody joined it. Borrowed from the
 * book, or `domain` itself. */
const char *vendor_book_card(const struct vendor_book *book,
			     const char *domain);

/* The domains on a card, its own first; an array of strings that frees them. */
GPtrArray *vendor_book_domains(const struct vendor_book *book,
			       const char *card);

/* What is written on a domain, or NULL; borrowed. */
const struct store_vendor *vendor_book_row(const struct vendor_book *book,
					   const char *domain);

/* What is written on the first of a card's domains that has it; "" when none
 * has. Borrowed. */
const char *vendor_book_written(const struct vendor_book *book,
				const GPtrArray *domains,
				enum store_vendor_field field);

/* The card that a person called so (in any case), or NULL; borrowed. */
const char *vendor_book_named(const struct vendor_book *book, const char *name);

/* So often something was met, and when last. */
struct vendor_count {
	char *key;   /* a buyer's id, a campaign's, a priority's, a sender */
	char *label; /* of a campaign, the subject of its newest; else "" */
	char newest[ID_LEN + 1]; /* its newest message */
	guint n;
	gint64 first_us;
	gint64 last_us;
};

struct vendor_facts {
	char *card;
	GPtrArray *domains;
	guint touches; /* messages taken for outreach, or unsure */
	guint held;
	gint64 first_us; /* 0: never */
	gint64 last_us;
	GPtrArray *buyers; /* of struct vendor_count, the most first */
	GPtrArray *senders;
	GPtrArray *campaigns;
	GPtrArray *priorities; /* "buyer/priority" */
	GPtrArray *quotes;     /* of struct store_quote, newest first; the same
				  words once */
};
typedef struct vendor_facts VendorFacts; /* for g_autoptr(VendorFacts) */

/* What the store knows of a card; `buyer` (may be NULL) restricts it to what
 * came to one. */
struct vendor_facts *vendor_facts_load(struct store *store,
				       const struct vendor_book *book,
				       const char *card, const char *buyer,
				       GError **error);
/* The same of what came to any of several; NULL: to anybody. */
struct vendor_facts *vendor_facts_of(struct store *store,
				     const struct vendor_book *book,
				     const char *card,
				     const char *const *buyers, GError **error);
void vendor_facts_free(struct vendor_facts *facts);

/* The quotation of proof that names what must be had (in any case), or NULL:
 * not known. Borrowed. */
const struct store_quote *vendor_facts_proof(const struct vendor_facts *facts,
					     const char *must_have);

/*
 * Puts the card join->domain with all its domains on join->card (both ids of
 * cards, not the same), and gives the domains that moved, its own first:
 * vendor_split() of them takes it back. An array that frees its strings.
 */
GPtrArray *vendor_merge(struct store *store, const struct vendor_book *book,
			const struct store_move *join, const char *by,
			GError **error);

/*
 * Takes domains off the card that they are on, together, to one of the name of
 * the first; who stays, should its own domain leave, has one of theirs. `rest`
 * gets its name: vendor_merge() of rest and the first takes it back (or of the
 * first and rest, when the card's own domain had left). The caller's.
 * VENDOR_ERROR when they are on several cards, or nothing would be left.
 */
gboolean vendor_split(struct store *store, const struct vendor_book *book,
		      const GPtrArray *domains, const char *by, char **rest,
		      GError **error);

/*
 * Reads the held bodies that were not read yet, and keeps what claims_read()
 * finds. One process at a time: STORE_ERROR_CONFLICT when another is at it.
 * What was read stays read when it fails half-way.
 */
struct vendor_update {
	guint messages;
	guint quotes;
	guint gone; /* released, deleted or expired meanwhile */
};
gboolean vendor_update(struct store *store, struct vendor_update *done,
		       GError **error);

/* Two cards that may be one company, and why. */
struct vendor_pair {
	char *card;
	char *other;
	char *why; /* "3 messages of one campaign, 01J..." */
};

/* Bodies that vendor_suggest() reads at most: of all, and of a domain. */
#define VENDOR_SUGGEST_MAILS  1000
#define VENDOR_SUGGEST_OF_ONE 3

/*
 * By campaigns that both wrote in, by a sender's display name with the same
 * address name, and by what the newest held mail of each leaves behind:
 *
 *   - a telephone number in what both sign with (no free-phone, shared-cost or
 *     premium number: an answering service's)
 *   - links to one registrable domain, or of one to the other's (none of
 *     conf/signals.yaml, as it is compiled in, nor social and other common
 *     sites, nor the buyer's own)
 *   - a company's name with its legal form in what both sign with
 *
 * The last three must be in half of a card's mails that were read, and in those
 * of three cards at most: what is common to more is a service's. An array of
 * struct vendor_pair that frees them; nothing is changed.
 */
GPtrArray *vendor_suggest(struct store *store, const struct vendor_book *book,
			  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VendorBook, vendor_book_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VendorFacts, vendor_facts_free)

#endif
