#include "market/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "date_private.h"

#define REDIRECTS_MAX 3L
#define CONNECT_PART  3 /* of the whole time, for connecting */
#define FIELD_MAX     1000
#define AGENT	      "Pitchward/" PITCHWARD_VERSION " (reads feeds and front pages)"

struct host {
	gint64 next_us;	 /* on the monotonic clock: its next turn */
	gint64 retry_us; /* the same: it asked us to wait */
};

struct http {
	struct http_rules rules;
	GHashTable *hosts; /* lower case name -> struct host */
};

/* One request while it runs. */
struct exchange {
	const struct http_rules *rules;
	GByteArray *body;
	gsize header_size;
	gboolean too_large;
	char *denied; /* the address we did not go to */
	char *type;
	char *etag;
	char *modified;
	char *retry;
};

GQuark
http_error_quark(void)
{
	return g_quark_from_static_string("http-error");
}

struct http *
http_new(const struct http_rules *rules)
{
	struct http *http = g_new0(struct http, 1);

	http->rules = *rules;
	http->hosts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return http;
}

void
http_free(struct http *http)
{
	if (!http)
		return;
	g_hash_table_unref(http->hosts);
	g_free(http);
}

void
http_answer_free(struct http_answer *answer)
{
	if (!answer)
		return;
	g_clear_pointer(&answer->body, g_bytes_unref);
	g_free(answer->url);
	g_free(answer->location);
	g_free(answer->type);
	g_free(answer->etag);
	g_free(answer->modified);
	g_free(answer);
}

static void
forget_fields(struct exchange *exchange)
{
	g_clear_pointer(&exchange->type, g_free);
	g_clear_pointer(&exchange->etag, g_free);
	g_clear_pointer(&exchange->modified, g_free);
	g_clear_pointer(&exchange->retry, g_free);
}

/*
 * The one place where it is decided where we go: the address is resolved, and
 * nothing can change it between here and connect().
 */
static curl_socket_t
open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *peer)
{
	struct exchange *exchange = data;
	g_autofree char *shown = http_address_format(&peer->addr);
	const char *const *allow = exchange->rules->allow;
	gboolean may = allow && g_strv_contains(allow, shown);

	if (!may && http_address_public(&peer->addr))
		may = g_str_has_suffix(shown, ":80") ||
		      g_str_has_suffix(shown, ":443");
	if (may && purpose == CURLSOCKTYPE_IPCXN)
		return socket(peer->family, peer->socktype | SOCK_CLOEXEC,
			      peer->protocol);
	g_free(exchange->denied);
	exchange->denied = g_steal_pointer(&shown);
	return CURL_SOCKET_BAD;
}

/* The bytes are unpacked by now: this is what stops a bomb. */
static size_t
take_body(char *data, size_t size, size_t n, void *user)
{
	struct exchange *exchange = user;
	const gsize len = size * n;

	if (len > exchange->rules->size_max - exchange->body->len) {
		exchange->too_large = TRUE;
		return 0;
	}
	g_byte_array_append(exchange->body, (const guint8 *)data, (guint)len);
	return len;
}

/* A field's value when it has that name, printable ASCII; what is longer than
 * FIELD_MAX is as good as absent. */
static void
take_field(const char *line, gsize len, const char *name, char **value)
{
	const gsize skip = strlen(name);
	g_autofree char *text = NULL;

	if (len <= skip || g_ascii_strncasecmp(line, name, skip) != 0)
		return;
	text = g_strstrip(g_strndup(line + skip, len - skip));
	if (strlen(text) > FIELD_MAX)
		return;
	for (const char *p = text; *p; p++)
		if (*p < ' ' || *p > '~')
			return;
	g_free(*value);
	*value = g_steal_pointer(&text);
}

/* Called with the fields of every answer on the way: the last counts. */
static size_t
take_header(char *line, size_t size, size_t n, void *user)
{
	struct exchange *exchange = user;
	const gsize len = size * n;

	exchange->header_size += len;
	if (exchange->header_size > HTTP_HEADER_MAX) {
		exchange->too_large = TRUE;
		return 0;
	}
	if (len > 5 && memcmp(line, "HTTP/", 5) == 0)
		forget_fields(exchange);
	take_field(line, len, "Content-Type:", &exchange->type);
	take_field(line, len, "ETag:", &exchange->etag);
	take_field(line, len, "Last-Modified:", &exchange->modified);
	take_field(line, len, "Retry-After:", &exchange->retry);
	return len;
}

static gboolean
set_guards(CURL *curl, struct exchange *exchange)
{
	/* NOPROXY and an empty proxy keep the environment's out of it: through
	 * a proxy no address would be ours to judge. */
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") ==
		       0 &&
	       curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR,
				"http,https") == 0 &&
	       curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION,
				open_socket) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, exchange) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_PROXY, "") == 0 &&
	       curl_easy_setopt(curl, CURLOPT_NOPROXY, "*") == 0 &&
	       curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) ==
		       0 &&
	       curl_easy_setopt(curl, CURLOPT_NETRC,
				(long)CURL_NETRC_IGNORED) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_SSLVERSION,
				(long)CURL_SSLVERSION_TLSv1_2) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == 0;
}

