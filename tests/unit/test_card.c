/* Cards: what is written reads back, and what is changed is refused. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "model/card.h"

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char card_text[] =
	"version: 1\n"
	"id: starter-outreach-0123\n"
	"kind: outreach\n"
	"features: 1\n"
	"created: 2026-11-22\n"
	"sha256:\n"
	"  model.svm: " A64 "\n"
	"  terms.idf: " B64 "\n"
	"calibration: {a: -6.5, b: 0.25}\n"
	"data: {examples: 60, positive: 24, groups: 6, sources: \"kit 60\"}\n"
	"metrics:\n"
	"  - {name: auc-pooled, value: 0.97, low: 0.95, high: 0.98}\n"
	"  - {name: auc-small}\n"
	"probes:\n"
	"  - decision: 1.5\n"
	"    vector: \"0:0.5 7:-1 131073:0.25\"\n"
	"checksum: " A64 "\n";

/* The path of a card of this text in a new folder. */
static char *
card_write(const char *text)
{
	char *folder = kit_quick_folder();
	char *path = g_build_filename(folder, "card.yaml", NULL);

	model_kit_write(folder, "card.yaml", text);
	g_free(folder);
	return path;
}

static void
card_remove(char *path)
{
	kit_remove(g_path_get_dirname(path));
	g_free(path);
}

/* The text with the first `old` made `new`. */
static char *
changed(const char *old, const char *new)
{
	const char *at = strstr(card_text, old);

	g_assert_nonnull(at);
	return g_strdup_printf("%.*s%s%s", (int)(at - card_text), card_text,
			       new, at + strlen(old));
}

static void
assert_estimate(struct estimate a, struct estimate b)
{
	const double x[] = { a.value, a.low, a.high };
	const double y[] = { b.value, b.low, b.high };

	for (guint i = 0; i < 3; i++)
		if (isnan(x[i]))
			g_assert_true(isnan(y[i]));
		else
			g_assert_cmpfloat_with_epsilon(x[i], y[i], 5e-5);
}

static struct card *
card_sample(void)
{
	static const double values[] = { 0.0135534592, -3.25, 1e-7, 123456.5 };
	struct card *card = card_new();

	card->id = g_strdup("starter-relevance-89abcdef");
	card->kind = MODEL_RELEVANCE;
	card->features = 7;
	card->created_us = 20000 * CLOCK_DAY_US;
	card->sha_model = g_strdup(A64);
	card->sha_terms = g_strdup(B64);
	card->sigmoid = (struct sigmoid){ -1.22723294e-5, 1.95737853 };
	card->examples = 2521;
	card->positive = 361;
	card->groups = 18;
	card->sources = g_strdup("auth: \"ored\" 12, {real} \\ 3");
	card_add_metric(card, "auc-pooled",
			(struct estimate){ 0.9586, 0.9298, 0.9744 });
	card_add_metric(card, "calibration-error",
			(struct estimate){ 0.0419, (double)NAN, (double)NAN });
	card_add_metric(
		card, "auc-a: b, #c \"d\"",
		(struct estimate){ (double)NAN, (double)NAN, (double)NAN });
	card->n_probes = 2;
	for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
		vector_add(&card->probes[0].vector, i * 1000, (float)values[i]);
		vector_add(&card->probes[1].vector, i, (float)-values[i]);
	}
	card->probes[0].decision = 5.10397092;
	card->probes[1].decision = -1e-9;
	return card;
}

