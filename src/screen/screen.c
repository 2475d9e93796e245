#include "screen/screen.h"

#include <string.h>

#include "adapted_private.h"
#include "base/clock.h"
#include "base/error.h"
#include "features/outreach.h"
#include "features/relevance.h"
#include "model/imprint.h"
#include "past_private.h"
#include "reason_private.h"
#include "score_private.h"
#include "traits_private.h"

struct screening {
	struct gatekeeper keeper;
	GBytes *bytes;
	struct mail *mail; /* these three are made when first needed */
	struct reading *reading;
	struct score outreach;
	GPtrArray *relevance;	   /* of struct score, one a buyer */
	GArray *terms;		   /* of stems; NULL: not yet */
	struct vector stems;	   /* of the same, as feedback weighs them */
	struct traits traits;	   /* likewise; without a vendor: not yet */
	GPtrArray *pasts;	   /* of struct past, one a buyer; or NULL */
	char id[ID_LEN + 1];	   /* "" when none was given */
	struct spending *spending; /* or NULL */
	guint64 digest;
};

struct screening *
screening_new(const struct snapshot *snapshot, struct vault *vault,
	      const struct key *key, const struct envelope *envelope,
	      GBytes *bytes, gint64 deadline_us)
{
	struct screening *screening = g_new0(struct screening, 1);

	screening->keeper.snapshot = snapshot;
	screening->keeper.vault = vault;
	screening->keeper.key = key;
	screening->keeper.envelope = envelope;
	screening->keeper.deadline_us =
		deadline_us > 0 ? deadline_us : G_MAXINT64;
	screening->bytes = g_bytes_ref(bytes);
	score_init(&screening->outreach, NULL);
	screening->relevance = scores_new();
	return screening;
}

void
screening_free(struct screening *screening)
{
	if (!screening)
		return;
	vector_clear(&screening->outreach.vector);
	g_ptr_array_unref(screening->relevance);
	vector_clear(&screening->stems);
	g_clear_pointer(&screening->terms, g_array_unref);
	g_clear_pointer(&screening->pasts, g_ptr_array_unref);
	traits_clear(&screening->traits);
	g_clear_pointer(&screening->reading, reading_free);
	g_clear_pointer(&screening->mail, mail_free);
	g_bytes_unref(screening->bytes);
	g_free(screening);
}

void
screening_set_id(struct screening *screening, const char *id)
{
	g_strlcpy(screening->id, id, sizeof(screening->id));
}

void
screening_set_spending(struct screening *screening, struct spending *spending,
		       guint64 digest)
{
	screening->spending = spending;
	screening->digest = digest;
}

const struct mail *
screening_mail(struct screening *screening)
{
	const struct config *config = screening->keeper.snapshot->config;

	if (!screening->mail)
		screening->mail = mail_new(screening->bytes, &config->limits);
	return screening->mail;
}

static struct reading *
reading_of(struct screening *screening)
{
	if (!screening->reading) {
		screening->reading = reading_new(screening_mail(screening));
		screening->reading->lexicon =
			screening->keeper.snapshot->lexicon;
	}
	return screening->reading;
}

const struct reading *
screening_reading(struct screening *screening)
{
	return reading_of(screening);
}

const struct store_likeness *
screening_likeness(struct screening *screening)
{
	if (!screening->traits.vendor)
		traits_init(&screening->traits,
			    screening->keeper.snapshot->signals,
			    reading_of(screening));
	return &screening->traits.likeness;
}

static guint
odd_of(struct screening *screening)
{
	if (screening->reading)
		return screening->reading->content->odd;
	return screening->mail ? mail_odd(screening->mail) : 0;
}

void
judgement_clear(struct judgement *judgement)
{
	g_clear_pointer(&judgement->reasons, g_ptr_array_unref);
	g_clear_pointer(&judgement->imprint, g_bytes_unref);
}