static gboolean
set_limits(CURL *curl, const struct http_rules *rules, gboolean stay)
{
	const long timeout_ms = (long)MAX(rules->timeout_us / 1000, 1);

	return curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, stay ? 0L : 1L) ==
		       0 &&
	       curl_easy_setopt(curl, CURLOPT_MAXREDIRS, REDIRECTS_MAX) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
				MAX(timeout_ms / CONNECT_PART, 1L)) == 0;
}

static gboolean
set_request(CURL *curl, const struct http_request *request,
	    struct exchange *exchange)
{
	return curl_easy_setopt(curl, CURLOPT_URL, request->url) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_USERAGENT, AGENT) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "") == 0 &&
	       curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) ==
		       0 &&
	       curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange) == 0;
}

static struct curl_slist *
append_field(struct curl_slist *list, const char *name, const char *value)
{
	g_autofree char *line = NULL;

	/* What came from a server goes back to it: never as two fields. */
	if (!value || !*value || strpbrk(value, "\r\n"))
		return list;
	line = g_strconcat(name, value, NULL);
	return curl_slist_append(list, line);
}

static struct curl_slist *
request_fields(const struct http_request *request)
{
	struct curl_slist *list = NULL;

	list = append_field(list, "Accept: ", request->accept);
	list = append_field(list, "If-None-Match: ", request->etag);
	return append_field(list, "If-Modified-Since: ", request->modified);
}

static struct curl_slist *
resolve_list(const struct http_rules *rules)
{
	struct curl_slist *list = NULL;

	for (guint i = 0; rules->resolve && rules->resolve[i]; i++)
		list = curl_slist_append(list, rules->resolve[i]);
	return list;
}

static enum http_error
failure_of(CURLcode rc, const struct exchange *exchange)
{
	if (exchange->too_large)
		return HTTP_ERROR_SIZE;
	if (rc == CURLE_COULDNT_CONNECT && exchange->denied)
		return HTTP_ERROR_DENIED;
	if (rc == CURLE_UNSUPPORTED_PROTOCOL || rc == CURLE_LOGIN_DENIED ||
	    rc == CURLE_TOO_MANY_REDIRECTS || rc == CURLE_URL_MALFORMAT)
		return HTTP_ERROR_DENIED;
	if (rc == CURLE_COULDNT_CONNECT)
		return HTTP_ERROR_REFUSED;
	return rc == CURLE_OPERATION_TIMEDOUT ? HTTP_ERROR_TIME
					      : HTTP_ERROR_NETWORK;
}

static void
set_failure(CURLcode rc, const struct exchange *exchange, GError **error)
{
	const enum http_error code = failure_of(rc, exchange);

	if (exchange->too_large)
		g_set_error(error, HTTP_ERROR, (gint)code,
			    "the answer is larger than %" G_GSIZE_FORMAT
			    " bytes",
			    exchange->header_size > HTTP_HEADER_MAX
				    ? (gsize)HTTP_HEADER_MAX
				    : exchange->rules->size_max);
	else if (code == HTTP_ERROR_DENIED && exchange->denied)
		g_set_error(error, HTTP_ERROR, (gint)code,
			    "it leads to %s, which is not a web server of the "
			    "public internet (fetch.allow names exceptions)",
			    exchange->denied);
	else
		g_set_error(error, HTTP_ERROR, (gint)code, "%s",
			    curl_easy_strerror(rc));
}

static struct http_answer *
answer_new(CURL *curl, struct exchange *exchange)
{
	struct http_answer *answer = g_new0(struct http_answer, 1);
	const char *url = NULL;
	const char *location = NULL;
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &url);
	answer->status = (guint)status;
	curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &location);
	answer->url = g_strdup(url ? url : "");
	answer->location = g_strdup(location ? location : "");
	answer->body =
		g_byte_array_free_to_bytes(g_steal_pointer(&exchange->body));
	answer->type = exchange->type ? g_steal_pointer(&exchange->type)
				      : g_strdup("");
	answer->etag = exchange->etag ? g_steal_pointer(&exchange->etag)
				      : g_strdup("");
	answer->modified = exchange->modified
				   ? g_steal_pointer(&exchange->modified)
				   : g_strdup("");
	if (exchange->retry)
		answer->retry_us =
			http_retry_parse(exchange->retry, clock_now_us());
	return answer;
}

static gboolean
set_lists(CURL *curl, struct curl_slist *fields, struct curl_slist *resolve)
{
	return curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields) == 0 &&
	       (!resolve ||
		curl_easy_setopt(curl, CURLOPT_RESOLVE, resolve) == 0);
}

static struct http_answer *
perform(CURL *curl, struct exchange *exchange,
	const struct http_request *request, GError **error)
{
	struct curl_slist *fields = request_fields(request);
	struct curl_slist *resolve = resolve_list(exchange->rules);
	struct http_answer *answer = NULL;
	CURLcode rc = CURLE_FAILED_INIT;

	if (set_guards(curl, exchange) &&
	    set_limits(curl, exchange->rules, request->stay) &&
	    set_request(curl, request, exchange) &&
	    set_lists(curl, fields, resolve))
		rc = curl_easy_perform(curl);
	if (rc == CURLE_OK)
		answer = answer_new(curl, exchange);
	else
		set_failure(rc, exchange, error);
	curl_slist_free_all(fields);
	curl_slist_free_all(resolve);
	return answer;
}

