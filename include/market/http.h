/*
 * One GET of a document from elsewhere, guarded (RELIABILITY 7.11): only http
 * and https, also after a redirect (at most 3); only to addresses of the public
 * internet, judged when they are resolved and the socket is made, so that no
 * name and no redirect leads inside; only to ports 80 and 443; within one
 * deadline and one size, counted unpacked; no proxy, cookie, password or
 * netrc. The environment changes nothing about it.
 *
 * Part of `pitchward fetch` only: no other program has it linked in. One
 * client is used by one thread; requests to one host keep an interval.
 */
#ifndef MARKET_HTTP_H
#define MARKET_HTTP_H

#include <glib.h>
#include <sys/socket.h>

#define HTTP_ERROR (http_error_quark())

enum http_error {
	HTTP_ERROR_URL,	    /* not one that may be asked for */
	HTTP_ERROR_DENIED,  /* leads where we do not go */
	HTTP_ERROR_TIME,    /* took too long */
	HTTP_ERROR_SIZE,    /* more than is taken */
	HTTP_ERROR_LATER,   /* the host asked us to wait; not asked */
	HTTP_ERROR_REFUSED, /* nobody listens there */
	HTTP_ERROR_NETWORK  /* anything else between us and an answer */
};

GQuark http_error_quark(void);

/* Header fields of an answer beyond this are HTTP_ERROR_SIZE. */
#define HTTP_HEADER_MAX 65536

/* A Retry-After is believed up to this. */
#define HTTP_RETRY_MAX_US (G_GINT64_CONSTANT(7) * 24 * 3600 * 1000000)

/* All borrowed while the client lives. */
struct http_rules {
	gint64 timeout_us;  /* of one request, redirects included */
	gint64 interval_us; /* between requests to one host */
	gsize size_max;
	const char *const *allow;   /* ADDRESS:PORT, public or not; may be NULL:
				       for tests and intranets */
	const char *const *resolve; /* HOST:PORT:ADDRESS, for tests; or NULL */
};

struct http;
typedef struct http Http; /* for g_autoptr(Http) */

struct http *http_new(const struct http_rules *rules);
void http_free(struct http *http);

struct http_request {
	const char *url;
	const char *accept;   /* media types */
	const char *etag;     /* of what we have; NULL or "": nothing */
	const char *modified; /* the same, its Last-Modified */
	gboolean stay;	      /* a redirect is the answer, and not followed */
};

struct http_answer {
	guint status;	/* of the last answer: 200, 304, 404, ... */
	GBytes *body;	/* unpacked */
	char *url;	/* that it came from, after redirects */
	char *location; /* where a redirect that was not followed leads: a
			   whole URL; else "" */
	char *type;	/* Content-Type as it is, or "" */
	char *etag;
	char *modified;
	gint64 retry_us; /* Retry-After, from now; 0: none */
};
typedef struct http_answer HttpAnswer; /* for g_autoptr(HttpAnswer) */

void http_answer_free(struct http_answer *answer);

/*
 * The answer, whatever its status; waits for the host's turn first. After a
 * Retry-After the same host is HTTP_ERROR_LATER until then.
 */
struct http_answer *
http_get(struct http *http, const struct http_request *request, GError **error);

/* What a URL consists of, read as it is when it is asked for. */
struct http_url {
	char *origin; /* "https://acme.example", lower case */
	char *host;   /* lower case */
	char *path;   /* with the query; "/" at least */
};

/* FALSE with HTTP_ERROR_URL when it may not be asked for at all. */
gboolean http_url_parse(const char *text, struct http_url *url, GError **error);
void http_url_clear(struct http_url *url);

/* Whether an address may be connected to, whatever is allowed besides. */
gboolean http_address_public(const struct sockaddr *address);

/* "192.0.2.1:80", "[2001:db8::1]:80"; the caller's. */
char *http_address_format(const struct sockaddr *address);

/* How long a Retry-After asks to wait: seconds, or a date (RFC 9110 section
 * 10.2.3); 0 when it is neither or past. */
gint64 http_retry_parse(const char *text, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Http, http_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpAnswer, http_answer_free)

#endif
