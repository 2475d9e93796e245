/* Documents and topics in SQLite: what its files share. */
#ifndef STORE_SQL_SEARCH_PRIVATE_H
#define STORE_SQL_SEARCH_PRIVATE_H

#include "sql_task_private.h"
#include "store/search.h"

/* The columns of a document as sql_document_read() takes them; `d`, `t` and
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
struct store_document *sql_document_read(SqlQuery *query, GError **error);

/* Within a transaction: puts it in the place of the one of its key. */
gboolean sql_document_put(struct sql_conn *conn,
			  const struct store_document *document,
			  GError **error);

/* Within a transaction: counts the terms of a message, once each. */
gboolean sql_topics_count(struct sql_conn *conn,
			  const struct store_message *message,
			  const GPtrArray *terms, const GPtrArray *labels,
			  GError **error);

struct store_document *sql_document_find(struct store *store, const char *id,
					 GError **error);
gboolean sql_document_set(struct store *store,
			  struct store_document *const *documents, guint n,
			  GError **error);
gboolean sql_glean(struct store *store, const struct store_message *message,
		   const struct store_gleaning *gleaning, GError **error);
GPtrArray *sql_trends(struct store *store,
		      const struct store_trend_query *query, GArray **all,
		      GError **error);
GPtrArray *sql_trend_vendors(struct store *store,
			     const struct store_trend_query *query,
			     const char *term, GError **error);

gboolean sql_watch_add(struct store *store, struct store_watch *watch,
		       GError **error);
gboolean sql_watch_remove(struct store *store, const char *buyer,
			  const char *id, GError **error);
GPtrArray *sql_watch_list(struct store *store, const char *buyer,
			  GError **error);

/* Of struct store_documents all but search and counts. */
#define SQL_DOCUMENT_CALLS                                                     \
	.glean = sql_glean, .set = sql_document_set,                           \
	.items_due = sql_items_due, .find = sql_document_find,                 \
	.trends = sql_trends, .trend_vendors = sql_trend_vendors,              \
	.watch_add = sql_watch_add, .watch_remove = sql_watch_remove,          \
	.watch_list = sql_watch_list

#endif
