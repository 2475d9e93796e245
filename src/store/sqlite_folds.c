#include <sqlite3.h>
#include <string.h>

#include "sqlite_contains_private.h"
#include "sqlite_fold_private.h"
#include "sqlite_task_private.h"

/* Put off at ?2; at 0 nothing is. */
#define SNOOZED                                                                \
	"SELECT message FROM pending WHERE buyer = ?1 AND kind = 0"            \
	" AND ended = 0 AND ?2 <> 0 AND (until = 0 OR until > ?2)"

/* In the order of message_fold: what is in one campaign comes together. */
#define SCAN                                                                   \
	"SELECT key, time, rank, id, vendor FROM waiting WHERE buyer = ?1"     \
	" AND id NOT IN (" SNOOZED ")"                                         \
	" AND (?3 IS NULL OR vendor = ?3)"                                     \
	" AND (?4 IS NULL OR priority = ?4)"
#define SCAN_ORDER " ORDER BY campaign, time"

#define FOLDS "SELECT key, n, first, last, rank, top, vendor FROM fold"

static const char scan_all[] = SCAN SCAN_ORDER;
static const char scan_campaign[] = SCAN " AND campaign = ?5" SCAN_ORDER;
static const char scan_text[] = SCAN
	" AND (contains(subject, ?5) OR contains(author, ?5)"
	" OR contains(author_name, ?5) OR contains(vendor, ?5))" SCAN_ORDER;
static const char keys_snoozed[] =
	"SELECT DISTINCT key FROM waiting WHERE buyer = ?1"
	" AND id IN (" SNOOZED ")";

/* As compare_*() below. */
static const char *const read_folds[] = {
	[STORE_ORDER_REGRET] = FOLDS
	" WHERE buyer = ?1 ORDER BY rank DESC, last DESC, key DESC LIMIT ?2",
	[STORE_ORDER_NEWEST] =
		FOLDS " WHERE buyer = ?1 ORDER BY last DESC, key DESC LIMIT ?2",
	[STORE_ORDER_VENDOR] = FOLDS
	" WHERE buyer = ?1 ORDER BY vendor = '', vendor, rank DESC,"
	" last DESC, key DESC LIMIT ?2",
};

static void
fold_clear(gpointer data)
{
	struct sqlite_fold *fold = data;

	g_free(fold->key);
	g_free(fold->vendor);
}

GArray *
sqlite_folds_new(void)
{
	GArray *folds = g_array_new(FALSE, FALSE, sizeof(struct sqlite_fold));

	g_array_set_clear_func(folds, fold_clear);
	return folds;
}

static struct sqlite_fold *
last_of(GArray *folds)
{
	if (folds->len == 0)
		return NULL;
	return &g_array_index(folds, struct sqlite_fold, folds->len - 1);
}

static gboolean
beats(const struct sqlite_fold *fold, double rank, const char *id)
{
	if (fold->rank != rank)
		return rank > fold->rank;
	return strcmp(id, fold->top) > 0;
}

/* The message of the row goes to its fold, which is the last or a new one. */
static void
add_row(GArray *folds, SqliteQuery *query)
{
	const char *key = (const char *)sqlite3_column_text(query, 0);
	gint64 time_us = sqlite3_column_int64(query, 1);
	double rank = sqlite3_column_double(query, 2);
	const char *id = (const char *)sqlite3_column_text(query, 3);
	struct sqlite_fold *fold = last_of(folds);

	if (!fold || strcmp(fold->key, key) != 0) {
		struct sqlite_fold new = { .key = g_strdup(key),
					   .first_us = time_us,
					   .rank = -G_MAXDOUBLE };

		g_array_append_val(folds, new);
		fold = last_of(folds);
	}
	fold->n++;
	fold->last_us = time_us;
	if (!beats(fold, rank, id))
		return;
	fold->rank = rank;
	sqlite_id_at(query, 3, fold->top);
	g_free(fold->vendor);
	fold->vendor = sqlite_string_at(query, 4);
}

