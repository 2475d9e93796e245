/*
 * The brief (market/insight.h) as mail: on the site's day of the week, at the
 * hour of the buyer's digest, once (review/outbox.h), whoever runs this at once
 * and however often. Who has no digest gets no brief.
 */
#ifndef MARKET_BRIEF_H
#define MARKET_BRIEF_H

#include <glib.h>

#include "market/insight.h"
#include "review/outbox.h"

struct brief {
	const struct outbox *outbox;
	const struct vendor_book *book;
	const struct profile *profile;
	gint64 now_us;
	gboolean again; /* now, whether it is due or was sent or not; it does
			   not count as the week's */
	/* Called when the brief is made, before it is written; or NULL. */
	void (*made)(struct insight *insight, gpointer data);
	gpointer data;
};

enum brief_outcome {
	BRIEF_NOT_DUE,
	BRIEF_DONE,  /* was sent, or empty, before */
	BRIEF_EMPTY, /* nothing to say; the week is done */
	BRIEF_SENT
};

/* "not-due", "done", "empty", "sent". */
const char *brief_outcome_name(enum brief_outcome outcome);

/* Whether it is due at that moment, sent or not. */
gboolean brief_is_due(const struct brief *brief);

/* Errors: OUTBOX_ERROR but DONE; STORE_ERROR. */
gboolean brief_send(const struct brief *brief, enum brief_outcome *outcome,
		    GError **error);

/* "Brief, 16 Nov to 22 Nov: 40 mails, 2 topics rising". The caller's. */
char *brief_subject(const struct insight *insight);

#endif
