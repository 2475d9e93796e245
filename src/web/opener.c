#include "opener_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/keep.h"

/* What is waited after a failure: twice as long each time. */
#define FIRST_US (CLOCK_SECOND_US / 2)
#define LAST_US	 (5 * CLOCK_SECOND_US)

struct opener {
	char *url;
	char *kept; /* what store_keep_older() said last; the thread's */
	GMutex lock;
	GCond turn;	     /* something below has changed */
	struct store *store; /* until it is taken */
	GError *failure;     /* of the last attempt */
	gboolean ended;	     /* there will be no other */
	gboolean closing;
	GThread *thread;
};

static gboolean
attempt(struct opener *opener)
{
	g_autofree char *told = store_keep_older(opener->url);
	GError *failure = NULL;
	struct store *store = store_open(opener->url, &failure);

	if (told && g_strcmp0(told, opener->kept) != 0) {
		log_write(LOG_LEVEL_WARNING, "%s", told);
		g_free(opener->kept);
		opener->kept = g_steal_pointer(&told);
	}

	g_mutex_lock(&opener->lock);
	g_clear_error(&opener->failure);
	opener->store = store;
	opener->failure = failure;
	g_cond_broadcast(&opener->turn);
	g_mutex_unlock(&opener->lock);
	return store != NULL;
}

/* FALSE: it is to end. */
static gboolean
doze(struct opener *opener, gint64 wait_us)
{
	const gint64 until_us = g_get_monotonic_time() + wait_us;
	gboolean closing;

	g_mutex_lock(&opener->lock);
	while (!opener->closing &&
	       g_cond_wait_until(&opener->turn, &opener->lock, until_us))
		continue;
	closing = opener->closing;
	g_mutex_unlock(&opener->lock);
	return !closing;
}

static gpointer
run(gpointer data)
{
	struct opener *opener = data;
	gint64 wait_us = FIRST_US;

	while (!attempt(opener) && doze(opener, wait_us))
		wait_us = MIN(2 * wait_us, LAST_US);
	g_mutex_lock(&opener->lock);
	opener->ended = TRUE;
	g_cond_broadcast(&opener->turn);
	g_mutex_unlock(&opener->lock);
	return NULL;
}

struct opener *
opener_new(const char *url)
{
	struct opener *opener = g_new0(struct opener, 1);

	opener->url = g_strdup(url);
	g_mutex_init(&opener->lock);
	g_cond_init(&opener->turn);
	opener->thread = g_thread_new("store", run, opener);
	return opener;
}

struct store *
opener_take(struct opener *opener, gint64 until_us, GError **error)
{
	struct store *store;

	g_mutex_lock(&opener->lock);
	while (!opener->store && !opener->failure &&
	       g_cond_wait_until(&opener->turn, &opener->lock, until_us))
		continue;
	store = g_steal_pointer(&opener->store);
	if (!store && opener->failure)
		g_propagate_error(error, g_error_copy(opener->failure));
	else if (!store)
		g_set_error(error, STORE_ERROR, STORE_ERROR_TIME,
			    "it does not answer");
	g_mutex_unlock(&opener->lock);
	return store;
}

gboolean
opener_free(struct opener *opener, gint64 until_us)
{
	gboolean ended;

	if (!opener)
		return TRUE;
	g_mutex_lock(&opener->lock);
	opener->closing = TRUE;
	g_cond_broadcast(&opener->turn);
	while (!opener->ended &&
	       g_cond_wait_until(&opener->turn, &opener->lock, until_us))
		continue;
	ended = opener->ended;
	g_mutex_unlock(&opener->lock);
	if (!ended)
		return FALSE;
	g_thread_join(opener->thread);
	(void)store_close(opener->store);
	g_clear_error(&opener->failure);
	g_cond_clear(&opener->turn);
	g_mutex_clear(&opener->lock);
	g_free(opener->url);
	g_free(opener->kept);
	g_free(opener);
	return TRUE;
}
