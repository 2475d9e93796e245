/*
 * The installation's configuration (conf/pitchward.yaml), read whole or not
 * at all. Relative paths are relative to the file's folder. Immutable.
 */
#ifndef PROFILE_CONFIG_H
#define PROFILE_CONFIG_H

#include <glib.h>

#include "base/clock.h"
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

/* What somebody may do in the web pages besides reviewing their own mail. */
enum config_role {
	ROLE_BUYER = 1 << 0,	/* has a profile: own mail, own profile */
	ROLE_DELEGATE = 1 << 1, /* acts for the buyers named, as they do */
	ROLE_APPROVER = 1 << 2, /* answers requests of the buyers named */
	ROLE_ADMIN = 1 << 3,	/* everything but reading others' mail */
	ROLE_AUDITOR = 1 << 4	/* reads the audit log and the figures */
};

/* One of web.users; who has a profile is a buyer without being named. */
struct config_user {
	char *address; /* lower case */
	guint roles;   /* enum config_role */
	char **buyers; /* profile ids for delegate and approver; "*": all */
};

struct config_web {
	gboolean given; /* the file has the section: mail may link to pages */
	char *listen;	/* HOST:PORT; default 127.0.0.1:8480 */
	char *url; /* as browsers reach it, lower case, no slash at the end;
		      default http:// and what is listened to */
	gboolean sign_in_mail; /* by mailed one-time links; default yes */
	char *sign_in_header;  /* in which a proxy names the address; or NULL */
	char **proxies;	       /* CIDR, who may name it; default loopback */
	gint64 session_us;     /* default 12 h */
	gboolean
		request_release; /* buyers ask, approvers release; default no */
	GPtrArray *users;	 /* of struct config_user */
};

struct config_digest {
	char *from;	/* address; default pitchward@ the host's name */
	char *redirect; /* all of them go there instead, for testing; or NULL */
	guint max;	/* messages named in one digest; default 50 */
	gint64 links_us;    /* how long its links work; default 14 days */
	double notice_from; /* relevance from which a single notice is sent
			       within a minute; 0 (the default): never */
};

/* A feed that `pitchward fetch` reads. */
struct config_feed {
	char *name;	 /* what items and messages call it; unique */
	char *url;	 /* http or https, without user and password */
	gint64 every_us; /* default 1 h */
};

struct config_fetch {
	GPtrArray *feeds;   /* of struct config_feed */
	gint64 timeout_us;  /* of one request as a whole; default 30 s */
	gint64 interval_us; /* between requests to one host; default 1 s */
	guint64 size_max;   /* of one document, unpacked; default 4 MB */
	gint64 keep_us; /* items, from when they appeared; default 2 years */
	char **allow;	/* ADDRESS:PORT that may be asked although they are
			   not public */
	gboolean front_pages;  /* of vendors that are wanted; default yes */
	gint64 front_every_us; /* each at most so often; default 7 days */
};

/* The weekly brief (market/insight.h). */
struct config_insight {
	int day; /* 0 Monday .. 6 Sunday, at the hour of the buyer's digest;
		    default 0; -1: never mailed */
	/* An OpenAI-compatible endpoint (POST URL/chat/completions) that words
	 * what the brief shows; all NULL by default: nothing is sent. */
	char *wording_url; /* https, or http to loopback */
	char *wording_model;
	char *wording_key;	   /* file with the bearer token; or NULL */
	gint64 wording_timeout_us; /* default 30 s */
};

/* Bounds of how long held mail is kept. */
#define CONFIG_KEEP_MIN_US CLOCK_DAY_US
#define CONFIG_KEEP_MAX_US (3650 * CLOCK_DAY_US)

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
	char *groups;		   /* folder; default groups.d */
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
	gint64 history_keep_us;	   /* rows of mail, default 400 days */
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
	struct config_web web;
	struct config_digest digest;
	struct config_fetch fetch;
	struct config_insight insight;
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

/* Whether an address may name users and clients (web.proxies). */
gboolean config_trusted_proxy(const struct config *config, const char *ip);

/* The words of a mode, a method, a failure, a role (bit 1 << index), as in the
 * file. */
extern const char *const config_modes[];
extern const char *const config_methods[];
extern const char *const config_failures[];
extern const char *const config_roles[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

#endif
