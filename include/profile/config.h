/*
 * The installation's configuration (conf/pitchward.yaml), read whole or not
 * at all. Relative paths are relative to the file's folder. Immutable.
 */
#ifndef PROFILE_CONFIG_H
#define PROFILE_CONFIG_H

#include <glib.h>

#include "mail/limits.h"
#include "profile/faults.h"

enum config_mode { MODE_OBSERVE, MODE_TAG, MODE_ENFORCE };

/* quarantine.method */
enum config_method { METHOD_STORE, METHOD_HOLD, METHOD_REDIRECT, METHOD_TAG };

/* on_error: what happens to a message when something of ours fails. */
enum config_fallback { FALLBACK_DELIVER, FALLBACK_TEMPFAIL };

/* The classes of failure on_error distinguishes. */
enum config_failure {
	FAILURE_STORE, /* nothing could be stored, spool included */
	FAILURE_MODEL, /* no model, or it gave no number */
	FAILURE_PARSE, /* the message went past a cap on time or memory */
	FAILURE_TIME,  /* the end-of-message deadline passed */
	FAILURES
};

struct config {
	char *path;
	enum config_mode mode;	   /* default observe */
	char *socket;		   /* milter: unix:PATH, inet:PORT@HOST */
	guint socket_mode;	   /* default 0660 */
	char *socket_group;	   /* or NULL */
	gint64 deadline_us;	   /* end of message, default 8 s */
	guint sessions_max;	   /* sessions screened at once */
	guint backlog;		   /* default 1024 */
	char **authserv_ids;	   /* strv, default: the host's name */
	char **internal_networks;  /* CIDR, default loopback */
	char **internal_domains;   /* ours: mail from them is outgoing */
	char *profiles;		   /* folder */
	char *signals;		   /* file, or NULL: built in */
	char *models;		   /* folder */
	char *store;		   /* URL */
	char *spool;		   /* folder */
	guint64 spool_max;	   /* bytes, default 1 GB */
	char *key;		   /* file */
	enum config_method method; /* default store */
	char *redirect;		   /* address for METHOD_REDIRECT */
	gint64 keep_us;		   /* held mail, default 30 days */
	gint64 ledger_keep_us;	   /* contacts, default 2 years */
	char *release; /* smtp://host:port of the release listener */
	gint64 release_timeout_us; /* default 60 s */
	char *subject_prefix;	   /* for tag and relevant; "" by default */
	gboolean header_reasons;   /* X-Pitchward-Reason, default no */
	enum config_fallback on_error[FAILURES]; /* default deliver */
	double accept_min, accept_max; /* limits on profiles' thresholds */
	double hold_min;	       /* no profile may hold below this */
	enum { LOG_TO_STDERR, LOG_TO_SYSLOG, LOG_TO_JOURNAL } log_to;
	gboolean log_addresses; /* default no */
	gboolean log_subjects;	/* default no */
	struct mail_limits limits;
};
typedef struct config Config; /* for g_autoptr(Config) */

/* NULL (and faults) when the file is not a valid configuration. */
struct config *config_load(const char *path, struct faults *faults);
struct config *config_parse(const char *path, const char *text, gsize size,
			    struct faults *faults);

/* Built-in defaults, for commands that need no configuration file. */
struct config *config_default(void);
void config_free(struct config *config);

/* Whether a client address (AF_INET, AF_INET6 text) is in the networks. */
gboolean config_internal_client(const struct config *config, const char *ip);

/* Whether the domain, or a parent of it, is one of internal_domains. */
gboolean config_internal_domain(const struct config *config,
				const char *domain);

/* The words of a mode, a method, a failure, as in the file. */
extern const char *const config_modes[];
extern const char *const config_methods[];
extern const char *const config_failures[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

#endif
