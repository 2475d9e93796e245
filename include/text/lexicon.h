/*
 * A lexicon remembers what words of mail came to: most words of a message
 * were in one before it, and Snowball takes a hundred times as long as looking
 * one up. A number is kept for each hashed word of a language.
 *
 * It forgets: of words with the same place, the latest two stay. Threads share
 * one without locks.
 */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include <glib.h>

struct lexicon;
typedef struct lexicon Lexicon; /* for g_autoptr(Lexicon) */

/* An empty one, of a fixed size: 512 kB once it is full. */
struct lexicon *lexicon_new(void);
void lexicon_free(struct lexicon *lexicon);

/*
 * The key of a hashed word in a language (ISO 639-1). Keys of different words
 * are different but for one chance in 2^63.
 */
guint64 lexicon_key(const char *language, guint64 word);

/* FALSE when it is not known; `value` is then not set. */
gboolean lexicon_find(const struct lexicon *lexicon, guint64 key,
		      guint64 *value);
void lexicon_keep(struct lexicon *lexicon, guint64 key, guint64 value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lexicon, lexicon_free)

#endif
