/*
 * Function words of the languages Snowball stems and of Polish, which it does
 * not: data for language_detect() and stop_word(). Thread-safe; what is made
 * at the first use never changes afterwards.
 */
#ifndef TEXT_STOPWORDS_PRIVATE_H
#define TEXT_STOPWORDS_PRIVATE_H

#include <glib.h>

/* ISO 639-1 codes, NULL-terminated; a language is its position here. */
const char *const *stop_language_codes(void);

/* The language of a code; 0, English, for one that is not here. */
guint stop_language_find(const char *code);

/* Bits (1 << language) of the languages it is a function word of. */
guint32 stop_languages_of(const char *word, gsize len);

/* The same, of its XXH3. */
guint32 stop_languages_hashed(guint64 hash);

#endif
