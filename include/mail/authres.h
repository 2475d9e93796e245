/*
 * Authentication-Results (RFC 8601) that our own border added.
 *
 * Believed: fields whose authserv-id is one of ours (in any case), that stand
 * above the first Received field that is not ours. A Received field is ours
 * when its `by` host is one of the authserv-ids. Ours may be missing (Postfix
 * hides its own from milters) and a milter before us inserts at the top, so
 * fields above every Received count too. Everything else is what the sender
 * wrote. The MTA must remove incoming fields that claim our id (RFC 8601
 * section 5; OpenDKIM, OpenDMARC and rspamd do). As a second guard a field
 * adds nothing on a method that a field further up has judged, DMARC's "fail"
 * outweighs every "pass", and a field that breaks the grammar anywhere, be it
 * by an unbalanced comment, counts for nothing: what a sender can put into a
 * value must not become another statement.
 *
 * Values are checked against the domain grammar as a whole, with what touches
 * them (CVE-2020-12272); several authors give no result (CVE-2019-16378); SPF
 * counts by smtp.mailfrom only, never by HELO (CVE-2019-20790); DMARC counts
 * when its header.from is the author's domain.
 */
#ifndef MAIL_AUTHRES_H
#define MAIL_AUTHRES_H

#include <glib.h>

#include "mail/message.h"

enum authres_result {
	AUTHRES_NONE, /* no trusted statement, or one that says nothing */
	AUTHRES_PASS, /* DMARC passes, or DKIM or SPF passes and is aligned */
	AUTHRES_FAIL  /* trusted statements exist and none is aligned */
};

/*
 * Whether the author's domain (address_of_author) is vouched for, with relaxed
 * alignment (same registrable domain, RFC 7489 section 3.1). `authserv_ids`
 * is NULL-terminated; `envelope_from` must be the address SPF speaks of for
 * its result to count: when it is not known (NULL) or null (""), none does.
 */
enum authres_result authres_author(const struct mail *mail,
				   const char *const *authserv_ids,
				   const char *envelope_from);

#endif
