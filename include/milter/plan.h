/*
 * What the MTA is told at the end of a message: a pure function of the
 * configuration, the verdicts, what the MTA can do, and whether the copies of
 * held mail are durable.
 *
 * The rule that everything here serves: nobody is removed from a message, and
 * no message is discarded, unless the copy is kept (`PLAN_COPY_KEPT`) or the
 * MTA itself keeps the message (hold, redirect).
 */
#ifndef MILTER_PLAN_H
#define MILTER_PLAN_H

#include <glib.h>

#include "profile/config.h"
#include "screen/verdict.h"

/* What this MTA lets us do. */
enum plan_ability {
	PLAN_CAN_ADD = 1 << 0,	    /* add header fields */
	PLAN_CAN_CHANGE = 1 << 1,   /* change and delete them */
	PLAN_CAN_REMOVE = 1 << 2,   /* remove recipients */
	PLAN_CAN_REDIRECT = 1 << 3, /* add recipients */
	PLAN_CAN_HOLD = 1 << 4	    /* hold the message in its own queue */
};

/* One mailbox of the message: equal addresses are one. */
struct plan_mailbox {
	gboolean covered; /* it is a buyer's; else nothing below counts */
	enum verdict verdict;
	gboolean relevant;
	int failure; /* enum config_failure; -1: none, there is a verdict */
};

/* Where the copies that plan_copies() asked for are. */
enum plan_copy { PLAN_COPY_NONE, PLAN_COPY_KEPT, PLAN_COPY_FAILED };

struct plan_input {
	enum config_mode mode;
	enum config_method method;
	enum config_fallback on_error[FAILURES];
	guint abilities; /* enum plan_ability */
	gboolean prefix; /* a subject prefix is configured */
	gboolean reasons;
	const struct plan_mailbox *mailboxes;
	guint n;
	enum plan_copy copy;
};

enum action_kind {
	ACTION_STRIP,	/* delete every field of ours that came with it */
	ACTION_VERDICT, /* add X-Pitchward for `mailbox` */
	ACTION_REASON,	/* add X-Pitchward-Reason for `mailbox` */
	ACTION_ERROR,	/* add X-Pitchward-Error for `mailbox` */
	ACTION_SUBJECT, /* put the prefix before the subject */
	ACTION_ADD,	/* add the quarantine mailbox as recipient */
	ACTION_REMOVE,	/* remove `mailbox`, every spelling of it */
	ACTION_HOLD	/* put the whole message into the MTA's hold queue */
};

struct action {
	enum action_kind kind;
	guint mailbox; /* index; 0 where none is meant */
};

enum plan_reply { PLAN_ACCEPT, PLAN_DISCARD, PLAN_TEMPFAIL };

/* What becomes of one mailbox's mail. */
enum plan_fate {
	FATE_DELIVERED,
	FATE_KEPT, /* removed, and the copy is ours */
	FATE_HELD, /* by the MTA */
	FATE_REDIRECTED,
	FATE_DEFERRED /* the sender tries again */
};

struct plan {
	enum plan_reply reply;
	GArray *actions;       /* of struct action; eom_apply() takes those on
				* recipients first */
	enum plan_fate *fates; /* one a mailbox */
};
typedef struct plan Plan; /* for g_auto(Plan) */

/*
 * Whether mailbox `i`'s copy must be made durable before plan_make(); FALSE
 * for all when none may be removed or the message will be refused for now.
 */
gboolean plan_copies(const struct plan_input *input, guint i);

/* Never fails; plan_clear() it. */
void plan_make(const struct plan_input *input, struct plan *plan);
void plan_clear(struct plan *plan);

/* "delivered", "kept", "held", "redirected", "deferred". */
const char *plan_fate_name(enum plan_fate fate);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Plan, plan_clear)

#endif
