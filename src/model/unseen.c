#include "model/unseen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "baseline_private.h"
#include "features/relevance.h"
#include "learning_private.h"
#include "training_private.h"

#define MESSAGE_SIZE_MAX (64 << 20)

struct unseen {
	const struct starter *starter;
	struct training training;
	struct linear *linears; /* a fold each */
	struct evaluation *evaluation;
	GHashTable *rows; /* path -> struct row */
};

/* A message of a corpus. */
struct row {
	const struct corpus *corpus;
	const struct corpus_mail *mail;
};

static void
tell(const struct unseen *unseen, const char *what, guint done, guint total)
{
	const struct starter *starter = unseen->starter;

	if (starter->progress != NULL)
		starter->progress(what, done, total, starter->data);
}

static void
tell_folds(guint done, guint total, gpointer user)
{
	static const char authors[] = "outreach: unseen authors";
	static const char buyers[] = "relevance: unseen buyers";
	const struct unseen *unseen = user;

	tell(unseen, unseen->training.kind == MODEL_OUTREACH ? authors : buyers,
	     done, total);
}

static void
tell_learning(guint done, guint total, gpointer user)
{
	static const char what[] = "learning curve";

	tell(user, what, done, total);
}

static void
tell_baseline(const char *what, guint done, guint total, gpointer user)
{
	tell(user, what, done, total);
}

static GHashTable *
rows_new(const GPtrArray *corpora)
{
	GHashTable *rows =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

	for (guint i = 0; i < corpora->len; i++) {
		const struct corpus *corpus = corpora->pdata[i];

		for (guint k = 0; k < corpus->mails->len; k++) {
			struct corpus_mail *mail = corpus->mails->pdata[k];
			struct row *row = g_new(struct row, 1);

			*row = (struct row){ corpus, mail };
			g_hash_table_insert(rows, mail->path, row);
		}
	}
	return rows;
}

static void
judge_sample(const struct unseen *unseen, guint place, struct judged *judged)
{
	const struct sample *sample =
		unseen->starter->samples->samples->pdata[place];
	const struct row *row = g_hash_table_lookup(unseen->rows, sample->name);

	judged->mail = row != NULL ? row->mail : NULL;
	judged->kind = sample->kind;
	judged->source = sample->source;
	judged->author = sample->author;
}

static void
judge_all(struct unseen *unseen)
{
	const struct training *training = &unseen->training;

	for (guint i = 0; i < training->n; i++) {
		guint place = training->sample[i];
		struct judged judged = { .positive = training->y[i],
					 .decision = training->decisions[i] };

		if (training->kind == MODEL_RELEVANCE) {
			const struct sample_pair *pair =
				unseen->starter->samples->pairs->pdata[place];

			judged.profile = pair->profile;
			judged.grade = pair->grade;
			place = pair->sample;
		}
		judge_sample(unseen, place, &judged);
		g_array_append_val(unseen->evaluation->judged, judged);
	}
}

static guint
fold_of(const struct training *training, guint example)
{
	return training->folds.of[training->group[example]];
}

/* What the other folds' decisions say of one's own. */
static struct sigmoid
fold_sigmoid(const struct training *training, guint fold)
{
	g_autofree double *decisions = g_new(double, training->n + 1);
	g_autofree gboolean *y = g_new(gboolean, training->n + 1);
	guint n = 0;

	for (guint i = 0; i < training->n; i++) {
		if (fold_of(training, i) == fold)
			continue;
		decisions[n] = training->decisions[i];
		y[n++] = training->y[i];
	}
	return sigmoid_fit(decisions, y, n);
}

static void
calibrate(struct unseen *unseen)
{
	const struct training *training = &unseen->training;
	GArray *judged = unseen->evaluation->judged;

	for (guint fold = 0; fold < training->folds.n; fold++) {
		struct sigmoid sigmoid = fold_sigmoid(training, fold);

		for (guint i = 0; i < training->n; i++)
			if (fold_of(training, i) == fold)
				g_array_index(judged, struct judged, i)
					.probability = sigmoid_apply(
					&sigmoid, training->decisions[i]);
	}
}

/*
 * A model for mail outside the training: that of its author's fold, else of
 * the first fold that has one. None of them saw it.
 */
