/*
 * The messages of one file: itself, or those of an mbox (a file that begins
 * with "From "). An mbox is split at "From " lines after an empty line, and
 * ">From " is unescaped as mboxrd does; when its first "From " line has a
 * time of day, so must the others, since people begin sentences with "From".
 * Any bytes are a message. Memory is bounded by `size_max`.
 */
#ifndef CLI_MBOX_PRIVATE_H
#define CLI_MBOX_PRIVATE_H

#include <glib.h>

struct mbox;
typedef struct mbox Mbox; /* for g_autoptr(Mbox) */

/* "-" is standard input. Errors: BASE_ERROR_*. */
struct mbox *mbox_open(const char *path, gsize size_max, GError **error);
void mbox_close(struct mbox *mbox);

/*
 * The next message, its first `size_max` bytes; unref it. NULL without an
 * error at the end.
 */
GBytes *mbox_next(struct mbox *mbox, GError **error);

/* The number of the message just read, from 1; 0 when it is the whole file. */
guint mbox_number(const struct mbox *mbox);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mbox, mbox_close)

#endif
