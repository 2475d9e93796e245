/* Our signed header on what we hand to the MTA. */
#ifndef REVIEW_STAMP_PRIVATE_H
#define REVIEW_STAMP_PRIVATE_H

#include <glib.h>

#include "base/key.h"
#include "mail/limits.h"

/*
 * The bytes with an OURS_HEADER on top, good for an hour: the MTA may queue it
 * first. NULL when `rcpt` is no address.
 */
GBytes *stamp(const struct key *key, const struct mail_limits *limits,
	      GBytes *bytes, const char *id, const char *rcpt);

#endif
