/*
 * The words of one profile while it is compiled. A profile has most of its
 * words several times, and Snowball takes longer than all the rest: each is
 * stemmed once, and what the background remembers is not stemmed at all.
 */
#ifndef FEATURES_WORDBOOK_PRIVATE_H
#define FEATURES_WORDBOOK_PRIVATE_H

#include <glib.h>

#include "interest_private.h"

struct wordbook;
typedef struct wordbook Wordbook; /* for g_autoptr(Wordbook) */

#define WORDBOOK_NONE G_MAXUINT

/* One word, stemmed in the profile's language or, if it is a keyword's, as each
 * language might. The first form is the profile's language's. */
struct wordbook_word {
	guint64 hash;
	guint64 forms[STEM_FORMS_MAX];
	guint n; /* forms; 0 for a function word */
	gboolean every_language;
	float idf;
	guint kept[2]; /* place of its first form alone, and of all; or NONE */
};

/* `interest` knows its idf, `language` is the profile's; both outlive it, and
 * so does what `stems` of the background remembers. */
struct wordbook *wordbook_new(const struct interest *interest,
			      const char *language, struct lexicon *stems);
void wordbook_free(struct wordbook *book);

/* The number of a word; NONE for a function word. */
guint wordbook_add(struct wordbook *book, const char *word, gsize len,
		   gboolean every_language);

/* Borrowed until the next is added. */
const struct wordbook_word *wordbook_word(const struct wordbook *book,
					  guint word);

/*
 * Keeps `n` forms of a word, 1 or all, for the interest: its place among the
 * stems that it has. Only when all words are there.
 */
guint wordbook_keep(struct wordbook *book, guint word, guint n);

/* Gives the interest what was kept. */
void wordbook_give(struct wordbook *book, struct interest *interest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wordbook, wordbook_free)

#endif
