/*
 * What Postfix's files say about milters (postconf(5), master(5)): parsing
 * only, no files are opened.
 */
#ifndef CLI_MAINCF_PRIVATE_H
#define CLI_MAINCF_PRIVATE_H

#include <glib.h>

/*
 * main.cf, or what postconf(1) prints: a table of name and value, the last
 * one of a name wins. Unref it.
 */
GHashTable *maincf_parse(const char *text);

/*
 * A parameter with $name, ${name} and $(name) replaced (unknown names by
 * nothing, at most a few levels deep); `fallback` when it is not set. The
 * caller's.
 */
char *maincf_get(GHashTable *parameters, const char *name,
		 const char *fallback);

/* One entry of smtpd_milters, with its own settings in braces. */
struct maincf_milter {
	char *address;	      /* "unix:milter/x.sock", "inet:host:port" */
	char *default_action; /* or NULL */
};

/* The entries in order; the array frees them. */
GPtrArray *maincf_milters(const char *value);

/* One service of master.cf. */
struct mastercf_service {
	char *name;	       /* "smtp", "127.0.0.1:10026" */
	char *type;	       /* "inet" */
	char chroot;	       /* 'y', 'n' or '-' for the default */
	char *command;	       /* "smtpd" */
	GHashTable *overrides; /* of -o name=value */
};

/* The services in order; the array frees them. */
GPtrArray *mastercf_parse(const char *text);

/*
 * The file a milter's address means to a Postfix process: relative paths are
 * in the queue directory, and so are all of a chrooted process. NULL for an
 * inet address. The caller's.
 */
char *maincf_socket_path(const char *address, const char *queue_directory,
			 gboolean chrooted);

#endif
