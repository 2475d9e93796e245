/* Campaigns: which one a message is in, and how often it has touched. */
#include <string.h>

#include "base/clock.h"
#include "likeness_private.h"
#include "sql_private.h"

static const char insert_touch[] =
	"INSERT INTO touch (seq, time, fingerprint, buyer, campaign, origin,"
	" reference, subject, author)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char delete_touch[] =
	"DELETE FROM touch WHERE buyer = ?2 AND seq = ?1";

/*
 * What is in the WHERE of a partial index must be said, or SQLite does not use
 * it. PostgreSQL has what one side sent to anybody in a table of its own, keyed
 * by that side: `touch` lies with its buyer, perhaps on another machine.
 */
#define NEWEST " ORDER BY time DESC, seq DESC LIMIT 1"
static const char by_buyer[] =
	"SELECT campaign FROM touch WHERE buyer = ?2 AND origin = ?1"
	" AND origin <> '' AND time >= ?3" NEWEST;
static const char by_reference[] =
	"SELECT campaign FROM touch WHERE origin = ?1 AND reference = ?2"
	" AND origin <> '' AND reference <> 0 AND time >= ?3" NEWEST;
static const char by_reference_pg[] =
	"SELECT campaign FROM kin WHERE side = ?1 AND reference = ?2"
	" AND time >= ?3" NEWEST;
static const char by_subject[] =
	"SELECT campaign FROM touch WHERE origin = ?1 AND subject = ?2"
	" AND origin <> '' AND subject <> 0 AND time >= ?3" NEWEST;
static const char by_subject_pg[] =
	"SELECT campaign FROM kin WHERE side = ?1 AND subject = ?2"
	" AND time >= ?3" NEWEST;
static const char by_author[] =
	"SELECT campaign FROM touch WHERE author = ?1 AND author <> 0"
	" AND time >= ?2" NEWEST;
static const char by_author_pg[] =
	"SELECT campaign FROM kin WHERE side = ?1::bigint::text"
	" AND time >= ?2" NEWEST;
static const char insert_kin[] =
	"INSERT INTO kin (side, seq, time, campaign, reference, subject)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char delete_kin[] = "DELETE FROM kin WHERE side = ?1 AND seq = ?2";

/* PostgreSQL: see `ring` in pg_schema.c. */
static const char newer_rows[] =
	"SELECT * FROM (SELECT seq, time, fingerprint, buyer FROM touch"
	" WHERE seq > ?1 ORDER BY seq DESC LIMIT ?2) AS newer ORDER BY seq";
static const char newer_rows_pg[] = SQL_RING_NEWER("1");
static const char by_seq[] = "SELECT campaign FROM touch WHERE seq = ?1";
static const char by_seq_pg[] =
	"SELECT campaign FROM ring WHERE kind = 1 AND seq = ?1";
static const char touches_of[] =
	"SELECT time, reference FROM touch WHERE buyer = ?1 AND campaign = ?2"
	" ORDER BY time DESC LIMIT ?3";

/* A row of `kin` for the one side of a message, or its end. */
static gboolean
kin_row(struct sql_conn *conn, const char *side,
	const struct store_message *message, gint64 seq, gboolean add,
	GError **error)
{
	g_autoptr(SqlQuery) query = NULL;

	if (*side == '\0')
		return TRUE;
	query = sql_query(conn, add ? insert_kin : delete_kin, error);
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, side);
	sql_bind_int64(query, 2, seq);
	if (add) {
		const char *id = message->message_id;

		sql_bind_int64(query, 3, message->time_us);
		sql_bind_string(query, 4, message->campaign);
		sql_bind_int64(query, 5,
			       (gint64)likeness_reference(id ? id : ""));
		sql_bind_int64(query, 6, (gint64)message->subject_key);
	}
	return sql_run(conn, query, error);
}

static gboolean
kin_rows(struct sql_conn *conn, const struct store_message *message, gint64 seq,
	 gboolean add, GError **error)
{
	g_autofree char *origin =
		likeness_origin(message->vendor, message->from);
	const guint64 hash = likeness_author(message->from);
	g_autofree char *author = NULL;

	author = hash == 0 ? g_strdup("")
			   : g_strdup_printf("%" G_GINT64_FORMAT, (gint64)hash);
	return kin_row(conn, origin, message, seq, add, error) &&
	       kin_row(conn, author, message, seq, add, error);
}

static gboolean
touch_row(struct sql_conn *conn, const struct store_message *message,
	  gint64 seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_touch, error);
	g_autofree char *origin =
		likeness_origin(message->vendor, message->from);
	const char *id = message->message_id ? message->message_id : "";

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_int64(query, 2, message->time_us);
	sql_bind_int64(query, 3, (gint64)message->fingerprint);
	sql_bind_string(query, 4, message->buyer);
	sql_bind_string(query, 5, message->campaign);
	sql_bind_string(query, 6, origin);
	sql_bind_int64(query, 7, (gint64)likeness_reference(id));
	sql_bind_int64(query, 8, (gint64)message->subject_key);
	sql_bind_int64(query, 9, (gint64)likeness_author(message->from));
	return sql_run(conn, query, error);
}

gboolean
sql_touch_add(struct sql_conn *conn, const struct store_message *message,
	      gint64 seq, GError **error)
{
	return touch_row(conn, message, seq, error) &&
	       (!conn->backend->split ||
		(kin_rows(conn, message, seq, TRUE, error) &&
		 sql_ring_add(conn, message, 1, error)));
}

gboolean
sql_touch_drop(struct sql_conn *conn, const struct store_message *message,
	       gint64 seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, delete_touch, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_string(query, 2, message->buyer);
	return sql_run(conn, query, error) &&
	       (!conn->backend->split ||
		kin_rows(conn, message, seq, FALSE, error));
}

