/*
 * Addresses: RFC 5322 section 3.4 in fields, RFC 5321 section 4.1.2 in the
 * envelope; internationalised local parts and domains (RFC 6531) as UTF-8.
 * Nothing here recurses or allocates beyond its input.
 */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include <glib.h>

#include "mail/message.h"

#define ADDRESS_LEN_MAX 320

struct address {
	char *name;   /* display name in UTF-8, "" when there is none */
	char *addr;   /* local@domain: domain in lower case, as written else */
	char *domain; /* points into addr, behind the @; "" when there is none
		       */
};
typedef struct address Address; /* for g_autoptr(Address) */

void address_free(struct address *address);

/*
 * Every mailbox of a field's value (groups flattened, comments dropped, RFC
 * 2047 names decoded), at most `max` of them: an array of struct address that
 * frees its elements. Never NULL; what is not an address is left out.
 */
GPtrArray *address_list_parse(const char *value, guint max);

/*
 * The one author of a message: the sole mailbox of the sole From field. NULL
 * when there is none or more than one (CVE-2019-16378): no one is vouched for.
 */
struct address *address_of_author(const struct mail *mail);

/*
 * domain_registrable() of that author's domain; NULL without an author, or when
 * there is no valid domain. Borrowed from `mail`.
 */
const char *address_author_domain(const struct mail *mail);

/*
 * What a mail program shows as the sender: the first mailbox of the first
 * From field even when there are several; NULL without any.
 */
struct address *address_shown(const struct mail *mail);

/*
 * An envelope address as a callback or a person gives it: "<a@b>", "a@b",
 * "<\"al ice\"@b>", "<>". Result: without brackets, domain in lower case; ""
 * for the null sender. Control bytes, CR, LF, unbalanced quotes or brackets,
 * and more than ADDRESS_LEN_MAX bytes: NULL and BASE_ERROR_INVALID.
 * The result is safe to put into an SMTP command. The caller's.
 */
char *address_from_envelope(const char *text, GError **error);

/* Equal mailboxes: domain and local part without regard to case. */
gboolean address_equal(const char *a, const char *b);

/* The form to key tables by: address_from_envelope() then all lower case. */
char *address_key(const char *addr);

/*
 * The key of the mailbox behind an address extension: "priya+news@b.example"
 * -> "priya@b.example" (RFC 5233); of an address without one, its key. NULL
 * for no address.
 */
char *address_base(const char *addr);

/*
 * The registrable domain by the public suffix list ("a.b.co.uk" ->
 * "b.co.uk"), lower case, IDNs in ASCII; the domain itself when it has no
 * registrable part or is an address literal. The caller's.
 */
char *domain_registrable(const char *domain);

/* Letters, digits, hyphens and dots (or UTF-8 letters), RFC 5321 lengths. */
gboolean domain_valid(const char *domain);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Address, address_free)

#endif
