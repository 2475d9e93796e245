/* Figures as Prometheus reads them, and what the filter counts them with. */
#include <glib.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exposition.h"
#include "milter/counters.h"

static void
test_family(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	exposition_family(out, "pitchward_x_total", "counter", "What it is.");
	exposition_sample(out, "pitchward_x_total", 3, "kind", "a", "place",
			  "b", NULL);
	exposition_single(out, "pitchward_y", "gauge", 0.5, "Another.");
	g_assert_cmpstr(out->str, ==,
			"# HELP pitchward_x_total What it is.\n"
			"# TYPE pitchward_x_total counter\n"
			"pitchward_x_total{kind=\"a\",place=\"b\"} 3\n"
			"# HELP pitchward_y Another.\n"
			"# TYPE pitchward_y gauge\n"
			"pitchward_y 0.5\n");
}

static void
test_values(void)
{
	static const struct {
		double value;
		const char *text;
	} rows[] = {
		{ 0, "n 0\n" },
		{ 1, "n 1\n" },
		{ -2, "n -2\n" },
		{ 1795305600, "n 1795305600\n" },
		{ 9007199254740991.0, "n 9007199254740991\n" },
		{ 0.25, "n 0.25\n" },
		{ 1e300, "n 1e+300\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		exposition_sample(out, "n", rows[i].value, NULL);
		g_assert_cmpstr(out->str, ==, rows[i].text);
	}
}

/* A feed's name is the administrator's: it must not end its label. */
static void
test_labels(void)
{
	static const struct {
		const char *value;
		const char *text;
	} rows[] = {
		{ "", "n{l=\"\"} 1\n" },
		{ "say \"no\"", "n{l=\"say \\\"no\\\"\"} 1\n" },
		{ "a\\b", "n{l=\"a\\\\b\"} 1\n" },
		{ "two\nlines", "n{l=\"two\\nlines\"} 1\n" },
		{ "caf\xc3\xa9", "n{l=\"caf\xc3\xa9\"} 1\n" },
		{ "\xff", "n{l=\"\xef\xbf\xbd\"} 1\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		exposition_sample(out, "n", 1, "l", rows[i].value, NULL);
		g_assert_cmpstr(out->str, ==, rows[i].text);
	}
}

static void
test_buckets(void)
{
	static const struct {
		gint64 us;
		guint bucket;
	} rows[] = {
		{ 0, 0 },	   { 500, 0 },	    { 501, 1 },
		{ 1000, 1 },	   { 8000000, 11 }, { 8000001, 12 },
		{ 900000000, 12 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct counters *counters = counters_new();

		counters_took(counters, rows[i].us);
		for (guint b = 0; b <= COUNTERS_BOUNDS; b++)
			g_assert_cmpuint(counter_get(&counters->took[b]), ==,
					 b == rows[i].bucket);
		g_assert_cmpuint(counter_get(&counters->took_us), ==,
				 (guint64)rows[i].us);
	}
}

static void
test_bounds_rise(void)
{
	for (guint i = 1; i < COUNTERS_BOUNDS; i++)
		g_assert_cmpint(counters_bounds[i - 1], <, counters_bounds[i]);
}

/* What a worker counted before it was killed is not lost. */
static void
test_outlive(void)
{
	struct counters *counters = counters_new();
	pid_t child = fork();
	int status;

	if (child == 0) {
		counter_add(&counters->kept, 7);
		kill(getpid(), SIGKILL);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFSIGNALED(status));
	counter_add(&counters->kept, 1);
	g_assert_cmpuint(counter_get(&counters->kept), ==, 8);
	g_assert_cmpuint(counter_get(&counters->deaths), ==, 0);
	g_assert_cmpint(clock_now_us() - counters->begun_us, <,
			60 * CLOCK_SECOND_US);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/exposition/family", test_family);
	g_test_add_func("/exposition/values", test_values);
	g_test_add_func("/exposition/labels", test_labels);
	g_test_add_func("/counters/buckets", test_buckets);
	g_test_add_func("/counters/bounds-rise", test_bounds_rise);
	g_test_add_func("/counters/outlive-a-worker", test_outlive);
	return g_test_run();
}
