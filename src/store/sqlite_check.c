#include <string.h>

#include "pack_private.h"
#include "sqlite_schema_private.h"
#include "sqlite_shape_private.h"
#include "store/store.h"

static const char quick[] = "PRAGMA quick_check(1)";
static const char whole[] = "PRAGMA integrity_check(8)";
static const char bodies[] = "SELECT content.id, content.size, frame.bytes"
			     " FROM content JOIN frame"
			     " ON frame.seq = content.frame";
static const char features[] =
	"SELECT buyer || '/' || id, size, frame FROM features";

/* Each is one statement: others may write between two. */
static const struct {
	const char *sql; /* names what should not be */
	const char *what;
} faults[] = {
	{ "SELECT buyer || '/' || id FROM message WHERE state IN (1, 2)"
	  " AND content NOT IN (SELECT content.id FROM content"
	  " JOIN frame ON frame.seq = content.frame) LIMIT 1",
	  "is held, its body is not there" },
	{ "SELECT buyer || '/' || id FROM message WHERE content <> ''"
	  " AND content NOT IN (SELECT id FROM content) LIMIT 1",
	  "points at a body that is not there" },
	{ "SELECT content.id FROM content LEFT JOIN"
	  " (SELECT content AS id, count(*) AS n FROM message"
	  " WHERE content <> '' GROUP BY content) USING (id)"
	  " WHERE refs IS NOT n LIMIT 1",
	  "has a body with a wrong count of references" },
	{ "SELECT buyer || '/' || campaign FROM touch"
	  " WHERE seq NOT IN (SELECT seq FROM message) LIMIT 1",
	  "counts as a touch and is not there" },
	{ "SELECT seq FROM frame"
	  " WHERE seq NOT IN (SELECT frame FROM content) LIMIT 1",
	  "is a body that nobody has" },
	{ "SELECT buyer || '/' || key FROM (SELECT buyer, key, n, first,"
	  " last, rank FROM fold EXCEPT SELECT buyer, key, count(*),"
	  " min(time), max(time), max(rank)"
	  " FROM waiting GROUP BY buyer, key) LIMIT 1",
	  "is not in the queue as it should be" },
	{ "SELECT buyer || '/' || id FROM waiting"
	  " WHERE (buyer, key) NOT IN (SELECT buyer, key FROM fold) LIMIT 1",
	  "is not in the queue" },
	{ "SELECT id FROM (SELECT buyer || '/' || day / 86400000000 AS id,"
	  " sum(delivered) AS d, sum(tagged) AS t, sum(held) AS h,"
	  " sum(released) AS r, sum(relevant) AS w FROM flow"
	  " GROUP BY buyer, day, priority HAVING d + t + h <> 0"
	  " EXCEPT SELECT buyer || '/' || day / 86400000000, sum(delivered),"
	  " sum(tagged), sum(held), sum(released), sum(relevant) FROM"
	  " (SELECT * FROM fate UNION ALL SELECT seq, '', day, priority,"
	  " delivered, tagged, held, released, relevant FROM fate)"
	  " GROUP BY buyer, day, priority) LIMIT 1",
	  "is not counted right among the messages of its day" },
};

/* A check gives one row "ok", or a row for each thing found. */
static gboolean
check(struct sql_conn *conn, const char *sql, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);
	const char *found;

	if (!query || sql_next(conn, query, error) == SQL_STEP_FAILED)
		return FALSE;
	found = sql_text_at(query, 0);
	if (found && strcmp(found, "ok") == 0)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN, "%s: %s",
		    conn->name, found ? found : "no answer");
	return FALSE;
}

gboolean
sqlite_check_quick(struct sql_conn *conn, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (check(conn, quick, &cause) ||
	    g_error_matches(cause, STORE_ERROR, STORE_ERROR_TIME))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&cause));
	return FALSE;
}

/* Names, sizes and frames. */
static gboolean
check_frames(struct sql_conn *conn, const char *sql, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		gsize size;
		const void *frame = sql_blob_at(query, 2, &size);
		gint64 unpacked = sql_int64_at(query, 1);
		g_autoptr(GBytes) bytes =
			unpack(frame, size, (guint64)unpacked, error);

		if (!bytes) {
			g_prefix_error(error, "%s: message %s: ", conn->name,
				       sql_text_at(query, 0));
			return FALSE;
		}
	}
	return step == SQL_STEP_END;
}

static gboolean
check_fault(struct sql_conn *conn, guint i, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, faults[i].sql, error);

	if (!query)
		return FALSE;
	switch (sql_next(conn, query, error)) {
	case SQL_STEP_ROW:
		g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
			    "%s: message %s %s", conn->name,
			    sql_text_at(query, 0), faults[i].what);
		return FALSE;
	case SQL_STEP_END:
		return TRUE;
	case SQL_STEP_FAILED:
	default:
		return FALSE;
	}
}

gboolean
sqlite_check_whole(struct sql_conn *conn, GError **error)
{
	if (!check(conn, whole, error) || !sqlite_shape_check(conn, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++)
		if (!check_fault(conn, i, error))
			return FALSE;
	return check_frames(conn, bodies, error) &&
	       check_frames(conn, features, error);
}
