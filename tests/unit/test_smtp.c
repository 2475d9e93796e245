/* Handing mail over by SMTP: what counts as taken, and what cannot be said. */
#include <glib.h>
#include <string.h>

#include "review/smtp.h"
#include "smtp_server.h"

#define MESSAGE "Subject: hello\r\n\r\nbody\r\n"

static const char *const outcome_names[] = { "taken", "refused", "unknown" };

static enum smtp_outcome
send_text(const struct server *server, const char *text, gsize len)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, len);
	g_autofree char *reply = NULL;
	enum smtp_outcome outcome =
		smtp_send(server->url, "seller@vendor.example",
			  "buyer@site.example", bytes, 1000, &reply);

	g_assert_nonnull(reply);
	return outcome;
}

static void
test_outcome(void)
{
	static const struct {
		const char *name;
		struct server_script script;
		enum smtp_outcome outcome;
	} cases[] = {
		{ "250 after the dot", { 0 }, SMTP_TAKEN },
		{ "554 as greeting", { .greeting = "554 no" }, SMTP_REFUSED },
		{ "421 as greeting", { .greeting = "421 no" }, SMTP_REFUSED },
		{ "closed at once", { .greeting = SERVER_DROP }, SMTP_REFUSED },
		{ "no greeting", { .greeting = SERVER_STALL }, SMTP_REFUSED },
		{ "EHLO and HELO refused",
		  { .hello = "502 no" },
		  SMTP_REFUSED },
		{ "closed at EHLO", { .hello = SERVER_DROP }, SMTP_REFUSED },
		{ "MAIL 451", { .mail = "451 later" }, SMTP_REFUSED },
		{ "MAIL 550", { .mail = "550 no" }, SMTP_REFUSED },
		{ "closed at MAIL", { .mail = SERVER_DROP }, SMTP_REFUSED },
		{ "silent at MAIL", { .mail = SERVER_STALL }, SMTP_REFUSED },
		{ "RCPT 450", { .rcpt = "450 later" }, SMTP_REFUSED },
		{ "RCPT 550", { .rcpt = "550 who?" }, SMTP_REFUSED },
		{ "RCPT 421", { .rcpt = "421 bye" }, SMTP_REFUSED },
		{ "closed at RCPT", { .rcpt = SERVER_DROP }, SMTP_REFUSED },
		{ "DATA 451", { .data = "451 later" }, SMTP_REFUSED },
		{ "DATA 554", { .data = "554 no" }, SMTP_REFUSED },
		{ "closed at DATA", { .data = SERVER_DROP }, SMTP_REFUSED },
		{ "dot 450", { .dot = "450 later" }, SMTP_REFUSED },
		{ "dot 452, mailbox full",
		  { .dot = "452 full" },
		  SMTP_REFUSED },
		{ "dot 500", { .dot = "500 no" }, SMTP_REFUSED },
		{ "dot 421", { .dot = "421 bye" }, SMTP_REFUSED },
		{ "closed after the dot",
		  { .dot = SERVER_DROP },
		  SMTP_UNKNOWN },
		{ "silent after the dot",
		  { .dot = SERVER_STALL },
		  SMTP_UNKNOWN },
		{ "251 after the dot", { .dot = "251 odd" }, SMTP_UNKNOWN },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct server *server = server_start();
		enum smtp_outcome outcome;

		g_test_message("%s", cases[i].name);
		server->script = cases[i].script;
		outcome = send_text(server, MESSAGE, strlen(MESSAGE));
		g_assert_cmpstr(outcome_names[outcome], ==,
				outcome_names[cases[i].outcome]);
		server_stop(server);
	}
}

static void
test_nobody_listens(void)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(MESSAGE, strlen(MESSAGE));
	struct server *server = server_start();
	g_autofree char *url = g_strdup(server->url);
	g_autofree char *reply = NULL;

	server_stop(server);
	g_assert_cmpint(smtp_send(url, "a@b.example", "c@d.example", bytes,
				  1000, &reply),
			==, SMTP_REFUSED);
	g_assert_nonnull(reply);
}

static void
test_reply(void)
{
	static const struct {
		const char *name;
		struct server_script script;
		const char *part;
	} cases[] = {
		{ "the server's word",
		  { .rcpt = "550 5.1.1 no such user" },
		  "no such user" },
		{ "control bytes are gone",
		  { .rcpt = "550 \033[31mred" },
		  "550 ?[31mred" },
		{ "what it said before the end",
		  { .dot = SERVER_DROP },
		  "354 go on" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) bytes =
			g_bytes_new_static(MESSAGE, strlen(MESSAGE));
		struct server *server = server_start();
		g_autofree char *reply = NULL;

		g_test_message("%s", cases[i].name);
		server->script = cases[i].script;
		smtp_send(server->url, "a@b.example", "c@d.example", bytes,
			  1000, &reply);
		g_assert_nonnull(strstr(reply, cases[i].part));
		server_stop(server);
	}
}

