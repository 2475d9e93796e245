#include "review/replay.h"

#include <string.h>

#include "base/clock.h"
#include "replay_private.h"

#define PAGE 500

/* One replay under way. */
struct run {
	const struct replay_request *request;
	struct replay *replay;
	struct bench bench;
	struct worths worths;
	struct tally before;
	struct tally after;
	gint64 oldest_us;
	gboolean stopped;
};

const char *
replay_way_name(enum replay_way way)
{
	static const char *const names[] = { "exact", "approximate",
					     "unknown" };

	g_assert((guint)way < G_N_ELEMENTS(names));
	return names[way];
}

const char *
replay_kind_name(enum replay_kind kind)
{
	static const char *const names[] = { "wanted-held", "unwanted-admitted",
					     "held", "admitted", "shown" };

	g_assert((guint)kind < G_N_ELEMENTS(names));
	return names[kind];
}

static void
change_free(gpointer data)
{
	struct replay_change *change = data;

	store_message_free(change->message);
	g_free(change->reason);
	g_free(change);
}

static struct replay *
replay_new(gint64 since_us)
{
	struct replay *replay = g_new0(struct replay, 1);

	replay->since_us = since_us;
	replay->changes = g_ptr_array_new_with_free_func(change_free);
	return replay;
}

void
replay_free(struct replay *replay)
{
	if (!replay)
		return;
	g_ptr_array_unref(replay->changes);
	g_free(replay);
}

static gboolean
has_cap(const struct profile *profile)
{
	return profile->per_day > 0 || profile->per_week > 0;
}

/* What a ruling decided it decides again, unless a gate comes before it. */
static gboolean
is_settled(const struct run *run, const struct store_message *row,
	   const struct outcome *after)
{
	return row_is_ruled(row) && after->gate == GATE_NONE &&
	       !(after->outreach < run->request->profile->unsure);
}

/* Held though its scores let it in: there was no attention left. */
static gboolean
is_capped(const struct store_message *row, enum verdict happened,
	  const struct outcome *after)
{
	return happened == VERDICT_QUARANTINE && row_is_capped(row) &&
	       after->gate == GATE_NONE && after->verdict != VERDICT_QUARANTINE;
}

/* What would happen in place of what did. */
static enum verdict
settle(const struct run *run, const struct store_message *row,
       enum verdict happened, const struct outcome *before,
       const struct outcome *after)
{
	const struct buyer *serving = run->bench.serving;

	if (is_settled(run, row, after))
		return happened;
	if (is_capped(row, happened, after)) {
		const gboolean freed = !has_cap(run->request->profile) &&
				       (!serving || has_cap(serving->profile));

		return freed ? after->verdict : happened;
	}
	return before->verdict == after->verdict ? happened : after->verdict;
}

static enum replay_kind
kind_of(enum verdict before, enum verdict after, enum replay_worth worth)
{
	if (after == VERDICT_QUARANTINE)
		return worth >= REPLAY_SAID_WANTED ? REPLAY_WANTED_HELD
						   : REPLAY_HELD;
	if (before != VERDICT_QUARANTINE)
		return REPLAY_SHOWN;
	return worth == REPLAY_SAID_UNWANTED ? REPLAY_UNWANTED_ADMITTED
					     : REPLAY_ADMITTED;
}

static char *
reason_of(const struct run *run, const struct store_message *row,
	  enum verdict happened, const struct outcome *before,
	  const struct outcome *after)
{
	struct outcome was = *before;

	if (is_capped(row, happened, after))
		return g_strdup("nothing caps attention any more");
	was.verdict = happened;
	return outcome_reason(run->request->profile, &was, after);
}

/* Takes the row over; FALSE when the store fails, and then does not. */
static gboolean
add_change(struct run *run, struct store_message *row, enum verdict happened,
	   const struct outcome *before, const struct outcome *after,
	   GError **error)
{
	enum replay_worth worth;
	struct replay_change *change;

	if (!worths_find(&run->worths, row, &worth, error))
		return FALSE;
	change = g_new0(struct replay_change, 1);
	change->message = row;
	change->worth = worth;
	change->kind = kind_of(happened, after->verdict, worth);
	change->way = MAX(before->way, after->way);
	change->before = happened;
	change->after = after->verdict;
	change->gate = after->gate;
	change->relevance = after->relevance;
	change->priority = after->priority;
	change->reason = reason_of(run, row, happened, before, after);
	run->replay->kinds[change->kind]++;
	g_ptr_array_add(run->replay->changes, change);
	return TRUE;
}

static void
count(struct run *run, const struct store_message *row, enum verdict happened,
      const struct outcome *before, const struct outcome *after)
{
	const gboolean aside = row_is_ruled(row) || row_is_capped(row);

	tally_add(&run->before, row, before);
	tally_add(&run->after, row, after);
	if (!aside && before->way == REPLAY_EXACT &&
	    before->verdict != happened)
		run->replay->otherwise++;
	if (happened == VERDICT_QUARANTINE && row_is_capped(row))
		run->replay->capped++;
}

