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
			 const struct store_fold_query *query, guint *total,
			 GError **error);
GPtrArray *sql_flow_list(struct store *store, const char *buyer,
			 gint64 since_us, GError **error);

/* One campaign's held messages, before its message is read. */
struct sql_fold {
	char *key; /* the campaign, or the id of a message of none */
	guint n;
	gint64 first_us;
	gint64 last_us;
	double rank; /* the regret without the profile's threshold */
	char top[ID_LEN + 1];
	char *vendor;
};

/* An array of struct sql_fold that clears its elements. */
GArray *sql_folds_new(void);

/* Takes the folds of messages that the query asks for, but for its text, from
 * the messages themselves; with a campaign, of that only. */
gboolean sql_folds_scan(struct sql_conn *conn,
			const struct store_fold_query *query,
			const char *campaign, GArray *folds, GError **error);

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

/* The folds that have a message that is put off then, in a set. */
GHashTable *sql_folds_snoozed(struct sql_conn *conn, const char *buyer,
			      gint64 now_us, GError **error);

#endif
