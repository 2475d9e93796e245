/*
 * One HTTP request, read whole and within its limits, and the reply to it.
 * Pages see these two and the site; only server.c and exchange.c know
 * libmicrohttpd.
 */
#ifndef WEB_REQUEST_PRIVATE_H
#define WEB_REQUEST_PRIVATE_H

#include <glib.h>

#include "access_private.h"
#include "base/key.h"
#include "profile/config.h"
#include "screen/snapshot.h"
#include "store/store.h"

/* What all requests share. Requests are served by several threads at once. */
struct web_site {
	/* A request's own copy of this has that of its snapshot. */
	const struct config *config;
	const struct key *key;
	struct store *store;	  /* NULL: it has been away since the start */
	struct site_state *state; /* site_private.h */
};

enum web_method { WEB_GET, WEB_POST };

struct web_request {
	enum web_method method;
	const char *path;   /* decoded, begins with '/', no ".." */
	const char *target; /* path and query as the browser sent them */
	const char *client; /* network address, the proxy's word believed */
	gboolean direct;    /* of this machine or a proxy itself, not through */
	const char *agent;  /* User-Agent, or "" */
	const struct web_user *user; /* NULL: signed out */
	struct web_site *site;
	const struct snapshot *snapshot;
	gint64 now_us; /* wall clock */
	GHashTable
		*query; /* char * -> char *, valid UTF-8, the first of a name */
	GHashTable *form;  /* the same; of a POST whose CSRF token was right */
	GPtrArray *picked; /* all values of the form's "id", for bulk actions */
	char **parts;	   /* what the route's '*' stood for, in order */
	char *note;	   /* what was just done, shown once; or NULL */
	char *undo;	   /* the path that takes it back; or NULL */
	char *next;	   /* what it leaves to do, as /queue/act takes it */
};

/* The value of a field of query or form, "" when it is not there. */
const char *request_query(const struct web_request *request, const char *name);
const char *request_form(const struct web_request *request, const char *name);
guint request_number(const struct web_request *request, const char *name,
		     guint fallback, guint max);

/*
 * The page that a form was on (its field "back", which page_form_open() adds),
 * or `fallback`: a path of this site. Borrowed.
 */
const char *request_came_from(const struct web_request *request,
			      const char *fallback);

/* Whether the user may, for the rows of that buyer. */
gboolean request_may(const struct web_request *request,
		     enum access_action action, const char *buyer);

struct web_reply {
	guint status;	  /* 200 unless said otherwise */
	const char *type; /* "text/html; charset=utf-8" unless said otherwise */
	GString *body;
	char *location; /* 303 See Other, a path of this site */
	char *cookie;	/* whole Set-Cookie value, or NULL */
	char *filename; /* download under that name (ASCII), or NULL */
	char *etag;	/* may be cached as long as this is the same, or NULL */
	char *note;	/* for the next page: reply_back() */
	char *undo;
	char *next; /* beside it: "release ID" or "ask ID"; or NULL */
};

/* An error page that says what is wrong and where to go on. */
void reply_error(const struct web_request *request, struct web_reply *reply,
		 guint status, const char *what);

/*
 * 303 to a path of ours, where `note` (may be NULL) is shown once. `undo` (may
 * be NULL) is the path of a POST that takes back what was just done.
 */
void reply_back(const struct web_request *request, struct web_reply *reply,
		const char *path, const char *note, const char *undo);

typedef void (*WebHandler)(const struct web_request *request,
			   struct web_reply *reply);

/* In the order in which the tables are read.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct web_route {
	enum web_method method;
	const char *path; /* "/message/ * /release" without the blanks: '*' is
			     one part of a path, in request->parts */
	enum access_action action; /* asked with buyer NULL before the handler;
				      one that touches a row asks again with the
				      row's buyer */
	WebHandler handler;
};

/* Each file of pages gives its routes, ended by one without a handler. */
extern const struct web_route routes_sign[];
extern const struct web_route routes_board[];
extern const struct web_route routes_queue[];
extern const struct web_route routes_message[];
extern const struct web_route routes_act[];
extern const struct web_route routes_vendor[];
extern const struct web_route routes_vendors[];
extern const struct web_route routes_research[];
extern const struct web_route routes_profile[];
extern const struct web_route routes_models[];
extern const struct web_route routes_brief[];
extern const struct web_route routes_admin[];
extern const struct web_route routes_group[];
extern const struct web_route routes_link[];   /* signed links of digests */
extern const struct web_route routes_health[]; /* without the store, too */

/* Writes the audit line of what this request did; a failure is logged. */
void request_audit(const struct web_request *request, const char *action,
		   const char *buyer, const char *object, const char *detail);

#endif
