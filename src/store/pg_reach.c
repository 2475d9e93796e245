#include "store/reach.h"

#include <libpq-fe.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"

#define CONNECT_US (3 * CLOCK_SECOND_US)
#define STATE_LEN  5

static const char may_write[] =
	"SELECT (CASE WHEN current_schema() IS NULL"
	" THEN has_database_privilege(current_database(), 'CREATE')"
	" WHEN count(*) = 0"
	" THEN has_schema_privilege(current_schema(), 'CREATE')"
	" ELSE bool_and(has_table_privilege(oid, 'INSERT')) END)::int"
	" FROM pg_class WHERE relkind IN ('r', 'p')"
	" AND relnamespace = to_regnamespace(quote_ident(current_schema()))";

/* By SQLSTATE, or its first characters. */
static const struct {
	const char *state;
	enum store_reach reach;
} states[] = {
	{ "28", STORE_REACH_LOGIN },	 { "3D", STORE_REACH_DATABASE },
	{ "42501", STORE_REACH_RIGHTS }, { "533", STORE_REACH_CROWDED },
	{ "57P", STORE_REACH_STARTING },
};

/* FALSE: not in time, or not at all. */
static gboolean
connected(PGconn *conn)
{
	const gint64 deadline_us = clock_monotonic_us() + CONNECT_US;
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	while (status == PGRES_POLLING_READING ||
	       status == PGRES_POLLING_WRITING) {
		const gint64 left_us = deadline_us - clock_monotonic_us();
		struct pollfd poller = {
			PQsocket(conn),
			status == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0
		};

		if (left_us <= 0 ||
		    poll(&poller, 1, (int)(left_us / 1000) + 1) <= 0)
			return FALSE;
		status = PQconnectPoll(conn);
	}
	return status == PGRES_POLLING_OK;
}

/*
 * "FATAL:  28P01: ...", whatever the language: libpq has the state of a failed
 * connection in its words only. Of several servers' the last; or NULL.
 */
static const char *
state_in(const char *words)
{
	const char *found = NULL;

	for (const char *at = strstr(words, ":  "); at;
	     at = strstr(at + 1, ":  ")) {
		const char *state = at + strlen(":  ");

		if (strspn(state, G_CSET_DIGITS G_CSET_A_2_Z) == STATE_LEN &&
		    state[STATE_LEN] == ':')
			found = state;
	}
	return found;
}

static enum store_reach
failure_of(PGconn *conn)
{
	const char *state = state_in(PQerrorMessage(conn));

	if (!state)
		return PQconnectionNeedsPassword(conn) ? STORE_REACH_LOGIN
						       : STORE_REACH_SERVER;
	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		if (g_str_has_prefix(state, states[i].state))
			return states[i].reach;
	}
	return STORE_REACH_UNKNOWN;
}

static enum store_reach
rights_of(PGconn *conn)
{
	PGresult *result = PQexec(conn, may_write);
	enum store_reach reach = STORE_REACH_UNKNOWN;

	if (PQresultStatus(result) == PGRES_TUPLES_OK &&
	    strcmp(PQgetvalue(result, 0, 0), "0") == 0)
		reach = STORE_REACH_RIGHTS;
	PQclear(result);
	return reach;
}

enum store_reach
store_reach(const char *url)
{
	enum store_reach reach;
	PGconn *conn;

	if (!g_str_has_prefix(url, "postgresql:"))
		return STORE_REACH_UNKNOWN;
	conn = PQconnectStart(url);
	g_assert(conn);
	PQsetErrorVerbosity(conn, PQERRORS_VERBOSE);
	reach = connected(conn) ? rights_of(conn) : failure_of(conn);
	PQfinish(conn);
	return reach;
}
