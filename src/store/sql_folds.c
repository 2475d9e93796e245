#include <string.h>

#include "sql_contains_private.h"
#include "sql_fold_private.h"
#include "sql_sum_private.h"
#include "sql_task_private.h"

/*
 * In the order of message_fold, which has all of it: what is in one campaign
 * comes together. A hundred thousand rows are worth doing by hand what the view
 * `waiting` says.
 */
#define SCAN_COLUMNS                                                           \
	"SELECT seq, id, campaign, time, outreach, relevance, vendor"
#define SCAN_ROWS                                                              \
	" FROM message WHERE state = 1 AND buyer = ?1"                         \
	" AND (?2 IS NULL OR vendor = ?2)"                                     \
	" AND (?3 IS NULL OR (priority = ?3 AND " SQL_NEAR("?4") "))"
#define SCAN_ORDER " ORDER BY campaign, time"

#define FOLDS                                                                  \
	"SELECT key, n, first, last, rank, top, vendor FROM fold"              \
	" WHERE buyer = ?1 AND " SQL_FOLD_WANTED

#define TEXTS	 " subject, author, author_name, vendor"
#define TEXTS_AT 7

static const char scan_all[] = SCAN_COLUMNS SCAN_ROWS SCAN_ORDER;
static const char scan_texts[] = SCAN_COLUMNS "," TEXTS SCAN_ROWS SCAN_ORDER;
static const char scan_campaign[] =
	SCAN_COLUMNS SCAN_ROWS " AND campaign = ?5" SCAN_ORDER;
static const char texts_of[] =
	"SELECT" TEXTS " FROM message WHERE buyer = ?2 AND seq = ?1";
static const char ids_snoozed[] = SQL_SNOOZED;
static const char ids_useless[] = SQL_USELESS;
static const char ids_wanted[] = SQL_WANTED;
static const char scan_alone[] =
	SCAN_COLUMNS SCAN_ROWS " AND campaign = '' AND id = ?5" SCAN_ORDER;
static const char keys_apart[] = SQL_FOLDS_APART;

/* One campaign, or the message of that id when it is of none. */
struct part {
	const char *key;
	gboolean alone;
};

/* What the rows are held against. */
struct scan {
	struct sql_conn *conn;
	const struct store_fold_query *query;
	GHashTable *snoozed;
	GHashTable *useless;	   /* ids that were labelled so */
	GHashTable *wanted;	   /* those that were labelled otherwise */
	struct haystack *haystack; /* NULL: all have what is looked for */
};

/* As compare_*() below. */
static const char *const read_folds[] = {
	[STORE_ORDER_REGRET] =
		FOLDS " ORDER BY rank DESC, last DESC, key DESC LIMIT ?2",
	[STORE_ORDER_NEWEST] = FOLDS " ORDER BY last DESC, key DESC LIMIT ?2",
	[STORE_ORDER_VENDOR] = FOLDS " ORDER BY vendor = '', vendor, rank DESC,"
				     " last DESC, key DESC LIMIT ?2",
};

static void
fold_clear(gpointer data)
{
	struct sql_fold *fold = data;

	g_free(fold->key);
	g_free(fold->vendor);
}

GArray *
sql_folds_new(void)
{
	GArray *folds = g_array_new(FALSE, FALSE, sizeof(struct sql_fold));

	g_array_set_clear_func(folds, fold_clear);
	return folds;
}

static struct sql_fold *
last_of(GArray *folds)
{
	if (folds->len == 0)
		return NULL;
	return &g_array_index(folds, struct sql_fold, folds->len - 1);
}

static gboolean
beats(const struct sql_fold *fold, double rank, const char *id)
{
	if (fold->rank != rank)
		return rank > fold->rank;
	return strcmp(id, fold->top) > 0;
}

static gboolean
is_in(GHashTable *ids, const char *id)
{
	return g_hash_table_size(ids) > 0 && g_hash_table_contains(ids, id);
}

/* As the view `waiting` has it, but for what is wanted: `fold` has that at the
 * end, with all that was labelled. */
static double
rank_of(const struct scan *scan, SqlQuery *query, const char *id)
{
	return sql_rank(sql_double_at(query, 4), sql_double_at(query, 5)) -
	       (is_in(scan->useless, id) ? 2 : 0) +
	       (is_in(scan->wanted, id) ? 4 : 0);
}

/* The message of the row goes to its fold, which is the last or a new one. */
static void
add_row(const struct scan *scan, GArray *folds, SqlQuery *query, const char *id)
{
	const char *campaign = sql_text_at(query, 2);
	const char *key = *campaign ? campaign : id;
	gint64 time_us = sql_int64_at(query, 3);
	double rank = rank_of(scan, query, id);
	struct sql_fold *fold = last_of(folds);

	if (!fold || strcmp(fold->key, key) != 0) {
		struct sql_fold new = { .key = g_strdup(key),
					.first_us = time_us,
					.rank = -G_MAXDOUBLE };

		g_array_append_val(folds, new);
		fold = last_of(folds);
	}
	fold->n++;
	fold->useless += is_in(scan->useless, id) ? 1 : 0;
	fold->last_us = time_us;
	if (!beats(fold, rank, id))
		return;
	fold->rank = rank;
	g_strlcpy(fold->top, id, sizeof(fold->top));
	g_free(fold->vendor);
	fold->vendor = sql_string_at(query, 6);
}

