#include "base/clock.h"
#include "pg_private.h"
#include "sql_schema_private.h"
#include "store/store.h"

/* Whoever makes or migrates the tables has this lock: "PwSt". It may take long,
 * and who comes meanwhile waits. */
#define PREPARE_US (600 * CLOCK_SECOND_US)
#define LOCK                                                                   \
	"SET LOCAL statement_timeout = '600s';"                                \
	"SET LOCAL lock_timeout = '600s';"                                     \
	"SELECT pg_advisory_xact_lock(1350005620)"

/* The first schema that is searched is made when it is not there. */
static const char make_schema[] =
	"DO $$ DECLARE wanted text;"
	" BEGIN IF current_schema() IS NULL THEN"
	" wanted := trim(both ' \"' from split_part("
	"current_setting('search_path'), ',', 1));"
	" IF wanted <> '$user' AND wanted <> '' THEN"
	" EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', wanted);"
	" END IF; END IF; END $$";
static const char find_table[] =
	"SELECT count(*) FROM pg_class WHERE relname = 'pitchward_schema'"
	" AND relnamespace = current_schema()::regnamespace";
static const char count_tables[] =
	"SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')"
	" AND relnamespace = current_schema()::regnamespace";
static const char has_utf8[] = "SELECT (getdatabaseencoding() = 'UTF8')::int";
static const char find_version[] = "SELECT number FROM pitchward_schema";

gboolean
pg_schema_version(struct sql_conn *conn, guint *version, GError **error)
{
	gint64 there, number = 0;

	if (!sql_integer(conn, find_table, &there, error))
		return FALSE;
	if (there > 0 && !sql_integer(conn, find_version, &number, error))
		return FALSE;
	*version = (guint)number;
	return TRUE;
}

gboolean
pg_bytes(struct sql_conn *conn, guint64 *size, GError **error)
{
	gint64 value;

	if (!sql_integer(conn, "SELECT pg_database_size(current_database())",
			 &value, error))
		return FALSE;
	*size = (guint64)value;
	return TRUE;
}

static const char *const *
texts(const struct migration_step *step)
{
	return step->pg;
}

static char *
stamp(guint number)
{
	return g_strdup_printf(
		"CREATE TABLE IF NOT EXISTS pitchward_schema"
		" (one boolean PRIMARY KEY DEFAULT TRUE CHECK (one),"
		" number bigint NOT NULL);"
		"INSERT INTO pitchward_schema (number) VALUES (%u)"
		" ON CONFLICT (one) DO UPDATE SET number = excluded.number",
		number);
}

static const struct sql_schema schema = {
	.begin = "BEGIN",
	.lock = LOCK,
	.texts = texts,
	.stamp = stamp,
};

/* Mail has characters of all languages. */
static gboolean
check_encoding(struct sql_conn *conn, GError **error)
{
	gint64 utf8;

	if (!sql_integer(conn, has_utf8, &utf8, error))
		return FALSE;
	if (utf8 == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
			    "%s: the database's encoding is not UTF8; make one "
			    "with: createdb -E UTF8 -T template0",
			    conn->name);
	return utf8 != 0;
}

static gboolean
check_ours(struct sql_conn *conn, GError **error)
{
	gint64 ours, all;

	if (!sql_integer(conn, find_table, &ours, error) ||
	    !sql_integer(conn, count_tables, &all, error))
		return FALSE;
	if (ours > 0 || all == 0)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
		    "%s: the schema has tables of another program; name one of "
		    "our own in the URL: ?options=-csearch_path%%3Dpitchward",
		    conn->name);
	return FALSE;
}

gboolean
pg_schema_prepare(struct sql_conn *conn, GError **error)
{
	conn->deadline_us = clock_monotonic_us() + PREPARE_US;
	return check_encoding(conn, error) &&
	       sql_exec(conn, make_schema, error) && check_ours(conn, error) &&
	       sql_schema_migrate(&schema, conn, error);
}