static void
assert_same(const struct card *a, const struct card *b)
{
	g_assert_cmpstr(a->id, ==, b->id);
	g_assert_cmpint(a->kind, ==, b->kind);
	g_assert_cmpint(a->features, ==, b->features);
	g_assert_cmpint(a->created_us, ==, b->created_us);
	g_assert_cmpstr(a->sha_model, ==, b->sha_model);
	g_assert_cmpstr(a->sha_terms, ==, b->sha_terms);
	g_assert_cmpfloat(a->sigmoid.a, ==, b->sigmoid.a);
	g_assert_cmpfloat(a->sigmoid.b, ==, b->sigmoid.b);
	g_assert_cmpint(a->examples, ==, b->examples);
	g_assert_cmpint(a->positive, ==, b->positive);
	g_assert_cmpint(a->groups, ==, b->groups);
	g_assert_cmpstr(a->sources, ==, b->sources);
	g_assert_cmpuint(a->metrics->len, ==, b->metrics->len);
	for (guint i = 0; i < a->metrics->len; i++) {
		const struct card_metric *x = a->metrics->pdata[i];
		const struct card_metric *y = b->metrics->pdata[i];

		g_assert_cmpstr(x->name, ==, y->name);
		assert_estimate(x->estimate, y->estimate);
	}
	g_assert_cmpuint(a->n_probes, ==, b->n_probes);
	for (guint i = 0; i < a->n_probes; i++) {
		const struct card_probe *x = &a->probes[i];
		const struct card_probe *y = &b->probes[i];

		g_assert_cmpfloat(x->decision, ==, y->decision);
		g_assert_cmpuint(x->vector.n, ==, y->vector.n);
		for (guint k = 0; k < x->vector.n; k++) {
			struct feature own = x->vector.items[k];
			struct feature other = y->vector.items[k];

			g_assert_cmpuint(own.index, ==, other.index);
			g_assert_cmpfloat((double)own.value, ==,
					  (double)other.value);
		}
	}
}

static void
reads_back(void)
{
	g_autoptr(Card) card = card_sample();
	g_autoptr(Card) found = NULL;
	g_autoptr(GError) error = NULL;
	char *path = card_write("old");

	g_assert_true(card_save(card, path, &error));
	g_assert_no_error(error);
	found = card_load(path, &error);
	g_assert_no_error(error);
	assert_same(card, found);
	card_remove(path);
}

static void
saves_the_same_bytes(void)
{
	g_autoptr(Card) card = card_sample();
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	char *path = card_write("old");

	g_assert_true(card_save(card, path, NULL));
	g_assert_true(g_file_get_contents(path, &first, NULL, NULL));
	g_assert_true(card_save(card, path, NULL));
	g_assert_true(g_file_get_contents(path, &second, NULL, NULL));
	g_assert_cmpstr(first, ==, second);
	card_remove(path);
}

static void
saves_nowhere(void)
{
	g_autoptr(Card) card = card_sample();
	g_autoptr(GError) error = NULL;

	g_assert_false(card_save(card, "/nonexistent/card.yaml", &error));
	g_assert_nonnull(error);
	g_assert_nonnull(strstr(error->message, "/nonexistent/card.yaml"));
}

static void
sealed_text_is_read(void)
{
	g_autofree char *text = model_kit_seal(g_strdup(card_text));
	g_autoptr(GError) error = NULL;
	char *path = card_write(text);
	g_autoptr(Card) card = card_load(path, &error);
	const struct card_metric *metric;

	g_assert_no_error(error);
	g_assert_cmpint(card->created_us, ==, 20779 * CLOCK_DAY_US);
	g_assert_cmpuint(card->n_probes, ==, 1);
	g_assert_cmpuint(card->probes[0].vector.n, ==, 3);
	g_assert_cmpuint(card->probes[0].vector.items[2].index, ==, 131073);
	metric = card->metrics->pdata[1];
	g_assert_cmpstr(metric->name, ==, "auc-small");
	g_assert_true(isnan(metric->estimate.value));
	card_remove(path);
}

struct bad_case {
	const char *name;
	const char *old;
	const char *new;
	const char *report; /* without "PATH:" */
};