static gboolean
in_time(const struct screening *screening, GError **error)
{
	if (clock_monotonic_us() <= screening->keeper.deadline_us)
		return TRUE;
	g_set_error_literal(error, BASE_ERROR, BASE_ERROR_LIMIT,
			    "the deadline passed before the message was "
			    "judged");
	return FALSE;
}

static gboolean
score_outreach(struct screening *screening, GError **error)
{
	const struct snapshot *snapshot = screening->keeper.snapshot;
	struct score *score = &screening->outreach;

	if (score->done)
		return TRUE;
	vector_clear(&score->vector);
	outreach_vector(reading_of(screening), snapshot->signals,
			model_background(snapshot->outreach), &score->vector);
	return score_fill(score, snapshot->outreach, error);
}

/* `priority` gets the nearest priority's id, or "". */
static gboolean
score_relevance(struct screening *screening, const struct buyer *buyer,
		struct score *score, const char **priority, GError **error)
{
	const struct snapshot *snapshot = screening->keeper.snapshot;
	const GPtrArray *priorities = buyer->profile->priorities;
	const struct interest_loan loan =
		snapshot_borrow_interest(snapshot, buyer);
	int nearest = -1;

	vector_clear(&score->vector);
	relevance_vector(reading_of(screening), loan.interest, clock_now_us(),
			 &score->vector, &nearest, &score->copied);
	snapshot_return_interest(snapshot, &loan);
	if (!score_fill(score, snapshot->relevance, error))
		return FALSE;
	if (nearest >= 0 && (guint)nearest < priorities->len) {
		const struct profile_priority *near =
			priorities->pdata[nearest];

		*priority = near->id;
	}
	return TRUE;
}

static const char *
dense_name(guint index)
{
	const guint dense = index - TERM_BUCKETS;

	if (index < TERM_BUCKETS || dense >= outreach_dense_count())
		return NULL;
	return outreach_dense_name(dense);
}

static const char *
interest_name(guint index)
{
	return index < relevance_count() ? relevance_name(index) : NULL;
}

static const GArray *
terms_of(struct screening *screening)
{
	if (!screening->terms)
		screening->terms =
			terms_new(reading_of(screening), 1u << TERM_STEM);
	return screening->terms;
}

/* Only a buyer with a model of their own needs them. */
static const struct vector *
stems_of(struct screening *screening)
{
	const GArray *terms;

	if (screening->stems.items)
		return &screening->stems;
	terms = terms_of(screening);
	adapt_stems((const struct term *)(void *)terms->data, terms->len,
		    model_background(screening->keeper.snapshot->relevance),
		    &screening->stems);
	return &screening->stems;
}

static double
adapted_to(struct screening *screening, const struct buyer *buyer,
	   enum model_kind kind, const struct score *score)
{
	if (!buyer || !buyer->adapted[kind])
		return score->probability;
	return adapted_probability(buyer, kind, score->probability,
				   stems_of(screening));
}

/* What the starters said, whatever feedback has made of it since. */
static GBytes *
imprint_of(struct screening *screening, const struct score *relevance,
	   const char *priority)
{
	const struct snapshot *snapshot = screening->keeper.snapshot;
	float dense[OUTREACH_DENSE_MAX];
	g_autoptr(Imprint) imprint = imprint_new();

	g_free(imprint->models);
	imprint->models = g_strdup(snapshot->models ? snapshot->models : "");
	g_free(imprint->priority);
	imprint->priority = g_strdup(priority);
	imprint->outreach = score_imprint(&screening->outreach);
	imprint->relevance = score_imprint(relevance);
	for (guint i = 0; i < relevance->vector.n; i++)
		vector_add(&imprint->likeness, relevance->vector.items[i].index,
			   relevance->vector.items[i].value);
	vector_sort(&imprint->likeness);
	outreach_dense(reading_of(screening), snapshot->signals, dense);
	imprint_set_dense(imprint, dense, outreach_dense_count());
	imprint_set_stems(imprint, terms_of(screening),
			  model_background(snapshot->relevance));
	return imprint_pack(imprint);
}

