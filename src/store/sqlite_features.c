/* Features, from the moment a message was judged. */
#include <sqlite3.h>

#include "base/clock.h"
#include "pack_private.h"
#include "sqlite_private.h"

/* What is replaced can only be those of a note of the same message. */
static const char insert_features[] =
	"INSERT OR REPLACE INTO features (buyer, id, time, size, frame)"
	" VALUES (?1, ?2, ?3, ?4, ?5)";
static const char find_features[] =
	"SELECT size, frame FROM features WHERE buyer = ?1 AND id = ?2";

gboolean
sqlite_features_add(struct sqlite_conn *conn,
		    const struct store_message *message, GError **error)
{
	g_autoptr(SqliteQuery) query =
		sqlite_query(conn, insert_features, error);
	gsize size;
	const void *frame = g_bytes_get_data(message->features, &size);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, message->buyer);
	sqlite_bind_string(query, 2, message->id);
	sqlite3_bind_int64(query, 3, message->time_us);
	sqlite3_bind_int64(query, 4, (gint64)pack_size(message->features));
	sqlite3_bind_blob64(query, 5, frame, size, SQLITE_STATIC);
	return sqlite_run(conn, query, error);
}

static GBytes *
features_in(struct sqlite_conn *conn, const char *buyer, const char *id,
	    gboolean *failed, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, find_features, error);
	enum sqlite_step step = SQLITE_STEP_FAILED;
	const void *frame;
	GBytes *features;

	if (query) {
		sqlite_bind_string(query, 1, buyer);
		sqlite_bind_string(query, 2, id);
		step = sqlite_next(conn, query, error);
	}
	*failed = step == SQLITE_STEP_FAILED;
	if (step == SQLITE_STEP_END)
		sqlite_not_found("features of a message", id, error);
	if (step != SQLITE_STEP_ROW)
		return NULL;
	frame = sqlite3_column_blob(query, 1);
	features = unpack(frame, (gsize)sqlite3_column_bytes(query, 1),
			  (guint64)sqlite3_column_int64(query, 0), error);
	if (!features)
		g_prefix_error(error,
			       "%s: features of message %s: ", conn->path, id);
	return features;
}

GBytes *
sqlite_features(struct store *store, const char *buyer, const char *id,
		GError **error)
{
	struct sqlite_pool *pool = sqlite_store(store)->pool;
	struct sqlite_conn *conn = sqlite_pool_take(
		pool, clock_monotonic_us() + store->wait_us, error);
	GBytes *features;
	gboolean failed;

	if (!conn)
		return NULL;
	features = features_in(conn, buyer, id, &failed, error);
	sqlite_pool_give(pool, conn, failed);
	return features;
}