static const struct bad_case bad_cases[] = {
	{ "version missing", "version: 1\n", "", "1:1: version is missing" },
	{ "version 2", "version: 1", "version: 2",
	  "1:10: version must be a whole number between 1 and 1, not '2'" },
	{ "id missing", "id: starter-outreach-0123\n", "",
	  "1:1: id is missing" },
	{ "id empty", "id: starter-outreach-0123", "id: \"\"",
	  "2:5: id must not be empty" },
	{ "kind missing", "kind: outreach\n", "", "1:1: kind is missing" },
	{ "kind unknown", "kind: outreach", "kind: outraech",
	  "3:7: kind must be one of outreach, relevance, not 'outraech'; did "
	  "you mean 'outreach'?" },
	{ "features missing", "features: 1\n", "", "1:1: features is missing" },
	{ "features below 0", "features: 1", "features: -1",
	  "4:11: features must be a whole number between 0 and 1000000000, not "
	  "'-1'" },
	{ "created missing", "created: 2026-11-22\n", "",
	  "1:1: created is missing" },
	{ "created no day", "2026-11-22", "2026-11-32",
	  "5:10: created must be a day of the calendar as YYYY-MM-DD, not "
	  "'2026-11-32'" },
	{ "digests missing",
	  "sha256:\n  model.svm: " A64 "\n  terms.idf: " B64 "\n", "",
	  "1:1: sha256 is missing" },
	{ "one digest missing", "  terms.idf: " B64 "\n", "",
	  "7:3: terms.idf is missing" },
	{ "digest short", A64, "aaaa",
	  "7:14: model.svm must be 64 lower-case hex digits" },
	{ "digest in upper case", "aaaaaaaa\n", "AAAAAAAA\n",
	  "7:14: model.svm must be 64 lower-case hex digits" },
	{ "calibration missing", "calibration: {a: -6.5, b: 0.25}\n", "",
	  "1:1: calibration is missing" },
	{ "slope missing", "a: -6.5, ", "", "9:14: a is missing" },
	{ "slope rising", "a: -6.5", "a: 6.5",
	  "9:18: a must be between -1000000 and -1e-06, not '6.5'" },
	{ "slope flat", "a: -6.5", "a: 0",
	  "9:18: a must be between -1000000 and -1e-06, not '0'" },
	{ "slope no number", "a: -6.5", "a: steep",
	  "9:18: a must be between -1000000 and -1e-06, not 'steep'" },
	{ "shift missing", ", b: 0.25", "", "9:14: b is missing" },
	{ "shift not a number", "b: 0.25", "b: .nan",
	  "9:27: b must be between -1000000 and 1000000, not '.nan'" },
	{ "data missing",
	  "data: {examples: 60, positive: 24, groups: 6, "
	  "sources: \"kit 60\"}\n",
	  "", "1:1: data is missing" },
	{ "examples missing", "examples: 60, ", "",
	  "10:7: examples is missing" },
	{ "examples half", "examples: 60", "examples: 60.5",
	  "10:18: examples must be a whole number between 0 and 1000000000, "
	  "not '60.5'" },
	{ "sources missing", ", sources: \"kit 60\"", "",
	  "10:7: sources is missing" },
	{ "metric without a name", "name: auc-small", "value: 1",
	  "13:5: name is missing" },
	{ "metric no number", "value: 0.97", "value: good",
	  "12:31: value must be between -1000000000 and 1000000000, not "
	  "'good'" },
	{ "metric no mapping", "{name: auc-small}", "auc",
	  "13:5: must be a mapping" },
	{ "probes missing",
	  "probes:\n  - decision: 1.5\n    vector: \"0:0.5 7:-1 "
	  "131073:0.25\"\n",
	  "", "1:1: probes is missing" },
	{ "probes empty",
	  "probes:\n  - decision: 1.5\n    vector: \"0:0.5 7:-1 "
	  "131073:0.25\"\n",
	  "probes: []\n", "14:9: probes must not be empty" },
	{ "probe without a decision", "decision: 1.5\n    ", "",
	  "15:5: decision is missing" },
	{ "decision out of range", "decision: 1.5", "decision: 1e9",
	  "15:15: decision must be between -1000000 and 1000000, not '1e9'" },
	{ "probe without a vector", "\n    vector: \"0:0.5 7:-1 131073:0.25\"",
	  "", "15:5: vector is missing" },
	{ "vector empty", "0:0.5 7:-1 131073:0.25", "",
	  "16:13: vector must be index:value pairs with rising indices" },
	{ "vector falling", "7:-1 131073:0.25", "7:-1 7:0.25",
	  "16:13: vector must be index:value pairs with rising indices" },
	{ "vector without a value", "7:-1",
	  "7:", "16:13: vector must be index:value pairs with rising indices" },
	{ "vector not finite", "7:-1", "7:nan",
	  "16:13: vector must be index:value pairs with rising indices" },
	{ "vector too far", "131073:0.25", "1000001:0.25",
	  "16:13: vector must be index:value pairs with rising indices" },
	{ "vector below 0", "0:0.5", "-1:0.5",
	  "16:13: vector must be index:value pairs with rising indices" },
	{ "probe no mapping",
	  "decision: 1.5\n    vector: \"0:0.5 7:-1 131073:0.25\"", "plain",
	  "15:5: must be a mapping" },
	{ "checksum missing", "checksum: " A64 "\n", "",
	  "1:1: checksum is missing" },
	{ "checksum wrong", "", "",
	  "17:11: checksum is not that of the lines above: the card was "
	  "damaged or changed" },
	{ "unknown key", "features: 1", "features: 1\nfeature: 2",
	  "5:1: unknown key 'feature', did you mean 'features'? (allowed: "
	  "adapts, calibration, checksum, created, data, features, id, kind, "
	  "metrics, "
	  "probes, sha256, version)" },
	{ "not YAML", "metrics:\n", "metrics: [\n",
	  "12:3: not valid YAML: did not find expected node content while "
	  "parsing a flow node" },
};

