/* What `pitchward doctor` reads in the files of Postfix and sendmail. */
#include <glib.h>
#include <string.h>

#include "../../src/cli/access_private.h"
#include "../../src/cli/maincf_private.h"
#include "../../src/cli/probe_private.h"
#include "../../src/cli/sendmailcf_private.h"
#include "base/clock.h"

static void
test_main_parameters(void)
{
	static const struct {
		const char *name;
		const char *text;
		const char *wanted; /* of "a" */
	} cases[] = {
		{ "plain", "a = b\n", "b" },
		{ "no spaces", "a=b", "b" },
		{ "absent", "b = c\n", "usual" },
		{ "empty", "a =\n", "" },
		{ "the last wins", "a = 1\na = 2\n", "2" },
		{ "a remark is none", "#a = 1\n", "usual" },
		{ "a remark between", "a = 1,\n# no\n  2\n", "1, 2" },
		{ "continued", "a = 1,\n\t2,\n  3\nb = 4\n", "1, 2, 3" },
		{ "an empty line inside", "a = 1,\n\n  2\n", "1, 2" },
		{ "CR LF", "a = 1\r\n", "1" },
		{ "a name's value", "b = x\na = $b/y\n", "x/y" },
		{ "in braces", "b = x\na = ${b}y\n", "xy" },
		{ "in brackets", "b = x\na = $(b)y\n", "xy" },
		{ "an unknown name", "a = [$nothing]\n", "[]" },
		{ "names of names", "c = x\nb = $c\na = $b\n", "x" },
		{ "a dollar at the end", "a = x$\n", "x" },
		{ "an open brace", "a = ${b\n", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GHashTable) table = maincf_parse(cases[i].text);
		g_autofree char *value = maincf_get(table, "a", "usual");

		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(value, ==, cases[i].wanted);
	}
}

/* $a = $b, $b = $a: it ends, and does not grow without end. */
static void
test_main_loop(void)
{
	g_autoptr(GHashTable) table =
		maincf_parse("a = $b$b$b$b$b$b$b$b\nb = $a$a$a$a$a$a$a$a\n");
	g_autofree char *value = maincf_get(table, "a", NULL);

	g_assert_cmpuint(strlen(value), <, 1000000);
}

static void
test_milters(void)
{
	static const struct {
		const char *value;
		const char *wanted; /* address|action;... */
	} cases[] = {
		{ "", "" },
		{ "unix:a/x.sock", "unix:a/x.sock|-;" },
		{ "unix:a, inet:h:1", "unix:a|-;inet:h:1|-;" },
		{ "unix:a inet:h:1", "unix:a|-;inet:h:1|-;" },
		{ "{ unix:a, default_action=accept }", "unix:a|accept;" },
		{ "{unix:a,default_action = accept}", "unix:a|accept;" },
		{ "{ unix:a, connect_timeout=3s, default_action=reject }, b:c",
		  "unix:a|reject;b:c|-;" },
		{ "{ inet:h:1 default_action=tempfail },unix:b",
		  "inet:h:1|tempfail;unix:b|-;" },
		{ "{ }", "" },
		{ "{ unix:a", "unix:a|-;" },
		{ ",,unix:a,,", "unix:a|-;" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) list = maincf_milters(cases[i].value);
		g_autoptr(GString) got = g_string_new(NULL);

		for (guint k = 0; k < list->len; k++) {
			const struct maincf_milter *milter = list->pdata[k];

			g_string_append_printf(got, "%s|%s;", milter->address,
					       milter->default_action
						       ? milter->default_action
						       : "-");
		}
		g_test_message("%s", cases[i].value);
		g_assert_cmpstr(got->str, ==, cases[i].wanted);
	}
}

