/*
 * Mailboxes one after another in the value of an address field: RFC 5322
 * section 3.4 with its obsolete forms, groups flattened, without recursion
 * and without allocation but for the names.
 */
#ifndef MAIL_MAILBOX_PRIVATE_H
#define MAIL_MAILBOX_PRIVATE_H

#include <glib.h>

#include "mail/address.h"

struct mailbox_scan {
	const char *at;
	const char *end;
	const char *bare; /* words without <>: those with an @ are addresses */
	const char *bare_end;
	GString *name; /* the phrase, not decoded; NULL: not wanted */
	char addr[ADDRESS_LEN_MAX + 1];
	gsize addr_len;
	gboolean gap;	  /* spaces since the last character of addr */
	gboolean comment; /* a comment since the last character of addr */
	gboolean broken;  /* addr cannot become an address any more */
	guint malformed;  /* what has an @ and yet is no address */
};

/* `name` (may be NULL) is borrowed and holds each mailbox's phrase in turn. */
void mailbox_scan_open(struct mailbox_scan *scan, const char *value, gsize len,
		       GString *name);

/* The next mailbox into addr and name; FALSE when there is none. */
gboolean mailbox_scan_next(struct mailbox_scan *scan);

/*
 * local@domain as it may stand in a field: the @ that divides it, `addr`'s end
 * for a local part alone, NULL for what is no address.
 */
const char *mailbox_split(const char *addr, gsize len);

#endif
