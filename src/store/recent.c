#include "recent_private.h"

#include <pthread.h>

#define NEAR_BITS 3

/* Twice the rows, a power of two: never full, so a search always ends. */
#define SEEN_SLOTS 4096
G_STATIC_ASSERT(SEEN_SLOTS >= 2 * RECENT_MAX);

struct recent {
	pthread_mutex_t lock;
	guint64 seq;
	guint n;
	guint next;
	struct recent_row rows[RECENT_MAX];
};

struct recent *
recent_new(void)
{
	struct recent *recent = g_new0(struct recent, 1);

	pthread_mutex_init(&recent->lock, NULL);
	return recent;
}

void
recent_free(struct recent *recent)
{
	pthread_mutex_destroy(&recent->lock);
	g_free(recent);
}

/* FNV-1a; never 0, which means an empty slot below. */
guint64
recent_buyer(const char *buyer)
{
	guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);

	for (; *buyer; buyer++)
		hash = (hash ^ (guint8)*buyer) *
		       G_GUINT64_CONSTANT(0x100000001b3);
	return hash | 1;
}

guint64
recent_seq(struct recent *recent)
{
	guint64 seq;

	pthread_mutex_lock(&recent->lock);
	seq = recent->seq;
	pthread_mutex_unlock(&recent->lock);
	return seq;
}

void
recent_add(struct recent *recent, const struct recent_row *rows, guint n)
{
	pthread_mutex_lock(&recent->lock);
	for (guint i = 0; i < n; i++) {
		if (rows[i].seq <= recent->seq)
			continue;
		recent->seq = rows[i].seq;
		if (rows[i].fingerprint == 0)
			continue;
		recent->rows[recent->next] = rows[i];
		recent->next = (recent->next + 1) % RECENT_MAX;
		recent->n = MIN(recent->n + 1, RECENT_MAX);
	}
	pthread_mutex_unlock(&recent->lock);
}

/* TRUE the first time a value is met. */
static gboolean
first_seen(guint64 seen[SEEN_SLOTS], guint64 value)
{
	guint slot = (guint)(value >> 32) % SEEN_SLOTS;

	while (seen[slot] != 0 && seen[slot] != value)
		slot = (slot + 1) % SEEN_SLOTS;
	if (seen[slot] == value)
		return FALSE;
	seen[slot] = value;
	return TRUE;
}

static gboolean
near(const struct recent_row *row, guint64 fingerprint, gint64 since_us)
{
	return __builtin_popcountll(row->fingerprint ^ fingerprint) <=
		       NEAR_BITS &&
	       row->time_us >= since_us;
}

void
recent_count(struct recent *recent, const struct store_likeness *likeness,
	     gint64 since_us, struct store_history *history)
{
	guint64 own = likeness->buyer ? recent_buyer(likeness->buyer) : 0;
	guint64 fingerprint = likeness->fingerprint;
	guint64 seen[SEEN_SLOTS] = { 0 };

	history->campaign_seen = 0;
	history->campaign_buyers = 0;
	if (fingerprint == 0)
		return;
	pthread_mutex_lock(&recent->lock);
	for (guint i = 0; i < recent->n; i++) {
		const struct recent_row *row = &recent->rows[i];

		if (!near(row, fingerprint, since_us))
			continue;
		if (own == 0 || row->buyer == own)
			history->campaign_seen++;
		if (row->buyer != own && first_seen(seen, row->buyer))
			history->campaign_buyers++;
	}
	pthread_mutex_unlock(&recent->lock);
}