/* RELIABILITY 5.1: whatever is in the text, it is one message. */
static void
test_line_ends(void)
{
	static const struct {
		const char *name;
		const char *sent;
		const char *got;
	} cases[] = {
		{ "CRLF stays", "a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n" },
		{ "LF", "a\n\nb\n", "a\r\n\r\nb\r\n" },
		{ "CR", "a\r\rb\r", "a\r\n\r\nb\r\n" },
		{ "CR LF LF", "a\r\n\nb\r\n", "a\r\n\r\nb\r\n" },
		{ "CR CR LF", "a\r\r\nb\r\n", "a\r\n\r\nb\r\n" },
		{ "LF CR", "a\n\rb\r\n", "a\r\n\r\nb\r\n" },
		{ "no end", "a\r\n\r\nb", "a\r\n\r\nb\r\n" },
		{ "lone dots", "a\r\n\r\n.\r\n..\r\n.b\r\n",
		  "a\r\n\r\n.\r\n..\r\n.b\r\n" },
		{ "a dot first", ".\r\n", ".\r\n" },
		{ "dot between LFs", "a\n\nb\n.\nMAIL FROM:<evil@x>\nc\n",
		  "a\r\n\r\nb\r\n.\r\nMAIL FROM:<evil@x>\r\nc\r\n" },
		{ "dot between LF and CRLF", "a\r\n\r\nb\n.\r\nMAIL c\r\n",
		  "a\r\n\r\nb\r\n.\r\nMAIL c\r\n" },
		{ "dot between CRs", "a\r\n\r\nb\r.\rMAIL c\r\n",
		  "a\r\n\r\nb\r\n.\r\nMAIL c\r\n" },
		{ "dot between CRLF and CR", "a\r\n\r\nb\r\n.\rMAIL c\r\n",
		  "a\r\n\r\nb\r\n.\r\nMAIL c\r\n" },
		{ "dot between CRLF and LF", "a\r\n\r\nb\r\n.\nMAIL c\r\n",
		  "a\r\n\r\nb\r\n.\r\nMAIL c\r\n" },
		{ "empty", "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct server *server = server_start();

		g_test_message("%s", cases[i].name);
		g_assert_cmpint(
			send_text(server, cases[i].sent, strlen(cases[i].sent)),
			==, SMTP_TAKEN);
		g_assert_cmpstr(server->text->str, ==, cases[i].got);
		g_assert_cmpint(server->taken, ==, 1);
		server_stop(server);
	}
}

/* Large, so that parts of the text meet the buffers' ends in every way. */
static void
test_large(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct server *server = server_start();

	for (guint i = 0; text->len < 300000; i++) {
		for (guint k = 0; k < i % 97; k++)
			g_string_append_c(text, k % 5 == 0 ? '.' : 'x');
		g_string_append(text, "\r\n.\r\n");
	}
	g_assert_cmpint(send_text(server, text->str, text->len), ==,
			SMTP_TAKEN);
	g_assert_cmpuint(server->text->len, ==, text->len);
	g_assert_cmpstr(server->text->str, ==, text->str);
	server_stop(server);
}

static void
test_envelope(void)
{
	static const struct {
		const char *name;
		const char *sender;
		const char *rcpt;
		const char *commands; /* NULL: nobody is even called */
	} cases[] = {
		{ "plain", "a@b.example", "c@d.example",
		  "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n" },
		{ "in brackets", "<a@b.example>", "<c@d.example>",
		  "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n" },
		{ "null sender", "", "c@d.example",
		  "MAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\n" },
		{ "null sender in brackets", "<>", "c@d.example",
		  "MAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\n" },
		{ "quoted", "\"al ice\"@b.example", "\"c>d\"@d.example",
		  "MAIL FROM:<\"al ice\"@b.example>\r\n"
		  "RCPT TO:<\"c>d\"@d.example>\r\n" },
		{ "not ASCII", "ä@b.example", "c@d.example",
		  "MAIL FROM:<ä@b.example> SMTPUTF8\r\n"
		  "RCPT TO:<c@d.example>\r\n" },
		{ "CR LF in the sender", "a@b.example>\r\nRSET\r\nMAIL FROM:<x",
		  "c@d.example", NULL },
		{ "LF in the sender", "a@b.example\nRSET", "c@d.example",
		  NULL },
		{ "CR LF in the recipient", "a@b.example",
		  "c@d.example>\r\nRCPT TO:<evil@d.example", NULL },
		{ "a bracket in the recipient", "a@b.example",
		  "c@d.example> NOTIFY=NEVER <", NULL },
		{ "no recipient", "a@b.example", "", NULL },
		{ "null recipient", "a@b.example", "<>", NULL },
		{ "a control byte", "a\001@b.example", "c@d.example", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) bytes =
			g_bytes_new_static(MESSAGE, strlen(MESSAGE));
		struct server *server = server_start();
		enum smtp_outcome outcome;

		g_test_message("%s", cases[i].name);
		outcome = smtp_send(server->url, cases[i].sender, cases[i].rcpt,
				    bytes, 1000, NULL);
		if (cases[i].commands) {
			g_assert_cmpint(outcome, ==, SMTP_TAKEN);
			g_assert_nonnull(strstr(server->commands->str,
						cases[i].commands));
		} else {
			g_assert_cmpint(outcome, ==, SMTP_REFUSED);
			g_assert_cmpint(server->sessions, ==, 0);
		}
		server_stop(server);
	}
}

static void
test_url(void)
{
	static const char *const urls[] = {
		"smtps://127.0.0.1:%s",
		"http://127.0.0.1:%s",
		"file:///etc/passwd",
		"127.0.0.1:%s",
		"smtp://user:pass@127.0.0.1:%s",
		"smtp://127.0.0.1:%s/path",
		"smtp://127.0.0.1:%s?x",
		"smtp://",
		"smtp://127.0.0.1:%s\r\nRSET",
		"",
	};
	g_autoptr(GBytes) bytes = g_bytes_new_static(MESSAGE, strlen(MESSAGE));
	struct server *server = server_start();
	const char *port = strrchr(server->url, ':') + 1;

	for (gsize i = 0; i < G_N_ELEMENTS(urls); i++) {
		g_auto(GStrv) parts = g_strsplit(urls[i], "%s", 2);
		g_autofree char *url = g_strjoinv(port, parts);

		g_test_message("%s", url);
		g_assert_cmpint(smtp_send(url, "a@b.example", "c@d.example",
					  bytes, 1000, NULL),
				==, SMTP_REFUSED);
	}
	g_assert_cmpint(server->sessions, ==, 0);
	server_stop(server);
}

static void
test_proxy(void)
{
	static const char *const names[] = { "http_proxy", "all_proxy",
					     "ALL_PROXY", "smtp_proxy" };
	struct server *server = server_start();

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_setenv(names[i], "http://127.0.0.1:9", TRUE);
	g_assert_cmpint(send_text(server, MESSAGE, strlen(MESSAGE)), ==,
			SMTP_TAKEN);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_unsetenv(names[i]);
	server_stop(server);
}

struct asked {
	struct server *server;
	int times;
	int taken; /* by the server when it was asked */
	gboolean answer;
};

static gboolean
ask(gpointer data)
{
	struct asked *asked = data;

	asked->times++;
	asked->taken = g_atomic_int_get(&asked->server->taken);
	return asked->answer;
}

/* Asked once, before the server can have taken it; a no leaves it nothing. */
static void
test_commit(void)
{
	g_autofree char *large = g_strnfill(300000, 'x');

	for (int answer = 0; answer < 2; answer++) {
		struct server *server = server_start();
		struct asked asked = { server, 0, -1, answer };
		g_autoptr(GBytes) bytes =
			g_bytes_new_static(large, strlen(large));
		const struct smtp_letter letter = {
			.url = server->url,
			.sender = "",
			.rcpt = "buyer@site.example",
			.bytes = bytes,
			.timeout_ms = 5000,
			.commit = ask,
			.data = &asked,
		};

		g_assert_cmpint(smtp_deliver(&letter, NULL), ==,
				answer ? SMTP_TAKEN : SMTP_REFUSED);
		g_assert_cmpint(asked.times, ==, 1);
		g_assert_cmpint(asked.taken, ==, 0);
		g_assert_cmpint(g_atomic_int_get(&server->taken), ==, answer);
		server_stop(server);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/smtp/outcome", test_outcome);
	g_test_add_func("/smtp/nobody-listens", test_nobody_listens);
	g_test_add_func("/smtp/reply", test_reply);
	g_test_add_func("/smtp/line-ends", test_line_ends);
	g_test_add_func("/smtp/large", test_large);
	g_test_add_func("/smtp/envelope", test_envelope);
	g_test_add_func("/smtp/url", test_url);
	g_test_add_func("/smtp/proxy", test_proxy);
	g_test_add_func("/smtp/commit", test_commit);
	return g_test_run();
}