/* Held under both, as in mode observe, though somebody wanted it. */
static gboolean
count_missed(struct run *run, const struct store_message *row, GError **error)
{
	enum replay_worth worth;

	if (!worths_find(&run->worths, row, &worth, error))
		return FALSE;
	run->replay->missed += worth >= REPLAY_SAID_WANTED;
	return TRUE;
}

/* Takes `*row` when it becomes a change. */
static gboolean
replay_row(struct run *run, struct store_message **row, GError **error)
{
	struct replay *replay = run->replay;
	struct outcome before;
	struct outcome after;
	enum verdict happened;
	enum replay_way way;

	if (!bench_judge(&run->bench, *row, &before, &after, error))
		return FALSE;
	way = MAX(before.way, after.way);
	if (!row_verdict(*row, &happened))
		way = REPLAY_UNKNOWN;
	replay->n++;
	replay->ways[way]++;
	run->oldest_us = MIN(run->oldest_us, (*row)->time_us);
	if (way == REPLAY_UNKNOWN)
		return TRUE;
	count(run, *row, happened, &before, &after);
	after.verdict = settle(run, *row, happened, &before, &after);
	replay->verdicts[happened][after.verdict]++;
	if (after.verdict == happened)
		return happened != VERDICT_QUARANTINE ||
		       count_missed(run, *row, error);
	if (!add_change(run, *row, happened, &before, &after, error))
		return FALSE;
	*row = NULL;
	return TRUE;
}

static gboolean
goes_on(struct run *run)
{
	const struct replay_request *request = run->request;

	if ((request->progress &&
	     !request->progress(run->replay->n, request->data)) ||
	    (request->deadline_us > 0 &&
	     clock_monotonic_us() > request->deadline_us))
		run->stopped = TRUE;
	return !run->stopped;
}

/* `*more` is cleared by one that is too old: ids sort by age. */
static gboolean
replay_page(struct run *run, GPtrArray *page, gboolean *more, GError **error)
{
	for (guint i = 0; i < page->len; i++) {
		struct store_message *row = page->pdata[i];

		if (row->time_us < run->request->since_us) {
			*more = FALSE;
			return TRUE;
		}
		if (!replay_row(run, &row, error))
			return FALSE;
		page->pdata[i] = row;
		if (!goes_on(run))
			return TRUE;
	}
	return TRUE;
}

/* Without `since_us` in the query, which would have the store walk all that
 * is older to fill the last page. */
static gboolean
replay_all(struct run *run, GError **error)
{
	struct store_query query = {
		.buyer = run->request->buyer,
		.state = STORE_ANY,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];
	gboolean more = TRUE;

	while (more && !run->stopped) {
		g_autoptr(GPtrArray) page =
			store_list(run->request->store, &query, error);

		if (!page)
			return FALSE;
		more = page->len == PAGE;
		if (page->len > 0) {
			const struct store_message *oldest =
				page->pdata[page->len - 1];

			memcpy(last, oldest->id, sizeof(last));
			query.after_id = last;
		}
		if (!replay_page(run, page, &more, error))
			return FALSE;
	}
	return TRUE;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct replay_change *x = *(const struct replay_change *const *)a;
	const struct replay_change *y = *(const struct replay_change *const *)b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(y->message->id, x->message->id);
}

static void
run_open(struct run *run, const struct replay_request *request)
{
	const struct profile *serving;

	*run = (struct run){
		.request = request,
		.replay = replay_new(request->since_us),
		.oldest_us = clock_now_us(),
	};
	bench_open(&run->bench, request);
	serving = run->bench.serving ? run->bench.serving->profile
				     : request->profile;
	tally_open(&run->before, serving);
	tally_open(&run->after, request->profile);
}

static void
run_close(struct run *run)
{
	worths_close(&run->worths);
	tally_close(&run->before);
	tally_close(&run->after);
	bench_close(&run->bench);
	replay_free(run->replay);
}

static struct replay *
run_finish(struct run *run)
{
	struct replay *replay = run->replay;
	const gint64 now_us = clock_now_us();

	replay->complete = !run->stopped;
	tally_sum(&run->before, run->oldest_us, now_us, &replay->before);
	tally_sum(&run->after, run->oldest_us, now_us, &replay->after);
	g_ptr_array_sort(replay->changes, compare);
	run->replay = NULL;
	return replay;
}

struct replay *
replay_run(const struct replay_request *request, GError **error)
{
	struct replay *replay = NULL;
	gboolean ok;
	struct run run;

	run_open(&run, request);
	ok = worths_open(&run.worths, request, error) &&
	     replay_all(&run, error);
	if (ok)
		replay = run_finish(&run);
	run_close(&run);
	return replay;
}