static GPtrArray *
explain(struct screening *screening, const struct buyer *buyer,
	const struct score *relevance)
{
	const struct snapshot *snapshot = screening->keeper.snapshot;
	const struct score *outreach = &screening->outreach;
	const struct reading *reading = reading_of(screening);
	const struct reason_source sources[] = {
		{ "outreach", snapshot->outreach, &outreach->vector,
		  outreach->decision, reading, dense_name },
		{ "relevance", snapshot->relevance, &relevance->vector,
		  relevance->decision, NULL, interest_name },
	};
	GPtrArray *reasons = reasons_collect(sources, relevance->done ? 2 : 1);

	if (buyer && (buyer->adapted[0] || buyer->adapted[1]))
		adapted_explain(buyer, screening->reading, stems_of(screening),
				reasons);
	if (relevance->done && relevance->copied)
		reasons_note(&reasons, g_strdup(REASON_COPIED), 1);
	return reasons;
}

static gboolean
judge_by_models(struct screening *screening, const struct buyer *buyer,
		enum screen_flags flags, struct judgement *judgement,
		GError **error)
{
	const struct profile *profile = buyer ? buyer->profile : NULL;
	struct score *relevance = scores_find(screening->relevance, buyer);
	gboolean ok;

	relevance->done = FALSE;
	ok = in_time(screening, error) && score_outreach(screening, error) &&
	     in_time(screening, error);
	if (ok && buyer)
		ok = score_relevance(screening, buyer, relevance,
				     &judgement->priority, error);
	if (ok) {
		judgement->outreach = adapted_to(
			screening, buyer, MODEL_OUTREACH, &screening->outreach);
		judgement->relevance = adapted_to(screening, buyer,
						  MODEL_RELEVANCE, relevance);
		judgement->verdict = verdict_decide(
			profile, judgement->outreach, judgement->relevance,
			&judgement->relevant);
		if (flags & SCREEN_REASONS)
			judgement->reasons =
				explain(screening, buyer, relevance);
		if ((flags & SCREEN_IMPRINT) && buyer &&
		    MAX(judgement->outreach, screening->outreach.probability) >=
			    IMPRINT_OUTREACH_MIN)
			judgement->imprint = imprint_of(screening, relevance,
							judgement->priority);
	}
	return ok;
}

static enum gate
gate_of(struct screening *screening, const struct buyer *buyer)
{
	const struct gatekeeper *keeper = &screening->keeper;
	const enum gate gate =
		gate_envelope(keeper->snapshot, keeper->envelope);

	if (gate != GATE_NONE)
		return gate;
	return gate_buyer(keeper, screening_mail(screening), buyer);
}

static const struct past *
past_of(struct screening *screening, const struct buyer *buyer)
{
	const struct past_question question = {
		.keeper = &screening->keeper,
		.mail = screening_mail(screening),
		.likeness = screening_likeness(screening),
		.buyer = buyer,
		.id = screening->id,
	};

	traits_relate(&screening->traits, reading_of(screening));
	if (!screening->pasts)
		screening->pasts = pasts_new();
	return pasts_find(screening->pasts, &question);
}

/*
 * Surely outreach that is not let in by itself: whether another member of a
 * group wants it. Gives the relevance that let it in, by which attention is
 * spent, as the reason has it in the store; else that of the judgement.
 */
static double
judge_group(struct screening *screening, const struct buyer *buyer,
	    struct judgement *judgement)
{
	const struct model *starter = screening->keeper.snapshot->relevance;
	struct group_match match;
	double relevance;

