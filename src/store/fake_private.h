/*
 * The store that fails on purpose, from inside: what its files share. A write
 * is fake_begin() && fake_end() around the call of the store that it wraps.
 */
#ifndef STORE_FAKE_PRIVATE_H
#define STORE_FAKE_PRIVATE_H

#include "store_private.h"

struct fake {
	struct store base;
	struct store *inner;
	guint64 fatal;
	enum store_error code;
	gboolean lost;
	gboolean slow;
	atomic_uint_fast64_t calls;
};

enum fake_fate { FAKE_MADE, FAKE_REFUSED, FAKE_LOST };

/* One call that writes. */
struct fake_turn {
	const struct fake *fake;
	struct store *inner;
	enum fake_fate fate;
	char *id; /* that the call may change, or NULL */
	char given[ID_LEN + 1];
};

/* FALSE, and the error, when the call is refused. */
gboolean fake_begin(struct store *store, char *id, struct fake_turn *turn,
		    GError **error);

/* What becomes of a call that was made: with a lost answer the id is lost, too,
 * that it would have been given. */
gboolean fake_end(const struct fake_turn *turn, gboolean ok, GError **error);

/* Of a call that only reads, the store to ask: lost or refused is one. */
struct store *fake_reads(struct store *store, GError **error);

/* The driver's calls in the other files. */
GBytes *fake_features(struct store *store, const char *buyer, const char *id,
		      GError **error);
gboolean fake_feedback_add(struct store *store, struct store_feedback *feedback,
			   GError **error);
gboolean fake_feedback_undo(struct store *store, const char *buyer,
			    const char *message, const char *by,
			    GError **error);
GPtrArray *fake_feedback_list(struct store *store, const char *buyer,
			      gint64 since_us, gboolean active_only,
			      GError **error);
gboolean fake_ruling_add(struct store *store, struct store_ruling *ruling,
			 GError **error);
gboolean fake_ruling_undo(struct store *store, const char *buyer,
			  const char *id, const char *by, GError **error);
GPtrArray *fake_ruling_list(struct store *store, const char *buyer,
			    gboolean active_only, GError **error);
gboolean fake_ruling_find(struct store *store, const struct store_mark *mark,
			  gint64 deadline_us, struct store_ruling **found,
			  GError **error);

extern const struct store_versions fake_versions;
extern const struct store_passes fake_passes;
extern const struct store_audits fake_audits;
extern const struct store_jobs fake_jobs;
extern const struct store_review fake_review;
extern const struct store_signals fake_signals;
extern const struct store_vendors fake_vendors;
extern const struct store_documents fake_documents;
extern const struct store_decisions fake_decisions;
extern const struct store_models fake_models;

#endif
