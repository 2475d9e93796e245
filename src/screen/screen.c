#include "screen/screen.h"

#include "base/clock.h"
#include "base/error.h"
#include "features/outreach.h"
#include "features/relevance.h"
#include "reason_private.h"

/* What one model said of one vector. */
struct score {
	gboolean done;
	struct vector vector;
	double decision;
	double probability; /* -1 until done */
};

struct screening {
	struct gatekeeper keeper;
	GBytes *bytes;
	struct mail *mail; /* these three are made when first needed */
	struct reading *reading;
	struct score outreach;
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
	screening->outreach.probability = -1;
	return screening;
}

void
screening_free(struct screening *screening)
{
	if (!screening)
		return;
	vector_clear(&screening->outreach.vector);
	g_clear_pointer(&screening->reading, reading_free);
	g_clear_pointer(&screening->mail, mail_free);
	g_bytes_unref(screening->bytes);
	g_free(screening);
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
}

static gboolean
in_time(const struct screening *screening, GError **error)
{
	if (clock_monotonic_us() <= screening->keeper.deadline_us)
		return TRUE;
	g_set_error_literal(error, BASE_ERROR, BASE_ERROR_LIMIT,
			    "the deadline passed before the message was "
			    "scored");
	return FALSE;
}

/* Asks the model about the vector; NaN fails every comparison. */
static gboolean
score_fill(struct score *score, const struct model *model, GError **error)
{
	const double decision = model_decide(model, &score->vector);
	const double probability = model_probability(model, decision);

	if (!(probability >= 0 && probability <= 1)) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
			    "model %s gives %g for this message, which is no "
			    "probability",
			    model_id(model), probability);
		return FALSE;
	}
	score->decision = decision;
	score->probability = probability;
	score->done = TRUE;
	return TRUE;
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
	const GPtrArray *priorities = buyer->profile->priorities;
	int nearest = -1;

	relevance_vector(reading_of(screening), buyer->interest, clock_now_us(),
			 &score->vector, &nearest);
	if (!score_fill(score, screening->keeper.snapshot->relevance, error))
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

static GPtrArray *
explain(struct screening *screening, const struct score *relevance)
{
	const struct snapshot *snapshot = screening->keeper.snapshot;
	const struct score *outreach = &screening->outreach;
	g_autoptr(GHashTable) terms = outreach_names(reading_of(screening));
	const struct reason_source sources[] = {
		{ "outreach", snapshot->outreach, &outreach->vector,
		  outreach->decision, terms, dense_name },
		{ "relevance", snapshot->relevance, &relevance->vector,
		  relevance->decision, NULL, interest_name },
	};

	return reasons_collect(sources, relevance->done ? 2 : 1);
}

static gboolean
judge_by_models(struct screening *screening, const struct buyer *buyer,
		enum screen_flags flags, struct judgement *judgement,
		GError **error)
{
	const struct profile *profile = buyer ? buyer->profile : NULL;
	struct score relevance = { .probability = -1 };
	gboolean ok;

	ok = in_time(screening, error) && score_outreach(screening, error) &&
	     in_time(screening, error);
	if (ok && buyer)
		ok = score_relevance(screening, buyer, &relevance,
				     &judgement->priority, error);
	if (ok) {
		judgement->outreach = screening->outreach.probability;
		judgement->relevance = relevance.probability;
		judgement->verdict = verdict_decide(
			profile, judgement->outreach, judgement->relevance,
			&judgement->relevant);
		if (flags & SCREEN_REASONS)
			judgement->reasons = explain(screening, &relevance);
	}
	vector_clear(&relevance.vector);
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

	if ((made.gate == GATE_NONE || (flags & SCREEN_ALL)) &&
	    !judge_by_models(screening, buyer, flags, &made, error))
		return FALSE;
	if (made.gate != GATE_NONE) {
		made.relevant = FALSE;
		made.verdict = made.gate == GATE_BLOCKED ? VERDICT_QUARANTINE
							 : VERDICT_DELIVER;
	}
	made.odd = odd_of(screening);
	*judgement = made;
	return TRUE;
}
