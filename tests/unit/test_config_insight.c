#include <glib.h>
#include <string.h>

#include "base/clock.h"
#include "profile/config.h"

#define PRELUDE "version: 1\n"

static void
test_defaults(void)
{
	g_autoptr(Config) config = config_default();
	const struct config_insight *insight = &config->insight;

	g_assert_cmpint(insight->day, ==, 0);
	g_assert_null(insight->wording_url);
	g_assert_null(insight->wording_model);
	g_assert_null(insight->wording_key);
	g_assert_cmpint(insight->wording_timeout_us, ==, 30 * CLOCK_SECOND_US);
}

static void
test_all(void)
{
	static const char text[] =
		PRELUDE "insight:\n"
			"  day: sun\n"
			"  wording:\n"
			"    url: https://models.example/v1/\n"
			"    model: small-1\n"
			"    key: /etc/pitchward/token\n"
			"    timeout: 5s\n";
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config =
		config_parse("c", text, strlen(text), faults);
	const struct config_insight *insight;

	g_assert_cmpuint(faults_count(faults), ==, 0);
	insight = &config->insight;
	g_assert_cmpint(insight->day, ==, 6);
	g_assert_cmpstr(insight->wording_url, ==, "https://models.example/v1");
	g_assert_cmpstr(insight->wording_model, ==, "small-1");
	g_assert_cmpstr(insight->wording_key, ==, "/etc/pitchward/token");
	g_assert_cmpint(insight->wording_timeout_us, ==, 5 * CLOCK_SECOND_US);
}

static void
test_never(void)
{
	static const char text[] = PRELUDE "insight: {day: never}\n";
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config =
		config_parse("c", text, strlen(text), faults);

	g_assert_cmpint(config->insight.day, ==, -1);
}

static const char *const allowed_urls[] = {
	"https://a.example",   "https://a.example:8443/v1",
	"http://127.0.0.1:80", "http://[::1]:11434/v1",
	"http://localhost/v1", "http://LOCALHOST:1",
};

static void
test_urls(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(allowed_urls); i++) {
		g_autofree char *text = g_strdup_printf(
			PRELUDE "insight: {wording: {url: \"%s\", model: m}}\n",
			allowed_urls[i]);
		g_autoptr(Faults) faults = faults_new();
		g_autoptr(Config) config =
			config_parse("c", text, strlen(text), faults);

		g_test_message("%s", allowed_urls[i]);
		g_assert_cmpuint(faults_count(faults), ==, 0);
		g_assert_nonnull(config);
	}
}

#define URL_RULE                                                               \
	"url must be https://HOST[:PORT][/PATH], or http:// to localhost, "    \
	"127.0.0.1 or [::1]; without user, password and query, not "

static const struct fault {
	const char *name;
	const char *text; /* behind the prelude: line 2 is its first */
	const char *expected;
} cases[] = {
	{ "unknown key", "insight: {days: mon}\n",
	  "c:2:11: unknown key 'days', did you mean 'day'? (allowed: day, "
	  "wording)" },
	{ "unknown key of wording", "insight: {wording: {ulr: x}}\n",
	  "c:2:21: unknown key 'ulr', did you mean 'url'? (allowed: key, "
	  "model, timeout, url)" },
	{ "no day", "insight: {day: mo}\n",
	  "c:2:16: day must be one of mon, tue, wed, thu, fri, sat, sun, "
	  "never, not 'mo'; did you mean 'mon'?" },
	{ "http abroad",
	  "insight: {wording: {url: \"http://a.example\", model: m}}\n",
	  "c:2:26: " URL_RULE "the text 'http://a.example'" },
	{ "a name that begins as loopback does",
	  "insight: {wording: {url: \"http://localhost.a.example\", model: "
	  "m}}\n",
	  "c:2:26: " URL_RULE "the text 'http://localhost.a.example'" },
	{ "loopback as a user",
	  "insight: {wording: {url: \"http://localhost:1@a.example\", model: "
	  "m}}\n",
	  "c:2:26: " URL_RULE "the text 'http://localhost:1@a.example'" },
	{ "a query",
	  "insight: {wording: {url: \"https://a.example?x=\", model: m}}\n",
	  "c:2:26: " URL_RULE "the text 'https://a.example?x='" },
	{ "a url alone", "insight: {wording: {url: \"https://a.example\"}}\n",
	  "c:2:20: wording needs a model beside its url" },
	{ "a model alone", "insight: {wording: {model: m}}\n",
	  "c:2:20: wording needs a url beside its model" },
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
	g_test_add_func("/config/insight/defaults", test_defaults);
	g_test_add_func("/config/insight/all keys", test_all);
	g_test_add_func("/config/insight/never", test_never);
	g_test_add_func("/config/insight/urls", test_urls);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf(
			"/config/insight/fault/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], test_fault);
	}
	return g_test_run();
}
