#include "review/outbox.h"

#include <string.h>

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/id.h"
#include "mail/compose.h"
#include "review/smtp.h"
#include "stamp_private.h"
#include "store/jobs.h"

/* Beyond the SMTP dialogue's own bound: collecting and the store's writes. */
#define LEASE_MARGIN_US (10 * CLOCK_SECOND_US)

/* Longer than any attempt that began before it was made. */
#define MARK_US CLOCK_DAY_US

#define SETTLE_TRIES 3

/* Of the MAC's 64 digits in a Message-ID. */
#define MESSAGE_ID_DIGITS 32

GQuark
outbox_error_quark(void)
{
	return g_quark_from_static_string("outbox-error");
}

struct outbox_job {
	struct outbox outbox;
	char *kind;
	char *mark; /* kind of the mark */
	char *key;
	char owner[ID_LEN + 1];
	gboolean open; /* claimed, and neither sent nor skipped */
};

static gint64
lease_us(const struct outbox *outbox)
{
	return outbox->config->release_timeout_us + LEASE_MARGIN_US;
}

static void
job_free(struct outbox_job *job)
{
	g_free(job->kind);
	g_free(job->mark);
	g_free(job->key);
	g_free(job);
}

static struct outbox_job *
job_new(const struct outbox *outbox, const char *kind, const char *key)
{
	struct outbox_job *job = g_new0(struct outbox_job, 1);

	job->outbox = *outbox;
	job->kind = g_strdup(kind);
	job->mark = g_strconcat(kind, "-handed", NULL);
	job->key = g_strdup(key);
	id_new(job->owner);
	return job;
}

static gboolean
job_settle(const struct outbox_job *job, gboolean done, const char *note,
	   GError **error)
{
	return store_job_settle(job->outbox.store, job->kind, job->key,
				job->owner, done, note, error);
}

/* It is out, or may be: losing the note of it must not send it twice. */
static gboolean
job_end(struct outbox_job *job, const char *note, GError **error)
{
	g_autoptr(GError) local = NULL;

	job->open = FALSE;
	for (int i = 0; i < SETTLE_TRIES; i++) {
		g_clear_error(&local);
		if (failpoint_pass("after-digest", &local) &&
		    job_settle(job, TRUE, note, &local))
			return TRUE;
	}
	g_propagate_prefixed_error(error, g_steal_pointer(&local),
				   "%s %s: it was sent, but that could not be "
				   "noted: ",
				   job->kind, job->key);
	return FALSE;
}

static gboolean
is_done(const struct outbox_job *job)
{
	g_autoptr(StoreJob) found =
		store_job_find(job->outbox.store, job->kind, job->key, NULL);

	return found && found->done;
}

static gboolean
refuse_done(const struct outbox_job *job, GError **error)
{
	g_set_error(error, OUTBOX_ERROR, OUTBOX_ERROR_DONE,
		    "%s %s: is done already", job->kind, job->key);
	return FALSE;
}

