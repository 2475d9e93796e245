/* One end of message under way, and the steps of it. */
#ifndef MILTER_EOM_PRIVATE_H
#define MILTER_EOM_PRIVATE_H

#include "base/id.h"
#include "milter/eom.h"
#include "screen/screen.h"

/* Equal addresses are one mailbox; what is no address is one of its own. */
struct mailbox {
	const struct recipient *rcpt; /* the first spelling */
	const struct buyer *buyer;    /* NULL: not covered */
	char id[ID_LEN + 1];
	struct judgement judgement;
	int failure;	  /* enum config_failure, or -1 */
	gboolean removed; /* the MTA took every spelling of it out */
};

/* What holds of a mailbox's mail as long as no model has spoken. */
#define MAILBOX_UNJUDGED(why)                                                  \
	{                                                                      \
		.verdict = VERDICT_DELIVER, .gate = (why), .outreach = -1,     \
		.relevance = -1, .priority = ""                                \
	}

struct eom {
	struct site *site;
	struct session *session;
	const struct mta *mta;
	const struct config *config;
	struct envelope envelope;
	gint64 began_us;    /* monotonic */
	gint64 deadline_us; /* monotonic */
	GBytes *bytes;	    /* NULL when not gathered, or too much */
	guint64 digest;	    /* of what lasts from one attempt to the next */
	struct screening *screening;
	GArray *mailboxes; /* of struct mailbox */
	guint *mailbox_of; /* of each recipient of the session */
	struct plan_input input;
	struct plan_mailbox *view; /* the mailboxes as the plan sees them */
	struct plan plan;
	int failure;   /* the first, or -1 */
	char *trouble; /* what the first failure was */
};

struct mailbox *eom_mailbox(const struct eom *eom, guint i);

/* mailbox.c */
void eom_find_mailboxes(struct eom *eom);
void eom_free_mailboxes(struct eom *eom);

/* judge.c: fills every covered mailbox's judgement or failure. */
void eom_judge(struct eom *eom);

/* All covered mailboxes, or those still without one, meet this failure. */
void eom_fail(struct eom *eom, enum config_failure failure, const char *text);

/* keep.c: the copies the plan asks for; then a row for the rest. */
enum plan_copy eom_keep(struct eom *eom);
void eom_note(struct eom *eom);

/*
 * apply.c: takes the plan's actions, those on recipients first. FALSE when the
 * MTA did not take one of them; those after it were not tried.
 */
gboolean eom_apply(struct eom *eom);

/* report.c */
void eom_report(const struct eom *eom);

#endif
