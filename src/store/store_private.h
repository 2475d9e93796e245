/*
 * What a driver gives. store.c checks the arguments, finds the driver by the
 * URL's scheme and calls through this table; contracts are those of store.h.
 * A driver embeds `struct store` as its first member.
 */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include <stdatomic.h>

#include "base/clock.h"
#include "store/access.h"
#include "store/audit.h"
#include "store/decisions.h"
#include "store/jobs.h"
#include "store/models.h"
#include "store/pending.h"
#include "store/place.h"
#include "store/queue.h"
#include "store/search.h"
#include "store/signals.h"
#include "store/store.h"
#include "store/vendors.h"
#include "store/versions.h"

/* Of calls whose contract names no deadline, unless said otherwise. */
#define STORE_WAIT_US (30 * CLOCK_SECOND_US)

/* A row with the same repeat key that is less than this older is a repeat. */
#define STORE_REPEAT_US (2 * CLOCK_DAY_US)

/* store_list() without a limit. */
#define STORE_LIST_LIMIT 1000

/* store_history() counts a vendor's messages, and touches, up to here. */
#define STORE_VENDOR_SEEN_MAX 100
#define STORE_TOUCH_MAX	      100

struct store_copy {
	struct store_message *const *messages;
	guint n;
	GBytes *bytes;
	gint64 deadline_us;
};

/* A change of state; what a change does not need is 0 or "". */
struct store_change {
	const char *buyer; /* NULL: whoever's it is */
	const char *id;
	const char *owner;
	gint64 lease_us;
	enum store_state state;
	const char *note;
};

/* The claim of a job, and its end; what one does not need is 0 or "". */
struct store_claim {
	const char *kind;
	const char *key;
	const char *owner;
	gint64 lease_us;
	gboolean done;
	const char *note;
};

/* What is to be ended, of one kind. */
struct store_ending {
	enum store_pending_kind kind;
	const char *buyer;
	const char *message;
	const char *by;
	const char *note;
};

/* What store_ruling_find() is asked. */
struct store_mark {
	const char *buyer;
	const char *vendor;
	const char *campaign;
	gint64 now_us;
};

struct store;

/* store/versions.h */
struct store_versions {
	gboolean (*add)(struct store *store, struct store_version *version,
			guint after, GError **error);
	GPtrArray *(*list)(struct store *store, const char *buyer,
			   GError **error);
	GPtrArray *(*list_since)(struct store *store, const GPtrArray *known,
				 GError **error);
	gboolean (*mark)(struct store *store, guint64 *mark, GError **error);
};

/* store/access.h */
struct store_passes {
	gboolean (*add)(struct store *store, const struct store_pass *pass,
			GError **error);
	struct store_pass *(*find)(struct store *store,
				   enum store_pass_kind kind, const char *hash,
				   gint64 now_us, GError **error);
	gboolean (*end)(struct store *store, enum store_pass_kind kind,
			const char *hash, gint64 now_us, GError **error);
	gboolean (*end_all)(struct store *store, const char *address,
			    gint64 now_us, guint *n, GError **error);
	GPtrArray *(*list)(struct store *store, const char *address,
			   gint64 now_us, GError **error);
};

/* store/audit.h */
struct store_audits {
	gboolean (*add)(struct store *store, const struct store_audit *audit,
			GError **error);
	GPtrArray *(*list)(struct store *store,
			   const struct store_audit_query *query,
			   GError **error);
};

/* store/jobs.h */
struct store_jobs {
	gboolean (*claim)(struct store *store, const struct store_claim *claim,
			  GError **error);
	gboolean (*settle)(struct store *store, const struct store_claim *claim,
			   GError **error);
	struct store_job *(*find)(struct store *store, const char *kind,
				  const char *key, GError **error);
	GPtrArray *(*list)(struct store *store, const char *kind,
			   const char *prefix, guint limit, GError **error);
};

/* Whose mail counts for a priority, from which day on. */
struct store_span {
	const char *buyer;
	double tag;
	gint64 since_us;
};

/* store/pending.h and store/queue.h */
struct store_review {
	gboolean (*pend)(struct store *store, struct store_pending *pending,
			 GError **error);
	gboolean (*end)(struct store *store, const struct store_ending *ending,
			GError **error);
	GPtrArray *(*pending)(struct store *store, enum store_pending_kind kind,
			      const char *buyer, gint64 now_us, GError **error);
	GPtrArray *(*folds)(struct store *store,
			    const struct store_fold_query *query,
			    struct store_fold_total *total, GError **error);
	GPtrArray *(*flow)(struct store *store, const char *buyer,
			   gint64 since_us, GError **error);
	GPtrArray *(*near)(struct store *store, const struct store_span *span,
			   GError **error);
};

