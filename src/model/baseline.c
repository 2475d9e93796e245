#include "baseline_private.h"

#include <math.h>
#include <string.h>

#include "text/fold.h"
#include "text/words.h"

#define WORDS_COST  1.0
#define KEYWORD_MAX 64 /* words of one keyword that count */

const struct sample *
baseline_sample(const struct baseline_request *request, guint example)
{
	const struct samples *samples = request->samples;
	guint place = request->training->sample[example];

	if (request->training->kind == MODEL_RELEVANCE) {
		const struct sample_pair *pair = samples->pairs->pdata[place];

		place = pair->sample;
	}
	return samples->samples->pdata[place];
}

/* Words and pairs of the text: 1 + ln count, scaled to unit length. */
static void
count_words(const struct sample *sample, struct vector *vector)
{
	float norm = 0;

	for (guint i = 0; i < sample->terms->len; i++) {
		const struct term *term =
			&g_array_index(sample->terms, struct term, i);
		float value = 1.0f + logf((float)MAX(term->count, 1));

		if (term->block == TERM_TEXT)
			vector_add(vector, term->bucket, value);
	}
	vector_sort(vector);
	for (guint i = 0; i < vector->n; i++)
		norm += vector->items[i].value * vector->items[i].value;
	for (guint i = 0; i < vector->n; i++)
		vector->items[i].value /= sqrtf(norm);
}

static struct vector *
count_all(const struct baseline_request *request)
{
	guint n = request->training->n;
	struct vector *owned = g_new0(struct vector, n + 1);

	for (guint i = 0; i < n; i++)
		count_words(baseline_sample(request, i), &owned[i]);
	return owned;
}

static void
tell_words(guint done, guint total, gpointer user)
{
	static const char what[] = "baseline: word counts";
	const struct baseline_request *request = user;

	if (request->progress != NULL)
		request->progress(what, done, total, request->user);
}

gboolean
baseline_words(const struct baseline_request *request, GError **error)
{
	const struct training *training = request->training;
	struct baseline baseline = {
		"word counts, linear SVM", "words", NULL,
		"words and word pairs of the text, 1 + ln count, unit length, "
		"C = 1; no other feature",
		g_new(double, training->n + 1)
	};
	struct vector *owned = count_all(request);
	g_autofree const struct vector **x =
		g_new(const struct vector *, training->n + 1);
	const struct svm_setting setting = { WORDS_COST, TERM_BUCKETS };
	struct crossval_data data = training_data(training);
	struct baseline_request told = *request;
	const struct crossval_run run = { .data = &data,
					  .setting = &setting,
					  .folds = &training->folds,
					  .progress = tell_words,
					  .user = &told };
	struct svm_examples *examples;
	gboolean done;

	tell_words(0, 0, &told);
	for (guint i = 0; i < training->n; i++)
		x[i] = &owned[i];
	examples = svm_examples_new(x, training->y, training->n);
	data.examples = examples;
	data.x = x;
	done = crossval_run(&run, baseline.scores, error);
	svm_examples_free(examples);
	for (guint i = 0; i < training->n; i++)
		vector_clear(&owned[i]);
	g_free(owned);
	g_array_append_val(request->evaluation->baselines, baseline);
	return done;
}

/* Which source each group is of: that of its first mail. */
static guint *
sources_of(const struct training *training, guint *n)
{
	g_autoptr(GHashTable) numbers =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint *of = g_new0(guint, training->n + 1);

	for (guint i = training->n; i-- > 0;)
		of[training->group[i]] =
			group_number(numbers, training->sources[i]);
	*n = g_hash_table_size(numbers);
	return of;
}

gboolean
baseline_sources(const struct baseline_request *request, GError **error)
{
	const struct training *training = request->training;
	struct baseline baseline = {
		"pitchward, the whole source unseen", "source unseen", "source",
		"our features, trained without any mail of the source; a "
		"model a source, so it is to be read by source",
		NULL
	};
	struct folds folds = { 0, NULL };
	struct crossval_data data = training_data(training);
	const struct crossval_run run = { .data = &data,
					  .setting = &training->setting,
					  .folds = &folds };
	gboolean done = TRUE;

	folds.of = sources_of(training, &folds.n);
	if (folds.n < 2) {
		baseline.note = "all mail is of one source";
	} else {
		baseline.scores = g_new(double, training->n + 1);
		done = crossval_run(&run, baseline.scores, error);
	}
	folds_clear(&folds);
	g_array_append_val(request->evaluation->baselines, baseline);
	return done;
}

/* Hashes of the different words of all keywords. */
static GHashTable *
keyword_words(char *const *keywords)
{
	GHashTable *set = g_hash_table_new_full(g_int64_hash, g_int64_equal,
						g_free, NULL);

	for (guint i = 0; keywords != NULL && keywords[i] != NULL; i++) {
		g_autofree char *folded =
			text_fold(keywords[i], strlen(keywords[i]), NULL);
		g_autoptr(GArray) words =
			words_split(folded, strlen(folded), KEYWORD_MAX);

		for (guint k = 0; k < words->len; k++) {
			const struct word *word =
				&g_array_index(words, struct word, k);
			guint64 hash = word_hash(
				word->digits ? "0" : folded + word->at,
				word->digits ? 1 : word->len);

			g_hash_table_add(set, g_memdup2(&hash, sizeof hash));
		}
	}
	return set;
}

static gboolean
text_has(const struct reading_text *text, guint64 hash)
{
	for (guint i = 0; i < text->words->len; i++)
		if (text->hash[i] == hash)
			return TRUE;
	return FALSE;
}

static double
keywords_share(const struct reading *reading, char *const *keywords)
{
	g_autoptr(GHashTable) wanted = keyword_words(keywords);
	guint n = g_hash_table_size(wanted);
	guint found = 0;
	GHashTableIter at;
	gpointer key;

	g_hash_table_iter_init(&at, wanted);
	while (g_hash_table_iter_next(&at, &key, NULL)) {
		guint64 hash = *(const guint64 *)key;

		if (text_has(&reading->text, hash) ||
		    text_has(&reading->subject, hash))
			found++;
	}
	return n > 0 ? (double)found / n : 0;
}

double
baseline_overlap(const struct reading *reading, const struct profile *profile)
{
	double best = 0;

	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		best = MAX(best, keywords_share(reading, priority->keywords));
	}
	return best;
}
