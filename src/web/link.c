/*
 * Signed links of digests and notices, for people who are not signed in. The
 * link is the right to one action on one message; its page says what would
 * happen, and only the button there does it (mail scanners open every link).
 */
#include "review/link.h"

#include "base/html.h"
#include "fault_private.h"
#include "page_private.h"
#include "review/feedback.h"
#include "review/release.h"
#include "review/when.h"
#include "review/why.h"
#include "row_private.h"
#include "store/pending.h"

#define SOURCE "digest"

/* What a link does, as its page says it. */
static const struct wording {
	const char *title;
	const char *will; /* happen, when the button is pressed */
	const char *button;
	const char *done;
} wordings[] = {
	[LINK_SHOW] = { "A held message", NULL, NULL, NULL },
	[LINK_RELEASE] = { "Release this message?",
			   "It is delivered to your mailbox, and the next mail "
			   "of its campaign is let in.",
			   "Release it",
			   "Released: it is on its way to your mailbox, and "
			   "the next mail of its campaign is let in." },
	[LINK_RELEVANT] = { "Was this message worth reading?",
			    "The next mail of its campaign is let in, and the "
			    "filter learns from it. The message itself stays "
			    "where it is.",
			    "Yes, it is relevant",
			    "Noted: the next mail of its campaign is let in." },
	[LINK_IRRELEVANT] = { "Was this message of no use?",
			      "The filter learns from it. The message itself "
			      "stays where it is.",
			      "Yes, it is not for me",
			      "Noted: it was of no use to you." },
	[LINK_NOT_OUTREACH] = { "Was this message no offer at all?",
				"The next mail of its thread is let in, and "
				"the filter learns from it.",
				"Yes, it sells nothing",
				"Noted: the next mail of its thread is let "
				"in." },
	[LINK_NEVER] = { "No more mail of this vendor?",
			 "Mail of this vendor is held from now on. You can "
			 "take it back.",
			 "Never again",
			 "Noted: mail of this vendor is held "
			 "from now on." },
	[LINK_UNDO] = { "Take it back?",
			"What was said of this message no longer counts.",
			"Take it back", "Taken back." },
};

/* Where a release needs an approver, a buyer's link asks for it. */
static const struct wording asking = {
	"Ask for this message?",
	"An approver is asked to release it to your mailbox.",
	"Ask for it",
	"Asked for: an approver decides.",
};

/* A link that was found to be right, and what it is about. */
struct visit {
	const struct web_request *request;
	struct web_reply *reply;
	struct link link;
	const struct buyer *buyer;
	const struct store_message *message;
};

static const struct config *
config_of(const struct visit *visit)
{
	return visit->request->site->config;
}

static gboolean
asks(const struct visit *visit)
{
	return visit->link.action == LINK_RELEASE &&
	       config_of(visit)->web.request_release;
}

static const struct wording *
wording_of(const struct visit *visit)
{
	return asks(visit) ? &asking : &wordings[visit->link.action];
}

static const char *
owner_of(const struct visit *visit)
{
	return visit->buyer->profile->addresses[0];
}

/* The action itself. */

static gboolean
say(const struct visit *visit, enum store_label label, gboolean never,
    GError **error)
{
	const struct feedback_said said = {
		.label = label,
		.never = never,
		.by = owner_of(visit),
		.source = SOURCE,
	};

	return feedback_say(visit->request->site->store, visit->message, &said,
			    NULL, error);
}

static gboolean
ask(const struct visit *visit, GError **error)
{
	g_autoptr(StorePending) pending = g_new0(struct store_pending, 1);

	id_new(pending->id);
	pending->kind = STORE_REQUEST;
	pending->buyer = g_strdup(visit->message->buyer);
	pending->message = g_strdup(visit->message->id);
	pending->by = g_strdup(owner_of(visit));
	return store_pending_add(visit->request->site->store, pending, error);
}

