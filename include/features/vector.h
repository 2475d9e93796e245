/* Sparse vectors: pairs of index and value. */
#ifndef FEATURES_VECTOR_H
#define FEATURES_VECTOR_H

#include <glib.h>

struct feature {
	guint32 index;
	float value;
};

/* A vector of zeroes is `struct vector v = { NULL, 0, 0 }`. */
struct vector {
	struct feature *items;
	guint n;
	guint room;
};

/* Frees the items, not the vector itself; it is one of zeroes again. */
void vector_clear(struct vector *vector);

/* Room for `more` additions, made at once. */
void vector_reserve(struct vector *vector, guint more);

/* Adds to an index, which may come again: the values count together. */
static inline void
vector_add(struct vector *vector, guint32 index, float value)
{
	if (vector->n == vector->room)
		vector_reserve(vector, MAX(vector->n, 16));
	vector->items[vector->n++] = (struct feature){ index, value };
}

/* Sorts by index and makes each index stand once, as libsvm wants it. */
void vector_sort(struct vector *vector);

/* The dot product with a dense array; indices at or past `size` count as 0. */
double vector_dot(const struct vector *vector, const float *dense, guint size);

#endif
