/*
 * Who is asking, and what they may do: the whole matrix of roles and actions is
 * one table in access.c, and every handler is reached through it.
 */
#ifndef WEB_ACCESS_PRIVATE_H
#define WEB_ACCESS_PRIVATE_H

#include <glib.h>

#include "profile/config.h"
#include "screen/snapshot.h"

/* What can be done; each is asked for with the buyer whose row it is. */
enum access_action {
	ACCESS_OPEN,	/* anybody, signed in or not */
	ACCESS_SIGNED,	/* anybody who is signed in; no row */
	ACCESS_LIST,	/* the queue and the board: vendors, subjects, scores */
	ACCESS_READ,	/* the text of a message */
	ACCESS_DECIDE,	/* relevant, not relevant, vendor never, snooze, undo */
	ACCESS_RELEASE, /* give a message to its recipient */
	ACCESS_ASK,	/* ask an approver for a release */
	ACCESS_APPROVE, /* answer that */
	ACCESS_PROFILE, /* change the profile */
	ACCESS_MODELS,	/* see models and their cards */
	ACCESS_COUNTS,	/* figures of everybody, without contents */
	ACCESS_AUDIT,	/* the audit log */
	ACCESS_USERS,	/* who is signed in; revoke it */
	ACCESS_GROUP, /* a buying group as that member sees it; vote as they */
	ACCESS_ACTIONS
};

struct web_user {
	char *address; /* lower case */
	guint roles;   /* enum config_role */
	char *buyer;   /* the profile id of their own, or NULL */
	char **buyers; /* ids they act for or approve for; "*": all; or NULL */
	char *csrf;    /* token of this session, for forms */
	char *session; /* hash of the session's token; NULL: signed in by a
			  proxy's header */
};
typedef struct web_user WebUser; /* for g_autoptr(WebUser) */

/*
 * The user of an address: roles from web.users, and ROLE_BUYER who has a
 * profile. NULL when the address is neither: nobody else may sign in.
 */
struct web_user *web_user_new(const struct config *config,
			      const struct snapshot *snapshot,
			      const char *address);
void web_user_free(struct web_user *user);

/* Whether they may, for the rows of that buyer (NULL where there is none).
 * `user` NULL: signed out. Deny is the default. */
gboolean access_allowed(const struct web_user *user, enum access_action action,
			const char *buyer, const struct config *config);

/* The buyers whose mail they may list, own first: ids, borrowed. */
GPtrArray *access_buyers(const struct web_user *user,
			 const struct snapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebUser, web_user_free)

#endif
