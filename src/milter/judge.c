#include <string.h>
#include <xxhash.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/failpoint.h"
#include "eom_private.h"
#include "model/model.h"

/* The one table from what went wrong to what on_error calls it. */
static const struct {
	GQuark (*domain)(void);
	int code; /* -1: any */
	enum config_failure failure;
} failures[] = {
	{ model_error_quark, -1, FAILURE_MODEL },
	{ base_error_quark, BASE_ERROR_LIMIT, FAILURE_TIME },
	{ base_error_quark, -1, FAILURE_PARSE },
	{ store_error_quark, -1, FAILURE_STORE },
};

static enum config_failure
failure_of(const GError *error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(failures); i++)
		if (error->domain == failures[i].domain() &&
		    (failures[i].code < 0 || failures[i].code == error->code))
			return failures[i].failure;
	return FAILURE_PARSE;
}

static void
first_trouble(struct eom *eom, enum config_failure failure, const char *text)
{
	if (eom->failure >= 0)
		return;
	eom->failure = (int)failure;
	eom->trouble = g_strdup(text);
}

static void
fail_mailbox(struct mailbox *mailbox, enum config_failure failure)
{
	judgement_clear(&mailbox->judgement);
	mailbox->judgement = (struct judgement)MAILBOX_UNJUDGED(GATE_NONE);
	mailbox->failure = (int)failure;
}

void
eom_fail(struct eom *eom, enum config_failure failure, const char *text)
{
	first_trouble(eom, failure, text);
	for (guint i = 0; i < eom->mailboxes->len; i++) {
		struct mailbox *mailbox = eom_mailbox(eom, i);

		if (mailbox->buyer)
			fail_mailbox(mailbox, failure);
	}
}

static void
judge_mailbox(struct eom *eom, struct mailbox *mailbox)
{
	const enum screen_flags flags =
		SCREEN_IMPRINT |
		(eom->config->header_reasons ? SCREEN_REASONS : SCREEN_FAST);
	g_autoptr(GError) error = NULL;

	if (!screening_judge(eom->screening, mailbox->buyer, flags,
			     &mailbox->judgement, &error)) {
		fail_mailbox(mailbox, failure_of(error));
		first_trouble(eom, failure_of(error), error->message);
		return;
	}
	/* Nobody forges hundreds of our fields and means well; and they cannot
	 * all be taken out. */
	if (eom->session->intake.flooded)
		mailbox->judgement.verdict = VERDICT_QUARANTINE;
}

/*
 * A campaign that begins here goes by the id of the first row. Who only
 * observes lets everything in and spends nothing.
 */
static void
introduce(struct eom *eom)
{
	guint i = 0;

	while (i < eom->mailboxes->len && !eom_mailbox(eom, i)->buyer)
		i++;
	if (i < eom->mailboxes->len)
		screening_set_id(eom->screening, eom_mailbox(eom, i)->id);
	if (eom->config->mode != MODE_OBSERVE)
		screening_set_spending(eom->screening, eom->site->spending,
				       eom->digest);
}

static gboolean
pass(struct eom *eom, const char *failpoint, enum config_failure failure)
{
	g_autoptr(GError) error = NULL;

	if (!failpoint_pass(failpoint, &error))
		eom_fail(eom, failure, error->message);
	return !error;
}

static void
judge_all(struct eom *eom)
{
	struct site *site = eom->site;

	if (!pass(eom, "before-parse", FAILURE_PARSE))
		return;
	eom->screening =
		screening_new(eom->session->snapshot, site->vault, site->key,
			      &eom->envelope, eom->bytes, eom->deadline_us);
	introduce(eom);
	screening_reading(eom->screening);
	if (!pass(eom, "after-parse", FAILURE_PARSE) ||
	    !pass(eom, "before-score", FAILURE_MODEL))
		return;
	for (guint i = 0; i < eom->mailboxes->len; i++)
		if (eom_mailbox(eom, i)->buyer)
			judge_mailbox(eom, eom_mailbox(eom, i));
	pass(eom, "after-score", FAILURE_MODEL);
}

static guint64
add_digest(guint64 digest, const char *text)
{
	return text ? XXH3_64bits_withSeed(text, strlen(text), digest) : digest;
}

/* Not all of the header: trace fields differ from one attempt to the next. */
static guint64
quick_digest(const struct eom *eom)
{
	const struct intake *intake = &eom->session->intake;
	gsize size;
	const char *data = g_bytes_get_data(eom->bytes, &size);
	gsize body = MIN(intake->body, size);
	guint64 digest = 0;

	digest = add_digest(digest, eom->envelope.sender);
	digest = add_digest(digest, intake->message_id);
	digest = add_digest(digest, intake->subject);
	return XXH3_64bits_withSeed(data + body, size - body, digest);
}

static void
judge_blamed(struct eom *eom)
{
	struct blame *blame = eom->site->blame;
	guint place;

	if (!blame) {
		judge_all(eom);
		return;
	}
	if (blame_known(blame, eom->digest)) {
		eom_fail(eom, FAILURE_PARSE,
			 "a worker died reading this message before");
		return;
	}
	place = blame_enter(blame, eom->digest);
	judge_all(eom);
	blame_leave(blame, place);
}

void
eom_judge(struct eom *eom)
{
	struct site *site = eom->site;

	if (!eom->session->sender) {
		eom_fail(eom, FAILURE_PARSE, "the sender is no mail address");
		return;
	}
	eom->bytes = intake_take(&eom->session->intake);
	if (!eom->bytes) {
		eom_fail(eom, FAILURE_PARSE, "the message is too large");
		return;
	}
	eom->digest = quick_digest(eom);
	if (atomic_fetch_add(&site->screening, 1) >= eom->config->sessions_max)
		eom_fail(eom, FAILURE_TIME,
			 "sessions_max messages are being judged already");
	else
		judge_blamed(eom);
	atomic_fetch_sub(&site->screening, 1);
}
