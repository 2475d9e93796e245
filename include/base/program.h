/* How the daemons' programs begin, refuse their arguments, and end. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <glib.h>

/*
 * Before anything is opened: what is to be opened must not take the number of a
 * closed standard file.
 */
void program_begin(void);

/* The word of --log as an enum log_sink (base/log.h); -1: it is none. */
int program_log_sink(const char *word);

/* "NAME: TEXT; see --help" on standard error; gives EX_USAGE. */
int program_usage(const char *name, const char *text);

/* The exit code after all is printed: `code`, or EX_IOERR with a line on
 * standard error when it could not be written. */
int program_finish(const char *name, int code);

#endif
