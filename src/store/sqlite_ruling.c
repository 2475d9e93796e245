#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "sqlite_task_private.h"

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
	" AND (NOT ?2 OR undone = 0 AND (until = 0 OR until > ?3))"
	" ORDER BY time, id";

static gpointer
read_row(SqliteQuery *query)
{
	struct store_ruling *ruling = g_new0(struct store_ruling, 1);

	ruling->buyer = sqlite_string_at(query, 0);
	sqlite_id_at(query, 1, ruling->id);
	ruling->scope = (enum store_ruling_scope)CLAMP(
		sqlite3_column_int(query, 2), STORE_RULING_VENDOR,
		STORE_RULING_CAMPAIGN);
	ruling->word = (enum store_ruling_word)CLAMP(
		sqlite3_column_int(query, 3), STORE_RULING_WANTED,
		STORE_RULING_NOT_NOW);
	ruling->subject = sqlite_string_at(query, 4);
	ruling->until_us = sqlite3_column_int64(query, 5);
	ruling->time_us = sqlite3_column_int64(query, 6);
	ruling->by = sqlite_string_at(query, 7);
	ruling->cause = sqlite_string_at(query, 8);
	ruling->undone_us = sqlite3_column_int64(query, 9);
	ruling->undone_by = sqlite_string_at(query, 10);
	return ruling;
}

static gboolean
find_own(struct sqlite_conn *conn, const struct store_ruling *ruling,
	 struct store_ruling **found, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, find_id, error);
	gpointer row;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, ruling->buyer);
	sqlite_bind_string(query, 2, ruling->id);
	if (!sqlite_first(conn, query, read_row, &row, error))
		return FALSE;
	*found = row;
	return TRUE;
}

/* The id of an active one that says the same; "" when there is none. */
static gboolean
find_same(struct sqlite_conn *conn, const struct store_ruling *ruling,
	  char id[ID_LEN + 1], GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, find_active, error);
	enum sqlite_step step;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, ruling->buyer);
	sqlite_bind_string(query, 2, ruling->subject);
	sqlite3_bind_int(query, 3, (int)ruling->scope);
	sqlite3_bind_int(query, 4, (int)ruling->word);
	sqlite3_bind_int64(query, 5, clock_now_us());
	step = sqlite_next(conn, query, error);
	id[0] = '\0';
	if (step == SQLITE_STEP_ROW)
		g_strlcpy(id, (const char *)sqlite3_column_text(query, 0),
			  ID_LEN + 1);
	return step != SQLITE_STEP_FAILED;
}

static gboolean
insert(struct sqlite_conn *conn, const struct store_ruling *ruling,
       GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, insert_ruling, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, ruling->buyer);
	sqlite_bind_string(query, 2, ruling->id);
	sqlite3_bind_int(query, 3, (int)ruling->scope);
	sqlite3_bind_int(query, 4, (int)ruling->word);
	sqlite_bind_string(query, 5, ruling->subject);
	sqlite3_bind_int64(query, 6, ruling->until_us);
	sqlite3_bind_int64(query, 7, ruling->time_us);
	sqlite_bind_string(query, 8, ruling->by);
	sqlite_bind_string(query, 9, ruling->cause);
	return sqlite_run(conn, query, error);
}

static gboolean
add_run(struct sqlite_conn *conn, gconstpointer what,
	struct sqlite_answer *answer, GError **error)
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
undo(struct sqlite_conn *conn, const struct store_ruling *ruling,
     GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, undo_ruling, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, ruling->buyer);
	sqlite_bind_string(query, 2, ruling->id);
	sqlite3_bind_int64(query, 3, ruling->undone_us);
	sqlite_bind_string(query, 4, ruling->undone_by);
	return sqlite_run(conn, query, error);
}

static gboolean
undo_run(struct sqlite_conn *conn, gconstpointer what,
	 struct sqlite_answer *answer, GError **error)
{
	const struct store_ruling *ruling = what;
	g_autoptr(StoreRuling) own = NULL;

