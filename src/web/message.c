/*
 * One message: what a person would see of it, never more; why it was decided
 * so, to the last contribution; and what else came with it. Text only: nothing
 * that mail contains is rendered or fetched.
 */
#include <string.h>

#include "base/html.h"
#include "mail/content.h"
#include "mail/message.h"
#include "page_private.h"
#include "review/why.h"
#include "row_private.h"
#include "vendors_private.h"
#include "weights_private.h"

/* A page stays a page, whatever the mail. */
#define TEXT_MAX    ((gsize)16 * 1024)
#define HIDDEN_MAX  ((gsize)3 * 1024)
#define HEADER_MAX  ((gsize)6 * 1024)
#define FIELDS_MAX  60
#define HISTORY_MAX 20

struct showing {
	const struct web_request *request;
	struct web_reply *reply;
	const struct store_message *message;
	const struct buyer *buyer; /* NULL: the profile is gone */
};

static void
put_cut(GString *out, const char *text, gsize max)
{
	g_autofree char *cut = row_cut(text, max);

	html_lines(out, cut);
	if (strlen(cut) < strlen(text))
		g_string_append(out, "\n… the rest is left out here; the "
				     "original has it");
}

static void
put_block(GString *out, const char *title, const char *text, gsize max,
	  const char *look)
{
	if (!*text)
		return;
	g_string_append_printf(out,
			       "<details class=\"%s\"><summary>%s"
			       "</summary><pre>",
			       look, title);
	put_cut(out, text, max);
	g_string_append(out, "</pre></details>");
}

static void
put_fields(GString *out, const struct mail *mail)
{
	guint n;
	const struct mail_field *fields = mail_fields(mail, &n);
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autofree char *valid = NULL;

	for (guint i = 0; i < MIN(n, FIELDS_MAX); i++)
		g_string_append_printf(
			lines, "%.*s:%.*s\n", (int)MIN(fields[i].name_len, 100),
			fields[i].name, (int)MIN(fields[i].value_len, 600),
			fields[i].value);
	if (n > FIELDS_MAX)
		g_string_append_printf(lines, "… and %u more", n - FIELDS_MAX);
	valid = g_utf8_make_valid(lines->str, -1);
	g_strdelimit(valid, "\r", ' ');
	put_block(out, "Headers", valid, HEADER_MAX, "headers");
}

static void
put_content(const struct showing *showing, GBytes *bytes)
{
	GString *out = showing->reply->body;
	g_autoptr(Mail) mail =
		mail_new(bytes, &showing->request->site->config->limits);
	g_autoptr(Content) content = content_new(mail);

	g_string_append(out, "<section class=\"mail\" aria-label=\"Text of "
			     "the message\"><pre>");
	if (*content->fresh)
		put_cut(out, content->fresh, TEXT_MAX);
	else
		g_string_append(out, "(no text that a person would see)");
	g_string_append(out, "</pre>");
	if (content->attachments > 0)
		html_format(out, "p class=\"facts\"", "%u attachment%s",
			    content->attachments,
			    content->attachments == 1 ? "" : "s");
	put_block(out, "Hidden from the reader", content->hidden, HIDDEN_MAX,
		  "hidden");
	put_block(out, "Quoted", content->quoted, HIDDEN_MAX, "quoted");
	put_block(out, "Signature", content->signature, HIDDEN_MAX, "quoted");
	put_fields(out, mail);
	g_string_append_printf(out,
			       "<p class=\"facts\"><a href=\"/message/%s/"
			       "original\">The original, as a file</a></p>"
			       "</section>",
			       showing->message->id);
}

/* The text, where it is kept and the user may read it. */
static void
put_text(const struct showing *showing)
{
	const struct web_request *request = showing->request;
	const struct store_message *message = showing->message;
	g_autoptr(GBytes) bytes = NULL;

	if (!request_may(request, ACCESS_READ, message->buyer)) {
		html_element(showing->reply->body, "p class=\"empty\"",
			     "The text is for its recipient.");
		return;
	}
	bytes = store_body(request->site->store, message->buyer, message->id,
			   NULL);
	if (bytes)
		put_content(showing, bytes);
	else
		html_element(showing->reply->body, "p class=\"empty\"",
			     "The text is not kept: only held mail's is, until "
			     "it is released, deleted or too old.");
}

static void
put_touch(const struct showing *showing, const struct store_message *row)
{
	GString *out = showing->reply->body;

	g_string_append(out, "<li>");
	page_time(showing->request, showing->reply, row->time_us);
	g_string_append_printf(out, " <a href=\"/message/%s\"%s>", row->id,
			       strcmp(row->id, showing->message->id) == 0
				       ? " aria-current=\"page\""
				       : "");
	row_subject(out, row);
	g_string_append(out, "</a> ");
	html_element(out, "span class=\"chip\"", store_state_name(row->state));
	g_string_append(out, "</li>");
}

