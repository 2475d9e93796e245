#include "buttons_private.h"

#include "bulk_private.h"
#include "page_private.h"
#include "row_private.h"

/* One of the row's buttons; `do` is read by act.c. */
static void
put_action(struct web_reply *reply, const char *verb, const char *id,
	   const char *label, const char *look, enum row_key key)
{
	g_autofree char *value = g_strdup_printf("%s %s", verb, id);

	page_key_button(reply, "do", value, label, look, (char)key);
}

/* Then what is done is done with all that the row stands for. */
static void
put_whole(struct web_reply *reply, const struct store_fold *fold)
{
	if (fold->n < 2)
		return;
	g_string_append_printf(reply->body,
			       "<label><input type=\"checkbox\" "
			       "name=\"" BULK_WHOLE "%s\" value=\"1\"/> all %u "
			       "of it</label>",
			       fold->top->id, fold->n);
}

void
buttons_put_row(const struct web_request *request, struct web_reply *reply,
		const struct store_fold *fold)
{
	const struct store_message *top = fold->top;
	const char *buyer = top->buyer;

	g_string_append(reply->body, "<div class=\"actions\">");
	if (request_may(request, ACCESS_RELEASE, buyer))
		put_action(reply, "release", top->id, "Release", "primary",
			   ROW_KEY_RELEASE);
	else if (request_may(request, ACCESS_ASK, buyer))
		put_action(reply, "ask", top->id, "Ask for release", "primary",
			   ROW_KEY_ASK);
	if (request_may(request, ACCESS_DECIDE, buyer)) {
		put_action(reply, "irrelevant", top->id, "Not for me", "",
			   ROW_KEY_IRRELEVANT);
		put_action(reply, "not-outreach", top->id, "No sales mail", "",
			   ROW_KEY_NOT_OUTREACH);
		put_action(reply, "never", top->id, "Never again", "danger",
			   ROW_KEY_NEVER);
	}
	put_whole(reply, fold);
	g_string_append(reply->body, "</div>");
}

static void
put_bulk_button(struct web_reply *reply, const char *verb, const char *object,
		const char *label, const char *look)
{
	g_autofree char *value =
		*object ? g_strconcat(verb, " ", object, NULL) : g_strdup(verb);

	page_button(reply, "do", value, label, look);
}

/* What is done with all that are picked, or with what `object` is. */
static void
put_bulk_buttons(const struct web_request *request, struct web_reply *reply,
		 const char *buyer, const char *object)
{
	if (request_may(request, ACCESS_RELEASE, buyer))
		put_bulk_button(reply, "release", object, "Release", "");
	if (!request_may(request, ACCESS_DECIDE, buyer))
		return;
	put_bulk_button(reply, "relevant", object, "Relevant", "");
	put_bulk_button(reply, "irrelevant", object, "Not for me", "");
	put_bulk_button(reply, "not-outreach", object, "No sales mail", "");
	put_bulk_button(reply, "snooze", object, "Next week", "");
	put_bulk_button(reply, "never", object, "Never again", "danger");
}

void
buttons_put_bulk(const struct web_request *request, struct web_reply *reply,
		 const char *buyer, guint matching)
{
	GString *out = reply->body;

	g_string_append(out, "<div class=\"bulk\"><span>With those selected:"
			     "</span> ");
	put_bulk_buttons(request, reply, buyer, "");
	g_string_append(out, "<label><input type=\"checkbox\" name=\"whole\" "
			     "value=\"1\"/> and the rest of their "
			     "campaigns</label></div>");
	if (matching == 0)
		return;
	g_string_append_printf(out,
			       "<details class=\"bulk\"><summary>With all that "
			       "match: %u row%s, on every page</summary>",
			       matching, matching == 1 ? "" : "s");
	put_bulk_buttons(request, reply, buyer, BULK_EVERYTHING);
	g_string_append(out, "</details>");
}
