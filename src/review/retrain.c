#include "review/retrain.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "model/golden.h"
#include "model/promotion.h"
#include "retrain_private.h"
#include "review/sharing.h"

/* How long to wait for another change of models. */
#define BUSY_TRIES   100
#define BUSY_WAIT_US 50000

void
retrain_outcome_free(struct retrain_outcome *outcome)
{
	if (!outcome)
		return;
	trial_free(outcome->trial);
	g_free(outcome->place);
	g_free(outcome->id);
	g_free(outcome);
}

/* The lowest of those that the model would serve. */
static double
hold_of(const struct retrain *retrain, const struct retrain_whose *whose)
{
	const GPtrArray *buyers = retrain->snapshot->buyers;
	double hold = 1;

	for (guint i = 0; i < buyers->len; i++) {
		const struct profile *profile =
			((const struct buyer *)buyers->pdata[i])->profile;

		for (guint k = 0; k < whose->members->len; k++)
			if (strcmp(profile->id, whose->members->pdata[k]) == 0)
				hold = MIN(hold, profile->hold);
	}
	return hold;
}

/* The model of the place, or NULL, which serves over these starters. */
static struct adapter *
own_adapter(const struct retrain *retrain, const char *place)
{
	g_autofree char *path = g_build_filename(retrain->folder, place, NULL);
	g_autoptr(Adapter) adapter = adapter_load(path, NULL);

	if (adapter && strcmp(adapter_card(adapter)->adapts.starters,
			      retrain->snapshot->models) == 0)
		return g_steal_pointer(&adapter);
	return NULL;
}

/* Of a buyer without one of their own: their team's, or NULL. */
static const struct adapter *
team_adapter(const struct retrain *retrain, const struct retrain_whose *whose,
	     enum model_kind kind)
{
	const GPtrArray *buyers = retrain->snapshot->buyers;

	for (guint i = 0; !whose->team && i < buyers->len; i++) {
		const struct buyer *buyer = buyers->pdata[i];
		const struct adapter *adapter = buyer->adapted[kind];

		if (strcmp(buyer->profile->id, whose->name) != 0)
			continue;
		/* Their own may have been taken back since it was loaded. */
		return adapter && adapter_card(adapter)->adapts.members
			       ? adapter
			       : NULL;
	}
	return NULL;
}

static void
add_figures(struct card *card, const struct trial *trial)
{
	static const char *const ranges[] = { "score-p05", "score-p50",
					      "score-p95" };
	const struct {
		const char *name;
		struct estimate estimate;
	} figures[] = {
		{ "loss-held-out", { trial->candidate.loss, NAN, NAN } },
		{ "loss-held-out-before", { trial->serving.loss, NAN, NAN } },
		{ "loss-gain", trial->gain },
		{ "auc-held-out", { trial->candidate.auc, NAN, NAN } },
		{ "auc-held-out-before", { trial->serving.auc, NAN, NAN } },
	};

	for (guint i = 0; i < G_N_ELEMENTS(figures); i++)
		card_add_metric(card, figures[i].name, figures[i].estimate);
	for (guint i = 0; i < G_N_ELEMENTS(ranges); i++)
		card_add_metric(card, ranges[i],
				(struct estimate){ trial->range[i], NAN, NAN });
}

static char **
names_of(const GPtrArray *members)
{
	char **names = g_new0(char *, members->len + 1);

	for (guint i = 0; i < members->len; i++)
		names[i] = g_strdup(members->pdata[i]);
	return names;
}

static struct card *
card_of(const struct retrain *retrain, const struct retrain_whose *whose,
	enum model_kind kind, const GArray *labels, const struct trial *trial)
{
	struct card *card = card_new();

	card->kind = kind;
	card->created_us = clock_now_us();
	card->adapts.starters = g_strdup(retrain->snapshot->models);
	card->adapts.whose = g_strdup(whose->name);
	for (guint i = 0; i < labels->len; i++)
		card->adapts.learned_us = MAX(
			card->adapts.learned_us,
			g_array_index(labels, struct adapt_label, i).time_us);
	card->examples = labels->len;
	card->positive = trial->positive;
	card->groups = trial->vendors;
	card->sources = g_strdup_printf("feedback %u", trial->counted);
	if (whose->team)
		card->adapts.members = names_of(whose->members);
	add_figures(card, trial);
	return card;
}