/* Who else got one, each once. */
static void
put_others(const struct showing *showing, const GPtrArray *rows)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = rows->len; i > 0; i--) {
		const struct store_message *row = rows->pdata[i - 1];
		const struct buyer *buyer =
			row_buyer(showing->request, row->buyer);

		if (strcmp(row->buyer, showing->message->buyer) != 0 &&
		    g_hash_table_add(seen, row->buyer))
			g_string_append_printf(
				names, "%s%s", names->len ? ", " : "",
				buyer ? buyer->profile->name : row->buyer);
	}
	if (names->len > 0)
		html_format(showing->reply->body, "p", "Also written to: %s.",
			    names->str);
}

/* The campaign's other messages: to this buyer as rows, to others as names. */
static void
put_history(const struct showing *showing)
{
	GString *out = showing->reply->body;
	const struct store_message *message = showing->message;
	const struct store_query query = {
		.state = STORE_ANY,
		.campaign = message->campaign,
		.limit = HISTORY_MAX,
	};
	g_autoptr(GPtrArray) rows = NULL;

	if (!message->campaign || !*message->campaign)
		return;
	rows = store_list(showing->request->site->store, &query, NULL);
	if (!rows || rows->len < 2)
		return;
	g_string_append(out, "<section><h2>The campaign</h2>"
			     "<ol class=\"history\">");
	for (guint i = rows->len; i > 0; i--) {
		const struct store_message *row = rows->pdata[i - 1];

		if (strcmp(row->buyer, message->buyer) == 0)
			put_touch(showing, row);
	}
	g_string_append(out, "</ol>");
	put_others(showing, rows);
	g_string_append(out, "</section>");
}

static void
put_release(const struct showing *showing)
{
	const struct web_request *request = showing->request;
	const char *buyer = showing->message->buyer;

	if (showing->message->state != STORE_HELD &&
	    showing->message->state != STORE_RELEASING)
		return;
	if (request_may(request, ACCESS_RELEASE, buyer))
		page_key_button(showing->reply, "do", "release", "Release",
				"primary", ROW_KEY_RELEASE);
	else if (request_may(request, ACCESS_ASK, buyer))
		page_key_button(showing->reply, "do", "ask", "Ask for release",
				"primary", ROW_KEY_ASK);
}

static void
put_actions(const struct showing *showing)
{
	const struct web_request *request = showing->request;
	struct web_reply *reply = showing->reply;
	const struct store_message *message = showing->message;

	page_form_open(request, reply, "/queue/act", "class=\"actions\"");
	page_hidden(reply, "id", message->id);
	put_release(showing);
	if (request_may(request, ACCESS_DECIDE, message->buyer)) {
		page_key_button(reply, "do", "relevant", "Relevant", "",
				ROW_KEY_RELEVANT);
		page_key_button(reply, "do", "irrelevant", "Not for me", "",
				ROW_KEY_IRRELEVANT);
		page_key_button(reply, "do", "not-outreach", "No sales mail",
				"", ROW_KEY_NOT_OUTREACH);
		if (message->state == STORE_HELD)
			page_key_button(reply, "do", "snooze", "Next week", "",
					ROW_KEY_SNOOZE);
		page_key_button(reply, "do", "never", "Never again", "danger",
				ROW_KEY_NEVER);
	}
	page_form_close(reply);
}

/* The button that gave a label, and what takes it back. */
static const struct {
	enum store_label label;
	const char *words;
	const char *verb;
} labels[] = {
	{ STORE_RELEVANT, "Relevant", "relevant" },
	{ STORE_IRRELEVANT, "Not for me", "irrelevant" },
	{ STORE_NOT_OUTREACH, "No sales mail", "not-outreach" },
};

/* What counts of this message among what the buyer's people said since it came,
 * or NULL; borrowed. */
static const struct store_feedback *
last_said(const GPtrArray *said, const struct store_message *message)
{
	for (guint i = said ? said->len : 0; i > 0; i--) {
		const struct store_feedback *one = said->pdata[i - 1];

		if (strcmp(one->message, message->id) == 0)
			return one;
	}
	return NULL;
}

/* The label that counts, with the way back. */
static void
put_said(const struct showing *showing)
{
	const struct web_request *request = showing->request;
	struct web_reply *reply = showing->reply;
	const struct store_message *message = showing->message;
	g_autoptr(GPtrArray) said =
		store_feedback_list(request->site->store, message->buyer,
				    message->time_us, TRUE, NULL);
	const struct store_feedback *last = last_said(said, message);

	for (guint i = 0; last && i < G_N_ELEMENTS(labels); i++) {
		g_autofree char *path = NULL;

		if (labels[i].label != last->label)
			continue;
		path = g_strdup_printf("/undo/%s/%s", labels[i].verb,
				       message->id);
		page_form_open(request, reply, path, "class=\"actions said\"");
		g_string_append(reply->body, "<p>Said of it: <b>");
		html_text(reply->body, labels[i].words);
		g_string_append(reply->body, "</b>, by ");
		html_text(reply->body, last->by);
		g_string_append_c(reply->body, ' ');
		page_time(request, reply, last->time_us);
		if (last->label != STORE_IRRELEVANT &&
		    message->state == STORE_HELD)
			g_string_append(reply->body,
					". It is still held: release it to "
					"have it in the mailbox.");
		g_string_append(reply->body, "</p>");
		if (request_may(request, ACCESS_DECIDE, message->buyer))
			page_button(reply, "", "", "Take it back", "small");
		page_form_close(reply);
	}
}

