/*
 * What requests share and what changes while they are served: the snapshot, the
 * limits on signing in, the counters. Thread-safe.
 */
#ifndef WEB_SITE_PRIVATE_H
#define WEB_SITE_PRIVATE_H

#include <glib.h>
#include <stdatomic.h>

#include "rate_private.h"
#include "request_private.h"

typedef _Atomic guint64 WebCounter;

struct site_counters {
	WebCounter requests;
	WebCounter statuses[6]; /* by hundreds */
	WebCounter microseconds;
	WebCounter refused;  /* connections of an address that has too many */
	WebCounter late;     /* connections cut at their deadline */
	WebCounter busy;     /* requests turned away: too many under way */
	WebCounter links;    /* sign-in links mailed */
	WebCounter unmailed; /* that could not be */
	WebCounter sessions; /* begun */
	WebCounter reloads;
	WebCounter reloads_failed;
	atomic_uint connections; /* open now */
};

struct site_state {
	GMutex lock;
	struct snapshot *snapshot; /* under the lock */
	char *fault;   /* under the lock: why the last reload failed; or NULL */
	guint64 mark;  /* of the versions of profiles; the reloader's */
	guint64 tried; /* of the models' folder; the reloader's */
	struct opener *opener;
	struct store
		*joining; /* there, but not yet what serves; the reloader's */
	struct config *config; /* that we began with: key, store, address */
	struct key *key;
	char *config_path;
	char *models;
	gint64 begun_us;
	struct rate *by_client;	 /* links asked for */
	struct rate *by_address; /* links mailed */
	struct rate *overall;	 /* links asked for */
	struct rate *guesses;	 /* links tried, by client */
	GThreadPool *mails;
	struct site_counters counters;
};

/* A site of which only the configuration is read, or NULL; end it by
 * site_end(). `models` may be NULL. */
struct web_site *site_prepare(const char *config_path, const char *models,
			      GError **error);

/*
 * Gives up root's rights for good: what only root gets, as a port below 1024,
 * is to be had before. Then reads the installation, opens the key, and the
 * store, too, if that can be done by then. If not, `away` (the caller's) says
 * why, site->store is NULL, no page but /healthz and /metrics may be served,
 * and site_join() is to be called now and then.
 */
gboolean site_start(struct web_site *site, gint64 wait_us, char **away,
		    GError **error);

/* TRUE: the store is there, with all that is in it. Does not wait for it. */
gboolean site_join(struct web_site *site, GError **error);

/* FALSE: the store was still being opened then; nothing may be freed. NULL is
 * nothing. */
gboolean site_end(struct web_site *site, gint64 until_us);

/* The current snapshot, a new reference. */
struct snapshot *site_pin(struct web_site *site);

/* The same, and a copy of the site that goes with it. */
struct snapshot *site_view(struct web_site *site, struct web_site *view);

/* Reads the installation again, and where `whole` is FALSE without profiles
 * with faults that do not serve; FALSE: what was there stays. */
gboolean site_reload(struct web_site *site, gboolean whole, GError **error);

/* What somebody changed since the last time, or NULL: added a version of a
 * profile, or put a model in place. */
const char *site_changed(struct web_site *site);

/* The folder of the models that serve, or NULL; the caller's. */
char *site_models(const struct web_site *site, const struct config *config);

/* Why the last reload failed, or NULL; the caller's. */
char *site_fault(struct web_site *site);

#endif
