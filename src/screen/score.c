#include "score_private.h"

void
score_init(struct score *score, const struct buyer *buyer)
{
	*score = (struct score){ .buyer = buyer, .probability = -1 };
}

/* NaN fails every comparison. */
gboolean
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

struct imprint_score
score_imprint(const struct score *score)
{
	return (struct imprint_score){ score->done, score->decision,
				       imprint_logit(score->probability) };
}

static void
score_free(gpointer data)
{
	struct score *score = data;

	vector_clear(&score->vector);
	g_free(score);
}

GPtrArray *
scores_new(void)
{
	return g_ptr_array_new_with_free_func(score_free);
}

struct score *
scores_find(GPtrArray *scores, const struct buyer *buyer)
{
	struct score *score;

	for (guint i = 0; i < scores->len; i++) {
		score = scores->pdata[i];
		if (score->buyer == buyer)
			return score;
	}
	score = g_new(struct score, 1);
	score_init(score, buyer);
	g_ptr_array_add(scores, score);
	return score;
}
