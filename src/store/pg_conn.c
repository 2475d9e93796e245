#include "pg_conn_private.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "pg_private.h"
#include "store/store.h"

/*
 * The writer's deadline is of waiting for its turn; its statements have this
 * long each, then the server is taken for stopped.
 */
#define WRITER_CALL_US (5 * CLOCK_SECOND_US)

/* A reader that was given no deadline, as for a check of everything. */
#define READER_CALL_US (3600 * CLOCK_SECOND_US)

#define CONNECT_US (3 * CLOCK_SECOND_US)
#define ENDING_US  (CLOCK_SECOND_US / 2)

/*
 * Of each connection. Sequential scans lock whole tables against each other in
 * serializable transactions, so the writer is to use indexes.
 */
static const char settings[] =
	"SET lock_timeout = '4s';"
	"SET idle_in_transaction_session_timeout = '30s';"
	"SET jit = off;"
	"SET bytea_output = 'hex';"
	/* What nobody waits for any more is not to go on there. */
	"SELECT set_config(name, '2s', false) FROM pg_settings"
	" WHERE name = 'client_connection_check_interval'"
	" AND version() LIKE '%linux%';"
	"SELECT set_config('synchronous_commit', 'on', false)"
	" WHERE current_setting('synchronous_commit') = 'off'";
static const char writer_settings[] = "SET statement_timeout = '5s';"
				      "SET enable_seqscan = off";

gint64
pg_deadline(const struct pg_connection *conn)
{
	const gint64 now_us = clock_monotonic_us();

	if (conn->kind == SQL_CONN_WRITER)
		return MAX(conn->base.deadline_us, now_us + WRITER_CALL_US);
	return MIN(conn->base.deadline_us, now_us + READER_CALL_US);
}

void
pg_drop(struct pg_connection *conn)
{
	PQfinish(conn->pg);
	conn->pg = NULL;
}

static gboolean
late(struct pg_connection *conn, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_TIME,
		    "%s: no answer in time", conn->base.name);
	pg_drop(conn);
	return FALSE;
}

/* What libpq says of the connection itself, on one line. */
static gboolean
lost(struct pg_connection *conn, GError **error)
{
	g_autofree char *said = g_strdup(PQerrorMessage(conn->pg));

	g_strdelimit(g_strchomp(said), "\n\r\t", ' ');
	g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY, "%s: %s",
		    conn->base.name, *said ? said : "the connection was lost");
	pg_drop(conn);
	return FALSE;
}

static gboolean
wait_for(struct pg_connection *conn, short events, gint64 deadline_us,
	 GError **error)
{
	struct pollfd poller = { PQsocket(conn->pg), events, 0 };

	for (;;) {
		const gint64 left_us = deadline_us - clock_monotonic_us();
		int n;

		if (left_us <= 0)
			return late(conn, error);
		n = poll(&poller, 1,
			 (int)MIN(left_us / 1000 + 1, G_MAXINT / 2));
		if (n > 0)
			return TRUE;
		if (n < 0 && errno != EINTR)
			return lost(conn, error);
	}
}

/* Sends what libpq still has, and takes what comes meanwhile. */
static gboolean
flush(struct pg_connection *conn, gint64 deadline_us, GError **error)
{
	int left;

	while ((left = PQflush(conn->pg)) > 0) {
		if (!wait_for(conn, POLLIN | POLLOUT, deadline_us, error))
			return FALSE;
		if (!PQconsumeInput(conn->pg))
			return lost(conn, error);
	}
	return left == 0 || lost(conn, error);
}

static gboolean
next_result(struct pg_connection *conn, gint64 deadline_us, PGresult **result,
	    GError **error)
{
	while (PQisBusy(conn->pg)) {
		if (!wait_for(conn, POLLIN, deadline_us, error))
			return FALSE;
		if (!PQconsumeInput(conn->pg))
			return lost(conn, error);
	}
	*result = PQgetResult(conn->pg);
	return TRUE;
}

