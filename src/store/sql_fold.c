#include <string.h>

#include "sql_fold_private.h"
#include "sql_task_private.h"

static const char count_folds[] =
	"SELECT count(*), CAST(coalesce(sum(n), 0) AS bigint) FROM fold"
	" WHERE buyer = ?1 AND " SQL_FOLD_WANTED
	" AND key NOT IN (" SQL_FOLDS_APART ")";
static const char find_top[] =
	"SELECT " COLUMNS " FROM message WHERE buyer = ?1 AND id = ?2";
static const char count_colleagues[] =
	"SELECT count(*) FROM (SELECT buyer FROM touch WHERE campaign = ?2"
	" AND buyer <> ?1 GROUP BY buyer) AS others";
static const char sum_flow[] =
	"SELECT day, priority, sum(delivered), sum(tagged), sum(held),"
	" sum(released), sum(relevant) FROM flow WHERE ?1 = '' AND day >= ?2"
	" GROUP BY day, priority"
	" HAVING sum(delivered + tagged + held) > 0 ORDER BY day, priority";
static const char list_flow[] =
	"SELECT day, priority, delivered, tagged, held, released, relevant"
	" FROM flow WHERE buyer = ?1 AND day >= ?2"
	" AND delivered + tagged + held > 0 ORDER BY day, priority";
/* By the row's number, for SQLite; PostgreSQL finds the partition by the
 * buyer. */
#define LIST_NEAR(buyer)                                                       \
	"SELECT day, priority, sum(delivered), sum(tagged), sum(held),"        \
	" sum(released), sum(relevant) FROM fate WHERE " buyer " = ?1"         \
	" AND seq IN (SELECT seq FROM message WHERE buyer = ?1 AND id >= ?2"   \
	" AND time >= ?3 AND " SQL_NEAR("?4") ") GROUP BY day, priority"       \
					      " ORDER BY day, priority"
static const char list_near[] = LIST_NEAR("+buyer");
static const char list_near_pg[] = LIST_NEAR("buyer");

/* Folds that are read one by one at most. */
#define APART_MAX 50

struct asked {
	const struct store_fold_query *query;
	struct store_fold_total *total;
	struct haystacks *haystacks;
};

/* Every text has nothing in it. */
static gboolean
searches(const struct store_fold_query *query)
{
	return query->text && *query->text;
}

/* But those that are counted apart. */
static gboolean
count_all(struct sql_conn *conn, const struct asked *asked, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, count_folds, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, asked->query->buyer);
	sql_bind_int64(query, 2, asked->query->now_us);
	sql_bind_int64(query, 3, asked->query->decided);
	if (!sql_run(conn, query, error))
		return FALSE;
	asked->total->folds = (guint)sql_int64_at(query, 0);
	asked->total->messages = (guint)sql_int64_at(query, 1);
	return TRUE;
}

/* What was found, from there on. */
static void
count_found(const struct asked *asked, const GArray *folds, guint from)
{
	for (guint i = from; i < folds->len; i++) {
		asked->total->folds++;
		asked->total->messages +=
			g_array_index(folds, struct sql_fold, i).n;
	}
}

static void
leave_out(GArray *folds, GHashTable *keys)
{
	guint kept = 0;

	if (g_hash_table_size(keys) == 0)
		return;
	for (guint i = 0; i < folds->len; i++) {
		struct sql_fold *fold =
			&g_array_index(folds, struct sql_fold, i);

		if (!g_hash_table_contains(keys, fold->key)) {
			struct sql_fold swap =
				g_array_index(folds, struct sql_fold, kept);

			g_array_index(folds, struct sql_fold, kept++) = *fold;
			*fold = swap;
		}
	}
	g_array_set_size(folds, kept);
}

/* Many folds one by one would take longer than all messages. */
static gboolean
read_all(struct sql_conn *conn, const struct asked *asked, GArray *folds,
	 GError **error)
{
	if (!sql_folds_scan(conn, asked->query, NULL, folds, error))
		return FALSE;
	count_found(asked, folds, 0);
	return TRUE;
}

/*
 * From what is summed up; but folds with a message that is put off or wanted
 * are left out of that, and counted here.
 */
static gboolean
read_whole(struct sql_conn *conn, const struct asked *asked, GArray *folds,
	   GError **error)
{
	const struct store_fold_query *query = asked->query;
	g_autoptr(GHashTable) apart =
		sql_folds_apart(conn, query->buyer, query->now_us, error);
	guint64 limit;
	guint kept;

	if (apart && g_hash_table_size(apart) > APART_MAX)
		return read_all(conn, asked, folds, error);
	if (!apart || !count_all(conn, asked, error))
		return FALSE;
	limit = (guint64)query->offset + query->limit +
		g_hash_table_size(apart);
	if (!sql_folds_read(conn, query, (guint)MIN(limit, G_MAXUINT), folds,
			    error))
		return FALSE;
	leave_out(folds, apart);
	kept = folds->len;
	if (!sql_folds_scan(conn, query, apart, folds, error))
		return FALSE;
	count_found(asked, folds, kept);
	return TRUE;
}

static gboolean
search(struct sql_conn *conn, const struct asked *asked, GArray *folds,
       GError **error)
{
	const struct store_fold_query *query = asked->query;
	struct haystack *haystack =
		haystacks_take(asked->haystacks, query->buyer);
	const gboolean ok =
		sql_folds_search(conn, query, haystack, folds, error);

	haystacks_give(asked->haystacks, haystack,
		       ok && !query->vendor && !query->priority);
	return ok;
}

