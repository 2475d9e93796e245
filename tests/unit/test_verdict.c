/* The verdict matrix at its edges, and reasons as JSON. */
#include <glib.h>
#include <jansson.h>
#include <math.h>

#include "screen/verdict.h"

static const struct {
	const char *what;
	double outreach, relevance;
	enum verdict verdict;
	gboolean relevant;
} matrix[] = {
	{ "plain mail, relevant", 0.10, 0.90, VERDICT_DELIVER, FALSE },
	{ "plain mail, irrelevant", 0.10, 0.10, VERDICT_DELIVER, FALSE },
	{ "just not unsure", 0.4999, 0.00, VERDICT_DELIVER, FALSE },
	{ "unsure begins", 0.50, 0.00, VERDICT_TAG, FALSE },
	{ "unsure, tag", 0.50, 0.35, VERDICT_TAG, FALSE },
	{ "unsure, just below accept", 0.50, 0.6499, VERDICT_TAG, FALSE },
	{ "unsure, accepted", 0.50, 0.65, VERDICT_DELIVER, FALSE },
	{ "unsure ends, irrelevant", 0.7999, 0.00, VERDICT_TAG, FALSE },
	{ "unsure ends, accepted", 0.7999, 0.65, VERDICT_DELIVER, FALSE },
	{ "certain, irrelevant", 0.80, 0.00, VERDICT_QUARANTINE, FALSE },
	{ "certain, just below tag", 0.80, 0.3499, VERDICT_QUARANTINE, FALSE },
	{ "certain, tag", 0.80, 0.35, VERDICT_TAG, FALSE },
	{ "certain, just below accept", 0.80, 0.6499, VERDICT_TAG, FALSE },
	{ "certain, accepted", 0.80, 0.65, VERDICT_DELIVER, TRUE },
	{ "wholly certain", 1.00, 0.00, VERDICT_QUARANTINE, FALSE },
	{ "wholly certain, wholly relevant", 1.00, 1.00, VERDICT_DELIVER,
	  TRUE },
	{ "outreach not computed", -1, 0.00, VERDICT_DELIVER, FALSE },
	{ "outreach not a number", NAN, 0.00, VERDICT_DELIVER, FALSE },
	{ "relevance not computed, unsure", 0.60, -1, VERDICT_TAG, FALSE },
	{ "relevance not computed, certain", 0.99, -1, VERDICT_TAG, FALSE },
	{ "relevance not a number, unsure", 0.60, NAN, VERDICT_TAG, FALSE },
	{ "relevance not a number, certain", 0.99, NAN, VERDICT_TAG, FALSE },
	{ "neither known", NAN, NAN, VERDICT_DELIVER, FALSE },
	{ "neither computed", -1, -1, VERDICT_DELIVER, FALSE },
};

static void
test_matrix(gconstpointer data)
{
	const struct profile written = {
		.accept = 0.65, .tag = 0.35, .hold = 0.80, .unsure = 0.50
	};
	const struct profile *profile = data ? &written : NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(matrix); i++) {
		gboolean relevant = 42;
		enum verdict verdict =
			verdict_decide(profile, matrix[i].outreach,
				       matrix[i].relevance, &relevant);

		g_test_message("%s: %s", matrix[i].what, verdict_name(verdict));
		g_assert_cmpint(verdict, ==, matrix[i].verdict);
		g_assert_cmpint(relevant, ==, matrix[i].relevant);
		g_assert_cmpint(verdict_decide(profile, matrix[i].outreach,
					       matrix[i].relevance, NULL),
				==, verdict);
	}
}

static void
test_own_thresholds(void)
{
	const struct profile strict = {
		.accept = 0.9, .tag = 0.9, .hold = 0.5, .unsure = 0.5
	};
	const struct profile lax = { 0 };

	g_assert_cmpint(verdict_decide(&strict, 0.5, 0.89, NULL), ==,
			VERDICT_QUARANTINE);
	g_assert_cmpint(verdict_decide(&strict, 0.5, 0.9, NULL), ==,
			VERDICT_DELIVER);
	/* All at 0 lets everything in, and what is unknown too. */
	g_assert_cmpint(verdict_decide(&lax, 1, 0, NULL), ==, VERDICT_DELIVER);
	g_assert_cmpint(verdict_decide(&lax, 1, -1, NULL), ==, VERDICT_TAG);
	g_assert_cmpint(verdict_decide(&lax, -1, 0, NULL), ==, VERDICT_DELIVER);
}

static void
test_names(void)
{
	g_assert_cmpstr(verdict_name(VERDICT_QUARANTINE), ==, "quarantine");
	g_assert_cmpstr(verdict_name(VERDICT_TAG), ==, "tag");
	g_assert_cmpstr(verdict_name(VERDICT_DELIVER), ==, "deliver");
	g_assert_cmpint(VERDICT_QUARANTINE, <, VERDICT_TAG);
	g_assert_cmpint(VERDICT_TAG, <, VERDICT_DELIVER);
}