static gboolean
is_well(const PGresult *result)
{
	const ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* The first that failed, or the last. */
static PGresult *
better(PGresult *kept, PGresult *next)
{
	if (kept && !is_well(kept)) {
		PQclear(next);
		return kept;
	}
	PQclear(kept);
	return next;
}

/* As the server told last: of a connection that is lost it stays. */
static void
note_transaction(struct pg_connection *conn)
{
	if (PQstatus(conn->pg) == CONNECTION_OK)
		conn->begun = PQtransactionStatus(conn->pg) != PQTRANS_IDLE;
}

struct pg_result *
pg_answer(struct pg_connection *conn, GError **error)
{
	const gint64 deadline_us = pg_deadline(conn);
	PGresult *kept = NULL;
	PGresult *next = NULL;

	if (!flush(conn, deadline_us, error))
		return NULL;
	for (;;) {
		if (!next_result(conn, deadline_us, &next, error)) {
			PQclear(kept);
			return NULL;
		}
		if (!next)
			break;
		kept = better(kept, next);
	}
	note_transaction(conn);
	if (kept && is_well(kept))
		return kept;
	pg_fail(conn, kept, error);
	PQclear(kept);
	if (conn->pg && PQstatus(conn->pg) == CONNECTION_BAD)
		pg_drop(conn);
	return NULL;
}

/* On a connection that is there. */
static PGresult *
ask(struct pg_connection *conn, const char *sql, GError **error)
{
	PGresult *result;

	if (!PQsendQuery(conn->pg, sql)) {
		lost(conn, error);
		return NULL;
	}
	result = pg_answer(conn, error);
	if (result)
		conn->changes = g_ascii_strtoll(PQcmdTuples(result), NULL, 10);
	return result;
}

static gboolean
set_up(struct pg_connection *conn, const char *sql, GError **error)
{
	PGresult *result = ask(conn, sql, error);

	PQclear(result);
	return result != NULL;
}

/*
 * What the URL says goes before what we would like. Of several hosts one that
 * is silent must leave the next some of CONNECT_US: TCP gives up before; and
 * one that only follows another cannot be written to.
 */
static PGconn *
begin_connecting(const char *place)
{
	static const char *const names[] = { "client_encoding",
					     "fallback_application_name",
					     "tcp_user_timeout",
					     "keepalives_idle",
					     "target_session_attrs",
					     "dbname",
					     NULL };
	const char *const values[] = { "UTF8",	     "pitchward", "2000", "30",
				       "read-write", place,	  NULL };

	return PQconnectStartParams(names, values, 1);
}

static gboolean
finish_connecting(struct pg_connection *conn, GError **error)
{
	const gint64 deadline_us =
		MIN(pg_deadline(conn), clock_monotonic_us() + CONNECT_US);
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	while (status != PGRES_POLLING_OK) {
		if (status == PGRES_POLLING_FAILED)
			return lost(conn, error);
		if (!wait_for(conn,
			      status == PGRES_POLLING_READING ? POLLIN
							      : POLLOUT,
			      deadline_us, error))
			return FALSE;
		status = PQconnectPoll(conn->pg);
	}
	return TRUE;
}

static void
say_nothing(void *data, const char *message)
{
	(void)data;
	(void)message;
}

static gboolean
connect_now(struct pg_connection *conn, GError **error)
{
	conn->pg = begin_connecting(conn->place);
	g_assert(conn->pg);
	if (PQstatus(conn->pg) == CONNECTION_BAD)
		return lost(conn, error);
	if (!finish_connecting(conn, error))
		return FALSE;
	PQsetNoticeProcessor(conn->pg, say_nothing, NULL);
	PQsetnonblocking(conn->pg, 1);
	conn->generation++;
	return set_up(conn, settings, error) &&
	       (conn->kind == SQL_CONN_READER ||
		set_up(conn, writer_settings, error));
}

gboolean
pg_ready(struct pg_connection *conn, GError **error)
{
	if (conn->pg && PQstatus(conn->pg) == CONNECTION_OK)
		return TRUE;
	if (conn->pg)
		pg_drop(conn);
	if (conn->begun) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "%s: the connection was lost in a transaction",
			    conn->base.name);
		return FALSE;
	}
	if (connect_now(conn, error))
		return TRUE;
	if (conn->pg)
		pg_drop(conn);
	return FALSE;
}

struct pg_result *
pg_exec(struct pg_connection *conn, const char *sql, GError **error)
{
	return pg_ready(conn, error) ? ask(conn, sql, error) : NULL;
}

static gboolean
run_text(struct sql_conn *conn, const char *sql, GError **error)
{
	PGresult *result = pg_exec(pg_connection(conn), sql, error);

	PQclear(result);
	return result != NULL;
}

/* What a server may say while nothing is asked, its last words among it. */
#define WORDS_MAX 4

/* A server that went away has closed it, which shows as something to read:
 * first what it said, then the end. */
static gboolean
alive(struct sql_conn *base)
{
	struct pg_connection *conn = pg_connection(base);
	struct pollfd poller = { -1, POLLIN, 0 };

	if (!conn->pg || PQstatus(conn->pg) != CONNECTION_OK)
		return FALSE;
	poller.fd = PQsocket(conn->pg);
	for (int i = 0; i < WORDS_MAX; i++) {
		if (poll(&poller, 1, 0) == 0)
			return TRUE;
		if (!PQconsumeInput(conn->pg) ||
		    PQstatus(conn->pg) != CONNECTION_OK)
			return FALSE;
	}
	return FALSE;
}

