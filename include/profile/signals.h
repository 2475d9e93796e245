/*
 * Fingerprints as data (conf/signals.yaml): hosts of mailing services, sales
 * engagement tools, trackers and schedulers, and public mail domains. A host
 * matches itself and everything below it. Immutable; thread-safe.
 */
#ifndef PROFILE_SIGNALS_H
#define PROFILE_SIGNALS_H

#include <glib.h>

#include "profile/faults.h"

enum signal_kind {
	SIGNAL_MAILING,	   /* bulk mailing services (ESPs) */
	SIGNAL_ENGAGEMENT, /* sales engagement and sequencing tools */
	SIGNAL_TRACKER,	   /* open and click tracking */
	SIGNAL_SCHEDULER,  /* "book a time" pages */
	SIGNAL_PUBLIC,	   /* freemail, university, disposable domains */
	SIGNAL_KINDS
};

struct signals;
typedef struct signals Signals; /* for g_autoptr(Signals) */

struct signals *signals_load(const char *path, struct faults *faults);

/* What is compiled in: the shipped conf/signals.yaml, always valid. */
struct signals *signals_builtin(void);
void signals_free(struct signals *signals);

/* Bits (1 << kind) of every kind the host or a parent of it is listed as. */
guint signals_of_host(const struct signals *signals, const char *host);

/* Bits for an X-Mailer or User-Agent value, by listed substrings. */
guint signals_of_mailer(const struct signals *signals, const char *mailer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Signals, signals_free)

#endif
