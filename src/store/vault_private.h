/* The vault, from inside. */
#ifndef STORE_VAULT_PRIVATE_H
#define STORE_VAULT_PRIVATE_H

#include <pthread.h>

#include "breaker_private.h"
#include "store/vault.h"

struct vault {
	char *url;
	char *kept; /* what store_keep_older() said last; of who opens */
	struct spool *spool; /* NULL: it could not be opened */
	GThread *thread;
	pthread_mutex_t lock;
	pthread_cond_t wake; /* the thread */
	pthread_cond_t idle; /* no user of the store is left */
	/* Guarded by the lock; only the thread opens and closes the store. */
	struct store *store;
	guint users;
	gboolean suspect; /* to be opened anew */
	gboolean away;	  /* only the thread may try it */
	gboolean waiting; /* there are files in the spool */
	gint64 rest_us;	  /* from them, after the last trial */
	gboolean closing;
	struct breaker breaker;
	GPtrArray *notes; /* while there is no store */
	guint64 dropped;  /* for want of a store, and by those of before */
	guint64 dropped_told;
	guint moved; /* since it was away */
	guint damaged;
	GString *news;
};

/* With the lock held. */
void vault_add_news(struct vault *vault, const char *format, ...)
	G_GNUC_PRINTF(2, 3);
void vault_store_failed(struct vault *vault, const GError *failure);

/* Without the lock. */
struct store *vault_open_store(struct vault *vault, GError **error);

/*
 * The store for one call, or NULL while it is away; and one that is away but
 * there, for those that wait for nothing. `failure`: of the call, or NULL.
 */
struct store *vault_pin(struct vault *vault, GError **error);
struct store *vault_pin_any(struct vault *vault);
void vault_unpin(struct vault *vault, const GError *failure);

/*
 * What the store is blamed for: not that a caller had less time than any
 * write may take.
 */
const GError *vault_blamed(const GError *failure, gint64 given_us);

/* Runs until `closing`. */
gpointer vault_thread(gpointer data);

/* For tests only: other pauses than one second to a minute. */
void vault_set_pauses(struct vault *vault, gint64 first_us, gint64 max_us);

#endif
