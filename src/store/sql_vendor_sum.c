#include "sql_task_private.h"

/* The condition is the index's own, word by word, or it is not used. */
#define SUMS_HEAD(near)                                                        \
	"SELECT buyer, vendor, priority, count(*), " near ","                  \
	" sum(CASE WHEN state IN (1, 2) THEN 1 ELSE 0 END),"                   \
	" min(time), max(time) FROM message INDEXED BY message_offer"          \
	" WHERE vendor <> '' AND (touch > 0 OR verdict <> 'deliver')"
#define SUMS_TAIL " GROUP BY buyer, vendor, priority"

static const char sums_of_all[] = SUMS_HEAD("0") SUMS_TAIL;
static const char sums_of_buyer[] = SUMS_HEAD("sum(CASE WHEN " SQL_NEAR(
	"?2") " THEN 1 ELSE 0 END)") " AND buyer = ?1" SUMS_TAIL;

struct asked {
	const char *const *buyers; /* NULL: all */
	const double *tags;
};

static gpointer
read_sum(SqlQuery *query)
{
	struct store_vendor_sum *sum = g_new0(struct store_vendor_sum, 1);

	sum->buyer = sql_string_at(query, 0);
	sum->vendor = sql_string_at(query, 1);
	sum->priority = sql_string_at(query, 2);
	sum->touches = (guint)sql_int64_at(query, 3);
	sum->near = (guint)sql_int64_at(query, 4);
	sum->held = (guint)sql_int64_at(query, 5);
	sum->first_us = sql_int64_at(query, 6);
	sum->last_us = sql_int64_at(query, 7);
	return sum;
}

static GPtrArray *
sums_of(struct sql_conn *conn, const char *buyer, double tag, GError **error)
{
	g_autoptr(SqlQuery) query =
		sql_query(conn, buyer ? sums_of_buyer : sums_of_all, error);

	if (!query)
		return NULL;
	if (buyer) {
		sql_bind_string(query, 1, buyer);
		sql_bind_double(query, 2, tag);
	}
	return sql_rows(conn, query, read_sum,
			(GDestroyNotify)store_vendor_sum_free, error);
}

static gpointer
sums_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(GPtrArray) all = NULL;

	if (!asked->buyers)
		return sums_of(conn, NULL, 0, error);
	all = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_vendor_sum_free);
	for (guint i = 0; asked->buyers[i]; i++) {
		GPtrArray *some =
			sums_of(conn, asked->buyers[i], asked->tags[i], error);

		if (!some)
			return NULL;
		g_ptr_array_extend_and_steal(all, some);
	}
	return g_steal_pointer(&all);
}

GPtrArray *
sql_vendor_sums(struct store *store, const char *const *buyers,
		const double *tags, GError **error)
{
	const struct asked asked = { buyers, tags };

	return sql_read(store, sums_in, &asked, error);
}
