/*
 * libsvm behind its fence: what it learns folds to one vector, what is no
 * model file of ours never reaches its loader, and who is held out is unseen.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "../../src/model/crossval_private.h"
#include "model/model.h"

#define FEATURES 4

static const char good[] = "svm_type c_svc\n"
			   "kernel_type linear\n"
			   "nr_class 2\n"
			   "total_sv 2\n"
			   "rho 0.5\n"
			   "label 1 -1\n"
			   "nr_sv 1 1\n"
			   "SV\n"
			   "0.5 1:1 3:2 \n"
			   "-0.25 2:1 \n";

static GBytes *
changed(const char *old, const char *new)
{
	const char *at = strstr(good, old);
	char *text;

	g_assert_nonnull(at);
	text = g_strdup_printf("%.*s%s%s", (int)(at - good), good, new,
			       at + strlen(old));
	return g_bytes_new_take(text, strlen(text));
}

static void
folds(void)
{
	static const float weights[FEATURES] = { 0.5f, -0.25f, 1.0f, 0.0f };
	struct feature items[] = { { 0, 2 }, { 2, -1 }, { 3, 9 } };
	const struct vector vector = { items, 3, 3 };
	g_autoptr(GBytes) bytes = changed("", "");
	g_autoptr(GBytes) turned = changed("label 1 -1", "label -1 1");
	struct linear linear = { NULL, 0, 0 };
	struct svm_probe probe = { &vector, 0 };
	g_autoptr(GError) error = NULL;

	g_assert_true(svm_read(bytes, FEATURES, &probe, 1, &linear, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(linear.size, ==, FEATURES);
	for (guint i = 0; i < FEATURES; i++)
		g_assert_cmpfloat((double)linear.w[i], ==, (double)weights[i]);
	g_assert_cmpfloat(linear.bias, ==, -0.5);
	g_assert_cmpfloat(probe.decision, ==, 0.5 * 2 - 1 - 0.5);
	linear_clear(&linear);

	/* The class has the second place: everything the other way round. */
	g_assert_true(svm_read(turned, FEATURES, &probe, 1, &linear, &error));
	for (guint i = 0; i < FEATURES; i++)
		g_assert_cmpfloat((double)linear.w[i], ==, (double)-weights[i]);
	g_assert_cmpfloat(linear.bias, ==, 0.5);
	g_assert_cmpfloat(probe.decision, ==, 0.5);
	linear_clear(&linear);
}

struct bad_case {
	const char *name;
	const char *old;
	const char *new;
	guint line;
};

static const struct bad_case bad_cases[] = {
	{ "another kind of SVM", "c_svc", "nu_svc", 1 },
	{ "another kernel", "linear", "rbf\ngamma 1", 2 },
	{ "three classes", "nr_class 2", "nr_class 3", 3 },
	{ "no vectors", "total_sv 2", "total_sv 0", 4 },
	{ "billions of vectors", "total_sv 2", "total_sv 4294967298", 4 },
	{ "vectors below 0", "total_sv 2", "total_sv -2", 4 },
	{ "no rho", "rho 0.5", "rho", 5 },
	{ "rho of words", "rho 0.5", "rho half", 5 },
	{ "rho not finite", "rho 0.5", "rho nan", 5 },
	{ "rho too large", "rho 0.5", "rho 1e999", 5 },
	{ "two rhos", "rho 0.5", "rho 0.5 0.5", 5 },
	{ "other labels", "label 1 -1", "label 0 1", 6 },
	{ "one label", "label 1 -1", "label 1", 6 },
	{ "probabilities", "nr_sv", "probA 1\nnr_sv", 7 },
	{ "counts that do not add up", "nr_sv 1 1", "nr_sv 1 2", 7 },
	{ "counts that wrap", "nr_sv 1 1", "nr_sv 4294967295 3", 7 },
	{ "a missing part", "SV\n", "", 8 },
	{ "fewer vectors than told", "-0.25 2:1 \n", "", 10 },
	{ "more vectors than told", "-0.25", "1 1:1\n-0.25", 11 },
	{ "no coefficient", "-0.25 ", "", 10 },
	{ "coefficient not finite", "-0.25", "inf", 10 },
	{ "index 0", "1:1", "0:1", 9 },
	{ "index past the features", "3:2", "5:2", 9 },
	{ "index below 0", "3:2", "-3:2", 9 },
	{ "indices that fall", "1:1 3:2", "3:2 1:1", 9 },
	{ "an index twice", "3:2", "1:2", 9 },
	{ "no value", "3:2", "3:", 9 },
	{ "a value in words", "3:2", "3:two", 9 },
	{ "a value in hexadecimal", "3:2", "3:0x2", 9 },
	{ "two spaces", "1:1 3:2", "1:1  3:2", 9 },
	{ "a tab", "1:1 3:2", "1:1\t3:2", 9 },
	{ "a carriage return", "3:2 ", "3:2 \r", 9 },
	{ "cut off", "2:1 \n", "2:1", 10 },
	{ "something behind", "2:1 \n", "2:1 \n\n", 11 },
	{ "nothing", good, "", 1 },
};

