/* The index of documents, which is SQLite's own. */
#ifndef STORE_SQLITE_SEARCH_PRIVATE_H
#define STORE_SQLITE_SEARCH_PRIVATE_H

#include "sql_search_private.h"

/* Before a commit: what is gone leaves the index. */
gboolean sqlite_documents_purge(struct sql_conn *conn, GError **error);

#endif
