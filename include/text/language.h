/*
 * The language of a text, among those libstemmer has and Polish (which has
 * function words here, and English stems), by function words.
 *
 * A plain, fast and stable method: the share of each language's commonest
 * words (Zipf's head) among the first 400 words; a language wins when it has
 * at least 8 % (and three of them) and a third more than the next, counting
 * only words that one of the two has and the other has not; else English.
 * Scripts decide where they can (Greek, Arabic, Armenian, Devanagari, Tamil;
 * Cyrillic is Russian or Serbian by its letters).
 */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include <glib.h>

/* An ISO 639-1 code ("en", "de", ...): a static string. Never NULL. */
const char *language_detect(const char *folded, const GArray *words);

/* The same where the words' hashes are known: XXH3 of each, but for numbers. */
const char *language_detect_hashed(const char *folded, const GArray *words,
				   const guint64 *hashes);

/* NULL-terminated codes of all languages language_detect() can return. */
const char *const *language_list(void);

#endif
