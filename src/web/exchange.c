#include "exchange_private.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "server_private.h"

#define TYPE_TEXT "text/plain; charset=utf-8"

/* On every reply of ours. The style sheet and the script are files; nothing is
 * inline, and forms lead to us only. "same-origin" tells no other site where
 * somebody came from, and leaves Origin in our own forms, which "no-referrer"
 * would make "null". */
static const char *const security[][2] = {
	{ "Content-Security-Policy",
	  "default-src 'none'; style-src 'self'; script-src 'self'; "
	  "img-src 'self' data:; form-action 'self'; "
	  "frame-ancestors 'none'; base-uri 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Cross-Origin-Embedder-Policy", "require-corp" },
	{ "Permissions-Policy",
	  "camera=(), geolocation=(), microphone=(), payment=()" },
	{ "X-Frame-Options", "DENY" },
	{ "X-Robots-Tag", "noindex" },
};

static const char *
header(const struct exchange *exchange, const char *name)
{
	return MHD_lookup_connection_value(exchange->connection,
					   MHD_HEADER_KIND, name);
}

static struct connection *
connection_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

void
exchange_stage(const struct exchange *exchange, enum connection_stage stage)
{
	struct connection *connection = connection_of(exchange->connection);

	if (connection)
		connection_stage(connection, stage);
}

static void
carry(const struct exchange *exchange, gpointer request)
{
	struct connection *connection = connection_of(exchange->connection);

	if (connection)
		connection_carry(connection, request);
}

void
exchange_address(const struct sockaddr *address, socklen_t len,
		 char text[NI_MAXHOST])
{
	if (getnameinfo(address, len, text, NI_MAXHOST, NULL, 0,
			NI_NUMERICHOST) != 0)
		*text = '\0';
}

void
exchange_peer(struct MHD_Connection *connection, char text[NI_MAXHOST])
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	*text = '\0';
	if (info)
		exchange_address(info->client_addr,
				 info->client_addr->sa_family == AF_INET6
					 ? sizeof(struct sockaddr_in6)
					 : sizeof(struct sockaddr_in),
				 text);
}

struct exchange *
exchange_new(struct web_site *site, struct MHD_Connection *connection,
	     const char *target)
{
	struct exchange *exchange = g_new0(struct exchange, 1);

	exchange->site = site;
	exchange->connection = connection;
	exchange->target = g_strdup(target);
	exchange->body = g_string_new(NULL);
	exchange->since_us = clock_monotonic_us();
	web_reply_init(&exchange->reply);
	carry(exchange, exchange);
	exchange_stage(exchange, CONNECTION_READ);
	return exchange;
}

/* --- replies */

static void
add(struct MHD_Response *response, const char *name, const char *value)
{
	if (value)
		MHD_add_response_header(response, name, value);
}

static void
add_caching(struct MHD_Response *response, const struct web_reply *reply)
{
	g_autofree char *quoted =
		reply->etag ? g_strdup_printf("\"%s\"", reply->etag) : NULL;

	add(response, MHD_HTTP_HEADER_ETAG, quoted);
	add(response, MHD_HTTP_HEADER_CACHE_CONTROL,
	    reply->etag ? "public, max-age=86400" : "no-store");
}

static void
add_headers(struct MHD_Response *response, const struct web_reply *reply)
{
	g_autofree char *disposition =
		reply->filename ? g_strdup_printf("attachment; filename=\"%s\"",
						  reply->filename)
				: NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(security); i++)
		add(response, security[i][0], security[i][1]);
	add(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->type);
	add(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, disposition);
	add(response, MHD_HTTP_HEADER_LOCATION, reply->location);
	add(response, MHD_HTTP_HEADER_SET_COOKIE, reply->cookie);
	add_caching(response, reply);
	if (reply->status == MHD_HTTP_BAD_REQUEST ||
	    reply->status == MHD_HTTP_CONTENT_TOO_LARGE)
		add(response, MHD_HTTP_HEADER_CONNECTION, "close");
	if (reply->status == MHD_HTTP_METHOD_NOT_ALLOWED)
		add(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD, POST");
	if (reply->status == MHD_HTTP_TOO_MANY_REQUESTS)
		add(response, MHD_HTTP_HEADER_RETRY_AFTER, "900");
	if (reply->status == MHD_HTTP_SERVICE_UNAVAILABLE)
		add(response, MHD_HTTP_HEADER_RETRY_AFTER, "5");
}

static void
check_etag(struct exchange *exchange)
{
	struct web_reply *reply = &exchange->reply;
	const char *known = header(exchange, MHD_HTTP_HEADER_IF_NONE_MATCH);

	if (!reply->etag || !known || !strstr(known, reply->etag))
		return;
	reply->status = MHD_HTTP_NOT_MODIFIED;
	g_string_truncate(reply->body, 0);
}

enum MHD_Result
exchange_send(struct exchange *exchange)
{
	struct web_reply *reply = &exchange->reply;
	struct MHD_Response *response;
	enum MHD_Result sent;
	gsize size;
	char *data;

	check_etag(exchange);
	size = reply->body->len;
	data = g_string_free(g_steal_pointer(&reply->body), FALSE);
	response = MHD_create_response_from_buffer_with_free_callback(
		size, data, g_free);
	if (!response)
		return MHD_NO;
	add_headers(response, reply);
	exchange_stage(exchange, CONNECTION_WRITE);
	sent = MHD_queue_response(exchange->connection, reply->status,
				  response);
	MHD_destroy_response(response);
	return sent;
}