static void
refuses(gconstpointer data)
{
	const struct bad_case *bad = data;
	g_autoptr(GBytes) bytes = changed(bad->old, bad->new);
	g_autofree char *line = g_strdup_printf("line %u ", bad->line);
	struct linear linear = { NULL, 0, 0 };
	g_autoptr(GError) error = NULL;

	g_assert_false(svm_read(bytes, FEATURES, NULL, 0, &linear, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
	g_assert_true(g_str_has_prefix(error->message, line));
	g_assert_null(linear.w);
}

static void
refuses_nul(void)
{
	g_autoptr(GBytes) bytes = g_bytes_new(good, sizeof good);
	g_autoptr(GError) error = NULL;

	g_assert_false(svm_form_check(bytes, FEATURES, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
}

/* Finite numbers whose product is not. */
static void
refuses_overflow(void)
{
	static const char *const values[] = { "1:1e300", "1:1e30" };

	for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autofree char *row = g_strdup_printf("1e30 %s", values[i]);
		g_autoptr(GBytes) bytes = changed("0.5 1:1", row);
		struct linear linear = { NULL, 0, 0 };
		g_autoptr(GError) error = NULL;

		g_assert_false(
			svm_read(bytes, FEATURES, NULL, 0, &linear, &error));
		g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
		g_assert_null(linear.w);
	}
}

static void
writes_what_it_reads(void)
{
	float weights[] = { 0.25f, 0.0f, -1.0f / 3.0f, 1e-7f };
	const struct linear linear = { weights, FEATURES, -0.125 };
	struct linear found = { NULL, 0, 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = svm_format(&linear, &error);

	g_assert_no_error(error);
	g_assert_true(svm_read(bytes, FEATURES, NULL, 0, &found, &error));
	for (guint i = 0; i < FEATURES; i++)
		g_assert_cmpfloat_with_epsilon((double)found.w[i],
					       (double)weights[i], 1e-8);
	g_assert_cmpfloat(found.bias, ==, linear.bias);
	linear_clear(&found);
}

static const struct svm_setting setting = { 1, FEATURES };

/* Examples: feature 0 marks the class, feature 1 its contrary, 2 nothing. */
struct examples {
	struct feature items[400][2];
	struct vector vectors[400];
	const struct vector *x[400];
	gboolean y[400];
	guint group[400];
	guint n;
};

static void
add(struct examples *examples, gboolean positive, guint group)
{
	guint at = examples->n++;
	struct feature *items = examples->items[at];

	g_assert(at < G_N_ELEMENTS(examples->x));
	items[0] = (struct feature){ positive ? 0 : 1, 1 };
	items[1] = (struct feature){ 2, (float)(at % 5) / 5 };
	examples->vectors[at] = (struct vector){ items, 2, 2 };
	examples->x[at] = &examples->vectors[at];
	examples->y[at] = positive;
	examples->group[at] = group;
}

static gboolean
decide(const struct examples *examples, double *decisions, GError **error)
{
	struct svm_examples *rows =
		svm_examples_new(examples->x, examples->y, examples->n);
	const struct crossval_data data = { rows, examples->x, examples->y,
					    examples->group, examples->n };
	gboolean done =
		crossval_decide(&data, &setting, NULL, NULL, decisions, error);

	svm_examples_free(rows);
	return done;
}

static void
assert_decided(const struct examples *examples)
{
	double decisions[G_N_ELEMENTS(examples->x)];
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < examples->n; i++)
		decisions[i] = (double)NAN;
	g_assert_true(decide(examples, decisions, &error));
	g_assert_no_error(error);
	for (guint i = 0; i < examples->n; i++)
		if (examples->y[i])
			g_assert_cmpfloat(decisions[i], >, 0);
		else
			g_assert_cmpfloat(decisions[i], <, 0);
}

static void
learns(void)
{
	g_autofree struct examples *examples = g_new0(struct examples, 1);
	g_autofree guint *use = g_new(guint, 20);
	struct svm_examples *rows;
	struct linear linear = { NULL, 0, 0 };
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 20; i++) {
		use[i] = i;
		add(examples, i < 4, 0);
	}
	rows = svm_examples_new(examples->x, examples->y, examples->n);
	g_assert_true(svm_fit(rows, use, 20, &setting, &linear, &error));
	g_assert_no_error(error);
	g_assert_cmpfloat((double)linear.w[0], >, 0.5);
	g_assert_cmpfloat((double)linear.w[1], <, -0.5);
	g_assert_cmpfloat((double)linear.w[3], ==, 0);
	linear_clear(&linear);
	/* Of one class, and none at all. */
	g_assert_false(svm_fit(rows, use, 4, &setting, &linear, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_DATA);
	g_clear_error(&error);
	g_assert_false(svm_fit(rows, use, 0, &setting, &linear, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_DATA);
	g_assert_null(linear.w);
	svm_examples_free(rows);
}

/* A group's odd habit must not help to recognise its own examples. */
static void
holds_out_groups(void)
{
	g_autofree struct examples *examples = g_new0(struct examples, 1);
	double decisions[G_N_ELEMENTS(examples->x)];

	for (guint i = 0; i < 60; i++)
		add(examples, i % 2 == 0, i / 10);
	assert_decided(examples);
	/* The last group calls everything by its contrary: nobody can know. */
	for (guint i = 50; i < 60; i++)
		examples->y[i] = !examples->y[i];
	g_assert_true(decide(examples, decisions, NULL));
	for (guint i = 50; i < 60; i++)
		g_assert_true((decisions[i] > 0) != examples->y[i]);
}

/*
 * Groups 0 and 5 have a word each of their own, which tells all their labels.
 * Held out together, they are told by no word that anybody else has.
 */
static void
own_words_tell_nothing(void)
{
	g_autofree struct examples *examples = g_new0(struct examples, 1);
	static const guint word[] = { 0, 1, 2, 1, 2, 3 };
	double decisions[G_N_ELEMENTS(examples->x)];

	for (guint i = 0; i < 60; i++) {
		add(examples, i / 10 % 2 == 0, i / 10);
		examples->items[i][0].index = word[i / 10];
		examples->vectors[i].n = 1;
	}
	g_assert_true(decide(examples, decisions, NULL));
	g_assert_cmpfloat_with_epsilon(decisions[0], decisions[50], 1e-6);
}

/* Of what may not be used, nothing is learned: here the other class. */
static void
uses_what_it_may(void)
{
	g_autofree struct examples *examples = g_new0(struct examples, 1);
	double decisions[G_N_ELEMENTS(examples->x)];
	struct folds folds = { 0, NULL };
	struct crossval_data data = { NULL, examples->x, examples->y,
				      examples->group, 60 };
	struct svm_examples *rows;
	struct crossval_run run = { .data = &data,
				    .setting = &setting,
				    .folds = &folds };
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 60; i++)
		add(examples, i % 2 == 0, i / 10);
	rows = svm_examples_new(examples->x, examples->y, examples->n);
	data.examples = rows;
	g_assert_true(
		folds_spread(examples->y, examples->group, 60, &folds, &error));
	g_assert_true(crossval_run(&run, decisions, &error));
	g_assert_no_error(error);
	run.use = examples->y;
	g_assert_false(crossval_run(&run, decisions, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_DATA);
	folds_clear(&folds);
	svm_examples_free(rows);
}

static void
spreads_rare_classes(void)
{
	g_autofree struct examples *examples = g_new0(struct examples, 1);

	/* By number, groups 0 and 5 would share a fold and take the class. */
	for (guint i = 0; i < 60; i++)
		add(examples, i / 10 % 5 == 0 && i % 2, i / 10);
	assert_decided(examples);
	/* The same of the others: only groups 1 and 6 have some. */
	examples->n = 0;
	for (guint i = 0; i < 70; i++)
		add(examples, i / 10 % 5 != 1, i / 10);
	assert_decided(examples);
	/* A large group is a fold of its own and leaves the class to a small.
	 */
	examples->n = 0;
	for (guint i = 0; i < 100; i++)
		add(examples, (i < 50 || i >= 90) && i % 2,
		    i < 50 ? 0 : 1 + i / 10);
	assert_decided(examples);
}

static void
refuses_one_group(void)
{
	static const struct {
		const char *name;
		guint groups;
		guint of_class; /* groups that have some of the class */
		guint others;	/* groups that have some of the others */
	} cases[] = {
		{ "nothing", 0, 0, 0 },	     { "one group", 1, 1, 1 },
		{ "class in one", 6, 1, 6 }, { "others in one", 6, 6, 1 },
		{ "no class", 6, 0, 6 },     { "class alone", 6, 6, 0 },
		{ "a group each", 2, 1, 2 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree struct examples *examples =
			g_new0(struct examples, 1);
		double decisions[G_N_ELEMENTS(examples->x)];
		g_autoptr(GError) error = NULL;

		for (guint k = 0; k < cases[i].groups * 10; k++) {
			if (k % 2 && k / 10 < cases[i].of_class)
				add(examples, TRUE, k / 10);
			else if (k / 10 < cases[i].others)
				add(examples, FALSE, k / 10);
		}
		g_test_message("%s", cases[i].name);
		g_assert_false(decide(examples, decisions, &error));
		g_assert_error(error, MODEL_ERROR, MODEL_ERROR_DATA);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/svm/folds", folds);
	for (guint i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
		g_autofree char *path =
			g_strdup_printf("/svm/refuses/%s", bad_cases[i].name);

		g_test_add_data_func(path, &bad_cases[i], refuses);
	}
	g_test_add_func("/svm/refuses/NUL", refuses_nul);
	g_test_add_func("/svm/refuses/overflow", refuses_overflow);
	g_test_add_func("/svm/writes what it reads", writes_what_it_reads);
	g_test_add_func("/svm/learns", learns);
	g_test_add_func("/svm/unseen/groups stay out", holds_out_groups);
	g_test_add_func("/svm/unseen/own words tell nothing",
			own_words_tell_nothing);
	g_test_add_func("/svm/unseen/part of the examples", uses_what_it_may);
	g_test_add_func("/svm/unseen/rare classes", spreads_rare_classes);
	g_test_add_func("/svm/unseen/one group", refuses_one_group);
	return g_test_run();
}