/* Wanted, not now, never: of the vendor, not of this message alone. */
static void
put_vendor(const struct showing *showing)
{
	const struct web_request *request = showing->request;
	struct web_reply *reply = showing->reply;
	const struct store_message *message = showing->message;
	g_autofree char *path = NULL;

	if (!message->vendor || !*message->vendor ||
	    !request_may(request, ACCESS_DECIDE, message->buyer))
		return;
	path = g_strdup_printf("/vendor/%s", message->vendor);
	g_string_append(reply->body, "<details class=\"vendor\"><summary>All "
				     "mail of ");
	html_text(reply->body, message->vendor);
	g_string_append(reply->body, "</summary>");
	page_form_open(request, reply, path, "class=\"actions\"");
	page_hidden(reply, "for", message->buyer);
	page_button(reply, "do", "wanted", "Always let in", "");
	g_string_append(reply->body, "<label>Not before <input type=\"date\" "
				     "name=\"until\"/></label>");
	page_button(reply, "do", "not-now", "Not now", "");
	page_button(reply, "do", "never", "Never", "danger");
	page_button(reply, "do", "clear", "As the models say", "");
	page_form_close(reply);
	g_string_append(reply->body, "</details>");
}

static void
put_card(GString *out, const char *vendor)
{
	g_autofree char *link = vendors_link(vendor ? vendor : "");

	if (!vendor || !*vendor)
		return;
	g_string_append_printf(out, " <a class=\"chip\" href=\"%s\">", link);
	html_text(out, vendor);
	g_string_append(out, "</a>");
}

static void
put_head(const struct showing *showing)
{
	GString *out = showing->reply->body;
	const struct store_message *message = showing->message;
	g_autofree char *why = why_sentence(
		message, showing->buyer ? showing->buyer->profile : NULL);
	g_autofree char *link = row_link("/queue", "for", message->buyer, NULL);

	g_string_append_printf(out,
			       "<p class=\"back\"><a href=\"%s\">Queue</a></p>"
			       "<p class=\"from\">",
			       link);
	row_sender(out, message);
	g_string_append(out, " &#183; ");
	page_time(showing->request, showing->reply, message->time_us);
	g_string_append(out, " &#183; ");
	html_element(out, "span class=\"chip\"",
		     store_state_name(message->state));
	put_card(out, message->vendor);
	g_string_append(out, "</p>");
	html_element(out, "p class=\"why\"", why);
	row_scores(out, message);
}

static void
show(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(StoreMessage) message =
		row_find(request, reply, request->parts[0], ACCESS_LIST);
	const struct showing showing = {
		.request = request,
		.reply = reply,
		.message = message,
		.buyer = message ? row_buyer(request, message->buyer) : NULL,
	};
	g_autofree char *title = NULL;

	if (!message)
		return;
	title = row_cut(message->subject ? message->subject : "",
			ROW_SUBJECT_MAX);
	page_open(request, reply, *title ? title : "(no subject)", "queue");
	g_string_append(reply->body, "<article class=\"message\">");
	put_head(&showing);
	put_said(&showing);
	put_actions(&showing);
	put_vendor(&showing);
	put_text(&showing);
	put_history(&showing);
	weights_put(reply->body, message);
	g_string_append(reply->body, "</article>");
	page_close(request, reply);
}

/* The bytes as they came, as a file: no browser runs text/plain. */
static void
original(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(StoreMessage) message =
		row_find(request, reply, request->parts[0], ACCESS_READ);
	g_autoptr(GBytes) bytes = NULL;
	gsize size;
	const char *data;

	if (!message)
		return;
	bytes = store_body(request->site->store, message->buyer, message->id,
			   NULL);
	if (!bytes) {
		reply_error(request, reply, 404, "The text is not kept.");
		return;
	}
	data = g_bytes_get_data(bytes, &size);
	reply->type = "text/plain; charset=utf-8";
	reply->filename = g_strdup_printf("%s.eml.txt", message->id);
	g_string_append_len(reply->body, data, (gssize)size);
}

const struct web_route routes_message[] = {
	{ WEB_GET, "/message/*", ACCESS_SIGNED, show },
	{ WEB_GET, "/message/*/original", ACCESS_SIGNED, original },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
