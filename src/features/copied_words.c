#include "copied_words_private.h"

#include <string.h>

#include "hash_private.h"
#include "text/fold.h"
#include "text/stem.h"
#include "text/words.h"

#define KIND_BITS ((guint32)3)

/*
 * A table with open addresses. Of a hash it has the upper half, less two bits
 * for the kind, and the lower half is where to look: a mail's word is taken
 * for another once in a thousand million.
 */
struct copied_words {
	guint32 *slots;
	guint mask;
};

static guint32 *
words_place(const struct copied_words *words, guint64 hash)
{
	const guint32 key = (guint32)(hash >> 32) & ~KIND_BITS;
	guint slot = (guint)hash & words->mask;

	while (words->slots[slot] != 0 &&
	       (words->slots[slot] & ~KIND_BITS) != key)
		slot = (slot + 1) & words->mask;
	return &words->slots[slot];
}

static void
words_begin(struct copied_words *words, guint n)
{
	guint size = 64;

	while (size < n * 2)
		size *= 2;
	words->mask = size - 1;
	words->slots = g_new0(guint32, size);
}

static char *
priorities_text(const struct profile *profile)
{
	GString *all = g_string_new(NULL);
	g_autofree char *folded = NULL;

	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];
		g_autofree char *keywords =
			g_strjoinv("\n", priority->keywords);

		g_string_append_printf(all, "%s\n%s\n%s\n", priority->name,
				       priority->about, keywords);
	}
	folded = text_fold(all->str, all->len, NULL);
	g_string_free(all, TRUE);
	return g_steal_pointer(&folded);
}

/* Adds each word; how many there are then. */
static guint
words_add(struct copied_words *words, const char *text, const GArray *found,
	  const char *language)
{
	guint n = 0;

	for (guint i = 0; i < found->len; i++) {
		const struct word *word = &g_array_index(found, struct word, i);
		const char *begin = text + word->at;
		const guint64 hash = hash_bytes(begin, word->len);
		guint32 *place = words_place(words, hash);

		if (word->digits > 0 || *place != 0)
			continue;
		*place = ((guint32)(hash >> 32) & ~KIND_BITS) |
			 (stop_word(language, begin, word->len) ? WORD_FUNCTION
								: WORD_OWN);
		n++;
	}
	return n;
}

struct copied_words *
copied_words_new(const struct profile *profile, const char *language)
{
	struct copied_words *words = g_new0(struct copied_words, 1);
	g_autofree char *text = priorities_text(profile);
	g_autoptr(GArray) found = words_split(text, strlen(text), G_MAXUINT);
	guint n;

	words_begin(words, found->len);
	n = words_add(words, text, found, language);
	/* Most of a profile's words come again. */
	g_free(words->slots);
	words_begin(words, n);
	words_add(words, text, found, language);
	return words;
}

void
copied_words_free(struct copied_words *words)
{
	if (words == NULL)
		return;
	g_free(words->slots);
	g_free(words);
}

gsize
copied_words_bytes(const struct copied_words *words)
{
	return sizeof *words + (words->mask + 1) * sizeof words->slots[0];
}

enum copied_word
copied_words_find(const struct copied_words *words, guint64 hash)
{
	return (enum copied_word)(*words_place(words, hash) & KIND_BITS);
}
