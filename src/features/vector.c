#include "features/vector.h"

#include <stdlib.h>

/* Of an index, sorted by digits. */
#define SORT_BITS 9
#define SORT_MASK ((1u << SORT_BITS) - 1)

/* From so many on that pays. */
#define SORT_LONG 128

void
vector_clear(struct vector *vector)
{
	g_free(vector->items);
	*vector = (struct vector){ NULL, 0, 0 };
}

void
vector_reserve(struct vector *vector, guint more)
{
	if (vector->room - vector->n >= more)
		return;
	vector->room = vector->n + more;
	vector->items = g_renew(struct feature, vector->items, vector->room);
}

static int
by_index(const void *a, const void *b)
{
	const struct feature *x = a;
	const struct feature *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

/* By the digit of the index at `shift`; equals stay as they are. */
static void
sort_pass(const struct feature *from, struct feature *to, guint n, guint shift)
{
	guint places[1 << SORT_BITS] = { 0 };
	guint place = 0;

	for (guint i = 0; i < n; i++)
		places[from[i].index >> shift & SORT_MASK]++;
	for (guint i = 0; i <= SORT_MASK; i++) {
		const guint count = places[i];

		places[i] = place;
		place += count;
	}
	for (guint i = 0; i < n; i++)
		to[places[from[i].index >> shift & SORT_MASK]++] = from[i];
}

/* A comparison sort takes ten times as long; this one is stable as well, so
 * that the values of an index add up in the order they came. */
static void
sort_long(struct vector *vector)
{
	struct feature *other = g_new(struct feature, vector->room);
	guint32 bits = 0;

	for (guint i = 0; i < vector->n; i++)
		bits |= vector->items[i].index;
	for (guint shift = 0; shift < 32 && bits >> shift != 0;
	     shift += SORT_BITS) {
		struct feature *sorted = other;

		sort_pass(vector->items, sorted, vector->n, shift);
		other = vector->items;
		vector->items = sorted;
	}
	g_free(other);
}

void
vector_sort(struct vector *vector)
{
	guint kept = 0;

	if (vector->n == 0)
		return;
	if (vector->n < SORT_LONG)
		qsort(vector->items, vector->n, sizeof vector->items[0],
		      by_index);
	else
		sort_long(vector);
	for (guint i = 1; i < vector->n; i++) {
		struct feature *last = &vector->items[kept];

		if (vector->items[i].index == last->index)
			last->value += vector->items[i].value;
		else
			vector->items[++kept] = vector->items[i];
	}
	vector->n = kept + 1;
}

double
vector_dot(const struct vector *vector, const float *dense, guint size)
{
	double sum = 0;

	for (guint i = 0; i < vector->n; i++)
		if (vector->items[i].index < size)
			sum += (double)vector->items[i].value *
			       (double)dense[vector->items[i].index];
	return sum;
}
