#include "review/smtp.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>

#include "mail/address.h"

#define REPLY_MAX 400

/* One transaction while it runs. */
struct delivery {
	const char *data;
	gsize size;
	gsize at;
	gboolean ended; /* all was handed to libcurl: the dot may be out */
	GString *reply; /* the last line the server said */
	const struct smtp_letter *letter;
};

static gboolean
may_commit(const struct delivery *delivery)
{
	const struct smtp_letter *letter = delivery->letter;

	return delivery->ended || !letter->commit ||
	       letter->commit(letter->data);
}

static size_t
read_part(char *buffer, size_t size, size_t n, void *user)
{
	struct delivery *delivery = user;
	gsize part = MIN(size * n, delivery->size - delivery->at);

	if (part == 0 && !may_commit(delivery))
		return CURL_READFUNC_ABORT;
	if (part == 0)
		delivery->ended = TRUE;
	else
		memcpy(buffer, delivery->data + delivery->at, part);
	delivery->at += part;
	return part;
}

static size_t
note_reply(char *data, size_t size, size_t n, void *user)
{
	struct delivery *delivery = user;
	gsize len = MIN(size * n, REPLY_MAX);

	/* The answer to QUIT would hide why we quit. */
	if (len >= 3 && memcmp(data, "221", 3) == 0)
		return size * n;
	g_string_truncate(delivery->reply, 0);
	for (gsize i = 0; i < len; i++) {
		if (data[i] != '\r' && data[i] != '\n')
			g_string_append_c(
				delivery->reply,
				data[i] < ' ' || data[i] > '~' ? '?' : data[i]);
	}
	return size * n;
}

/*
 * libcurl stuffs dots after CRLF only, so a lone LF would let the text end
 * the transaction and begin another (RELIABILITY 5.1). CURLOPT_CRLF does not
 * help: 7.88 makes CR CR LF of CRLF, which breaks DKIM signatures.
 */
static GBytes *
canonical(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	GByteArray *out = g_byte_array_sized_new((guint)(size + size / 32 + 2));
	gsize start = 0;

	for (gsize i = 0; i < size; i++) {
		if (data[i] != '\r' && data[i] != '\n')
			continue;
		g_byte_array_append(out, (const guint8 *)data + start,
				    (guint)(i - start));
		g_byte_array_append(out, (const guint8 *)"\r\n", 2);
		if (data[i] == '\r' && i + 1 < size && data[i + 1] == '\n')
			i++;
		start = i + 1;
	}
	if (start < size) {
		g_byte_array_append(out, (const guint8 *)data + start,
				    (guint)(size - start));
		g_byte_array_append(out, (const guint8 *)"\r\n", 2);
	}
	return g_byte_array_free_to_bytes(out);
}

/* smtp://host[:port] and nothing more: no user, no path, no other scheme. */
static gboolean
url_allowed(const char *url)
{
	const char *host;
	gsize len;

	if (!g_str_has_prefix(url, "smtp://"))
		return FALSE;
	host = url + strlen("smtp://");
	len = strspn(host,
		     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		     "0123456789._-:[]");
	return len > 0 && host[len] == '\0';
}

static gboolean
set_callbacks(CURL *curl, struct delivery *delivery)
{
	return curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_part) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_READDATA, delivery) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, note_reply) ==
		       0 &&
	       curl_easy_setopt(curl, CURLOPT_HEADERDATA, delivery) == 0;
}

static gboolean
set_options(CURL *curl, const char *url, guint timeout_ms)
{
	const long timeout = (long)MIN(timeout_ms, (guint)G_MAXINT);

	/* An empty proxy keeps the environment's http_proxy out of it. */
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp") == 0 &&
	       curl_easy_setopt(curl, CURLOPT_URL, url) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_PROXY, "") == 0 &&
	       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == 0;
}

static gboolean
set_envelope(CURL *curl, const char *sender, struct curl_slist *rcpts)
{
	return rcpts != NULL &&
	       curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender) == 0 &&
	       curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, rcpts) == 0;
}

/*
 * Only after the whole text was handed over can the server have taken it;
 * before that, or with a refusal as the last word, it has not.
 */
static enum smtp_outcome
outcome_of(CURLcode rc, long response, const struct delivery *delivery)
{
	if (rc == CURLE_OK && response == 250)
		return SMTP_TAKEN;
	if (!delivery->ended || response >= 400)
		return SMTP_REFUSED;
	return SMTP_UNKNOWN;
}

static char *
reply_text(CURLcode rc, long response, const struct delivery *delivery)
{
	if (delivery->reply->len == 0)
		return g_strdup(curl_easy_strerror(rc));
	if (rc == CURLE_OK || response >= 400)
		return g_strdup(delivery->reply->str);
	return g_strdup_printf("%s (after \"%s\")", curl_easy_strerror(rc),
			       delivery->reply->str);
}

/*
 * libcurl says QUIT when it closes and waits two minutes for the answer,
 * whatever its timeout. Nothing more can be read after this, so it does not.
 */
static void
stop_listening(CURL *curl)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &fd);
	if (fd != CURL_SOCKET_BAD)
		shutdown(fd, SHUT_RD);
}

static enum smtp_outcome
perform(CURL *curl, struct delivery *delivery, char **reply)
{
	CURLcode rc = curl_easy_perform(curl);
	long response = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response);
	stop_listening(curl);
	if (reply)
		*reply = reply_text(rc, response, delivery);
	return outcome_of(rc, response, delivery);
}

static enum smtp_outcome
refuse(const char *why, char **reply)
{
	if (reply)
		*reply = g_strdup(why);
	return SMTP_REFUSED;
}

enum smtp_outcome
smtp_deliver(const struct smtp_letter *letter, char **reply)
{
	g_autoptr(GString) last = g_string_new(NULL);
	g_autoptr(GBytes) text = NULL;
	g_autofree char *from = address_from_envelope(letter->sender, NULL);
	g_autofree char *to = address_from_envelope(letter->rcpt, NULL);
	struct delivery delivery = { .reply = last, .letter = letter };
	struct curl_slist *rcpts;
	enum smtp_outcome outcome;
	CURL *curl;

	if (!url_allowed(letter->url))
		return refuse("the release listener must be smtp://HOST:PORT",
			      reply);
	if (!from || !to || !*to)
		return refuse("an envelope address is not valid", reply);
	text = canonical(letter->bytes);
	delivery.data = g_bytes_get_data(text, &delivery.size);
	rcpts = curl_slist_append(NULL, to);
	curl = curl_easy_init();
	if (curl && set_options(curl, letter->url, letter->timeout_ms) &&
	    set_callbacks(curl, &delivery) && set_envelope(curl, from, rcpts))
		outcome = perform(curl, &delivery, reply);
	else
		outcome = refuse("libcurl cannot be set up", reply);
	curl_slist_free_all(rcpts);
	curl_easy_cleanup(curl);
	return outcome;
}

enum smtp_outcome
smtp_send(const char *url, const char *sender, const char *rcpt, GBytes *bytes,
	  guint timeout_ms, char **reply)
{
	const struct smtp_letter letter = {
		.url = url,
		.sender = sender,
		.rcpt = rcpt,
		.bytes = bytes,
		.timeout_ms = timeout_ms,
	};

	return smtp_deliver(&letter, reply);
}
