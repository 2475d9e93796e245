/* The examples of each kind, from samples and from pairs of mail and buyer. */
#include "features/relevance.h"
#include "model/evaluation.h"
#include "model_private.h"
#include "training_private.h"

/* What an error costs, by enum model_kind. */
static const double costs[] = {
	[MODEL_OUTREACH] = 1.0,
	[MODEL_RELEVANCE] = 0.03,
};

static struct background *
background_of(const struct samples *samples, guint blocks)
{
	g_autoptr(GPtrArray) documents = g_ptr_array_new();

	for (guint i = 0; i < samples->samples->len; i++) {
		const struct sample *sample = samples->samples->pdata[i];

		g_ptr_array_add(documents, sample->terms);
	}
	return background_new(documents, blocks);
}

static void
prepare_outreach(struct training *training, const struct samples *all)
{
	const GPtrArray *samples = all->samples;

	training_init(training, MODEL_OUTREACH, samples->len);
	training->background = background_of(all, OUTREACH_BLOCKS);
	training->owned = g_new0(struct vector, samples->len + 1);
	for (guint i = 0; i < samples->len; i++) {
		const struct sample *sample = samples->pdata[i];
		struct vector *vector = &training->owned[training->n_owned];
		const struct training_example example = {
			vector, corpus_kind_sells(sample->kind), sample->author,
			sample->source, i
		};

		if (sample->kind == KIND_FRAUD)
			continue;
		outreach_combine(sample->terms, sample->dense,
				 training->background, vector);
		vector_sort(vector);
		training->n_owned++;
		training_add(training, &example);
	}
}

static gboolean
pairs_make(struct samples *samples, const GPtrArray *corpora,
	   const struct background *background, GError **error)
{
	g_ptr_array_set_size(samples->pairs, 0);
	for (guint i = 0; i < corpora->len; i++)
		if (!samples_pair(samples, corpora->pdata[i], background,
				  error))
			return FALSE;
	return TRUE;
}

static gboolean
prepare_relevance(struct training *training, struct samples *samples,
		  const GPtrArray *corpora, GError **error)
{
	struct background *background =
		background_of(samples, RELEVANCE_BLOCKS);
	gboolean done = pairs_make(samples, corpora, background, error);

	training_init(training, MODEL_RELEVANCE, samples->pairs->len);
	training->background = background;
	for (guint i = 0; done && i < samples->pairs->len; i++) {
		const struct sample_pair *pair = samples->pairs->pdata[i];
		const struct sample *sample =
			samples->samples->pdata[pair->sample];
		const struct training_example example = {
			&pair->likeness, pair->grade >= JUDGED_RELEVANT,
			pair->profile, sample->source, i
		};

		training_add(training, &example);
	}
	return done;
}

gboolean
training_prepare(struct training *training, enum model_kind kind,
		 struct samples *samples, const GPtrArray *corpora,
		 GError **error)
{
	gboolean done = TRUE;

	if (kind == MODEL_OUTREACH)
		prepare_outreach(training, samples);
	else
		done = prepare_relevance(training, samples, corpora, error);
	training->setting =
		(struct svm_setting){ costs[kind], model_shapes[kind].size };
	return done;
}
