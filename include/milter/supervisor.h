/*
 * The process that stays: it owns the listening socket, starts the worker that
 * serves it, starts another when that one dies, and hears the signals.
 *
 *	HUP        reload; with faults the running configuration stays
 *	TERM, INT  finish the messages under way (10 s at most) and end
 *	USR2       the worker's counters into the log and its figures' file
 *	USR1       nothing
 *
 * The worker is forked from the supervisor with the last good snapshot in its
 * memory: a worker that dies after somebody broke a file on disk is back all
 * the same, and at once.
 */
#ifndef MILTER_SUPERVISOR_H
#define MILTER_SUPERVISOR_H

#include <glib.h>

struct supervisor_options {
	const char *config; /* path */
	const char *models; /* folder instead of the configured one, or NULL */
	int log;	    /* enum log_sink, -1: as configured */
	gboolean foreground;
};

/*
 * Serves until told to stop; the process's exit code (sysexits.h). Says on
 * standard error why it cannot begin. To be called once, before any thread.
 */
int supervisor_run(const struct supervisor_options *options);

/* Reads the whole installation and says what is wrong; the exit code. */
int supervisor_check(const struct supervisor_options *options);

#endif
