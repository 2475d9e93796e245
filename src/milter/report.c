#include "base/clock.h"
#include "base/log.h"
#include "eom_private.h"

#define ID_MAX	    100
#define ADDRESS_MAX 120
#define SUBJECT_MAX 120

/* "-" for nothing. */
static void
append_word(GString *line, const char *name, const char *word)
{
	g_string_append(line, name);
	g_string_append_c(line, '=');
	g_string_append(line, *word ? word : "-");
}

/* "-" for what was not computed. */
static void
append_score(GString *line, const char *name, double score)
{
	if (score < 0)
		append_word(line, name, "");
	else
		g_string_append_printf(line, "%s=%.3f", name, score);
}

static void
append_quoted(GString *line, const char *name, const char *text, gsize max)
{
	g_autofree char *quoted = text && *text ? log_quote(text, max) : NULL;

	append_word(line, name, quoted ? quoted : "");
}

/* Queue ids are the MTA's own words; only an odd one needs quotes. */
static void
append_queue_id(GString *line, const char *queue_id)
{
	if (*queue_id &&
	    strspn(queue_id, "0123456789"
			     "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(queue_id))
		append_word(line, "qid", queue_id);
	else
		append_quoted(line, "qid", queue_id, ID_MAX);
}

static void
append_rcpt(GString *line, const struct config *config,
	    const struct recipient *rcpt)
{
	if (config->log_addresses)
		append_quoted(line, " rcpt", rcpt->exact, ADDRESS_MAX);
	else
		append_word(line, " rcpt",
			    rcpt->buyer ? rcpt->buyer->profile->id : "");
}

/* What the mailbox's mail met, or -1. Copies are of mail with a verdict. */
static int
failure_of(const struct eom *eom, guint i)
{
	struct plan_input before = eom->input;

	before.copy = PLAN_COPY_NONE;
	if (eom->input.copy == PLAN_COPY_FAILED && plan_copies(&before, i))
		return FAILURE_STORE;
	return eom_mailbox(eom, i)->failure;
}

/* Only of mail that was read: reading is not begun here. */
static void
append_author(GString *line, const struct eom *eom,
	      const struct mailbox *mailbox)
{
	const struct address *author;

	if (!eom->screening || !mailbox->buyer || mailbox->failure >= 0)
		return;
	author = screening_reading(eom->screening)->author;
	if (author)
		append_quoted(line, " from", author->addr, ADDRESS_MAX);
}

static void
append_rest(GString *line, const struct eom *eom, guint i)
{
	const struct mailbox *mailbox = eom_mailbox(eom, i);

	if (eom->config->log_subjects)
		append_quoted(line, " subject", eom->session->intake.subject,
			      SUBJECT_MAX);
	if (*mailbox->judgement.priority)
		append_word(line, " priority", mailbox->judgement.priority);
	if (!eom->config->log_addresses)
		return;
	append_quoted(line, " sender", eom->envelope.sender, ADDRESS_MAX);
	append_author(line, eom, mailbox);
}

static void
append_outcome(GString *line, const struct eom *eom, guint i)
{
	const struct mailbox *mailbox = eom_mailbox(eom, i);
	const struct judgement *judgement = &mailbox->judgement;
	const int failure = failure_of(eom, i);

	append_rcpt(line, eom->config, mailbox->rcpt);
	append_word(line, " verdict", verdict_name(judgement->verdict));
	append_score(line, " outreach", judgement->outreach);
	append_score(line, " relevance", judgement->relevance);
	append_word(line, " gate", gate_name(judgement->gate));
	append_word(line, " model", eom->session->snapshot->models);
	g_string_append_printf(line, " ms=%.1f",
			       (double)(clock_monotonic_us() - eom->began_us) /
				       1000);
	if (judgement->touch > 1)
		g_string_append_printf(line, " touch=%u", judgement->touch);
	append_word(line, " id", mailbox->id);
	append_word(line, " fate", plan_fate_name(eom->plan.fates[i]));
	if (failure >= 0)
		append_word(line, " error", config_failures[failure]);
}

static void
report_mailbox(const struct eom *eom, guint i)
{
	const struct intake *intake = &eom->session->intake;
	g_autoptr(GString) line = g_string_sized_new(300);

	append_queue_id(line, eom->envelope.queue_id);
	append_quoted(line, " msgid", intake->message_id, ID_MAX);
	append_outcome(line, eom, i);
	append_rest(line, eom, i);
	log_write(LOG_LEVEL_INFO, "%s", line->str);
}

static void
report_trouble(const struct eom *eom)
{
	g_autoptr(GString) line = g_string_new(NULL);

	append_queue_id(line, eom->envelope.queue_id);
	log_write(LOG_LEVEL_WARNING, "%s %s: %s; the mail is %s", line->str,
		  config_failures[eom->failure], eom->trouble,
		  eom->plan.reply == PLAN_TEMPFAIL ? "refused for now"
						   : "delivered all the same");
}

/*
 * Without addresses in the log, all who are not covered look the same: one
 * line stands for them.
 */
void
eom_report(const struct eom *eom)
{
	gboolean others = FALSE;

	if (eom->failure >= 0)
		report_trouble(eom);
	for (guint i = 0; i < eom->mailboxes->len; i++) {
		gboolean other = !eom_mailbox(eom, i)->buyer;

		if (other && others && !eom->config->log_addresses)
			continue;
		others = others || other;
		report_mailbox(eom, i);
	}
}
