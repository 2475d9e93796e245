/*
 * What a person does with held mail: every action is a POST, asks whether they
 * may for each row, and says how to take it back.
 */
#include <string.h>

#include "base/clock.h"
#include "bulk_private.h"
#include "fault_private.h"
#include "page_private.h"
#include "verb_private.h"

/* Ids that the way back can name one by one. */
#define NAMED_MAX 100

#define BULK_US (20 * CLOCK_SECOND_US)

#define STILL_HELD " It is still held: release it to have it in the mailbox."

/* Ids in a path are separated so: it is in none of them. */
#define JOIN '.'

/* How a request went: what was done, and the first thing that was not. */
struct outcome {
	GString *done; /* ids, joined */
	char *name;    /* bulk_name() of several, "" of one */
	guint n;
	guint failed;
	gboolean away; /* the store does not answer: the rest was not tried */
	char *why;     /* the first failure or warning */
	guint held;    /* should not have been, and still are */
	char *next;    /* to be done with the one that still is, or NULL */
};

static void
outcome_clear(struct outcome *outcome)
{
	g_string_free(outcome->done, TRUE);
	g_free(outcome->name);
	g_free(outcome->why);
	g_free(outcome->next);
}

static void
outcome_note(struct outcome *outcome, const char *why)
{
	if (!outcome->why)
		outcome->why = g_strdup(why);
}

static void
outcome_fail(const struct web_request *request, struct outcome *outcome,
	     const GError *error)
{
	outcome->failed++;
	outcome->away = fault_is_away(error);
	outcome_note(outcome, fault_text(request, error));
}

/* A label alone lets nothing out. */
static void
note_held(const struct web_request *request,
	  const struct store_message *message, struct outcome *outcome)
{
	const char *verb =
		request_may(request, ACCESS_RELEASE, message->buyer) ? "release"
		: request_may(request, ACCESS_ASK, message->buyer)   ? "ask"
								     : NULL;

	outcome->held++;
	g_clear_pointer(&outcome->next, g_free);
	if (verb && outcome->held == 1)
		outcome->next = g_strdup_printf("%s %s", verb, message->id);
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
		outcome_fail(request, outcome, error);
		return;
	}
	if (deed.warning)
		outcome_note(outcome, deed.warning);
	g_free(deed.warning);
	request_audit(request, verb->name, message->buyer, message->id,
		      outcome->name);
	if (verb_wants(verb) && message->state == STORE_HELD)
		note_held(request, message, outcome);
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
	} else if (fault_is_away(error)) {
		outcome_fail(request, outcome, error);
	} else {
		outcome->failed++;
		outcome_note(outcome, "there is no such message, or it is not "
				      "for you");
	}
}

static char *
outcome_text(const struct verb *verb, const struct outcome *outcome)
{
	GString *text = g_string_new(NULL);

	if (outcome->n > 0)
		g_string_append_printf(text, "%u message%s %s.", outcome->n,
				       outcome->n == 1 ? "" : "s", verb->done);
	if (outcome->held > 0 && outcome->n == 1)
		g_string_append(text, STILL_HELD);
	else if (outcome->held > 0)
		g_string_append_printf(text,
				       " %u of them stay held until released.",
				       outcome->held);
	if (outcome->failed > 0)
		g_string_append_printf(text, "%s%u could not be: %s.",
				       text->len ? " " : "", outcome->failed,
				       outcome->why ? outcome->why : "");
	else if (outcome->why)
		g_string_append_printf(text, " %s.", outcome->why);
	return g_string_free(text, FALSE);
}

/* The path that takes all of it back, or NULL; the caller's. */
static char *
way_back(const struct verb *verb, const struct outcome *outcome)
{
	if (!verb->undo || outcome->n == 0)
		return NULL;
	return g_strdup_printf("/undo/%s/%s", verb->name,
			       outcome->n > NAMED_MAX ? outcome->name
						      : outcome->done->str);
}

static void
finish(const struct web_request *request, struct web_reply *reply,
       const struct verb *verb, const struct outcome *outcome)
{
	g_autofree char *text = outcome_text(verb, outcome);
	g_autofree char *undo = way_back(verb, outcome);

	if (outcome->n == 0 && outcome->away)
		reply_error(request, reply, 503, text);
	else
		reply_back(request, reply, request_came_from(request, "/queue"),
			   text, undo);
	if (reply->note)
		reply->next = g_strdup(outcome->next);
}