static gboolean
release(const struct visit *visit, GError **error)
{
	const struct web_site *site = visit->request->site;

	if (asks(visit))
		return ask(visit, error);
	return release_message(site->store, site->config, site->key,
			       visit->message->buyer, visit->message->id,
			       owner_of(visit), NULL, error);
}

/* That there is nothing (any more) is what was asked for. */
static gboolean
undo(const struct visit *visit, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (feedback_undo(visit->request->site->store, visit->message,
			  owner_of(visit), NULL, &local) ||
	    g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
act(const struct visit *visit, GError **error)
{
	switch (visit->link.action) {
	case LINK_RELEASE:
		return release(visit, error);
	case LINK_RELEVANT:
		return say(visit, STORE_RELEVANT, FALSE, error);
	case LINK_IRRELEVANT:
		return say(visit, STORE_IRRELEVANT, FALSE, error);
	case LINK_NOT_OUTREACH:
		return say(visit, STORE_NOT_OUTREACH, FALSE, error);
	case LINK_NEVER:
		return say(visit, STORE_IRRELEVANT, TRUE, error);
	case LINK_UNDO:
		return undo(visit, error);
	case LINK_SHOW:
	default:
		return TRUE;
	}
}

/* What the page shows. */

static void
field(GString *out, const char *name, const char *text)
{
	html_element(out, "dt", name);
	html_element(out, "dd", text);
}

static void
message_shown(const struct visit *visit)
{
	const struct store_message *message = visit->message;
	GString *out = visit->reply->body;
	g_autofree char *why = why_text(message, visit->buyer->profile);
	g_autofree char *came =
		when_text(message->time_us, visit->buyer->profile->digest.zone);

	g_string_append(out,
			"<section><dl class=\"pairs\">\n<dt>Subject</dt><dd>");
	row_subject(out, message);
	g_string_append(out, "</dd>\n<dt>From</dt><dd>");
	row_sender(out, message);
	g_string_append(out, "</dd>\n");
	field(out, "Received", came);
	field(out, "Why", why);
	field(out, "For", owner_of(visit));
	field(out, "State",
	      message->state == STORE_DELIVERED
		      ? "in your mailbox"
		      : store_state_name(message->state));
	g_string_append(out, "</dl></section>\n");
}

/* The only thing on these pages that can change anything. */
static void
button(const struct visit *visit, const char *path, const char *text,
       const char *look)
{
	page_form_open(visit->request, visit->reply, path, "");
	page_button(visit->reply, "", "", text, look);
	page_form_close(visit->reply);
}

static const char *
look_of(const struct visit *visit)
{
	return visit->link.action == LINK_NEVER ? "danger" : "primary";
}

static void
foot(const struct visit *visit)
{
	g_string_append(visit->reply->body,
			"<p class=\"hint\">Everything that is held for you, "
			"and its text: "
			"<a href=\"/queue\">open the queue</a>.</p>\n");
}

/* Released mail is out of our hands; it can be neither held nor asked for. */
static gboolean
is_needless(const struct visit *visit)
{
	return visit->link.action == LINK_RELEASE &&
	       visit->message->state != STORE_HELD &&
	       visit->message->state != STORE_RELEASING;
}

static void
show(const struct visit *visit)
{
	const struct wording *wording = wording_of(visit);
	GString *out = visit->reply->body;

	page_open(visit->request, visit->reply, wording->title, "");
	message_shown(visit);
	if (is_needless(visit)) {
		html_element(out, "p",
			     "There is nothing to release: it is not held any "
			     "more.");
	} else if (wording->button) {
		html_element(out, "p", wording->will);
		button(visit, visit->request->path, wording->button,
		       look_of(visit));
	}
	foot(visit);
	page_close(visit->request, visit->reply);
}

/* Who called it wanted may have it: the label alone lets nothing out. */
static void
offer_release(const struct visit *visit)
{
	const struct link *link = &visit->link;
	const gboolean by_asking = config_of(visit)->web.request_release;
	g_autofree char *token = NULL;
	g_autofree char *path = NULL;

	if ((link->action != LINK_RELEVANT &&
	     link->action != LINK_NOT_OUTREACH) ||
	    visit->message->state != STORE_HELD)
		return;
	token = link_sign(visit->request->site->key, visit->message->buyer,
			  link->id, LINK_RELEASE, link->until_us);
	path = g_strconcat("/l/", token, NULL);
	html_element(visit->reply->body, "p", "It is still held.");
	button(visit, path, by_asking ? asking.button : "Release it",
	       "primary");
}

/* A label can be taken back; a mail that was delivered cannot. */
static void
offer_undo(const struct visit *visit)
{
	const struct link *link = &visit->link;
	g_autofree char *token = NULL;
	g_autofree char *path = NULL;

	if (link->action == LINK_RELEASE || link->action == LINK_UNDO ||
	    link->action == LINK_SHOW)
		return;
	token = link_sign(visit->request->site->key, visit->message->buyer,
			  link->id, LINK_UNDO, link->until_us);
	path = g_strconcat("/l/", token, NULL);
	button(visit, path, "Undo", "");
}

static void
tell(const struct visit *visit)
{
	page_open(visit->request, visit->reply, "Done", "");
	html_element(visit->reply->body, "p class=\"lead\"",
		     wording_of(visit)->done);
	message_shown(visit);
	offer_release(visit);
	offer_undo(visit);
	foot(visit);
	page_close(visit->request, visit->reply);
}

static void
perform(struct visit *visit)
{
	const struct web_request *request = visit->request;
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreMessage) now = NULL;
	g_autofree char *detail =
		g_strdup_printf("by the link in a mail to %s", owner_of(visit));

	if (visit->link.action == LINK_SHOW) {
		show(visit);
		return;
	}
	if (!act(visit, &error)) {
		fault_reply(request, visit->reply, error);
		return;
	}
	request_audit(request,
		      asks(visit) ? "ask"
				  : link_action_name(visit->link.action),
		      visit->message->buyer, visit->message->id, detail);
	now = store_find(request->site->store, visit->message->buyer,
			 visit->message->id, NULL);
	if (now)
		visit->message = now;
	tell(visit);
}

/* Forged, foreign and forgotten look the same; so does nonsense. */
static void
refuse(const struct web_request *request, struct web_reply *reply)
{
	reply_error(request, reply, 404,
		    "This link leads nowhere: it may be cut short, or the "
		    "message is gone. Sign in to see what is held for you.");
}

static void
expire(const struct web_request *request, struct web_reply *reply)
{
	reply_error(request, reply, 410,
		    "This link worked for a limited time, which is over. "
		    "Nothing was changed. Sign in to see and decide on what is "
		    "held for you.");
}

static void
visit(const struct web_request *request, struct web_reply *reply,
      void (*run)(struct visit *visit))
{
	const struct web_site *site = request->site;
	const char *text = request->parts[0];
	struct visit visit = { .request = request, .reply = reply };
	g_autoptr(StoreMessage) message = NULL;
	g_autoptr(GError) error = NULL;

	if (link_parse(text, &visit.link))
		message = store_find(site->store, NULL, visit.link.id, &error);
	if (error &&
	    !g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		reply_error(request, reply, 503,
			    "The store does not answer. Nothing is lost; try "
			    "again in a minute.");
		return;
	}
	visit.message = message;
	visit.buyer = message ? row_buyer(request, message->buyer) : NULL;
	if (!visit.buyer || !link_verify(site->key, text, message->buyer, 0))
		refuse(request, reply);
	else if (request->now_us > visit.link.until_us)
		expire(request, reply);
	else
		run(&visit);
}

static void
show_visit(struct visit *visit)
{
	show(visit);
}

static void
get_link(const struct web_request *request, struct web_reply *reply)
{
	visit(request, reply, show_visit);
}

static void
post_link(const struct web_request *request, struct web_reply *reply)
{
	visit(request, reply, perform);
}

const struct web_route routes_link[] = {
	{ WEB_GET, "/l/*", ACCESS_OPEN, get_link },
	{ WEB_POST, "/l/*", ACCESS_OPEN, post_link },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
