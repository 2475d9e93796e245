#include <string.h>

#include "base/clock.h"
#include "sql_task_private.h"

#define RULING_COLUMNS                                                         \
	"buyer, id, scope, word, subject, until, time, giver, cause, undone,"  \
	" undone_by"

static const char find_id[] = "SELECT " RULING_COLUMNS " FROM ruling"
			      " WHERE buyer = ?1 AND id = ?2";
static const char find_active[] =
	"SELECT id FROM ruling WHERE buyer = ?1 AND undone = 0"
	" AND subject = ?2 AND scope = ?3 AND word = ?4"
	" AND (until = 0 OR until > ?5) ORDER BY time DESC, id DESC LIMIT 1";
static const char newest[] =
	"SELECT " RULING_COLUMNS " FROM ruling WHERE buyer = ?1 AND undone = 0"
	" AND subject = ?2 AND scope = ?3 AND (until = 0 OR until > ?4)"
	" ORDER BY time DESC, id DESC LIMIT 1";
static const char insert_ruling[] =
	"INSERT INTO ruling (buyer, id, scope, word, subject, until, time,"
	" giver, cause) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char undo_ruling[] =
	"UPDATE ruling SET undone = ?3, undone_by = ?4"
	" WHERE buyer = ?1 AND id = ?2 AND undone = 0";
static const char list_rulings[] =
	"SELECT " RULING_COLUMNS " FROM ruling WHERE (?1 IS NULL OR buyer = ?1)"
	" AND (?2 = 0 OR undone = 0 AND (until = 0 OR until > ?3))"
	" ORDER BY time, id";

static gpointer
read_row(SqlQuery *query)
{
	struct store_ruling *ruling = g_new0(struct store_ruling, 1);

	ruling->buyer = sql_string_at(query, 0);
	sql_id_at(query, 1, ruling->id);
	ruling->scope = (enum store_ruling_scope)CLAMP(
		(int)sql_int64_at(query, 2), STORE_RULING_VENDOR,
		STORE_RULING_CAMPAIGN);
	ruling->word = (enum store_ruling_word)CLAMP(
		(int)sql_int64_at(query, 3), STORE_RULING_WANTED,
		STORE_RULING_NOT_NOW);
	ruling->subject = sql_string_at(query, 4);
	ruling->until_us = sql_int64_at(query, 5);
	ruling->time_us = sql_int64_at(query, 6);
	ruling->by = sql_string_at(query, 7);
	ruling->cause = sql_string_at(query, 8);
	ruling->undone_us = sql_int64_at(query, 9);
	ruling->undone_by = sql_string_at(query, 10);
	return ruling;
}

static gboolean
find_own(struct sql_conn *conn, const struct store_ruling *ruling,
	 struct store_ruling **found, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_id, error);
	gpointer row;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, ruling->buyer);
	sql_bind_string(query, 2, ruling->id);
	if (!sql_first(conn, query, read_row, &row, error))
		return FALSE;
	*found = row;
	return TRUE;
}

/* The id of an active one that says the same; "" when there is none. */
static gboolean
find_same(struct sql_conn *conn, const struct store_ruling *ruling,
	  char id[ID_LEN + 1], GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_active, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, ruling->buyer);
	sql_bind_string(query, 2, ruling->subject);
	sql_bind_int64(query, 3, (int)ruling->scope);
	sql_bind_int64(query, 4, (int)ruling->word);
	sql_bind_int64(query, 5, clock_now_us());
	step = sql_next(conn, query, error);
	id[0] = '\0';
	if (step == SQL_STEP_ROW)
		g_strlcpy(id, sql_text_at(query, 0), ID_LEN + 1);
	return step != SQL_STEP_FAILED;
}

static gboolean
insert(struct sql_conn *conn, const struct store_ruling *ruling, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_ruling, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, ruling->buyer);
	sql_bind_string(query, 2, ruling->id);
	sql_bind_int64(query, 3, (int)ruling->scope);
	sql_bind_int64(query, 4, (int)ruling->word);
	sql_bind_string(query, 5, ruling->subject);
	sql_bind_int64(query, 6, ruling->until_us);
	sql_bind_int64(query, 7, ruling->time_us);
	sql_bind_string(query, 8, ruling->by);
	sql_bind_string(query, 9, ruling->cause);
	return sql_run(conn, query, error);
}

