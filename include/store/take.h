/* The file of a store in SQLite, read while others may have it open. */
#ifndef STORE_TAKE_H
#define STORE_TAKE_H

#include <glib.h>

/*
 * Whether a program has it open as stores are, or died so: what is committed
 * moves from the log beside it into it, and only SQLite knows what counts.
 */
gboolean store_take_open(const char *file);

/*
 * One state of it as `to`, which is not there yet; whoever writes goes on, and
 * beside a file that is open nothing is made. STORE_ERROR_*.
 */
gboolean store_take(const char *file, const char *to, GError **error);

#endif