static void
fold_texts(SqlQuery *query, int from, GString *fields)
{
	for (int i = from; i < sql_columns(query); i++) {
		g_autofree char *text = sql_string_at(query, i);
		g_autofree char *folded = sql_folded(text);

		g_string_append_len(fields, folded, (gssize)strlen(folded) + 1);
	}
}

/* From its row, which is not in the index: that is what takes time. */
static gboolean
read_texts(const struct scan *scan, gint64 seq, GString *fields, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(scan->conn, texts_of, error);

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, seq);
	sql_bind_string(query, 2, scan->query->buyer);
	if (!sql_run(scan->conn, query, error))
		return FALSE;
	fold_texts(query, 0, fields);
	return TRUE;
}

/* `row` may have the texts. */
static gboolean
learn(const struct scan *scan, SqlQuery *row, const char *id, gboolean *found,
      GError **error)
{
	g_autoptr(GString) fields = g_string_new(NULL);
	const gint64 seq = sql_int64_at(row, 0);

	if (sql_columns(row) > TEXTS_AT)
		fold_texts(row, TEXTS_AT, fields);
	else if (!read_texts(scan, seq, fields, error))
		return FALSE;
	*found = haystack_learn(scan->haystack, seq, id, fields);
	return TRUE;
}

static gboolean
is_wanted(const struct scan *scan, SqlQuery *row, const char *id,
	  gboolean *wanted, GError **error)
{
	enum haystack_answer answer = HAYSTACK_YES;

	if (is_in(scan->snoozed, id)) {
		*wanted = FALSE;
		return TRUE;
	}
	if (scan->haystack)
		answer =
			haystack_look(scan->haystack, sql_int64_at(row, 0), id);
	if (answer == HAYSTACK_UNKNOWN)
		return learn(scan, row, id, wanted, error);
	*wanted = answer == HAYSTACK_YES;
	return TRUE;
}

static gboolean
scan_rows(const struct scan *scan, SqlQuery *query, GArray *folds,
	  GError **error)
{
	enum sql_step step;

	while ((step = sql_next(scan->conn, query, error)) == SQL_STEP_ROW) {
		const char *id = sql_text_at(query, 1);
		gboolean wanted = FALSE;

		if (!is_wanted(scan, query, id, &wanted, error))
			return FALSE;
		if (wanted)
			add_row(scan, folds, query, id);
	}
	return step == SQL_STEP_END;
}

/* The first column of all rows, in a set. */
static GHashTable *
read_set(struct sql_conn *conn, const char *sql, const char *buyer,
	 gint64 now_us, GError **error)
{
	g_autoptr(GHashTable) set =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);
	enum sql_step step;

	if (!query)
		return NULL;
	sql_bind_string(query, 1, buyer);
	if (sql_places(query) > 1)
		sql_bind_int64(query, 2, now_us);
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW)
		g_hash_table_add(set, sql_string_at(query, 0));
	return step == SQL_STEP_END ? g_steal_pointer(&set) : NULL;
}

/*
 * A text for each row is one question more; across a network a hundred thousand
 * of them would take longer than anybody waits.
 */
static const char *
scan_of(const struct scan *scan, const struct part *part)
{
	if (part)
		return part->alone ? scan_alone : scan_campaign;
	if (scan->haystack && scan->conn->backend->contended &&
	    haystack_is_empty(scan->haystack))
		return scan_texts;
	return scan_all;
}

/* Of those from there on, what the query asks for stays. */
static void
leave_decided(GArray *folds, guint from, enum store_decided decided)
{
	guint kept = from;

	if (decided == STORE_DECIDED_TOO)
		return;
	for (guint i = from; i < folds->len; i++) {
		struct sql_fold *fold =
			&g_array_index(folds, struct sql_fold, i);
		struct sql_fold swap =
			g_array_index(folds, struct sql_fold, kept);

		if ((fold->useless == fold->n) !=
		    (decided == STORE_DECIDED_ONLY))
			continue;
		g_array_index(folds, struct sql_fold, kept++) = *fold;
		*fold = swap;
	}
	g_array_set_size(folds, kept);
}

/* `part` NULL: of all. */
static gboolean
scan_part(const struct scan *scan, const struct part *part, GArray *folds,
	  GError **error)
{
	const struct store_fold_query *query = scan->query;
	g_autoptr(SqlQuery) rows =
		sql_query(scan->conn, scan_of(scan, part), error);

	if (!rows)
		return FALSE;
	sql_bind_string(rows, 1, query->buyer);
	sql_bind_or_null(rows, 2, query->vendor);
	sql_bind_or_null(rows, 3, query->priority);
	sql_bind_double(rows, 4, query->tag);
	if (part)
		sql_bind_string(rows, 5, part->key);
	return scan_rows(scan, rows, folds, error);
}

