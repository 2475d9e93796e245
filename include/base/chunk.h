/*
 * Sixteen bytes of text looked at together: vectors as GCC and Clang have them
 * on every machine. What is asked of them is answered by bytes of all ones.
 */
#ifndef BASE_CHUNK_H
#define BASE_CHUNK_H

#include <glib.h>
#include <string.h>

#define CHUNK 16

typedef guint8 chunk __attribute__((vector_size(CHUNK)));

static inline chunk
chunk_get(const void *from)
{
	chunk b;

	memcpy(&b, from, sizeof(b));
	return b;
}

static inline void
chunk_put(void *to, chunk b)
{
	memcpy(to, &b, sizeof(b));
}

static inline chunk
chunk_are(chunk b, guint8 byte)
{
	return (chunk)(b == byte);
}

/* Of the `n` from `first` on. */
static inline chunk
chunk_among(chunk b, guint8 first, guint8 n)
{
	return (chunk)(b - first < n);
}

/* ASCII's capitals as small letters. */
static inline chunk
chunk_lower(chunk b)
{
	return b | (chunk_among(b, 'A', 26) & 0x20);
}

/* The place of the first byte that is not 0, or CHUNK. */
static inline guint
chunk_first(chunk b)
{
	guint64 halves[2];

	memcpy(halves, &b, sizeof(b));
	if (halves[0] != 0)
		return (guint)__builtin_ctzll(GUINT64_FROM_LE(halves[0])) / 8;
	if (halves[1] == 0)
		return CHUNK;
	return CHUNK / 2 +
	       (guint)__builtin_ctzll(GUINT64_FROM_LE(halves[1])) / 8;
}

static inline gboolean
chunk_any(chunk b)
{
	guint64 halves[2];

	memcpy(halves, &b, sizeof(b));
	return (halves[0] | halves[1]) != 0;
}

#endif
