/* The configuration: what it says, and what it leaves out. */
#include <glib.h>
#include <string.h>

#include "base/clock.h"
#include "mail/limits.h"
#include "profile/config.h"

static struct config *
parse_good(const char *path, const char *text)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	struct config *config = config_parse(path, text, strlen(text), faults);

	faults_report(faults, &error);
	g_assert_no_error(error);
	g_assert_nonnull(config);
	return config;
}

static void
assert_strv(char **actual, const char *joined)
{
	g_autofree char *all = g_strjoinv("|", actual);

	g_assert_cmpstr(all, ==, joined);
}

static void
assert_limits(const struct mail_limits *a, const struct mail_limits *b)
{
	g_assert_cmpuint(a->message, ==, b->message);
	g_assert_cmpuint(a->headers, ==, b->headers);
	g_assert_cmpuint(a->header_block, ==, b->header_block);
	g_assert_cmpuint(a->header, ==, b->header);
	g_assert_cmpuint(a->depth, ==, b->depth);
	g_assert_cmpuint(a->parts, ==, b->parts);
	g_assert_cmpuint(a->text, ==, b->text);
	g_assert_cmpuint(a->urls, ==, b->urls);
	g_assert_cmpuint(a->addresses, ==, b->addresses);
	g_assert_cmpuint(a->encoded_words, ==, b->encoded_words);
	g_assert_cmpuint(a->tags, ==, b->tags);
	g_assert_cmpuint(a->tag_depth, ==, b->tag_depth);
}

/* Everything but where the file's folder counts. */
static void
assert_defaults(const struct config *c)
{
	g_assert_cmpint(c->mode, ==, MODE_OBSERVE);
	g_assert_cmpstr(c->socket, ==, "unix:/run/pitchward/milter.sock");
	g_assert_cmpuint(c->socket_mode, ==, 0660);
	g_assert_null(c->socket_group);
	g_assert_cmpint(c->deadline_us, ==, 8 * CLOCK_SECOND_US);
	g_assert_cmpuint(c->sessions_max, ==, 500);
	g_assert_cmpuint(c->backlog, ==, 1024);
	assert_strv(c->authserv_ids, g_get_host_name());
	assert_strv(c->internal_networks, "127.0.0.0/8|::1/128");
	assert_strv(c->internal_domains, "");
	g_assert_null(c->signals);
	g_assert_cmpstr(c->models, ==, "/var/lib/pitchward/models");
	g_assert_cmpstr(c->store, ==, "sqlite:/var/lib/pitchward/pitchward.db");
	g_assert_cmpstr(c->spool, ==, "/var/lib/pitchward/spool");
	g_assert_cmpuint(c->spool_max, ==, 1 << 30);
	g_assert_cmpstr(c->key, ==, "/var/lib/pitchward/key");
	g_assert_cmpint(c->method, ==, METHOD_STORE);
	g_assert_null(c->redirect);
	g_assert_cmpint(c->keep_us, ==, 30 * CLOCK_DAY_US);
	g_assert_cmpint(c->ledger_keep_us, ==, 730 * CLOCK_DAY_US);
	g_assert_cmpint(c->history_keep_us, ==, 400 * CLOCK_DAY_US);
	g_assert_cmpstr(c->release, ==, "smtp://127.0.0.1:10026");
	g_assert_cmpint(c->release_timeout_us, ==, 60 * CLOCK_SECOND_US);
	g_assert_cmpstr(c->subject_prefix, ==, "");
	g_assert_false(c->header_reasons);
	for (guint i = 0; i < FAILURES; i++)
		g_assert_cmpint(c->on_error[i], ==, FALLBACK_DELIVER);
	g_assert_cmpfloat(c->accept_min, ==, 0);
	g_assert_cmpfloat(c->accept_max, ==, 1);
	g_assert_cmpfloat(c->hold_min, ==, 0.5);
	g_assert_cmpint((int)c->log_to, ==, (int)LOG_TO_STDERR);
	g_assert_false(c->log_addresses);
	g_assert_false(c->log_subjects);
	assert_limits(&c->limits, &mail_limits_default);
}

static void
test_defaults(void)
{
	g_autoptr(Config) built_in = config_default();
	g_autoptr(Config) smallest =
		parse_good("/srv/p/pitchward.yaml", "version: 1\n");

	assert_defaults(built_in);
	assert_defaults(smallest);
	g_assert_true(g_str_has_suffix(built_in->path, "/pitchward.yaml"));
	g_assert_true(g_str_has_suffix(built_in->profiles, "/profiles.d"));
	g_assert_cmpstr(smallest->profiles, ==, "/srv/p/profiles.d");
	g_assert_cmpstr(smallest->groups, ==, "/srv/p/groups.d");
}

