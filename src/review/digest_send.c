/* The digest as mail: when it is due, once. */
#include "base/clock.h"
#include "digest_private.h"
#include "review/when.h"

#define KIND "digest"

static const char *const outcomes[] = { "not-due", "done", "empty", "sent" };

const char *
digest_outcome_name(enum digest_outcome outcome)
{
	return outcomes[outcome];
}

/* A buyer's digest while it is made and sent. */
struct sending {
	const struct outbox *outbox;
	const struct profile *profile;
	gint64 now_us;
	gboolean again;
	char date[WHEN_DATE_LEN + 1];
	char *key; /* of the job */
};
typedef struct sending Sending;

static void
sending_clear(struct sending *sending)
{
	g_free(sending->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sending, sending_clear)

/* The note begins with what the next digest asks for: until when this told. */
static gboolean
send_claimed(const struct sending *sending, struct outbox_job *job,
	     enum digest_outcome *outcome, GError **error)
{
	g_autoptr(Digest) digest = digest_new(sending->outbox, sending->profile,
					      0, sending->now_us, error);
	g_autofree char *note = NULL;
	g_autoptr(GBytes) mail = NULL;

	if (!digest)
		return FALSE;
	note = g_strdup_printf(
		"until=%" G_GINT64_FORMAT " %s, %u of %u", sending->now_us,
		digest_is_empty(digest) ? "empty" : "sent", digest->folds->len,
		digest->folds->len + digest->more);
	*outcome = digest_is_empty(digest) ? DIGEST_EMPTY : DIGEST_SENT;
	if (digest_is_empty(digest))
		return outbox_skip(job, note, error);
	mail = digest_mail(digest, sending->outbox, KIND, sending->key);
	return outbox_send(job, sending->profile->addresses[0], mail, note,
			   error);
}

/* One that is sent again is a job of its own: it may be asked for often. */
static gboolean
prepare(struct sending *sending)
{
	const struct profile *profile = sending->profile;
	char id[ID_LEN + 1];

	if (sending->again) {
		when_date(sending->now_us, profile->digest.zone, sending->date);
		id_new(id);
		sending->key = g_strdup_printf("%s/%s/%s", profile->id,
					       sending->date, id);
		return TRUE;
	}
	if (!when_due(&profile->digest, sending->now_us, sending->date))
		return FALSE;
	sending->key = g_strdup_printf("%s/%s", profile->id, sending->date);
	return TRUE;
}

gboolean
digest_send(const struct outbox *outbox, const struct profile *profile,
	    gint64 now_us, gboolean again, enum digest_outcome *outcome,
	    GError **error)
{
	g_auto(Sending) sending = {
		.outbox = outbox,
		.profile = profile,
		.now_us = now_us,
		.again = again,
	};
	g_autoptr(OutboxJob) job = NULL;
	g_autoptr(GError) local = NULL;

	if (!prepare(&sending)) {
		*outcome = DIGEST_NOT_DUE;
		return TRUE;
	}
	job = outbox_open(outbox, KIND, sending.key, &local);
	if (job)
		return send_claimed(&sending, job, outcome, error);
	if (!g_error_matches(local, OUTBOX_ERROR, OUTBOX_ERROR_DONE)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	*outcome = DIGEST_DONE;
	return TRUE;
}
