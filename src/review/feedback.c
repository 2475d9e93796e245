#include "review/feedback.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"

/* For a question that takes less than a millisecond. */
#define FIND_US (5 * CLOCK_SECOND_US)

static gboolean
is_set(const char *text)
{
	return text && *text;
}

/*
 * What the label gives cause for; FALSE: nothing. The strings are borrowed
 * from the message.
 */
static gboolean
ruling_wanted(const struct store_message *message,
	      const struct feedback_said *said, struct store_ruling *ruling)
{
	*ruling = (struct store_ruling){
		.buyer = message->buyer,
		.scope = STORE_RULING_CAMPAIGN,
		.word = STORE_RULING_WANTED,
		.subject = message->campaign,
	};
	if (said->label == STORE_IRRELEVANT) {
		if (!said->never)
			return FALSE;
		ruling->word = STORE_RULING_NEVER;
		if (is_set(message->vendor)) {
			ruling->scope = STORE_RULING_VENDOR;
			ruling->subject = message->vendor;
		}
	}
	return is_set(ruling->subject);
}

static gboolean
is_same(const struct store_ruling *a, const struct store_ruling *b)
{
	return a->scope == b->scope && a->word == b->word &&
	       g_strcmp0(a->subject, b->subject) == 0;
}

/* Undoes what the message is the cause of, but `kept` (or NULL). */
static gboolean
undo_rulings(struct store *store, const struct store_message *message,
	     const struct store_ruling *kept, const char *by, guint *undone,
	     GError **error)
{
	g_autoptr(GPtrArray) rulings =
		store_ruling_list(store, message->buyer, TRUE, error);

	if (!rulings)
		return FALSE;
	for (guint i = 0; i < rulings->len; i++) {
		const struct store_ruling *ruling = rulings->pdata[i];

		if (g_strcmp0(ruling->cause, message->id) != 0 ||
		    (kept && is_same(ruling, kept)))
			continue;
		if (!store_ruling_undo(store, message->buyer, ruling->id, by,
				       error))
			return FALSE;
		(*undone)++;
	}
	return TRUE;
}

static gboolean
say_label(struct store *store, const struct store_message *message,
	  const struct feedback_said *said, GError **error)
{
	g_autoptr(StoreFeedback) feedback = g_new0(struct store_feedback, 1);

	id_new(feedback->id);
	feedback->buyer = g_strdup(message->buyer);
	feedback->message = g_strdup(message->id);
	feedback->label = said->label;
	feedback->by = g_strdup(said->by);
	feedback->source = g_strdup(said->source);
	return store_feedback_add(store, feedback, error);
}

static struct store_ruling *
ruling_own(const struct store_ruling *ruling, const char *cause, const char *by)
{
	struct store_ruling *own = g_new0(struct store_ruling, 1);

	id_new(own->id);
	own->buyer = g_strdup(ruling->buyer);
	own->scope = ruling->scope;
	own->word = ruling->word;
	own->subject = g_strdup(ruling->subject);
	own->cause = g_strdup(cause);
	own->by = g_strdup(by);
	return own;
}

/* Whether another ruling of the buyer, a later one, outweighs this one. */
static gboolean
is_outweighed(struct store *store, const struct store_message *message,
	      const struct store_ruling *ruling, gboolean *outweighed,
	      GError **error)
{
	g_autoptr(StoreRuling) found = NULL;

	if (!store_ruling_find(store, message->buyer, message->vendor,
			       message->campaign, clock_now_us(),
			       clock_monotonic_us() + FIND_US, &found, error))
		return FALSE;
	*outweighed = !found || strcmp(found->id, ruling->id) != 0;
	return TRUE;
}

/*
 * An active one of the same words keeps its time when it is said again: what
 * was ruled since would go on to outweigh what the buyer says now.
 */
static gboolean
say_ruling(struct store *store, const struct store_message *message,
	   struct store_ruling *ruling, GError **error)
{
	gboolean outweighed = FALSE;
	char own[ID_LEN + 1];

	memcpy(own, ruling->id, sizeof(own));
	if (!store_ruling_add(store, ruling, error))
		return FALSE;
	if (strcmp(own, ruling->id) == 0)
		return TRUE;
	if (!is_outweighed(store, message, ruling, &outweighed, error))
		return FALSE;
	if (!outweighed)
		return TRUE;
	if (!store_ruling_undo(store, message->buyer, ruling->id, ruling->by,
			       error))
		return FALSE;
	id_new(ruling->id);
	ruling->time_us = 0;
	return store_ruling_add(store, ruling, error);
}

gboolean
feedback_say(struct store *store, const struct store_message *message,
	     const struct feedback_said *said, struct store_ruling **ruling,
	     GError **error)
{
	struct store_ruling wanted;
	const gboolean rules = ruling_wanted(message, said, &wanted);
	g_autoptr(StoreRuling) own = NULL;
	guint undone = 0;

	if (!say_label(store, message, said, error) ||
	    !undo_rulings(store, message, rules ? &wanted : NULL, said->by,
			  &undone, error))
		return FALSE;
	if (rules) {
		own = ruling_own(&wanted, message->id, said->by);
		if (!say_ruling(store, message, own, error))
			return FALSE;
	} else if (said->never) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "%s: it has neither vendor nor campaign that "
			    "\"never\" could be about; it is labelled %s",
			    message->id, store_label_name(said->label));
		return FALSE;
	}
	if (ruling)
		*ruling = g_steal_pointer(&own);
	return TRUE;
}

gboolean
feedback_undo(struct store *store, const struct store_message *message,
	      const char *by, guint *undone, GError **error)
{
	g_autoptr(GError) local = NULL;
	guint n = 0;

	if (!store_feedback_undo(store, message->buyer, message->id, by,
				 &local) &&
	    !g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (!undo_rulings(store, message, NULL, by, &n, error))
		return FALSE;
	if (local && n == 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "%s: nothing was said about it that could be "
			    "undone",
			    message->id);
		return FALSE;
	}
	if (undone)
		*undone = n;
	return TRUE;
}
