/*
 * Which message killed the worker. Before a message's bytes are read its
 * digest is put into memory that outlives the process; when a worker dies, its
 * supervisor takes what stands there for suspects, and the next worker lets
 * them pass unread instead of dying again.
 *
 * The memory is shared by the supervisor and its workers, one worker at a time.
 */
#ifndef MILTER_BLAME_H
#define MILTER_BLAME_H

#include <glib.h>

struct blame;

/* Before any worker is forked; never freed. */
struct blame *blame_new(void);

/*
 * The worker begins or ends to read a message. `place` is what blame_enter()
 * gave, which is G_MAXUINT when all places are taken: nobody is blamed then.
 */
guint blame_enter(struct blame *blame, guint64 digest);
void blame_leave(struct blame *blame, guint place);

/* Whether a worker died while it read this message (of the last 64 such). */
gboolean blame_known(const struct blame *blame, guint64 digest);

/* For the supervisor when its worker is dead: how many suspects there were. */
guint blame_collect(struct blame *blame);

#endif