static guint
fold_for(const struct unseen *unseen, const char *author)
{
	const struct training *training = &unseen->training;
	gpointer group;
	guint fold = 0;

	if (g_hash_table_lookup_extended(training->groups, author, NULL,
					 &group))
		return training->folds.of[GPOINTER_TO_UINT(group)];
	while (fold + 1 < training->folds.n && unseen->linears[fold].w == NULL)
		fold++;
	return fold;
}

static void
judge_fraud(struct unseen *unseen, guint place, const struct sigmoid *sigmoids)
{
	const struct sample *sample =
		unseen->starter->samples->samples->pdata[place];
	guint fold = fold_for(unseen, sample->author);
	const struct linear *linear = &unseen->linears[fold];
	struct vector vector = { NULL, 0, 0 };
	struct judged judged = { .positive = FALSE };

	judge_sample(unseen, place, &judged);
	outreach_combine(sample->terms, sample->dense,
			 unseen->training.background, &vector);
	judged.decision =
		vector_dot(&vector, linear->w, linear->size) + linear->bias;
	judged.probability = sigmoid_apply(&sigmoids[fold], judged.decision);
	vector_clear(&vector);
	g_array_append_val(unseen->evaluation->frauds, judged);
}

static void
judge_frauds(struct unseen *unseen)
{
	const GPtrArray *samples = unseen->starter->samples->samples;
	guint folds = unseen->training.folds.n;
	g_autofree struct sigmoid *sigmoids = g_new(struct sigmoid, folds + 1);

	for (guint i = 0; i < folds; i++)
		sigmoids[i] = fold_sigmoid(&unseen->training, i);
	for (guint i = 0; i < samples->len; i++) {
		const struct sample *sample = samples->pdata[i];

		if (sample->kind == KIND_FRAUD)
			judge_fraud(unseen, i, sigmoids);
	}
}

static const struct profile *
profile_of(const struct corpus *corpus, const char *id)
{
	for (guint i = 0; i < corpus->profiles->len; i++) {
		const struct profile *profile = corpus->profiles->pdata[i];

		if (strcmp(profile->id, id) == 0)
			return profile;
	}
	return NULL;
}

static struct reading *
reading_open(const struct corpus_mail *row, struct mail **mail, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(row->path, MESSAGE_SIZE_MAX, error);

	if (bytes == NULL)
		return NULL;
	*mail = mail_new(bytes, NULL);
	return reading_new(*mail);
}

/* Words and overlap of all judgements from `at` that are of one mail. */
static gboolean
overlap_mail(struct unseen *unseen, guint at, double *scores, guint *next,
	     GError **error)
{
	GArray *all = unseen->evaluation->judged;
	const struct corpus_mail *own =
		g_array_index(all, struct judged, at).mail;
	const struct row *row = g_hash_table_lookup(unseen->rows, own->path);
	g_autoptr(Mail) mail = NULL;
	g_autoptr(Reading) reading = reading_open(own, &mail, error);

	if (reading == NULL)
		return FALSE;
	for (*next = at; *next < all->len; (*next)++) {
		struct judged *judged =
			&g_array_index(all, struct judged, *next);

		if (judged->mail != own)
			break;
		judged->words =
			reading->text.words->len + reading->subject.words->len;
		scores[*next] = baseline_overlap(
			reading, profile_of(row->corpus, judged->profile));
	}
	return TRUE;
}

/* Reads each mail once: its judgements stand together. */
static gboolean
add_overlap(struct unseen *unseen, GError **error)
{
	static const char what[] = "baseline: word overlap";
	guint n = unseen->evaluation->judged->len;
	struct baseline baseline = {
		"word overlap with priorities", "overlap", NULL,
		"the largest share of a priority's keywords' words that stand "
		"in the mail; nothing is trained",
		g_new0(double, n + 1)
	};
	guint next = 0;

	g_array_append_val(unseen->evaluation->baselines, baseline);
	while (next < n) {
		if (!overlap_mail(unseen, next, baseline.scores, &next, error))
			return FALSE;
		tell(unseen, what, next, n);
	}
	return TRUE;
}

static gboolean
add_baselines(struct unseen *unseen, const char *bogofilter, GError **error)
{
	const struct baseline_request request = {
		.training = &unseen->training,
		.samples = unseen->starter->samples,
		.bogofilter = bogofilter,
		.progress = tell_baseline,
		.user = unseen,
		.evaluation = unseen->evaluation,
	};

	if (!baseline_words(&request, error))
		return FALSE;
	if (unseen->training.kind == MODEL_RELEVANCE)
		return add_overlap(unseen, error);
	return baseline_bogofilter(&request, error) &&
	       baseline_sources(&request, error);
}