/* Asked first, since a timer asks every minute, and reading writes nothing. */
static gboolean
job_claim(struct outbox_job *job, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (is_done(job))
		return refuse_done(job, error);
	if (store_job_claim(job->outbox.store, job->kind, job->key, job->owner,
			    lease_us(&job->outbox), &local)) {
		job->open = TRUE;
		return TRUE;
	}
	if (!g_error_matches(local, STORE_ERROR, STORE_ERROR_CONFLICT)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (is_done(job))
		return refuse_done(job, error);
	g_set_error(error, OUTBOX_ERROR, OUTBOX_ERROR_BUSY,
		    "%s %s: is being sent; if that process died, try again in "
		    "a minute",
		    job->kind, job->key);
	return FALSE;
}

/* Whether an attempt came as far as the dot and nobody knows what became of
 * it: a mark that was refused is given back. */
static gboolean
job_marked(const struct outbox_job *job, gboolean *marked, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(StoreJob) mark =
		store_job_find(job->outbox.store, job->mark, job->key, &local);

	if (!mark &&
	    !g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	*marked = mark && (mark->done || mark->lease_us != 0);
	return TRUE;
}

static void
error_unknown(const struct outbox_job *job, const char *why, GError **error)
{
	g_set_error(error, OUTBOX_ERROR, OUTBOX_ERROR_UNKNOWN,
		    "%s %s: it is not known whether %s took it (%s); it is not "
		    "sent again by itself",
		    job->kind, job->key, job->outbox.config->release, why);
}

struct outbox_job *
outbox_open(const struct outbox *outbox, const char *kind, const char *key,
	    GError **error)
{
	g_autoptr(OutboxJob) job = job_new(outbox, kind, key);
	gboolean marked = FALSE;

	if (!job_claim(job, error) || !job_marked(job, &marked, error))
		return NULL;
	if (!marked)
		return g_steal_pointer(&job);
	if (job_end(job, "not known whether it was sent", error))
		error_unknown(job, "an earlier attempt died", error);
	return NULL;
}

/* Before the dot: from here on it may have been sent. */
static gboolean
commit(gpointer data)
{
	const struct outbox_job *job = data;

	return store_job_claim(job->outbox.store, job->mark, job->key,
			       job->owner, MARK_US, NULL);
}

static gboolean
send(struct outbox_job *job, const char *rcpt, GBytes *mail, const char *note,
     GError **error)
{
	const struct config *config = job->outbox.config;
	const gint64 timeout_ms = config->release_timeout_us / 1000;
	const struct smtp_letter letter = {
		.url = config->release,
		.sender = "",
		.rcpt = rcpt,
		.bytes = mail,
		.timeout_ms = (guint)CLAMP(timeout_ms, 1, G_MAXINT),
		.commit = commit,
		.data = job,
	};
	g_autofree char *reply = NULL;

	switch (smtp_deliver(&letter, &reply)) {
	case SMTP_TAKEN:
		return job_end(job, note, error);
	case SMTP_UNKNOWN:
		if (job_end(job, reply, error))
			error_unknown(job, reply, error);
		return FALSE;
	case SMTP_REFUSED:
	default:
		/* Where there is a mark, it is void. */
		store_job_settle(job->outbox.store, job->mark, job->key,
				 job->owner, FALSE, reply, NULL);
		g_set_error(error, OUTBOX_ERROR, OUTBOX_ERROR_REFUSED,
			    "%s %s: %s refused it: %s", job->kind, job->key,
			    config->release, reply);
		return FALSE;
	}
}

gboolean
outbox_send(struct outbox_job *job, const char *rcpt, GBytes *mail,
	    const char *note, GError **error)
{
	const struct config *config = job->outbox.config;
	const char *to =
		config->digest.redirect ? config->digest.redirect : rcpt;
	g_autoptr(GBytes) bytes =
		stamp(job->outbox.key, &config->limits, mail, job->owner, to);

	g_assert(job->open);
	if (bytes)
		return failpoint_pass("before-digest", error) &&
		       send(job, to, bytes, note, error);
	g_set_error(error, OUTBOX_ERROR, OUTBOX_ERROR_REFUSED,
		    "%s %s: '%s' is no address", job->kind, job->key, to);
	return FALSE;
}

gboolean
outbox_skip(struct outbox_job *job, const char *note, GError **error)
{
	g_assert(job->open);
	job->open = FALSE;
	return job_settle(job, TRUE, note, error);
}

void
outbox_close(struct outbox_job *job)
{
	if (!job)
		return;
	if (job->open)
		job_settle(job, FALSE, "not sent", NULL);
	job_free(job);
}

char *
outbox_message_id(const struct outbox *outbox, const char *kind,
		  const char *key)
{
	const char *at = strrchr(outbox->config->digest.from, '@');
	g_autofree char *data = g_strdup_printf("%s %s", kind, key);
	g_autofree char *mac =
		key_mac(outbox->key, "message-id", data, strlen(data));

	return g_strdup_printf("<%.*s@%s>", MESSAGE_ID_DIGITS, mac,
			       at ? at + 1 : "pitchward.invalid");
}

GBytes *
outbox_mail(const struct outbox *outbox, const char *kind, const char *key,
	    const struct outbox_letter *letter)
{
	const struct profile *profile = letter->profile;
	const char *redirect = outbox->config->digest.redirect;
	const char *const fields[] = { "X-Pitchward-For", profile->addresses[0],
				       NULL };
	g_autofree char *message_id = outbox_message_id(outbox, kind, key);
	const struct compose mail = {
		.from = outbox->config->digest.from,
		.from_name = "Pitchward",
		.to = redirect ? redirect : profile->addresses[0],
		.to_name = redirect ? NULL : profile->name,
		.subject = letter->subject,
		.message_id = message_id,
		.date_us = letter->date_us,
		.zone = profile->digest.zone,
		.fields = redirect ? fields : NULL,
		.text = letter->text,
		.html = letter->html,
	};

	return compose_mail(&mail);
}
