#include <string.h>

#include "base/clock.h"
#include "sql_task_private.h"

/* Passes are forgotten so long after their end, a few with each new one. */
#define FORGET_US    (30 * CLOCK_DAY_US)
#define FORGET_LIMIT 16

#define PASS_COLUMNS "hash, kind, address, time, until, ended, agent, client"

static const char insert_pass[] =
	"INSERT INTO pass (" PASS_COLUMNS ")"
	" VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7) ON CONFLICT DO NOTHING";
static const char forget[] =
	"DELETE FROM pass WHERE hash IN"
	" (SELECT hash FROM pass WHERE until < ?1 LIMIT ?2)";
static const char find_active[] =
	"SELECT " PASS_COLUMNS " FROM pass WHERE hash = ?1 AND kind = ?2"
	" AND ended = 0 AND until > ?3";
static const char end_one[] =
	"UPDATE pass SET ended = ?3 WHERE hash = ?1 AND kind = ?2"
	" AND ended = 0 AND until > ?3";
static const char end_all_of[] =
	"UPDATE pass SET ended = ?2 WHERE address = ?1 AND ended = 0"
	" AND until > ?2";
static const char list_active[] =
	"SELECT " PASS_COLUMNS " FROM pass WHERE (?1 IS NULL OR address = ?1)"
	" AND kind = 1 AND ended = 0 AND until > ?2 ORDER BY time, hash";

/* `key` is a hash or an address. */
struct asked {
	const char *key;
	enum store_pass_kind kind;
	gint64 now_us;
};

static gpointer
read_row(SqlQuery *query)
{
	struct store_pass *pass = g_new0(struct store_pass, 1);

	pass->hash = sql_string_at(query, 0);
	pass->kind = (enum store_pass_kind)CLAMP((int)sql_int64_at(query, 1),
						 STORE_PASS_LINK,
						 STORE_PASS_SESSION);
	pass->address = sql_string_at(query, 2);
	pass->time_us = sql_int64_at(query, 3);
	pass->until_us = sql_int64_at(query, 4);
	pass->ended_us = sql_int64_at(query, 5);
	pass->agent = sql_string_at(query, 6);
	pass->client = sql_string_at(query, 7);
	return pass;
}

static gboolean
forget_old(struct sql_conn *conn, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, forget, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, clock_now_us() - FORGET_US);
	sql_bind_int64(query, 2, FORGET_LIMIT);
	return sql_run(conn, query, error);
}

static gboolean
insert(struct sql_conn *conn, const struct store_pass *pass, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_pass, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, pass->hash);
	sql_bind_int64(query, 2, (int)pass->kind);
	sql_bind_string(query, 3, pass->address);
	sql_bind_int64(query, 4, pass->time_us);
	sql_bind_int64(query, 5, pass->until_us);
	sql_bind_string(query, 6, pass->agent);
	sql_bind_string(query, 7, pass->client);
	if (!sql_run(conn, query, error))
		return FALSE;
	if (sql_changes(conn) > 0)
		return TRUE;
	g_set_error_literal(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "a pass of this hash is there already");
	return FALSE;
}

static gboolean
add_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	(void)answer;
	return insert(conn, what, error) && forget_old(conn, error);
}

static gboolean
add(struct store *store, const struct store_pass *pass, GError **error)
{
	struct sql_cargo cargo = { store_pass_copy(pass),
				   (GDestroyNotify)store_pass_free, 0 };

	return sql_task_run(store, add_run, cargo, NULL, error);
}

static gboolean
no_pass(GError **error)
{
	g_set_error_literal(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "no such pass is active");
	return FALSE;
}

static gpointer
find_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(SqlQuery) query = sql_query(conn, find_active, error);
	gpointer found;

	if (!query)
		return NULL;
	sql_bind_string(query, 1, asked->key);
	sql_bind_int64(query, 2, (int)asked->kind);
	sql_bind_int64(query, 3, asked->now_us);
	if (!sql_first(conn, query, read_row, &found, error))
		return NULL;
	if (!found)
		no_pass(error);
	return found;
}

static struct store_pass *
find(struct store *store, enum store_pass_kind kind, const char *hash,
     gint64 now_us, GError **error)
{
	struct asked asked = { hash, kind, now_us };

	/* Whoever asks for a page asks for this first. */
	return sql_there(store, error) ? sql_read(store, find_in, &asked, error)
				       : NULL;
}

/* What is to be ended, by its hash or its address. */
static struct sql_cargo
ending(enum store_pass_kind kind, const char *hash, const char *address,
       gint64 now_us)
{
	struct store_pass *pass = g_new0(struct store_pass, 1);

	pass->kind = kind;
	pass->hash = g_strdup(hash);
	pass->address = g_strdup(address);
	pass->ended_us = now_us;
	return (struct sql_cargo){ pass, (GDestroyNotify)store_pass_free, 0 };
}

static gboolean
end_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct store_pass *pass = what;
	g_autoptr(SqlQuery) query = sql_query(conn, end_one, error);

	(void)answer;
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, pass->hash);
	sql_bind_int64(query, 2, (int)pass->kind);
	sql_bind_int64(query, 3, pass->ended_us);
	if (!sql_run(conn, query, error))
		return FALSE;
	return sql_changes(conn) > 0 || no_pass(error);
}

static gboolean
end(struct store *store, enum store_pass_kind kind, const char *hash,
    gint64 now_us, GError **error)
{
	return sql_task_run(store, end_run, ending(kind, hash, NULL, now_us),
			    NULL, error);
}

static gboolean
end_all_run(struct sql_conn *conn, gconstpointer what,
	    struct sql_answer *answer, GError **error)
{
	const struct store_pass *pass = what;
	g_autoptr(SqlQuery) query = sql_query(conn, end_all_of, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, pass->address);
	sql_bind_int64(query, 2, pass->ended_us);
	if (!sql_run(conn, query, error))
		return FALSE;
	answer->n = (guint)sql_changes(conn);
	return TRUE;
}

static gboolean
end_all(struct store *store, const char *address, gint64 now_us, guint *n,
	GError **error)
{
	struct sql_answer answer;

	if (!sql_task_run(store, end_all_run,
			  ending(STORE_PASS_SESSION, NULL, address, now_us),
			  &answer, error))
		return FALSE;
	*n = answer.n;
	return TRUE;
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(SqlQuery) query = sql_query(conn, list_active, error);

	if (!query)
		return NULL;
	sql_bind_or_null(query, 1, asked->key);
	sql_bind_int64(query, 2, asked->now_us);
	return sql_rows(conn, query, read_row, (GDestroyNotify)store_pass_free,
			error);
}

static GPtrArray *
list(struct store *store, const char *address, gint64 now_us, GError **error)
{
	struct asked asked = { address, STORE_PASS_SESSION, now_us };

	return sql_read(store, list_in, &asked, error);
}

const struct store_passes sql_passes = { add, find, end, end_all, list };
