/* Features, from the moment a message was judged. */

#include "base/clock.h"
#include "pack_private.h"
#include "sql_private.h"

/* What is replaced can only be those of a note of the same message. */
static const char insert_features[] =
	"INSERT INTO features (buyer, id, time, size, frame)"
	" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (buyer, id) DO UPDATE SET"
	" time = excluded.time, size = excluded.size, frame = excluded.frame";
static const char find_features[] =
	"SELECT size, frame FROM features WHERE buyer = ?1 AND id = ?2";

gboolean
sql_features_add(struct sql_conn *conn, const struct store_message *message,
		 GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_features, error);
	gsize size;
	const void *frame = g_bytes_get_data(message->features, &size);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2, message->id);
	sql_bind_int64(query, 3, message->time_us);
	sql_bind_int64(query, 4, (gint64)pack_size(message->features));
	sql_bind_blob(query, 5, frame, size);
	return sql_run(conn, query, error);
}

static GBytes *
features_in(struct sql_conn *conn, const char *buyer, const char *id,
	    gboolean *failed, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_features, error);
	enum sql_step step = SQL_STEP_FAILED;
	const void *frame;
	gsize size;
	GBytes *features;

	if (query) {
		sql_bind_string(query, 1, buyer);
		sql_bind_string(query, 2, id);
		step = sql_next(conn, query, error);
	}
	*failed = step == SQL_STEP_FAILED;
	if (step == SQL_STEP_END)
		sql_not_found("features of a message", id, error);
	if (step != SQL_STEP_ROW)
		return NULL;
	frame = sql_blob_at(query, 1, &size);
	features = unpack(frame, size, (guint64)sql_int64_at(query, 0), error);
	if (!features)
		g_prefix_error(error,
			       "%s: features of message %s: ", conn->name, id);
	return features;
}

GBytes *
sql_features(struct store *store, const char *buyer, const char *id,
	     GError **error)
{
	struct sql_pool *pool = sql_store(store)->pool;
	struct sql_conn *conn = sql_pool_take(
		pool, clock_monotonic_us() + store->wait_us, error);
	GBytes *features;
	gboolean failed;

	if (!conn)
		return NULL;
	features = features_in(conn, buyer, id, &failed, error);
	sql_pool_give(pool, conn, failed);
	return features;
}