/* The shipped file shows every default: so it must be them. */
static void
test_shipped(void)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *profiles = NULL;

	if (!g_file_test("conf/pitchward.yaml", G_FILE_TEST_EXISTS)) {
		g_test_skip("run from the top of the source: no conf/ here");
		return;
	}
	config = config_load("conf/pitchward.yaml", faults);
	faults_report(faults, &error);
	g_assert_no_error(error);
	assert_defaults(config);
	profiles = g_canonicalize_filename("conf/profiles.d", NULL);
	g_assert_cmpstr(config->profiles, ==, profiles);
}

static void
test_machinery(void)
{
	g_autoptr(Config) c = parse_good(
		"/etc/p/p.yaml",
		"version: 1\nmode: enforce\n"
		"milter: {socket: inet:8891@127.0.0.1, socket_mode: \"600\",\n"
		"  socket_group: postfix, deadline: 500ms, sessions_max: 7,\n"
		"  backlog: 9}\n"
		"authserv_id: mx.example.org\n"
		"internal: {networks: [192.0.2.0/24], domains: [Example.ORG]}\n"
		"profiles: p\nsignals: s.yaml\nmodels: ../m\n"
		"groups: ../g\n"
		"store: sqlite:data/p.db\nspool: {path: /s, max: 5MB}\n"
		"key: k\n"
		"release: {smtp: \"smtp://[::1]:25\", timeout: 5s}\n"
		"log: {to: journal, addresses: yes, subjects: on}\n");

	g_assert_cmpint(c->mode, ==, MODE_ENFORCE);
	g_assert_cmpstr(c->socket, ==, "inet:8891@127.0.0.1");
	g_assert_cmpuint(c->socket_mode, ==, 0600);
	g_assert_cmpstr(c->socket_group, ==, "postfix");
	g_assert_cmpint(c->deadline_us, ==, CLOCK_SECOND_US / 2);
	g_assert_cmpuint(c->sessions_max, ==, 7);
	g_assert_cmpuint(c->backlog, ==, 9);
	assert_strv(c->authserv_ids, "mx.example.org");
	assert_strv(c->internal_networks, "192.0.2.0/24");
	assert_strv(c->internal_domains, "example.org");
	g_assert_cmpstr(c->profiles, ==, "/etc/p/p");
	g_assert_cmpstr(c->signals, ==, "/etc/p/s.yaml");
	g_assert_cmpstr(c->groups, ==, "/etc/g");
	g_assert_cmpstr(c->models, ==, "/etc/m");
	g_assert_cmpstr(c->store, ==, "sqlite:/etc/p/data/p.db");
	g_assert_cmpstr(c->spool, ==, "/s");
	g_assert_cmpuint(c->spool_max, ==, 5 << 20);
	g_assert_cmpstr(c->key, ==, "/etc/p/k");
	g_assert_cmpstr(c->release, ==, "smtp://[::1]:25");
	g_assert_cmpint(c->release_timeout_us, ==, 5 * CLOCK_SECOND_US);
	g_assert_cmpint((int)c->log_to, ==, (int)LOG_TO_JOURNAL);
	g_assert_true(c->log_addresses);
	g_assert_true(c->log_subjects);
}

