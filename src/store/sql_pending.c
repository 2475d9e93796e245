#include <string.h>

#include "sql_fold_private.h"
#include "sql_task_private.h"

#define PENDING_COLUMNS                                                        \
	"buyer, id, kind, message, giver, time, until, ended, ended_by, note"

static const char find_id[] = "SELECT " PENDING_COLUMNS " FROM pending"
			      " WHERE buyer = ?1 AND id = ?2";
static const char find_open[] =
	"SELECT " PENDING_COLUMNS " FROM pending WHERE buyer = ?1"
	" AND message = ?2 AND kind = ?3 AND ended = 0";
/* Those that ended by themselves make way for the next. */
static const char end_past[] =
	"UPDATE pending SET ended = until WHERE buyer = ?1 AND ended = 0"
	" AND until <> 0 AND until <= ?2";
static const char insert_pending[] =
	"INSERT INTO pending (buyer, id, kind, message, giver, time, until,"
	" note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char set_until[] =
	"UPDATE pending SET until = ?3 WHERE buyer = ?1 AND id = ?2";
static const char end_open[] =
	"UPDATE pending SET ended = ?4, ended_by = ?5,"
	" note = CASE ?6 WHEN '' THEN note ELSE ?6 END WHERE buyer = ?1 AND "
	"message = ?2"
	" AND kind = ?3 AND ended = 0 AND (until = 0 OR until > ?4)";
/* Nothing waits about mail that is not held any more. */
static const char list_open[] =
	"SELECT " PENDING_COLUMNS " FROM pending WHERE ended = 0"
	" AND (?1 IS NULL OR buyer = ?1) AND kind = ?2"
	" AND (until = 0 OR until > ?3) AND EXISTS (SELECT 1 FROM message"
	" WHERE message.buyer = pending.buyer AND message.id = message"
	" AND state IN (1, 2)) ORDER BY time, id";

static gpointer
read_row(SqlQuery *query)
{
	struct store_pending *pending = g_new0(struct store_pending, 1);

	pending->buyer = sql_string_at(query, 0);
	sql_id_at(query, 1, pending->id);
	pending->kind = (enum store_pending_kind)CLAMP(
		(int)sql_int64_at(query, 2), STORE_SNOOZE, STORE_REQUEST);
	pending->message = sql_string_at(query, 3);
	pending->by = sql_string_at(query, 4);
	pending->time_us = sql_int64_at(query, 5);
	pending->until_us = sql_int64_at(query, 6);
	pending->ended_us = sql_int64_at(query, 7);
	pending->ended_by = sql_string_at(query, 8);
	pending->note = sql_string_at(query, 9);
	return pending;
}

static gboolean
find_own(struct sql_conn *conn, const struct store_pending *pending,
	 struct store_pending **found, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_id, error);
	gpointer row;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, pending->buyer);
	sql_bind_string(query, 2, pending->id);
	if (!sql_first(conn, query, read_row, &row, error))
		return FALSE;
	*found = row;
	return TRUE;
}

static gboolean
find_same(struct sql_conn *conn, const struct store_pending *pending,
	  struct store_pending **found, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_open, error);
	gpointer row;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, pending->buyer);
	sql_bind_string(query, 2, pending->message);
	sql_bind_int64(query, 3, (int)pending->kind);
	if (!sql_first(conn, query, read_row, &row, error))
		return FALSE;
	*found = row;
	return TRUE;
}

static gboolean
clear_past(struct sql_conn *conn, const char *buyer, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, end_past, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, buyer);
	sql_bind_int64(query, 2, clock_now_us());
	return sql_run(conn, query, error);
}

static gboolean
insert(struct sql_conn *conn, const struct store_pending *pending,
       GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_pending, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, pending->buyer);
	sql_bind_string(query, 2, pending->id);
	sql_bind_int64(query, 3, (int)pending->kind);
	sql_bind_string(query, 4, pending->message);
	sql_bind_string(query, 5, pending->by);
	sql_bind_int64(query, 6, pending->time_us);
	sql_bind_int64(query, 7, pending->until_us);
	sql_bind_string(query, 8, pending->note);
	return sql_run(conn, query, error);
}

