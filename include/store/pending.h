/*
 * What waits about a held message: a buyer put it off until a date, or somebody
 * who may not release it asked for it. At most one of a kind is open for a
 * message.
 */
#ifndef STORE_PENDING_H
#define STORE_PENDING_H

#include <glib.h>

#include "store/store.h"

enum store_pending_kind { STORE_SNOOZE, STORE_REQUEST };

struct store_pending {
	char id[ID_LEN + 1];
	enum store_pending_kind kind;
	char *buyer;
	char *message; /* its id */
	char *by;
	gint64 time_us;	 /* 0: now */
	gint64 until_us; /* a snooze ends then by itself; 0: none */
	gint64 ended_us; /* 0: it is open */
	char *ended_by;
	char *note; /* "granted", "refused", or why it is asked for */
};
typedef struct store_pending StorePending; /* for g_autoptr(StorePending) */

void store_pending_free(struct store_pending *pending);

/*
 * Durable. When one of that kind is open for the message, a snooze takes the
 * new date and a request is a repeat; the id is written to pending->id. The
 * same id that has ended is a repeat, too; STORE_ERROR_CONFLICT when it is of
 * another message or kind. STORE_ERROR_NOT_FOUND: the buyer has no such
 * message.
 */
gboolean store_pending_add(struct store *store, struct store_pending *pending,
			   GError **error);

/* Durable; a note that is not "" takes the place of what there was.
 * STORE_ERROR_NOT_FOUND: nothing of that kind is open for it. */
gboolean store_pending_end(struct store *store, enum store_pending_kind kind,
			   const char *buyer, const char *message,
			   const char *by, const char *note, GError **error);

/*
 * What is open at `now_us` (wall clock) about mail that is still held (or being
 * released), of one buyer or all (NULL), the newest last: an array of struct
 * store_pending that frees its elements.
 */
GPtrArray *store_pending_list(struct store *store, enum store_pending_kind kind,
			      const char *buyer, gint64 now_us, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePending, store_pending_free)

#endif
