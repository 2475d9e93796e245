/*
 * What lies in tables whose rows are about nothing but themselves. A row is
 * read by its key and added where it is not there; then what may change is
 * taken where it is the later one.
 */
#include <string.h>

#include "sql_copy_private.h"

#define BATCH_ROWS 500

/*
 * Columns with a letter each: t text, i integer, r real. The first `keys` of
 * them are the key, in whose order rows are read. `change` is what is done to a
 * row that is there; it has the same places.
 */
struct table {
	const char *name;
	const char *columns;
	guint keys;
	const char *change;
};

static const struct table tables[] = {
	/*
	 * The mark of the key (store/shared_key.h) is about contacts: that of
	 * the source counts where there are none yet, so this goes first.
	 */
	{ "job", "kind:t key:t time:i lease:i owner:t done:i attempts:i note:t",
	  2,
	  "UPDATE job SET time = ?3, lease = ?4, owner = ?5, done = ?6,"
	  " attempts = ?7, note = ?8 WHERE kind = ?1 AND key = ?2"
	  " AND CASE WHEN kind = 'site-key'"
	  " THEN NOT EXISTS (SELECT 1 FROM ledger) ELSE time < ?3 END" },
	{ "ledger", "buyer:t contact:t first:i last:i", 2,
	  "UPDATE ledger SET last = ?4 WHERE buyer = ?1 AND contact = ?2"
	  " AND last < ?4 AND ?3 <> 0" },
	{ "version", "buyer:t number:i time:i giver:t note:t base:t text:t", 2,
	  NULL },
	{ "feedback",
	  "buyer:t id:t message:t label:i time:i giver:t source:t retracted:i"
	  " retracted_by:t",
	  2,
	  "UPDATE feedback SET retracted = ?8, retracted_by = ?9"
	  " WHERE buyer = ?1 AND id = ?2 AND retracted = 0 AND ?8 <> 0" },
	{ "ruling",
	  "buyer:t id:t scope:i word:i subject:t until:i time:i giver:t cause:t"
	  " undone:i undone_by:t",
	  2,
	  "UPDATE ruling SET undone = ?10, undone_by = ?11"
	  " WHERE buyer = ?1 AND id = ?2 AND undone = 0 AND ?10 <> 0" },
	{ "pending",
	  "buyer:t id:t kind:i message:t giver:t time:i until:i ended:i"
	  " ended_by:t note:t",
	  2,
	  "UPDATE pending SET ended = ?8, ended_by = ?9, note = ?10"
	  " WHERE buyer = ?1 AND id = ?2 AND ended = 0 AND ?8 <> 0" },
	{ "pass",
	  "hash:t kind:i address:t time:i until:i ended:i agent:t client:t", 1,
	  "UPDATE pass SET ended = ?6 WHERE hash = ?1 AND ended = 0"
	  " AND ?6 <> 0" },
	{ "audit", "buyer:t id:t time:i who:t action:t object:t detail:t", 2,
	  NULL },
	{ "vote",
	  "team:t time:i id:t vendor:t member:t word:t reason:t giver:t", 3,
	  NULL },
	{ "watch", "buyer:t id:t query:t filters:t giver:t time:i", 2, NULL },
	{ "vendor", "domain:t card:t name:t owner:t note:t time:i giver:t", 1,
	  "UPDATE vendor SET card = ?2, name = ?3, owner = ?4, note = ?5,"
	  " time = ?6, giver = ?7 WHERE domain = ?1 AND time < ?6" },
	{ "claim",
	  "vendor:t buyer:t message:t kind:i place:i time:i text:t what:t"
	  " value:r value_max:r unit:t currency:t period:t",
	  5, NULL },
	{ "gleaned", "buyer:t message:t time:i counted:i", 2,
	  "UPDATE gleaned SET counted = ?4 WHERE buyer = ?1 AND message = ?2"
	  " AND counted < ?4" },
	{ "item", "source:t guid:t id:t time:i seen:i link:t title:t text:t", 2,
	  NULL },
	{ "source",
	  "name:t url:t etag:t modified:t due:i time:i success:i failures:i"
	  " error:t",
	  1,
	  "UPDATE source SET url = ?2, etag = ?3, modified = ?4, due = ?5,"
	  " time = ?6, success = ?7, failures = ?8, error = ?9"
	  " WHERE name = ?1 AND time < ?6" },
	{ "metric", "buyer:t priority:t day:i value:r", 3, NULL },
};

/* A value as it was read. */
struct value {
	char kind;
	char *text;
	gint64 integer;
	double real;
};

static void
values_free(gpointer data)
{
	struct value *values = data;

	for (struct value *value = values; value->kind; value++)
		g_free(value->text);
	g_free(values);
}

/* A table on its way; texts are the connection's keys, so they stay. */
struct passage {
	const struct table *table;
	char **names;
	char *kinds;
	guint n;
	const char *read;
	const char *add;
};

static void
append_list(GString *sql, const struct passage *passage, guint n,
	    gboolean names)
{
	for (guint i = 0; i < n; i++) {
		if (i > 0)
			g_string_append(sql, ", ");
		if (names)
			g_string_append(sql, passage->names[i]);
		else
			g_string_append_printf(sql, "?%u", i + 1);
	}
}

static const char *
read_text(const struct passage *passage)
{
	const guint keys = passage->table->keys;
	g_autoptr(GString) sql = g_string_new("SELECT ");

	append_list(sql, passage, passage->n, TRUE);
	g_string_append_printf(sql, " FROM %s WHERE (", passage->table->name);
	append_list(sql, passage, keys, TRUE);
	g_string_append(sql, ") > (");
	append_list(sql, passage, keys, FALSE);
	g_string_append(sql, ") ORDER BY ");
	append_list(sql, passage, keys, TRUE);
	g_string_append_printf(sql, " LIMIT ?%u", keys + 1);
	return g_intern_string(sql->str);
}

