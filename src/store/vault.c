#include "store/vault.h"

#include "base/clock.h"
#include "store/keep.h"
#include "store_private.h"
#include "thread_private.h"
#include "vault_private.h"

#define PAUSE_US     CLOCK_SECOND_US
#define PAUSE_MAX_US (60 * CLOCK_SECOND_US)

/* Of a caller's time, left for the spool when the store takes too long. */
#define SPOOL_US CLOCK_SECOND_US

/* Who gave a write less time than this cannot blame the store. */
#define BLAMED_US CLOCK_SECOND_US

/* News that nobody fetches must not grow. */
#define NEWS_MAX 4096

/* Notes that wait for a store. */
#define NOTES_MAX 512

void
vault_add_news(struct vault *vault, const char *format, ...)
{
	va_list args;

	if (vault->news->len > NEWS_MAX)
		return;
	if (vault->news->len > 0)
		g_string_append(vault->news, "; ");
	va_start(args, format);
	g_string_append_vprintf(vault->news, format, args);
	va_end(args);
}

void
vault_store_failed(struct vault *vault, const GError *failure)
{
	if (failure->code == STORE_ERROR_AWAY ||
	    failure->code == STORE_ERROR_BROKEN)
		vault->suspect = TRUE;
	breaker_fail(&vault->breaker, clock_monotonic_us());
	if (!vault->away)
		vault_add_news(vault, "store away: %s", failure->message);
	vault->away = TRUE;
	pthread_cond_signal(&vault->wake);
}

struct store *
vault_pin(struct vault *vault, GError **error)
{
	struct store *store = NULL;

	pthread_mutex_lock(&vault->lock);
	if (!vault->away && vault->store) {
		store = vault->store;
		vault->users++;
	}
	pthread_mutex_unlock(&vault->lock);
	if (!store)
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "the store is away");
	return store;
}

void
vault_unpin(struct vault *vault, const GError *failure)
{
	pthread_mutex_lock(&vault->lock);
	if (failure)
		vault_store_failed(vault, failure);
	if (--vault->users == 0)
		pthread_cond_signal(&vault->idle);
	pthread_mutex_unlock(&vault->lock);
}

static struct vault *
vault_new(const char *store_url)
{
	struct vault *vault = g_new0(struct vault, 1);

	vault->url = g_strdup(store_url);
	vault->news = g_string_new(NULL);
	vault->notes = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);
	pthread_mutex_init(&vault->lock, NULL);
	thread_cond_init(&vault->wake);
	thread_cond_init(&vault->idle);
	breaker_init(&vault->breaker, PAUSE_US, PAUSE_MAX_US);
	return vault;
}

struct store *
vault_open_store(struct vault *vault, GError **error)
{
	g_autofree char *told = store_keep_older(vault->url);

	if (told && g_strcmp0(told, vault->kept) != 0) {
		pthread_mutex_lock(&vault->lock);
		vault_add_news(vault, "%s", told);
		pthread_mutex_unlock(&vault->lock);
		g_free(vault->kept);
		vault->kept = g_steal_pointer(&told);
	}
	return store_open(vault->url, error);
}

/* At least one of the two; what the other says is news. */
static gboolean
open_both(struct vault *vault, const char *spool_folder, guint64 spool_max,
	  GError **error)
{
	g_autoptr(GError) store_failure = NULL;
	g_autoptr(GError) spool_failure = NULL;

	vault->spool = spool_open(spool_folder, spool_max, &spool_failure);
	vault->store = vault_open_store(vault, &store_failure);
	if (!vault->spool && !vault->store) {
		g_set_error(error, STORE_ERROR, store_failure->code, "%s; %s",
			    store_failure->message, spool_failure->message);
		return FALSE;
	}
	if (!vault->store)
		vault_store_failed(vault, store_failure);
	if (!vault->spool)
		vault_add_news(vault, "no spool: %s", spool_failure->message);
	return TRUE;
}

struct vault *
vault_open(const char *store_url, const char *spool_folder, guint64 spool_max,
	   GError **error)
{
	struct vault *vault = vault_new(store_url);

	/* What an earlier run left in the spool is moved first. */
	vault->waiting = TRUE;
	if (open_both(vault, spool_folder, spool_max, error))
		vault->thread =
			thread_start("store-vault", vault_thread, vault, error);
	if (!vault->thread)
		g_clear_pointer(&vault, vault_close);
	return vault;
}

void
vault_close(struct vault *vault)
{
	if (!vault)
		return;
	pthread_mutex_lock(&vault->lock);
	vault->closing = TRUE;
	pthread_cond_signal(&vault->wake);
	pthread_mutex_unlock(&vault->lock);
	if (vault->spool)
		spool_stop(vault->spool);
	if (vault->thread)
		g_thread_join(vault->thread);
	store_close(vault->store);
	spool_free(vault->spool);
	pthread_cond_destroy(&vault->wake);
	pthread_cond_destroy(&vault->idle);
	pthread_mutex_destroy(&vault->lock);
	g_string_free(vault->news, TRUE);
	g_free(vault->kept);
	g_ptr_array_unref(vault->notes);
	g_free(vault->url);
	g_free(vault);
}

void
vault_set_pauses(struct vault *vault, gint64 first_us, gint64 max_us)
{
	pthread_mutex_lock(&vault->lock);
	breaker_init(&vault->breaker, first_us, max_us);
	pthread_cond_signal(&vault->wake);
	pthread_mutex_unlock(&vault->lock);
}

