#include "recent_private.h"

#include <pthread.h>
#include <string.h>

#include "likeness_private.h"

#define NEAR_BITS 3

/* Twice the rows counted, a power of two: never full, so a search ends. */
#define SEEN_SLOTS 4096
G_STATIC_ASSERT(SEEN_SLOTS >= 2 * RECENT_MAX);

struct recent {
	pthread_mutex_t lock;
	guint64 seq;
	guint n;
	guint next;
	guint max;
	struct recent_row rows[];
};

struct recent *
recent_new(guint max)
{
	struct recent *recent =
		g_malloc0(sizeof(*recent) + max * sizeof(struct recent_row));

	recent->max = max;
	pthread_mutex_init(&recent->lock, NULL);
	return recent;
}

void
recent_free(struct recent *recent)
{
	pthread_mutex_destroy(&recent->lock);
	g_free(recent);
}

/* Never 0, which means an empty slot below. */
guint64
recent_buyer(const char *buyer)
{
	return likeness_hash(buyer, strlen(buyer));
}

guint
recent_max(const struct recent *recent)
{
	return recent->max;
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
		recent->next = (recent->next + 1) % recent->max;
		recent->n = MIN(recent->n + 1, recent->max);
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
	guint64 differ = row->fingerprint ^ fingerprint;

	/* Each step takes the lowest bit away; counting is a call. */
	for (guint i = 0; i < NEAR_BITS; i++)
		differ &= differ - 1;
	return differ == 0 && row->time_us >= since_us;
}

void
recent_count(struct recent *recent, const struct store_likeness *likeness,
	     gint64 since_us, struct store_history *history)
{
	guint64 own = likeness->buyer ? recent_buyer(likeness->buyer) : 0;
	guint64 fingerprint = likeness->fingerprint;
	guint64 seen[SEEN_SLOTS];
	gboolean any = FALSE;

	history->campaign_seen = 0;
	history->campaign_buyers = 0;
	if (fingerprint == 0)
		return;
	pthread_mutex_lock(&recent->lock);
	for (guint i = 0; i < recent->n; i++) {
		const struct recent_row *row = &recent->rows[i];

		if (!near(row, fingerprint, since_us))
			continue;
		/* Most mail is like no other: then this is most of the time. */
		if (!any)
			memset(seen, 0, sizeof(seen));
		any = TRUE;
		if (own == 0 || row->buyer == own)
			history->campaign_seen++;
		if (row->buyer != own && first_seen(seen, row->buyer))
			history->campaign_buyers++;
	}
	pthread_mutex_unlock(&recent->lock);
}

gboolean
recent_nearest(struct recent *recent, guint64 fingerprint, gint64 since_us,
	       guint64 *seq)
{
	const struct recent_row *best = NULL;

	if (fingerprint == 0)
		return FALSE;
	pthread_mutex_lock(&recent->lock);
	for (guint i = 0; i < recent->n; i++) {
		const struct recent_row *row = &recent->rows[i];

		if (!near(row, fingerprint, since_us))
			continue;
		if (!best || row->time_us > best->time_us ||
		    (row->time_us == best->time_us && row->seq > best->seq))
			best = row;
	}
	if (best)
		*seq = best->seq;
	pthread_mutex_unlock(&recent->lock);
	return best != NULL;
}
