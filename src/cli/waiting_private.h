/*
 * That a long call is under way and for how long, on standard error when that
 * is a terminal and more than a second has passed; for what cannot tell how
 * far it is (else: progress_private.h).
 */
#ifndef CLI_WAITING_PRIVATE_H
#define CLI_WAITING_PRIVATE_H

#include <glib.h>

struct waiting;
typedef struct waiting Waiting; /* for g_autoptr(Waiting) */

/* "checking what was copied"; borrowed until the end. NULL: no terminal. */
struct waiting *waiting_begin(const char *what);

/* Takes the line away; before anything else is printed. NULL is nothing. */
void waiting_end(struct waiting *waiting);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Waiting, waiting_end)

#endif