static void
test_master(void)
{
	static const char text[] =
		"# service type private unpriv chroot wakeup max command\n"
		"smtp      inet  n       -       y       -       -  smtpd\n"
		"#smtp      inet  n  -  y  -  1  postscreen\n"
		"127.0.0.1:10026 inet n - n - - smtpd\n"
		"  -o smtpd_milters= -o mynetworks=127.0.0.0/8\n"
		"  -o { smtpd_client_restrictions = permit_mynetworks, reject "
		"}\n"
		"pickup    unix  n - - 60 1 pickup\n"
		"short line\n";
	g_autoptr(GPtrArray) services = mastercf_parse(text);
	const struct mastercf_service *smtp;
	const struct mastercf_service *release;

	g_assert_cmpuint(services->len, ==, 3);
	smtp = services->pdata[0];
	release = services->pdata[1];
	g_assert_cmpstr(smtp->name, ==, "smtp");
	g_assert_cmpstr(smtp->type, ==, "inet");
	g_assert_cmpstr(smtp->command, ==, "smtpd");
	g_assert_cmpint(smtp->chroot, ==, 'y');
	g_assert_cmpuint(g_hash_table_size(smtp->overrides), ==, 0);
	g_assert_cmpint(release->chroot, ==, 'n');
	g_assert_cmpstr(
		g_hash_table_lookup(release->overrides, "smtpd_milters"), ==,
		"");
	g_assert_cmpstr(g_hash_table_lookup(release->overrides, "mynetworks"),
			==, "127.0.0.0/8");
	g_assert_cmpstr(g_hash_table_lookup(release->overrides,
					    "smtpd_client_restrictions"),
			==, "permit_mynetworks, reject");
}

