/*
 * The listener as the worker has it: the number that libmilter accepts on can
 * lead to the MTAs' socket, or to one that nobody connects to.
 */
#ifndef MILTER_DOOR_PRIVATE_H
#define MILTER_DOOR_PRIVATE_H

#include <glib.h>

struct door {
	int listener; /* libmilter's number for it, borrowed */
	int mtas;     /* the socket itself; -1: there was no number left */
	int nobody;   /* -1: likewise */
	gboolean shut;
};

void door_init(struct door *door, int listener);

/* For good: what waits in the queue stays for the next worker. */
void door_shut(struct door *door);

/*
 * Shuts while there are hardly any files left, and opens again: libmilter's
 * listener spins when it cannot accept, and the store needs some. Connections
 * that say nothing are not counted elsewhere. TRUE when that changed.
 */
gboolean door_watch(struct door *door);

#endif
