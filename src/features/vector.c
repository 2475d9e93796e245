#include "features/vector.h"

#include <stdlib.h>

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

void
vector_sort(struct vector *vector)
{
	guint kept = 0;

	if (vector->n == 0)
		return;
	qsort(vector->items, vector->n, sizeof vector->items[0], by_index);
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
