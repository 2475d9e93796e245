#include <string.h>

#include "base/clock.h"
#include "base/failpoint.h"
#include "eom_private.h"
#include "mail/address.h"

/* From then on the MTA hears that we are at it: a packet more each message
 * would cost it and us more than most of them take. */
#define PATIENCE_US CLOCK_SECOND_US

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
weak_digest(const struct eom *eom)
{
	return g_strdup_printf("%016" G_GINT64_MODIFIER "x", eom->digest);
}

static char *
digest_of(const struct eom *eom, gboolean strong)
{
	return strong ? strong_digest(eom, screening_mail(eom->screening))
		      : weak_digest(eom);
}

static void
fill_mail(const struct eom *eom, struct store_message *row)
{
	const struct reading *reading = screening_reading(eom->screening);
	const struct store_likeness *likeness =
		screening_likeness(eom->screening);
	const struct address *from = reading->author;

	row->from = g_strdup(from ? from->addr : "");
	row->from_name = g_strdup(from ? from->name : "");
	row->subject = g_strdup(reading->content->subject);
	row->vendor = g_strdup(likeness->vendor);
	row->message_id = g_strdup(likeness->message_id);
	row->fingerprint = likeness->fingerprint;
	row->subject_key = likeness->subject_key;
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
	row->campaign = g_strdup(judgement->campaign);
	row->touch = judgement->touch;
	if (judgement->imprint)
		row->features = g_bytes_ref(judgement->imprint);
	if (judgement->reasons)
		row->reasons = reasons_format(judgement->reasons);
}

static struct store_message *
row_new(const struct eom *eom, const struct mailbox *mailbox,
	enum store_state state, const char *digest)
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
	row->digest = g_strdup(digest);
	fill_mail(eom, row);
	fill_judgement(eom, &mailbox->judgement, row);
	if (mailbox->buyer->models) {
		g_free(row->model);
		row->model = g_strdup(mailbox->buyer->models);
	}
	return row;
}

/* What is left of the time is for making the copy durable. */
static gboolean
in_a_hurry(const struct eom *eom)
{
	return clock_monotonic_us() - eom->began_us >
	       eom->config->deadline_us / 2;
}

/* The buyer will ask why; a mail without reasons is held all the same. */
static void
find_reasons(struct eom *eom, struct mailbox *mailbox)
{
	if (!eom->config->header_reasons && !in_a_hurry(eom))
		screening_explain(eom->screening, mailbox->buyer,
				  &mailbox->judgement);
}

static gboolean
hold(struct eom *eom, GPtrArray *rows, GError **error)
{
	enum vault_place place;

	if (!failpoint_pass("before-commit", error))
		return FALSE;
	/* Waiting for a disk may take what is left of what the MTA allows. */
	if (clock_monotonic_us() - eom->began_us > PATIENCE_US)
		eom->mta->progress(eom->mta->context);
	if (!vault_hold(eom->site->vault,
			(struct store_message *const *)rows->pdata, rows->len,
			eom->bytes, eom->deadline_us, &place, error))
		return FALSE;
	counter_add(&eom->site->counters->copies[place], 1);
	return failpoint_pass("after-commit", error);
}

static GPtrArray *
rows_of(struct eom *eom, const GPtrArray *mailboxes)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);
	g_autofree char *digest = digest_of(eom, TRUE);

	for (guint i = 0; i < mailboxes->len; i++) {
		struct mailbox *mailbox = g_ptr_array_index(mailboxes, i);

		find_reasons(eom, mailbox);
		g_ptr_array_add(rows,
				row_new(eom, mailbox, STORE_HELD, digest));
	}
	return rows;
}

/* The message is read once more: that may kill a worker as judging may. */
static GPtrArray *
rows_blamed(struct eom *eom, const GPtrArray *mailboxes)
{
	struct blame *blame = eom->site->blame;
	GPtrArray *rows;
	guint place;

	if (!blame)
		return rows_of(eom, mailboxes);
	place = blame_enter(blame, eom->digest);
	rows = rows_of(eom, mailboxes);
	blame_leave(blame, place);
	return rows;
}

enum plan_copy
eom_keep(struct eom *eom)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GPtrArray) held = g_ptr_array_new();
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < eom->mailboxes->len; i++)
		if (plan_copies(&eom->input, i))
			g_ptr_array_add(held, eom_mailbox(eom, i));
	if (held->len == 0)
		return PLAN_COPY_NONE;
	rows = rows_blamed(eom, held);
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

static gboolean
is_noted(const struct eom *eom, guint i)
{
	const struct mailbox *mailbox = eom_mailbox(eom, i);

	if (!mailbox->buyer || mailbox->failure >= 0 ||
	    eom->plan.fates[i] == FATE_DEFERRED)
		return FALSE;
	/* A copy that is durable stays, whatever the MTA did not take. */
	return eom->input.copy != PLAN_COPY_KEPT ||
	       !plan_copies(&eom->input, i);
}

static void
note_mailbox(struct eom *eom, guint i, const char *digest)
{
	g_autoptr(StoreMessage) row =
		row_new(eom, eom_mailbox(eom, i), STORE_DELIVERED, digest);

	row->note = g_strdup(plan_fate_name(eom->plan.fates[i]));
	vault_note(eom->site->vault, row);
}

/*
 * Where a copy was tried for, its row may be committed yet: the note must have
 * the digest of that row, or the store takes it for another message.
 */
void
eom_note(struct eom *eom)
{
	g_autofree char *weak = NULL;
	g_autofree char *strong = NULL;

	if (!eom->screening)
		return;
	weak = digest_of(eom, FALSE);
	for (guint i = 0; i < eom->mailboxes->len; i++) {
		gboolean tried = eom->input.copy == PLAN_COPY_FAILED &&
				 plan_copies(&eom->input, i);

		if (!is_noted(eom, i))
			continue;
		if (tried && !strong)
			strong = digest_of(eom, TRUE);
		note_mailbox(eom, i, tried ? strong : weak);
	}
}
