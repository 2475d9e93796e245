#include "store/store.h"

#include <string.h>

#include "store_private.h"

static const struct store_driver *const drivers[] = { &store_sqlite,
						      &store_postgres,
						      &store_fake };

GQuark
store_error_quark(void)
{
	return g_quark_from_static_string("store-error");
}

const struct store_driver *
store_driver_of(const char *url, const char **rest, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
		const gsize len = strlen(drivers[i]->scheme);

		if (strncmp(url, drivers[i]->scheme, len) == 0 &&
		    url[len] == ':') {
			*rest = url + len + 1;
			return drivers[i];
		}
	}
	g_set_error(
		error, STORE_ERROR, STORE_ERROR_AWAY,
		"store '%s': the URL must begin with sqlite: or postgresql:",
		url);
	return NULL;
}

struct store *
store_open(const char *url, GError **error)
{
	const char *rest;
	const struct store_driver *driver = store_driver_of(url, &rest, error);
	struct store *store = driver ? driver->open(rest, error) : NULL;

	if (!store)
		return NULL;
	store->driver = driver;
	store->wait_us = STORE_WAIT_US;
	atomic_init(&store->repeats, 0);
	atomic_init(&store->oversized, 0);
	return store;
}

void
store_set_wait(struct store *store, gint64 wait_us)
{
	g_assert(wait_us > 0);
	store->wait_us = wait_us;
}

guint64
store_close(struct store *store)
{
	return store ? store->driver->close(store) : 0;
}

static void
check_message(const struct store_message *message)
{
	g_assert(message->buyer && id_valid(message->id));
}

/* NOLINTBEGIN(readability-function-size): the contract's parameters. */
gboolean
store_hold(struct store *store, struct store_message *const *messages, guint n,
	   GBytes *bytes, gint64 deadline_us, guint *repeats, GError **error)
{
	struct store_copy copy = { messages, n, bytes, deadline_us };
	guint repeated = 0;

	g_assert(n > 0 && bytes);
	for (guint i = 0; i < n; i++) {
		check_message(messages[i]);
		g_assert(messages[i]->state == STORE_HELD);
	}
	if (!store->driver->hold(store, &copy, &repeated, error))
		return FALSE;
	atomic_fetch_add(&store->repeats, repeated);
	if (repeats)
		*repeats += repeated;
	return TRUE;
}
/* NOLINTEND(readability-function-size) */

void
store_note(struct store *store, const struct store_message *message)
{
	check_message(message);
	store->driver->note(store, message);
}

void
store_contact(struct store *store, const char *buyer, const char *contact,
	      gint64 time_us)
{
	store->driver->contact(store, buyer, contact, time_us);
}

gboolean
store_known(struct store *store, const char *buyer, const char *const *contacts,
	    gint64 deadline_us, gboolean *known, GError **error)
{
	return store->driver->known(store, buyer, contacts, deadline_us, known,
				    error);
}

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

gboolean
store_history(struct store *store, const struct store_likeness *likeness,
	      gint64 deadline_us, struct store_history *history, GError **error)
{
	struct store_likeness given = *likeness;

	given.vendor = or_empty(given.vendor);
	given.sender = or_empty(given.sender);
	given.message_id = or_empty(given.message_id);
	return store->driver->history(store, &given, deadline_us, history,
				      error);
}

GPtrArray *
store_list(struct store *store, const struct store_query *query, GError **error)
{
	g_assert(query->state >= STORE_ANY && query->state <= STORE_EXPIRED);
	return store->driver->list(store, query, error);
}

struct store_message *
store_find(struct store *store, const char *buyer, const char *id,
	   GError **error)
{
	return store->driver->find(store, buyer, id, error);
}

GBytes *
store_body(struct store *store, const char *buyer, const char *id,
	   GError **error)
{
	return store->driver->body(store, buyer, id, error);
}

GBytes *
store_features(struct store *store, const char *buyer, const char *id,
	       GError **error)
{
	return store->driver->features(store, buyer, id, error);
}

gboolean
store_claim(struct store *store, const char *buyer, const char *id,
	    const char *owner, gint64 lease_us, GError **error)
{
	struct store_change change = { buyer,		id, owner, lease_us,
				       STORE_RELEASING, "" };

	g_assert(*owner && lease_us > 0);
	return store->driver->claim(store, &change, error);
}

