#include <glib.h>
#include <string.h>

#include "profile/config.h"

#define PRELUDE "version: 1\n"

static void
test_defaults(void)
{
	g_autoptr(Config) config = config_default();
	const struct config_web *web = &config->web;
	const struct config_digest *digest = &config->digest;

	g_assert_cmpstr(web->listen, ==, "127.0.0.1:8480");
	g_assert_cmpstr(web->url, ==, "http://127.0.0.1:8480");
	g_assert_true(web->sign_in_mail);
	g_assert_null(web->sign_in_header);
	g_assert_cmpint(web->session_us, ==,
			12 * G_GINT64_CONSTANT(3600000000));
	g_assert_false(web->request_release);
	g_assert_cmpuint(web->users->len, ==, 0);
	g_assert_true(g_str_has_prefix(digest->from, "pitchward@"));
	g_assert_null(digest->redirect);
	g_assert_cmpuint(digest->max, ==, 50);
	g_assert_cmpfloat(digest->notice_from, ==, 0);
	g_assert_true(config_trusted_proxy(config, "127.0.0.1"));
	g_assert_true(config_trusted_proxy(config, "::1"));
	g_assert_false(config_trusted_proxy(config, "192.0.2.1"));
}

static void
test_all(void)
{
	static const char text[] = PRELUDE
		"web:\n"
		"  listen: \"[::1]:8080\"\n"
		"  url: https://Mail.Corp.example/\n"
		"  sign_in: {mail: no, header: X-Auth-Request-Email}\n"
		"  proxies: [192.0.2.0/24]\n"
		"  session: 1d\n"
		"  request_release: yes\n"
		"  users:\n"
		"    - {address: Boss@Corp.example, roles: [approver, "
		"auditor], buyers: [priya]}\n"
		"    - {address: it@corp.example, roles: admin}\n"
		"digest: {from: d@corp.example, redirect: me@corp.example, "
		"max: 10, links: 2d, notice_from: 0.9}\n";
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config =
		config_parse("c", text, strlen(text), faults);
	const struct config_user *boss;
	const struct config_user *it;

	g_assert_cmpuint(faults_count(faults), ==, 0);
	boss = config->web.users->pdata[0];
	it = config->web.users->pdata[1];
	g_assert_cmpstr(config->web.url, ==, "https://mail.corp.example");
	g_assert_false(config->web.sign_in_mail);
	g_assert_cmpstr(config->web.sign_in_header, ==, "X-Auth-Request-Email");
	g_assert_true(config_trusted_proxy(config, "192.0.2.9"));
	g_assert_false(config_trusted_proxy(config, "127.0.0.1"));
	g_assert_cmpstr(boss->address, ==, "boss@corp.example");
	g_assert_cmpuint(boss->roles, ==, ROLE_APPROVER | ROLE_AUDITOR);
	g_assert_cmpstr(boss->buyers[0], ==, "priya");
	g_assert_cmpuint(it->roles, ==, ROLE_ADMIN);
	g_assert_cmpstr(config->digest.from, ==, "d@corp.example");
	g_assert_cmpstr(config->digest.redirect, ==, "me@corp.example");
	g_assert_cmpuint(config->digest.max, ==, 10);
	g_assert_cmpfloat(config->digest.notice_from, ==, 0.9);
}

static const struct fault {
	const char *name;
	const char *text; /* behind the prelude: line 2 is its first */
	const char *expected;
} cases[] = {
	{ "unknown key", "web: {lisen: x}\n",
	  "c:2:7: unknown key 'lisen', did you mean 'listen'? (allowed: "
	  "listen, proxies, request_release, session, sign_in, url, users)" },
	{ "listen to a name", "web: {listen: \"mail.corp.example:80\"}\n",
	  "c:2:15: listen must be ADDRESS:PORT, as in 127.0.0.1:8480 or "
	  "[::1]:8480, not the text 'mail.corp.example:80'" },
	{ "listen without a port", "web: {listen: 127.0.0.1}\n",
	  "c:2:15: listen must be ADDRESS:PORT, as in 127.0.0.1:8480 or "
	  "[::1]:8480, not '127.0.0.1'" },
	{ "a URL with a path", "web: {url: \"https://corp.example/mail\"}\n",
	  "c:2:12: url must be https://HOST or http://HOST:PORT, without a "
	  "path, not the text 'https://corp.example/mail'" },
	{ "no URL", "web: {url: corp.example}\n",
	  "c:2:12: url must be https://HOST or http://HOST:PORT, without a "
	  "path, not 'corp.example'" },
	{ "a header that anybody sends",
	  "web: {sign_in: {header: User-Agent}}\n",
	  "c:2:25: header must be a header's name, as in "
	  "X-Auth-Request-Email, not 'User-Agent'" },
	{ "role", "web: {users: [{address: a@b.c, roles: [amdin]}]}\n",
	  "c:2:40: roles must be one of buyer, delegate, approver, admin, "
	  "auditor, not 'amdin'; did you mean 'admin'?" },
	{ "a delegate of nobody",
	  "web: {users: [{address: a@b.c, roles: [delegate]}]}\n",
	  "c:2:15: buyers is missing: for whom they are delegate or "
	  "approver, or \"*\" for all" },
	{ "an admin of somebody",
	  "web: {users: [{address: a@b.c, roles: [admin], buyers: [x]}]}\n",
	  "c:2:56: buyers are for a delegate or an approver" },
	{ "somebody twice",
	  "web: {users: [{address: a@b.c, roles: [admin]}, "
	  "{address: A@B.c, roles: [auditor]}]}\n",
	  "c:2:49: the address a@b.c is there twice" },
	{ "nobody", "web: {users: [{roles: [admin]}]}\n",
	  "c:2:15: address must be a mail address, not a mapping" },
	{ "a session of a second", "web: {session: 1s}\n",
	  "c:2:16: session must be a length of time such as 90s, 8h or 30d "
	  "between 5m and 90d, not '1s'" },
	{ "every address a proxy", "web: {proxies: [0.0.0.0/0]}\n",
	  "c:2:17: '0.0.0.0/0' would name every address there is" },
	{ "digest, unknown key", "digest: {form: a@b.c}\n",
	  "c:2:10: unknown key 'form', did you mean 'from'? (allowed: from, "
	  "links, max, notice_from, redirect)" },
	{ "digest, number", "digest: {notice_from: 2}\n",
	  "c:2:23: notice_from must be between 0 and 1, not '2'" },
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
	g_test_add_func("/config/web/defaults", test_defaults);
	g_test_add_func("/config/web/all keys", test_all);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
			g_strdup_printf("/config/web/fault/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], test_fault);
	}
	return g_test_run();
}
