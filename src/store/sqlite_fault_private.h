/* Why a database file cannot be opened, which SQLite does not tell. */
#ifndef STORE_SQLITE_FAULT_PRIVATE_H
#define STORE_SQLITE_FAULT_PRIVATE_H

#include <glib.h>

/*
 * What stands in the way of this process at `database`, at its log and index,
 * or at their folder: whose it is, and who we are; NULL: nothing that can be
 * seen. The caller's.
 */
char *sqlite_fault(const char *database);

#endif
