#include "base/clock.h"
#include "pack_private.h"
#include "sql_private.h"

/* Contacts asked for in one statement. */
#define KNOWN_SLOTS 4

/* IN would make a table of them each time; what is NULL is not looked for. */
#define KNOWN(slot)                                                            \
	"EXISTS (SELECT 1 FROM ledger WHERE buyer = ?1 AND contact = " slot ")"

static const char known_contact[] = "SELECT 1 WHERE " KNOWN("?2") " OR " KNOWN(
	"?3") " OR " KNOWN("?4") " OR " KNOWN("?5");
static const char find_row[] =
	"SELECT " COLUMNS
	" FROM message WHERE id = ?2 AND buyer = coalesce(?1, buyer) LIMIT 1";
static const char find_body[] =
	"SELECT content.size, frame.bytes FROM message"
	" JOIN content ON content.id = message.content"
	" JOIN frame ON frame.seq = content.frame"
	" WHERE message.id = ?2 AND message.buyer = coalesce(?1, message.buyer)"
	" LIMIT 1";

/* Whether one of the next slots' contacts is there; moves past them. */
static gboolean
known_among(struct sql_conn *conn, const char *buyer,
	    const char *const **contacts, gboolean *known, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, known_contact, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, buyer);
	for (int i = 0; i < KNOWN_SLOTS && **contacts; i++, (*contacts)++)
		sql_bind_string(query, 2 + i, **contacts);
	step = sql_next(conn, query, error);
	*known = step == SQL_STEP_ROW;
	return step != SQL_STEP_FAILED;
}

gboolean
sql_known(struct store *store, const char *buyer, const char *const *contacts,
	  gint64 deadline_us, gboolean *known, GError **error)
{
	struct sql_pool *pool = sql_store(store)->pool;
	struct sql_conn *conn = sql_pool_take(pool, deadline_us, error);
	gboolean ok = TRUE, found = FALSE;

	if (!conn)
		return FALSE;
	while (ok && !found && *contacts)
		ok = known_among(conn, buyer, &contacts, &found, error);
	sql_pool_give(pool, conn, !ok);
	if (ok)
		*known = found;
	return ok;
}

gboolean
sql_not_found(const char *what, const char *id, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
		    "no %s with the id '%s'", what, id);
	return FALSE;
}

static struct store_message *
find_in(struct sql_conn *conn, const char *buyer, const char *id,
	gboolean *failed, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_row, error);
	enum sql_step step = SQL_STEP_FAILED;

	if (query) {
		sql_bind_or_null(query, 1, buyer);
		sql_bind_string(query, 2, id);
		step = sql_next(conn, query, error);
	}
	*failed = step == SQL_STEP_FAILED;
	if (step == SQL_STEP_ROW)
		return sql_row_read(query);
	if (step == SQL_STEP_END)
		sql_not_found("message", id, error);
	return NULL;
}

struct store_message *
sql_find(struct store *store, const char *buyer, const char *id, GError **error)
{
	struct sql_pool *pool = sql_store(store)->pool;
	struct sql_conn *conn = sql_pool_take(
		pool, clock_monotonic_us() + store->wait_us, error);
	struct store_message *message;
	gboolean failed;

	if (!conn)
		return NULL;
	message = find_in(conn, buyer, id, &failed, error);
	sql_pool_give(pool, conn, failed);
	return message;
}

static GBytes *
body_in(struct sql_conn *conn, const char *buyer, const char *id,
	gboolean *failed, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_body, error);
	enum sql_step step = SQL_STEP_FAILED;
	const void *frame;
	gsize size;
	GBytes *bytes;

	if (query) {
		sql_bind_or_null(query, 1, buyer);
		sql_bind_string(query, 2, id);
		step = sql_next(conn, query, error);
	}
	*failed = step == SQL_STEP_FAILED;
	if (step == SQL_STEP_END)
		sql_not_found("kept message", id, error);
	if (step != SQL_STEP_ROW)
		return NULL;
	frame = sql_blob_at(query, 1, &size);
	bytes = unpack(frame, size, (guint64)sql_int64_at(query, 0), error);
	if (!bytes)
		g_prefix_error(error, "%s: message %s: ", conn->name, id);
	return bytes;
}

GBytes *
sql_body(struct store *store, const char *buyer, const char *id, GError **error)
{
	struct sql_pool *pool = sql_store(store)->pool;
	struct sql_conn *conn = sql_pool_take(
		pool, clock_monotonic_us() + store->wait_us, error);
	GBytes *bytes;
	gboolean failed;

	if (!conn)
		return NULL;
	bytes = body_in(conn, buyer, id, &failed, error);
	sql_pool_give(pool, conn, failed);
	return bytes;
}
