#include <sqlite3.h>

#include "sqlite_task_private.h"

/* The condition is the index's own, word by word, or it is not used. */
#define SUMS_HEAD                                                              \
	"SELECT buyer, vendor, priority, count(*), sum(state IN (1, 2)),"      \
	" min(time), max(time) FROM message INDEXED BY message_offer"          \
	" WHERE vendor <> '' AND (touch > 0 OR verdict <> 'deliver')"
#define SUMS_TAIL " GROUP BY buyer, vendor, priority"

static const char sums_of_all[] = SUMS_HEAD SUMS_TAIL;
static const char sums_of_buyer[] = SUMS_HEAD " AND buyer = ?1" SUMS_TAIL;

static gpointer
read_sum(SqliteQuery *query)
{
	struct store_vendor_sum *sum = g_new0(struct store_vendor_sum, 1);

	sum->buyer = sqlite_string_at(query, 0);
	sum->vendor = sqlite_string_at(query, 1);
	sum->priority = sqlite_string_at(query, 2);
	sum->touches = (guint)sqlite3_column_int64(query, 3);
	sum->held = (guint)sqlite3_column_int64(query, 4);
	sum->first_us = sqlite3_column_int64(query, 5);
	sum->last_us = sqlite3_column_int64(query, 6);
	return sum;
}

static GPtrArray *
sums_of(struct sqlite_conn *conn, const char *buyer, GError **error)
{
	g_autoptr(SqliteQuery) query =
		sqlite_query(conn, buyer ? sums_of_buyer : sums_of_all, error);

	if (!query)
		return NULL;
	if (buyer)
		sqlite_bind_string(query, 1, buyer);
	return sqlite_rows(conn, query, read_sum,
			   (GDestroyNotify)store_vendor_sum_free, error);
}

static gpointer
sums_in(struct sqlite_conn *conn, gconstpointer asked, GError **error)
{
	const char *const *buyers = asked;
	g_autoptr(GPtrArray) all = NULL;

	if (!buyers)
		return sums_of(conn, NULL, error);
	all = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_vendor_sum_free);
	for (; *buyers; buyers++) {
		GPtrArray *some = sums_of(conn, *buyers, error);

		if (!some)
			return NULL;
		g_ptr_array_extend_and_steal(all, some);
	}
	return g_steal_pointer(&all);
}

GPtrArray *
sqlite_vendor_sums(struct store *store, const char *const *buyers,
		   GError **error)
{
	return sqlite_read(store, sums_in, buyers, error);
}