static const char *
add_text(const struct passage *passage)
{
	g_autoptr(GString) sql = g_string_new("INSERT INTO ");

	g_string_append_printf(sql, "%s (", passage->table->name);
	append_list(sql, passage, passage->n, TRUE);
	g_string_append(sql, ") VALUES (");
	append_list(sql, passage, passage->n, FALSE);
	g_string_append(sql, ") ON CONFLICT DO NOTHING");
	return g_intern_string(sql->str);
}

static void
passage_open(struct passage *passage, const struct table *table)
{
	passage->table = table;
	passage->names = g_strsplit(table->columns, " ", -1);
	passage->n = g_strv_length(passage->names);
	passage->kinds = g_new0(char, passage->n + 1);
	for (guint i = 0; i < passage->n; i++) {
		char *colon = strchr(passage->names[i], ':');

		passage->kinds[i] = colon[1];
		*colon = '\0';
	}
	passage->read = read_text(passage);
	passage->add = add_text(passage);
}

static void
passage_close(struct passage *passage)
{
	g_strfreev(passage->names);
	g_free(passage->kinds);
}

static struct value *
read_values(SqlQuery *query, const struct passage *passage)
{
	struct value *values = g_new0(struct value, passage->n + 1);

	for (guint i = 0; i < passage->n; i++) {
		values[i].kind = passage->kinds[i];
		if (values[i].kind == 't')
			values[i].text = sql_string_at(query, (int)i);
		else if (values[i].kind == 'i')
			values[i].integer = sql_int64_at(query, (int)i);
		else
			values[i].real = sql_double_at(query, (int)i);
	}
	return values;
}

static void
bind_values(SqlQuery *query, const struct value *values, guint n)
{
	for (guint i = 0; i < n; i++) {
		if (values[i].kind == 't')
			sql_bind_string(query, (int)i + 1, values[i].text);
		else if (values[i].kind == 'i')
			sql_bind_int64(query, (int)i + 1, values[i].integer);
		else
			sql_bind_double(query, (int)i + 1, values[i].real);
	}
}

struct asked {
	const struct passage *passage;
	const struct value *after;
};

static gpointer
read_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	const struct passage *passage = asked->passage;
	g_autoptr(SqlQuery) query = sql_query(conn, passage->read, error);
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(values_free);
	enum sql_step step;

	if (!query)
		return NULL;
	bind_values(query, asked->after, passage->table->keys);
	sql_bind_int64(query, (int)passage->table->keys + 1, BATCH_ROWS);
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW)
		g_ptr_array_add(rows, read_values(query, passage));
	return step == SQL_STEP_END ? g_steal_pointer(&rows) : NULL;
}

struct batch {
	const struct passage *passage;
	GPtrArray *rows;
};

static void
batch_free(gpointer data)
{
	struct batch *batch = data;

	g_ptr_array_unref(batch->rows);
	g_free(batch);
}

static gboolean
run_with(struct sql_conn *conn, const char *sql, const struct passage *passage,
	 const struct value *values, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	bind_values(query, values, passage->n);
	return sql_run(conn, query, error);
}

static gboolean
write_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	  GError **error)
{
	const struct batch *batch = what;
	const struct passage *passage = batch->passage;
	const char *change = passage->table->change;

	for (guint i = 0; i < batch->rows->len; i++) {
		const struct value *values = batch->rows->pdata[i];

		if (!run_with(conn, passage->add, passage, values, error))
			return FALSE;
		if (sql_changes(conn) > 0)
			answer->n++;
		else if (change &&
			 !run_with(conn, change, passage, values, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
write_rows(struct sql_copying *copying, const struct passage *passage,
	   GPtrArray *rows, GError **error)
{
	struct batch *batch = g_new0(struct batch, 1);
	struct sql_cargo cargo = { batch, batch_free,
				   rows->len * (gsize)ROW_BYTES };
	struct sql_answer answer = { 0 };

	batch->passage = passage;
	batch->rows = g_ptr_array_ref(rows);
	if (!sql_task_run(copying->to, write_run, cargo, &answer, error))
		return FALSE;
	copying->copied.others += answer.n;
	sql_copy_tell(copying);
	return TRUE;
}

/* Before all keys: texts are "" then, numbers the smallest. */
static struct value *
first_key(const struct passage *passage)
{
	struct value *values = g_new0(struct value, passage->n + 1);

	for (guint i = 0; i < passage->n; i++) {
		values[i].kind = passage->kinds[i];
		values[i].text = g_strdup("");
		values[i].integer = G_MININT64;
	}
	return values;
}

static gboolean
copy_rows(struct sql_copying *copying, const struct passage *passage,
	  GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(values_free);

	g_ptr_array_add(rows, first_key(passage));
	for (;;) {
		const struct asked asked = { passage,
					     rows->pdata[rows->len - 1] };
		GPtrArray *next =
			sql_read(copying->from, read_in, &asked, error);

		if (!next)
			return FALSE;
		g_ptr_array_unref(rows);
		rows = next;
		if (rows->len == 0)
			return TRUE;
		if (!write_rows(copying, passage, rows, error))
			return FALSE;
	}
}

gboolean
sql_copy_tables(struct sql_copying *copying, GError **error)
{
	gboolean ok = TRUE;

	for (guint i = 0; ok && i < G_N_ELEMENTS(tables); i++) {
		struct passage passage = { 0 };

		passage_open(&passage, &tables[i]);
		ok = copy_rows(copying, &passage, error);
		if (!ok)
			g_prefix_error(error, "table %s: ", tables[i].name);
		passage_close(&passage);
	}
	return ok;
}
