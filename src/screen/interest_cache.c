#include "interest_cache_private.h"

#include <pthread.h>

struct interest_entry {
	guint refs; /* under the cache's lock: the cache's, and borrowers */
	struct profile *profile;
	struct interest *interest;
	gsize bytes;
	GList link; /* in `recent`, while the cache has it */
};

struct interest_cache {
	gint refs;
	struct background *background;
	gsize max;
	pthread_mutex_t lock;
	GHashTable *by_id; /* profile id -> struct interest_entry */
	GQueue recent;	   /* the same, the last needed first */
	gsize bytes;
	guint64 made;
};

struct interest_cache *
interest_cache_new(const struct background *background, gsize max)
{
	struct interest_cache *cache = g_new0(struct interest_cache, 1);

	cache->refs = 1;
	cache->background =
		background_new_from_bytes(background_bytes(background));
	cache->max = max;
	pthread_mutex_init(&cache->lock, NULL);
	cache->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	g_queue_init(&cache->recent);
	return cache;
}

struct interest_cache *
interest_cache_ref(struct interest_cache *cache)
{
	g_atomic_int_inc(&cache->refs);
	return cache;
}

static void
entry_free(gpointer data)
{
	struct interest_entry *entry = data;

	interest_free(entry->interest);
	profile_free(entry->profile);
	g_free(entry);
}

void
interest_cache_unref(struct interest_cache *cache)
{
	GHashTableIter iter;
	gpointer entry;

	if (!cache || !g_atomic_int_dec_and_test(&cache->refs))
		return;
	g_hash_table_iter_init(&iter, cache->by_id);
	while (g_hash_table_iter_next(&iter, NULL, &entry))
		entry_free(entry);
	g_hash_table_unref(cache->by_id);
	background_free(cache->background);
	pthread_mutex_destroy(&cache->lock);
	g_free(cache);
}

gboolean
interest_cache_fits(const struct interest_cache *cache,
		    const struct background *background)
{
	return g_bytes_equal(background_bytes(cache->background),
			     background_bytes(background));
}

gsize
interest_cache_bytes(struct interest_cache *cache)
{
	gsize bytes;

	pthread_mutex_lock(&cache->lock);
	bytes = cache->bytes;
	pthread_mutex_unlock(&cache->lock);
	return bytes;
}

guint64
interest_cache_made(struct interest_cache *cache)
{
	guint64 made;

	pthread_mutex_lock(&cache->lock);
	made = cache->made;
	pthread_mutex_unlock(&cache->lock);
	return made;
}

/* Under the lock. One owner less; the last one's is put on the list `gone`. */
static GSList *
disown(struct interest_entry *entry, GSList *gone)
{
	return --entry->refs == 0 ? g_slist_prepend(gone, entry) : gone;
}

/* Under the lock. */
static GSList *
drop(struct interest_cache *cache, struct interest_entry *entry, GSList *gone)
{
	g_hash_table_remove(cache->by_id, entry->profile->id);
	g_queue_unlink(&cache->recent, &entry->link);
	cache->bytes -= entry->bytes;
	return disown(entry, gone);
}

/* Under the lock. What is there of this very profile, borrowed; or NULL. */
static struct interest_entry *
find(struct interest_cache *cache, const struct profile *profile)
{
	struct interest_entry *entry =
		g_hash_table_lookup(cache->by_id, profile->id);

	if (!entry || entry->profile != profile)
		return NULL;
	entry->refs++;
	g_queue_unlink(&cache->recent, &entry->link);
	g_queue_push_head_link(&cache->recent, &entry->link);
	return entry;
}

/* Under the lock; the newest stays, however large it is. */
static GSList *
put(struct interest_cache *cache, struct interest_entry *entry, GSList *gone)
{
	struct interest_entry *old =
		g_hash_table_lookup(cache->by_id, entry->profile->id);

	/* Another text of the buyer's, before or after a reload. */
	if (old)
		gone = drop(cache, old, gone);
	g_hash_table_insert(cache->by_id, entry->profile->id, entry);
	g_queue_push_head_link(&cache->recent, &entry->link);
	cache->bytes += entry->bytes;
	entry->refs++;
	while (cache->bytes > cache->max && cache->recent.length > 1)
		gone = drop(cache, cache->recent.tail->data, gone);
	return gone;
}

/* Borrowed. */
static struct interest_entry *
compile(struct interest_cache *cache, struct profile *profile)
{
	struct interest_entry *entry = g_new0(struct interest_entry, 1);

	entry->refs = 1;
	entry->profile = profile_ref(profile);
	entry->interest = interest_new(profile, cache->background);
	entry->bytes = sizeof(*entry) + interest_bytes(entry->interest);
	entry->link.data = entry;
	return entry;
}

struct interest_entry *
interest_cache_borrow(struct interest_cache *cache, struct profile *profile)
{
	struct interest_entry *entry;
	struct interest_entry *made;
	GSList *gone = NULL;

	pthread_mutex_lock(&cache->lock);
	entry = find(cache, profile);
	pthread_mutex_unlock(&cache->lock);
	if (entry)
		return entry;
	made = compile(cache, profile);
	pthread_mutex_lock(&cache->lock);
	cache->made++;
	entry = find(cache, profile);
	if (entry)
		gone = disown(made, gone);
	else
		gone = put(cache, entry = made, gone);
	pthread_mutex_unlock(&cache->lock);
	g_slist_free_full(gone, entry_free);
	return entry;
}

const struct interest *
interest_entry_interest(const struct interest_entry *entry)
{
	return entry->interest;
}

void
interest_cache_return(struct interest_cache *cache,
		      struct interest_entry *entry)
{
	GSList *gone;

	pthread_mutex_lock(&cache->lock);
	gone = disown(entry, NULL);
	pthread_mutex_unlock(&cache->lock);
	g_slist_free_full(gone, entry_free);
}
