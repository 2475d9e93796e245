/* What a new message adds to the sums of the queue: see migration.c. */
#include "sql_sum_private.h"

#include <string.h>

#include "base/clock.h"
#include "sql_private.h"

/* Let in although it is outreach, rather than not. */
#define OUTREACH 0.5

/* An update is half of what an upsert costs, and nearly always all. */
static const char raise_flow[] =
	"UPDATE flow SET delivered = delivered + ?4, tagged = tagged + ?5,"
	" held = held + ?6, released = released + ?7, relevant = relevant + ?8"
	" WHERE buyer = ?1 AND day = ?2 AND priority = ?3";
static const char insert_flow[] =
	"INSERT INTO flow (buyer, day, priority, delivered, tagged, held,"
	" released, relevant) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
#define BEATS "(excluded.rank, excluded.top) > (fold.rank, fold.top)"
#define BEST(column)                                                           \
	column " = CASE WHEN " BEATS " THEN excluded." column                  \
	       " ELSE fold." column " END"
/*
 * The row that `waiting` has of the message. Not read from there: SQLite copies
 * the pages that an INSERT of what a SELECT gives is going to change.
 */
static const char add_fold[] =
	"INSERT INTO fold (buyer, key, n, first, last, rank, top, vendor)"
	" VALUES (?1, ?2, 1, ?3, ?3, ?4 - CASE WHEN EXISTS (SELECT 1"
	" FROM feedback WHERE feedback.buyer = ?1 AND feedback.message = ?5"
	" AND retracted = 0) THEN 2.0 ELSE 0.0 END, ?5, ?6)"
	" ON CONFLICT (buyer, key) DO UPDATE SET"
	" n = fold.n + 1,"
	" first = CASE WHEN excluded.first < fold.first"
	" THEN excluded.first ELSE fold.first END,"
	" last = CASE WHEN excluded.last > fold.last"
	" THEN excluded.last ELSE fold.last END, " BEST("rank") ", " BEST(
		"top") ", " BEST("vendor");

enum { DELIVERED, TAGGED, HELD, RELEASED, RELEVANT, COUNTS };

/* A row of `flow`, and what is still to be added to it. */
struct sum {
	guint hash;
	gint64 day;
	char *buyer;
	char *priority;
	int counts[COUNTS];
};

struct sql_sums {
	GArray *rows; /* of struct sum */
};

static void
sum_clear(gpointer data)
{
	struct sum *sum = data;

	g_free(sum->buyer);
	g_free(sum->priority);
}

struct sql_sums *
sql_sums_new(void)
{
	struct sql_sums *sums = g_new(struct sql_sums, 1);

	sums->rows = g_array_new(FALSE, FALSE, sizeof(struct sum));
	g_array_set_clear_func(sums->rows, sum_clear);
	return sums;
}

void
sql_sums_free(struct sql_sums *sums)
{
	if (!sums)
		return;
	g_array_free(sums->rows, TRUE);
	g_free(sums);
}

void
sql_sums_forget(struct sql_sums *sums)
{
	g_array_set_size(sums->rows, 0);
}

static gboolean
flow_run(struct sql_conn *conn, const char *sql, const struct sum *sum,
	 GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, sum->buyer);
	sql_bind_int64(query, 2, sum->day);
	sql_bind_string(query, 3, sum->priority);
	for (int i = 0; i < COUNTS; i++)
		sql_bind_int64(query, 4 + i, sum->counts[i]);
	return sql_run(conn, query, error);
}

static gboolean
flow_add(struct sql_conn *conn, const struct sum *sum, GError **error)
{
	if (!flow_run(conn, raise_flow, sum, error))
		return FALSE;
	return sql_changes(conn) > 0 || flow_run(conn, insert_flow, sum, error);
}

static gboolean
any_count(const struct sum *sum)
{
	int all = 0;

	for (int i = 0; i < COUNTS; i++)
		all |= sum->counts[i];
	return all != 0;
}

