/*
 * Word stems by Snowball (libstemmer). A stemmer is not thread-safe: one for
 * each message or each profile being compiled; making one costs less than 1 us.
 * It remembers the words it has stemmed: one that is used again is several
 * times as fast.
 */
#ifndef TEXT_STEM_H
#define TEXT_STEM_H

#include <glib.h>

struct stemmer;
typedef struct stemmer Stemmer; /* for g_autoptr(Stemmer) */

/* `language` is an ISO 639-1 code; one Snowball has not means "en". */
struct stemmer *stemmer_new(const char *language);
void stemmer_free(struct stemmer *stemmer);

/*
 * The stem of a folded word, valid until the next call; `stem_len` set. Words
 * of two characters or fewer and numbers are their own stems.
 */
const char *stemmer_stem(struct stemmer *stemmer, const char *word, gsize len,
			 gsize *stem_len);

/* Whether the word is a function word of the language ("the", "und"). */
gboolean stop_word(const char *language, const char *word, gsize len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stemmer, stemmer_free)

#endif
