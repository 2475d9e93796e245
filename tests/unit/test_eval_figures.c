/*
 * Figures of small evaluations counted by hand, and models that had not seen
 * what they judge, on a corpus of six authors.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"
#include "model/calibrate.h"
#include "model/figures.h"
#include "model/unseen.h"
#include "profile/signals.h"

#define NEAR 1e-9

static void
judge(struct evaluation *evaluation, const char *author, enum corpus_kind kind,
      double score)
{
	const struct judged judged = { .kind = kind,
				       .source = "src",
				       .author = author,
				       .positive = corpus_kind_sells(kind),
				       .decision = score,
				       .probability = score };

	g_array_append_val(evaluation->judged, judged);
}

static const struct figure_row *
row_of(const struct figures *figures, const char *by, const char *name)
{
	for (guint i = 0; i < figures->rows->len; i++) {
		const struct figure_row *row = figures->rows->pdata[i];

		if (strcmp(row->by, by) == 0 && strcmp(row->name, name) == 0)
			return row;
	}
	g_error("no row %s %s", by, name);
}

static const struct figure_kind *
kind_of(const struct figures *figures, enum corpus_kind kind)
{
	for (guint i = 0; i < figures->kinds->len; i++)
		if (g_array_index(figures->kinds, struct figure_kind, i).kind ==
		    kind)
			return &g_array_index(figures->kinds,
					      struct figure_kind, i);
	g_error("no kind %s", corpus_kinds[kind]);
}

/*
 * Pitches 0.9 and 0.6, a newsletter of a vendor 0.3; business 0.85 and 0.1, a
 * list 0.5.
 */
static struct evaluation *
six_mails(void)
{
	struct evaluation *evaluation = evaluation_new(MODEL_OUTREACH);

	judge(evaluation, "a", KIND_OUTREACH, 0.9);
	judge(evaluation, "b", KIND_OUTREACH, 0.6);
	judge(evaluation, "a", KIND_NURTURE, 0.3);
	judge(evaluation, "b", KIND_BUSINESS, 0.85);
	judge(evaluation, "a", KIND_BUSINESS, 0.1);
	judge(evaluation, "b", KIND_LIST, 0.5);
	return evaluation;
}

static void
by_kind(void)
{
	static const struct {
		const char *kind;
		guint n;
		double auc; /* NaN: not asked */
		double pitches;
	} cases[] = {
		/* against 0.85, 0.1, 0.5: 0.9 wins 3, 0.6 wins 2 */
		{ "outreach", 5, 5.0 / 6, 5.0 / 6 },
		{ "nurture", 4, 1.0 / 3, (double)NAN },
		/* 0.9, 0.6, 0.3 against 0.85, 0.1: 2 + 1 + 1 of 6 */
		{ "business", 5, 4.0 / 6, 3.0 / 4 },
		{ "list", 4, 2.0 / 3, 1 },
	};
	g_autoptr(Evaluation) evaluation = six_mails();
	g_autoptr(Figures) figures = figures_new(evaluation);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct figure_row *row =
			row_of(figures, "kind", cases[i].kind);

		g_test_message("%s", cases[i].kind);
		g_assert_cmpuint(row->n, ==, cases[i].n);
		g_assert_cmpfloat_with_epsilon(row->auc.value, cases[i].auc,
					       NEAR);
		if (isnan(cases[i].pitches))
			g_assert_true(isnan(row->pitches));
		else
			g_assert_cmpfloat_with_epsilon(row->pitches,
						       cases[i].pitches, NEAR);
	}
	/* all: 3 + 2 + 1 of 9 pairs */
	g_assert_cmpfloat_with_epsilon(row_of(figures, "all", "all")->auc.value,
				       6.0 / 9, NEAR);
}

static void
false_holds(void)
{
	g_autoptr(Evaluation) evaluation = six_mails();
	g_autoptr(Figures) figures = NULL;
	const struct figure_kind *business;

	judge(evaluation, "a", KIND_FRAUD, 0.99);
	g_array_append_vals(
		evaluation->frauds,
		&g_array_index(evaluation->judged, struct judged, 6), 1);
	g_array_set_size(evaluation->judged, 6);
	figures = figures_new(evaluation);
	business = kind_of(figures, KIND_BUSINESS);
	g_assert_cmpuint(business->n, ==, 2);
	g_assert_cmpuint(business->high_n, ==, 1);
	g_assert_cmpfloat_with_epsilon(business->mean, 0.475, NEAR);
	g_assert_cmpuint(kind_of(figures, KIND_LIST)->high_n, ==, 0);
	g_assert_cmpfloat(kind_of(figures, KIND_LIST)->low.value, ==, 1);
	/* fraud is told apart, and is in no other figure */
	g_assert_cmpuint(kind_of(figures, KIND_FRAUD)->high_n, ==, 1);
	g_assert_cmpuint(row_of(figures, "all", "all")->held, ==, 1);
	g_assert_cmpuint(figures->points[1].false_positive, ==, 1);
	g_assert_cmpuint(figures->points[1].true_positive, ==, 1);
}

