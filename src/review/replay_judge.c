/* Judging one stored message with two profiles, by what is left of it. */
#include <string.h>

#include "base/clock.h"
#include "features/sketch.h"
#include "mail/address.h"
#include "replay_private.h"
#include "screen/screen.h"

/* Of what the estimate was wrong by then, with another priority nearest. */
#define ELSEWHERE 0.25

/* One side, with the bytes gone. */
struct side {
	const struct bench *bench;
	const struct buyer *buyer;
	const struct store_message *row;
	struct imprint **imprint; /* NULL until somebody needs it */
	gboolean after;
};

static gboolean
texts_alike(char *const *a, char *const *b)
{
	return g_strv_equal((const char *const *)a, (const char *const *)b);
}

static gboolean
priority_alike(const struct profile_priority *a,
	       const struct profile_priority *b)
{
	return strcmp(a->id, b->id) == 0 && strcmp(a->name, b->name) == 0 &&
	       strcmp(a->about, b->about) == 0 &&
	       texts_alike(a->keywords, b->keywords) &&
	       a->weight == b->weight && a->stage == b->stage &&
	       a->horizon_us == b->horizon_us;
}

static gboolean
refusal_alike(const struct profile_refusal *a, const struct profile_refusal *b)
{
	return strcmp(a->name, b->name) == 0 &&
	       strcmp(a->about, b->about) == 0 &&
	       texts_alike(a->keywords, b->keywords) &&
	       a->until_us == b->until_us;
}

gboolean
interests_alike(const struct profile *a, const struct profile *b)
{
	if (a->priorities->len != b->priorities->len ||
	    a->refusals->len != b->refusals->len)
		return FALSE;
	for (guint i = 0; i < a->priorities->len; i++)
		if (!priority_alike(a->priorities->pdata[i],
				    b->priorities->pdata[i]))
			return FALSE;
	for (guint i = 0; i < a->refusals->len; i++)
		if (!refusal_alike(a->refusals->pdata[i],
				   b->refusals->pdata[i]))
			return FALSE;
	return TRUE;
}

gboolean
row_verdict(const struct store_message *row, enum verdict *verdict)
{
	for (int i = VERDICT_QUARANTINE; i <= VERDICT_DELIVER; i++)
		if (g_strcmp0(row->verdict, verdict_name((enum verdict)i)) ==
		    0) {
			*verdict = (enum verdict)i;
			return TRUE;
		}
	return FALSE;
}

static gboolean
row_says(const struct store_message *row, const char *reason)
{
	return row->reasons && strstr(row->reasons, reason);
}

gboolean
row_is_ruled(const struct store_message *row)
{
	return row_says(row, "\"ruling: ");
}

gboolean
row_is_capped(const struct store_message *row)
{
	return row_says(row, "\"attention: ");
}

static gboolean
gate_was(const struct store_message *row, enum gate gate)
{
	return g_strcmp0(row->gate, gate_name(gate)) == 0;
}

/* Feedback's models know the buyer by id, whatever the file is called. */
void
bench_open(struct bench *bench, const struct replay_request *request)
{
	const struct snapshot *snapshot = request->snapshot;
	const struct buyer *serving = snapshot_find(snapshot, request->buyer);
	union {
		const struct profile *shared;
		struct profile *own;
	} profile = { .shared = request->profile };

	*bench = (struct bench){
		.request = request,
		.serving = serving,
		.other = { .profile = profile.own },
		.alike = serving &&
			 interests_alike(serving->profile, request->profile),
	};
	bench->other.interest = interest_new(
		request->profile, model_background(snapshot->relevance));
	bench->other.group =
		group_interest_new(snapshot, request->buyer, request->profile);
	for (guint kind = 0; serving && kind < 2; kind++)
		bench->other.adapted[kind] = serving->adapted[kind];
}

void
bench_close(struct bench *bench)
{
	g_clear_pointer(&bench->other.interest, interest_free);
	g_clear_pointer(&bench->other.group, group_interest_free);
}

static gboolean
is_listed(char *const *patterns, const char *addr)
{
	return addr && *addr && sender_listed(patterns, addr);
}

static gboolean
is_blocked(const struct profile *profile, const struct store_message *row)
{
	return is_listed(profile->block, row->sender) ||
	       is_listed(profile->block, row->from);
}

/* What comes before the profile in the order of gates, and is not kept. */
static gboolean
is_outside(const struct store_message *row)
{
	return gate_was(row, GATE_UNCOVERED) ||
	       gate_was(row, GATE_AUTHENTICATED) ||
	       gate_was(row, GATE_INTERNAL) || gate_was(row, GATE_OURS);
}

static gboolean
is_own_word(const struct store_message *row)
{
	return gate_was(row, GATE_BOUNCE) || gate_was(row, GATE_AUTO_REPLY);
}

/*
 * Allowed then, it was vouched for; who is allowed in both and was not let in
 * was not. Only of one who is newly allowed it has to be believed.
 */
