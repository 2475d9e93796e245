/*
 * Being signed in: a cookie whose token the store knows by its hash, or the
 * word of a trusted proxy.
 */
#ifndef WEB_SESSION_PRIVATE_H
#define WEB_SESSION_PRIVATE_H

#include "request_private.h"

/* The value of a cookie in a Cookie header (RFC 6265), or NULL; the caller's.
 * Of a name that is there twice, nothing is believed. */
char *session_cookie(const char *header, const char *name);

/* A whole Set-Cookie value that browsers keep for `seconds` (0: take away) and
 * send with requests of our own pages only. The caller's. */
char *session_set_cookie(const struct config_web *web, const char *name,
			 const char *value, gint64 seconds);

/* The cookies' names: with "__Host-" where the browser can insist on https. */
const char *session_name(const struct config_web *web);
const char *session_note_name(const struct config_web *web);

/*
 * Who has that Cookie header: `user` is NULL for nobody. FALSE: the store could
 * not say.
 */
gboolean session_find(struct web_site *site, const struct snapshot *snapshot,
		      const char *header, gint64 now_us, struct web_user **user,
		      GError **error);

/* Who a proxy says it is, or NULL. */
struct web_user *session_named(struct web_site *site,
			       const struct snapshot *snapshot,
			       const char *address);

/* A new session, with a token that nobody knew before; `cookie` gets the whole
 * Set-Cookie value, the caller's. */
gboolean session_make(const struct web_request *request, const char *address,
		      char **cookie, GError **error);

#endif
