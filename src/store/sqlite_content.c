/* The bytes of held mail: once for all messages of a hold. */
#include <sqlite3.h>

#include "sqlite_private.h"

static const char share[] = "UPDATE content SET refs = refs + ?2 WHERE id = ?1";
static const char insert_frame[] = "INSERT INTO frame (bytes) VALUES (?1)";
static const char insert_content[] =
	"INSERT INTO content (id, refs, size, frame) VALUES (?1, ?2, ?3, ?4)";
static const char find_content[] =
	"SELECT content.id, refs, frame FROM message"
	" JOIN content ON content.id = message.content WHERE seq = ?1";
static const char forget_content[] =
	"UPDATE message SET content = '' WHERE seq = ?1";
static const char delete_content[] = "DELETE FROM content WHERE id = ?1";
static const char delete_frame[] = "DELETE FROM frame WHERE seq = ?1";

static gboolean
run_with_id(struct sqlite_conn *conn, const char *sql, const char *id,
	    gint64 refs, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, sql, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, id);
	if (refs != 0)
		sqlite3_bind_int64(query, 2, refs);
	return sqlite_run(conn, query, error);
}

static gboolean
run_with_seq(struct sqlite_conn *conn, const char *sql, gint64 seq,
	     GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, sql, error);

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, seq);
	return sqlite_run(conn, query, error);
}

static gboolean
add_frame(struct sqlite_conn *conn, GBytes *frame, gint64 *seq, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_frame, error);
	gsize size;
	const void *data = g_bytes_get_data(frame, &size);

	if (!query)
		return FALSE;
	sqlite3_bind_blob64(query, 1, data, size, SQLITE_STATIC);
	if (!sqlite_run(conn, query, error))
		return FALSE;
	*seq = sqlite3_last_insert_rowid(conn->db);
	return TRUE;
}

gboolean
sqlite_content_add(struct sqlite_conn *conn,
		   const struct sqlite_content *content, GError **error)
{
	g_autoptr(SqliteQuery) query = NULL;
	gint64 frame;

	if (!add_frame(conn, content->frame, &frame, error))
		return FALSE;
	query = sqlite_query(conn, insert_content, error);
	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, content->id);
	sqlite3_bind_int64(query, 2, content->refs);
	sqlite3_bind_int64(query, 3, content->size);
	sqlite3_bind_int64(query, 4, frame);
	return sqlite_run(conn, query, error);
}

gboolean
sqlite_content_share(struct sqlite_conn *conn,
		     const struct sqlite_content *content, GError **error)
{
	if (!run_with_id(conn, share, content->id, content->refs, error))
		return FALSE;
	return sqlite3_changes(conn->db) > 0 ||
	       sqlite_content_add(conn, content, error);
}

/* What a message points at, copied out; `id` is NULL when it is nothing. */
struct pointer {
	char *id;
	gint64 refs;
	gint64 frame;
};

static gboolean
find(struct sqlite_conn *conn, gint64 seq, struct pointer *pointer,
     GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, find_content, error);
	enum sqlite_step step;

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, seq);
	step = sqlite_next(conn, query, error);
	if (step != SQLITE_STEP_ROW)
		return step == SQLITE_STEP_END;
	pointer->id = g_strdup((const char *)sqlite3_column_text(query, 0));
	pointer->refs = sqlite3_column_int64(query, 1);
	pointer->frame = sqlite3_column_int64(query, 2);
	return TRUE;
}

static gboolean
let_go(struct sqlite_conn *conn, const struct pointer *pointer, GError **error)
{
	if (pointer->refs > 1)
		return run_with_id(conn, share, pointer->id, -1, error);
	return run_with_id(conn, delete_content, pointer->id, 0, error) &&
	       run_with_seq(conn, delete_frame, pointer->frame, error);
}

gboolean
sqlite_content_drop(struct sqlite_conn *conn, gint64 seq, GError **error)
{
	struct pointer pointer = { 0 };
	gboolean ok;

	ok = find(conn, seq, &pointer, error) &&
	     run_with_seq(conn, forget_content, seq, error) &&
	     (!pointer.id || let_go(conn, &pointer, error));
	g_free(pointer.id);
	return ok;
}