static gboolean
is_allowed(const struct side *side, struct outcome *outcome)
{
	const struct store_message *row = side->row;
	const struct buyer *serving = side->bench->serving;

	if (!is_listed(side->buyer->profile->allow, row->from))
		return FALSE;
	if (gate_was(row, GATE_ALLOWED))
		return TRUE;
	if (!side->after ||
	    (serving && is_listed(serving->profile->allow, row->from)))
		return FALSE;
	outcome->way = REPLAY_APPROXIMATE;
	return TRUE;
}

/* TRUE when no score is asked for; as gate_buyer(), from what is stored. */
static gboolean
side_gate(const struct side *side, struct outcome *outcome)
{
	const struct store_message *row = side->row;
	static const enum gate passes[] = { GATE_CONTACT, GATE_REPLY,
					    GATE_UNKNOWN };

	outcome->verdict = VERDICT_DELIVER;
	if (is_outside(row))
		return TRUE;
	if (is_blocked(side->buyer->profile, row)) {
		outcome->gate = GATE_BLOCKED;
		outcome->verdict = VERDICT_QUARANTINE;
		return TRUE;
	}
	if (is_allowed(side, outcome)) {
		outcome->gate = GATE_ALLOWED;
		return TRUE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(passes); i++)
		if (gate_was(row, passes[i])) {
			outcome->gate = passes[i];
			return TRUE;
		}
	return FALSE;
}

/* The features of then, if they are of the kind that models ask for now. */
static struct imprint *
imprint_of(const struct side *side, GError **error)
{
	const struct store_message *row = side->row;
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = NULL;
	struct imprint *imprint;

	if (*side->imprint)
		return *side->imprint;
	bytes = store_features(side->bench->request->store, row->buyer, row->id,
			       &local);
	if (!bytes) {
		if (!g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND))
			g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	imprint = imprint_unpack(bytes, NULL);
	if (imprint && (imprint->relevance_version != RELEVANCE_VERSION ||
			imprint->likeness.n == 0))
		g_clear_pointer(&imprint, imprint_free);
	*side->imprint = imprint;
	return imprint;
}

static double
sketch_decide(const struct snapshot *snapshot, const struct imprint *imprint,
	      const struct buyer *buyer, const char **priority)
{
	const GPtrArray *priorities = buyer->profile->priorities;
	const struct interest_loan loan =
		snapshot_borrow_interest(snapshot, buyer);
	struct vector vector = { NULL, 0, 0 };
	double decision;
	int nearest = -1;

	sketch_vector(imprint->stems, imprint->n_stems, loan.interest,
		      clock_now_us(), &vector, &nearest);
	snapshot_return_interest(snapshot, &loan);
	decision = model_decide(snapshot->relevance, &vector);
	vector_clear(&vector);
	*priority = "";
	if (nearest >= 0 && (guint)nearest < priorities->len)
		*priority = ((const struct profile_priority *)
				     priorities->pdata[nearest])
				    ->id;
	return decision;
}

/*
 * What today's models say of the features of then; for the other profile that,
 * moved by as much as the estimates for the two profiles lie apart.
 */
static double
side_decide(const struct side *side, const struct imprint *imprint,
	    struct outcome *outcome)
{
	const struct snapshot *snapshot = side->bench->request->snapshot;
	const double then =
		model_decide(snapshot->relevance, &imprint->likeness);
	const char *nearest = "";
	double other;
	double own;

	outcome->priority = side->row->priority;
	if (!side->after)
		return then;
	other = sketch_decide(snapshot, imprint, side->buyer,
			      &outcome->priority);
	if (!side->bench->serving)
		return other;
	own = sketch_decide(snapshot, imprint, side->bench->serving, &nearest);
	if (strcmp(nearest, outcome->priority) == 0)
		return other + (then - own);
	return other + ELSEWHERE * (then - own);
}

static double
side_relevance(const struct side *side, const struct imprint *imprint,
	       struct outcome *outcome)
{
	const struct snapshot *snapshot = side->bench->request->snapshot;
	const struct adapter *adapter = side->buyer->adapted[MODEL_RELEVANCE];
	const double probability = model_probability(
		snapshot->relevance, side_decide(side, imprint, outcome));

	if (!adapter)
		return probability;
	return adapt_probability(
		adapter_judge(adapter, model_background(snapshot->relevance),
			      imprint, imprint_logit(probability)));
}

/* Where relevance is not known the verdict may be the same for any. */
static gboolean
verdict_any(const struct profile *profile, double outreach,
	    enum verdict *verdict)
{
	const enum verdict low = verdict_decide(profile, outreach, 0, NULL);

	*verdict = low;
	return low == verdict_decide(profile, outreach, 1, NULL);
}

/* What let it in for a group is not the profile's: it does so again. */
static gboolean
is_shared(const struct side *side)
{
	return row_says(side->row, "\"" REASON_GROUP) &&
	       side->row->outreach >= side->buyer->profile->hold;
}

