#include "pack_private.h"
#include "pg_private.h"
#include "store/store.h"

/* By a key that has an index: there may be millions. */
static const char bodies[] =
	"SELECT content.id, content.size, frame.bytes, content.id FROM content"
	" JOIN frame ON frame.seq = content.frame"
	" WHERE content.id > ?1 ORDER BY content.id LIMIT 100";
static const char features[] =
	"SELECT buyer || '/' || id, size, frame, seq FROM features"
	" WHERE seq > coalesce(nullif(?1, ''), '0')::bigint"
	" ORDER BY seq LIMIT 100";

/* As in sqlite_check.c. */
static const struct {
	const char *sql; /* names what should not be */
	const char *what;
} faults[] = {
	{ "SELECT buyer || '/' || id FROM message m WHERE state IN (1, 2)"
	  " AND NOT EXISTS (SELECT 1 FROM content c JOIN frame f"
	  " ON f.seq = c.frame WHERE c.id = m.content) LIMIT 1",
	  "is held, its body is not there" },
	{ "SELECT buyer || '/' || id FROM message m WHERE content <> ''"
	  " AND NOT EXISTS (SELECT 1 FROM content c WHERE c.id = m.content)"
	  " LIMIT 1",
	  "points at a body that is not there" },
	{ "SELECT c.id FROM content c LEFT JOIN (SELECT content AS id,"
	  " count(*) AS n FROM message WHERE content <> '' GROUP BY content) m"
	  " ON m.id = c.id WHERE refs IS DISTINCT FROM n LIMIT 1",
	  "has a body with a wrong count of references" },
	{ "SELECT buyer || '/' || campaign FROM touch t WHERE NOT EXISTS"
	  " (SELECT 1 FROM message m WHERE m.buyer = t.buyer"
	  " AND m.seq = t.seq) LIMIT 1",
	  "counts as a touch and is not there" },
	{ "SELECT side FROM kin k WHERE NOT EXISTS (SELECT 1 FROM touch t"
	  " WHERE t.seq = k.seq) LIMIT 1",
	  "is of kin with what is not there" },
	{ "SELECT seq::text FROM frame f WHERE NOT EXISTS"
	  " (SELECT 1 FROM content c WHERE c.frame = f.seq) LIMIT 1",
	  "is a body that nobody has" },
	{ "SELECT buyer || '/' || key FROM (SELECT buyer, key, n, first,"
	  " last, rank FROM fold EXCEPT SELECT buyer, key, count(*),"
	  " min(time), max(time), max(rank)"
	  " FROM waiting GROUP BY buyer, key) AS wrong LIMIT 1",
	  "is not in the queue as it should be" },
	{ "SELECT buyer || '/' || id FROM waiting w WHERE NOT EXISTS"
	  " (SELECT 1 FROM fold f WHERE f.buyer = w.buyer AND f.key = w.key)"
	  " LIMIT 1",
	  "is not in the queue" },
	{ "SELECT buyer || '/' || day / 86400000000 FROM"
	  " (SELECT buyer, day, priority, delivered, tagged, held, released,"
	  " relevant FROM flow WHERE delivered + tagged + held <> 0"
	  " EXCEPT SELECT buyer, day, priority, sum(delivered), sum(tagged),"
	  " sum(held), sum(released), sum(relevant) FROM fate"
	  " GROUP BY buyer, day, priority) AS wrong LIMIT 1",
	  "is not counted right among the messages of its day" },
};

static gboolean
check_fault(struct sql_conn *conn, guint i, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, faults[i].sql, error);
	const enum sql_step step =
		query ? sql_next(conn, query, error) : SQL_STEP_FAILED;

	if (step == SQL_STEP_ROW)
		g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
			    "%s: message %s %s", conn->name,
			    sql_text_at(query, 0), faults[i].what);
	return step == SQL_STEP_END;
}

/* The next of names, sizes, frames and keys; `after` is the last key, NULL at
 * the end. */
static gboolean
check_some(struct sql_conn *conn, const char *sql, char **after, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);
	g_autofree char *last = NULL;
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, *after);
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		gsize size;
		const void *frame = sql_blob_at(query, 2, &size);
		g_autoptr(GBytes) bytes = unpack(
			frame, size, (guint64)sql_int64_at(query, 1), error);

		g_free(last);
		last = sql_string_at(query, 3);
		if (!bytes) {
			g_prefix_error(error, "%s: message %s: ", conn->name,
				       sql_text_at(query, 0));
			return FALSE;
		}
	}
	g_free(*after);
	*after = g_steal_pointer(&last);
	return step == SQL_STEP_END;
}

static gboolean
check_frames(struct sql_conn *conn, const char *sql, GError **error)
{
	char *after = g_strdup("");
	gboolean ok = TRUE;

	while (ok && after)
		ok = check_some(conn, sql, &after, error);
	g_free(after);
	return ok;
}

gboolean
pg_check(struct sql_conn *conn, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++)
		if (!check_fault(conn, i, error))
			return FALSE;
	return check_frames(conn, bodies, error) &&
	       check_frames(conn, features, error);
}