static gboolean
measure(struct unseen *unseen, const char *bogofilter, GError **error)
{
	struct training *training = &unseen->training;

	tell_folds(0, 0, unseen);
	if (!training_decide(training, tell_folds, unseen, &unseen->linears,
			     error))
		return FALSE;
	unseen->evaluation->folds = training->folds.n;
	judge_all(unseen);
	calibrate(unseen);
	if (training->kind == MODEL_OUTREACH)
		judge_frauds(unseen);
	tell_learning(0, 0, unseen);
	learning_measure(training, tell_learning, unseen, unseen->evaluation);
	return add_baselines(unseen, bogofilter, error);
}

struct unseen *
unseen_new(const struct starter *starter, enum model_kind kind,
	   const char *bogofilter, GError **error)
{
	g_autoptr(Unseen) unseen = g_new0(struct unseen, 1);

	unseen->starter = starter;
	unseen->rows = rows_new(starter->corpora);
	unseen->evaluation = evaluation_new(kind);
	if (!training_prepare(&unseen->training, kind, starter->samples,
			      starter->corpora, error) ||
	    !measure(unseen, bogofilter, error)) {
		g_prefix_error(error, "%s: ", model_kinds[kind]);
		return NULL;
	}
	return g_steal_pointer(&unseen);
}

void
unseen_free(struct unseen *unseen)
{
	if (unseen == NULL)
		return;
	for (guint i = 0; unseen->linears && i < unseen->training.folds.n; i++)
		linear_clear(&unseen->linears[i]);
	g_free(unseen->linears);
	training_clear(&unseen->training);
	evaluation_free(unseen->evaluation);
	g_hash_table_unref(unseen->rows);
	g_free(unseen);
}

struct evaluation *
unseen_evaluation(const struct unseen *unseen)
{
	return unseen->evaluation;
}

/* One feature of the vector, and what it adds. */
struct share {
	guint index;
	double value;
	double weight;
};

static int
by_weight(const void *a, const void *b)
{
	const struct share *x = a;
	const struct share *y = b;
	double left = fabs(x->weight);
	double right = fabs(y->weight);

	if (left < right || left > right)
		return left < right ? 1 : -1;
	return (x->index > y->index) - (x->index < y->index);
}

static const char *
share_name(enum model_kind kind, guint index, GHashTable *names)
{
	const char *name =
		names != NULL
			? g_hash_table_lookup(names, GUINT_TO_POINTER(index))
			: NULL;

	if (name != NULL)
		return name;
	if (kind == MODEL_RELEVANCE)
		return index < relevance_count() ? relevance_name(index) : "?";
	if (index >= TERM_BUCKETS &&
	    index - TERM_BUCKETS < outreach_dense_count())
		return outreach_dense_name(index - TERM_BUCKETS);
	return UNSEEN_HASHED;
}

static GHashTable *
names_of(const struct judged *judged)
{
	g_autoptr(Mail) mail = NULL;
	g_autoptr(Reading) reading = NULL;

	if (judged->profile != NULL || judged->mail == NULL)
		return NULL;
	reading = reading_open(judged->mail, &mail, NULL);
	return reading != NULL ? outreach_names(reading) : NULL;
}

void
unseen_explain(const struct unseen *unseen, const struct judged *judged,
	       guint max, unseen_reason add, gpointer data)
{
	const struct training *training = &unseen->training;
	guint place =
		(guint)(judged - (const struct judged *)(const void *)
					 unseen->evaluation->judged->data);
	const struct vector *vector = training->x[place];
	const struct linear *linear =
		&unseen->linears[fold_of(training, place)];
	g_autofree struct share *shares = g_new(struct share, vector->n + 1);
	g_autoptr(GHashTable) names = names_of(judged);

	for (guint i = 0; i < vector->n; i++) {
		guint index = vector->items[i].index;
		double value = (double)vector->items[i].value;

		shares[i] = (struct share){ index, value,
					    value * (double)linear->w[index] };
	}
	qsort(shares, vector->n, sizeof shares[0], by_weight);
	for (guint i = 0; i < MIN(max, vector->n); i++) {
		g_autofree char *name = g_strdup_printf(
			"%s: %s", model_kinds[training->kind],
			share_name(training->kind, shares[i].index, names));

		add(name, shares[i].value, shares[i].weight, data);
	}
}
