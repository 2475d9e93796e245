#include "verb_private.h"

#include <string.h>

#include "base/clock.h"
#include "review/feedback.h"
#include "review/release.h"
#include "store/pending.h"

#define SNOOZE_US (7 * CLOCK_DAY_US)

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
	  "released, and mail of this campaign is let in from now on",
	  " What was released stays in the mailbox." },
	{ "relevant", ACCESS_DECIDE, act_relevant, undo_label,
	  "marked relevant, and mail of this campaign is let in from now on",
	  "" },
	{ "irrelevant", ACCESS_DECIDE, act_irrelevant, undo_label,
	  "marked as not for you", "" },
	{ "not-outreach", ACCESS_DECIDE, act_not_outreach, undo_label,
	  "marked as no sales mail", "" },
	{ "never", ACCESS_DECIDE, act_never, undo_label,
	  "marked as not for you, and its vendor's offers are held from now "
	  "on",
	  "" },
	{ "snooze", ACCESS_DECIDE, act_snooze, undo_snooze,
	  "put off for a week", "" },
	{ "ask", ACCESS_ASK, act_ask, undo_ask, "asked for", "" },
	{ "grant", ACCESS_APPROVE, act_grant, NULL, "released", "" },
	{ "refuse", ACCESS_APPROVE, act_refuse, NULL, "refused", "" },
};

gboolean
verb_wants(const struct verb *verb)
{
	return verb->act == act_relevant || verb->act == act_not_outreach;
}

const struct verb *
verb_find(const char *name, gsize len)
{
	for (guint i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strlen(verbs[i].name) == len &&
		    memcmp(verbs[i].name, name, len) == 0)
			return &verbs[i];
	return NULL;
}