static void
test_socket_path(void)
{
	static const struct {
		const char *address;
		gboolean chrooted;
		const char *wanted;
	} cases[] = {
		{ "unix:pw/x.sock", TRUE, "/q/pw/x.sock" },
		{ "unix:pw/x.sock", FALSE, "/q/pw/x.sock" },
		{ "unix:/run/x.sock", TRUE, "/q/run/x.sock" },
		{ "unix:/run/x.sock", FALSE, "/run/x.sock" },
		{ "inet:localhost:1", TRUE, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = maincf_socket_path(
			cases[i].address, "/q", cases[i].chrooted);

		g_assert_cmpstr(path, ==, cases[i].wanted);
	}
}

static void
test_sendmail(void)
{
	static const struct {
		const char *name;
		const char *text;
		const char *wanted; /* name|address|flag|seconds|used;... */
	} cases[] = {
		{ "none", "O Timeout=1\nDMAIL\n", "" },
		{ "plain", "Xpw, S=local:/run/x.sock\n",
		  "pw|local:/run/x.sock|-|10|no;" },
		{ "used",
		  "O InputMailFilters=pw\n"
		  "Xpw, S=local:/run/x.sock, F=T, T=S:1m;R:20s;E:5m\n",
		  "pw|local:/run/x.sock|T|20|0;" },
		{ "seconds without a unit", "Xpw, S=inet:1@h, T=R:7\n",
		  "pw|inet:1@h|-|7|no;" },
		{ "two in order",
		  "Xa, S=unix:/a\nXb,S=unix:/b,F=R\n"
		  "O InputMailFilters=b, a\n",
		  "a|unix:/a|-|10|1;b|unix:/b|R|10|0;" },
		{ "without an address", "Xpw, F=T\n", "" },
		{ "in m4", "INPUT_MAIL_FILTER(`pw', `S=local:/x, F=T')dnl\n",
		  "pw|local:/x|T|10|0;" },
		{ "two in m4, in order",
		  "INPUT_MAIL_FILTER(`a', `S=local:/a')\n"
		  "INPUT_MAIL_FILTER(`b', `S=local:/b')\n",
		  "a|local:/a|-|10|0;b|local:/b|-|10|1;" },
		{ "in m4 over two options",
		  "INPUT_MAIL_FILTER(`pw', `S=local:/x, T=C:30s;R:15s')\n",
		  "pw|local:/x|-|15|0;" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) list = sendmailcf_parse(cases[i].text);
		g_autoptr(GString) got = g_string_new(NULL);

		for (guint k = 0; k < list->len; k++) {
			const struct sendmailcf_filter *filter = list->pdata[k];

			g_string_append_printf(
				got, "%s|%s|%c|%d|", filter->name,
				filter->address,
				filter->flag ? filter->flag : '-',
				(int)(filter->read_us / CLOCK_SECOND_US));
			if (filter->used)
				g_string_append_printf(got, "%u;",
						       filter->place);
			else
				g_string_append(got, "no;");
		}
		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(got->str, ==, cases[i].wanted);
	}
}

static void
test_address(void)
{
	static const struct {
		const char *text;
		const char *path;
		const char *host;
		const char *port;
	} cases[] = {
		{ "unix:/run/x.sock", "/run/x.sock", NULL, NULL },
		{ "local:/run/../run/x.sock", "/run/x.sock", NULL, NULL },
		{ "/run/x.sock", "/run/x.sock", NULL, NULL },
		{ "inet:1234@127.0.0.1", NULL, "127.0.0.1", "1234" },
		{ "inet6:1234@::1", NULL, "::1", "1234" },
		{ "inet:localhost:1234", NULL, "localhost", "1234" },
		{ "inet:[::1]:1234", NULL, "::1", "1234" },
		{ "inet:1234", NULL, "localhost", "1234" },
		{ "smtp://127.0.0.1:10026", NULL, "127.0.0.1", "10026" },
		{ "smtp://mx.example", NULL, "mx.example", "25" },
		{ "smtp://[::1]:26", NULL, "::1", "26" },
		{ "", NULL, NULL, NULL },
		{ "fd:3", NULL, NULL, NULL },
		{ "inet:@h", NULL, NULL, NULL },
		{ "inet::", NULL, NULL, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(ProbeAddress) address = { 0 };
		g_autoptr(GError) error = NULL;
		gboolean ok =
			probe_address_parse(cases[i].text, &address, &error);

		g_test_message("%s", cases[i].text);
		g_assert_cmpint(ok, ==, cases[i].path || cases[i].host);
		g_assert_cmpstr(address.path, ==, cases[i].path);
		g_assert_cmpstr(address.host, ==, cases[i].host);
		g_assert_cmpstr(address.port, ==, cases[i].port);
	}
}

static void
test_access(void)
{
	static const struct {
		const char *name;
		uid_t uid;
		gid_t gid;
		mode_t mode;
		guint wanted;
		gboolean allowed;
	} cases[] = {
		{ "the owner", 10, 0, 0600, 6, TRUE },
		{ "the owner may have less than others", 10, 0, 0066, 4,
		  FALSE },
		{ "the first group", 0, 20, 0060, 6, TRUE },
		{ "another group", 0, 21, 0060, 2, TRUE },
		{ "a group of others", 0, 22, 0660, 2, FALSE },
		{ "the group may have less than others", 0, 20, 0007, 2,
		  FALSE },
		{ "others", 0, 0, 0002, 2, TRUE },
		{ "others without", 0, 0, 0770, 1, FALSE },
		{ "one of two bits", 10, 0, 0200, 6, FALSE },
	};
	gid_t groups[] = { 20, 21 };
	char name[] = "postfix";
	const struct access_user user = { name, 10, groups, 2 };
	const struct access_user root = { name, 0, groups, 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_cmpint(access_permits(&user, cases[i].uid,
					       cases[i].gid, cases[i].mode,
					       cases[i].wanted),
				==, cases[i].allowed);
		g_assert_true(access_permits(&root, cases[i].uid, cases[i].gid,
					     cases[i].mode, cases[i].wanted));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cli/mta/main.cf", test_main_parameters);
	g_test_add_func("/cli/mta/main.cf-loop", test_main_loop);
	g_test_add_func("/cli/mta/smtpd_milters", test_milters);
	g_test_add_func("/cli/mta/master.cf", test_master);
	g_test_add_func("/cli/mta/socket-path", test_socket_path);
	g_test_add_func("/cli/mta/sendmail.cf", test_sendmail);
	g_test_add_func("/cli/mta/address", test_address);
	g_test_add_func("/cli/mta/access", test_access);
	return g_test_run();
}
