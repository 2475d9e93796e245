#include "postings_private.h"

#include <stdlib.h>
#include <string.h>

#define WEIGHT_SCALE 65535.0f
#define DRAFTS_MIN   1024

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

	postings->room = DRAFTS_MIN;
	postings->drafts = g_new(struct draft, postings->room);
	return postings;
}

void
postings_free(struct postings *postings)
{
	if (postings == NULL)
		return;
	g_free(postings->drafts);
	g_free(postings->weights);
	g_free(postings->begins);
	g_free(postings);
}

void
postings_add(struct postings *postings, guint item, guint32 bucket,
	     float weight)
{
	g_assert(postings->drafts != NULL && item < POSTINGS_ITEMS_MAX);
	if (postings->n == postings->room) {
		postings->room *= 2;
		postings->drafts =
			g_renew(struct draft, postings->drafts, postings->room);
	}
	postings->drafts[postings->n++] =
		(struct draft){ bucket, item, weight };
}

static guint
groups_of(const struct postings *postings)
{
	return TERM_BUCKETS >> postings->shift;
}

/* Behind the weights, in the same memory, stand items and tags. */
static gsize
lists_bytes(guint n)
{
	return n * (sizeof(guint16) + 2 * sizeof(guint8)) + POSTINGS_CHUNK;
}

gsize
postings_bytes(const struct postings *postings)
{
	return sizeof *postings + lists_bytes(postings->n) +
	       (groups_of(postings) + 1) * sizeof postings->begins[0];
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
drafts_bound(struct postings *postings)
{
	if (postings->n <= POSTINGS_MAX)
		return;
	qsort(postings->drafts, postings->n, sizeof postings->drafts[0],
	      by_weight);
	postings->n = POSTINGS_MAX;
}

/* Four postings a group at most, on average. */
static void
groups_new(struct postings *postings)
{
	guint16 *ends;

	postings->shift = POSTINGS_LOW_BITS;
	while (groups_of(postings) * 4 < postings->n)
		postings->shift--;
	postings->begins = g_new0(guint16, groups_of(postings) + 1);
	ends = postings->begins + 1;
	for (guint i = 0; i < postings->n; i++)
		ends[postings->drafts[i].bucket >> postings->shift]++;
	for (guint i = 1; i < groups_of(postings); i++)
		ends[i] = (guint16)(ends[i] + ends[i - 1]);
}

/* By bucket, then item; a group is short enough to sort while it fills. */
static struct draft *
drafts_sort(const struct postings *postings)
{
	const guint16 *begins = postings->begins;
	struct draft *sorted = g_new0(struct draft, postings->n + 1);
	g_autofree guint16 *ends =
		g_memdup2(begins, groups_of(postings) * sizeof begins[0]);

	for (guint i = 0; i < postings->n; i++) {
		const struct draft *draft = &postings->drafts[i];
		const guint group = draft->bucket >> postings->shift;
		guint at = ends[group]++;

		for (; at > begins[group] &&
		       by_bucket(&sorted[at - 1], draft) > 0;
		     at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = *draft;
	}
	return sorted;
}

static void
posting_put(struct postings *postings, guint at, const struct draft *draft,
	    gboolean last)
{
	postings->weights[at] =
		(guint16)(CLAMP(draft->weight, 0.0f, 1.0f) * WEIGHT_SCALE);
	postings->items[at] = (guint8)draft->item;
	postings->tags[at] = (guint8)((draft->bucket & POSTINGS_LOW) |
				      (last ? POSTINGS_LAST : 0));
}

void
postings_seal(struct postings *postings)
{
	g_autofree struct draft *sorted = NULL;
	guint n;

	drafts_bound(postings);
	n = postings->n;
	groups_new(postings);
	sorted = drafts_sort(postings);
	g_clear_pointer(&postings->drafts, g_free);
	postings->weights = g_malloc0(lists_bytes(n));
	postings->items = (guint8 *)(postings->weights + n);
	postings->tags = postings->items + n;
	for (guint i = 0; i < n; i++)
		posting_put(postings, i, &sorted[i],
			    i + 1 == n ||
				    sorted[i + 1].bucket != sorted[i].bucket);
}