/* NOLINTBEGIN(readability-function-size): the contract's parameters. */
gboolean
store_settle(struct store *store, const char *buyer, const char *id,
	     const char *owner, enum store_state state, const char *note,
	     GError **error)
{
	struct store_change change = { buyer, id,    owner,
				       0,     state, note ? note : "" };

	g_assert(state == STORE_RELEASING || state == STORE_RELEASED ||
		 state == STORE_HELD);
	return store->driver->settle(store, &change, error);
}
/* NOLINTEND(readability-function-size) */

gboolean
store_delete(struct store *store, const char *buyer, const char *id,
	     const char *note, GError **error)
{
	struct store_change change = {
		buyer, id, "", 0, STORE_DELETED, note ? note : ""
	};

	return store->driver->delete (store, &change, error);
}

gboolean
store_expire(struct store *store, gint64 before_us, gint64 ledger_before_us,
	     guint *expired, GError **error)
{
	return store->driver->expire(store, before_us, ledger_before_us,
				     expired, error);
}

gboolean
store_forget(struct store *store, gint64 before_us, gint64 deadline_us,
	     guint *forgotten, GError **error)
{
	const gint64 day_us = before_us / CLOCK_DAY_US * CLOCK_DAY_US;

	return store->driver->forget(store, day_us, deadline_us, forgotten,
				     error);
}

gboolean
store_feedback_add(struct store *store, struct store_feedback *feedback,
		   GError **error)
{
	g_assert(id_valid(feedback->id) && feedback->buyer &&
		 feedback->message && feedback->retracted_us == 0);
	if (feedback->time_us == 0)
		feedback->time_us = clock_now_us();
	return store->driver->feedback_add(store, feedback, error);
}

gboolean
store_feedback_undo(struct store *store, const char *buyer, const char *message,
		    const char *by, GError **error)
{
	return store->driver->feedback_undo(store, buyer, message, or_empty(by),
					    error);
}

GPtrArray *
store_feedback_list(struct store *store, const char *buyer, gint64 since_us,
		    gboolean active_only, GError **error)
{
	return store->driver->feedback_list(store, buyer, since_us, active_only,
					    error);
}

gboolean
store_ruling_add(struct store *store, struct store_ruling *ruling,
		 GError **error)
{
	g_assert(id_valid(ruling->id) && ruling->buyer && ruling->subject &&
		 *ruling->subject && ruling->undone_us == 0);
	if (ruling->time_us == 0)
		ruling->time_us = clock_now_us();
	return store->driver->ruling_add(store, ruling, error);
}

gboolean
store_ruling_undo(struct store *store, const char *buyer, const char *id,
		  const char *by, GError **error)
{
	return store->driver->ruling_undo(store, buyer, id, or_empty(by),
					  error);
}

GPtrArray *
store_ruling_list(struct store *store, const char *buyer, gboolean active_only,
		  GError **error)
{
	return store->driver->ruling_list(store, buyer, active_only, error);
}

/* NOLINTBEGIN(readability-function-size): the contract's parameters. */
gboolean
store_ruling_find(struct store *store, const char *buyer, const char *vendor,
		  const char *campaign, gint64 now_us, gint64 deadline_us,
		  struct store_ruling **found, GError **error)
{
	struct store_mark mark = { buyer, or_empty(vendor), or_empty(campaign),
				   now_us };

	return store->driver->ruling_find(store, &mark, deadline_us, found,
					  error);
}
/* NOLINTEND(readability-function-size) */

gboolean
store_flush(struct store *store, gint64 deadline_us, GError **error)
{
	return store->driver->flush(store, deadline_us, error);
}

guint64
store_dropped(struct store *store)
{
	return store->driver->dropped(store);
}

gboolean
store_stats(struct store *store, struct store_stats *stats, GError **error)
{
	struct store_stats figures;

	memset(&figures, 0, sizeof(figures));
	if (!store->driver->stats(store, &figures, error))
		return FALSE;
	figures.dropped = store_dropped(store);
	figures.repeats = atomic_load(&store->repeats);
	figures.features_dropped += atomic_load(&store->oversized);
	*stats = figures;
	return TRUE;
}

gboolean
store_verify(struct store *store, GError **error)
{
	return store->driver->verify(store, error);
}
