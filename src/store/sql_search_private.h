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

GPtrArray *sql_search(struct store *store, const struct store_search *search,
		      GError **error);
gboolean sql_search_counts(struct store *store, const char *const *terms,
			   guint n, guint *total, guint *having,
			   GError **error);

/* How many matches are ranked: of more, the newest, and those with a rarer
 * term. */
#define SQL_RANKED_MAX 10000

/* A term of a question, and how many documents have it. */
struct sql_word {
	char *term;
	guint n;
};

/* What an index of words can do. */
struct sql_finder {
	/* How many documents have a term. */
	gboolean (*count)(struct sql_conn *conn, const char *term, guint *n,
			  GError **error);
	/* Adds the best matches of any of the words (an array of struct
	 * sql_word, the rarest first), in any order. */
	gboolean (*best)(struct sql_conn *conn,
			 const struct store_search *search, const GArray *words,
			 GPtrArray *matches, GError **error);
};

extern const struct sql_finder sqlite_finder;
extern const struct sql_finder pg_finder;

/* How many words, the rarest first, have no more matches than are ranked. */
guint sql_rare_words(const GArray *words);

/* Conditions on `d`, in places from 51 on; a statement with these bound; its
 * rows, DOCUMENT_COLUMNS and a score, added to the matches. */
void sql_search_filters(GString *sql, const struct store_search *search);
SqlQuery *sql_search_prepare(struct sql_conn *conn, const GString *sql,
			     const struct store_search *search, GError **error);
gboolean sql_search_matches(struct sql_conn *conn, SqlQuery *query,
			    GPtrArray *matches, GError **error);

#endif
