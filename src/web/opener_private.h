/*
 * Opens the store in a thread of its own, again and again until it is there: a
 * database may come later than we do after a reboot, and one that is silent
 * must not keep the program from its signals.
 */
#ifndef WEB_OPENER_PRIVATE_H
#define WEB_OPENER_PRIVATE_H

#include <glib.h>

#include "store/store.h"

struct opener;

struct opener *opener_new(const char *url);

/*
 * The store, once; the caller's. NULL: it is not there, and the error says why
 * the last attempt failed. Before the first one has ended that is waited for
 * until then, on the monotonic clock.
 */
struct store *opener_take(struct opener *opener, gint64 until_us,
			  GError **error);

/* FALSE: an attempt was still under way then, and nothing was freed. NULL is
 * nothing. */
gboolean opener_free(struct opener *opener, gint64 until_us);

#endif
