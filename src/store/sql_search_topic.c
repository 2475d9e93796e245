#include "base/clock.h"
#include "sql_search_private.h"

/* The term that stands for all mail. */
#define ALL 0

static const char set_term[] =
	"INSERT INTO topic_term (vendors, time, term, label)"
	" VALUES (0, ?2, ?1, ?3) ON CONFLICT (term) DO UPDATE"
	" SET time = excluded.time, label = excluded.label"
	" WHERE excluded.time >= topic_term.time";
static const char find_term[] = "SELECT seq FROM topic_term WHERE term = ?1";
static const char count_vendor[] =
	"UPDATE topic_term SET vendors = vendors + 1 WHERE seq = ?1"
	" AND NOT EXISTS (SELECT 1 FROM topic"
	" WHERE term = ?1 AND vendor = ?2)";
static const char count_topic[] =
	"INSERT INTO topic (term, vendor, day, buyer, priority, n)"
	" VALUES (?1, ?2, ?3, ?4, ?5, 1)"
	" ON CONFLICT (term, vendor, day, buyer, priority)"
	" DO UPDATE SET n = topic.n + 1";

#define WITHIN                                                                 \
	" AND (?1 IS NULL OR buyer = ?1) AND (?2 IS NULL OR priority = ?2)"    \
	" AND day >= ?3 AND day < ?4"
static const char list_topics[] =
	"SELECT topic.term, vendor, day, n, topic_term.term, label"
	" FROM topic_term CROSS JOIN topic ON topic.term = topic_term.seq"
	" WHERE topic_term.seq > 0 AND vendors >= ?5" WITHIN
	" ORDER BY topic_term.seq, vendor, day";
static const char list_all[] =
	"SELECT term, vendor, day, n, '', '' FROM topic WHERE term = 0"
	" AND 0 = ?5" WITHIN " ORDER BY vendor, day";
static const char list_vendors[] =
	"SELECT vendor FROM topic WHERE term ="
	" (SELECT seq FROM topic_term WHERE term = ?5)" WITHIN
	" GROUP BY vendor ORDER BY sum(n) DESC, vendor";

static gboolean
run_term(struct sql_conn *conn, const char *term, gint64 time_us,
	 const char *label, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, set_term, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, term);
	sql_bind_int64(query, 2, time_us);
	sql_bind_string(query, 3, label);
	return sql_run(conn, query, error);
}

static gboolean
find_seq(struct sql_conn *conn, const char *term, gint64 *seq, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_term, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, term);
	if (sql_next(conn, query, error) != SQL_STEP_ROW)
		return FALSE;
	*seq = sql_int64_at(query, 0);
	return TRUE;
}

static gboolean
count_one(struct sql_conn *conn, const char *sql, gint64 seq,
	  const struct store_message *message, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_string(query, 2, message->vendor);
	if (sql == count_topic) {
		sql_bind_int64(query, 3, message->time_us / CLOCK_DAY_US);
		sql_bind_string(query, 4, message->buyer);
		sql_bind_string(query, 5, message->priority);
	}
	return sql_run(conn, query, error);
}

static gboolean
count_seq(struct sql_conn *conn, gint64 seq,
	  const struct store_message *message, GError **error)
{
	return count_one(conn, count_vendor, seq, message, error) &&
	       count_one(conn, count_topic, seq, message, error);
}

gboolean
sql_topics_count(struct sql_conn *conn, const struct store_message *message,
		 const GPtrArray *terms, const GPtrArray *labels,
		 GError **error)
{
	g_autoptr(GHashTable) counted =
		g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < terms->len; i++) {
		const char *term = terms->pdata[i];
		gint64 seq;

		if (*term == '\0' ||
		    !g_hash_table_add(counted, terms->pdata[i]))
			continue;
		if (!run_term(conn, term, message->time_us, labels->pdata[i],
			      error) ||
		    !find_seq(conn, term, &seq, error) ||
		    !count_seq(conn, seq, message, error))
			return FALSE;
	}
	return count_seq(conn, ALL, message, error);
}

/* What is asked of trends, in days. */
struct span {
	gint64 first;
	gint64 end;
	gint64 step;
};

static struct span
span_of(const struct store_trend_query *query)
{
	struct span span = { query->since_us / CLOCK_DAY_US, G_MAXUINT32,
			     MAX(query->step_days, 1) };

	if (query->until_us != 0)
		span.end = (query->until_us + CLOCK_DAY_US - 1) / CLOCK_DAY_US;
	return span;
}

static void
bind(SqlQuery *query, const struct store_trend_query *asked,
     const struct span *span)
{
	sql_bind_or_null(query, 1, asked->buyer);
	sql_bind_or_null(query, 2, asked->priority);
	sql_bind_int64(query, 3, span->first);
	sql_bind_int64(query, 4, span->end);
}

/* One term's rows, which come by vendor and day. */
struct tally {
	gint64 term;
	struct store_trend *trend;
	GHashTable *places; /* of a day in trend->days, and one */
	char *vendor;	    /* of the row before */
	guint32 day;
	guint vendors;
};

static int
compare_days(gconstpointer a, gconstpointer b)
{
	const struct store_topic_day *one = a;
	const struct store_topic_day *other = b;

	return (one->day > other->day) - (one->day < other->day);
}

