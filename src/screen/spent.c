#include "screen/spent.h"

#include <string.h>

#include "base/clock.h"
#include "reason_private.h"
#include "screen/attention.h"
#include "screen/verdict.h"

#define PAGE 500

/* A week, and a day for the hours between its zone and any other. */
#define BACK_US (8 * CLOCK_DAY_US)

/* A ruling's mail is outside of the budget, whether held or let in. */
static gboolean
is_ruled(const struct store_message *message)
{
	return message->reasons &&
	       strstr(message->reasons, "\"ruling: ") != NULL;
}

double
spent_relevance(const struct store_message *message)
{
	if (!message->reasons || !strstr(message->reasons, "\"" REASON_GROUP))
		return message->relevance;
	return MAX(reasons_find(message->reasons, REASON_GROUP),
		   message->relevance);
}

gboolean
spent_asked(const struct store_message *message, double hold, double tag)
{
	return (!message->gate || !*message->gate) &&
	       message->outreach >= hold && spent_relevance(message) >= tag &&
	       !is_ruled(message);
}

gboolean
spent_on(const struct store_message *message, double hold, double tag)
{
	return g_strcmp0(message->verdict, verdict_name(VERDICT_QUARANTINE)) !=
		       0 &&
	       spent_asked(message, hold, tag);
}

/* FALSE: what follows is older still. Ids sort by age. */
static gboolean
admit(struct attention *attention, const struct profile *profile,
      const GPtrArray *page, gint64 from_us)
{
	for (guint i = 0; i < page->len; i++) {
		const struct store_message *message = page->pdata[i];

		if (message->time_us < from_us)
			return FALSE;
		if (spent_on(message, profile->hold, profile->tag))
			attention_admit(attention, message->time_us);
	}
	return page->len == PAGE;
}

/* Mail that was let in is delivered and stays so. */
static gboolean
load(struct attention *attention, struct store *store,
     const struct profile *profile, gint64 now_us, GError **error)
{
	struct store_query query = {
		.buyer = profile->id,
		.state = STORE_DELIVERED,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];

	for (;;) {
		g_autoptr(GPtrArray) page = store_list(store, &query, error);
		const struct store_message *oldest;

		if (!page)
			return FALSE;
		if (!admit(attention, profile, page, now_us - BACK_US))
			return TRUE;
		oldest = page->pdata[page->len - 1];
		memcpy(last, oldest->id, sizeof(last));
		query.after_id = last;
	}
}

gboolean
spent_count(struct store *store, const struct profile *profile, gint64 now_us,
	    struct spent *spent, GError **error)
{
	/* Caps that nothing reaches: what is left of them tells what is gone.
	 */
	const struct attention_limits limits = {
		.per_day = G_MAXUINT - 1,
		.per_week = G_MAXUINT - 1,
		.tag = profile->tag,
		.accept = profile->accept,
	};
	const char *name = profile->digest.zone;
	g_autoptr(GTimeZone) named =
		name ? g_time_zone_new_identifier(name) : NULL;
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(Attention) attention =
		attention_new(&limits, named ? named : utc);
	struct attention_answer answer;

	if (!load(attention, store, profile, now_us, error))
		return FALSE;
	attention_ask(attention, now_us, 1, &answer);
	*spent = (struct spent){ limits.per_day - answer.day_left,
				 limits.per_week - answer.week_left };
	return TRUE;
}
