/* What an administrator is told of a configuration that cannot be used. */
#include <glib.h>
#include <string.h>

#include "profile/config.h"

#define PRELUDE "version: 1\n"

struct bad_case {
	const char *name;
	const char *text; /* behind the prelude: line 2 is its first */
	const char *expected;
};

static const struct bad_case bad_cases[] = {
	{ "mode", "mode: enforced\n",
	  "p.yaml:2:7: mode must be one of observe, tag, "
	  "enforce, not 'enforced'; did you mean 'enforce'?" },
	{ "unknown key", "quarantien: {method: store}\n",
	  "p.yaml:2:1: unknown key 'quarantien', did you mean "
	  "'quarantine'? (allowed: authserv_id, digest, fetch, groups, "
	  "headers, history, insight, internal, key, ledger, limits, "
	  "limits_for_profiles, "
	  "log, milter, mode, models, on_error, profiles, "
	  "quarantine, release, signals, spool, store, tag, "
	  "version, web)" },
	{ "mode in the wrong place", "milter: {mode: tag}\n",
	  "p.yaml:2:10: unknown key 'mode' (allowed: backlog, "
	  "deadline, sessions_max, socket, socket_group, "
	  "socket_mode)" },
	{ "socket, no kind", "milter: {socket: /run/x.sock}\n",
	  "p.yaml:2:18: socket must be unix:PATH, "
	  "inet:PORT@HOST or inet6:PORT@HOST, not '/run/x.sock'" },
	{ "socket, everyone", "milter: {socket: \"inet:8891\"}\n",
	  "p.yaml:2:18: socket must be unix:PATH, "
	  "inet:PORT@HOST or inet6:PORT@HOST, not the text "
	  "'inet:8891'" },
	{ "socket, port", "milter: {socket: \"inet:88910@127.0.0.1\"}\n",
	  "p.yaml:2:18: socket must be unix:PATH, "
	  "inet:PORT@HOST or inet6:PORT@HOST, not the text "
	  "'inet:88910@127.0.0.1'" },
	{ "socket, host", "milter: {socket: \"inet:8891@\"}\n",
	  "p.yaml:2:18: socket must be unix:PATH, "
	  "inet:PORT@HOST or inet6:PORT@HOST, not the text "
	  "'inet:8891@'" },
	{ "socket, no path", "milter: {socket: \"unix:\"}\n",
	  "p.yaml:2:18: the path of a socket must have 1 to "
	  "107 bytes" },
	{ "socket mode, not octal", "milter: {socket_mode: 0680}\n",
	  "p.yaml:2:23: socket_mode must be octal, 0600 to "
	  "0775, without writing for others, not '0680'" },
	{ "socket mode, words", "milter: {socket_mode: rw-rw----}\n",
	  "p.yaml:2:23: socket_mode must be octal, 0600 to "
	  "0775, without writing for others, not 'rw-rw----'" },
	{ "socket mode, others", "milter: {socket_mode: 0666}\n",
	  "p.yaml:2:23: socket_mode must be octal, 0600 to "
	  "0775, without writing for others, not '0666'" },
	{ "socket mode, nobody", "milter: {socket_mode: 0060}\n",
	  "p.yaml:2:23: socket_mode must be octal, 0600 to "
	  "0775, without writing for others, not '0060'" },
	{ "deadline, no unit", "milter: {deadline: 8}\n",
	  "p.yaml:2:20: deadline must be a length of time such "
	  "as 90s, 8h or 30d between 10ms and 30s, not '8'" },
	{ "deadline, long", "milter: {deadline: 5m}\n",
	  "p.yaml:2:20: deadline must be a length of time such "
	  "as 90s, 8h or 30d between 10ms and 30s, not '5m'" },
	{ "sessions", "milter: {sessions_max: 0, backlog: 70000}\n",
	  "p.yaml:2:24: sessions_max must be a whole number "
	  "between 1 and 65535, not '0'\n"
	  "p.yaml:2:36: backlog must be a whole number between "
	  "1 and 65535, not '70000'" },
	{ "milter, unknown", "milter: {dealine: 8s}\n",
	  "p.yaml:2:10: unknown key 'dealine', did you mean "
	  "'deadline'? (allowed: backlog, deadline, "
	  "sessions_max, socket, socket_group, socket_mode)" },
	{ "authserv_id", "authserv_id: [mx.example.org, \"mx example\"]\n",
	  "p.yaml:2:31: 'mx example' is not an authserv-id: a "
	  "host name is usual" },
	{ "authserv_id, mapping", "authserv_id: {a: b}\n",
	  "p.yaml:2:14: authserv_id must be a list, not a "
	  "mapping" },
	{ "networks, not one", "internal: {networks: [intranet]}\n",
	  "p.yaml:2:23: 'intranet' is not a network: an "
	  "address and the number of its fixed bits is needed, "
	  "as in 10.0.0.0/8 or 2001:db8::/32" },
	{ "networks, bits",
	  "internal: {networks: [10.0.0.0/33, \"::/129\", "
	  "0.0.0.0/0]}\n",
	  "p.yaml:2:23: '10.0.0.0/33' is not a network: an "
	  "address and the number of its fixed bits is needed, "
	  "as in 10.0.0.0/8 or 2001:db8::/32\n"
	  "p.yaml:2:36: '::/129' is not a network: an address "
	  "and the number of its fixed bits is needed, as in "
	  "10.0.0.0/8 or 2001:db8::/32\n"
	  "p.yaml:2:46: '0.0.0.0/0' would name every address "
	  "there is" },
	{ "networks, host bits",
	  "internal: {networks: [10.1.2.3/8, "
	  "\"2001:db8::1/32\"]}\n",
	  "p.yaml:2:23: '10.1.2.3/8' has bits set behind its "
	  "prefix; did you mean '10.0.0.0/8'?\n"
	  "p.yaml:2:35: '2001:db8::1/32' has bits set behind "
	  "its prefix; did you mean '2001:db8::/32'?" },
	{ "networks, three numbers", "internal: {networks: [10.0.0/8]}\n",
	  "p.yaml:2:23: '10.0.0/8' is not a network: an "
	  "address and the number of its fixed bits is needed, "
	  "as in 10.0.0.0/8 or 2001:db8::/32" },
	{ "networks, mapping", "internal: {networks: [{a: b}]}\n",
	  "p.yaml:2:23: networks must be a list of texts, not "
	  "a mapping" },
	{ "domains",
	  "internal: {domains: [\"@example.org\", "
	  "\"-x.example\"]}\n",
	  "p.yaml:2:22: '@example.org' is not a domain\n"
	  "p.yaml:2:38: '-x.example' is not a domain" },
	{ "profiles, list", "profiles: [a]\n",
	  "p.yaml:2:11: profiles must be text, not a list" },
	{ "models, empty", "models: \"\"\n",
	  "p.yaml:2:9: models must be a path" },
	{ "store, kind", "store: mysql://host/db\n",
	  "p.yaml:2:8: store must be sqlite:PATH or "
	  "postgresql://..., not 'mysql://host/db'" },
	{ "store, path", "store: /var/lib/pitchward.db\n",
	  "p.yaml:2:8: store must be sqlite:PATH or "
	  "postgresql://..., not '/var/lib/pitchward.db'" },
	{ "store, list", "store: [a]\n",
	  "p.yaml:2:8: store must be text, not a list" },
	{ "spool", "spool: {max: 10}\n",
	  "p.yaml:2:14: max must be a size such as 64kB or 2MB "
	  "between 1MB and 1024GB, not '10'" },
	{ "spool, text", "spool: /var/spool/pitchward\n",
	  "p.yaml:2:8: spool must be a mapping (key: value), "
	  "not '/var/spool/pitchward'" },
	{ "quarantine, method", "quarantine: {method: stroe}\n",
	  "p.yaml:2:22: method must be one of store, hold, "
	  "redirect, tag, not 'stroe'; did you mean 'store'?" },
	{ "quarantine, redirect to nowhere", "quarantine: {method: redirect}\n",
	  "p.yaml:2:13: redirect is missing: the address that "
	  "method redirect sends to" },
	{ "quarantine, redirect",
	  "quarantine: {method: redirect, redirect: "
	  "quarantine}\n",
	  "p.yaml:2:42: 'quarantine' is not a mail address: "
	  "local@domain is needed" },
	{ "quarantine, redirect list",
	  "quarantine: {redirect: [q@example.org]}\n",
	  "p.yaml:2:24: redirect must be a mail address, not a "
	  "list" },
	{ "quarantine, keep", "quarantine: {keep: 1h}\n",
	  "p.yaml:2:20: keep must be a length of time such as "
	  "90s, 8h or 30d between 1d and 3650d, not '1h'" },
	{ "ledger, keep", "ledger: {keep: for ever}\n",
	  "p.yaml:2:16: keep must be a length of time such as "
	  "90s, 8h or 30d between 1d and 36500d, not 'for ever'" },
	{ "release", "release: {smtp: 127.0.0.1, timeout: 1h}\n",
	  "p.yaml:2:17: smtp must be smtp://HOST:PORT, not "
	  "'127.0.0.1'\n"
	  "p.yaml:2:37: timeout must be a length of time such "
	  "as 90s, 8h or 30d between 1s and 10m, not '1h'" },
	{ "release, port", "release: {smtp: \"smtp://127.0.0.1:0\"}\n",
	  "p.yaml:2:17: smtp must be smtp://HOST:PORT, not the "
	  "text 'smtp://127.0.0.1:0'" },
	{ "release, path", "release: {smtp: \"smtp://127.0.0.1/x:25\"}\n",
	  "p.yaml:2:17: smtp must be smtp://HOST:PORT, not the "
	  "text 'smtp://127.0.0.1/x:25'" },
	{ "subject prefix", "tag: {subject_prefix: \"[x]\\r\\nBcc: a@b\"}\n",
	  "p.yaml:2:23: the control character \\x0d is not "
	  "allowed\n"
	  "p.yaml:2:23: subject_prefix must be at most 40 "
	  "ASCII characters on one line, not the text "
	  "'[x]?\\nBcc: a@b'" },
	{ "subject prefix, lines",
	  "tag: {subject_prefix: \"[x]\\nBcc: a@b\"}\n",
	  "p.yaml:2:23: subject_prefix must be at most 40 "
	  "ASCII characters on one line, not the text "
	  "'[x]\\nBcc: a@b'" },
	{ "headers", "headers: {reasons: sometimes}\n",
	  "p.yaml:2:20: reasons must be yes or no, not "
	  "'sometimes'" },
	{ "on_error, word", "on_error: {store: reject}\n",
	  "p.yaml:2:19: store must be one of deliver, "
	  "tempfail, not 'reject'" },
	{ "on_error, class", "on_error: {database: deliver}\n",
	  "p.yaml:2:12: unknown key 'database' (allowed: "
	  "model, parse, store, time)" },
	{ "limits for profiles",
	  "limits_for_profiles: {accept: {min: 2}, hold: {max: "
	  "1}}\n",
	  "p.yaml:2:37: min must be between 0 and 1, not '2'\n"
	  "p.yaml:2:48: unknown key 'max' (allowed: min)" },
	{ "limits for profiles, order",
	  "limits_for_profiles: {accept: {min: 0.9, max: "
	  "0.5}}\n",
	  "p.yaml:2:31: min must not be above max" },
	{ "log", "log: {to: file, addresses: 1}\n",
	  "p.yaml:2:11: to must be one of stderr, syslog, "
	  "journal, not 'file'\n"
	  "p.yaml:2:28: addresses must be yes or no, not '1'" },
	{ "limits, size", "limits: {message: 1kB, text: 2TB}\n",
	  "p.yaml:2:19: message must be a size such as 64kB or "
	  "2MB between 64kB and 1GB, not '1kB'\n"
	  "p.yaml:2:30: text must be a size such as 64kB or "
	  "2MB between 16kB and 64MB, not '2TB'" },
	{ "limits, count", "limits: {depth: 0, parts: -1, tags: 1e3}\n",
	  "p.yaml:2:17: depth must be a whole number between 1 "
	  "and 200, not '0'\n"
	  "p.yaml:2:27: parts must be a whole number between 1 "
	  "and 10000, not '-1'\n"
	  "p.yaml:2:37: tags must be a whole number between "
	  "100 and 1000000, not '1e3'" },
	{ "limits, unknown", "limits: {url: 5}\n",
	  "p.yaml:2:10: unknown key 'url', did you mean "
	  "'urls'? (allowed: addresses, depth, encoded_words, "
	  "header, header_block, headers, message, parts, "
	  "tag_depth, tags, text, urls)" },
};

static void
test_bad(gconstpointer data)
{
	const struct bad_case *bad = data;
	g_autofree char *text = g_strconcat(PRELUDE, bad->text, NULL);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config =
		config_parse("p.yaml", text, strlen(text), faults);

	g_assert_null(config);
	g_assert_false(faults_report(faults, &error));
	g_assert_cmpstr(error->message, ==, bad->expected);
}

static void
test_long_socket(void)
{
	g_autofree char *name = g_strnfill(107, 'x');
	g_autofree char *text = g_strdup_printf(
		"version: 1\nmilter: {socket: unix:/%s}\n", name);
	g_autoptr(Faults) faults = faults_new();

	g_assert_null(config_parse("p", text, strlen(text), faults));
	g_assert_cmpstr(faults_get(faults, 0), ==,
			"p:2:18: the path of a socket must have 1 to 107 "
			"bytes");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
		g_autofree char *path =
			g_strdup_printf("/config/fault/%s", bad_cases[i].name);

		g_test_add_data_func(path, &bad_cases[i], test_bad);
	}
	g_test_add_func("/config/fault/long socket", test_long_socket);
	return g_test_run();
}