static struct store_topic_day *
day_of(struct tally *tally, guint32 day)
{
	GArray *days = tally->trend->days;
	guint place = GPOINTER_TO_UINT(
		g_hash_table_lookup(tally->places, GUINT_TO_POINTER(day)));
	const struct store_topic_day fresh = { day, 0, 0 };

	if (place == 0) {
		g_array_append_val(days, fresh);
		place = days->len;
		g_hash_table_insert(tally->places, GUINT_TO_POINTER(day),
				    GUINT_TO_POINTER(place));
	}
	return &g_array_index(days, struct store_topic_day, place - 1);
}

static void
add_row(struct tally *tally, SqlQuery *query, const struct span *span)
{
	const char *vendor = sql_text_at(query, 1);
	const gint64 day = sql_int64_at(query, 2);
	const guint32 first =
		(guint32)(span->first +
			  (day - span->first) / span->step * span->step);
	struct store_topic_day *sum = day_of(tally, first);
	const gboolean other = g_strcmp0(vendor, tally->vendor) != 0;

	if (other) {
		g_free(tally->vendor);
		tally->vendor = g_strdup(vendor);
		tally->vendors++;
	}
	if (other || tally->day != first)
		sum->vendors++;
	tally->day = first;
	sum->messages += (guint32)sql_int64_at(query, 3);
}

static void
tally_begin(struct tally *tally, gint64 term, SqlQuery *query)
{
	tally->term = term;
	tally->vendors = 0;
	g_clear_pointer(&tally->vendor, g_free);
	g_hash_table_remove_all(tally->places);
	tally->trend = g_new0(struct store_trend, 1);
	tally->trend->term = sql_string_at(query, 4);
	tally->trend->label = sql_string_at(query, 5);
	tally->trend->days =
		g_array_new(FALSE, FALSE, sizeof(struct store_topic_day));
}

static void
tally_end(struct tally *tally, guint min_vendors, GPtrArray *trends)
{
	struct store_trend *trend = g_steal_pointer(&tally->trend);

	if (!trend)
		return;
	g_array_sort(trend->days, compare_days);
	if (tally->vendors >= min_vendors)
		g_ptr_array_add(trends, trend);
	else
		store_trend_free(trend);
}

static gboolean
read_trends(struct sql_conn *conn, SqlQuery *query, const struct span *span,
	    guint min_vendors, GPtrArray *trends, GError **error)
{
	struct tally tally = { .places = g_hash_table_new(NULL, NULL) };
	enum sql_step step;

	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		const gint64 term = sql_int64_at(query, 0);

		if (!tally.trend || term != tally.term) {
			tally_end(&tally, min_vendors, trends);
			tally_begin(&tally, term, query);
		}
		add_row(&tally, query, span);
	}
	tally_end(&tally, min_vendors, trends);
	g_free(tally.vendor);
	g_hash_table_unref(tally.places);
	return step == SQL_STEP_END;
}

static GPtrArray *
trends_of(struct sql_conn *conn, const char *sql,
	  const struct store_trend_query *asked, guint min_vendors,
	  GError **error)
{
	const struct span span = span_of(asked);
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);
	g_autoptr(GPtrArray) trends = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_trend_free);

	if (!query)
		return NULL;
	bind(query, asked, &span);
	sql_bind_int64(query, 5, min_vendors);
	if (!read_trends(conn, query, &span, min_vendors, trends, error))
		return NULL;
	return g_steal_pointer(&trends);
}

static GArray *
days_of_all(const GPtrArray *trends)
{
	const struct store_trend *trend;

	if (trends->len == 0)
		return g_array_new(FALSE, FALSE,
				   sizeof(struct store_topic_day));
	trend = trends->pdata[0];
	return g_array_ref(trend->days);
}

struct ask {
	const struct store_trend_query *query;
	GArray **all;
	const char *term;
};

static gpointer
trends_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct ask *ask = data;
	g_autoptr(GPtrArray) trends = trends_of(conn, list_topics, ask->query,
						ask->query->min_vendors, error);
	g_autoptr(GPtrArray) whole = NULL;

	if (!trends)
		return NULL;
	if (ask->all) {
		whole = trends_of(conn, list_all, ask->query, 0, error);
		if (!whole)
			return NULL;
		*ask->all = days_of_all(whole);
	}
	return g_steal_pointer(&trends);
}

GPtrArray *
sql_trends(struct store *store, const struct store_trend_query *query,
	   GArray **all, GError **error)
{
	const struct ask ask = { query, all, NULL };

	return sql_read(store, trends_in, &ask, error);
}

static gpointer
read_vendor(SqlQuery *query)
{
	return sql_string_at(query, 0);
}

static gpointer
vendors_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct ask *ask = data;
	const struct span span = span_of(ask->query);
	g_autoptr(SqlQuery) query = sql_query(conn, list_vendors, error);

	if (!query)
		return NULL;
	bind(query, ask->query, &span);
	sql_bind_string(query, 5, ask->term);
	return sql_rows(conn, query, read_vendor, g_free, error);
}

GPtrArray *
sql_trend_vendors(struct store *store, const struct store_trend_query *query,
		  const char *term, GError **error)
{
	const struct ask ask = { query, NULL, term };

	return sql_read(store, vendors_in, &ask, error);
}