gboolean
sql_sums_write(struct sql_conn *conn, GError **error)
{
	GArray *rows = conn->sums->rows;

	for (guint i = 0; i < rows->len; i++) {
		const struct sum *sum = &g_array_index(rows, struct sum, i);

		if (any_count(sum) && !flow_add(conn, sum, error))
			return FALSE;
	}
	sql_sums_forget(conn->sums);
	return TRUE;
}

static struct sum *
sum_find(GArray *rows, const struct sum *sum)
{
	for (guint i = 0; i < rows->len; i++) {
		struct sum *row = &g_array_index(rows, struct sum, i);

		if (row->hash == sum->hash && row->day == sum->day &&
		    strcmp(row->buyer, sum->buyer) == 0 &&
		    strcmp(row->priority, sum->priority) == 0)
			return row;
	}
	return NULL;
}

/*
 * The first of a transaction is written at once, so that the row is there for
 * triggers that take something from it; what follows only at the end.
 */
static gboolean
sum_add(struct sql_conn *conn, const struct sum *sum, GError **error)
{
	GArray *rows = conn->sums->rows;
	struct sum *row = sum_find(rows, sum);
	struct sum first = { sum->hash, sum->day, NULL, NULL, { 0 } };

	if (row) {
		for (int i = 0; i < COUNTS; i++)
			row->counts[i] += sum->counts[i];
		return TRUE;
	}
	if (!flow_add(conn, sum, error))
		return FALSE;
	first.buyer = g_strdup(sum->buyer);
	first.priority = g_strdup(sum->priority);
	g_array_append_val(rows, first);
	return TRUE;
}

static gboolean
is(const char *verdict, const char *word)
{
	return verdict && strcmp(verdict, word) == 0;
}

/* As the view `fate` has it. */
static void
count_fate(const struct store_message *message, int counts[COUNTS])
{
	gboolean held = message->state != STORE_DELIVERED;
	gboolean tagged = !held && is(message->verdict, "tag");

	counts[DELIVERED] = !held && !tagged;
	counts[TAGGED] = tagged;
	counts[HELD] = held;
	counts[RELEASED] = message->state == STORE_RELEASED;
	counts[RELEVANT] = !held && is(message->verdict, "deliver") &&
			   message->outreach >= OUTREACH;
}

static gboolean
add_for(struct sql_conn *conn, char *buyer, const struct store_message *message,
	GError **error)
{
	char none[] = "";
	struct sum sum = { .buyer = buyer ? buyer : none,
			   .priority = message->priority ? message->priority
							 : none };

	sum.day = message->time_us / CLOCK_DAY_US * CLOCK_DAY_US;
	sum.hash = g_str_hash(sum.buyer) * 31 + g_str_hash(sum.priority);
	count_fate(message, sum.counts);
	return sum_add(conn, &sum, error);
}

double
sql_rank(double outreach, double relevance)
{
	if (outreach < 0 && relevance < 0)
		return -1;
	return 1 - (outreach < 0 ? 0.5 : outreach) *
			   (1 - (relevance < 0 ? 0.5 : relevance));
}

static gboolean
fold_add(struct sql_conn *conn, const struct store_message *message,
	 GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, add_fold, error);
	const char *campaign = message->campaign;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, message->buyer);
	sql_bind_string(query, 2,
			campaign && *campaign ? campaign : message->id);
	sql_bind_int64(query, 3, message->time_us);
	sql_bind_double(query, 4,
			sql_rank(message->outreach, message->relevance));
	sql_bind_string(query, 5, message->id);
	sql_bind_string(query, 6, message->vendor);
	return sql_run(conn, query, error);
}

gboolean
sql_sum_add(struct sql_conn *conn, const struct store_message *message,
	    GError **error)
{
	char all[] = "";

	return add_for(conn, message->buyer, message, error) &&
	       (!conn->backend->sums_of_all ||
		add_for(conn, all, message, error)) &&
	       (message->state != STORE_HELD || fold_add(conn, message, error));
}
