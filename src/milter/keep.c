#include <string.h>

#include "base/clock.h"
#include "eom_private.h"
#include "mail/address.h"
#include "milter/failpoint.h"
#include "text/fingerprint.h"

/* What is the same in every attempt to send this message. */
static const char *const lasting_fields[] = { "From", "Subject", "Date",
					      "Message-ID", NULL };

/*
 * The repeat key of mail that is held: nobody may make another's mail look
 * like one that we have already. Trace fields and what earlier filters add
 * change from one attempt to the next, so only lasting fields and the body
 * count.
 */
static char *
strong_digest(const struct eom *eom, const struct mail *mail)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	const char *sender = eom->envelope.sender;
	gsize size;
	const guchar *data = g_bytes_get_data(eom->bytes, &size);
	gsize body = MIN(eom->session->intake.body, size);

	g_checksum_update(sum, (const guchar *)sender,
			  (gssize)strlen(sender) + 1);
	for (guint i = 0; lasting_fields[i]; i++) {
		g_autofree char *text =
			mail_field_text(mail, lasting_fields[i], 0);

		if (text)
			g_checksum_update(sum, (const guchar *)text, -1);
		g_checksum_update(sum, (const guchar *)"", 1);
	}
	g_checksum_update(sum, data + body, (gssize)(size - body));
	return g_strdup(g_checksum_get_string(sum));
}

/* Mail that is only recorded needs no more than to be counted once. */
static char *
digest_of(const struct eom *eom, const struct mail *mail,
	  enum store_state state)
{
	if (state == STORE_HELD)
		return strong_digest(eom, mail);
	return g_strdup_printf("%016" G_GINT64_MODIFIER "x", eom->digest);
}

static void
fill_mail(const struct eom *eom, struct store_message *row)
{
	const struct mail *mail = screening_mail(eom->screening);
	const struct reading *reading = screening_reading(eom->screening);
	const struct address *from = reading->author;

	row->from = g_strdup(from ? from->addr : "");
	row->from_name = g_strdup(from ? from->name : "");
	row->vendor = from && *from->domain ? domain_registrable(from->domain)
					    : g_strdup("");
	row->subject = g_strdup(reading->content->subject);
	row->message_id = mail_field_text(mail, "Message-ID", 0);
	row->fingerprint =
		fingerprint(reading->text.folded, reading->text.words);
	row->digest = digest_of(eom, mail, row->state);
}

static void
fill_judgement(const struct eom *eom, const struct judgement *judgement,
	       struct store_message *row)
{
	row->verdict = g_strdup(verdict_name(judgement->verdict));
	row->outreach = judgement->outreach;
	row->relevance = judgement->relevance;
	row->priority = g_strdup(judgement->priority);
	row->model = g_strdup(eom->session->snapshot->models);
	row->gate = g_strdup(gate_name(judgement->gate));
	if (judgement->reasons)
		row->reasons = reasons_format(judgement->reasons);
}

static struct store_message *
row_new(const struct eom *eom, const struct mailbox *mailbox,
	enum store_state state)
{
	struct store_message *row = g_new0(struct store_message, 1);
	gint64 now = clock_now_us();

	g_strlcpy(row->id, mailbox->id, sizeof(row->id));
	row->buyer = g_strdup(mailbox->buyer->profile->id);
	row->time_us = now;
	row->sender = g_strdup(eom->envelope.sender);
	row->rcpt = g_strdup(mailbox->rcpt->exact);
	row->queue_id = g_strdup(eom->envelope.queue_id);
	row->node = g_strdup(eom->site->node);
	row->size = (gint64)g_bytes_get_size(eom->bytes);
	row->state = state;
	row->state_us = now;
	fill_mail(eom, row);
	fill_judgement(eom, &mailbox->judgement, row);
	return row;
}

/* The buyer will ask why; a mail without reasons is held all the same. */
static void
find_reasons(struct eom *eom, struct mailbox *mailbox)
{
	struct judgement again = { .priority = "" };

	if (mailbox->judgement.reasons)
		return;
	if (screening_judge(eom->screening, mailbox->buyer, SCREEN_REASONS,
			    &again, NULL)) {
		mailbox->judgement.reasons = again.reasons;
		again.reasons = NULL;
	}
	judgement_clear(&again);
}

static gboolean
hold(struct eom *eom, GPtrArray *rows, GError **error)
{
	enum vault_place place;

	if (failpoint_hit("before-commit")) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "failpoint before-commit");
		return FALSE;
	}
	/* Waiting for a disk may take what the MTA allows for an answer. */
	eom->mta->progress(eom->mta->context);
	if (!vault_hold(eom->site->vault,
			(struct store_message *const *)rows->pdata, rows->len,
			eom->bytes, eom->deadline_us, &place, error))
		return FALSE;
	if (failpoint_hit("after-commit")) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "failpoint after-commit");
		return FALSE;
	}
	return TRUE;
}

enum plan_copy
eom_keep(struct eom *eom)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);
	g_autoptr(GPtrArray) held = g_ptr_array_new();
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < eom->mailboxes->len; i++) {
		struct mailbox *mailbox = eom_mailbox(eom, i);

		if (!plan_copies(&eom->input, i))
			continue;
		find_reasons(eom, mailbox);
		g_ptr_array_add(rows, row_new(eom, mailbox, STORE_HELD));
		g_ptr_array_add(held, mailbox);
	}
	if (rows->len == 0)
		return PLAN_COPY_NONE;
	if (!hold(eom, rows, &error)) {
		if (eom->failure < 0) {
			eom->failure = FAILURE_STORE;
			eom->trouble = g_strdup(error->message);
		}
		return PLAN_COPY_FAILED;
	}
	/* A repeat goes by the id it had the first time. */
	for (guint i = 0; i < rows->len; i++) {
		const struct store_message *row = g_ptr_array_index(rows, i);
		struct mailbox *mailbox = g_ptr_array_index(held, i);

		g_strlcpy(mailbox->id, row->id, sizeof(mailbox->id));
	}
	return PLAN_COPY_KEPT;
}

void
eom_note(struct eom *eom)
{
	if (!eom->screening)
		return;
	for (guint i = 0; i < eom->mailboxes->len; i++) {
		struct mailbox *mailbox = eom_mailbox(eom, i);
		enum plan_fate fate = eom->plan.fates[i];
		g_autoptr(StoreMessage) row = NULL;

		if (!mailbox->buyer || mailbox->failure >= 0 ||
		    fate == FATE_KEPT || fate == FATE_DEFERRED)
			continue;
		row = row_new(eom, mailbox, STORE_DELIVERED);
		row->note = g_strdup(plan_fate_name(fate));
		vault_note(eom->site->vault, row);
	}
}