/* While the store or the MTA is slow each would wait for its whole time. */
static void
act_on_all(const struct web_request *request, const struct verb *verb,
	   const GPtrArray *ids, struct outcome *outcome)
{
	const gint64 until_us = clock_monotonic_us() + BULK_US;
	guint n = 0;

	for (; n < ids->len && !outcome->away; n++) {
		if (n > 0 && clock_monotonic_us() >= until_us) {
			outcome_note(outcome, "there was no time for them; "
					      "repeat it");
			break;
		}
		act_on_id(request, verb, ids->pdata[n], outcome);
	}
	outcome->failed += ids->len - n;
}

static void
act_on_object(const struct web_request *request, struct web_reply *reply,
	      const struct verb *verb, const char *object)
{
	struct outcome outcome = { .done = g_string_new(NULL) };
	g_autoptr(GError) error = NULL;
	gboolean more = FALSE;
	g_autoptr(GPtrArray) ids =
		bulk_ids(request, verb->action, object, &more, &error);

	outcome.name = ids && ids->len > 1 ? bulk_name() : g_strdup("");
	if (!ids) {
		fault_reply(request, reply, error);
	} else if (ids->len == 0) {
		reply_back(request, reply, request_came_from(request, "/queue"),
			   *object ? "Nothing of it is held any more."
				   : "Select the messages first.",
			   NULL);
	} else {
		act_on_all(request, verb, ids, &outcome);
		if (more)
			outcome_note(&outcome,
				     "There are more than can be done at once: "
				     "repeat it");
		finish(request, reply, verb, &outcome);
	}
	outcome_clear(&outcome);
}

/* "release" and, after a blank, what bulk_ids() takes. */
static void
act(const struct web_request *request, struct web_reply *reply)
{
	const char *wish = request_form(request, "do");
	const gsize len = strcspn(wish, " ");
	const struct verb *verb = verb_find(wish, len);

	if (verb)
		act_on_object(request, reply, verb,
			      wish[len] == ' ' ? wish + len + 1 : "");
	else
		reply_error(request, reply, 400, "That is no known action.");
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

/* What a way back names, one by one or together. */
static GPtrArray *
undo_ids(const struct web_request *request, const struct verb *verb,
	 GError **error)
{
	const char *what = request->parts[1];
	g_auto(GStrv) ids = NULL;
	GPtrArray *found;

	if (bulk_is_name(what))
		return bulk_done(request, verb->name, what, error);
	ids = g_strsplit(what, ".", NAMED_MAX);
	found = g_ptr_array_new_with_free_func(g_free);
	for (char **id = ids; *id; id++)
		g_ptr_array_add(found, g_strdup(*id));
	return found;
}

/* How many; `rest`: the store did not answer, or there was no time, for the
 * others. */
static guint
undo_all(const struct web_request *request, const struct verb *verb,
	 const GPtrArray *ids, gboolean *rest)
{
	const gint64 until_us = clock_monotonic_us() + BULK_US;
	guint n = 0;

	for (guint i = 0; i < ids->len && !*rest; i++) {
		g_autoptr(GError) error = NULL;

		if (undo_one(request, verb, ids->pdata[i], &error))
			n++;
		*rest = fault_is_away(error) ||
			(i + 1 < ids->len && clock_monotonic_us() >= until_us);
		if (fault_is_away(error))
			(void)fault_text(request, error);
	}
	return n;
}

static char *
undo_text(const struct verb *verb, guint n, gboolean rest)
{
	g_autofree char *done =
		n > 0 ? g_strdup_printf("Taken back for %u message%s.", n,
					n == 1 ? "" : "s")
		      : NULL;

	if (rest)
		return g_strdup_printf("%s%sThe store does not answer for the "
				       "rest: take it back in a minute.",
				       done ? done : "", done ? " " : "");
	if (!done)
		return g_strdup("There was nothing to take back.");
	return g_strconcat(done, verb->stays, NULL);
}

/* What could not be taken back may be tried again. */
static void
undo(const struct web_request *request, struct web_reply *reply)
{
	const char *name = request->parts[0];
	const struct verb *verb = verb_find(name, strlen(name));
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) ids = NULL;
	g_autofree char *text = NULL;
	gboolean rest = FALSE;
	guint n = 0;

	if (verb && verb->undo) {
		ids = undo_ids(request, verb, &error);
		if (!ids) {
			fault_reply(request, reply, error);
			return;
		}
		n = undo_all(request, verb, ids, &rest);
	}
	text = undo_text(verb, n, rest);
	reply_back(request, reply, request_came_from(request, "/queue"), text,
		   rest ? request->path : NULL);
}

const struct web_route routes_act[] = {
	{ WEB_POST, "/queue/act", ACCESS_SIGNED, act },
	{ WEB_POST, "/undo/*/*", ACCESS_SIGNED, undo },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
