/*
 * A small text file for others to read, whenever they like: what they open is
 * whole, and stays as it is for a while. It is there in two copies, each with
 * all the blocks it will need: the one that is not shown is overwritten, and
 * the two change names. So it goes on when the disk is full, which is when it
 * is read.
 *
 * Nothing is synced: after a crash it is of no worth.
 */
#ifndef MILTER_SLATE_PRIVATE_H
#define MILTER_SLATE_PRIVATE_H

#include <glib.h>

struct slate;

/* The copy that is not shown is `path` with ".new" behind it. Touches no file.
 */
struct slate *slate_new(const char *path);

/*
 * Shows the text, with empty lines behind it to the file's size. The copy that
 * was shown before is touched by the next call, and not by this one. On failure
 * what was shown is shown.
 */
gboolean slate_write(struct slate *slate, const char *text, GError **error);

/* The files stay. NULL is nothing. */
void slate_free(struct slate *slate);

#endif
