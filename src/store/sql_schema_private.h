/*
 * Making and migrating the tables, in one transaction: whatever ends it before
 * it is through leaves the schema of before, which the older program knows.
 */
#ifndef STORE_SQL_SCHEMA_PRIVATE_H
#define STORE_SQL_SCHEMA_PRIVATE_H

#include "migration_private.h"
#include "sql_conn_private.h"

/* What a backend has of its own. */
struct sql_schema {
	const char *begin; /* of a transaction that will write */
	const char *lock;  /* then, while no other process may; or NULL */
	/* The texts of a step: at most MIGRATION_TEXTS, NULL behind fewer. */
	const char *const *(*texts)(const struct migration_step *step);
	/* What writes down that the tables are of that version; the caller's */
	char *(*stamp)(guint number);
};

gboolean sql_schema_migrate(const struct sql_schema *schema,
			    struct sql_conn *conn, GError **error);

#endif
