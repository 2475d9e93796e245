/* Search in texts that people wrote, whatever the case. */
#ifndef STORE_SQL_CONTAINS_PRIVATE_H
#define STORE_SQL_CONTAINS_PRIVATE_H

#include <glib.h>

/* What is searched for, as sql_contains() wants its text; the caller's. */
char *sql_folded(const char *text);

gboolean sql_contains(const char *field, const char *text);

#endif