gboolean
sqlite_folds_scan(struct sqlite_conn *conn,
		  const struct store_fold_query *query, const char *campaign,
		  GArray *folds, GError **error)
{
	g_autofree char *text = query->text ? sqlite_folded(query->text) : NULL;
	const char *sql = text	     ? scan_text
			  : campaign ? scan_campaign
				     : scan_all;
	g_autoptr(SqliteQuery) scan = sqlite_query(conn, sql, error);
	enum sqlite_step step;

	if (!scan)
		return FALSE;
	sqlite_bind_string(scan, 1, query->buyer);
	sqlite3_bind_int64(scan, 2, query->now_us);
	sqlite_bind_or_null(scan, 3, query->vendor);
	sqlite_bind_or_null(scan, 4, query->priority);
	if (text || campaign)
		sqlite_bind_string(scan, 5, text ? text : campaign);
	while ((step = sqlite_next(conn, scan, error)) == SQLITE_STEP_ROW)
		add_row(folds, scan);
	return step == SQLITE_STEP_END;
}

static struct sqlite_fold
read_row(SqliteQuery *query)
{
	struct sqlite_fold fold = {
		.key = sqlite_string_at(query, 0),
		.n = (guint)sqlite3_column_int64(query, 1),
		.first_us = sqlite3_column_int64(query, 2),
		.last_us = sqlite3_column_int64(query, 3),
		.rank = sqlite3_column_double(query, 4),
		.vendor = sqlite_string_at(query, 6),
	};

	sqlite_id_at(query, 5, fold.top);
	return fold;
}

gboolean
sqlite_folds_read(struct sqlite_conn *conn,
		  const struct store_fold_query *query, guint limit,
		  GArray *folds, GError **error)
{
	g_autoptr(SqliteQuery) read =
		sqlite_query(conn, read_folds[query->order], error);
	enum sqlite_step step;

	if (!read)
		return FALSE;
	sqlite_bind_string(read, 1, query->buyer);
	sqlite3_bind_int64(read, 2, limit);
	while ((step = sqlite_next(conn, read, error)) == SQLITE_STEP_ROW) {
		struct sqlite_fold fold = read_row(read);

		g_array_append_val(folds, fold);
	}
	return step == SQLITE_STEP_END;
}

static int
compare_newest(gconstpointer a, gconstpointer b)
{
	const struct sqlite_fold *x = a;
	const struct sqlite_fold *y = b;

	if (x->last_us != y->last_us)
		return x->last_us < y->last_us ? 1 : -1;
	return strcmp(y->key, x->key);
}

static int
compare_regret(gconstpointer a, gconstpointer b)
{
	const struct sqlite_fold *x = a;
	const struct sqlite_fold *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return compare_newest(a, b);
}

/* What comes from public mail domains, which is no vendor, is last. */
static int
compare_vendor(gconstpointer a, gconstpointer b)
{
	const struct sqlite_fold *x = a;
	const struct sqlite_fold *y = b;
	int order = strcmp(x->vendor, y->vendor);

	if (order == 0)
		return compare_regret(a, b);
	if (*x->vendor == '\0' || *y->vendor == '\0')
		return -order;
	return order;
}

void
sqlite_folds_sort(GArray *folds, enum store_order order)
{
	static const GCompareFunc compare[] = {
		[STORE_ORDER_REGRET] = compare_regret,
		[STORE_ORDER_NEWEST] = compare_newest,
		[STORE_ORDER_VENDOR] = compare_vendor,
	};

	g_array_sort(folds, compare[order]);
}

GHashTable *
sqlite_folds_snoozed(struct sqlite_conn *conn, const char *buyer, gint64 now_us,
		     GError **error)
{
	g_autoptr(GHashTable) keys =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(SqliteQuery) query = sqlite_query(conn, keys_snoozed, error);
	enum sqlite_step step;

	if (!query)
		return NULL;
	sqlite_bind_string(query, 1, buyer);
	sqlite3_bind_int64(query, 2, now_us);
	while ((step = sqlite_next(conn, query, error)) == SQLITE_STEP_ROW)
		g_hash_table_add(keys, sqlite_string_at(query, 0));
	return step == SQLITE_STEP_END ? g_steal_pointer(&keys) : NULL;
}
