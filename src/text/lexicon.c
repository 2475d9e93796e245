#include "text/lexicon.h"

#include <stdatomic.h>

#define PLACES 32768 /* a power of two */
#define WAYS   2     /* places beside each other that a key may have */

/*
 * The two halves may be of different writers. `check` is the key with the
 * value in it, so that such a pair is of no key at all.
 */
struct place {
	_Atomic guint64 check;
	_Atomic guint64 value;
};

struct lexicon {
	struct place places[PLACES];
};

struct lexicon *
lexicon_new(void)
{
	return g_new0(struct lexicon, 1);
}

void
lexicon_free(struct lexicon *lexicon)
{
	g_free(lexicon);
}

guint64
lexicon_key(const char *language, guint64 word)
{
	guint64 code = 0;

	for (; *language != '\0'; language++)
		code = code << 8 | (guchar)*language;
	/* Odd, so that it is not the key of an empty place. */
	return (word ^ code * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)) | 1;
}

/* The first of the places it may have. */
static inline guint
place_of(guint64 key)
{
	return (guint)(key >> 1) % (PLACES / WAYS) * WAYS;
}

static inline gboolean
place_read(const struct place *place, guint64 key, guint64 *value)
{
	const guint64 found =
		atomic_load_explicit(&place->value, memory_order_relaxed);

	if ((atomic_load_explicit(&place->check, memory_order_relaxed) ^
	     found) != key)
		return FALSE;
	*value = found;
	return TRUE;
}

gboolean
lexicon_find(const struct lexicon *lexicon, guint64 key, guint64 *value)
{
	const struct place *place = &lexicon->places[place_of(key)];

	return place_read(place, key, value) ||
	       place_read(place + 1, key, value);
}

/* The later of two moves on, and the earlier is forgotten. */
void
lexicon_keep(struct lexicon *lexicon, guint64 key, guint64 value)
{
	struct place *place = &lexicon->places[place_of(key)];
	const guint64 check =
		atomic_load_explicit(&place->check, memory_order_relaxed);
	const guint64 old =
		atomic_load_explicit(&place->value, memory_order_relaxed);

	atomic_store_explicit(&place[1].check, check, memory_order_relaxed);
	atomic_store_explicit(&place[1].value, old, memory_order_relaxed);
	atomic_store_explicit(&place->check, key ^ value, memory_order_relaxed);
	atomic_store_explicit(&place->value, value, memory_order_relaxed);
}
