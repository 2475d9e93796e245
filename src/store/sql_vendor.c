#include <string.h>

#include "base/clock.h"
#include "sql_task_private.h"

#define VENDOR_COLUMNS "domain, card, name, owner, note, time, giver"

static const char list_all[] =
	"SELECT " VENDOR_COLUMNS " FROM vendor ORDER BY domain";
static const char move_one[] =
	"INSERT INTO vendor (domain, card, time, giver) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT (domain) DO UPDATE SET card = ?2, time = ?3, giver = ?4"
	" WHERE vendor.card <> ?2";

/* A row that a write makes is a card of its own. */
#define WRITE(field)                                                           \
	"INSERT INTO vendor (domain, card, " field                             \
	", time, giver) VALUES (?1, ?1, ?2, ?3, ?4) ON CONFLICT (domain)"      \
	" DO UPDATE SET " field " = ?2, time = ?3, giver = ?4"                 \
	" WHERE vendor." field " <> ?2"

static const char *const writes[] = {
	[STORE_VENDOR_NAME] = WRITE("name"),
	[STORE_VENDOR_OWNER] = WRITE("owner"),
	[STORE_VENDOR_NOTE] = WRITE("note"),
};

/* What is to be changed; a writing has one move and a text. */
struct change {
	GPtrArray *strings; /* domain, card, domain, card, ... */
	enum store_vendor_field field;
	char *text;
	char *by;
	gint64 time_us;
};

static void
change_free(gpointer data)
{
	struct change *change = data;

	g_ptr_array_unref(change->strings);
	g_free(change->text);
	g_free(change->by);
	g_free(change);
}

static struct change *
change_new(const char *by)
{
	struct change *change = g_new0(struct change, 1);

	change->strings = g_ptr_array_new_with_free_func(g_free);
	change->by = g_strdup(by);
	change->time_us = clock_now_us();
	return change;
}

static gpointer
read_row(SqlQuery *query)
{
	struct store_vendor *vendor = g_new0(struct store_vendor, 1);

	vendor->domain = sql_string_at(query, 0);
	vendor->card = sql_string_at(query, 1);
	vendor->name = sql_string_at(query, 2);
	vendor->owner = sql_string_at(query, 3);
	vendor->note = sql_string_at(query, 4);
	vendor->time_us = sql_int64_at(query, 5);
	vendor->by = sql_string_at(query, 6);
	return vendor;
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer asked, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, list_all, error);

	(void)asked;
	if (!query)
		return NULL;
	return sql_rows(conn, query, read_row,
			(GDestroyNotify)store_vendor_free, error);
}

static GPtrArray *
list(struct store *store, GError **error)
{
	return sql_read(store, list_in, NULL, error);
}

static gboolean
run_change(struct sql_conn *conn, const char *sql, const char *const *texts,
	   const struct change *change, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, texts[0]);
	sql_bind_string(query, 2, texts[1]);
	sql_bind_int64(query, 3, change->time_us);
	sql_bind_string(query, 4, change->by);
	return sql_run(conn, query, error);
}

static gboolean
move_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	 GError **error)
{
	const struct change *change = what;

	(void)answer;
	for (guint i = 0; i + 1 < change->strings->len; i += 2) {
		const char *const texts[] = { change->strings->pdata[i],
					      change->strings->pdata[i + 1] };

		if (!run_change(conn, move_one, texts, change, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
move(struct store *store, const struct store_move *moves, guint n,
     const char *by, GError **error)
{
	struct change *change = change_new(by);
	struct sql_cargo cargo = { change, change_free, 0 };

	for (guint i = 0; i < n; i++) {
		g_ptr_array_add(change->strings, g_strdup(moves[i].domain));
		g_ptr_array_add(change->strings, g_strdup(moves[i].card));
	}
	return sql_task_run(store, move_run, cargo, NULL, error);
}

static gboolean
write_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	  GError **error)
{
	const struct change *change = what;
	const char *const texts[] = { change->strings->pdata[0], change->text };

	(void)answer;
	return run_change(conn, writes[change->field], texts, change, error);
}

static gboolean
write_field(struct store *store, const char *domain,
	    enum store_vendor_field field, const char *text, const char *by,
	    GError **error)
{
	struct change *change = change_new(by);
	struct sql_cargo cargo = { change, change_free, 0 };

	g_ptr_array_add(change->strings, g_strdup(domain));
	change->field = field;
	change->text = g_strdup(text);
	return sql_task_run(store, write_run, cargo, NULL, error);
}

const struct store_vendors sql_vendors = {
	list,
	move,
	write_field,
	sql_quotes_set,
	sql_quotes_list,
	sql_quotes_due,
	sql_vendor_sums,
};