static void
test_ruled(void)
{
	const struct profile profile = { .unsure = 0.5, .hold = 0.8 };
	static const struct {
		double outreach;
		enum store_ruling_word word;
		enum verdict verdict;
		gboolean relevant;
	} cases[] = {
		{ 0.5, STORE_RULING_WANTED, VERDICT_DELIVER, FALSE },
		{ 0.8, STORE_RULING_WANTED, VERDICT_DELIVER, TRUE },
		{ 0.5, STORE_RULING_NEVER, VERDICT_QUARANTINE, FALSE },
		{ 0.9, STORE_RULING_NEVER, VERDICT_QUARANTINE, FALSE },
		{ 0.9, STORE_RULING_NOT_NOW, VERDICT_QUARANTINE, FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		gboolean relevant = !cases[i].relevant;

		g_assert_cmpint(verdict_ruled(&profile, cases[i].outreach,
					      cases[i].word, &relevant),
				==, cases[i].verdict);
		g_assert_cmpint(relevant, ==, cases[i].relevant);
	}
}

static void
reason_destroy(gpointer data)
{
	reason_free(data);
}

static void
add(GPtrArray *reasons, const char *name, double value, double weight)
{
	struct reason *reason = g_new(struct reason, 1);

	reason->name = g_strdup(name);
	reason->value = value;
	reason->weight = weight;
	g_ptr_array_add(reasons, reason);
}

static void
test_json(void)
{
	g_autoptr(GPtrArray) reasons =
		g_ptr_array_new_with_free_func(reason_destroy);
	g_autofree char *empty = reasons_format(reasons);
	g_autofree char *none = reasons_format(NULL);
	g_autofree char *text = NULL;
	json_t *list;
	const char *name;
	double value, weight;

	g_assert_cmpstr(empty, ==, "[]");
	g_assert_cmpstr(none, ==, "[]");
	add(reasons, "outreach: pair \"quick call\"", 0.1, -1.25);
	add(reasons, "broken \xff byte", NAN, INFINITY);
	text = reasons_format(reasons);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	g_assert_nonnull(strstr(text, "\"value\":0.1,"));
	list = json_loads(text, 0, NULL);
	g_assert_cmpuint(json_array_size(list), ==, 2);
	g_assert_cmpint(json_unpack(json_array_get(list, 0), "{s:s, s:F, s:F}",
				    "name", &name, "value", &value, "weight",
				    &weight),
			==, 0);
	g_assert_cmpstr(name, ==, "outreach: pair \"quick call\"");
	g_assert_cmpfloat_with_epsilon(weight, -1.25, 1e-9);
	json_decref(list);
	reason_free(NULL);
}

/* "value" of a reason as it is written. */
static char *
written(double value)
{
	g_autoptr(GPtrArray) reasons =
		g_ptr_array_new_with_free_func(reason_destroy);
	g_autofree char *text = NULL;
	const char *begin, *end;

	add(reasons, "x", value, 1);
	text = reasons_format(reasons);
	begin = strstr(text, "\"value\":");
	g_assert_nonnull(begin);
	begin += strlen("\"value\":");
	end = strchr(begin, ',');
	g_assert_nonnull(end);
	return g_strndup(begin, (gsize)(end - begin));
}

static void
test_numbers(void)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0, "0.0" },
		{ -0.0, "-0.0" },
		{ 1, "1.0" },
		{ -1299, "-1299.0" },
		{ 0.1, "0.1" },
		{ -1.4148309, "-1.414831" },
		{ 0.99999999, "1.0" },
		{ 9.9999999, "10.0" },
		{ 0.0001, "0.0001" },
		{ 0.000099999999, "0.0001" },
		{ 0.00001234, "1.234e-5" },
		{ 1234567.4, "1234567.0" },
		{ 9999999.6, "1e7" },
		{ 12345678, "1.234568e7" },
		{ 1e-300, "1e-300" },
		{ -1e100, "-1e100" },
		/* A tie: to the even digit, as printf() has it. */
		{ 1048576.5, "1048576.0" },
		{ 1048577.5, "1048578.0" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = written(cases[i].value);

		g_assert_cmpstr(text, ==, cases[i].text);
	}
}

static json_t *
object_of(const struct reason *reason)
{
	return json_pack("{s:s, s:f, s:f}", "name", reason->name, "value",
			 reason->value, "weight", reason->weight);
}

/* Whatever a reason is, it is written as the library writes it. */
static void
test_as_jansson(void)
{
	g_autoptr(GPtrArray) reasons =
		g_ptr_array_new_with_free_func(reason_destroy);
	json_t *list = json_array();
	g_autofree char *text = NULL;
	char *wanted;

	for (guint i = 0; i < 3000; i++) {
		const double value = g_test_rand_double_range(-1, 1);
		const int power = g_test_rand_int_range(-12, 12);
		char name[] = "outreach: word \"__\"";

		name[16] = (char)g_test_rand_int_range(1, 128);
		name[17] = (char)g_test_rand_int_range(1, 128);
		add(reasons, name, value, value * pow(10, power));
		json_array_append_new(list, object_of(reasons->pdata[i]));
	}
	text = reasons_format(reasons);
	wanted = json_dumps(list, JSON_COMPACT | JSON_REAL_PRECISION(7));
	g_assert_cmpstr(text, ==, wanted);
	free(wanted);
	json_decref(list);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/verdict/matrix/defaults", NULL, test_matrix);
	g_test_add_data_func("/verdict/matrix/profile", "", test_matrix);
	g_test_add_func("/verdict/own thresholds", test_own_thresholds);
	g_test_add_func("/verdict/names", test_names);
	g_test_add_func("/verdict/a buyer's ruling", test_ruled);
	g_test_add_func("/reasons/json", test_json);
	g_test_add_func("/reasons/numbers", test_numbers);
	g_test_add_func("/reasons/as jansson writes them", test_as_jansson);
	return g_test_run();
}
