#include "review/release.h"

#include <string.h>

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/id.h"
#include "review/feedback.h"
#include "review/smtp.h"
#include "stamp_private.h"

/* A mail that is out is noted so often at least, and so long while somebody
 * else has the store. */
#define SETTLE_TRIES 3
#define SETTLE_US    (90 * CLOCK_SECOND_US)

/* Beyond the SMTP dialogue's own bound, for the store's two writes. */
#define LEASE_MARGIN_US (SETTLE_US + 30 * CLOCK_SECOND_US)

/* Header fields that begin so, in any case, are for us alone to write. */
#define OURS_PREFIX "X-Pitchward"

GQuark
release_error_quark(void)
{
	return g_quark_from_static_string("release-error");
}

/* One release while it is under way. */
struct attempt {
	struct store *store;
	const struct config *config;
	const struct key *key;
	const struct store_message *message;
	const char *by;
	char owner[ID_LEN + 1];
	char **warning; /* or NULL */
};

static void
error_state(GError **error, const struct store_message *message)
{
	if (message->state == STORE_RELEASING)
		g_set_error(error, RELEASE_ERROR, RELEASE_ERROR_STATE,
			    "%s: is being released already; if that process "
			    "died, try again in a minute",
			    message->id);
	else
		g_set_error(error, RELEASE_ERROR, RELEASE_ERROR_STATE,
			    "%s: is %s, not held", message->id,
			    store_state_name(message->state));
}

/*
 * Takes the lease. When another was faster, what they made of it decides:
 * released is success, and `done` is set.
 */
