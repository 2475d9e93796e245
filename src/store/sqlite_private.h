/* The SQLite driver, from inside: what its files share. */
#ifndef STORE_SQLITE_PRIVATE_H
#define STORE_SQLITE_PRIVATE_H

#include "queue_private.h"
#include "recent_private.h"
#include "space_private.h"
#include "sqlite_conn_private.h"
#include "sqlite_pool_private.h"
#include "sqlite_writer_private.h"
#include "store_private.h"

struct sqlite_store {
	struct store base;
	char *path;
	struct space *space;
	struct sqlite_pool *pool;
	struct queue *queue;
	struct sqlite_writer *writer;
	struct recent *recent;
};

static inline struct sqlite_store *
sqlite_store(struct store *store)
{
	return (struct sqlite_store *)(void *)store;
}

/* The columns of a message, in the order they are bound and read. */
#define COLUMNS                                                                \
	"time, fingerprint, buyer, id, state, state_time, attempts, size,"     \
	" outreach, relevance, digest, sender, rcpt, author, author_name,"     \
	" subject, message_id, queue_id, node, verdict, priority, model,"      \
	" gate, reasons, vendor, note"
#define COLUMN_PLACES                                                          \
	"?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "             \
	"?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26"
#define COLUMN_N 26

void sqlite_row_bind(SqliteQuery *query, const struct store_message *message);
struct store_message *sqlite_row_read(SqliteQuery *query);

/* The bytes that `refs` messages of a hold share. */
struct sqlite_content {
	const char *id;
	guint refs;
	gint64 size;
	GBytes *frame;
};

/*
 * Within a transaction: adds it; adds its references to one of that key, or
 * else it; takes the reference of the message with this `seq`, and with the
 * last one the bytes.
 */
gboolean sqlite_content_add(struct sqlite_conn *conn,
			    const struct sqlite_content *content,
			    GError **error);
gboolean sqlite_content_share(struct sqlite_conn *conn,
			      const struct sqlite_content *content,
			      GError **error);
gboolean sqlite_content_drop(struct sqlite_conn *conn, gint64 seq,
			     GError **error);

/* The driver's calls, by the file they are in. */
gboolean sqlite_hold(struct store *store, const struct store_copy *copy,
		     guint *repeats, GError **error);
void sqlite_note(struct store *store, const struct store_message *message);
void sqlite_contact(struct store *store, const char *buyer, const char *contact,
		    gint64 time_us);
gboolean sqlite_flush(struct store *store, gint64 deadline_us, GError **error);

gboolean sqlite_known(struct store *store, const char *buyer,
		      const char *const *contacts, gint64 deadline_us,
		      gboolean *known, GError **error);
struct store_message *sqlite_find(struct store *store, const char *buyer,
				  const char *id, GError **error);
GBytes *sqlite_body(struct store *store, const char *buyer, const char *id,
		    GError **error);
gboolean sqlite_stats(struct store *store, struct store_stats *stats,
		      GError **error);

GPtrArray *sqlite_list(struct store *store, const struct store_query *query,
		       GError **error);

gboolean sqlite_history(struct store *store,
			const struct store_likeness *likeness,
			gint64 deadline_us, struct store_history *history,
			GError **error);

gboolean sqlite_claim(struct store *store, const struct store_change *change,
		      GError **error);
gboolean sqlite_settle(struct store *store, const struct store_change *change,
		       GError **error);
gboolean sqlite_delete(struct store *store, const struct store_change *change,
		       GError **error);

gboolean sqlite_expire(struct store *store, gint64 before_us,
		       gint64 ledger_before_us, guint *expired, GError **error);

#endif