/* store/vendors.h */
struct store_vendors {
	GPtrArray *(*list)(struct store *store, GError **error);
	gboolean (*move)(struct store *store, const struct store_move *moves,
			 guint n, const char *by, GError **error);
	gboolean (*write)(struct store *store, const char *domain,
			  enum store_vendor_field field, const char *text,
			  const char *by, GError **error);
	gboolean (*quotes_set)(struct store *store,
			       const struct store_message *message,
			       const GPtrArray *quotes, GError **error);
	GPtrArray *(*quotes_list)(struct store *store,
				  const struct store_quote_query *query,
				  GError **error);
	GPtrArray *(*quotes_due)(struct store *store, const char *after,
				 guint limit, GError **error);
	GPtrArray *(*sums)(struct store *store, const char *const *buyers,
			   const double *tags, GError **error);
};

/* store/signals.h */
struct store_signals {
	gboolean (*item_add)(struct store *store,
			     struct store_item *const *items, guint n,
			     guint *fresh, GError **error);
	GPtrArray *(*item_list)(struct store *store,
				const struct store_item_query *query,
				GError **error);
	struct store_item *(*item_find)(struct store *store, const char *id,
					GError **error);
	gboolean (*item_expire)(struct store *store, gint64 before_us, guint *n,
				GError **error);
	gboolean (*source_set)(struct store *store,
			       const struct store_source *source,
			       GError **error);
	struct store_source *(*source_find)(struct store *store,
					    const char *name, GError **error);
	GPtrArray *(*source_list)(struct store *store, GError **error);
	gboolean (*metric_set)(struct store *store,
			       const struct store_metric *metric,
			       const struct store_point *points, guint n,
			       GError **error);
	GArray *(*metric_list)(struct store *store,
			       const struct store_metric *metric,
			       GError **error);
};

/* store/decisions.h */
struct store_decisions {
	/* `said`: rows of the group there may be; -1: any */
	gboolean (*add)(struct store *store, const struct store_vote *vote,
			gint64 said, GError **error);
	GPtrArray *(*list)(struct store *store, const char *group,
			   GError **error);
};

/* store/search.h */
struct store_documents {
	gboolean (*glean)(struct store *store,
			  const struct store_message *message,
			  const struct store_gleaning *gleaning,
			  GError **error);
	gboolean (*set)(struct store *store,
			struct store_document *const *documents, guint n,
			GError **error);
	GPtrArray *(*items_due)(struct store *store, guint limit,
				GError **error);
	struct store_document *(*find)(struct store *store, const char *id,
				       GError **error);
	GPtrArray *(*search)(struct store *store,
			     const struct store_search *search, GError **error);
	gboolean (*counts)(struct store *store, const char *const *terms,
			   guint n, guint *total, guint *having,
			   GError **error);
	GPtrArray *(*trends)(struct store *store,
			     const struct store_trend_query *query,
			     GArray **all, GError **error);
	GPtrArray *(*trend_vendors)(struct store *store,
				    const struct store_trend_query *query,
				    const char *term, GError **error);
	gboolean (*watch_add)(struct store *store, struct store_watch *watch,
			      GError **error);
	gboolean (*watch_remove)(struct store *store, const char *buyer,
				 const char *id, GError **error);
	GPtrArray *(*watch_list)(struct store *store, const char *buyer,
				 GError **error);
};

/* store/models.h */
struct store_models {
	gboolean (*put)(struct store *store, const struct store_model *model,
			GError **error);
	GPtrArray *(*list)(struct store *store, GError **error);
	gboolean (*mark)(struct store *store, guint64 *mark, GError **error);
	/* Only digest and pack. */
	struct store_model *(*get)(struct store *store, const char *id,
				   GError **error);
};