static gboolean
claim(struct attempt *attempt, gboolean *done, GError **error)
{
	const struct store_message *message = attempt->message;
	const gint64 lease_us =
		attempt->config->release_timeout_us + LEASE_MARGIN_US;
	g_autoptr(StoreMessage) now = NULL;
	g_autoptr(GError) local = NULL;

	if (store_claim(attempt->store, message->buyer, message->id,
			attempt->owner, lease_us, &local))
		return TRUE;
	if (!g_error_matches(local, STORE_ERROR, STORE_ERROR_CONFLICT)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	now = store_find(attempt->store, message->buyer, message->id, error);
	if (!now)
		return FALSE;
	*done = now->state == STORE_RELEASED;
	if (!*done)
		error_state(error, now);
	return *done;
}

static gboolean
settle(const struct attempt *attempt, enum store_state state, const char *why,
       GError **error)
{
	g_autofree char *note = g_strdup_printf("%s: %s", attempt->by, why);

	return store_settle(attempt->store, attempt->message->buyer,
			    attempt->message->id, attempt->owner, state, note,
			    error);
}

/* Where the next line begins: CRLF, LF and CR each end one when it is sent. */
static const char *
line_after(const char *at, const char *end)
{
	while (at < end && *at != '\r' && *at != '\n')
		at++;
	if (at < end && *at++ == '\r' && at < end && *at == '\n')
		at++;
	return at;
}

static gboolean
claims_to_be_ours(const char *line, const char *end)
{
	return (gsize)(end - line) >= strlen(OURS_PREFIX) &&
	       g_ascii_strncasecmp(line, OURS_PREFIX, strlen(OURS_PREFIX)) == 0;
}

/*
 * The bytes without fields that pose as ours: where the listener has no filter
 * the recipient would believe them. Up to the first empty line, since others
 * do not end the header at a line that is no field.
 */
static GBytes *
without_forged(GBytes *bytes)
{
	gsize size;
	const char *line = g_bytes_get_data(bytes, &size);
	const char *end = line + size;
	gboolean forged = FALSE;
	GString *text = g_string_sized_new(size);

	while (line < end && *line != '\r' && *line != '\n') {
		const char *next = line_after(line, end);

		if (*line != ' ' && *line != '\t')
			forged = claims_to_be_ours(line, end);
		if (!forged)
			g_string_append_len(text, line, next - line);
		line = next;
	}
	g_string_append_len(text, line, end - line);
	return g_string_free_to_bytes(text);
}

/* The store is there, but not ours yet. */
static gboolean
is_waiting(const GError *failure)
{
	return g_error_matches(failure, STORE_ERROR, STORE_ERROR_BUSY) ||
	       g_error_matches(failure, STORE_ERROR, STORE_ERROR_TIME);
}

/* It is out: losing the note of it would send it a second time. */
static gboolean
settle_taken(const struct attempt *attempt, const char *reply, GError **error)
{
	const gint64 end_us = clock_monotonic_us() + SETTLE_US;
	g_autoptr(GError) local = NULL;

	for (int i = 0; i < SETTLE_TRIES ||
			(is_waiting(local) && clock_monotonic_us() < end_us);
	     i++) {
		g_clear_error(&local);
		if (failpoint_pass("after-release", &local) &&
		    settle(attempt, STORE_RELEASED, reply, &local))
			return TRUE;
	}
	g_set_error(error, RELEASE_ERROR, RELEASE_ERROR_UNKNOWN,
		    "%s: the MTA took it (%s), but that could not be noted, "
		    "and another try would deliver it twice: %s",
		    attempt->message->id, reply, local->message);
	return FALSE;
}

/*
 * Who wants a mail back wants the next of its campaign, too. The mail is out:
 * that this could not be written is told, and is no failure.
 */
static void
learn(const struct attempt *attempt)
{
	const struct feedback_said said = {
		.label = STORE_RELEVANT,
		.by = attempt->by,
		.source = "release",
	};
	g_autoptr(GError) error = NULL;

	if (feedback_say(attempt->store, attempt->message, &said, NULL,
			 &error) ||
	    !attempt->warning)
		return;
	*attempt->warning = g_strdup_printf(
		"%s: it is released, but that it was wanted could not be "
		"noted: %s",
		attempt->message->id, error->message);
}

static gboolean
send(const struct attempt *attempt, GBytes *bytes, GError **error)
{
	const struct config *config = attempt->config;
	const struct store_message *message = attempt->message;
	g_autofree char *reply = NULL;
	const gint64 timeout_ms = config->release_timeout_us / 1000;
	gboolean taken;

	switch (smtp_send(config->release, message->sender, message->rcpt,
			  bytes, (guint)CLAMP(timeout_ms, 1, G_MAXINT),
			  &reply)) {
	case SMTP_TAKEN:
		taken = settle_taken(attempt, reply, error);
		learn(attempt);
		return taken;
	case SMTP_UNKNOWN:
		settle(attempt, STORE_RELEASING, reply, NULL);
		g_set_error(error, RELEASE_ERROR, RELEASE_ERROR_UNKNOWN,
			    "%s: it is not known whether %s took it: %s; "
			    "release it again to make sure",
			    message->id, config->release, reply);
		return FALSE;
	case SMTP_REFUSED:
	default:
		settle(attempt, STORE_HELD, reply, NULL);
		g_set_error(error, RELEASE_ERROR, RELEASE_ERROR_REFUSED,
			    "%s: %s refused it, and it is still held: %s",
			    message->id, config->release, reply);
		return FALSE;
	}
}

static gboolean
release_claimed(const struct attempt *attempt, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) clean = NULL;
	g_autoptr(GBytes) signed_bytes = NULL;
	g_autoptr(GBytes) bytes =
		failpoint_pass("before-release", &local)
			? store_body(attempt->store, attempt->message->buyer,
				     attempt->message->id, &local)
			: NULL;

	if (!bytes) {
		settle(attempt, STORE_HELD, local->message, NULL);
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	clean = without_forged(bytes);
	signed_bytes = stamp(attempt->key, &attempt->config->limits, clean,
			     attempt->message->id, attempt->message->rcpt);
	if (signed_bytes)
		return send(attempt, signed_bytes, error);
	settle(attempt, STORE_HELD, "the recipient is no address", NULL);
	g_set_error(error, RELEASE_ERROR, RELEASE_ERROR_REFUSED,
		    "%s: the recipient is no address", attempt->message->id);
	return FALSE;
}

/* NOLINTBEGIN(readability-function-size): the contract's parameters. */
gboolean
release_message(struct store *store, const struct config *config,
		const struct key *key, const char *buyer, const char *id,
		const char *by, char **warning, GError **error)
{
	g_autoptr(StoreMessage) message = store_find(store, buyer, id, error);
	struct attempt attempt = { store, config, key,	  message,
				   by,	  { 0 },  warning };
	gboolean done = FALSE;

	if (!message)
		return FALSE;
	if (message->state == STORE_RELEASED)
		return TRUE;
	if (message->state != STORE_HELD && message->state != STORE_RELEASING) {
		error_state(error, message);
		return FALSE;
	}
	id_new(attempt.owner);
	if (!claim(&attempt, &done, error))
		return FALSE;
	return done || release_claimed(&attempt, error);
}
/* NOLINTEND(readability-function-size) */