	if (!buyer->group || judgement->verdict == VERDICT_DELIVER ||
	    judgement->outreach < buyer->profile->hold)
		return judgement->relevance;
	relevance = group_interest_judge(buyer->group, reading_of(screening),
					 starter, &match);
	if (relevance < 0 || relevance < match.group->accept)
		return judgement->relevance;
	relevance = reason_round(relevance);
	judgement->verdict = VERDICT_DELIVER;
	judgement->relevant = TRUE;
	reasons_note(&judgement->reasons,
		     g_strdup_printf(REASON_GROUP "%s: %s", match.group->name,
				     match.priority->name),
		     relevance);
	return MAX(relevance, judgement->relevance);
}

/* Sure to be outreach, and let in: the buyer has only so much time. */
static void
judge_attention(struct screening *screening, const struct buyer *buyer,
		gboolean store_works, double relevance,
		struct judgement *judgement)
{
	const struct spending_question question = {
		.profile = buyer->profile,
		.digest = screening->digest,
		.relevance = relevance,
		.now_us = clock_now_us(),
		.store_works = store_works,
	};
	struct attention_answer answer;

	if (!screening->spending || judgement->verdict == VERDICT_QUARANTINE ||
	    judgement->outreach < buyer->profile->hold)
		return;
	spending_ask(screening->spending, &question, &answer);
	if (answer.admit)
		return;
	judgement->verdict = VERDICT_QUARANTINE;
	judgement->relevant = FALSE;
	reasons_note(&judgement->reasons, spending_reason(&question, &answer),
		     answer.threshold);
}

/* What the buyer has said of such mail, then who else wants it, then what is
 * left of the day. */
void
screening_recall(struct screening *screening, const struct buyer *buyer,
		 struct judgement *judgement)
{
	const struct past *past = NULL;

	if (!buyer || judgement->outreach < buyer->profile->unsure)
		return;
	if (screening->keeper.vault) {
		past = past_of(screening, buyer);
		past_apply(past, judgement);
	}
	if (past && past->ruling)
		return;
	judge_attention(screening, buyer, past && past->known,
			judge_group(screening, buyer, judgement), judgement);
}

void
screening_explain(struct screening *screening, const struct buyer *buyer,
		  struct judgement *judgement)
{
	GPtrArray *reasons;

	if (judgement->outreach < 0 || !screening->outreach.done)
		return;
	reasons = explain(screening, buyer,
			  scores_find(screening->relevance, buyer));
	if (judgement->reasons)
		g_ptr_array_extend_and_steal(judgement->reasons, reasons);
	else
		judgement->reasons = reasons;
}

/* What only the message itself says of itself, and a pitch may say as well. */
static gboolean
is_own_word(enum gate gate)
{
	return gate == GATE_BOUNCE || gate == GATE_AUTO_REPLY;
}

static void
judge_gated(struct judgement *judgement)
{
	if (is_own_word(judgement->gate) &&
	    judgement->verdict != VERDICT_DELIVER) {
		judgement->verdict = VERDICT_TAG;
		return;
	}
	judgement->relevant = FALSE;
	judgement->verdict = judgement->gate == GATE_BLOCKED
				     ? VERDICT_QUARANTINE
				     : VERDICT_DELIVER;
}

gboolean
screening_judge(struct screening *screening, const struct buyer *buyer,
		enum screen_flags flags, struct judgement *judgement,
		GError **error)
{
	struct judgement made = {
		.verdict = VERDICT_DELIVER,
		.gate = gate_of(screening, buyer),
		.outreach = -1,
		.relevance = -1,
		.priority = "",
	};

	if ((made.gate == GATE_NONE || is_own_word(made.gate) ||
	     (flags & SCREEN_ALL)) &&
	    !judge_by_models(screening, buyer, flags, &made, error))
		return FALSE;
	if (made.gate == GATE_NONE) {
		screening_recall(screening, buyer, &made);
		/* The store may have taken what time was left. */
		if (!in_time(screening, error)) {
			judgement_clear(&made);
			return FALSE;
		}
	} else {
		judge_gated(&made);
	}
	made.odd = odd_of(screening);
	*judgement = made;
	return TRUE;
}
