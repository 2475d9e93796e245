/* The driver of databases that speak SQL, from inside: what its files share. */
#ifndef STORE_SQL_PRIVATE_H
#define STORE_SQL_PRIVATE_H

#include "haystack_private.h"
#include "queue_private.h"
#include "recent_private.h"
#include "sql_conn_private.h"
#include "sql_pool_private.h"
#include "sql_writer_private.h"
#include "store_private.h"

struct sql_store {
	struct store base;
	struct sql_pool *pool;
	struct queue *queue;
	struct sql_writer *writer;
	struct recent *recent;
	struct recent *touches;
	struct haystacks *haystacks;
	struct packers *packers;
	/* Whether the place still names what is open; NULL: it always does.
	 * Only reads that the filter has no use for ask: it finds out as it
	 * writes. */
	gboolean (*there)(const struct sql_store *store, GError **error);
};

static inline struct sql_store *
sql_store(struct store *store)
{
	return (struct sql_store *)(void *)store;
}

static inline gboolean
sql_there(struct store *store, GError **error)
{
	const struct sql_store *sql = sql_store(store);

	return !sql->there || sql->there(sql, error);
}

/* The parts a driver has of us; `place` as the backend takes it, `name` for
 * people. Starting takes the writer's connection, on success only. */
void sql_store_init(struct sql_store *store, const struct sql_backend *backend,
		    const char *place, const char *name);
gboolean sql_store_start(struct sql_store *store, struct sql_conn *writer,
			 const struct sql_room *room, GError **error);

/* How many queued writes were given up. */
guint64 sql_store_clear(struct sql_store *store);

/* Whether a row of `message` counts for its priority as store_priority() has
 * it; `tag` is the threshold's place. */
#define SQL_NEAR(tag) "priority <> '' AND relevance >= " tag

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

void sql_row_bind(SqlQuery *query, const struct store_message *message);
struct store_message *sql_row_read(SqlQuery *query);

/* The row that has a message's id; `state` is -1 when there is none. */
struct sql_same {
	gint64 seq;
	int state;
};

/* CONFLICT when the row is another message. */
gboolean sql_row_same(struct sql_conn *conn,
		      const struct store_message *message,
		      struct sql_same *same, GError **error);

/* The id of an earlier row with the same repeat key, or "". */
gboolean sql_row_repeat(struct sql_conn *conn,
			const struct store_message *message,
			const enum store_state states[2], char id[ID_LEN + 1],
			GError **error);

/*
 * With what else is kept of it: features, as sql_features_pack() left them,
 * and its place in a campaign. `replaced`: the row of its id, a note.
 */
gboolean sql_row_add(struct sql_conn *conn, const struct store_message *message,
		     const char *content, const struct sql_same *replaced,
		     GError **error);

/*
 * Copies a message for a job: its features, unless they are too large, are the
 * frame that is to be written. And how many bytes those are.
 */
struct store_message *sql_row_copy(struct store *store,
				   const struct store_message *message);
gsize sql_row_weight(const struct store_message *message);

/* Within a transaction: the features of a new row; its place, and its end. */
gboolean sql_features_add(struct sql_conn *conn,
			  const struct store_message *message, GError **error);
gboolean sql_touch_add(struct sql_conn *conn,
		       const struct store_message *message, gint64 seq,
		       GError **error);
gboolean sql_touch_drop(struct sql_conn *conn,
			const struct store_message *message, gint64 seq,
			GError **error);

/* And what it adds to the sums of the queue. */
gboolean sql_sum_add(struct sql_conn *conn, const struct store_message *message,
		     GError **error);

/* The campaign a message is in, and its touch; "" and 1 when in none. */
gboolean sql_touch_find(struct sql_conn *conn, struct recent *touches,
			const struct store_likeness *likeness,
			struct store_history *history, GError **error);

/*
 * Within a transaction, where the backend is `split`: the message is among the
 * last fingerprints, of all messages (0) or of those of campaigns (1); and
 * those there that are newer than ?1, at most ?2. Somebody else's transaction
 * that takes hours, in any database of the server, must not hold them back;
 * and what has the number of a transaction that is still to come is of another
 * server, which the database was restored from.
 */
gboolean sql_ring_add(struct sql_conn *conn,
		      const struct store_message *message, int kind,
		      GError **error);
#define SQL_RING_NEWER(kind)                                                   \
	"SELECT * FROM (SELECT seq, time, fingerprint, buyer FROM ring"        \
	" WHERE kind = " kind " AND seq > ?1"                                  \
	" AND seq < pg_snapshot_xmax(pg_current_snapshot())::text::bigint"     \
	" << 20 AND (seq < ring_settled()"                                     \
	" OR time < (extract(epoch FROM now())::bigint - 300) * 1000000)"      \
	" ORDER BY seq DESC LIMIT ?2) AS newer ORDER BY seq"

/* Adds to `recent` what is newer, as the text gives it. */
gboolean sql_recent_read(struct sql_conn *conn, const char *sql,
			 struct recent *recent, GError **error);

/* Sets NOT_FOUND; always FALSE. */
gboolean sql_not_found(const char *what, const char *id, GError **error);

/* The column's text, the caller's; never NULL. */
char *sql_string_at(SqlQuery *query, int column);

/* The bytes that `refs` messages of a hold share. */
struct sql_content {
	const char *id;
	guint refs;
	gint64 size;
	GBytes *frame;
};

/*
 * Within a transaction: adds it; adds its references to one of that key, or
 * else it; takes the reference of the buyer's message with this `seq`, and with
 * the last one the bytes.
 */
gboolean sql_content_add(struct sql_conn *conn,
			 const struct sql_content *content, GError **error);
