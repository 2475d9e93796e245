#include <string.h>

#include "sql_task_private.h"

static const char newest_of_place[] =
	"SELECT id FROM model WHERE place = ?1 ORDER BY seq DESC LIMIT 1";
static const char find_digest[] = "SELECT digest FROM model_pack WHERE id = ?1";
static const char insert_pack[] =
	"INSERT INTO model_pack (id, digest, bytes) VALUES (?1, ?2, ?3)";
static const char insert_model[] =
	"INSERT INTO model (place, id, time, giver, note)"
	" VALUES (?1, ?2, ?3, ?4, ?5)";
static const char serving[] =
	"SELECT m.place, m.id, m.time, m.giver, m.note,"
	" coalesce(p.digest, '') FROM model AS m"
	" LEFT JOIN model_pack AS p ON p.id = m.id"
	" WHERE m.seq IN (SELECT max(seq) FROM model GROUP BY place)"
	" ORDER BY m.place";
/* See sql_version.c. */
static const char mark_sqlite[] = "SELECT coalesce(max(seq), 0) FROM model";
static const char mark_pg[] =
	"SELECT coalesce(sum(seq), 0)::bigint FROM"
	" (SELECT seq FROM model ORDER BY seq DESC LIMIT 5000) AS latest";
static const char find_pack[] =
	"SELECT digest, bytes FROM model_pack WHERE id = ?1";

static gpointer
read_text(SqlQuery *query)
{
	return sql_string_at(query, 0);
}

/* The one text of the row that has the key, the caller's, or NULL. */
static gboolean
look_up(struct sql_conn *conn, const char *sql, const char *key, char **text,
	GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);
	gpointer found;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, key);
	if (!sql_first(conn, query, read_text, &found, error))
		return FALSE;
	*text = found;
	return TRUE;
}

static gboolean
add_pack(struct sql_conn *conn, const struct store_model *model, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_pack, error);
	gsize size;
	const void *data = g_bytes_get_data(model->pack, &size);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, model->id);
	sql_bind_string(query, 2, model->digest);
	sql_bind_blob(query, 3, data, size);
	return sql_run(conn, query, error);
}

/* What serves nowhere has no files. */
static gboolean
have_pack(struct sql_conn *conn, const struct store_model *model,
	  GError **error)
{
	g_autofree char *digest = NULL;

	if (*model->id == '\0')
		return TRUE;
	if (!look_up(conn, find_digest, model->id, &digest, error))
		return FALSE;
	if (!digest)
		return model->pack ? add_pack(conn, model, error)
				   : sql_not_found("model", model->id, error);
	if (!model->pack || strcmp(digest, model->digest) == 0)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    "model %s: other files have this name", model->id);
	return FALSE;
}

static gboolean
insert(struct sql_conn *conn, const struct store_model *model, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_model, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, model->place);
	sql_bind_string(query, 2, model->id);
	sql_bind_int64(query, 3, model->time_us);
	sql_bind_string(query, 4, model->by);
	sql_bind_string(query, 5, model->note);
	return sql_run(conn, query, error);
}

static gboolean
put_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct store_model *model = what;
	g_autofree char *now = NULL;

	(void)answer;
	if (!have_pack(conn, model, error) ||
	    !look_up(conn, newest_of_place, model->place, &now, error))
		return FALSE;
	if (g_strcmp0(now, model->id) == 0)
		return TRUE;
	return insert(conn, model, error) && sql_tell(conn, error);
}

static gboolean
put(struct store *store, const struct store_model *model, GError **error)
{
	struct sql_cargo cargo = { store_model_copy(model),
				   (GDestroyNotify)store_model_free,
				   ROW_BYTES };

	cargo.weight += model->pack ? g_bytes_get_size(model->pack) : 0;
	return sql_task_run(store, put_run, cargo, NULL, error);
}

static gpointer
read_row(SqlQuery *query)
{
	struct store_model *model = g_new0(struct store_model, 1);

	model->place = sql_string_at(query, 0);
	model->id = sql_string_at(query, 1);
	model->time_us = sql_int64_at(query, 2);
	model->by = sql_string_at(query, 3);
	model->note = sql_string_at(query, 4);
	model->digest = sql_string_at(query, 5);
	return model;
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer asked, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, serving, error);

	(void)asked;
	return query ? sql_rows(conn, query, read_row,
				(GDestroyNotify)store_model_free, error)
		     : NULL;
}

static GPtrArray *
list(struct store *store, GError **error)
{
	return sql_read(store, list_in, NULL, error);
}

static gpointer
mark_in(struct sql_conn *conn, gconstpointer asked, GError **error)
{
	gint64 seq;

	(void)asked;
	return sql_integer(conn, sql_for(conn, mark_sqlite, mark_pg), &seq,
			   error)
		       ? g_memdup2(&seq, sizeof(seq))
		       : NULL;
}

static gboolean
mark(struct store *store, guint64 *number, GError **error)
{
	g_autofree gint64 *seq = sql_read(store, mark_in, NULL, error);

	if (!seq)
		return FALSE;
	*number = (guint64)*seq;
	return TRUE;
}

static gpointer
read_pack(SqlQuery *query)
{
	struct store_model *model = g_new0(struct store_model, 1);
	gsize size;
	const void *data = sql_blob_at(query, 1, &size);

	model->digest = sql_string_at(query, 0);
	model->pack = g_bytes_new(data, size);
	return model;
}

static gpointer
get_in(struct sql_conn *conn, gconstpointer id, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_pack, error);
	gpointer found;

	if (!query)
		return NULL;
	sql_bind_string(query, 1, id);
	if (!sql_first(conn, query, read_pack, &found, error))
		return NULL;
	if (!found)
		sql_not_found("model", id, error);
	return found;
}

static struct store_model *
get(struct store *store, const char *id, GError **error)
{
	return sql_read(store, get_in, id, error);
}

const struct store_models sql_models = { put, list, mark, get };