static void
refuses(gconstpointer data)
{
	const struct bad_case *bad = data;
	g_autofree char *text = changed(bad->old, bad->new);
	g_autoptr(GError) error = NULL;
	char *path = card_write(text);
	g_autofree char *wanted = g_strconcat(path, ":", bad->report, NULL);

	g_assert_null(card_load(path, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
	g_assert_cmpstr(error->message, ==, wanted);
	card_remove(path);
}

static void
refuses_many_at_once(void)
{
	g_autoptr(GError) error = NULL;
	char *path = card_write("id: x\n");

	g_assert_null(card_load(path, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
	for (guint i = 0; i < 10; i++) {
		static const char *const keys[] = {
			"version",     "kind", "features", "created", "sha256",
			"calibration", "data", "metrics",  "probes",  "checksum"
		};
		g_autofree char *fault =
			g_strdup_printf("%s:1:1: %s is missing", path, keys[i]);

		g_assert_nonnull(strstr(error->message, fault));
	}
	card_remove(path);
}

static void
too_many_probes(void)
{
	g_autoptr(GString) text = g_string_new(card_text);
	const char *probes = strstr(card_text, "  - decision");
	g_autoptr(GError) error = NULL;
	char *path;

	for (guint i = 0; i < CARD_PROBES_MAX; i++)
		g_string_insert_len(text, probes - card_text, probes,
				    strstr(probes, "checksum") - probes);
	path = card_write(text->str);
	g_assert_null(card_load(path, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
	g_assert_nonnull(strstr(error->message, ":47:5: more than 16 probes"));
	card_remove(path);
}

/* Nothing may stand below the checksum, since it speaks for what is above. */
static void
seal_ends_the_card(void)
{
	static const char *const ends[] = { "\n", " ", "# a remark\n",
					    "metrics: []\n" };

	for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *sealed = model_kit_seal(g_strdup(card_text));
		g_autofree char *text = g_strconcat(sealed, ends[i], NULL);
		g_autoptr(GError) error = NULL;
		char *path = card_write(text);

		g_assert_null(card_load(path, &error));
		g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
		card_remove(path);
	}
}

static void
no_file_to_read(void)
{
	g_autoptr(GError) error = NULL;
	char *path = card_write("");
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *absent = g_strconcat(path, ".no", NULL);

	g_assert_null(card_load(path, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
	g_assert_nonnull(strstr(error->message, path));
	g_clear_error(&error);
	g_assert_null(card_load(folder, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
	g_assert_nonnull(strstr(error->message, folder));
	g_clear_error(&error);
	g_assert_null(card_load(absent, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT);
	g_assert_nonnull(strstr(error->message, absent));
	card_remove(path);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card/reads back", reads_back);
	g_test_add_func("/card/same bytes", saves_the_same_bytes);
	g_test_add_func("/card/nowhere to save", saves_nowhere);
	g_test_add_func("/card/sealed", sealed_text_is_read);
	for (guint i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
		g_autofree char *path =
			g_strdup_printf("/card/fault/%s", bad_cases[i].name);

		g_test_add_data_func(path, &bad_cases[i], refuses);
	}
	g_test_add_func("/card/fault/many at once", refuses_many_at_once);
	g_test_add_func("/card/fault/too many probes", too_many_probes);
	g_test_add_func("/card/fault/below the checksum", seal_ends_the_card);
	g_test_add_func("/card/fault/no file", no_file_to_read);
	return g_test_run();
}
