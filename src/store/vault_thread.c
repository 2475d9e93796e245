/* The vault's thread: tries a store that was away, and drains the spool. */
#include "base/clock.h"
#include "thread_private.h"
#include "vault_private.h"

/* How long a trial of a store that was away may take. */
#define TRIAL_US (2 * CLOCK_SECOND_US)

/* With the lock held. */
static void
hand_over_notes(struct vault *vault)
{
	for (guint i = 0; i < vault->notes->len; i++)
		store_note(vault->store, g_ptr_array_index(vault->notes, i));
	g_ptr_array_set_size(vault->notes, 0);
}

/*
 * Opens the store where there is none, or none that can be trusted. Calls
 * under way keep the old one until they end.
 */
static gboolean
renew(struct vault *vault, GError **error)
{
	struct store *old, *store;
	guint64 counted; /* of what the old one drops in its life */

	pthread_mutex_lock(&vault->lock);
	if (vault->store && !vault->suspect) {
		pthread_mutex_unlock(&vault->lock);
		return TRUE;
	}
	old = g_steal_pointer(&vault->store);
	counted = old ? store_dropped(old) : 0;
	vault->dropped += counted;
	while (vault->users > 0)
		pthread_cond_wait(&vault->idle, &vault->lock);
	pthread_mutex_unlock(&vault->lock);
	counted = store_close(old) - counted;
	store = vault_open_store(vault, error);
	pthread_mutex_lock(&vault->lock);
	vault->dropped += counted;
	vault->store = store;
	vault->suspect = FALSE;
	if (store)
		hand_over_notes(vault);
	pthread_mutex_unlock(&vault->lock);
	return store != NULL;
}

/* A read, and a write of nothing, which needs the lock for writing. */
static gboolean
probe(struct vault *vault, GError **error)
{
	static const char *const nobody[] = { "", NULL };
	gint64 deadline_us = clock_monotonic_us() + TRIAL_US;
	gboolean known;

	return store_known(vault->store, "", nobody, deadline_us, &known,
			   error) &&
	       store_flush(vault->store, deadline_us, error);
}

/* With the lock held: the store took all there was for it. */
static void
store_works(struct vault *vault, guint moved)
{
	if (moved > 0)
		breaker_succeed(&vault->breaker);
	vault->moved += moved;
	if (vault->away && vault->moved > 0)
		vault_add_news(vault,
			       "store back, %u messages moved from the spool",
			       vault->moved);
	else if (vault->away)
		vault_add_news(vault, "store back");
	else if (vault->moved > 0)
		vault_add_news(vault, "%u messages moved from the spool",
			       vault->moved);
	vault->away = FALSE;
	vault->moved = 0;
}

static void
tell_damage(struct vault *vault)
{
	guint damaged = spool_damaged(vault->spool);

	if (damaged > vault->damaged)
		vault_add_news(vault, "%u damaged files set aside in the spool",
			       damaged);
	vault->damaged = damaged;
}

/* Tries the store, and moves to it what waits in the spool. */
static void
try_store(struct vault *vault)
{
	g_autoptr(GError) failure = NULL;
	gboolean ok = renew(vault, &failure) && probe(vault, &failure);
	guint moved = 0;

	if (ok && vault->spool)
		ok = spool_drain(vault->spool, vault->store, &moved, &failure);
	pthread_mutex_lock(&vault->lock);
	if (!ok && failure->domain == STORE_ERROR) {
		vault->moved += moved;
		vault_store_failed(vault, failure);
	} else {
		store_works(vault, moved);
	}
	if (!ok && failure->domain != STORE_ERROR) {
		vault_add_news(vault, "%s", failure->message);
		vault->waiting = TRUE;
	}
	vault->rest_us = ok ? 0 : vault->breaker.max_us;
	if (vault->spool)
		tell_damage(vault);
	pthread_mutex_unlock(&vault->lock);
}

/*
 * With the lock held: when to try, as far as is known now. The rest is for
 * files that were left in the spool by a fault of their own.
 */
static gint64
next_trial(const struct vault *vault, gint64 rest_until_us)
{
	if (vault->away)
		return vault->breaker.until_us;
	return vault->waiting ? rest_until_us : G_MAXINT64;
}

static void
sleep_until(struct vault *vault, gint64 until_us)
{
	if (until_us == G_MAXINT64)
		pthread_cond_wait(&vault->wake, &vault->lock);
	else
		thread_cond_wait_until(&vault->wake, &vault->lock, until_us);
}

gpointer
vault_thread(gpointer data)
{
	struct vault *vault = data;
	gint64 rest_until_us = 0;

	pthread_mutex_lock(&vault->lock);
	while (!vault->closing) {
		gint64 trial_us = next_trial(vault, rest_until_us);

		if (clock_monotonic_us() < trial_us) {
			sleep_until(vault, trial_us);
			continue;
		}
		vault->waiting = FALSE;
		pthread_mutex_unlock(&vault->lock);
		try_store(vault);
		pthread_mutex_lock(&vault->lock);
		rest_until_us = clock_monotonic_us() + vault->rest_us;
	}
	pthread_mutex_unlock(&vault->lock);
	return NULL;
}
