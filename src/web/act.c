/*
 * What a person does with held mail: every action is a POST, asks whether they
 * may for each row, and says how to take it back.
 */
#include <string.h>

#include "base/clock.h"
#include "page_private.h"
#include "review/feedback.h"
#include "review/release.h"
#include "row_private.h"
#include "store/pending.h"

#define PICKED_MAX 100
#define PICKED_US  (20 * CLOCK_SECOND_US)
#define SNOOZE_US  (7 * CLOCK_DAY_US)

/* Ids in a path are separated so: it is in none of them. */
#define JOIN '.'

/* One thing to do with one message. */
struct deed {
	const struct web_request *request;
	const struct store_message *message;
	const char *by;
	char *warning; /* done, but not all of it; or NULL */
};

struct verb {
	const char *name;
	enum access_action action;
	gboolean (*act)(struct deed *deed, GError **error);
	gboolean (*undo)(struct deed *deed, GError **error); /* or NULL */
	const char *done; /* "3 messages DONE." */
};

static gboolean
act_release(struct deed *deed, GError **error)
{
	const struct web_site *site = deed->request->site;

	return release_message(site->store, site->config, site->key,
			       deed->message->buyer, deed->message->id,
			       deed->by, &deed->warning, error);
}

static gboolean
say(const struct deed *deed, enum store_label label, gboolean never,
    GError **error)
{
	const struct feedback_said said = {
		.label = label,
		.never = never,
		.by = deed->by,
		.source = "web",
	};

	return feedback_say(deed->request->site->store, deed->message, &said,
			    NULL, error);
}

static gboolean
act_relevant(struct deed *deed, GError **error)
{
	return say(deed, STORE_RELEVANT, FALSE, error);
}

static gboolean
act_irrelevant(struct deed *deed, GError **error)
{
	return say(deed, STORE_IRRELEVANT, FALSE, error);
}

static gboolean
act_not_outreach(struct deed *deed, GError **error)
{
	return say(deed, STORE_NOT_OUTREACH, FALSE, error);
}

static gboolean
act_never(struct deed *deed, GError **error)
{
	return say(deed, STORE_IRRELEVANT, TRUE, error);
}

static struct store_pending *
pending_new(const struct deed *deed, enum store_pending_kind kind)
{
	struct store_pending *pending = g_new0(struct store_pending, 1);

	id_new(pending->id);
	pending->kind = kind;
	pending->buyer = g_strdup(deed->message->buyer);
	pending->message = g_strdup(deed->message->id);
	pending->by = g_strdup(deed->by);
	return pending;
}

static gboolean
act_snooze(struct deed *deed, GError **error)
{
	g_autoptr(StorePending) pending = pending_new(deed, STORE_SNOOZE);

	pending->until_us = deed->request->now_us + SNOOZE_US;
	return store_pending_add(deed->request->site->store, pending, error);
}

static gboolean
act_ask(struct deed *deed, GError **error)
{
	g_autoptr(StorePending) pending = pending_new(deed, STORE_REQUEST);

	return store_pending_add(deed->request->site->store, pending, error);
}

static gboolean
end_request(struct deed *deed, const char *note, GError **error)
{
	return store_pending_end(deed->request->site->store, STORE_REQUEST,
				 deed->message->buyer, deed->message->id,
				 deed->by, note, error);
}

static gboolean
is_asked_for(const struct deed *deed, GError **error)
{
	const struct store_message *message = deed->message;
	g_autoptr(GPtrArray) open =
		store_pending_list(deed->request->site->store, STORE_REQUEST,
				   message->buyer, clock_now_us(), error);

	if (!open)
		return FALSE;
	for (guint i = 0; i < open->len; i++) {
		const struct store_pending *pending = open->pdata[i];

		if (strcmp(pending->message, message->id) == 0)
			return TRUE;
	}
	g_set_error_literal(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "nobody asks for it any more");
	return FALSE;
}

/* What was let out was let out, whoever ended the request meanwhile. */
static gboolean
act_grant(struct deed *deed, GError **error)
{
	if (!is_asked_for(deed, error) || !act_release(deed, error))
		return FALSE;
	(void)end_request(deed, "granted", NULL);
	return TRUE;
}

static gboolean
act_refuse(struct deed *deed, GError **error)
{
	return end_request(deed, "refused", error);
}

