#include "letter_private.h"

#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "base/log.h"
#include "mail/compose.h"
#include "mail/message.h"
#include "review/smtp.h"
#include "screen/ours.h"
#include "site_private.h"
#include "store/access.h"
#include "token_private.h"

#define THREADS	   2
#define QUEUE_MAX  200
#define TIMEOUT_MS 30000

#define PROGRAM_WORDS                                                          \
	"Somebody, most likely you, asked to sign in to Pitchward at "

/* One that was asked for. */
struct letter {
	char *address;
	char *next;
	char *client;
};

static void
letter_free(struct letter *letter)
{
	g_free(letter->address);
	g_free(letter->next);
	g_free(letter->client);
	g_free(letter);
}

char *
letter_link(struct web_site *site, const char *address, const char *next,
	    const char *client, GError **error)
{
	const gint64 now_us = clock_now_us();
	char token[TOKEN_LEN + 1];
	g_autofree char *way = g_uri_escape_string(next, NULL, FALSE);
	g_autoptr(StorePass) pass = g_new0(struct store_pass, 1);

	token_new(token);
	pass->hash = token_hash(token);
	pass->kind = STORE_PASS_LINK;
	pass->address = g_strdup(address);
	pass->time_us = now_us;
	pass->until_us = now_us + LETTER_LIFE_US;
	pass->client = g_strdup(client);
	if (!store_pass_add(site->store, pass, error))
		return NULL;
	return g_strconcat(site->config->web.url, "/sign-in/", token,
			   *way ? "?next=" : "", way, NULL);
}

static char *
plain_text(const struct web_site *site, const char *link)
{
	return g_strdup_printf(PROGRAM_WORDS
			       "%s.\n\n"
			       "%s\n\n"
			       "The link works once, for 15 minutes, and shows "
			       "a button to press. If it was not\n"
			       "you, do nothing: nobody gets in without this "
			       "mail.\n",
			       site->config->web.url, link);
}

static char *
html_body(const struct web_site *site, const char *link)
{
	GString *out = g_string_new("<!DOCTYPE html>\n<html lang=\"en\"><body>"
				    "<p>" PROGRAM_WORDS);

	html_text(out, site->config->web.url);
	g_string_append(out, ".</p>\n<p><a href=\"");
	html_text(out, link);
	g_string_append(out, "\">Sign in to Pitchward</a></p>\n<p>The link "
			     "works once, for 15 minutes, and shows a button "
			     "to press. If it was not you, do nothing: nobody "
			     "gets in without this mail.</p></body></html>\n");
	return g_string_free(out, FALSE);
}

/* With our own mark on top, so that it is never screened by ourselves. */
static GBytes *
signed_mail(const struct web_site *site, const char *address, const char *id,
	    GBytes *bytes)
{
	g_autoptr(Mail) mail = mail_new(bytes, &site->config->limits);
	g_autofree char *value = ours_sign(site->key, mail, id, address,
					   clock_now_us() + LETTER_LIFE_US);
	g_auto(GStrv) parts = value ? g_strsplit(value, "; ", -1) : NULL;
	g_autofree char *folded = parts ? g_strjoinv(";\r\n\t", parts) : NULL;
	GString *text;
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	if (!folded)
		return NULL;
	text = g_string_new(OURS_HEADER ": ");
	g_string_append_printf(text, "%s\r\n", folded);
	g_string_append_len(text, data, (gssize)size);
	return g_string_free_to_bytes(text);
}

static GBytes *
letter_bytes(const struct web_site *site, const char *address, const char *link)
{
	const char *from = site->config->digest.from;
	const char *host = strrchr(from, '@');
	char id[ID_LEN + 1];
	g_autofree char *message_id = NULL;
	g_autofree char *text = plain_text(site, link);
	g_autofree char *html = html_body(site, link);
	g_autoptr(GBytes) bytes = NULL;

	id_new(id);
	message_id = g_strdup_printf("<%s%s>", id, host);
	bytes = compose_mail(&(struct compose){
		.from = from,
		.from_name = "Pitchward",
		.to = address,
		.to_name = "",
		.subject = "Sign in to Pitchward",
		.message_id = message_id,
		.date_us = clock_now_us(),
		.zone = "UTC",
		.text = text,
		.html = html,
	});
	return signed_mail(site, address, id, bytes);
}

/* To the address as it is known: as somebody wrote it, it may be another. */
static gboolean
letter_send(struct web_site *site, const struct letter *letter,
	    const char *address, char **why)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *link = letter_link(site, address, letter->next,
					    letter->client, &error);
	g_autoptr(GBytes) bytes = NULL;

	if (!link) {
		*why = g_strdup(error->message);
		return FALSE;
	}
	bytes = letter_bytes(site, address, link);
	if (!bytes) {
		*why = g_strdup("the address cannot be written to");
		return FALSE;
	}
	return smtp_send(site->config->release, "", address, bytes, TIMEOUT_MS,
			 why) == SMTP_TAKEN;
}

static void
letter_work(gpointer data, gpointer user)
{
	struct letter *letter = data;
	struct web_site site = *(struct web_site *)user;
	g_autoptr(Snapshot) snapshot = site_pin(user);
	g_autoptr(WebUser) known = NULL;
	g_autofree char *why = NULL;

	site.config = snapshot->config;
	known = web_user_new(site.config, snapshot, letter->address);
	if (known && site.config->web.sign_in_mail &&
	    rate_take(site.state->by_address, known->address,
		      clock_monotonic_us())) {
		if (letter_send(&site, letter, known->address, &why))
			atomic_fetch_add(&site.state->counters.links, 1);
		else {
			atomic_fetch_add(&site.state->counters.unmailed, 1);
			log_write(LOG_LEVEL_WARNING,
				  "a link to sign in was not mailed through "
				  "%s: %s",
				  site.config->release, why);
		}
	}
	letter_free(letter);
}

GThreadPool *
letter_pool_new(struct web_site *site)
{
	return g_thread_pool_new(letter_work, site, THREADS, FALSE, NULL);
}

void
letter_ask(const struct web_request *request, const char *address,
	   const char *next)
{
	struct site_state *state = request->site->state;
	struct letter *letter;

	if (g_thread_pool_unprocessed(state->mails) >= QUEUE_MAX)
		return;
	letter = g_new0(struct letter, 1);
	letter->address = g_strdup(address);
	letter->next = g_strdup(next);
	letter->client = g_strdup(request->client);
	g_thread_pool_push(state->mails, letter, NULL);
}
