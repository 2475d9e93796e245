/*
 * Room on the disk of a database file. A deletion needs some before it gives
 * any, so a ballast file beside the database keeps it; it is given up when
 * the disk is full, and made again when there is room.
 */
#ifndef STORE_SPACE_PRIVATE_H
#define STORE_SPACE_PRIVATE_H

#include <glib.h>

struct space;

struct space *space_new(const char *database);
void space_free(struct space *space);

/*
 * How large a log may grow before its pages go to their places: what the
 * ballast can pay for. Less on a small disk.
 */
guint64 space_log_max(const struct space *space);

/* What cannot be told is taken for plenty: a write will tell. */
guint64 space_left(const struct space *space);

/*
 * STORE_ERROR_FULL unless `bytes` can be written, to a log and later to their
 * place, and `owed` that is in the log only, and some to spare.
 */
gboolean space_check(const struct space *space, guint64 bytes, guint64 owed,
		     GError **error);

/* Whether the ballast is there, and some room besides. */
gboolean space_at_ease(const struct space *space);

/* Whether the disk has less free than that takes. */
gboolean space_low(const struct space *space);

/* Makes the ballast where it is missing and the disk has room for it. */
void space_keep(const struct space *space);

/* Gives the ballast up; FALSE when there was none. */
gboolean space_spill(const struct space *space);

#endif