gboolean sql_content_share(struct sql_conn *conn,
			   const struct sql_content *content, GError **error);
gboolean sql_content_drop(struct sql_conn *conn, const char *buyer, gint64 seq,
			  GError **error);

/* The driver's calls, by the file they are in. */
gboolean sql_hold(struct store *store, const struct store_copy *copy,
		  guint *repeats, GError **error);
void sql_note(struct store *store, const struct store_message *message);
void sql_contact(struct store *store, const char *buyer, const char *contact,
		 gint64 time_us);
gboolean sql_flush(struct store *store, gint64 deadline_us, GError **error);

gboolean sql_known(struct store *store, const char *buyer,
		   const char *const *contacts, gint64 deadline_us,
		   gboolean *known, GError **error);
struct store_message *sql_find(struct store *store, const char *buyer,
			       const char *id, GError **error);
GBytes *sql_body(struct store *store, const char *buyer, const char *id,
		 GError **error);
guint64 sql_dropped(struct store *store);
gboolean sql_verify(struct store *store, GError **error);
gboolean sql_stats(struct store *store, struct store_stats *stats,
		   GError **error);

GPtrArray *sql_list(struct store *store, const struct store_query *query,
		    GError **error);

gboolean sql_history(struct store *store, const struct store_likeness *likeness,
		     gint64 deadline_us, struct store_history *history,
		     GError **error);

gboolean sql_claim(struct store *store, const struct store_change *change,
		   GError **error);
gboolean sql_settle(struct store *store, const struct store_change *change,
		    GError **error);
gboolean sql_delete(struct store *store, const struct store_change *change,
		    GError **error);

GBytes *sql_features(struct store *store, const char *buyer, const char *id,
		     GError **error);

gboolean sql_feedback_add(struct store *store, struct store_feedback *feedback,
			  GError **error);
gboolean sql_feedback_undo(struct store *store, const char *buyer,
			   const char *message, const char *by, GError **error);
GPtrArray *sql_feedback_list(struct store *store, const char *buyer,
			     gint64 since_us, gboolean active_only,
			     GError **error);

gboolean sql_ruling_add(struct store *store, struct store_ruling *ruling,
			GError **error);
gboolean sql_ruling_undo(struct store *store, const char *buyer, const char *id,
			 const char *by, GError **error);
GPtrArray *sql_ruling_list(struct store *store, const char *buyer,
			   gboolean active_only, GError **error);
gboolean sql_ruling_find(struct store *store, const struct store_mark *mark,
			 gint64 deadline_us, struct store_ruling **found,
			 GError **error);

gboolean sql_expire(struct store *store, gint64 before_us,
		    gint64 ledger_before_us, guint *expired, GError **error);

gboolean sql_forget(struct store *store, gint64 before_us, gint64 deadline_us,
		    guint *forgotten, GError **error);

extern const struct store_versions sql_versions;
extern const struct store_passes sql_passes;
extern const struct store_audits sql_audits;
extern const struct store_jobs sql_jobs;
extern const struct store_review sql_review;
extern const struct store_signals sql_signals;

gboolean sql_source_set(struct store *store, const struct store_source *source,
			GError **error);
struct store_source *sql_source_find(struct store *store, const char *name,
				     GError **error);
GPtrArray *sql_source_list(struct store *store, GError **error);
gboolean sql_metric_set(struct store *store, const struct store_metric *metric,
			const struct store_point *points, guint n,
			GError **error);
GArray *sql_metric_list(struct store *store, const struct store_metric *metric,
			GError **error);
extern const struct store_vendors sql_vendors;
extern const struct store_decisions sql_decisions;
extern const struct store_models sql_models;
extern const struct store_documents sql_documents;

/* Within a transaction: takes the place of the quotations of a message. */
gboolean sql_quotes_write(struct sql_conn *conn,
			  const struct store_message *message,
			  const GPtrArray *quotes, GError **error);

/* Items without a document. */
GPtrArray *sql_items_due(struct store *store, guint limit, GError **error);

/* Of vendors: what was read out of their mail. */
gboolean sql_quotes_set(struct store *store,
			const struct store_message *message,
			const GPtrArray *quotes, GError **error);
GPtrArray *sql_quotes_list(struct store *store,
			   const struct store_quote_query *query,
			   GError **error);
GPtrArray *sql_vendor_sums(struct store *store, const char *const *buyers,
			   const double *tags, GError **error);
GPtrArray *sql_quotes_due(struct store *store, const char *after, guint limit,
			  GError **error);

/* Of struct store_driver all but scheme, open, close. */
#define SQL_STORE_CALLS                                                        \
	.hold = sql_hold, .note = sql_note, .contact = sql_contact,            \
	.known = sql_known, .history = sql_history, .list = sql_list,          \
	.find = sql_find, .body = sql_body, .claim = sql_claim,                \
	.settle = sql_settle, .delete = sql_delete, .expire = sql_expire,      \
	.forget = sql_forget, .features = sql_features,                        \
	.feedback_add = sql_feedback_add, .feedback_undo = sql_feedback_undo,  \
	.feedback_list = sql_feedback_list, .ruling_add = sql_ruling_add,      \
	.ruling_undo = sql_ruling_undo, .ruling_list = sql_ruling_list,        \
	.ruling_find = sql_ruling_find, .flush = sql_flush,                    \
	.dropped = sql_dropped, .stats = sql_stats, .verify = sql_verify,      \
	.versions = &sql_versions, .passes = &sql_passes,                      \
	.audits = &sql_audits, .jobs = &sql_jobs, .review = &sql_review,       \
	.signals = &sql_signals, .vendors = &sql_vendors,                      \
	.decisions = &sql_decisions, .models = &sql_models,                    \
	.documents = &sql_documents

#endif
