#include "postings_private.h"

#include <stdlib.h>
#include <string.h>

#define WEIGHT_SCALE 65535.0f

/* While being built. */
struct draft {
	guint32 bucket;
	guint item;
	float weight;
};

struct postings *
postings_new(void)
{
	struct postings *postings = g_new0(struct postings, 1);

	postings->drafts = g_array_new(FALSE, FALSE, sizeof(struct draft));
	return postings;
}

void
postings_free(struct postings *postings)
{
	if (postings == NULL)
		return;
	g_clear_pointer(&postings->drafts, g_array_unref);
	g_free(postings->list);
	g_free(postings->slots);
	g_free(postings);
}

void
postings_add(struct postings *postings, guint item, guint32 bucket,
	     float weight)
{
	struct draft draft = { bucket, item, weight };

	g_assert(postings->drafts != NULL && item < POSTINGS_ITEMS_MAX);
	g_array_append_val(postings->drafts, draft);
}

static int
by_bucket(const void *a, const void *b)
{
	const struct draft *x = a;
	const struct draft *y = b;

	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

static int
by_weight(const void *a, const void *b)
{
	const struct draft *x = a;
	const struct draft *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return by_bucket(a, b);
}

/* What has no room is the lightest, not what hashes highest. */
static void
drafts_bound(GArray *drafts)
{
	if (drafts->len <= POSTINGS_MAX)
		return;
	g_array_sort(drafts, by_weight);
	g_array_set_size(drafts, POSTINGS_MAX);
}

static void
slot_put(struct postings *postings, guint32 bucket, guint place)
{
	guint slot = bucket & postings->mask;

	while (postings->slots[slot] != POSTINGS_FREE)
		slot = (slot + 1) & postings->mask;
	postings->slots[slot] = bucket << POSTINGS_BITS | place;
}

static gboolean
is_first(const GArray *drafts, guint i)
{
	const struct draft *draft = &g_array_index(drafts, struct draft, i);

	return i == 0 || draft[-1].bucket != draft->bucket;
}

/* Free slots, twice as many as there are rows at least. */
static void
slots_new(struct postings *postings, const GArray *drafts)
{
	guint rows = 0;
	guint size = 64;

	for (guint i = 0; i < drafts->len; i++)
		rows += is_first(drafts, i) ? 1 : 0;
	while (size < rows * 2)
		size *= 2;
	postings->mask = size - 1;
	postings->slots = g_new(guint32, size);
	memset(postings->slots, 0xff, size * sizeof postings->slots[0]);
}

void
postings_seal(struct postings *postings)
{
	GArray *drafts = g_steal_pointer(&postings->drafts);
	guint n;

	drafts_bound(drafts);
	n = drafts->len;
	g_array_sort(drafts, by_bucket);
	slots_new(postings, drafts);
	postings->list = g_new(struct posting, n + 1);
	for (guint i = 0; i < n; i++) {
		const struct draft *draft =
			&g_array_index(drafts, struct draft, i);
		gboolean last = i + 1 == n || draft[1].bucket != draft->bucket;

		postings->list[i] = (struct posting){
			(guint8)draft->item, (guint8)last,
			(guint16)(CLAMP(draft->weight, 0.0f, 1.0f) *
				  WEIGHT_SCALE)
		};
		if (is_first(drafts, i))
			slot_put(postings, draft->bucket, i);
	}
	g_array_unref(drafts);
}