/* Half of a short time, all but a second of a long one. */
static gint64
store_deadline(const struct vault *vault, gint64 deadline_us)
{
	gint64 left = deadline_us - clock_monotonic_us();

	return vault->spool ? deadline_us - MIN(left / 2, SPOOL_US)
			    : deadline_us;
}

/* The store works, but will not have this message, now or later. */
static gboolean
is_refusal(const GError *failure)
{
	return g_error_matches(failure, STORE_ERROR, STORE_ERROR_CONFLICT);
}

const GError *
vault_blamed(const GError *failure, gint64 given_us)
{
	if (failure && given_us < BLAMED_US &&
	    g_error_matches(failure, STORE_ERROR, STORE_ERROR_TIME))
		return NULL;
	return failure;
}

/* A commit, unlike a read, shows that all is well. */
static void
forgive(struct vault *vault)
{
	pthread_mutex_lock(&vault->lock);
	if (!vault->away)
		breaker_succeed(&vault->breaker);
	pthread_mutex_unlock(&vault->lock);
}

static gboolean
hold_in_store(struct vault *vault, const struct store_copy *copy,
	      GError **error)
{
	struct store *store = vault_pin(vault, error);
	gint64 given_us = copy->deadline_us - clock_monotonic_us();
	g_autoptr(GError) failure = NULL;

	if (!store)
		return FALSE;
	if (store_hold(store, copy->messages, copy->n, copy->bytes,
		       store_deadline(vault, copy->deadline_us), NULL,
		       &failure)) {
		vault_unpin(vault, NULL);
		forgive(vault);
		return TRUE;
	}
	vault_unpin(vault, is_refusal(failure)
				   ? NULL
				   : vault_blamed(failure, given_us));
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

static gboolean
hold_in_spool(struct vault *vault, const struct store_copy *copy,
	      GError **error)
{
	if (!vault->spool) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "there is no spool");
		return FALSE;
	}
	if (!spool_put(vault->spool, copy->messages, copy->n, copy->bytes,
		       error))
		return FALSE;
	pthread_mutex_lock(&vault->lock);
	vault->waiting = TRUE;
	pthread_cond_signal(&vault->wake);
	pthread_mutex_unlock(&vault->lock);
	return TRUE;
}

/* NOLINTBEGIN(readability-function-size): the contract's parameters. */
gboolean
vault_hold(struct vault *vault, struct store_message *const *messages, guint n,
	   GBytes *bytes, gint64 deadline_us, enum vault_place *place,
	   GError **error)
{
	struct store_copy copy = { messages, n, bytes, deadline_us };
	g_autoptr(GError) store_failure = NULL;
	g_autoptr(GError) spool_failure = NULL;

	if (clock_monotonic_us() >= deadline_us) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_TIME,
			    "no time left to keep the message");
		return FALSE;
	}
	if (hold_in_store(vault, &copy, &store_failure)) {
		*place = VAULT_STORE;
		return TRUE;
	}
	if (is_refusal(store_failure)) {
		g_propagate_error(error, g_steal_pointer(&store_failure));
		return FALSE;
	}
	if (hold_in_spool(vault, &copy, &spool_failure)) {
		*place = VAULT_SPOOL;
		return TRUE;
	}
	g_set_error(error, STORE_ERROR, store_failure->code, "%s; %s",
		    store_failure->message, spool_failure->message);
	return FALSE;
}
/* NOLINTEND(readability-function-size) */

struct store *
vault_pin_any(struct vault *vault)
{
	struct store *store;

	pthread_mutex_lock(&vault->lock);
	store = vault->store;
	if (store)
		vault->users++;
	pthread_mutex_unlock(&vault->lock);
	return store;
}

/*
 * While a store is opened anew there is none, but what the old one committed
 * too late is in its file: the news that it was delivered must get there.
 * NULL is what need not.
 */
static struct store *
pin_or_put_off(struct vault *vault, const struct store_message *message)
{
	struct store *store;

	pthread_mutex_lock(&vault->lock);
	store = vault->store;
	if (store)
		vault->users++;
	else if (message && vault->notes->len < NOTES_MAX)
		g_ptr_array_add(vault->notes, store_message_copy(message));
	else
		vault->dropped++;
	pthread_mutex_unlock(&vault->lock);
	return store;
}

void
vault_note(struct vault *vault, const struct store_message *message)
{
	struct store *store = pin_or_put_off(vault, message);

	if (!store)
		return;
	store_note(store, message);
	vault_unpin(vault, NULL);
}

void
vault_contact(struct vault *vault, const char *buyer, const char *contact,
	      gint64 time_us)
{
	struct store *store = pin_or_put_off(vault, NULL);

	if (!store)
		return;
	store_contact(store, buyer, contact, time_us);
	vault_unpin(vault, NULL);
}

guint64
vault_dropped(struct vault *vault)
{
	guint64 all, since;

	pthread_mutex_lock(&vault->lock);
	all = vault->dropped + (vault->store ? store_dropped(vault->store) : 0);
	since = all - vault->dropped_told;
	vault->dropped_told = all;
	pthread_mutex_unlock(&vault->lock);
	return since;
}

char *
vault_news(struct vault *vault)
{
	char *news = NULL;

	pthread_mutex_lock(&vault->lock);
	if (vault->news->len > 0) {
		news = g_strdup(vault->news->str);
		g_string_truncate(vault->news, 0);
	}
	pthread_mutex_unlock(&vault->lock);
	return news;
}