static gboolean
read_folds(struct sql_conn *conn, const struct asked *asked, GArray *folds,
	   GError **error)
{
	const struct store_fold_query *query = asked->query;
	gboolean ok;

	if (searches(query))
		ok = search(conn, asked, folds, error);
	else if (query->vendor || query->priority)
		ok = sql_folds_scan(conn, query, NULL, folds, error);
	else
		return read_whole(conn, asked, folds, error);
	if (ok)
		count_found(asked, folds, 0);
	return ok;
}

static gboolean
read_top(struct sql_conn *conn, const char *buyer, const struct sql_fold *fold,
	 struct store_message **top, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_top, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, buyer);
	sql_bind_string(query, 2, fold->top);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_END)
		sql_not_found("message", fold->top, error);
	if (step != SQL_STEP_ROW)
		return FALSE;
	*top = sql_row_read(query);
	return TRUE;
}

static gboolean
read_colleagues(struct sql_conn *conn, struct store_fold *fold, GError **error)
{
	g_autoptr(SqlQuery) query = NULL;

	if (*fold->top->campaign == '\0')
		return TRUE;
	query = sql_query(conn, count_colleagues, error);
	if (!query)
		return FALSE;
	sql_bind_string(query, 1, fold->top->buyer);
	sql_bind_string(query, 2, fold->top->campaign);
	if (!sql_run(conn, query, error))
		return FALSE;
	fold->colleagues = (guint)sql_int64_at(query, 0);
	return TRUE;
}

/* What was never judged has no threshold to miss. */
static double
regret_of(const struct sql_fold *fold, const struct store_message *top,
	  double tag)
{
	gboolean judged = top->outreach >= 0 || top->relevance >= 0;

	return judged ? fold->rank - tag : fold->rank;
}

static struct store_fold *
fill(struct sql_conn *conn, const struct store_fold_query *query,
     const struct sql_fold *row, GError **error)
{
	struct store_fold *fold = g_new0(struct store_fold, 1);

	if (!read_top(conn, query->buyer, row, &fold->top, error) ||
	    !read_colleagues(conn, fold, error)) {
		store_fold_free(fold);
		return NULL;
	}
	fold->n = row->n;
	fold->first_us = row->first_us;
	fold->last_us = row->last_us;
	fold->regret = regret_of(row, fold->top, query->tag);
	return fold;
}

static GPtrArray *
fill_page(struct sql_conn *conn, const struct store_fold_query *query,
	  const GArray *folds, GError **error)
{
	g_autoptr(GPtrArray) page =
		g_ptr_array_new_with_free_func((GDestroyNotify)store_fold_free);

	for (guint i = query->offset;
	     i < folds->len && page->len < query->limit; i++) {
		struct store_fold *fold =
			fill(conn, query,
			     &g_array_index(folds, struct sql_fold, i), error);

		if (!fold)
			return NULL;
		g_ptr_array_add(page, fold);
	}
	return g_steal_pointer(&page);
}

/* In one transaction: others change what is held meanwhile. */
static gpointer
list_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(GArray) folds = sql_folds_new();
	GPtrArray *page = NULL;

	*asked->total = (struct store_fold_total){ 0 };
	if (!sql_look(conn, error))
		return NULL;
	if (read_folds(conn, asked, folds, error)) {
		sql_folds_sort(folds, asked->query->order);
		page = fill_page(conn, asked->query, folds, error);
	}
	sql_rollback(conn);
	return page;
}

GPtrArray *
sql_fold_list(struct store *store, const struct store_fold_query *query,
	      struct store_fold_total *total, GError **error)
{
	struct asked asked = { query, total, sql_store(store)->haystacks };

	return sql_read(store, list_in, &asked, error);
}

static gpointer
read_flow(SqlQuery *query)
{
	struct store_flow *flow = g_new0(struct store_flow, 1);

	flow->day_us = sql_int64_at(query, 0);
	flow->priority = sql_string_at(query, 1);
	flow->delivered = (guint)sql_int64_at(query, 2);
	flow->tagged = (guint)sql_int64_at(query, 3);
	flow->held = (guint)sql_int64_at(query, 4);
	flow->released = (guint)sql_int64_at(query, 5);
	flow->relevant = (guint)sql_int64_at(query, 6);
	return flow;
}

struct span {
	const char *buyer;
	gint64 since_us;
};

static gpointer
flow_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct span *span = data;
	const gboolean sums = (!span->buyer || *span->buyer == '\0') &&
			      !conn->backend->sums_of_all;
	g_autoptr(SqlQuery) query =
		sql_query(conn, sums ? sum_flow : list_flow, error);

	if (!query)
		return NULL;
	sql_bind_string(query, 1, span->buyer);
	sql_bind_int64(query, 2, span->since_us);
	return sql_rows(conn, query, read_flow, (GDestroyNotify)store_flow_free,
			error);
}

GPtrArray *
sql_flow_list(struct store *store, const char *buyer, gint64 since_us,
	      GError **error)
{
	struct span span = { buyer, since_us };

	return sql_read(store, flow_in, &span, error);
}

static gpointer
near_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct store_span *span = data;
	g_autoptr(SqlQuery) query =
		sql_query(conn, sql_for(conn, list_near, list_near_pg), error);
	char first[ID_LEN + 1];

	if (!query)
		return NULL;
	id_floor(span->since_us, first);
	sql_bind_string(query, 1, span->buyer);
	sql_bind_string(query, 2, first);
	sql_bind_int64(query, 3, span->since_us);
	sql_bind_double(query, 4, span->tag);
	return sql_rows(conn, query, read_flow, (GDestroyNotify)store_flow_free,
			error);
}

GPtrArray *
sql_flow_near(struct store *store, const struct store_span *span,
	      GError **error)
{
	return sql_read(store, near_in, span, error);
}

const struct store_review sql_review = {
	sql_pending_add, sql_pending_end, sql_pending_list,
	sql_fold_list,	 sql_flow_list,	  sql_flow_near,
};