static gboolean
put_in_place(const struct retrain *retrain, const struct trial *trial,
	     struct card *card, GError **error)
{
	g_autofree char *why = g_strdup_printf(
		"trained on %u labels: log-loss %.4f against %.4f, ROC AUC "
		"%.4f against %.4f, on the %u newest, p = %.3f",
		trial->counted, trial->candidate.loss, trial->serving.loss,
		trial->candidate.auc, trial->serving.auc, trial->held_out,
		trial->p);
	const struct promotion promotion = {
		.models = retrain->own,
		.who = retrain->who,
		.why = why,
	};

	return promotion_prepare(retrain->own, retrain->folder, error) &&
	       sharing_add(retrain->store, &promotion, trial->adapter, card,
			   error);
}

/* Somebody else's change of models takes milliseconds. */
static gboolean
promote(const struct retrain *retrain, const struct trial *trial,
	struct card *card, GError **error)
{
	g_autoptr(GError) local = NULL;

	for (guint i = 0; i < BUSY_TRIES; i++) {
		g_clear_error(&local);
		if (put_in_place(retrain, trial, card, &local))
			return TRUE;
		if (!g_error_matches(local, BASE_ERROR, BASE_ERROR_BUSY))
			break;
		g_usleep(BUSY_WAIT_US);
	}
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static struct trial *
try_labels(const struct retrain *retrain, const struct retrain_whose *whose,
	   enum model_kind kind, const GArray *labels, const char *place,
	   const GPtrArray *golden)
{
	g_autoptr(Adapter) own = own_adapter(retrain, place);
	const struct trial_request request = {
		.background = model_background(retrain->snapshot->relevance),
		.labels = (const struct adapt_label *)(void *)labels->data,
		.n = labels->len,
		.team = whose->team,
		.serving = own ? own : team_adapter(retrain, whose, kind),
		.shared = own == NULL,
		.golden = golden,
		.hold = hold_of(retrain, whose),
	};

	return trial_run(&request);
}

struct retrain_outcome *
retrain_run(const struct retrain *retrain, const struct retrain_whose *whose,
	    const struct retrain_labels *labels, enum model_kind kind,
	    GError **error)
{
	g_autoptr(GArray) chosen =
		retrain_labels_for(labels, retrain->snapshot->relevance, kind);
	g_autoptr(RetrainOutcome) outcome = g_new0(struct retrain_outcome, 1);
	g_autoptr(GPtrArray) golden = NULL;
	g_autoptr(Card) card = NULL;

	outcome->kind = kind;
	outcome->said = labels->said;
	outcome->place = g_build_filename(whose->team ? PROMOTION_TEAMS
						      : PROMOTION_BUYERS,
					  whose->name, model_kinds[kind], NULL);
	if (kind == MODEL_OUTREACH) {
		golden = golden_find(retrain->folder, error);
		if (!golden)
			return NULL;
	}
	outcome->trial = try_labels(retrain, whose, kind, chosen,
				    outcome->place, golden);
	if (outcome->trial->result != TRIAL_PASSED || retrain->dry_run)
		return g_steal_pointer(&outcome);
	card = card_of(retrain, whose, kind, chosen, outcome->trial);
	if (!promote(retrain, outcome->trial, card, error))
		return NULL;
	outcome->id = g_strdup(card->id);
	return g_steal_pointer(&outcome);
}

static char *
promoted_text(const struct retrain_outcome *outcome)
{
	const struct trial *trial = outcome->trial;
	GString *text = g_string_new(NULL);

	g_string_append_printf(
		text, "%s%s, from %u labels: log-loss %.3f before, %.3f after",
		outcome->id ? "promoted " : "passed",
		outcome->id ? outcome->id : "", trial->counted,
		trial->serving.loss, trial->candidate.loss);
	if (isfinite(trial->gain.low))
		g_string_append_printf(
			text, " (better by %.3f, 95 %% interval %.3f to %.3f)",
			trial->gain.value, trial->gain.low, trial->gain.high);
	g_string_append_printf(text,
			       "; ROC AUC %.3f before, %.3f after; on the %u "
			       "newest, which it had not seen",
			       trial->serving.auc, trial->candidate.auc,
			       trial->held_out);
	return g_string_free(text, FALSE);
}

char *
retrain_text(const struct retrain_outcome *outcome)
{
	const struct trial *trial = outcome->trial;

	switch (trial->result) {
	case TRIAL_PASSED:
		return promoted_text(outcome);
	case TRIAL_FEW:
		return g_strdup_printf("too few labels: %s", trial->why);
	case TRIAL_WORSE:
	case TRIAL_GOLDEN:
	default:
		return g_strdup_printf("refused: %s", trial->why);
	}
}
