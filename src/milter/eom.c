#include "milter/eom.h"

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "eom_private.h"
#include "screen/ledger.h"

static void
eom_begin(struct eom *eom, struct site *site, struct session *session,
	  const char *queue_id)
{
	*eom = (struct eom){
		.site = site,
		.session = session,
		.config = session->snapshot->config,
		.envelope = session_envelope(session, queue_id),
		.began_us = clock_monotonic_us(),
		.failure = -1,
	};
	eom->deadline_us = eom->began_us + eom->config->deadline_us;
	eom_find_mailboxes(eom);
}

static void
eom_end(struct eom *eom)
{
	screening_free(eom->screening);
	if (eom->bytes)
		g_bytes_unref(eom->bytes);
	plan_clear(&eom->plan);
	eom_free_mailboxes(eom);
	g_free(eom->view);
	g_free(eom->trouble);
}

static void
learn(struct eom *eom)
{
	struct session *session = eom->session;
	g_autoptr(GPtrArray) rcpts = g_ptr_array_new();
	g_autoptr(Mail) mail = NULL;

	eom->bytes = intake_take(&session->intake);
	if (!eom->bytes)
		return;
	for (guint i = 0; i < session->rcpts->len; i++) {
		const struct recipient *rcpt =
			g_ptr_array_index(session->rcpts, i);

		if (rcpt->key)
			g_ptr_array_add(rcpts, rcpt->key);
	}
	g_ptr_array_add(rcpts, NULL);
	mail = mail_new(eom->bytes, &eom->config->limits);
	ledger_learn(session->snapshot, eom->site->vault, eom->site->key,
		     session->author, (char *const *)rcpts->pdata, mail);
}

/* The plan's view of the mailboxes, after judging. */
static void
fill_input(struct eom *eom)
{
	const struct config *config = eom->config;

	eom->view = g_new0(struct plan_mailbox, eom->mailboxes->len + 1);
	for (guint i = 0; i < eom->mailboxes->len; i++) {
		const struct mailbox *mailbox = eom_mailbox(eom, i);

		eom->view[i] = (struct plan_mailbox){
			.covered = mailbox->buyer != NULL,
			.verdict = mailbox->judgement.verdict,
			.relevant = mailbox->judgement.relevant,
			.failure = mailbox->failure,
		};
	}
	eom->input = (struct plan_input){
		.mode = config->mode,
		.method = config->method,
		.abilities = eom->session->abilities,
		.prefix = *config->subject_prefix != '\0',
		.reasons = config->header_reasons,
		.mailboxes = eom->view,
		.n = eom->mailboxes->len,
	};
	for (guint i = 0; i < FAILURES; i++)
		eom->input.on_error[i] = config->on_error[i];
}

static void
count_mailbox(const struct eom *eom, guint i)
{
	struct counters *counters = eom->site->counters;
	const struct mailbox *mailbox = eom_mailbox(eom, i);
	const enum plan_fate fate = eom->plan.fates[i];

	counter_add(&counters->fates[fate], 1);
	if (fate == FATE_KEPT)
		counter_add(&counters->kept, 1);
	if (mailbox->failure >= 0)
		return;
	counter_add(&counters->verdicts[mailbox->judgement.verdict], 1);
	counter_add(&counters->gates[mailbox->judgement.gate], 1);
}

static void
count(struct eom *eom)
{
	struct counters *counters = eom->site->counters;
	const gint64 now_us = clock_monotonic_us();

	if (eom->session->path == PATH_GATED)
		counter_add(&counters->gated, 1);
	else if (eom->session->path == PATH_LEARN)
		counter_add(&counters->learned, 1);
	else
		counter_add(&counters->screened, 1);
	if (eom->failure >= 0)
		counter_add(&counters->failures[eom->failure], 1);
	if (eom->plan.reply == PLAN_TEMPFAIL)
		counter_add(&counters->deferred, 1);
	for (guint i = 0; i < eom->mailboxes->len; i++)
		if (eom_mailbox(eom, i)->buyer)
			count_mailbox(eom, i);
	counter_add(&counters->late, now_us > eom->deadline_us);
	counters_took(counters, now_us - eom->began_us);
}

/* The copies come first: only with them may the plan remove anybody. */
static void
decide(struct eom *eom)
{
	if (eom->session->path == PATH_SCREEN)
		eom_judge(eom);
	fill_input(eom);
	eom->input.copy = eom_keep(eom);
	plan_make(&eom->input, &eom->plan);
}

/*
 * Who was not removed, and a message that was to be held by the MTA, which is
 * asked for that last, is delivered. Of a copy that we keep nothing is taken
 * back: rather twice than not at all.
 */
static void
not_applied(struct eom *eom)
{
	guint twice = 0;

	for (guint i = 0; i < eom->mailboxes->len; i++) {
		enum plan_fate *fate = &eom->plan.fates[i];

		if (eom_mailbox(eom, i)->removed)
			continue;
		twice += *fate == FATE_KEPT;
		if (*fate != FATE_DEFERRED)
			*fate = FATE_DELIVERED;
	}
	log_write(LOG_LEVEL_WARNING,
		  "qid=%s the MTA did not take a change; the mail is delivered "
		  "without it, to %u mailboxes that have a held copy too",
		  eom->envelope.queue_id, twice);
}

static enum plan_reply
carry_out(struct eom *eom)
{
	enum plan_reply reply = eom->plan.reply;

	if (failpoint_hit("before-delrcpt") || !eom_apply(eom))
		not_applied(eom);
	if (failpoint_hit("after-delrcpt"))
		reply = PLAN_TEMPFAIL;
	eom_note(eom);
	return reply;
}

enum plan_reply
eom_run(struct site *site, struct session *session, const struct mta *mta,
	const char *queue_id)
{
	struct eom eom;
	enum plan_reply reply = PLAN_ACCEPT;

	eom_begin(&eom, site, session, queue_id);
	eom.mta = mta;
	if (session->path == PATH_LEARN) {
		learn(&eom);
		fill_input(&eom);
		eom.input.mode = MODE_OBSERVE;
		plan_make(&eom.input, &eom.plan);
	} else {
		decide(&eom);
		reply = carry_out(&eom);
	}
	count(&eom);
	eom_report(&eom);
	if (failpoint_hit("before-reply"))
		reply = PLAN_TEMPFAIL;
	eom_end(&eom);
	return reply;
}

void
eom_passed(struct site *site, struct session *session, const char *queue_id)
{
	struct eom eom;

	eom_begin(&eom, site, session, queue_id);
	fill_input(&eom);
	eom.input.mode = MODE_OBSERVE;
	plan_make(&eom.input, &eom.plan);
	counter_add(&site->counters->passed, 1);
	eom_report(&eom);
	eom_end(&eom);
}
