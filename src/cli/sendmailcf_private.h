/*
 * What sendmail.cf (and the .mc file it is made from) says about milters:
 * parsing only. Sendmail Installation and Operation Guide, section 5.16.
 */
#ifndef CLI_SENDMAILCF_PRIVATE_H
#define CLI_SENDMAILCF_PRIVATE_H

#include <glib.h>

/* What a filter line leaves to sendmail. */
#define SENDMAILCF_READ_US (10 * G_GINT64_CONSTANT(1000000))

/* One "X" line, or INPUT_MAIL_FILTER() of a .mc file. */
struct sendmailcf_filter {
	char *name;
	char *address;	/* S=: "local:/run/x.sock", "inet:port@host" */
	char flag;	/* F=: 'R', 'T', '4', or 0: accept when it fails */
	gint64 read_us; /* R of T=: how long an answer may take */
	gboolean used;	/* InputMailFilters names it */
	guint place;	/* among those used, from 0 */
};

/* The filters of the file; the array frees them. */
GPtrArray *sendmailcf_parse(const char *text);

#endif