static char *
part_of(CURLU *parts, CURLUPart what)
{
	char *found = NULL;
	char *lower;

	if (curl_url_get(parts, what, &found, 0) != 0)
		return NULL;
	lower = what == CURLUPART_PATH || what == CURLUPART_QUERY
			? g_strdup(found)
			: g_ascii_strdown(found, -1);
	curl_free(found);
	return lower;
}

void
http_url_clear(struct http_url *url)
{
	g_free(url->origin);
	g_free(url->host);
	g_free(url->path);
	*url = (struct http_url){ 0 };
}

/* libcurl's own parser: no other must read it differently. */
gboolean
http_url_parse(const char *text, struct http_url *url, GError **error)
{
	CURLU *parts = curl_url();
	const gboolean good = parts && curl_url_set(parts, CURLUPART_URL, text,
						    CURLU_DISALLOW_USER) == 0;
	g_autofree char *scheme =
		good ? part_of(parts, CURLUPART_SCHEME) : NULL;
	g_autofree char *host = good ? part_of(parts, CURLUPART_HOST) : NULL;
	g_autofree char *port = good ? part_of(parts, CURLUPART_PORT) : NULL;
	g_autofree char *path = good ? part_of(parts, CURLUPART_PATH) : NULL;
	g_autofree char *query = good ? part_of(parts, CURLUPART_QUERY) : NULL;

	curl_url_cleanup(parts);
	if (!host || (g_strcmp0(scheme, "http") != 0 &&
		      g_strcmp0(scheme, "https") != 0)) {
		g_set_error_literal(error, HTTP_ERROR, HTTP_ERROR_URL,
				    "the URL must be http or https, with a "
				    "host and without user and password");
		return FALSE;
	}
	url->origin = g_strconcat(scheme, "://", host, port ? ":" : "",
				  port ? port : "", NULL);
	url->path = g_strconcat(path ? path : "/", query ? "?" : "",
				query ? query : "", NULL);
	url->host = g_steal_pointer(&host);
	return TRUE;
}

/* In lower case; NULL, and the error, when the URL may not be asked for. */
static char *
host_of(const char *text, GError **error)
{
	struct http_url url = { 0 };
	char *host;

	if (!http_url_parse(text, &url, error))
		return NULL;
	host = g_steal_pointer(&url.host);
	http_url_clear(&url);
	return host;
}

static struct host *
host_get(struct http *http, const char *name)
{
	struct host *host = g_hash_table_lookup(http->hosts, name);

	if (!host) {
		host = g_new0(struct host, 1);
		g_hash_table_insert(http->hosts, g_strdup(name), host);
	}
	return host;
}

static gboolean
wait_turn(const struct host *host, const char *name, GError **error)
{
	const gint64 now_us = clock_monotonic_us();

	if (host->retry_us > now_us) {
		g_set_error(error, HTTP_ERROR, HTTP_ERROR_LATER,
			    "%s asked us to wait for another %" G_GINT64_FORMAT
			    " seconds",
			    name,
			    (host->retry_us - now_us) / CLOCK_SECOND_US + 1);
		return FALSE;
	}
	if (host->next_us > now_us)
		g_usleep((gulong)(host->next_us - now_us));
	return TRUE;
}

struct http_answer *
http_get(struct http *http, const struct http_request *request, GError **error)
{
	g_autofree char *name = host_of(request->url, error);
	struct exchange exchange = { .rules = &http->rules };
	struct http_answer *answer = NULL;
	struct host *host;
	CURL *curl;

	if (!name)
		return NULL;
	host = host_get(http, name);
	if (!wait_turn(host, name, error))
		return NULL;
	exchange.body = g_byte_array_new();
	curl = curl_easy_init();
	if (curl)
		answer = perform(curl, &exchange, request, error);
	else
		g_set_error_literal(error, HTTP_ERROR, HTTP_ERROR_NETWORK,
				    "libcurl cannot be set up");
	curl_easy_cleanup(curl);
	host->next_us = clock_monotonic_us() + http->rules.interval_us;
	if (answer && answer->retry_us > 0)
		host->retry_us = clock_monotonic_us() + answer->retry_us;
	g_clear_pointer(&exchange.body, g_byte_array_unref);
	g_free(exchange.denied);
	forget_fields(&exchange);
	return answer;
}

gint64
http_retry_parse(const char *text, gint64 now_us)
{
	guint64 seconds;
	gint64 at_us;

	if (g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT32, &seconds,
				       NULL))
		return MIN((gint64)seconds * CLOCK_SECOND_US,
			   HTTP_RETRY_MAX_US);
	at_us = date_parse(text);
	return CLAMP(at_us - now_us, 0, HTTP_RETRY_MAX_US);
}