struct store_driver {
	const char *scheme;
	gboolean shared; /* several machines may use it */
	struct store *(*open)(const char *place, GError **error);
	gboolean (*look)(const char *place, struct store_place *found,
			 GError **error);	/* or NULL */
	char *(*keep_older)(const char *place); /* or NULL */
	guint64 (*close)(struct store *store);
	gboolean (*hold)(struct store *store, const struct store_copy *copy,
			 guint *repeats, GError **error);
	void (*note)(struct store *store, const struct store_message *message);
	void (*contact)(struct store *store, const char *buyer,
			const char *contact, gint64 time_us);
	gboolean (*known)(struct store *store, const char *buyer,
			  const char *const *contacts, gint64 deadline_us,
			  gboolean *known, GError **error);
	gboolean (*history)(struct store *store,
			    const struct store_likeness *likeness,
			    gint64 deadline_us, struct store_history *history,
			    GError **error);
	GPtrArray *(*list)(struct store *store, const struct store_query *query,
			   GError **error);
	struct store_message *(*find)(struct store *store, const char *buyer,
				      const char *id, GError **error);
	GBytes *(*body)(struct store *store, const char *buyer, const char *id,
			GError **error);
	gboolean (*claim)(struct store *store,
			  const struct store_change *change, GError **error);
	gboolean (*settle)(struct store *store,
			   const struct store_change *change, GError **error);
	gboolean (*delete)(struct store *store,
			   const struct store_change *change, GError **error);
	gboolean (*expire)(struct store *store, gint64 before_us,
			   gint64 ledger_before_us, guint *expired,
			   GError **error);
	gboolean (*forget)(struct store *store, gint64 before_us,
			   gint64 deadline_us, guint *forgotten,
			   GError **error);
	GBytes *(*features)(struct store *store, const char *buyer,
			    const char *id, GError **error);
	gboolean (*feedback_add)(struct store *store,
				 struct store_feedback *feedback,
				 GError **error);
	gboolean (*feedback_undo)(struct store *store, const char *buyer,
				  const char *message, const char *by,
				  GError **error);
	GPtrArray *(*feedback_list)(struct store *store, const char *buyer,
				    gint64 since_us, gboolean active_only,
				    GError **error);
	gboolean (*ruling_add)(struct store *store, struct store_ruling *ruling,
			       GError **error);
	gboolean (*ruling_undo)(struct store *store, const char *buyer,
				const char *id, const char *by, GError **error);
	GPtrArray *(*ruling_list)(struct store *store, const char *buyer,
				  gboolean active_only, GError **error);
	gboolean (*ruling_find)(struct store *store,
				const struct store_mark *mark,
				gint64 deadline_us, struct store_ruling **found,
				GError **error);
	gboolean (*flush)(struct store *store, gint64 deadline_us,
			  GError **error);
	guint64 (*dropped)(struct store *store);
	gboolean (*stats)(struct store *store, struct store_stats *stats,
			  GError **error);
	gboolean (*verify)(struct store *store, GError **error);
	const struct store_versions *versions;
	const struct store_passes *passes;
	const struct store_audits *audits;
	const struct store_jobs *jobs;
	const struct store_review *review;
	const struct store_signals *signals;
	const struct store_vendors *vendors;
	const struct store_documents *documents;
	const struct store_decisions *decisions;
	const struct store_models *models;
	gboolean (*await)(struct store *store,
			  gint64 deadline_us); /* or NULL */
};

struct store {
	const struct store_driver *driver;
	atomic_uint_fast64_t repeats;
	atomic_uint_fast64_t oversized; /* features */
	gint64 wait_us; /* of calls whose contract names no deadline */
};

extern const struct store_driver store_sqlite;
extern const struct store_driver store_postgres;
extern const struct store_driver store_fake;

/* The one of the URL's scheme, and what follows the colon. */
const struct store_driver *store_driver_of(const char *url, const char **rest,
					   GError **error);

/* The fields of a message that are strings, by the names we write out. */
struct store_string {
	const char *name;
	gsize offset;
};

#define STORE_STRINGS 18

/* So many of them were there before there were campaigns. */
#define STORE_STRINGS_FIRST 17

extern const struct store_string store_strings[STORE_STRINGS];

#define STORE_STRING(message, i)                                               \
	G_STRUCT_MEMBER(char *, message, store_strings[i].offset)

struct store_message *store_message_copy(const struct store_message *message);

/* Borrowed: the features that are to be kept; counts what is too large. */
GBytes *store_features_kept(struct store *store,
			    const struct store_message *message);

struct store_feedback *
store_feedback_copy(const struct store_feedback *feedback);
struct store_ruling *store_ruling_copy(const struct store_ruling *ruling);
struct store_pending *store_pending_copy(const struct store_pending *pending);
struct store_pass *store_pass_copy(const struct store_pass *pass);
struct store_item *store_item_copy(const struct store_item *item);
struct store_source *store_source_copy(const struct store_source *source);
struct store_vote *store_vote_copy(const struct store_vote *vote);
struct store_audit *store_audit_copy(const struct store_audit *audit);
struct store_quote *store_quote_copy(const struct store_quote *quote);
struct store_document *
store_document_copy(const struct store_document *document);
struct store_watch *store_watch_copy(const struct store_watch *watch);

/* Whether the two say the same: a second one with that id is a repeat. */
gboolean store_feedback_same(const struct store_feedback *a,
			     const struct store_feedback *b);
gboolean store_ruling_same(const struct store_ruling *a,
			   const struct store_ruling *b);
gboolean store_version_same(const struct store_version *a,
			    const struct store_version *b);
gboolean store_pending_same(const struct store_pending *a,
			    const struct store_pending *b);

/* Which of the newest active ones applies; either may be NULL. */
const struct store_ruling *
store_ruling_foremost(const struct store_ruling *of_vendor,
		      const struct store_ruling *of_campaign);

#endif
