/*
 * The words of a profile's priorities as they are written there, whatever
 * language a mail is in: what is copied into German mail from an English
 * profile has no stems in common with it.
 */
#ifndef FEATURES_COPIED_WORDS_PRIVATE_H
#define FEATURES_COPIED_WORDS_PRIVATE_H

#include <glib.h>

#include "profile/profile.h"

/* The three are different bits. */
enum copied_word {
	WORD_FOREIGN = 0,
	WORD_OWN = 1,
	WORD_FUNCTION = 2 /* of the profile's language */
};

struct copied_words;

/* `language` is the profile's. Immutable once made. */
struct copied_words *copied_words_new(const struct profile *profile,
				      const char *language);
void copied_words_free(struct copied_words *words);
gsize copied_words_bytes(const struct copied_words *words);

/* Of a word's hash, as in reading_text. */
enum copied_word copied_words_find(const struct copied_words *words,
				   guint64 hash);

#endif