/* A baseline that judged half of the mail is compared on that half. */
static void
baseline_same_mail(void)
{
	g_autoptr(Evaluation) evaluation = six_mails();
	static const double scores[] = { 0,   1,	   (double)NAN,
					 0.5, (double)NAN, (double)NAN };
	struct baseline baseline = { "other", "other", NULL, "", NULL };
	struct baseline absent = { "absent", "absent", NULL, "not installed",
				   NULL };
	g_autoptr(Figures) figures = NULL;
	const struct figure_baseline *own;

	baseline.scores = g_memdup2(scores, sizeof scores);
	g_array_append_val(evaluation->baselines, baseline);
	g_array_append_val(evaluation->baselines, absent);
	figures = figures_new(evaluation);
	g_assert_cmpuint(figures->baselines->len, ==, 3);
	own = &g_array_index(figures->baselines, struct figure_baseline, 1);
	g_assert_cmpuint(own->n, ==, 3);
	g_assert_cmpfloat_with_epsilon(own->auc.value, 0.5, NEAR);
	g_assert_cmpfloat_with_epsilon(own->ours, 0.5, NEAR);
	own = &g_array_index(figures->baselines, struct figure_baseline, 2);
	g_assert_cmpuint(own->n, ==, 0);
	g_assert_true(isnan(own->auc.value));
}

static void
nothing_judged(void)
{
	g_autoptr(Evaluation) evaluation = evaluation_new(MODEL_RELEVANCE);
	g_autoptr(Figures) figures = figures_new(evaluation);

	g_assert_true(isnan(figures->mean.value));
	g_assert_true(isnan(figures->matched.value));
	g_assert_true(isnan(figures->unwanted.value));
	g_assert_true(isnan(figures->calibration));
	g_assert_cmpuint(figures->kinds->len, ==, 0);
}

/* Grades 0 to 3 of one buyer; only a row that nobody wants is unwanted. */
static void
unwanted_and_grades(void)
{
	g_autoptr(Evaluation) evaluation = evaluation_new(MODEL_RELEVANCE);
	g_autoptr(GArray) none =
		g_array_new(FALSE, FALSE, sizeof(struct corpus_grade));
	g_autoptr(GArray) other =
		g_array_new(FALSE, FALSE, sizeof(struct corpus_grade));
	const struct corpus_grade two = { 0, 2 };
	char empty[] = "";
	char path[] = "p";
	const struct corpus_mail unwanted = { .path = path,
					      .campaign = empty,
					      .language = empty,
					      .grades = none };
	const struct corpus_mail wanted = { .path = path,
					    .campaign = empty,
					    .language = empty,
					    .grades = other };
	static const struct {
		int grade;
		gboolean named;
		double score;
	} cases[] = {
		{ 0, FALSE, 0.35 }, { 0, FALSE, 0.36 }, { 0, TRUE, 0.9 },
		{ 1, TRUE, 0.1 },   { 2, TRUE, 0.7 },	{ 3, TRUE, 0.6 }
	};
	g_autoptr(Figures) figures = NULL;
	const struct figure_buyer *buyer;

	g_array_append_val(other, two);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct judged judged = {
			.mail = cases[i].named ? &wanted : &unwanted,
			.source = "src",
			.author = "a",
			.profile = "ada",
			.grade = cases[i].grade,
			.positive = cases[i].grade >= JUDGED_RELEVANT,
			.words = 10,
			.decision = cases[i].score,
			.probability = cases[i].score
		};

		g_array_append_val(evaluation->judged, judged);
	}
	figures = figures_new(evaluation);
	g_assert_cmpfloat_with_epsilon(figures->unwanted.value, 0.5, NEAR);
	g_assert_cmpuint(figures->buyers->len, ==, 1);
	buyer = &g_array_index(figures->buyers, struct figure_buyer, 0);
	g_assert_cmpuint(buyer->n[0], ==, 3);
	g_assert_cmpuint(buyer->high[0], ==, 1);
	g_assert_cmpuint(buyer->low[0], ==, 3);
	g_assert_cmpuint(buyer->high[2], ==, 1);
	g_assert_cmpuint(buyer->high[3], ==, 0);
	g_assert_cmpfloat_with_epsilon(buyer->mean[3], 0.6, NEAR);
	/* all of one length */
	g_assert_cmpfloat_with_epsilon(figures->matched.value,
				       row_of(figures, "all", "all")->auc.value,
				       NEAR);
}

struct world {
	char *folder;
	struct corpus *corpus;
	GPtrArray *corpora;
	struct samples *samples;
	struct starter starter;
};

static void
world_open(struct world *world)
{
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(GError) error = NULL;

	world->folder = kit_quick_folder();
	model_kit_corpus(world->folder);
	world->corpus = corpus_load(world->folder, &error);
	g_assert_no_error(error);
	world->corpora = g_ptr_array_new();
	g_ptr_array_add(world->corpora, world->corpus);
	world->samples = samples_new();
	g_assert_true(samples_add_corpus(world->samples, world->corpus, signals,
					 NULL, NULL, &error));
	g_assert_no_error(error);
	world->starter = (struct starter){ .samples = world->samples,
					   .corpora = world->corpora };
}

