/* The hash of words and letters, in the loops that use it. */
#ifndef FEATURES_HASH_PRIVATE_H
#define FEATURES_HASH_PRIVATE_H

#include <glib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* What word_hash() is. */
static inline guint64
hash_bytes(const char *bytes, gsize len)
{
	return XXH3_64bits(bytes, len);
}

#endif
