/*
 * The end of a message: judge it for every buyer among the recipients, make
 * copies of what is held durable, then tell the MTA what to change.
 *
 * Order matters: the copy first, the recipient's removal after it. Whatever
 * fails ends in the configured fallback. Every lasting effect may be repeated,
 * since the MTA never says what became of the message.
 */
#ifndef MILTER_EOM_H
#define MILTER_EOM_H

#include <glib.h>

#include "milter/plan.h"
#include "milter/session.h"
#include "milter/site.h"

/* What is asked of the MTA; each call is FALSE when it refuses or is gone. */
struct mta {
	void *context;
	gboolean (*add_field)(void *context, const char *name,
			      const char *value);
	/* Index from 1 among fields of that name; `value` NULL deletes. */
	gboolean (*change_field)(void *context, const char *name, guint index,
				 const char *value);
	gboolean (*add_rcpt)(void *context, const char *rcpt);
	gboolean (*remove_rcpt)(void *context, const char *rcpt);
	gboolean (*hold)(void *context, const char *reason);
	/* More time, please. */
	gboolean (*progress)(void *context);
};

/* What to answer. The session still holds the message afterwards. */
enum plan_reply eom_run(struct site *site, struct session *session,
			const struct mta *mta, const char *queue_id);

/* For a message that its envelope let pass: the log and the counters. */
void eom_passed(struct site *site, struct session *session,
		const char *queue_id);

#endif
