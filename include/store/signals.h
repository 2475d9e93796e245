/*
 * What comes from outside mail: items of feeds, how the last request to each
 * source went, and the numbers of buyers' metrics. Written by `pitchward
 * fetch`, read by research and the brief; never asked for while mail is judged.
 */
#ifndef STORE_SIGNALS_H
#define STORE_SIGNALS_H

#include <glib.h>

#include "store/store.h"

/* Most items of one store_item_add(), and most points of one metric. */
#define STORE_ITEMS_MAX	 1000
#define STORE_POINTS_MAX 10000

/* Strings are UTF-8 and plain text; NULL means "". */
struct store_item {
	char id[ID_LEN + 1]; /* filled in when it is empty */
	char *source;	     /* the feed's name; with guid the key */
	char *guid;	     /* as the feed names it */
	char *link;	     /* http(s), or "" */
	char *title;
	char *text;
	gint64 time_us; /* published; when it was seen, if it does not say */
	gint64 seen_us; /* came into the store */
};
typedef struct store_item StoreItem; /* for g_autoptr(StoreItem) */

void store_item_free(struct store_item *item);

/*
 * Adds those that are not there yet, all in one transaction, durably. One that
 * is there (by source and guid) stays as it is. `fresh` (may be NULL) counts
 * those added: after a failure that was none it is too small.
 */
gboolean store_item_add(struct store *store, struct store_item *const *items,
			guint n, guint *fresh, GError **error);

/* NULL and 0 do not restrict. */
struct store_item_query {
	const char *source;
	gint64 since_us;  /* published then or later */
	gint64 until_us;  /* and before */
	const char *text; /* in title or text, any case */
	guint limit;	  /* 0: 1000 */
};

/* By time, newest first: an array of struct store_item that frees its
 * elements. */
GPtrArray *store_item_list(struct store *store,
			   const struct store_item_query *query,
			   GError **error);

/* STORE_ERROR_NOT_FOUND. */
struct store_item *store_item_find(struct store *store, const char *id,
				   GError **error);

/* Forgets items seen before `before_us`, durably; `n` (may be NULL) counts
 * them. */
gboolean store_item_expire(struct store *store, gint64 before_us, guint *n,
			   GError **error);

/* How it stands with one source. */
struct store_source {
	char *name;	   /* the key */
	char *url;	   /* that was asked: of another, nothing here holds */
	char *etag;	   /* for conditional requests; "" */
	char *modified;	   /* the same: Last-Modified as it was given */
	gint64 due_us;	   /* ask again then */
	gint64 time_us;	   /* of the last request */
	gint64 success_us; /* of the last one that was answered; 0: none */
	guint failures;	   /* in a row */
	char *error;	   /* the last of them; "" after a success */
};
typedef struct store_source StoreSource; /* for g_autoptr(StoreSource) */

void store_source_free(struct store_source *source);

/* Takes the place of what there was, durably. */
gboolean store_source_set(struct store *store,
			  const struct store_source *source, GError **error);

/* STORE_ERROR_NOT_FOUND: it was never asked. */
struct store_source *store_source_find(struct store *store, const char *name,
				       GError **error);

/* By name: an array of struct store_source that frees its elements. */
GPtrArray *store_source_list(struct store *store, GError **error);

/* A metric on one day (UTC, 0:00). */
struct store_point {
	gint64 day_us;
	double value;
};

/* Whose the points are. */
struct store_metric {
	const char *buyer;
	const char *priority; /* its id */
};

/*
 * Makes these points the metric's, in place of all there were, in one
 * transaction, durably; days are different, numbers finite. None: the metric
 * is forgotten.
 */
gboolean store_metric_set(struct store *store,
			  const struct store_metric *metric,
			  const struct store_point *points, guint n,
			  GError **error);

/* By day, the newest last: an array of struct store_point, empty when the
 * metric is not known. */
GArray *store_metric_list(struct store *store,
			  const struct store_metric *metric, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreItem, store_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreSource, store_source_free)

#endif