/* One search: what is asked for, and the campaign found, "" while there is
 * none. */
struct search {
	struct sql_conn *conn;
	const struct store_likeness *likeness;
	const char *origin;
	gint64 now_us;
	gint64 since_us;
	char campaign[ID_LEN + 1];
};

static gboolean
end_search(struct search *search, SqlQuery *query, GError **error)
{
	enum sql_step step = sql_next(search->conn, query, error);
	const char *campaign;

	if (step == SQL_STEP_ROW) {
		campaign = sql_text_at(query, 0);
		g_strlcpy(search->campaign, campaign ? campaign : "",
			  sizeof(search->campaign));
	}
	return step != SQL_STEP_FAILED;
}

static gboolean
search_buyer(struct search *search, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(search->conn, by_buyer, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, search->origin);
	sql_bind_string(query, 2, search->likeness->buyer);
	sql_bind_int64(query, 3, search->since_us);
	return end_search(search, query, error);
}

/* By a key of 64 bits that is not 0, among what the origin sent to anybody. */
static gboolean
search_key(struct search *search, const char *sql, guint64 key, GError **error)
{
	g_autoptr(SqlQuery) query = NULL;

	if (key == 0 || *search->campaign != '\0')
		return TRUE;
	query = sql_query(search->conn, sql, error);
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, search->origin);
	sql_bind_int64(query, 2, (gint64)key);
	sql_bind_int64(query, 3, search->since_us);
	return end_search(search, query, error);
}

/* The last first: it is what the mail answers to. */
static gboolean
search_references(struct search *search, GError **error)
{
	const char *const *references = search->likeness->references;
	const char *sql = sql_for(search->conn, by_reference, by_reference_pg);
	guint64 own = likeness_reference(search->likeness->message_id);
	guint n = 0;

	while (references && references[n])
		n++;
	if (!search_key(search, sql, own, error))
		return FALSE;
	for (guint i = 0; i < MIN(n, LIKENESS_REFERENCES_MAX); i++) {
		guint64 key = likeness_reference(references[n - 1 - i]);

		if (!search_key(search, sql, key, error))
			return FALSE;
	}
	return TRUE;
}

/* Whoever writes to several of us within days writes to them about the same. */
static gboolean
search_author(struct search *search, GError **error)
{
	guint64 author = likeness_author(search->likeness->sender);
	g_autoptr(SqlQuery) query = NULL;

	if (author == 0 || *search->campaign != '\0')
		return TRUE;
	query = sql_query(search->conn,
			  sql_for(search->conn, by_author, by_author_pg),
			  error);
	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, (gint64)author);
	sql_bind_int64(query, 2, search->now_us - LIKENESS_AUTHOR_US);
	return end_search(search, query, error);
}

static gboolean
search_near(struct search *search, struct recent *touches, GError **error)
{
	const char *newest = sql_for(search->conn, newer_rows, newer_rows_pg);
	guint64 fingerprint = search->likeness->fingerprint, seq;
	g_autoptr(SqlQuery) query = NULL;

	if (fingerprint == 0 || *search->campaign != '\0')
		return TRUE;
	if (!sql_recent_read(search->conn, newest, touches, error))
		return FALSE;
	if (!recent_nearest(touches, fingerprint, search->since_us, &seq))
		return TRUE;
	query = sql_query(search->conn,
			  sql_for(search->conn, by_seq, by_seq_pg), error);
	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, (gint64)seq);
	return end_search(search, query, error);
}

/* The rules of store_history(), in their order. */
static gboolean
search_all(struct search *search, struct recent *touches, GError **error)
{
	guint64 subject = search->likeness->subject_key;

	if (*search->origin != '\0' &&
	    (!search_buyer(search, error) ||
	     !search_references(search, error) ||
	     !search_key(search,
			 sql_for(search->conn, by_subject, by_subject_pg),
			 subject, error)))
		return FALSE;
	if (!search_author(search, error))
		return FALSE;
	return search_near(search, touches, error);
}

static gboolean
count_touches(const struct search *search, gint64 now_us, guint *touch,
	      GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(search->conn, touches_of, error);
	guint64 own = likeness_reference(search->likeness->message_id);
	struct likeness_touch touches[STORE_TOUCH_MAX];
	enum sql_step step;
	guint n = 0;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, search->likeness->buyer);
	sql_bind_string(query, 2, search->campaign);
	sql_bind_int64(query, 3, STORE_TOUCH_MAX);
	while ((step = sql_next(search->conn, query, error)) == SQL_STEP_ROW)
		touches[n++] = (struct likeness_touch){
			sql_int64_at(query, 0), (guint64)sql_int64_at(query, 1)
		};
	*touch = likeness_count(touches, n, own, now_us);
	return step == SQL_STEP_END;
}

gboolean
sql_touch_find(struct sql_conn *conn, struct recent *touches,
	       const struct store_likeness *likeness,
	       struct store_history *history, GError **error)
{
	gint64 now_us = clock_now_us();
	g_autofree char *origin =
		likeness_origin(likeness->vendor, likeness->sender);
	struct search search = {
		conn, likeness, origin, now_us, now_us - LIKENESS_CAMPAIGN_US,
		""
	};

	history->touch = 1;
	if (!likeness->buyer)
		return TRUE;
	if (!search_all(&search, touches, error))
		return FALSE;
	memcpy(history->campaign, search.campaign, sizeof(search.campaign));
	return *search.campaign == '\0' ||
	       count_touches(&search, now_us, &history->touch, error);
}
