/* The queue of held mail, from inside: what its files share. */
#ifndef STORE_SQL_FOLD_PRIVATE_H
#define STORE_SQL_FOLD_PRIVATE_H

#include "sql_private.h"

gboolean sql_pending_add(struct store *store, struct store_pending *pending,
			 GError **error);
gboolean sql_pending_end(struct store *store, const struct store_ending *ending,
			 GError **error);
GPtrArray *sql_pending_list(struct store *store, enum store_pending_kind kind,
			    const char *buyer, gint64 now_us, GError **error);
GPtrArray *sql_fold_list(struct store *store,
			 const struct store_fold_query *query,
			 struct store_fold_total *total, GError **error);
GPtrArray *sql_flow_list(struct store *store, const char *buyer,
			 gint64 since_us, GError **error);

GPtrArray *sql_flow_near(struct store *store, const struct store_span *span,
			 GError **error);

/* Put off at ?2; at 0 nothing is. */
#define SQL_SNOOZED                                                            \
	"SELECT message FROM pending WHERE buyer = ?1 AND kind = 0"            \
	" AND ended = 0 AND ?2 <> 0 AND (until = 0 OR until > ?2)"

/* Of the labels 1 alone, irrelevant, agrees with holding a message. */
#define SQL_LABELLED                                                           \
	"SELECT message FROM feedback WHERE buyer = ?1 AND retracted = 0"
#define SQL_USELESS SQL_LABELLED " AND label = 1"
#define SQL_WANTED  SQL_LABELLED " AND label <> 1"

/* The folds with a message that is put off or wanted: in one list, since SQLite
 * reads all of the buyer's mail for an OR of two. */
#define SQL_FOLDS_APART                                                        \
	"SELECT DISTINCT key FROM waiting WHERE buyer = ?1"                    \
	" AND id IN (" SQL_SNOOZED " UNION ALL " SQL_WANTED ")"

/* Of the table fold: what ?3, an enum store_decided, asks for. */
#define SQL_FOLD_WANTED                                                        \
	"(?3 = 0 OR (key IN (SELECT whole.key FROM fold AS whole JOIN (SELECT" \
	" key, count(*) AS n FROM waiting WHERE buyer = ?1"                    \
	" AND id IN (" SQL_USELESS ") GROUP BY key) AS said"                   \
	" ON said.key = whole.key WHERE whole.buyer = ?1"                      \
	" AND said.n = whole.n)) = (?3 = 2))"

/* One campaign's held messages, before its message is read. */
struct sql_fold {
	char *key; /* the campaign, or the id of a message of none */
	guint n;
	guint useless; /* of them, that were labelled irrelevant */
	gint64 first_us;
	gint64 last_us;
	double rank; /* the regret without the profile's threshold */
	char top[ID_LEN + 1];
	char *vendor;
};

/* An array of struct sql_fold that clears its elements. */
GArray *sql_folds_new(void);

/* Takes the folds of messages that the query asks for, but for its text, from
 * the messages themselves; with keys, a set, of those folds only. */
gboolean sql_folds_scan(struct sql_conn *conn,
			const struct store_fold_query *query, GHashTable *keys,
			GArray *folds, GError **error);

/* The same of those that have the query's text, with the buyer's haystack. */
gboolean sql_folds_search(struct sql_conn *conn,
			  const struct store_fold_query *query,
			  struct haystack *haystack, GArray *folds,
			  GError **error);

/* Of all that is held, the first `limit` in the query's order. */
gboolean sql_folds_read(struct sql_conn *conn,
			const struct store_fold_query *query, guint limit,
			GArray *folds, GError **error);

/* In the query's order. */
void sql_folds_sort(GArray *folds, enum store_order order);

/* The folds that are not as they are summed up, in a set: with a message that
 * is put off then, or that was labelled as anything but irrelevant. */
GHashTable *sql_folds_apart(struct sql_conn *conn, const char *buyer,
			    gint64 now_us, GError **error);

#endif