/* An approver, who may not decide, takes back their own word only. */
static gboolean
is_theirs(const struct deed *deed)
{
	const struct store_message *message = deed->message;
	g_autoptr(GPtrArray) said = NULL;

	if (request_may(deed->request, ACCESS_DECIDE, message->buyer))
		return TRUE;
	said = store_feedback_list(deed->request->site->store, message->buyer,
				   message->time_us, TRUE, NULL);
	for (guint i = 0; said && i < said->len; i++) {
		const struct store_feedback *one = said->pdata[i];

		if (strcmp(one->message, message->id) == 0 &&
		    strcmp(one->by, deed->by) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Label and rulings; what was released stays where it is. */
static gboolean
undo_label(struct deed *deed, GError **error)
{
	if (!is_theirs(deed))
		return FALSE;
	return feedback_undo(deed->request->site->store, deed->message,
			     deed->by, NULL, error);
}

static gboolean
undo_snooze(struct deed *deed, GError **error)
{
	return store_pending_end(deed->request->site->store, STORE_SNOOZE,
				 deed->message->buyer, deed->message->id,
				 deed->by, "undone", error);
}

static gboolean
undo_ask(struct deed *deed, GError **error)
{
	return end_request(deed, "taken back", error);
}

static const struct verb verbs[] = {
	{ "release", ACCESS_RELEASE, act_release, undo_label,
	  "released, and mail of this campaign is let in from now on" },
	{ "relevant", ACCESS_DECIDE, act_relevant, undo_label,
	  "marked relevant, and mail of this campaign is let in from now on" },
	{ "irrelevant", ACCESS_DECIDE, act_irrelevant, undo_label,
	  "marked as not for you" },
	{ "not-outreach", ACCESS_DECIDE, act_not_outreach, undo_label,
	  "marked as no sales mail" },
	{ "never", ACCESS_DECIDE, act_never, undo_label,
	  "marked as not for you, and its vendor's offers are held from now "
	  "on" },
	{ "snooze", ACCESS_DECIDE, act_snooze, undo_snooze,
	  "put off for a week" },
	{ "ask", ACCESS_ASK, act_ask, undo_ask, "asked for" },
	{ "grant", ACCESS_APPROVE, act_grant, NULL, "released" },
	{ "refuse", ACCESS_APPROVE, act_refuse, NULL, "refused" },
};

static const struct verb *
verb_find(const char *name, gsize len)
{
	for (guint i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strlen(verbs[i].name) == len &&
		    memcmp(verbs[i].name, name, len) == 0)
			return &verbs[i];
	return NULL;
}

/* How a request went: what was done, and the first thing that was not. */
struct outcome {
	GString *done; /* ids, joined */
	guint n;
	guint failed;
	char *why; /* the first failure or warning */
};

static void
outcome_clear(struct outcome *outcome)
{
	g_string_free(outcome->done, TRUE);
	g_free(outcome->why);
}

static void
outcome_note(struct outcome *outcome, const char *why)
{
	if (!outcome->why)
		outcome->why = g_strdup(why);
}

static void
act_on(const struct web_request *request, const struct verb *verb,
       const struct store_message *message, struct outcome *outcome)
{
	g_autoptr(GError) error = NULL;
	struct deed deed = {
		.request = request,
		.message = message,
		.by = request->user->address,
	};

	if (!verb->act(&deed, &error)) {
		outcome->failed++;
		outcome_note(outcome, error->message);
		return;
	}
	if (deed.warning)
		outcome_note(outcome, deed.warning);
	g_free(deed.warning);
	request_audit(request, verb->name, message->buyer, message->id, "");
	if (outcome->n++ > 0)
		g_string_append_c(outcome->done, JOIN);
	g_string_append(outcome->done, message->id);
}

static void
act_on_id(const struct web_request *request, const struct verb *verb,
	  const char *id, struct outcome *outcome)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreMessage) message =
		id_valid(id)
			? store_find(request->site->store, NULL, id, &error)
			: NULL;

	if (message && request_may(request, verb->action, message->buyer)) {
		act_on(request, verb, message, outcome);
		return;
	}
	outcome->failed++;
	outcome_note(outcome,
		     error && !g_error_matches(error, STORE_ERROR,
					       STORE_ERROR_NOT_FOUND)
			     ? "the store does not answer"
			     : "there is no such message, or it is not for "
			       "you");
}

static char *
outcome_text(const struct verb *verb, const struct outcome *outcome)
{
	GString *text = g_string_new(NULL);

	if (outcome->n > 0)
		g_string_append_printf(text, "%u message%s %s.", outcome->n,
				       outcome->n == 1 ? "" : "s", verb->done);
	if (outcome->failed > 0)
		g_string_append_printf(text, "%s%u could not be: %s.",
				       text->len ? " " : "", outcome->failed,
				       outcome->why ? outcome->why : "");
	else if (outcome->why)
		g_string_append_printf(text, " %s.", outcome->why);
	return g_string_free(text, FALSE);
}

static void
finish(const struct web_request *request, struct web_reply *reply,
       const struct verb *verb, const struct outcome *outcome)
{
	g_autofree char *text = outcome_text(verb, outcome);
	g_autofree char *undo =
		verb->undo && outcome->n > 0
			? g_strdup_printf("/undo/%s/%s", verb->name,
					  outcome->done->str)
			: NULL;

	reply_back(request, reply, request_came_from(request, "/queue"), text,
		   undo);
}

/* While the store or the MTA is slow each would wait for its whole time. */
static void
act_on_picked(const struct web_request *request, const struct verb *verb,
	      struct outcome *outcome)
{
	const gint64 until_us = clock_monotonic_us() + PICKED_US;
	const GPtrArray *picked = request->picked;
	guint n = 0;

	for (; n < picked->len && n < PICKED_MAX; n++) {
		if (n > 0 && clock_monotonic_us() >= until_us)
			break;
		act_on_id(request, verb, picked->pdata[n], outcome);
	}
	if (n == picked->len)
		return;
	outcome->failed += picked->len - n;
	outcome_note(outcome, n < PICKED_MAX
				      ? "there was no time for them; repeat it"
				      : "they were too many at once");
}

/* "release 01J...", or "release" and what is picked. */
static void
act(const struct web_request *request, struct web_reply *reply)
{
	const char *wish = request_form(request, "do");
	const gsize len = strcspn(wish, " ");
	const struct verb *verb = verb_find(wish, len);
	struct outcome outcome = { .done = g_string_new(NULL) };

	if (!verb) {
		reply_error(request, reply, 400, "That is no known action.");
	} else if (wish[len] == ' ') {
		act_on_id(request, verb, wish + len + 1, &outcome);
		finish(request, reply, verb, &outcome);
	} else if (request->picked->len == 0) {
		reply_back(request, reply, request_came_from(request, "/queue"),
			   "Select the messages first.", NULL);
	} else {
		act_on_picked(request, verb, &outcome);
		finish(request, reply, verb, &outcome);
	}
	outcome_clear(&outcome);
}

/* Takes back what the verb did with one message, for who may do it. FALSE:
 * there was nothing; with an error: it could not be done. */
static gboolean
undo_one(const struct web_request *request, const struct verb *verb,
	 const char *id, GError **error)
{
	g_autoptr(StoreMessage) message =
		id_valid(id) ? store_find(request->site->store, NULL, id, error)
			     : NULL;
	struct deed deed = {
		.request = request,
		.message = message,
		.by = request->user->address,
	};

	if (!message || !request_may(request, verb->action, message->buyer) ||
	    !verb->undo(&deed, error))
		return FALSE;
	request_audit(request, "undo", message->buyer, id, verb->name);
	return TRUE;
}

/* How many; `away`: the store did not answer for the rest. */
static guint
undo_all(const struct web_request *request, const struct verb *verb,
	 gboolean *away)
{
	g_auto(GStrv) ids = g_strsplit(request->parts[1], ".", PICKED_MAX);
	guint n = 0;

	for (char **id = ids; *id; id++) {
		g_autoptr(GError) error = NULL;

		if (undo_one(request, verb, *id, &error))
			n++;
		*away = error && !g_error_matches(error, STORE_ERROR,
						  STORE_ERROR_NOT_FOUND);
		if (*away)
			break;
	}
	return n;
}

static char *
undo_text(const struct verb *verb, guint n, gboolean away)
{
	g_autofree char *done =
		n > 0 ? g_strdup_printf("Taken back for %u message%s.", n,
					n == 1 ? "" : "s")
		      : NULL;

	if (away)
		return g_strdup_printf("%s%sThe store does not answer: take it "
				       "back in a minute.",
				       done ? done : "", done ? " " : "");
	if (!done)
		return g_strdup("There was nothing to take back.");
	return g_strconcat(done,
			   verb->act == act_release
				   ? " What was released stays in the mailbox."
				   : "",
			   NULL);
}

/* What could not be taken back may be tried again. */
static void
undo(const struct web_request *request, struct web_reply *reply)
{
	const char *name = request->parts[0];
	const struct verb *verb = verb_find(name, strlen(name));
	gboolean away = FALSE;
	const guint n = verb && verb->undo ? undo_all(request, verb, &away) : 0;
	g_autofree char *text = undo_text(verb, n, away);

	reply_back(request, reply, request_came_from(request, "/queue"), text,
		   away ? request->path : NULL);
}

const struct web_route routes_act[] = {
	{ WEB_POST, "/queue/act", ACCESS_SIGNED, act },
	{ WEB_POST, "/undo/*/*", ACCESS_SIGNED, undo },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
