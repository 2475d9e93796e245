/* The index of documents, which is SQLite's own. */
#ifndef STORE_SQLITE_SEARCH_PRIVATE_H
#define STORE_SQLITE_SEARCH_PRIVATE_H

#include "sql_search_private.h"

/* Before a commit: what is gone leaves the index. */
gboolean sqlite_documents_purge(struct sql_conn *conn, GError **error);

GPtrArray *sqlite_search(struct store *store, const struct store_search *search,
			 GError **error);
gboolean sqlite_search_counts(struct store *store, const char *const *terms,
			      guint n, guint *total, guint *having,
			      GError **error);

extern const struct store_documents sqlite_documents;

#endif
