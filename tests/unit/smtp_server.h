/*
 * An SMTP server of one thread that says what its script says, and keeps what
 * it was told. Only for tests: it trusts its peer to be slow-witted, not evil.
 */
#ifndef TEST_SMTP_SERVER_H
#define TEST_SMTP_SERVER_H

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_DROP  "drop"  /* close without a word */
#define SERVER_STALL "stall" /* say nothing until the peer goes */

/* What it answers; NULL is success. */
struct server_script {
	const char *greeting;
	const char *hello;
	const char *mail;
	const char *rcpt;
	const char *data;
	const char *dot;
};

struct server {
	int listener;
	char *url;
	struct server_script script; /* set between two sessions only */
	GThread *thread;
	gint sessions;		     /* atomic */
	gint taken;		     /* atomic: messages answered with 250 */
	void (*told)(gpointer data); /* before it answers the dot; or NULL */
	gpointer data;
	GMutex lock;
	GString *commands; /* of the last session, a line each */
	GString *text;	   /* of the last message, before the final dot */
};

static inline gboolean
server_read_line(int fd, GString *line)
{
	char c;

	g_string_truncate(line, 0);
	while (recv(fd, &c, 1, 0) == 1) {
		g_string_append_c(line, c);
		if (line->len >= 2 &&
		    strcmp(line->str + line->len - 2, "\r\n") == 0)
			return TRUE;
	}
	return FALSE;
}

/* FALSE ends the session. */
static inline gboolean
server_answer(int fd, const char *scripted, const char *usual)
{
	const char *answer = scripted ? scripted : usual;
	g_autofree char *line = g_strconcat(answer, "\r\n", NULL);
	char c;

	if (strcmp(answer, SERVER_DROP) == 0)
		return FALSE;
	if (strcmp(answer, SERVER_STALL) == 0) {
		while (recv(fd, &c, 1, 0) == 1)
			continue;
		return FALSE;
	}
	if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0)
		return FALSE;
	return !g_str_has_prefix(answer, "421");
}

/* Lines end with CRLF only: whatever else is in them is seen by the test. */
static inline gboolean
server_read_text(struct server *server, int fd)
{
	g_autoptr(GString) line = g_string_new(NULL);

	g_mutex_lock(&server->lock);
	g_string_truncate(server->text, 0);
	while (server_read_line(fd, line)) {
		const char *data = line->str;

		if (strcmp(data, ".\r\n") == 0) {
			g_mutex_unlock(&server->lock);
			return TRUE;
		}
		if (*data == '.')
			g_string_erase(line, 0, 1);
		g_string_append_len(server->text, line->str, (gssize)line->len);
	}
	g_mutex_unlock(&server->lock);
	return FALSE;
}

static inline gboolean
server_data(struct server *server, int fd)
{
	const struct server_script *script = &server->script;

	if (!server_answer(fd, script->data, "354 go on"))
		return FALSE;
	if (script->data)
		return TRUE;
	if (!server_read_text(server, fd))
		return FALSE;
	if (server->told)
		server->told(server->data);
	if (!script->dot)
		g_atomic_int_inc(&server->taken);
	return server_answer(fd, script->dot, "250 2.0.0 taken");
}

static inline gboolean
server_command(struct server *server, int fd, const char *line)
{
	const struct server_script *script = &server->script;

	if (g_str_has_prefix(line, "EHLO") || g_str_has_prefix(line, "HELO"))
		return server_answer(fd, script->hello,
				     "250-test\r\n250 SMTPUTF8");
	if (g_str_has_prefix(line, "MAIL"))
		return server_answer(fd, script->mail, "250 ok");
	if (g_str_has_prefix(line, "RCPT"))
		return server_answer(fd, script->rcpt, "250 ok");
	if (g_str_has_prefix(line, "DATA"))
		return server_data(server, fd);
	if (g_str_has_prefix(line, "QUIT")) {
		server_answer(fd, NULL, "221 bye");
		return FALSE;
	}
	return server_answer(fd, NULL, "250 ok");
}

static inline void
server_session(struct server *server, int fd)
{
	g_autoptr(GString) line = g_string_new(NULL);

	g_atomic_int_inc(&server->sessions);
	g_mutex_lock(&server->lock);
	g_string_truncate(server->commands, 0);
	g_mutex_unlock(&server->lock);
	if (!server_answer(fd, server->script.greeting, "220 test"))
		return;
	while (server_read_line(fd, line)) {
		g_mutex_lock(&server->lock);
		g_string_append_len(server->commands, line->str,
				    (gssize)line->len);
		g_mutex_unlock(&server->lock);
		if (!server_command(server, fd, line->str))
			return;
	}
}

static inline gpointer
server_run(gpointer data)
{
	struct server *server = data;

	for (;;) {
		int fd = accept(server->listener, NULL, NULL);

		if (fd < 0)
			return NULL;
		server_session(server, fd);
		close(fd);
	}
}

static inline struct server *
server_start(void)
{
	struct server *server = g_new0(struct server, 1);
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);

	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	g_assert_cmpint(bind(server->listener, (struct sockaddr *)&addr, len),
			==, 0);
	g_assert_cmpint(listen(server->listener, 16), ==, 0);
	g_assert_cmpint(
		getsockname(server->listener, (struct sockaddr *)&addr, &len),
		==, 0);
	server->url =
		g_strdup_printf("smtp://127.0.0.1:%u", ntohs(addr.sin_port));
	server->commands = g_string_new(NULL);
	server->text = g_string_new(NULL);
	g_mutex_init(&server->lock);
	server->thread = g_thread_new("smtp", server_run, server);
	return server;
}

static inline void
server_stop(struct server *server)
{
	shutdown(server->listener, SHUT_RDWR);
	g_thread_join(server->thread);
	close(server->listener);
	g_mutex_clear(&server->lock);
	g_string_free(server->commands, TRUE);
	g_string_free(server->text, TRUE);
	g_free(server->url);
	g_free(server);
}

#endif
