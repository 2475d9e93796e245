/* Statements: prepared when they are first run, with the types bound then. */
#include <libpq-fe.h>
#include <string.h>

#include "pg_private.h"
#include "store/store.h"

/* pg_type's numbers, which never change. */
#define TYPE_BYTEA 17
#define TYPE_INT8  20
#define TYPE_TEXT  25
#define TYPE_FLOAT 701

#define NUMBER_LEN 32

struct place {
	Oid type;
	const char *data;
	int size;
	char *own;
	char number[NUMBER_LEN];
};

struct pg_query {
	struct sql_query base;
	char *sql;
	char name[16]; /* "" of one that is used once: the next takes it */
	gboolean once;
	guint generation; /* of the connection it is prepared on; 0: none */
	int n;
	struct place *places;
	struct place none; /* of what the text does not ask for */
	PGresult *result;
	int row;
	GPtrArray *texts; /* made for what was read of a row */
};

static struct pg_query *
pg_query(struct sql_query *query)
{
	return (struct pg_query *)(void *)query;
}

static int
highest_place(const char *sql)
{
	int most = 0;

	for (const char *at = sql; (at = strchr(at, '$'));) {
		const int number = (int)g_ascii_strtoll(++at, NULL, 10);

		most = MAX(most, number);
	}
	return most;
}

struct sql_query *
pg_prepare(struct sql_conn *conn, const char *sql, gboolean once,
	   GError **error)
{
	struct pg_query *query = g_new0(struct pg_query, 1);

	(void)error;
	query->base.conn = conn;
	query->once = once;
	query->sql = pg_translated(sql);
	query->n = highest_place(query->sql);
	query->places = g_new0(struct place, (gsize)query->n + 1);
	query->texts = g_ptr_array_new_with_free_func(g_free);
	return &query->base;
}

void
pg_reset(struct sql_query *base)
{
	struct pg_query *query = pg_query(base);

	PQclear(query->result);
	query->result = NULL;
	g_ptr_array_set_size(query->texts, 0);
	for (int i = 0; i < query->n; i++) {
		query->places[i].data = NULL;
		g_clear_pointer(&query->places[i].own, g_free);
	}
}

void
pg_finalize(struct sql_query *base)
{
	struct pg_query *query = pg_query(base);

	pg_reset(base);
	g_ptr_array_free(query->texts, TRUE);
	g_free(query->none.own);
	g_free(query->places);
	g_free(query->sql);
	g_free(query);
}

int
pg_places(struct sql_query *base)
{
	return pg_query(base)->n;
}

int
pg_columns(struct sql_query *base)
{
	return PQnfields(pg_query(base)->result);
}

static struct place *
place_of(struct sql_query *base, int number, Oid type)
{
	struct pg_query *query = pg_query(base);
	struct place *place;

	g_assert(number >= 1);
	place = number <= query->n ? &query->places[number - 1] : &query->none;
	g_clear_pointer(&place->own, g_free);
	place->type = type;
	return place;
}

void
pg_bind_text(struct sql_query *base, int number, const char *text)
{
	struct place *place = place_of(base, number, TYPE_TEXT);

	place->own = text ? pg_escaped(text) : NULL;
	place->data = place->own ? place->own : text;
}

void
pg_bind_int64(struct sql_query *base, int number, gint64 value)
{
	struct place *place = place_of(base, number, TYPE_INT8);

	g_snprintf(place->number, sizeof(place->number), "%" G_GINT64_FORMAT,
		   value);
	place->data = place->number;
}

void
pg_bind_double(struct sql_query *base, int number, double value)
{
	struct place *place = place_of(base, number, TYPE_FLOAT);

	place->data =
		g_ascii_dtostr(place->number, sizeof(place->number), value);
}

void
pg_bind_blob(struct sql_query *base, int number, const void *data, gsize size)
{
	struct place *place = place_of(base, number, TYPE_BYTEA);

	place->data = data ? data : "";
	place->size = (int)size;
}

/* What libpq takes of the places. */
struct bound {
	Oid *types;
	const char **data;
	int *sizes;
	int *formats;
};

