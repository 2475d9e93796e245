/*
 * How a command fails: one line on standard error and an exit code, 1 when
 * the answer is no, else one of sysexits.h.
 */
#ifndef CLI_FAILURE_PRIVATE_H
#define CLI_FAILURE_PRIVATE_H

#include <glib.h>

#define CLI_ERROR (cli_error_quark())

enum cli_error {
	CLI_ERROR_USAGE, /* the command line is wrong */
	CLI_ERROR_NO,	 /* the answer is no */
	CLI_ERROR_EXISTS /* a file to be made is there already */
};

GQuark cli_error_quark(void);

/* The exit code of an error, by its domain and code. */
int failure_code(const GError *error);

/* "pitchward: MESSAGE"; faults of files as they are, "file:line:column: ". */
void failure_print(const GError *error);

/* Both. */
int failure_exit(const GError *error);

/* The worse of two exit codes, for commands that go on after a failure. */
int failure_worse(int a, int b);

#endif
