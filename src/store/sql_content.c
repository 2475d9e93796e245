/* The bytes of held mail: once for all messages of a hold. */

#include "sql_private.h"

static const char share[] = "UPDATE content SET refs = refs + ?2 WHERE id = ?1";
SQL_ADDING(insert_frame, "INSERT INTO frame (bytes) VALUES (?1)");
static const char insert_content[] =
	"INSERT INTO content (id, refs, size, frame) VALUES (?1, ?2, ?3, ?4)";
static const char find_content[] =
	"SELECT content.id, refs, frame FROM message"
	" JOIN content ON content.id = message.content"
	" WHERE buyer = ?2 AND seq = ?1";
static const char forget_content[] =
	"UPDATE message SET content = '' WHERE buyer = ?2 AND seq = ?1";
static const char delete_content[] = "DELETE FROM content WHERE id = ?1";
static const char delete_frame[] = "DELETE FROM frame WHERE seq = ?1";

static gboolean
run_with_id(struct sql_conn *conn, const char *sql, const char *id, gint64 refs,
	    GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, id);
	if (refs != 0)
		sql_bind_int64(query, 2, refs);
	return sql_run(conn, query, error);
}

static gboolean
run_with_seq(struct sql_conn *conn, const char *sql, gint64 seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	return sql_run(conn, query, error);
}

static gboolean
add_frame(struct sql_conn *conn, GBytes *frame, gint64 *seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(
		conn, sql_for(conn, insert_frame, insert_frame_pg), error);
	gsize size;
	const void *data = g_bytes_get_data(frame, &size);

	if (!query)
		return FALSE;
	sql_bind_blob(query, 1, data, size);
	return sql_run_adding(conn, query, seq, error);
}

gboolean
sql_content_add(struct sql_conn *conn, const struct sql_content *content,
		GError **error)
{
	g_autoptr(SqlQuery) query = NULL;
	gint64 frame;

	if (!add_frame(conn, content->frame, &frame, error))
		return FALSE;
	query = sql_query(conn, insert_content, error);
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, content->id);
	sql_bind_int64(query, 2, content->refs);
	sql_bind_int64(query, 3, content->size);
	sql_bind_int64(query, 4, frame);
	return sql_run(conn, query, error);
}

gboolean
sql_content_share(struct sql_conn *conn, const struct sql_content *content,
		  GError **error)
{
	if (!run_with_id(conn, share, content->id, content->refs, error))
		return FALSE;
	return sql_changes(conn) > 0 || sql_content_add(conn, content, error);
}

/* What a message points at, copied out; `id` is NULL when it is nothing. */
struct pointer {
	char *id;
	gint64 refs;
	gint64 frame;
};

static gboolean
find(struct sql_conn *conn, const char *buyer, gint64 seq,
     struct pointer *pointer, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_content, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_string(query, 2, buyer);
	step = sql_next(conn, query, error);
	if (step != SQL_STEP_ROW)
		return step == SQL_STEP_END;
	pointer->id = g_strdup(sql_text_at(query, 0));
	pointer->refs = sql_int64_at(query, 1);
	pointer->frame = sql_int64_at(query, 2);
	return TRUE;
}

static gboolean
let_go(struct sql_conn *conn, const struct pointer *pointer, GError **error)
{
	if (pointer->refs > 1)
		return run_with_id(conn, share, pointer->id, -1, error);
	return run_with_id(conn, delete_content, pointer->id, 0, error) &&
	       run_with_seq(conn, delete_frame, pointer->frame, error);
}

static gboolean
forget(struct sql_conn *conn, const char *buyer, gint64 seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, forget_content, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_string(query, 2, buyer);
	return sql_run(conn, query, error);
}

gboolean
sql_content_drop(struct sql_conn *conn, const char *buyer, gint64 seq,
		 GError **error)
{
	struct pointer pointer = { 0 };
	gboolean ok;

	ok = find(conn, buyer, seq, &pointer, error) &&
	     forget(conn, buyer, seq, error) &&
	     (!pointer.id || let_go(conn, &pointer, error));
	g_free(pointer.id);
	return ok;
}