static void
test_policy(void)
{
	g_autoptr(Config) c = parse_good(
		"/etc/p/p.yaml",
		"version: 1\n"
		"authserv_id: [a.example, b.example]\n"
		"store: postgresql:///pitchward?host=/run/postgresql\n"
		"milter: {socket: unix:run/m.sock}\n"
		"quarantine: {method: redirect, redirect: Q@Example.org,\n"
		"  keep: 2w}\n"
		"ledger: {keep: 90d}\nhistory: {keep: 14w}\n"
		"tag: {subject_prefix: \"[pitch] \"}\nheaders: {reasons: yes}\n"
		"on_error: {store: tempfail, time: tempfail}\n"
		"limits_for_profiles: {accept: {min: 0.3, max: 0.9},\n"
		"  hold: {min: 0.7}}\n"
		"limits: {message: 3MB, headers: 20, header_block: 5kB,\n"
		"  header: 2000, depth: 3, parts: 4, text: 20kB, urls: 6,\n"
		"  addresses: 7, encoded_words: 8, tags: 900, tag_depth: "
		"10}\n");
	const struct mail_limits limits = {
		3 << 20, 20, 5120, 2000, 3, 4, 20480, 6, 7, 8, 900, 10,
	};

	assert_strv(c->authserv_ids, "a.example|b.example");
	g_assert_cmpstr(c->store, ==,
			"postgresql:///pitchward?host=/run/postgresql");
	g_assert_cmpstr(c->socket, ==, "unix:/etc/p/run/m.sock");
	g_assert_cmpint(c->method, ==, METHOD_REDIRECT);
	g_assert_cmpstr(c->redirect, ==, "q@example.org");
	g_assert_cmpint(c->keep_us, ==, 14 * CLOCK_DAY_US);
	g_assert_cmpint(c->ledger_keep_us, ==, 90 * CLOCK_DAY_US);
	g_assert_cmpint(c->history_keep_us, ==, 98 * CLOCK_DAY_US);
	g_assert_cmpstr(c->subject_prefix, ==, "[pitch] ");
	g_assert_true(c->header_reasons);
	g_assert_cmpint(c->on_error[FAILURE_STORE], ==, FALLBACK_TEMPFAIL);
	g_assert_cmpint(c->on_error[FAILURE_MODEL], ==, FALLBACK_DELIVER);
	g_assert_cmpint(c->on_error[FAILURE_TIME], ==, FALLBACK_TEMPFAIL);
	g_assert_cmpfloat(c->accept_min, ==, 0.3);
	g_assert_cmpfloat(c->accept_max, ==, 0.9);
	g_assert_cmpfloat(c->hold_min, ==, 0.7);
	assert_limits(&c->limits, &limits);
}

static void
test_clients(void)
{
	static const struct {
		const char *ip;
		gboolean internal;
	} cases[] = {
		{ "10.0.0.0", TRUE },
		{ "10.255.255.255", TRUE },
		{ "11.0.0.0", FALSE },
		{ "9.255.255.255", FALSE },
		{ "192.0.2.7", TRUE },
		{ "192.0.2.8", FALSE },
		{ "198.51.100.127", TRUE },
		{ "198.51.100.128", FALSE },
		{ "::ffff:10.1.2.3", TRUE },
		{ "::ffff:11.1.2.3", FALSE },
		{ "2001:db8:1::", TRUE },
		{ "2001:db8:1:ffff::9", TRUE },
		{ "2001:db8:2::", FALSE },
		{ "::1", TRUE },
		{ "::2", FALSE },
		{ "127.0.0.1", FALSE },
		{ "mail.example", FALSE },
		{ "10.1", FALSE },
		{ "", FALSE },
	};
	g_autoptr(Config) c = parse_good(
		"p", "version: 1\n"
		     "internal: {networks: [10.0.0.0/8, 192.0.2.7,\n"
		     "  198.51.100.0/25, \"2001:db8:1::/48\", \"::1\"]}\n");

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		if (config_internal_client(c, cases[i].ip) != cases[i].internal)
			g_error("'%s' should %sbe internal", cases[i].ip,
				cases[i].internal ? "" : "not ");
}

static void
test_domains(void)
{
	static const struct {
		const char *domain;
		gboolean internal;
	} cases[] = {
		{ "example.org", TRUE },
		{ "EXAMPLE.org", TRUE },
		{ "mail.example.org", TRUE },
		{ "a.b.example.org", TRUE },
		{ "notexample.org", FALSE },
		{ "example.org.evil", FALSE },
		{ "org", FALSE },
		{ "", FALSE },
		{ "sub.example.net", TRUE },
		{ "example.net", FALSE },
	};
	g_autoptr(Config) c =
		parse_good("p", "version: 1\ninternal: {domains: "
				"[example.org, sub.example.net]}\n");

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		if (config_internal_domain(c, cases[i].domain) !=
		    cases[i].internal)
			g_error("'%s' should %sbe internal", cases[i].domain,
				cases[i].internal ? "" : "not ");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/defaults", test_defaults);
	g_test_add_func("/config/shipped", test_shipped);
	g_test_add_func("/config/machinery", test_machinery);
	g_test_add_func("/config/policy", test_policy);
	g_test_add_func("/config/clients", test_clients);
	g_test_add_func("/config/domains", test_domains);
	return g_test_run();
}
