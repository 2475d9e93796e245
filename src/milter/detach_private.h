/* Into the background, with the exit code of the start for the shell. */
#ifndef MILTER_DETACH_PRIVATE_H
#define MILTER_DETACH_PRIVATE_H

#include <glib.h>

/*
 * Returns in a child in a session of its own, which of the caller's files has
 * standard error only. The parent waits for
 * detach_done() in it and exits with that code, or with EX_SOFTWARE when the
 * child ends without. `fd` is for detach_done().
 */
gboolean detach_begin(int *fd, GError **error);

/*
 * Lets go of standard error, on which a start tells what is wrong, as
 * detach_done() does too; for children that were forked before it.
 */
void detach_stderr(void);

/* Ends the parent with the exit code; from here on nobody is at a terminal. */
void detach_done(int fd, int code);

#endif
