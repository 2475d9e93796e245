/* Campaigns: which one a message is in, and how often it has touched. */
#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "likeness_private.h"
#include "sqlite_private.h"

static const char insert_touch[] =
	"INSERT INTO touch (seq, time, fingerprint, buyer, campaign, origin,"
	" reference, subject, author)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char delete_touch[] = "DELETE FROM touch WHERE seq = ?1";
static const char newer_rows[] =
	"SELECT * FROM (SELECT seq, time, fingerprint, buyer FROM touch"
	" WHERE seq > ?1 ORDER BY seq DESC LIMIT ?2) ORDER BY seq";

/* What is in the WHERE of a partial index must be said, or it is not used. */
static const char by_buyer[] =
	"SELECT campaign FROM touch WHERE buyer = ?2 AND origin = ?1"
	" AND origin <> '' AND time >= ?3 ORDER BY time DESC, seq DESC LIMIT 1";
static const char by_reference[] =
	"SELECT campaign FROM touch WHERE origin = ?1 AND reference = ?2"
	" AND origin <> '' AND reference <> 0 AND time >= ?3"
	" ORDER BY time DESC, seq DESC LIMIT 1";
static const char by_subject[] =
	"SELECT campaign FROM touch WHERE origin = ?1 AND subject = ?2"
	" AND origin <> '' AND subject <> 0 AND time >= ?3"
	" ORDER BY time DESC, seq DESC LIMIT 1";
static const char by_author[] =
	"SELECT campaign FROM touch WHERE author = ?1 AND author <> 0"
	" AND time >= ?2 ORDER BY time DESC, seq DESC LIMIT 1";
static const char by_seq[] = "SELECT campaign FROM touch WHERE seq = ?1";
static const char touches_of[] =
	"SELECT time, reference FROM touch WHERE buyer = ?1 AND campaign = ?2"
	" ORDER BY time DESC LIMIT ?3";

gboolean
sqlite_touch_add(struct sqlite_conn *conn, const struct store_message *message,
		 gint64 seq, GError **error)
{
	g_autoptr(SqliteQuery) query = NULL;
	g_autofree char *origin =
		likeness_origin(message->vendor, message->from);
	const char *id = message->message_id ? message->message_id : "";

	query = sqlite_query(conn, insert_touch, error);
	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, seq);
	sqlite3_bind_int64(query, 2, message->time_us);
	sqlite3_bind_int64(query, 3, (gint64)message->fingerprint);
	sqlite_bind_string(query, 4, message->buyer);
	sqlite_bind_string(query, 5, message->campaign);
	sqlite_bind_string(query, 6, origin);
	sqlite3_bind_int64(query, 7, (gint64)likeness_reference(id));
	sqlite3_bind_int64(query, 8, (gint64)message->subject_key);
	sqlite3_bind_int64(query, 9, (gint64)likeness_author(message->from));
	return sqlite_run(conn, query, error);
}

gboolean
sqlite_touch_drop(struct sqlite_conn *conn, gint64 seq, GError **error)
{
	g_autoptr(SqliteQuery) query = sqlite_query(conn, delete_touch, error);

	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, seq);
	return sqlite_run(conn, query, error);
}

/* One search: what is asked for, and the campaign found, "" while there is
 * none. */
struct search {
	struct sqlite_conn *conn;
	const struct store_likeness *likeness;
	const char *origin;
	gint64 now_us;
	gint64 since_us;
	char campaign[ID_LEN + 1];
};

static gboolean
end_search(struct search *search, SqliteQuery *query, GError **error)
{
	enum sqlite_step step = sqlite_next(search->conn, query, error);
	const char *campaign;

	if (step == SQLITE_STEP_ROW) {
		campaign = (const char *)sqlite3_column_text(query, 0);
		g_strlcpy(search->campaign, campaign ? campaign : "",
			  sizeof(search->campaign));
	}
	return step != SQLITE_STEP_FAILED;
}

