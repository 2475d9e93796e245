#include "rate_private.h"

struct rate {
	GMutex lock;
	GHashTable *entries; /* key -> struct entry */
	GQueue order;	     /* of struct entry, the oldest first */
	guint max;
	guint keys_max;
	gint64 window_us;
};

struct entry {
	char *key;
	gint64 since_us;
	guint n;
};

struct rate *
rate_new(guint max, gint64 window_us, guint keys_max)
{
	struct rate *rate = g_new0(struct rate, 1);

	g_mutex_init(&rate->lock);
	rate->entries = g_hash_table_new(g_str_hash, g_str_equal);
	g_queue_init(&rate->order);
	rate->max = max;
	rate->window_us = window_us;
	rate->keys_max = keys_max;
	return rate;
}

static void
drop_oldest(struct rate *rate)
{
	struct entry *entry = g_queue_pop_head(&rate->order);

	g_hash_table_remove(rate->entries, entry->key);
	g_free(entry->key);
	g_free(entry);
}

void
rate_free(struct rate *rate)
{
	if (!rate)
		return;
	while (rate->order.length > 0)
		drop_oldest(rate);
	g_hash_table_unref(rate->entries);
	g_mutex_clear(&rate->lock);
	g_free(rate);
}

static void
drop_ended(struct rate *rate, gint64 now_us)
{
	const struct entry *oldest;

	while ((oldest = g_queue_peek_head(&rate->order)) &&
	       (now_us - oldest->since_us >= rate->window_us ||
		rate->order.length > rate->keys_max))
		drop_oldest(rate);
}

gboolean
rate_take(struct rate *rate, const char *key, gint64 now_us)
{
	struct entry *entry;
	gboolean taken;

	g_mutex_lock(&rate->lock);
	drop_ended(rate, now_us);
	entry = g_hash_table_lookup(rate->entries, key);
	if (!entry) {
		entry = g_new0(struct entry, 1);
		entry->key = g_strdup(key);
		entry->since_us = now_us;
		g_hash_table_insert(rate->entries, entry->key, entry);
		g_queue_push_tail(&rate->order, entry);
	}
	taken = entry->n < rate->max;
	if (taken)
		entry->n++;
	g_mutex_unlock(&rate->lock);
	return taken;
}
