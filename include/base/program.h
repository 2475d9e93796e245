/* How the daemons' programs begin, read their command lines, and end. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <glib.h>

struct program {
	const char *name;
	const char *help;	 /* what --help prints */
	const GOptionEntry *own; /* options that the others do not have */
};

/* What all of them have. */
struct program_options {
	char *config; /* the installed one, when none is named */
	char *models; /* or NULL */
	int log;      /* enum log_sink (base/log.h), -1: as configured */
	gboolean check;
};
void program_options_clear(struct program_options *options);
typedef struct program_options ProgramOptions; /* for g_auto() */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProgramOptions, program_options_clear)

/*
 * First of all, before anything is opened. -1: to go on; else the program ends
 * with that code, and what there is to say has been said.
 */
int program_begin(const struct program *program, int argc, char **argv,
		  struct program_options *options);

/* As many files as the system lets us have. */
void program_raise_files(void);

/* The exit code after all is printed: `code`, or EX_IOERR with a line on
 * standard error when it could not be written. */
int program_finish(const char *name, int code);

#endif
