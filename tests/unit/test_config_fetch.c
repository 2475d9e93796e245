#include <glib.h>
#include <string.h>

#include "base/clock.h"
#include "profile/config.h"

#define PRELUDE "version: 1\n"

static void
test_defaults(void)
{
	g_autoptr(Config) config = config_default();
	const struct config_fetch *fetch = &config->fetch;

	g_assert_cmpuint(fetch->feeds->len, ==, 0);
	g_assert_cmpint(fetch->timeout_us, ==, 30 * CLOCK_SECOND_US);
	g_assert_cmpint(fetch->interval_us, ==, CLOCK_SECOND_US);
	g_assert_cmpuint(fetch->size_max, ==, 4 << 20);
	g_assert_cmpint(fetch->keep_us, ==, 730 * CLOCK_DAY_US);
	g_assert_null(fetch->allow[0]);
	g_assert_true(fetch->front_pages);
	g_assert_cmpint(fetch->front_every_us, ==, 7 * CLOCK_DAY_US);
}

static void
test_all(void)
{
	static const char text[] = PRELUDE
		"fetch:\n"
		"  feeds:\n"
		"    - {name: a.b-c_1, url: \"https://a.example/x?y=1@2\"}\n"
		"    - {name: two, url: \"HTTP://b.example\", every: 5m}\n"
		"  timeout: 5s\n"
		"  interval: 0s\n"
		"  size_max: 10kB\n"
		"  keep: 7d\n"
		"  front_pages: no\n"
		"  front_every: 30d\n"
		"  allow: [\"10.0.0.5:8080\", \"[fd00::5]:80\"]\n";
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config =
		config_parse("c", text, strlen(text), faults);
	const struct config_feed *one;
	const struct config_feed *two;

	g_assert_cmpuint(faults_count(faults), ==, 0);
	one = config->fetch.feeds->pdata[0];
	two = config->fetch.feeds->pdata[1];
	g_assert_cmpstr(one->name, ==, "a.b-c_1");
	g_assert_cmpstr(one->url, ==, "https://a.example/x?y=1@2");
	g_assert_cmpint(one->every_us, ==, 3600 * CLOCK_SECOND_US);
	g_assert_cmpint(two->every_us, ==, 300 * CLOCK_SECOND_US);
	g_assert_cmpint(config->fetch.timeout_us, ==, 5 * CLOCK_SECOND_US);
	g_assert_cmpint(config->fetch.interval_us, ==, 0);
	g_assert_cmpuint(config->fetch.size_max, ==, 10240);
	g_assert_cmpint(config->fetch.keep_us, ==, 7 * CLOCK_DAY_US);
	g_assert_cmpstr(config->fetch.allow[1], ==, "[fd00::5]:80");
	g_assert_false(config->fetch.front_pages);
	g_assert_cmpint(config->fetch.front_every_us, ==, 30 * CLOCK_DAY_US);
}

#define URL_RULE                                                               \
	"url must be https://HOST/PATH or http://HOST/PATH, without user and " \
	"password, not "

static const struct fault {
	const char *name;
	const char *text; /* behind the prelude: line 2 is its first */
	const char *expected;
} cases[] = {
	{ "unknown key", "fetch: {feed: []}\n",
	  "c:2:9: unknown key 'feed', did you mean 'feeds'? (allowed: allow, "
	  "feeds, front_every, front_pages, interval, keep, size_max, "
	  "timeout)" },
	{ "unknown key of a feed",
	  "fetch: {feeds: [{name: a, url: \"http://a\", evry: 1h}]}\n",
	  "c:2:44: unknown key 'evry', did you mean 'every'? (allowed: every, "
	  "name, url)" },
	{ "a file",
	  "fetch: {feeds: [{name: a, url: \"file:///etc/passwd\"}]}\n",
	  "c:2:32: " URL_RULE "the text 'file:///etc/passwd'" },
	{ "a password",
	  "fetch: {feeds: [{name: a, url: \"http://u:p@a.example/\"}]}\n",
	  "c:2:32: " URL_RULE "the text 'http://u:p@a.example/'" },
	{ "no host", "fetch: {feeds: [{name: a, url: \"http:///x\"}]}\n",
	  "c:2:32: " URL_RULE "the text 'http:///x'" },
	{ "a name with a slash",
	  "fetch: {feeds: [{name: a/b, url: \"http://a\"}]}\n",
	  "c:2:24: name must be letters, digits, '.', '-' and '_', at most "
	  "100, not 'a/b'" },
	{ "a name twice",
	  "fetch: {feeds: [{name: a, url: \"http://a\"},"
	  " {name: a, url: \"http://b\"}]}\n",
	  "c:2:52: the feed a is there twice" },
	{ "a name in allow", "fetch: {allow: [\"localhost:80\"]}\n",
	  "c:2:17: 'localhost:80' is not ADDRESS:PORT, as in 10.0.0.5:8080 or "
	  "[fd00::5]:8080" },
	{ "too often",
	  "fetch: {feeds: [{name: a, url: \"http://a\", every: 1s}]}\n",
	  "c:2:51: every must be a length of time such as 90s, 8h or 30d "
	  "between 1m and 30d, not '1s'" },
};

static void
test_fault(gconstpointer data)
{
	const struct fault *fault = data;
	g_autofree char *text = g_strconcat(PRELUDE, fault->text, NULL);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config =
		config_parse("c", text, strlen(text), faults);

	g_assert_null(config);
	g_assert_cmpstr(faults_get(faults, 0), ==, fault->expected);
	g_assert_cmpuint(faults_count(faults), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/fetch/defaults", test_defaults);
	g_test_add_func("/config/fetch/all keys", test_all);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf(
			"/config/fetch/fault/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], test_fault);
	}
	return g_test_run();
}
