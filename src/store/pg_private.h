/* The driver for PostgreSQL, from inside: what its files share. */
#ifndef STORE_PG_PRIVATE_H
#define STORE_PG_PRIVATE_H

#include "pg_conn_private.h"
#include "sql_private.h"
#include "sql_search_private.h"

/* The database's name for people, without what the URL says of passwords; the
 * caller's. */
char *pg_name(const char *place);

/* Sets the error that a result (NULL: the connection) says. */
void pg_fail(const struct pg_connection *conn, const struct pg_result *result,
	     GError **error);

/* A text of ours as PostgreSQL has it: ?1 is $1; the caller's. */
char *pg_translated(const char *sql);

/*
 * PostgreSQL keeps UTF-8 only, and envelopes may have any bytes: those that
 * are none become characters of a private plane, and are bytes again when
 * read. NULL: it can stay as it is; else the caller's.
 */
char *pg_escaped(const char *text);
char *pg_unescaped(const char *text);

struct sql_query *pg_prepare(struct sql_conn *conn, const char *sql,
			     gboolean once, GError **error);
void pg_finalize(struct sql_query *base);
void pg_reset(struct sql_query *base);
int pg_places(struct sql_query *base);
int pg_columns(struct sql_query *base);
void pg_bind_text(struct sql_query *base, int number, const char *text);
void pg_bind_int64(struct sql_query *base, int number, gint64 value);
void pg_bind_double(struct sql_query *base, int number, double value);
void pg_bind_blob(struct sql_query *base, int number, const void *data,
		  gsize size);
enum sql_step pg_next(struct sql_query *base, GError **error);
const char *pg_text_at(struct sql_query *base, int column);
gint64 pg_int64_at(struct sql_query *base, int column);
double pg_double_at(struct sql_query *base, int column);
const void *pg_blob_at(struct sql_query *base, int column, gsize *size);

#define PG_QUERY_CALLS                                                         \
	.prepare = pg_prepare, .finalize = pg_finalize, .reset = pg_reset,     \
	.places = pg_places, .columns = pg_columns, .bind_text = pg_bind_text, \
	.bind_int64 = pg_bind_int64, .bind_double = pg_bind_double,            \
	.bind_blob = pg_bind_blob, .next = pg_next, .text_at = pg_text_at,     \
	.int64_at = pg_int64_at, .double_at = pg_double_at,                    \
	.blob_at = pg_blob_at

struct pg_listener;

struct pg_listener *pg_listener_new(const char *place);
void pg_listener_free(struct pg_listener *listener);

/* As store_await(). */
gboolean pg_listener_await(struct pg_listener *listener, gint64 deadline_us);

/* As sql_tell(). */
gboolean pg_tell(struct sql_conn *conn, GError **error);

/* On the first connection of a store, before any other is opened. */
gboolean pg_schema_prepare(struct sql_conn *conn, GError **error);
gboolean pg_schema_version(struct sql_conn *conn, guint *version,
			   GError **error);

struct store_place;

/* store/place.h; `rest` is what follows "postgresql:". */
gboolean pg_place_look(const char *rest, struct store_place *place,
		       GError **error);

/* store/keep.h; likewise. */
char *pg_keep_older(const char *rest);

/* Of the whole database. */
gboolean pg_bytes(struct sql_conn *conn, guint64 *size, GError **error);

/* Whether all that must hold between tables does, with bodies unpacked. */
gboolean pg_check(struct sql_conn *conn, GError **error);

#endif
