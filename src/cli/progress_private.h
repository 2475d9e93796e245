/*
 * How far a long command is, on standard error when that is a terminal and
 * more than a second has passed. It draws nothing else than its own line.
 */
#ifndef CLI_PROGRESS_PRIVATE_H
#define CLI_PROGRESS_PRIVATE_H

#include <glib.h>

struct progress {
	const char *what; /* "messages" */
	guint total;	  /* 0: not known */
	guint done;
	gint64 began_us;
	gint64 drawn_us; /* 0: nothing is on the screen */
	gboolean on;
};

void progress_begin(struct progress *progress, const char *what, guint total);

/* One more is done. */
void progress_step(struct progress *progress);

/* Takes the line away; before printing, and at the end. */
void progress_clear(struct progress *progress);

#endif