static void
world_close(struct world *world)
{
	samples_free(world->samples);
	g_ptr_array_unref(world->corpora);
	corpus_free(world->corpus);
	g_free(world->folder);
}

static void
add_weight(const char *name, double value, double weight, gpointer data)
{
	GString *text = data;

	g_assert_true(isfinite(value) && isfinite(weight));
	g_string_append_printf(text, "%s;", name);
}

/*
 * What the labels of an author say must not be in its probabilities: they
 * follow from the other authors' decisions. The second author is a fold alone.
 */
static void
assert_calibrated_unseen(const struct evaluation *evaluation)
{
	const GArray *judged = evaluation->judged;
	g_autofree double *decisions = g_new(double, judged->len);
	g_autofree gboolean *y = g_new(gboolean, judged->len);
	const char *author =
		g_array_index(judged, struct judged, MODEL_KIT_MAILS).author;
	struct sigmoid sigmoid;
	guint n = 0;

	for (guint i = 0; i < judged->len; i++) {
		const struct judged *one =
			&g_array_index(judged, struct judged, i);

		if (strcmp(one->author, author) == 0)
			continue;
		decisions[n] = one->decision;
		y[n++] = one->positive;
	}
	g_assert_cmpuint(n, <, judged->len);
	sigmoid = sigmoid_fit(decisions, y, n);
	for (guint i = 0; i < judged->len; i++) {
		const struct judged *one =
			&g_array_index(judged, struct judged, i);

		if (strcmp(one->author, author) == 0)
			g_assert_cmpfloat_with_epsilon(
				one->probability,
				sigmoid_apply(&sigmoid, one->decision), NEAR);
	}
}

static void
unseen_authors(void)
{
	struct world world;
	g_autoptr(Unseen) unseen = NULL;
	g_autoptr(Unseen) again = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) reasons = g_string_new(NULL);
	const struct evaluation *evaluation;
	guint mails = MODEL_KIT_AUTHORS * MODEL_KIT_MAILS;

	world_open(&world);
	unseen = unseen_new(&world.starter, MODEL_OUTREACH, NULL, &error);
	g_assert_no_error(error);
	evaluation = unseen_evaluation(unseen);
	g_assert_false(evaluation->seen);
	g_assert_cmpuint(evaluation->frauds->len, ==, MODEL_KIT_AUTHORS);
	g_assert_cmpuint(evaluation->judged->len, ==,
			 mails - MODEL_KIT_AUTHORS);
	g_assert_cmpuint(evaluation->learning->len, >, 0);
	g_assert_cmpstr(
		g_array_index(evaluation->baselines, struct baseline, 1).note,
		==, "not installed");
	again = unseen_new(&world.starter, MODEL_OUTREACH, NULL, &error);
	for (guint i = 0; i < evaluation->judged->len; i++) {
		const struct judged *judged =
			&g_array_index(evaluation->judged, struct judged, i);

		g_assert_nonnull(judged->mail);
		g_assert_true(judged->probability > 0 &&
			      judged->probability < 1);
		g_assert_cmpfloat(
			judged->decision, ==,
			g_array_index(unseen_evaluation(again)->judged,
				      struct judged, i)
				.decision);
	}
	assert_calibrated_unseen(evaluation);
	unseen_explain(unseen,
		       &g_array_index(evaluation->judged, struct judged, 0), 3,
		       add_weight, reasons);
	g_assert_true(g_str_has_prefix(reasons->str, "outreach: "));
	world_close(&world);
}

static void
unseen_buyers(void)
{
	struct world world;
	g_autoptr(Unseen) unseen = NULL;
	g_autoptr(GError) error = NULL;
	const struct evaluation *evaluation;

	world_open(&world);
	unseen = unseen_new(&world.starter, MODEL_RELEVANCE, NULL, &error);
	g_assert_no_error(error);
	evaluation = unseen_evaluation(unseen);
	g_assert_cmpuint(evaluation->judged->len, >, 0);
	g_assert_cmpuint(evaluation->baselines->len, ==, 2);
	for (guint i = 0; i < evaluation->judged->len; i++) {
		const struct judged *judged =
			&g_array_index(evaluation->judged, struct judged, i);
		double overlap =
			g_array_index(evaluation->baselines, struct baseline, 1)
				.scores[i];

		g_assert_nonnull(judged->profile);
		g_assert_cmpuint(judged->words, >, 0);
		g_assert_true(overlap >= 0 && overlap <= 1);
	}
	world_close(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/figures/by kind", by_kind);
	g_test_add_func("/figures/false holds and fraud", false_holds);
	g_test_add_func("/figures/baseline on the same mail",
			baseline_same_mail);
	g_test_add_func("/figures/nothing judged", nothing_judged);
	g_test_add_func("/figures/unwanted, grades", unwanted_and_grades);
	g_test_add_func("/figures/unseen authors", unseen_authors);
	g_test_add_func("/figures/unseen buyers", unseen_buyers);
	return g_test_run();
}