static gboolean
search_buyer(struct search *search, GError **error)
{
	g_autoptr(SqliteQuery) query =
		sqlite_query(search->conn, by_buyer, error);

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, search->origin);
	sqlite_bind_string(query, 2, search->likeness->buyer);
	sqlite3_bind_int64(query, 3, search->since_us);
	return end_search(search, query, error);
}

/* By a key of 64 bits that is not 0, among what the origin sent to anybody. */
static gboolean
search_key(struct search *search, const char *sql, guint64 key, GError **error)
{
	g_autoptr(SqliteQuery) query = NULL;

	if (key == 0 || *search->campaign != '\0')
		return TRUE;
	query = sqlite_query(search->conn, sql, error);
	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, search->origin);
	sqlite3_bind_int64(query, 2, (gint64)key);
	sqlite3_bind_int64(query, 3, search->since_us);
	return end_search(search, query, error);
}

/* The last first: it is what the mail answers to. */
static gboolean
search_references(struct search *search, GError **error)
{
	const char *const *references = search->likeness->references;
	guint64 own = likeness_reference(search->likeness->message_id);
	guint n = 0;

	while (references && references[n])
		n++;
	if (!search_key(search, by_reference, own, error))
		return FALSE;
	for (guint i = 0; i < MIN(n, LIKENESS_REFERENCES_MAX); i++) {
		guint64 key = likeness_reference(references[n - 1 - i]);

		if (!search_key(search, by_reference, key, error))
			return FALSE;
	}
	return TRUE;
}

/* Whoever writes to several of us within days writes to them about the same. */
static gboolean
search_author(struct search *search, GError **error)
{
	guint64 author = likeness_author(search->likeness->sender);
	g_autoptr(SqliteQuery) query = NULL;

	if (author == 0 || *search->campaign != '\0')
		return TRUE;
	query = sqlite_query(search->conn, by_author, error);
	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, (gint64)author);
	sqlite3_bind_int64(query, 2, search->now_us - LIKENESS_AUTHOR_US);
	return end_search(search, query, error);
}

static gboolean
search_near(struct search *search, struct recent *touches, GError **error)
{
	guint64 fingerprint = search->likeness->fingerprint, seq;
	g_autoptr(SqliteQuery) query = NULL;

	if (fingerprint == 0 || *search->campaign != '\0')
		return TRUE;
	if (!sqlite_recent_read(search->conn, newer_rows, touches, error))
		return FALSE;
	if (!recent_nearest(touches, fingerprint, search->since_us, &seq))
		return TRUE;
	query = sqlite_query(search->conn, by_seq, error);
	if (!query)
		return FALSE;
	sqlite3_bind_int64(query, 1, (gint64)seq);
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
	     !search_key(search, by_subject, subject, error)))
		return FALSE;
	if (!search_author(search, error))
		return FALSE;
	return search_near(search, touches, error);
}

static gboolean
count_touches(const struct search *search, gint64 now_us, guint *touch,
	      GError **error)
{
	g_autoptr(SqliteQuery) query =
		sqlite_query(search->conn, touches_of, error);
	guint64 own = likeness_reference(search->likeness->message_id);
	struct likeness_touch touches[STORE_TOUCH_MAX];
	enum sqlite_step step;
	guint n = 0;

	if (!query)
		return FALSE;
	sqlite_bind_string(query, 1, search->likeness->buyer);
	sqlite_bind_string(query, 2, search->campaign);
	sqlite3_bind_int(query, 3, STORE_TOUCH_MAX);
	while ((step = sqlite_next(search->conn, query, error)) ==
	       SQLITE_STEP_ROW)
		touches[n++] = (struct likeness_touch){
			sqlite3_column_int64(query, 0),
			(guint64)sqlite3_column_int64(query, 1)
		};
	*touch = likeness_count(touches, n, own, now_us);
	return step == SQLITE_STEP_END;
}

gboolean
sqlite_touch_find(struct sqlite_conn *conn, struct recent *touches,
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
