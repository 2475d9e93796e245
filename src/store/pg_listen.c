/*
 * What other nodes tell: a connection of its own that only listens. Nothing
 * waits in libpq here: the socket is polled, up to the caller's deadline. What
 * is told while there is no connection is lost, so that a new one begins as if
 * it had been told of something.
 */
#include <libpq-fe.h>
#include <poll.h>

#include "base/clock.h"
#include "pg_private.h"

#define CHANNEL	   "pitchward_changes"
#define CONNECT_US CLOCK_SECOND_US
#define PAUSE_US   (5 * CLOCK_SECOND_US)

struct pg_listener {
	char *place;
	struct sql_conn *conn;
	gint64 again_us; /* not before */
};

struct pg_listener *
pg_listener_new(const char *place)
{
	struct pg_listener *listener = g_new0(struct pg_listener, 1);

	listener->place = g_strdup(place);
	return listener;
}

void
pg_listener_free(struct pg_listener *listener)
{
	sql_conn_close(listener->conn);
	g_free(listener->place);
	g_free(listener);
}

static void
give_up(struct pg_listener *listener)
{
	g_clear_pointer(&listener->conn, sql_conn_close);
	listener->again_us = clock_monotonic_us() + PAUSE_US;
}

static gboolean
begin(struct pg_listener *listener)
{
	const gint64 now_us = clock_monotonic_us();

	if (now_us < listener->again_us)
		return FALSE;
	listener->conn = pg_backend.open(listener->place, SQL_CONN_READER,
					 now_us + CONNECT_US, NULL);
	if (listener->conn && sql_exec(listener->conn, "LISTEN " CHANNEL, NULL))
		return TRUE;
	give_up(listener);
	return FALSE;
}

/* Whether anything was told; FALSE also when the connection was lost. */
static gboolean
was_told(struct pg_listener *listener)
{
	PGconn *pg = pg_connection(listener->conn)->pg;
	gboolean told = FALSE;
	PGnotify *notice;

	if (!pg || !PQconsumeInput(pg) || PQstatus(pg) != CONNECTION_OK) {
		give_up(listener);
		return FALSE;
	}
	while ((notice = PQnotifies(pg))) {
		PQfreemem(notice);
		told = TRUE;
	}
	return told;
}

static gboolean
something_came(const struct pg_listener *listener, gint64 deadline_us)
{
	const gint64 left_us = deadline_us - clock_monotonic_us();
	struct pollfd poller = { PQsocket(pg_connection(listener->conn)->pg),
				 POLLIN, 0 };

	return left_us > 0 &&
	       poll(&poller, 1, (int)MIN(left_us / 1000 + 1, 3600000)) > 0;
}

gboolean
pg_listener_await(struct pg_listener *listener, gint64 deadline_us)
{
	if (!listener->conn)
		return begin(listener);
	do {
		if (was_told(listener))
			return TRUE;
	} while (listener->conn && something_came(listener, deadline_us));
	return FALSE;
}

gboolean
pg_tell(struct sql_conn *conn, GError **error)
{
	return sql_exec(conn, "NOTIFY " CHANNEL, error);
}
