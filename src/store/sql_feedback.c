#include <string.h>

#include "base/clock.h"
#include "sql_task_private.h"

#define FEEDBACK_COLUMNS                                                       \
	"buyer, id, message, label, time, giver, source, retracted,"           \
	" retracted_by"

static const char find_id[] = "SELECT " FEEDBACK_COLUMNS " FROM feedback"
			      " WHERE buyer = ?1 AND id = ?2";
static const char find_active[] =
	"SELECT " FEEDBACK_COLUMNS " FROM feedback"
	" WHERE buyer = ?1 AND message = ?2 AND retracted = 0";
static const char insert_feedback[] =
	"INSERT INTO feedback (buyer, id, message, label, time, giver, source)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char retract[] =
	"UPDATE feedback SET retracted = ?3, retracted_by = ?4"
	" WHERE buyer = ?1 AND message = ?2 AND retracted = 0";
static const char list_feedback[] =
	"SELECT " FEEDBACK_COLUMNS " FROM feedback"
	" WHERE (?1 IS NULL OR buyer = ?1) AND time >= ?2"
	" AND (retracted = 0 OR ?3 = 0) ORDER BY time, id";

static gpointer
read_row(SqlQuery *query)
{
	struct store_feedback *feedback = g_new0(struct store_feedback, 1);

	feedback->buyer = sql_string_at(query, 0);
	sql_id_at(query, 1, feedback->id);
	feedback->message = sql_string_at(query, 2);
	feedback->label =
		(enum store_label)CLAMP((int)sql_int64_at(query, 3),
					STORE_RELEVANT, STORE_NOT_OUTREACH);
	feedback->time_us = sql_int64_at(query, 4);
	feedback->by = sql_string_at(query, 5);
	feedback->source = sql_string_at(query, 6);
	feedback->retracted_us = sql_int64_at(query, 7);
	feedback->retracted_by = sql_string_at(query, 8);
	return feedback;
}

/* The row that the text finds for a buyer and an id, or NULL. */
static gboolean
find(struct sql_conn *conn, const char *sql, const char *buyer, const char *id,
     struct store_feedback **found, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, sql, error);
	gpointer row;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, buyer);
	sql_bind_string(query, 2, id);
	if (!sql_first(conn, query, read_row, &row, error))
		return FALSE;
	*found = row;
	return TRUE;
}

static gboolean
retract_active(struct sql_conn *conn, const struct store_feedback *feedback,
	       GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, retract, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, feedback->buyer);
	sql_bind_string(query, 2, feedback->message);
	sql_bind_int64(query, 3, feedback->time_us);
	sql_bind_string(query, 4, feedback->by);
	return sql_run(conn, query, error);
}

static gboolean
insert(struct sql_conn *conn, const struct store_feedback *feedback,
       GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, insert_feedback, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, feedback->buyer);
	sql_bind_string(query, 2, feedback->id);
	sql_bind_string(query, 3, feedback->message);
	sql_bind_int64(query, 4, (int)feedback->label);
	sql_bind_int64(query, 5, feedback->time_us);
	sql_bind_string(query, 6, feedback->by);
	sql_bind_string(query, 7, feedback->source);
	return sql_run(conn, query, error);
}

/* Whether it is there, by its id or by what it says; its id then. */
static gboolean
find_repeat(struct sql_conn *conn, const struct store_feedback *new,
	    gboolean *repeat, char id[ID_LEN + 1], GError **error)
{
	g_autoptr(StoreFeedback) own = NULL;
	g_autoptr(StoreFeedback) active = NULL;

	if (!find(conn, find_id, new->buyer, new->id, &own, error))
		return FALSE;
	if (own && !store_feedback_same(own, new)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "id %s is that of other feedback", new->id);
		return FALSE;
	}
	if (!own &&
	    !find(conn, find_active, new->buyer, new->message, &active, error))
		return FALSE;
	*repeat = own || (active && active->label == new->label);
	memcpy(id, *repeat && active ? active->id : new->id, ID_LEN + 1);
	return TRUE;
}

static gboolean
add_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct store_feedback *new = what;
	gboolean repeat;

	if (!find_repeat(conn, new, &repeat, answer->id, error))
		return FALSE;
	return repeat ||
	       (sql_message_there(conn, new->buyer, new->message, error) &&
		retract_active(conn, new, error) && insert(conn, new, error));
}

static gboolean
undo_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	 GError **error)
{
	const struct store_feedback *feedback = what;

	(void)answer;
	if (!retract_active(conn, feedback, error))
		return FALSE;
	return sql_changes(conn) > 0 ||
	       sql_not_found("active feedback on a message", feedback->message,
			     error);
}

gboolean
sql_feedback_add(struct store *store, struct store_feedback *feedback,
		 GError **error)
{
	struct sql_cargo cargo = { store_feedback_copy(feedback),
				   (GDestroyNotify)store_feedback_free, 0 };
	struct sql_answer answer;

	if (!sql_task_run(store, add_run, cargo, &answer, error))
		return FALSE;
	memcpy(feedback->id, answer.id, sizeof(answer.id));
	return TRUE;
}

gboolean
sql_feedback_undo(struct store *store, const char *buyer, const char *message,
		  const char *by, GError **error)
{
	struct store_feedback *what = g_new0(struct store_feedback, 1);
	struct sql_cargo cargo = { what, (GDestroyNotify)store_feedback_free,
				   0 };

	what->buyer = g_strdup(buyer);
	what->message = g_strdup(message);
	what->by = g_strdup(by);
	what->time_us = clock_now_us();
	return sql_task_run(store, undo_run, cargo, NULL, error);
}

struct asked {
	const char *buyer;
	gint64 since_us;
	gboolean active_only;
};

static gpointer
list_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(SqlQuery) query = sql_query(conn, list_feedback, error);

	if (!query)
		return NULL;
	sql_bind_or_null(query, 1, asked->buyer);
	sql_bind_int64(query, 2, asked->since_us);
	sql_bind_int64(query, 3, asked->active_only);
	return sql_rows(conn, query, read_row,
			(GDestroyNotify)store_feedback_free, error);
}

GPtrArray *
sql_feedback_list(struct store *store, const char *buyer, gint64 since_us,
		  gboolean active_only, GError **error)
{
	struct asked asked = { buyer, since_us, active_only };

	return sql_read(store, list_in, &asked, error);
}