static void
gather(const struct pg_query *query, struct bound *bound)
{
	const gsize n = (gsize)query->n + 1;

	bound->types = g_new0(Oid, n);
	bound->data = g_new0(const char *, n);
	bound->sizes = g_new0(int, n);
	bound->formats = g_new0(int, n);
	for (int i = 0; i < query->n; i++) {
		const struct place *place = &query->places[i];

		bound->types[i] = place->type ? place->type : TYPE_TEXT;
		bound->data[i] = place->data;
		bound->sizes[i] = place->size;
		bound->formats[i] = place->type == TYPE_BYTEA;
	}
}

static void
scatter(struct bound *bound)
{
	g_free(bound->types);
	g_free(bound->data);
	g_free(bound->sizes);
	g_free(bound->formats);
}

static gboolean
prepare(struct pg_connection *conn, struct pg_query *query,
	const struct bound *bound, GError **error)
{
	PGresult *result;

	if (query->generation == conn->generation && !query->once)
		return TRUE;
	if (*query->name == '\0' && !query->once)
		g_snprintf(query->name, sizeof(query->name), "q%u",
			   conn->names++);
	if (!PQsendPrepare(conn->pg, query->name, query->sql, query->n,
			   bound->types)) {
		pg_fail(conn, NULL, error);
		pg_drop(conn);
		return FALSE;
	}
	result = pg_answer(conn, error);
	if (!result)
		return FALSE;
	PQclear(result);
	query->generation = conn->generation;
	return TRUE;
}

static gboolean
send_bound(struct pg_connection *conn, struct pg_query *query,
	   const struct bound *bound, GError **error)
{
	if (!pg_ready(conn, error) || !prepare(conn, query, bound, error))
		return FALSE;
	if (PQsendQueryPrepared(conn->pg, query->name, query->n, bound->data,
				bound->sizes, bound->formats, 0))
		return TRUE;
	pg_fail(conn, NULL, error);
	pg_drop(conn);
	return FALSE;
}

static gboolean
execute(struct pg_connection *conn, struct pg_query *query, GError **error)
{
	struct bound bound;
	gboolean sent;

	gather(query, &bound);
	sent = send_bound(conn, query, &bound, error);
	scatter(&bound);
	query->result = sent ? pg_answer(conn, error) : NULL;
	if (!query->result)
		return FALSE;
	query->row = -1;
	conn->changes = g_ascii_strtoll(PQcmdTuples(query->result), NULL, 10);
	return TRUE;
}

enum sql_step
pg_next(struct sql_query *base, GError **error)
{
	struct pg_query *query = pg_query(base);

	if (!query->result && !execute(pg_connection(base->conn), query, error))
		return SQL_STEP_FAILED;
	g_ptr_array_set_size(query->texts, 0);
	query->row++;
	return query->row < PQntuples(query->result) ? SQL_STEP_ROW
						     : SQL_STEP_END;
}

static const char *
value_at(const struct pg_query *query, int column)
{
	if (!query->result || query->row < 0 ||
	    query->row >= PQntuples(query->result) ||
	    PQgetisnull(query->result, query->row, column))
		return NULL;
	return PQgetvalue(query->result, query->row, column);
}

const char *
pg_text_at(struct sql_query *base, int column)
{
	struct pg_query *query = pg_query(base);
	const char *text = value_at(query, column);
	char *own = text ? pg_unescaped(text) : NULL;

	if (own)
		g_ptr_array_add(query->texts, own);
	return own ? own : text;
}

gint64
pg_int64_at(struct sql_query *base, int column)
{
	const char *text = value_at(pg_query(base), column);

	if (!text)
		return 0;
	return *text == 't' ? 1 : g_ascii_strtoll(text, NULL, 10);
}

double
pg_double_at(struct sql_query *base, int column)
{
	const char *text = value_at(pg_query(base), column);

	return text ? g_ascii_strtod(text, NULL) : 0;
}

/* "\x" and two digits a byte. */
const void *
pg_blob_at(struct sql_query *base, int column, gsize *size)
{
	struct pg_query *query = pg_query(base);
	const char *text = value_at(query, column);
	guint8 *bytes;

	*size = 0;
	if (!text || strncmp(text, "\\x", 2) != 0)
		return NULL;
	*size = strlen(text + 2) / 2;
	bytes = g_malloc(*size + 1);
	for (gsize i = 0; i < *size; i++)
		bytes[i] = (guint8)(g_ascii_xdigit_value(text[2 + 2 * i]) * 16 +
				    g_ascii_xdigit_value(text[3 + 2 * i]));
	g_ptr_array_add(query->texts, bytes);
	return bytes;
}
