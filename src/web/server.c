#include "server_private.h"

#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/error.h"
#include "connections_private.h"
#include "exchange_private.h"
#include "site_private.h"

#define WORKERS	    16
#define WAITING_MAX 256
#define CONNECTIONS ((rlim_t)1024)
#define OTHER_FILES ((rlim_t)64)
/* What of a body that is too large is read before the answer. */
#define PATIENCE      ((gsize)1024 * 1024)
#define CLOSE_TICK_US 10000

struct server {
	struct MHD_Daemon *daemon;
	struct web_site *site;
	struct connections *connections;
	GThreadPool *workers;
	atomic_uint open;    /* requests begun and not ended */
	atomic_uint working; /* of these, with a thread of ours */
};

/* --- work */

/* Nothing of the exchange may be touched once the connection goes on; the end
 * waits for this thread in any case. */
static void
work(gpointer data, gpointer user)
{
	struct exchange *exchange = data;
	struct server *server = user;

	exchange_serve(exchange);
	exchange->done = TRUE;
	atomic_fetch_sub(&server->working, 1);
	MHD_resume_connection(exchange->connection);
}

static void
begin_work(struct server *server, struct exchange *exchange)
{
	exchange_stage(exchange, CONNECTION_WORK);
	MHD_suspend_connection(exchange->connection);
	atomic_fetch_add(&server->working, 1);
	g_thread_pool_push(server->workers, exchange, NULL);
}

/* --- libmicrohttpd's calls */

static void *
on_line(void *user, const char *target, struct MHD_Connection *connection)
{
	struct server *server = user;

	atomic_fetch_add(&server->open, 1);
	return exchange_new(server->site, connection, target);
}

static enum MHD_Result
on_header(struct exchange *exchange, const char *method)
{
	exchange->begun = TRUE;
	exchange->method = method;
	return exchange_check(exchange) ? MHD_YES : exchange_send(exchange);
}

static enum MHD_Result
on_body(struct exchange *exchange, const char *data, size_t *size)
{
	exchange->read += *size;
	if (exchange->read > PATIENCE)
		return MHD_NO;
	if (exchange->read <= SERVER_BODY_MAX)
		g_string_append_len(exchange->body, data, (gssize)*size);
	*size = 0;
	return MHD_YES;
}

/* The parameters are libmicrohttpd's. NOLINTBEGIN(readability-function-size) */
static enum MHD_Result
on_request(void *user, struct MHD_Connection *connection, const char *url,
	   const char *method, const char *version, const char *data,
	   size_t *size, void **slot)
{
	struct exchange *exchange = *slot;
	struct server *server = user;

	(void)connection;
	(void)url;
	(void)version;
	if (!exchange->begun)
		return on_header(exchange, method);
	if (*size > 0)
		return on_body(exchange, data, size);
	if (!exchange->done && exchange->read > SERVER_BODY_MAX)
		exchange_plain(exchange, MHD_HTTP_CONTENT_TOO_LARGE,
			       "That is too large.\n");
	if (!exchange->done &&
	    g_thread_pool_unprocessed(server->workers) >= WAITING_MAX) {
		atomic_fetch_add(&server->site->state->counters.busy, 1);
		exchange_plain(
			exchange, MHD_HTTP_SERVICE_UNAVAILABLE,
			"Too much is asked at once; try again in a moment.\n");
	}
	if (exchange->done)
		return exchange_send(exchange);
	begin_work(server, exchange);
	return MHD_YES;
}
/* NOLINTEND(readability-function-size) */

static void
on_completed(void *user, struct MHD_Connection *connection, void **slot,
	     enum MHD_RequestTerminationCode how)
{
	struct exchange *exchange = *slot;
	struct server *server = user;

	(void)connection;
	(void)how;
	if (!exchange)
		return;
	*slot = NULL;
	exchange_free(exchange);
	atomic_fetch_sub(&server->open, 1);
}

/*
 * A request whose target has no room in libmicrohttpd's memory (hundreds of
 * fields in it) is never told to be completed: it ends here.
 */
static void
end_connection(struct server *server, struct connection *connection)
{
	struct exchange *left = connection_carried(connection);

	if (left) {
		exchange_free(left);
		atomic_fetch_sub(&server->open, 1);
	}
	connection_end(connection);
}

static void
on_connection(void *user, struct MHD_Connection *connection, void **context,
	      enum MHD_ConnectionNotificationCode code)
{
	struct server *server = user;
	const union MHD_ConnectionInfo *info;
	char peer[NI_MAXHOST];

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*context)
			end_connection(server, *context);
		*context = NULL;
		return;
	}
	info = MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_CONNECTION_FD);
	exchange_peer(connection, peer);
	*context =
		connection_begin(server->connections, info->connect_fd, peer);
}

static enum MHD_Result
on_accept(void *user, const struct sockaddr *address, socklen_t len)
{
	struct server *server = user;
	g_autoptr(Snapshot) snapshot = site_pin(server->site);
	char peer[NI_MAXHOST];

	exchange_address(address, len, peer);
	return connections_allow(server->connections, peer,
				 config_trusted_proxy(snapshot->config, peer))
		       ? MHD_YES
		       : MHD_NO;
}

/* Escapes are decoded by form.c, which knows what to refuse. */
static size_t
on_unescape(void *user, struct MHD_Connection *connection, char *text)
{
	(void)user;
	(void)connection;
	return strlen(text);
}

/* --- open and close */

static guint
connections_possible(void)
{
	struct rlimit files = { .rlim_cur = 1024 };

	(void)getrlimit(RLIMIT_NOFILE, &files);
	return (guint)(CLAMP(files.rlim_cur, 2 * OTHER_FILES,
			     CONNECTIONS + OTHER_FILES) -
		       OTHER_FILES);
}

static struct MHD_Daemon *
start(struct server *server, int listener, guint max)
{
	return MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0,
		on_accept, server, on_request, server, MHD_OPTION_LISTEN_SOCKET,
		listener, MHD_OPTION_CONNECTION_LIMIT, max,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, SERVER_HEADER_MAX,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK,
		on_line, server, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape,
		server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_END);
}

struct server *
server_open(struct web_site *site, int listener, GError **error)
{
	const guint max = connections_possible();
	struct server *server = g_new0(struct server, 1);

	server->site = site;
	server->connections = connections_new(&site->state->counters, max);
	server->workers = g_thread_pool_new(work, server, WORKERS, FALSE, NULL);
	server->daemon = start(server, listener, max);
	if (server->daemon)
		return server;
	g_set_error(error, BASE_ERROR, BASE_ERROR_IO,
		    "the HTTP server cannot be started");
	g_thread_pool_free(server->workers, TRUE, TRUE);
	connections_free(server->connections);
	g_free(server);
	return NULL;
}

gboolean
server_close(struct server *server, gint64 deadline_us)
{
	(void)MHD_quiesce_daemon(server->daemon);
	while (atomic_load(&server->open) > 0 &&
	       clock_monotonic_us() < deadline_us) {
		connections_drain(server->connections);
		g_usleep(CLOSE_TICK_US);
	}
	/* Connections that wait for a thread of ours cannot be closed. */
	if (atomic_load(&server->working) > 0)
		return FALSE;
	g_thread_pool_free(server->workers, FALSE, TRUE);
	MHD_stop_daemon(server->daemon);
	connections_free(server->connections);
	g_free(server);
	return TRUE;
}
