/* What is to leave the index, which triggers have written down. */
#include "sql_private.h"
#include "sqlite_search_private.h"

static const char find_gone[] =
	"SELECT g.seq, coalesce(w.title_terms, ''), coalesce(w.terms, '')"
	" FROM document_gone g LEFT JOIN document_terms w ON w.seq = g.seq"
	" ORDER BY g.seq LIMIT 1";
static const char leave_index[] =
	"INSERT INTO document_index (document_index, rowid, title_terms, terms)"
	" VALUES ('delete', ?1, ?2, ?3)";
/* Words leave the pages of the index when these are written anew, which else
 * may take months: so many of them at each commit that something leaves. */
static const char write_anew[] =
	"INSERT INTO document_index (document_index, rank)"
	" VALUES ('merge', -16)";
static const char drop_terms[] = "DELETE FROM document_terms WHERE seq = ?1";
static const char drop_gone[] = "DELETE FROM document_gone WHERE seq = ?1";

static gboolean
drop(struct sql_conn *conn, const char *sql, gint64 seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	return sql_run(conn, query, error);
}

static gboolean
leave(struct sql_conn *conn, gint64 seq, const char *title_terms,
      const char *terms, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, leave_index, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_string(query, 2, title_terms);
	sql_bind_string(query, 3, terms);
	return sql_run(conn, query, error);
}

/* `left` says whether there was one. */
static gboolean
purge_one(struct sql_conn *conn, gboolean *left, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_gone, error);
	enum sql_step step;
	gint64 seq;

	if (!query)
		return FALSE;
	step = sql_next(conn, query, error);
	*left = step == SQL_STEP_ROW;
	if (step != SQL_STEP_ROW)
		return step == SQL_STEP_END;
	seq = sql_int64_at(query, 0);
	if (!leave(conn, seq, sql_text_at(query, 1), sql_text_at(query, 2),
		   error))
		return FALSE;
	sql_query_end(query);
	return drop(conn, drop_terms, seq, error) &&
	       drop(conn, drop_gone, seq, error);
}

static gboolean
clean(struct sql_conn *conn, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, write_anew, error);

	return query && sql_run(conn, query, error);
}

gboolean
sqlite_documents_purge(struct sql_conn *conn, GError **error)
{
	gboolean left = TRUE;
	guint n = 0;

	for (; left; n++) {
		if (!purge_one(conn, &left, error))
			return FALSE;
	}
	return n == 1 || clean(conn, error);
}
