#include "milter/session.h"

#include "mail/address.h"

static void
recipient_free(gpointer data)
{
	struct recipient *rcpt = data;

	g_free(rcpt->exact);
	g_free(rcpt->key);
	g_free(rcpt);
}

struct session *
session_new(struct snapshot *snapshot, struct room *room)
{
	struct session *session = g_new0(struct session, 1);

	session->snapshot = snapshot;
	session->rcpts = g_ptr_array_new_with_free_func(recipient_free);
	intake_init(&session->intake, room);
	return session;
}

void
session_reset(struct session *session)
{
	g_clear_pointer(&session->sender, g_free);
	session->authenticated = FALSE;
	g_ptr_array_set_size(session->rcpts, 0);
	session->author = NULL;
	session->path = PATH_NONE;
	session->gate = GATE_NONE;
	intake_reset(&session->intake);
}

void
session_free(struct session *session)
{
	if (!session)
		return;
	session_reset(session);
	intake_clear(&session->intake);
	g_ptr_array_unref(session->rcpts);
	g_free(session->client);
	snapshot_unref(session->snapshot);
	g_free(session);
}

void
session_client(struct session *session, const char *ip)
{
	g_free(session->client);
	session->client = g_strdup(ip);
}

void
session_begin(struct session *session, struct snapshot *snapshot,
	      const char *sender, gboolean authenticated)
{
	session_reset(session);
	snapshot_unref(session->snapshot);
	session->snapshot = snapshot;
	session->sender = address_from_envelope(sender, NULL);
	session->authenticated = authenticated;
}

void
session_rcpt(struct session *session, const char *text)
{
	struct recipient *rcpt = g_new0(struct recipient, 1);

	rcpt->exact = g_strdup(text);
	rcpt->key = address_key(text);
	if (rcpt->key)
		rcpt->buyer = snapshot_buyer(session->snapshot, rcpt->key);
	g_ptr_array_add(session->rcpts, rcpt);
}

static gboolean
covered(const struct session *session)
{
	for (guint i = 0; i < session->rcpts->len; i++) {
		const struct recipient *rcpt =
			g_ptr_array_index(session->rcpts, i);

		if (rcpt->buyer)
			return TRUE;
	}
	return FALSE;
}

/* Mail of a buyer who proved to be one, by login or by the network. */
static const struct buyer *
author(const struct session *session)
{
	if (!session->sender || !*session->sender ||
	    (session->gate != GATE_AUTHENTICATED &&
	     session->gate != GATE_INTERNAL))
		return NULL;
	return snapshot_buyer(session->snapshot, session->sender);
}

struct envelope
session_envelope(const struct session *session, const char *queue_id)
{
	return (struct envelope){
		.sender = session->sender ? session->sender : "",
		.client = session->client,
		.queue_id = queue_id,
		.authenticated = session->authenticated,
		.known = TRUE,
	};
}

void
session_decide(struct session *session)
{
	struct envelope envelope = session_envelope(session, "");
	gboolean gated;

	/* What is no address is not the null sender either. */
	if (session->sender)
		session->gate = gate_envelope(session->snapshot, &envelope);
	session->author = author(session);
	gated = session->gate != GATE_NONE;
	if (session->author)
		session->path = PATH_LEARN;
	else if (!covered(session) ||
		 (gated && session->snapshot->config->mode == MODE_OBSERVE))
		session->path = PATH_PASS;
	else
		session->path = gated ? PATH_GATED : PATH_SCREEN;
	session->intake.headers_only = session->path == PATH_GATED;
}
