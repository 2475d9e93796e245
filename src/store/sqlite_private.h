/* The SQLite driver, from inside: what its files share. */
#ifndef STORE_SQLITE_PRIVATE_H
#define STORE_SQLITE_PRIVATE_H

#include "haystack_private.h"
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
	struct recent *touches;
	struct haystacks *haystacks;
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
	" gate, reasons, vendor, note, campaign, touch"
#define COLUMN_PLACES                                                          \
	"?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "             \
	"?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, "         \
	"?26, ?27, ?28"
#define COLUMN_N 28

/* Of a row beside its body, about. */
#define ROW_BYTES 2048

void sqlite_row_bind(SqliteQuery *query, const struct store_message *message);
struct store_message *sqlite_row_read(SqliteQuery *query);

/* The row that has a message's id; `state` is -1 when there is none. */
struct sqlite_same {
	gint64 seq;
	int state;
};

/* CONFLICT when the row is another message. */
gboolean sqlite_row_same(struct sqlite_conn *conn,
			 const struct store_message *message,
			 struct sqlite_same *same, GError **error);

/* The id of an earlier row with the same repeat key, or "". */
gboolean sqlite_row_repeat(struct sqlite_conn *conn,
			   const struct store_message *message,
			   const enum store_state states[2],
			   char id[ID_LEN + 1], GError **error);

/*
 * With what else is kept of it: features, as sqlite_features_pack() left them,
 * and its place in a campaign. `replaced`: the row of its id, a note.
 */
gboolean sqlite_row_add(struct sqlite_conn *conn,
			const struct store_message *message,
			const char *content, const struct sqlite_same *replaced,
			GError **error);

/*
 * Copies a message for a job: its features, unless they are too large, are the
 * frame that is to be written. And how many bytes those are.
 */
struct store_message *sqlite_row_copy(struct store *store,
				      const struct store_message *message);
gsize sqlite_row_weight(const struct store_message *message);

/* Within a transaction: the features of a new row; its place, and its end. */
gboolean sqlite_features_add(struct sqlite_conn *conn,
			     const struct store_message *message,
			     GError **error);
gboolean sqlite_touch_add(struct sqlite_conn *conn,
			  const struct store_message *message, gint64 seq,
			  GError **error);
gboolean sqlite_touch_drop(struct sqlite_conn *conn, gint64 seq,
			   GError **error);

/* And what it adds to the sums of the queue. */
gboolean sqlite_sum_add(struct sqlite_conn *conn,
			const struct store_message *message, gint64 seq,
			GError **error);

/* The campaign a message is in, and its touch; "" and 1 when in none. */
gboolean sqlite_touch_find(struct sqlite_conn *conn, struct recent *touches,
			   const struct store_likeness *likeness,
			   struct store_history *history, GError **error);

/* Adds to `recent` what is newer, as the text gives it. */
gboolean sqlite_recent_read(struct sqlite_conn *conn, const char *sql,
			    struct recent *recent, GError **error);

/* Sets NOT_FOUND; always FALSE. */
gboolean sqlite_not_found(const char *what, const char *id, GError **error);

/* The column's text, the caller's; never NULL. */
char *sqlite_string_at(SqliteQuery *query, int column);

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

GBytes *sqlite_features(struct store *store, const char *buyer, const char *id,
			GError **error);

gboolean sqlite_feedback_add(struct store *store,
			     struct store_feedback *feedback, GError **error);
gboolean sqlite_feedback_undo(struct store *store, const char *buyer,
			      const char *message, const char *by,
			      GError **error);
GPtrArray *sqlite_feedback_list(struct store *store, const char *buyer,
				gint64 since_us, gboolean active_only,
				GError **error);

gboolean sqlite_ruling_add(struct store *store, struct store_ruling *ruling,
			   GError **error);
gboolean sqlite_ruling_undo(struct store *store, const char *buyer,
			    const char *id, const char *by, GError **error);
GPtrArray *sqlite_ruling_list(struct store *store, const char *buyer,
			      gboolean active_only, GError **error);
gboolean sqlite_ruling_find(struct store *store, const struct store_mark *mark,
			    gint64 deadline_us, struct store_ruling **found,
			    GError **error);

gboolean sqlite_expire(struct store *store, gint64 before_us,
		       gint64 ledger_before_us, guint *expired, GError **error);

extern const struct store_versions sqlite_versions;
extern const struct store_passes sqlite_passes;
extern const struct store_audits sqlite_audits;
extern const struct store_jobs sqlite_jobs;
extern const struct store_review sqlite_review;
extern const struct store_signals sqlite_signals;

gboolean sqlite_source_set(struct store *store,
			   const struct store_source *source, GError **error);
struct store_source *sqlite_source_find(struct store *store, const char *name,
					GError **error);
GPtrArray *sqlite_source_list(struct store *store, GError **error);
gboolean sqlite_metric_set(struct store *store,
			   const struct store_metric *metric,
			   const struct store_point *points, guint n,
			   GError **error);
GArray *sqlite_metric_list(struct store *store,
			   const struct store_metric *metric, GError **error);
extern const struct store_vendors sqlite_vendors;
extern const struct store_documents sqlite_documents;
extern const struct store_decisions sqlite_decisions;

/* Within a transaction: takes the place of the quotations of a message. */
gboolean sqlite_quotes_write(struct sqlite_conn *conn,
			     const struct store_message *message,
			     const GPtrArray *quotes, GError **error);

/* Before a commit: what is gone leaves the index. */
gboolean sqlite_documents_purge(struct sqlite_conn *conn, GError **error);

/* Items without a document. */
GPtrArray *sqlite_items_due(struct store *store, guint limit, GError **error);

/* Of vendors: what was read out of their mail. */
gboolean sqlite_quotes_set(struct store *store,
			   const struct store_message *message,
			   const GPtrArray *quotes, GError **error);
GPtrArray *sqlite_quotes_list(struct store *store,
			      const struct store_quote_query *query,
			      GError **error);
GPtrArray *sqlite_vendor_sums(struct store *store, const char *const *buyers,
			      GError **error);
GPtrArray *sqlite_quotes_due(struct store *store, const char *after,
			     guint limit, GError **error);

#endif