static gboolean
add_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct store_ruling *new = what;
	g_autoptr(StoreRuling) own = NULL;

	if (!find_own(conn, new, &own, error))
		return FALSE;
	if (own && !store_ruling_same(own, new)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "id %s is that of another ruling", new->id);
		return FALSE;
	}
	if (!own && !find_same(conn, new, answer->id, error))
		return FALSE;
	if (answer->id[0] != '\0')
		return TRUE;
	memcpy(answer->id, new->id, sizeof(answer->id));
	return own || insert(conn, new, error);
}

static gboolean
undo(struct sql_conn *conn, const struct store_ruling *ruling, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, undo_ruling, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, ruling->buyer);
	sql_bind_string(query, 2, ruling->id);
	sql_bind_int64(query, 3, ruling->undone_us);
	sql_bind_string(query, 4, ruling->undone_by);
	return sql_run(conn, query, error);
}

static gboolean
undo_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	 GError **error)
{
	const struct store_ruling *ruling = what;
	g_autoptr(StoreRuling) own = NULL;

	(void)answer;
	if (!find_own(conn, ruling, &own, error))
		return FALSE;
	if (!own)
		return sql_not_found("ruling", ruling->id, error);
	return undo(conn, ruling, error);
}

gboolean
sql_ruling_add(struct store *store, struct store_ruling *ruling, GError **error)
{
	struct sql_cargo cargo = { store_ruling_copy(ruling),
				   (GDestroyNotify)store_ruling_free, 0 };
	struct sql_answer answer;

	if (!sql_task_run(store, add_run, cargo, &answer, error))
		return FALSE;
	memcpy(ruling->id, answer.id, sizeof(answer.id));
	return TRUE;
}

gboolean
sql_ruling_undo(struct store *store, const char *buyer, const char *id,
		const char *by, GError **error)
{
	struct store_ruling *what = g_new0(struct store_ruling, 1);
	struct sql_cargo cargo = { what, (GDestroyNotify)store_ruling_free, 0 };

	g_strlcpy(what->id, id, sizeof(what->id));
	what->buyer = g_strdup(buyer);
	what->undone_us = clock_now_us();
	what->undone_by = g_strdup(by);
	return sql_task_run(store, undo_run, cargo, NULL, error);
}

struct asked {
	const char *buyer;
	gboolean active_only;
};

static gpointer
list_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(SqlQuery) query = sql_query(conn, list_rulings, error);

	if (!query)
		return NULL;
	sql_bind_or_null(query, 1, asked->buyer);
	sql_bind_int64(query, 2, asked->active_only);
	sql_bind_int64(query, 3, clock_now_us());
	return sql_rows(conn, query, read_row,
			(GDestroyNotify)store_ruling_free, error);
}

GPtrArray *
sql_ruling_list(struct store *store, const char *buyer, gboolean active_only,
		GError **error)
{
	struct asked asked = { buyer, active_only };

	return sql_read(store, list_in, &asked, error);
}

/* The newest active one of a scope; NULL when there is none. */
static gboolean
find_newest(struct sql_conn *conn, const struct store_mark *mark,
	    enum store_ruling_scope scope, struct store_ruling **found,
	    GError **error)
{
	const char *subject =
		scope == STORE_RULING_VENDOR ? mark->vendor : mark->campaign;
	g_autoptr(SqlQuery) query = NULL;
	enum sql_step step;

	if (*subject == '\0')
		return TRUE;
	query = sql_query(conn, newest, error);
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, mark->buyer);
	sql_bind_string(query, 2, subject);
	sql_bind_int64(query, 3, (int)scope);
	sql_bind_int64(query, 4, mark->now_us);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_ROW)
		*found = read_row(query);
	return step != SQL_STEP_FAILED;
}

gboolean
sql_ruling_find(struct store *store, const struct store_mark *mark,
		gint64 deadline_us, struct store_ruling **found, GError **error)
{
	struct sql_pool *pool = sql_store(store)->pool;
	struct sql_conn *conn = sql_pool_take(pool, deadline_us, error);
	g_autoptr(StoreRuling) of_vendor = NULL;
	g_autoptr(StoreRuling) of_campaign = NULL;
	gboolean ok;

	if (!conn)
		return FALSE;
	ok = find_newest(conn, mark, STORE_RULING_VENDOR, &of_vendor, error) &&
	     find_newest(conn, mark, STORE_RULING_CAMPAIGN, &of_campaign,
			 error);
	sql_pool_give(pool, conn, !ok);
	if (!ok)
		return FALSE;
	if (store_ruling_foremost(of_vendor, of_campaign) == of_vendor)
		*found = g_steal_pointer(&of_vendor);
	else
		*found = g_steal_pointer(&of_campaign);
	return TRUE;
}
