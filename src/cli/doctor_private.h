/* One examination of an installation, and what it finds. */
#ifndef CLI_DOCTOR_PRIVATE_H
#define CLI_DOCTOR_PRIVATE_H

#include <glib.h>

#include "options_private.h"
#include "profile/config.h"
#include "store/store.h"

enum finding { FINDING_OK, FINDING_WARN, FINDING_FAIL };

struct doctor {
	struct options options;
	struct config *config; /* NULL when it cannot be read */
	char *models;	       /* --models */
	char *postfix;	       /* --postfix: a configuration folder */
	char *sendmail;	       /* --sendmail: a sendmail.cf */
	guint counts[FINDING_FAIL + 1];
	char *buyer;	/* an address of one, or NULL */
	gboolean sound; /* nothing is wrong with what is configured */
	guint profiles; /* that are to serve then */
};

/*
 * Prints one finding: what was looked at, how to mend it (NULL when there is
 * nothing to do), and why it is so.
 */
void doctor_report(struct doctor *doctor, enum finding finding,
		   const char *what, const char *mend, const char *format, ...)
	G_GNUC_PRINTF(5, 6);

/* Configuration, profiles, signals; fills doctor->config. */
void doctor_configuration(struct doctor *doctor);
void doctor_models(struct doctor *doctor);
void doctor_key(struct doctor *doctor);
void doctor_store(struct doctor *doctor);
/* Silent when the store has this machine's key, or none yet. */
void doctor_shared_key(struct doctor *doctor, struct store *store);
/* A warning when the week's scores are not as they were. */
void doctor_drift(struct doctor *doctor, struct store *store);
/* What timers should have done: digests, expiry, feeds. */
void doctor_jobs(struct doctor *doctor, struct store *store);
void doctor_spool(struct doctor *doctor);
void doctor_disk(struct doctor *doctor);

/*
 * Whether what must be written is the owner's of the folder it is in; each
 * that is not is reported as a failure.
 */
/* The same of what the daemon must read, at the next reload. */
gboolean doctor_lends_configuration(struct doctor *doctor);

gboolean doctor_owns_key(struct doctor *doctor);
gboolean doctor_owns_store(struct doctor *doctor);
gboolean doctor_owns_spool(struct doctor *doctor);
gboolean doctor_owns_models(struct doctor *doctor);

/* The milter's socket, and how Postfix and sendmail are joined to it. */
void doctor_socket(struct doctor *doctor);
/*
 * Silent when the filter does not run, or never died and serves what is
 * configured.
 */
void doctor_filter(struct doctor *doctor);
void doctor_mta(struct doctor *doctor);
void doctor_postfix(struct doctor *doctor, const char *folder);
void doctor_sendmail(struct doctor *doctor, const char *file);
void doctor_release(struct doctor *doctor);
/* The pages, where the configuration has them. */
void doctor_web(struct doctor *doctor);

/* A file as text; the caller's. BASE_ERROR_*. */
char *doctor_read(const char *path, GError **error);

/*
 * Whether an address or name of a milter is that of one that verifies mail:
 * such a one must come before us, so that we see what it found.
 */
gboolean doctor_is_verifier(const char *name);

#endif
