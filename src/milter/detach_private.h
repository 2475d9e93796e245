/* Into the background, with the exit code of the start for the shell. */
#ifndef MILTER_DETACH_PRIVATE_H
#define MILTER_DETACH_PRIVATE_H

#include <glib.h>

/*
 * Returns in a child in a session of its own. The parent waits for
 * detach_done() in it and exits with that code, or with EX_SOFTWARE when the
 * child ends without. `fd` is for detach_done().
 */
gboolean detach_begin(int *fd, GError **error);

/* Ends the parent; for code 0 also standard input and output are let go. */
void detach_done(int fd, int code);

#endif