static void
rollback(struct sql_conn *base)
{
	struct pg_connection *conn = pg_connection(base);

	if (conn->pg && PQtransactionStatus(conn->pg) != PQTRANS_IDLE &&
	    !run_text(base, "ROLLBACK", NULL) && conn->pg)
		pg_drop(conn);
	conn->begun = FALSE;
}

/* LOCK sees no state of the data yet, so that what is read is what was there
 * when its turn came. */
#define BEGIN	  "BEGIN ISOLATION LEVEL SERIALIZABLE;"
#define TAKE_TURN "LOCK TABLE pitchward_schema IN SHARE UPDATE EXCLUSIVE MODE;"
#define NUMBER	  "SELECT pg_current_xact_id()::text"
static const char begin_plain[] = BEGIN NUMBER;
static const char begin_insisting[] = BEGIN TAKE_TURN NUMBER;

/* Its number tells later whether it was committed. A connection that was lost
 * while nothing was to do is no failure: it is made anew. */
static gboolean
begin(struct sql_conn *base, GError **error)
{
	struct pg_connection *conn = pg_connection(base);
	PGresult *result;

	if (conn->pg && !alive(base))
		pg_drop(conn);
	result = pg_exec(conn, base->insists ? begin_insisting : begin_plain,
			 error);
	if (!result) {
		/* It may have begun, without its number. */
		rollback(base);
		return FALSE;
	}
	conn->xid = g_ascii_strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	return TRUE;
}

static gboolean
look(struct sql_conn *conn, GError **error)
{
	return run_text(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
			error);
}

/* What became of a transaction whose commit had no answer; NULL: not known. */
static char *
fate_of(struct pg_connection *conn, GError **error)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT pg_xact_status('%" G_GUINT64_FORMAT "'::xid8)",
		conn->xid);
	PGresult *result = pg_exec(conn, sql, error);
	char *word;

	if (!result)
		return NULL;
	word = g_strdup(PQgetvalue(result, 0, 0));
	PQclear(result);
	return word;
}

static gboolean
was_committed(struct pg_connection *conn)
{
	const gint64 until_us = clock_monotonic_us() + WRITER_CALL_US;

	while (clock_monotonic_us() < until_us) {
		g_autofree char *word = fate_of(conn, NULL);

		if (word && strcmp(word, "in progress") != 0)
			return strcmp(word, "committed") == 0;
		g_usleep(ENDING_US / 10);
	}
	return FALSE;
}

/* A transaction that failed answers "ROLLBACK" to COMMIT. */
static gboolean
commit(struct sql_conn *base, GError **error)
{
	struct pg_connection *conn = pg_connection(base);
	g_autoptr(GError) failure = NULL;
	PGresult *result = pg_exec(conn, "COMMIT", &failure);
	gboolean ok = FALSE;

	if (result) {
		ok = strcmp(PQcmdStatus(result), "COMMIT") == 0;
		PQclear(result);
		if (!ok)
			g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY,
				    "%s: the transaction had failed",
				    base->name);
		return ok;
	}
	conn->begun = conn->pg && conn->begun;
	if (!conn->pg && was_committed(conn))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

static gint64
changes(struct sql_conn *conn)
{
	return pg_connection(conn)->changes;
}

static void
close_conn(struct sql_conn *base)
{
	struct pg_connection *conn = pg_connection(base);

	sql_conn_clear(base);
	pg_drop(conn);
	g_free(conn->place);
	g_free(conn);
}

static struct sql_conn *
open_conn(const char *place, enum sql_conn_kind kind, gint64 deadline_us,
	  GError **error)
{
	struct pg_connection *conn = g_new0(struct pg_connection, 1);
	g_autofree char *name = pg_name(place);

	sql_conn_init(&conn->base, &pg_backend, name, deadline_us);
	conn->place = g_strdup(place);
	conn->kind = kind;
	if (pg_ready(conn, error))
		return &conn->base;
	close_conn(&conn->base);
	return NULL;
}

const struct sql_backend pg_backend = {
	.readers = 8,
	.contended = TRUE,
	.split = TRUE,
	.finder = &pg_finder,
	.open = open_conn,
	.close = close_conn,
	.alive = alive,
	.begin = begin,
	.look = look,
	.commit = commit,
	.rollback = rollback,
	.exec = run_text,
	.tell = pg_tell,
	.changes = changes,
	PG_QUERY_CALLS,
	.version = pg_schema_version,
	.bytes = pg_bytes,
	.check = pg_check,
};