void
exchange_plain(struct exchange *exchange, guint status, const char *text)
{
	exchange->reply.status = status;
	exchange->reply.type = TYPE_TEXT;
	g_string_assign(exchange->reply.body, text);
	exchange->done = TRUE;
}

/* --- what was asked */

/* The value of a header that came exactly once. */
struct single {
	const char *name;
	const char *value;
	guint n;
};

static enum MHD_Result
note_single(void *user, enum MHD_ValueKind kind, const char *name,
	    const char *value)
{
	struct single *single = user;

	(void)kind;
	if (g_ascii_strcasecmp(name, single->name) == 0) {
		single->value = value;
		single->n++;
	}
	return MHD_YES;
}

static const char *
single_header(const struct exchange *exchange, const char *name)
{
	struct single single = { .name = name };

	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND,
				  note_single, &single);
	return single.n == 1 ? single.value : NULL;
}

/* Several fields are one list (RFC 9110 section 5.3); the last hop wrote last.
 */
static enum MHD_Result
join_forwarded(void *user, enum MHD_ValueKind kind, const char *name,
	       const char *value)
{
	GString *all = user;

	(void)kind;
	if (value && g_ascii_strcasecmp(name, "X-Forwarded-For") == 0)
		g_string_append_printf(all, "%s%s", all->len ? "," : "", value);
	return MHD_YES;
}

void
exchange_serve(struct exchange *exchange)
{
	g_autoptr(Snapshot) snapshot = site_pin(exchange->site);
	const char *named = snapshot->config->web.sign_in_header;
	g_autoptr(GString) forwarded = g_string_new(NULL);
	char peer[NI_MAXHOST];
	struct web_input input = {
		.method = exchange->method,
		.target = exchange->target,
		.peer = peer,
		.host = single_header(exchange, MHD_HTTP_HEADER_HOST),
		.origin = header(exchange, "Origin"),
		.site = header(exchange, "Sec-Fetch-Site"),
		.cookie = header(exchange, MHD_HTTP_HEADER_COOKIE),
		.agent = header(exchange, MHD_HTTP_HEADER_USER_AGENT),
		.type = header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE),
		.named = named ? single_header(exchange, named) : NULL,
		.body = exchange->body,
	};

	exchange_peer(exchange->connection, peer);
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND,
				  join_forwarded, forwarded);
	input.forwarded = forwarded->len > 0 ? forwarded->str : NULL;
	dispatch(exchange->site, &input, &exchange->reply, &exchange->outcome);
}

static gboolean
announces_too_much(const struct exchange *exchange)
{
	const char *length = header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
	guint64 value;

	return length && !g_ascii_string_to_unsigned(
				 length, 10, 0, SERVER_BODY_MAX, &value, NULL);
}

/*
 * A body whose end a proxy may see elsewhere than we do would hide a second
 * request in it (RFC 9112 section 11.2).
 */
static gboolean
ends_clearly(const struct exchange *exchange)
{
	struct single length = { .name = MHD_HTTP_HEADER_CONTENT_LENGTH };
	struct single coding = { .name = MHD_HTTP_HEADER_TRANSFER_ENCODING };

	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND,
				  note_single, &length);
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND,
				  note_single, &coding);
	return length.n + coding.n <= 1 &&
	       (coding.n == 0 ||
		g_ascii_strcasecmp(coding.value, "chunked") == 0);
}

gboolean
exchange_check(struct exchange *exchange)
{
	if (!ends_clearly(exchange))
		exchange_plain(exchange, MHD_HTTP_BAD_REQUEST,
			       "Where the request ends is not clear.\n");
	else if (announces_too_much(exchange))
		exchange_plain(exchange, MHD_HTTP_CONTENT_TOO_LARGE,
			       "That is too large.\n");
	return !exchange->done;
}

/* --- its end */

static void
count(const struct exchange *exchange)
{
	struct site_counters *counters = &exchange->site->state->counters;
	const guint hundreds = MIN(exchange->reply.status / 100, 5);

	atomic_fetch_add(&counters->requests, 1);
	atomic_fetch_add(&counters->statuses[hundreds], 1);
	atomic_fetch_add(&counters->microseconds,
			 (guint64)(clock_monotonic_us() - exchange->since_us));
}

/* The route's pattern, not the path: that may hold a secret. */
static void
write_line(const struct exchange *exchange)
{
	const struct config *config = exchange->site->config;
	const char *route = exchange->outcome.route;
	char peer[NI_MAXHOST];
	g_autofree char *method =
		log_quote(exchange->method ? exchange->method : "", 10);

	exchange_peer(exchange->connection, peer);
	log_write(LOG_LEVEL_INFO,
		  "request method=%s route=%s status=%u ms=%" G_GINT64_FORMAT
		  " peer=%s%s%s",
		  method, route ? route : "-", exchange->reply.status,
		  (clock_monotonic_us() - exchange->since_us) / 1000, peer,
		  config->log_addresses && exchange->outcome.user ? " user="
								  : "",
		  config->log_addresses && exchange->outcome.user
			  ? exchange->outcome.user
			  : "");
}

void
exchange_free(struct exchange *exchange)
{
	if (exchange->done) {
		count(exchange);
		write_line(exchange);
	}
	carry(exchange, NULL);
	exchange_stage(exchange, CONNECTION_IDLE);
	g_string_free(exchange->body, TRUE);
	g_free(exchange->target);
	g_free(exchange->outcome.user);
	web_reply_clear(&exchange->reply);
	g_free(exchange);
}
