/* Documents and topics in SQLite: what its files share. */
#ifndef STORE_SQLITE_SEARCH_PRIVATE_H
#define STORE_SQLITE_SEARCH_PRIVATE_H

#include "sqlite_task_private.h"
#include "store/search.h"

/* The columns of a document as sqlite_document_read() takes them; `d`, `t` and
 * `w` are its row, text and terms. */
#define DOCUMENT_COLUMNS                                                       \
	"d.kind, d.time, d.buyer, d.vendor, d.priority, d.source, d.id,"       \
	" d.relevance, d.fingerprint, d.link, t.title, t.size, t.frame,"       \
	" w.title_terms, w.terms"
#define DOCUMENT_COLUMN_N 15
#define DOCUMENT_TABLES                                                        \
	"document d JOIN document_text t ON t.seq = d.seq"                     \
	" JOIN document_terms w ON w.seq = d.seq"

/* The row as it is, the caller's; NULL when its text is damaged. */
struct store_document *sqlite_document_read(SqliteQuery *query, GError **error);

/* Within a transaction: puts it in the place of the one of its key. */
gboolean sqlite_document_put(struct sqlite_conn *conn,
			     const struct store_document *document,
			     GError **error);

/* Within a transaction: counts the terms of a message, once each. */
gboolean sqlite_topics_count(struct sqlite_conn *conn,
			     const struct store_message *message,
			     const GPtrArray *terms, const GPtrArray *labels,
			     GError **error);

struct store_document *sqlite_document_find(struct store *store, const char *id,
					    GError **error);
gboolean sqlite_document_set(struct store *store,
			     struct store_document *const *documents, guint n,
			     GError **error);
gboolean sqlite_glean(struct store *store, const struct store_message *message,
		      const struct store_gleaning *gleaning, GError **error);
GPtrArray *sqlite_search(struct store *store, const struct store_search *search,
			 GError **error);
gboolean sqlite_search_counts(struct store *store, const char *const *terms,
			      guint n, guint *total, guint *having,
			      GError **error);
GPtrArray *sqlite_trends(struct store *store,
			 const struct store_trend_query *query, GArray **all,
			 GError **error);
GPtrArray *sqlite_trend_vendors(struct store *store,
				const struct store_trend_query *query,
				const char *term, GError **error);

#endif
