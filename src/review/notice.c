#include "review/notice.h"

#include <string.h>

#include "base/clock.h"
#include "review/digest.h"
#include "screen/verdict.h"
#include "store/jobs.h"

#define KIND "notice"

#define HOUR_US (3600 * CLOCK_SECOND_US)

/* Enough to see how many were sent within the hour. */
#define JOBS_MAX (NOTICE_HOUR * 4)

/* Of each state, looked at: what is older is for the digest. */
#define NEWEST 50

struct noticing {
	const struct outbox *outbox;
	const struct profile *profile;
	gint64 now_us;
	guint left; /* that may be sent */
	guint *sent;
};

static gboolean
is_due(const struct noticing *noticing, const struct store_message *message)
{
	const char *tag = verdict_name(VERDICT_TAG);

	return message->relevance >=
		       noticing->outbox->config->digest.notice_from &&
	       message->time_us > noticing->now_us - NOTICE_AGE_US &&
	       (message->state == STORE_HELD ||
		(message->state == STORE_DELIVERED &&
		 g_strcmp0(message->verdict, tag) == 0));
}

/* How many may still be sent in this hour. */
static gboolean
count_left(struct noticing *noticing, GError **error)
{
	g_autofree char *prefix = g_strconcat(noticing->profile->id, "/", NULL);
	g_autoptr(GPtrArray) jobs = store_job_list(
		noticing->outbox->store, KIND, prefix, JOBS_MAX, error);
	guint n = 0;

	if (!jobs)
		return FALSE;
	for (guint i = 0; i < jobs->len; i++) {
		const struct store_job *job = jobs->pdata[i];

		if (job->done && job->time_us > noticing->now_us - HOUR_US)
			n++;
	}
	noticing->left = n < NOTICE_HOUR ? NOTICE_HOUR - n : 0;
	return TRUE;
}

/* Takes the message. Sent before, or by another just now, is no failure. */
static gboolean
notify(struct noticing *noticing, struct store_message *message, GError **error)
{
	g_autofree char *key =
		g_strdup_printf("%s/%s", noticing->profile->id, message->id);
	g_autoptr(Digest) digest = digest_new_single(
		noticing->outbox, noticing->profile, message, noticing->now_us);
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) mail = NULL;
	g_autoptr(OutboxJob) job =
		outbox_open(noticing->outbox, KIND, key, &local);

	if (!job && (g_error_matches(local, OUTBOX_ERROR, OUTBOX_ERROR_DONE) ||
		     g_error_matches(local, OUTBOX_ERROR, OUTBOX_ERROR_BUSY)))
		return TRUE;
	if (!job) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	mail = digest_mail(digest, noticing->outbox, KIND, key);
	if (!outbox_send(job, noticing->profile->addresses[0], mail, "sent",
			 error))
		return FALSE;
	noticing->left--;
	(*noticing->sent)++;
	return TRUE;
}

/* Without `since_us` in the query: the store would walk all that is older to
 * fill the page. */
static gboolean
notify_state(struct noticing *noticing, int state, GError **error)
{
	const struct store_query query = {
		.buyer = noticing->profile->id,
		.state = state,
		.limit = NEWEST,
	};
	g_autoptr(GPtrArray) list =
		store_list(noticing->outbox->store, &query, error);

	if (!list)
		return FALSE;
	while (list->len > 0 && noticing->left > 0) {
		g_autoptr(StoreMessage) message =
			g_ptr_array_steal_index(list, list->len - 1);

		if (is_due(noticing, message) &&
		    !notify(noticing, g_steal_pointer(&message), error))
			return FALSE;
	}
	return TRUE;
}

gboolean
notice_send(const struct outbox *outbox, const struct profile *profile,
	    gint64 now_us, guint *sent, GError **error)
{
	struct noticing noticing = {
		.outbox = outbox,
		.profile = profile,
		.now_us = now_us,
		.sent = sent,
	};

	if (!(outbox->config->digest.notice_from > 0))
		return TRUE;
	return count_left(&noticing, error) &&
	       (noticing.left == 0 ||
		(notify_state(&noticing, -1, error) &&
		 notify_state(&noticing, STORE_DELIVERED, error)));
}
