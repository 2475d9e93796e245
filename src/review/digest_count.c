#include <string.h>

#include "base/clock.h"
#include "digest_private.h"
#include "screen/spent.h"
#include "screen/verdict.h"

#define PAGE 500

#define ATTENTION_US (7 * CLOCK_DAY_US)

struct counting {
	struct store *store;
	const struct profile *profile;
	gint64 since_us;
	gint64 until_us;
	struct digest_count *count;
};

static gboolean
is_verdict(const struct store_message *message, enum verdict verdict)
{
	return g_strcmp0(message->verdict, verdict_name(verdict)) == 0;
}

/* Surely outreach, judged, and in the inbox. */
static gboolean
is_let_in(const struct counting *counting, const struct store_message *message)
{
	return message->state == STORE_DELIVERED &&
	       (!message->gate || !*message->gate) &&
	       message->outreach >= counting->profile->hold &&
	       !is_verdict(message, VERDICT_QUARANTINE);
}

static void
count_one(const struct counting *counting, const struct store_message *message)
{
	struct digest_count *count = counting->count;
	const struct profile *profile = counting->profile;

	if (message->time_us >= counting->until_us)
		return;
	if (message->time_us >= counting->until_us - ATTENTION_US &&
	    spent_on(message, profile->hold, profile->tag))
		count->spent++;
	if (message->time_us < counting->since_us)
		return;
	if (message->state != STORE_DELIVERED)
		count->held++;
	else if (is_verdict(message, VERDICT_TAG))
		count->tagged++;
	else if (is_let_in(counting, message))
		count->let_in++;
}

/* Ids sort by age: what follows one that is too old is as old. */
static gboolean
count_state(const struct counting *counting, int state, GError **error)
{
	const gint64 from_us =
		MIN(counting->since_us, counting->until_us - ATTENTION_US);
	struct store_query query = {
		.buyer = counting->profile->id,
		.state = state,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];

	for (;;) {
		g_autoptr(GPtrArray) page =
			store_list(counting->store, &query, error);
		const struct store_message *oldest;

		if (!page)
			return FALSE;
		for (guint i = 0; i < page->len; i++)
			count_one(counting, page->pdata[i]);
		if (page->len < PAGE)
			return TRUE;
		oldest = page->pdata[page->len - 1];
		if (oldest->time_us < from_us)
			return TRUE;
		memcpy(last, oldest->id, sizeof(last));
		query.after_id = last;
	}
}

gboolean
digest_count(struct store *store, const struct profile *profile,
	     gint64 since_us, gint64 until_us, struct digest_count *count,
	     GError **error)
{
	/* Held and releasing go together as -1. */
	static const int states[] = { -1, STORE_DELIVERED, STORE_RELEASED,
				      STORE_DELETED, STORE_EXPIRED };
	struct digest_count found = { 0 };
	const struct counting counting = { store, profile, since_us, until_us,
					   &found };

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		if (!count_state(&counting, states[i], error))
			return FALSE;
	}
	*count = found;
	return TRUE;
}