	(void)answer;
	if (!find_own(conn, ruling, &own, error))
		return FALSE;
	if (!own)
		return sqlite_not_found("ruling", ruling->id, error);
	return undo(conn, ruling, error);
}

gboolean
sqlite_ruling_add(struct store *store, struct store_ruling *ruling,
		  GError **error)
{
	struct sqlite_cargo cargo = { store_ruling_copy(ruling),
				      (GDestroyNotify)store_ruling_free, 0 };
	struct sqlite_answer answer;

	if (!sqlite_task_run(store, add_run, cargo, &answer, error))
		return FALSE;
	memcpy(ruling->id, answer.id, sizeof(answer.id));
	return TRUE;
}

gboolean
sqlite_ruling_undo(struct store *store, const char *buyer, const char *id,
		   const char *by, GError **error)
{
	struct store_ruling *what = g_new0(struct store_ruling, 1);
	struct sqlite_cargo cargo = { what, (GDestroyNotify)store_ruling_free,
				      0 };

	g_strlcpy(what->id, id, sizeof(what->id));
	what->buyer = g_strdup(buyer);
	what->undone_us = clock_now_us();
	what->undone_by = g_strdup(by);
	return sqlite_task_run(store, undo_run, cargo, NULL, error);
}

struct asked {
	const char *buyer;
	gboolean active_only;
};

static gpointer
list_in(struct sqlite_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(SqliteQuery) query = sqlite_query(conn, list_rulings, error);

	if (!query)
		return NULL;
	sqlite_bind_or_null(query, 1, asked->buyer);
	sqlite3_bind_int(query, 2, asked->active_only);
	sqlite3_bind_int64(query, 3, clock_now_us());
	return sqlite_rows(conn, query, read_row,
			   (GDestroyNotify)store_ruling_free, error);
}

GPtrArray *
sqlite_ruling_list(struct store *store, const char *buyer, gboolean active_only,
		   GError **error)
{
	struct asked asked = { buyer, active_only };

	return sqlite_read(store, list_in, &asked, error);
}

/* The newest active one of a scope; NULL when there is none. */
static gboolean
find_newest(struct sqlite_conn *conn, const struct store_mark *mark,
	    enum store_ruling_scope scope, struct store_ruling **found,
	    GError **error)
{
	const char *subject =
		scope == STORE_RULING_VENDOR ? mark->vendor : mark->campaign;
	g_autoptr(SqliteQuery) query = NULL;
	enum sqlite_step step;

	if (*subject == '\0')
		return TRUE;
	query = sqlite_query(conn, newest, error);
	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, mark->buyer);
	sqlite_bind_string(query, 2, subject);
	sqlite3_bind_int(query, 3, (int)scope);
	sqlite3_bind_int64(query, 4, mark->now_us);
	step = sqlite_next(conn, query, error);
	if (step == SQLITE_STEP_ROW)
		*found = read_row(query);
	return step != SQLITE_STEP_FAILED;
}

gboolean
sqlite_ruling_find(struct store *store, const struct store_mark *mark,
		   gint64 deadline_us, struct store_ruling **found,
		   GError **error)
{
	struct sqlite_pool *pool = sqlite_store(store)->pool;
	struct sqlite_conn *conn = sqlite_pool_take(pool, deadline_us, error);
	g_autoptr(StoreRuling) of_vendor = NULL;
	g_autoptr(StoreRuling) of_campaign = NULL;
	gboolean ok;

	if (!conn)
		return FALSE;
	ok = find_newest(conn, mark, STORE_RULING_VENDOR, &of_vendor, error) &&
	     find_newest(conn, mark, STORE_RULING_CAMPAIGN, &of_campaign,
			 error);
	sqlite_pool_give(pool, conn, !ok);
	if (!ok)
		return FALSE;
	if (store_ruling_foremost(of_vendor, of_campaign) == of_vendor)
		*found = g_steal_pointer(&of_vendor);
	else
		*found = g_steal_pointer(&of_campaign);
	return TRUE;
}