static gboolean
side_score(const struct side *side, struct outcome *outcome, GError **error)
{
	const struct profile *profile = side->buyer->profile;
	const struct store_message *row = side->row;
	g_autoptr(GError) local = NULL;
	const struct imprint *imprint;

	outcome->outreach = row->outreach;
	if (!(row->outreach >= 0)) {
		outcome->way = REPLAY_UNKNOWN;
		return TRUE;
	}
	outcome->priority = row->priority;
	outcome->relevance = row->relevance;
	if (is_shared(side))
		return TRUE;
	if (side->bench->alike || (!side->after && !side->bench->serving)) {
		outcome->verdict = verdict_decide(profile, row->outreach,
						  row->relevance, NULL);
		return TRUE;
	}
	outcome->relevance = -1;
	if (verdict_any(profile, row->outreach, &outcome->verdict))
		return TRUE;
	imprint = imprint_of(side, &local);
	if (local) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	outcome->way = imprint ? REPLAY_APPROXIMATE : REPLAY_UNKNOWN;
	if (!imprint)
		return TRUE;
	outcome->relevance = side_relevance(side, imprint, outcome);
	outcome->verdict = verdict_decide(profile, row->outreach,
					  outcome->relevance, NULL);
	return TRUE;
}

static gboolean
side_judge(const struct side *side, struct outcome *outcome, GError **error)
{
	*outcome = (struct outcome){ .way = REPLAY_EXACT,
				     .outreach = -1,
				     .relevance = -1,
				     .priority = "" };
	if (side_gate(side, outcome))
		return TRUE;
	if (!side_score(side, outcome, error))
		return FALSE;
	if (is_own_word(side->row) && outcome->verdict != VERDICT_DELIVER)
		outcome->verdict = VERDICT_TAG;
	return TRUE;
}

/* Without the profile that serves, what happened stands for it. */
static void
take_row(const struct store_message *row, struct outcome *outcome)
{
	*outcome = (struct outcome){ .way = REPLAY_EXACT,
				     .outreach = row->outreach,
				     .relevance = row->relevance,
				     .priority = row->priority };
	if (!row_verdict(row, &outcome->verdict))
		outcome->way = REPLAY_UNKNOWN;
}

static gboolean
judge_row(const struct bench *bench, const struct store_message *row,
	  struct outcome *before, struct outcome *after, GError **error)
{
	struct imprint *imprint = NULL;
	struct side side = { bench, bench->serving, row, &imprint, FALSE };
	gboolean ok = TRUE;

	if (bench->serving)
		ok = side_judge(&side, before, error);
	else
		take_row(row, before);
	side.buyer = &bench->other;
	side.after = TRUE;
	ok = ok && side_judge(&side, after, error);
	imprint_free(imprint);
	return ok;
}

/* A message that cannot be judged today is unknown, and the rest goes on. */
static void
screen(struct screening *screening, const struct buyer *buyer,
       struct outcome *outcome)
{
	g_auto(Judgement) judgement = { .priority = "" };

	*outcome = (struct outcome){ .way = REPLAY_UNKNOWN,
				     .verdict = VERDICT_DELIVER,
				     .outreach = -1,
				     .relevance = -1,
				     .priority = "" };
	if (!screening_judge(screening, buyer, SCREEN_FAST, &judgement, NULL))
		return;
	outcome->way = REPLAY_EXACT;
	outcome->verdict = judgement.verdict;
	outcome->gate = judgement.gate;
	outcome->outreach = judgement.outreach;
	outcome->relevance = judgement.relevance;
	outcome->priority = judgement.priority;
}

/* What was known of its past by then raised its score, and does so again. */
static void
recall(const struct store_message *row, const struct profile *profile,
       struct outcome *outcome)
{
	if (outcome->way != REPLAY_EXACT || outcome->gate != GATE_NONE ||
	    !(row->outreach >= 0) || !row_says(row, "\"history: "))
		return;
	outcome->outreach = row->outreach;
	outcome->verdict = verdict_decide(profile, outcome->outreach,
					  outcome->relevance, NULL);
}

/* Ledger and rulings of today would not be those of then: no vault, no key. */
static void
judge_bytes(const struct bench *bench, const struct store_message *row,
	    GBytes *bytes, struct outcome *before, struct outcome *after)
{
	const struct envelope envelope = {
		.sender = row->sender ? row->sender : "",
		.queue_id = "",
		.known = TRUE,
	};
	g_autoptr(Screening) screening = screening_new(
		bench->request->snapshot, NULL, NULL, &envelope, bytes, 0);

	if (bench->serving) {
		screen(screening, bench->serving, before);
		recall(row, bench->serving->profile, before);
	} else {
		take_row(row, before);
	}
	screen(screening, &bench->other, after);
	recall(row, bench->request->profile, after);
}

gboolean
bench_judge(const struct bench *bench, const struct store_message *row,
	    struct outcome *before, struct outcome *after, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = NULL;

	if (row->state == STORE_HELD || row->state == STORE_RELEASING)
		bytes = store_body(bench->request->store, row->buyer, row->id,
				   &local);
	if (bytes) {
		judge_bytes(bench, row, bytes, before, after);
		return TRUE;
	}
	/* Released or deleted a moment ago: the row is still worth judging. */
	if (local &&
	    !g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	return judge_row(bench, row, before, after, error);
}