static gboolean
scan_keys(const struct scan *scan, GHashTable *keys, GArray *folds,
	  GError **error)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, keys);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		const struct part campaign = { key, FALSE };
		const struct part alone = { key, TRUE };

		if (!scan_part(scan, &campaign, folds, error) ||
		    !scan_part(scan, &alone, folds, error))
			return FALSE;
	}
	return TRUE;
}

/* `keys` NULL: of all. The sets may have thousands: they are read once. */
static gboolean
scan_with(struct scan *scan, GHashTable *keys, GArray *folds, GError **error)
{
	struct sql_conn *conn = scan->conn;
	const struct store_fold_query *query = scan->query;
	const guint from = folds->len;
	g_autoptr(GHashTable) snoozed =
		read_set(conn, ids_snoozed, query->buyer, query->now_us, error);
	g_autoptr(GHashTable) useless =
		snoozed ? read_set(conn, ids_useless, query->buyer, 0, error)
			: NULL;
	g_autoptr(GHashTable) wanted =
		useless ? read_set(conn, ids_wanted, query->buyer, 0, error)
			: NULL;

	if (!wanted)
		return FALSE;
	scan->snoozed = snoozed;
	scan->useless = useless;
	scan->wanted = wanted;
	if (keys ? !scan_keys(scan, keys, folds, error)
		 : !scan_part(scan, NULL, folds, error))
		return FALSE;
	leave_decided(folds, from, query->decided);
	return TRUE;
}

gboolean
sql_folds_scan(struct sql_conn *conn, const struct store_fold_query *query,
	       GHashTable *keys, GArray *folds, GError **error)
{
	struct scan scan = { .conn = conn, .query = query };

	/* Nothing is apart: then there is nothing to read. */
	if (keys && g_hash_table_size(keys) == 0)
		return TRUE;
	return scan_with(&scan, keys, folds, error);
}

gboolean
sql_folds_search(struct sql_conn *conn, const struct store_fold_query *query,
		 struct haystack *haystack, GArray *folds, GError **error)
{
	g_autofree char *text = sql_folded(query->text);
	struct scan scan = {
		.conn = conn,
		.query = query,
		.haystack = haystack,
	};

	haystack_seek(haystack, text);
	return scan_with(&scan, NULL, folds, error);
}

static struct sql_fold
read_row(SqlQuery *query)
{
	struct sql_fold fold = {
		.key = sql_string_at(query, 0),
		.n = (guint)sql_int64_at(query, 1),
		.first_us = sql_int64_at(query, 2),
		.last_us = sql_int64_at(query, 3),
		.rank = sql_double_at(query, 4),
		.vendor = sql_string_at(query, 6),
	};

	sql_id_at(query, 5, fold.top);
	return fold;
}

gboolean
sql_folds_read(struct sql_conn *conn, const struct store_fold_query *query,
	       guint limit, GArray *folds, GError **error)
{
	g_autoptr(SqlQuery) read =
		sql_query(conn, read_folds[query->order], error);
	enum sql_step step;

	if (!read)
		return FALSE;
	sql_bind_string(read, 1, query->buyer);
	sql_bind_int64(read, 2, limit);
	sql_bind_int64(read, 3, query->decided);
	while ((step = sql_next(conn, read, error)) == SQL_STEP_ROW) {
		struct sql_fold fold = read_row(read);

		g_array_append_val(folds, fold);
	}
	return step == SQL_STEP_END;
}

static int
compare_newest(gconstpointer a, gconstpointer b)
{
	const struct sql_fold *x = a;
	const struct sql_fold *y = b;

	if (x->last_us != y->last_us)
		return x->last_us < y->last_us ? 1 : -1;
	return strcmp(y->key, x->key);
}

static int
compare_regret(gconstpointer a, gconstpointer b)
{
	const struct sql_fold *x = a;
	const struct sql_fold *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return compare_newest(a, b);
}

/* What comes from public mail domains, which is no vendor, is last. */
static int
compare_vendor(gconstpointer a, gconstpointer b)
{
	const struct sql_fold *x = a;
	const struct sql_fold *y = b;
	int order = strcmp(x->vendor, y->vendor);

	if (order == 0)
		return compare_regret(a, b);
	if (*x->vendor == '\0' || *y->vendor == '\0')
		return -order;
	return order;
}

void
sql_folds_sort(GArray *folds, enum store_order order)
{
	static const GCompareFunc compare[] = {
		[STORE_ORDER_REGRET] = compare_regret,
		[STORE_ORDER_NEWEST] = compare_newest,
		[STORE_ORDER_VENDOR] = compare_vendor,
	};

	g_array_sort(folds, compare[order]);
}

GHashTable *
sql_folds_apart(struct sql_conn *conn, const char *buyer, gint64 now_us,
		GError **error)
{
	return read_set(conn, keys_apart, buyer, now_us, error);
}