/* What is open already: a snooze takes the new date. */
static gboolean
go_on(struct sql_conn *conn, const struct store_pending *open,
      const struct store_pending *new, GError **error)
{
	g_autoptr(SqlQuery) query = NULL;

	if (new->kind != STORE_SNOOZE || open->ended_us != 0)
		return TRUE;
	query = sql_query(conn, set_until, error);
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, open->buyer);
	sql_bind_string(query, 2, open->id);
	sql_bind_int64(query, 3, new->until_us);
	return sql_run(conn, query, error);
}

/* The one it goes by, by its id or since it is open; or NULL. */
static gboolean
find_kept(struct sql_conn *conn, const struct store_pending *new,
	  struct store_pending **kept, GError **error)
{
	if (!find_own(conn, new, kept, error))
		return FALSE;
	if (!*kept)
		return find_same(conn, new, kept, error);
	if (store_pending_same(*kept, new))
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    "id %s is that of another one", new->id);
	return FALSE;
}

static gboolean
add_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct store_pending *new = what;
	g_autoptr(StorePending) kept = NULL;

	if (!sql_message_there(conn, new->buyer, new->message, error) ||
	    !clear_past(conn, new->buyer, error) ||
	    !find_kept(conn, new, &kept, error))
		return FALSE;
	memcpy(answer->id, kept ? kept->id : new->id, sizeof(answer->id));
	return kept ? go_on(conn, kept, new, error) : insert(conn, new, error);
}

gboolean
sql_pending_add(struct store *store, struct store_pending *pending,
		GError **error)
{
	struct sql_cargo cargo = { store_pending_copy(pending),
				   (GDestroyNotify)store_pending_free, 0 };
	struct sql_answer answer;

	if (!sql_task_run(store, add_run, cargo, &answer, error))
		return FALSE;
	memcpy(pending->id, answer.id, sizeof(answer.id));
	return TRUE;
}

static gboolean
end_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct store_pending *ending = what;
	g_autoptr(SqlQuery) query = sql_query(conn, end_open, error);

	(void)answer;
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, ending->buyer);
	sql_bind_string(query, 2, ending->message);
	sql_bind_int64(query, 3, (int)ending->kind);
	sql_bind_int64(query, 4, ending->ended_us);
	sql_bind_string(query, 5, ending->ended_by);
	sql_bind_string(query, 6, ending->note);
	if (!sql_run(conn, query, error))
		return FALSE;
	return sql_changes(conn) > 0 ||
	       sql_not_found("open matter about a message", ending->message,
			     error);
}

gboolean
sql_pending_end(struct store *store, const struct store_ending *ending,
		GError **error)
{
	struct store_pending *what = g_new0(struct store_pending, 1);
	struct sql_cargo cargo = { what, (GDestroyNotify)store_pending_free,
				   0 };

	what->kind = ending->kind;
	what->buyer = g_strdup(ending->buyer);
	what->message = g_strdup(ending->message);
	what->ended_us = clock_now_us();
	what->ended_by = g_strdup(ending->by);
	what->note = g_strdup(ending->note);
	return sql_task_run(store, end_run, cargo, NULL, error);
}

struct asked {
	enum store_pending_kind kind;
	const char *buyer;
	gint64 now_us;
};

static gpointer
list_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(SqlQuery) query = sql_query(conn, list_open, error);

	if (!query)
		return NULL;
	sql_bind_or_null(query, 1, asked->buyer);
	sql_bind_int64(query, 2, (int)asked->kind);
	sql_bind_int64(query, 3, asked->now_us);
	return sql_rows(conn, query, read_row,
			(GDestroyNotify)store_pending_free, error);
}

GPtrArray *
sql_pending_list(struct store *store, enum store_pending_kind kind,
		 const char *buyer, gint64 now_us, GError **error)
{
	struct asked asked = { kind, buyer, now_us };

	return sql_read(store, list_in, &asked, error);
}
