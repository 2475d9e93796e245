/* What makes a snapshot, apart from what asks one. */
#ifndef SCREEN_SNAPSHOT_PRIVATE_H
#define SCREEN_SNAPSHOT_PRIVATE_H

#include "screen/snapshot.h"

/* Empty, with one owner. */
struct snapshot *snapshot_alloc(void);

/* Whoever owns it, and whatever of it is there. */
void snapshot_free(struct snapshot *snapshot);

/* Takes the profile over. */
struct buyer *snapshot_adopt(struct snapshot *snapshot,
			     struct profile *profile);

/* snapshot_take() without mending versions. `told` (of char *) gets a line for
 * each fault that leaves somebody out; it is for a partial one only. */
struct snapshot *snapshot_read(const struct snapshot_request *request,
			       GPtrArray *told, GError **error);

#endif
