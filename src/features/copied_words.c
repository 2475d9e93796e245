#include "copied_words_private.h"

#include <string.h>

#include "features/reading.h"
#include "text/fold.h"
#include "text/stem.h"
#include "text/words.h"

#define KIND_BITS ((guint64)3)

/* A table with open addresses: a hash without its last bits, the kind there. */
struct copied_words {
	guint64 *slots;
	guint mask;
};

static guint64 *
words_place(const struct copied_words *words, guint64 hash)
{
	const guint64 key = hash & ~KIND_BITS;
	guint slot = (guint)(key >> 20) & words->mask;

	while (words->slots[slot] != 0 &&
	       (words->slots[slot] & ~KIND_BITS) != key)
		slot = (slot + 1) & words->mask;
	return &words->slots[slot];
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

struct copied_words *
copied_words_new(const struct profile *profile, const char *language)
{
	struct copied_words *words = g_new0(struct copied_words, 1);
	g_autofree char *text = priorities_text(profile);
	g_autoptr(GArray) found = words_split(text, strlen(text), G_MAXUINT);
	guint size = 64;

	while (size < found->len * 2)
		size *= 2;
	words->mask = size - 1;
	words->slots = g_new0(guint64, size);
	for (guint i = 0; i < found->len; i++) {
		const struct word *word = &g_array_index(found, struct word, i);
		const char *begin = text + word->at;
		const guint64 hash = word_hash(begin, word->len);
		const gboolean stop = stop_word(language, begin, word->len);

		if (word->digits == 0)
			*words_place(words, hash) =
				(hash & ~KIND_BITS) |
				(guint64)(stop ? WORD_FUNCTION : WORD_OWN);
	}
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

enum copied_word
copied_words_find(const struct copied_words *words, guint64 hash)
{
	return (enum copied_word)(*words_place(words, hash) & KIND_BITS);
}
