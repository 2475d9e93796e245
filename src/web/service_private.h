/*
 * The program from start to end: reads the installation, listens, hears HUP
 * (read again) and TERM (end when what is under way is done), and looks every
 * second whether somebody changed a profile.
 */
#ifndef WEB_SERVICE_PRIVATE_H
#define WEB_SERVICE_PRIVATE_H

#include <glib.h>

struct service_options {
	const char *config;
	const char *models; /* or NULL */
	int log;	    /* enum log_sink, -1: as configured */
};

/* An exit code of sysexits.h. */
int service_run(const struct service_options *options);

/* Says what is wrong with the configuration; the same. */
int service_check(const struct service_options *options);

/* Prints a link that signs that address in. */
int service_link(const struct service_options *options, const char *address);

#endif
