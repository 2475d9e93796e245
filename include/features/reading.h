/*
 * A message read once: what every feature and every buyer's judgement uses.
 *
 * The fresh visible text and the subject, folded and split into words, their
 * language, and stems made when first asked for. One thread at a time.
 */
#ifndef FEATURES_READING_H
#define FEATURES_READING_H

#include <glib.h>

#include "mail/address.h"
#include "mail/content.h"
#include "mail/message.h"
#include "text/fold.h"
#include "text/lexicon.h"
#include "text/words.h"

#define READING_WORDS_MAX   4000
#define READING_SUBJECT_MAX 80
#define READING_STEMS_MAX   800 /* words of a text that are stemmed */

/* Folded text and its words. */
struct reading_text {
	char *folded;
	gsize len;
	GArray *words; /* of struct word */
	guint64 *hash; /* of each word in `words` */
	guint64 *stem; /* of the first READING_STEMS_MAX words, 0 for function
			* words; NULL until reading_stems() was called */
};

struct reading {
	const struct mail *mail; /* borrowed */
	struct lexicon *lexicon; /* of stems, borrowed; NULL: none is kept */
	struct content *content;
	struct address *author; /* as shown; NULL without a From */
	struct reading_text text;
	struct reading_text subject; /* without Re:, Fwd: and the like */
	guint replies;		     /* how many Re:/Fwd: it began with */
	struct fold_counts folds;
	const char *language;
	GArray *letters; /* terms_letters() keeps it here; NULL before */
	const struct signals *signals; /* what `dense` was made with, or NULL */
	float *dense;		       /* outreach_vector() keeps it here */
};
typedef struct reading Reading; /* for g_autoptr(Reading) */

/* `mail` must outlive it. Never NULL. */
struct reading *reading_new(const struct mail *mail);
void reading_free(struct reading *reading);

/* The hash that terms and reading agree on. */
guint64 word_hash(const char *word, gsize len);

/* Makes the stems' hashes of text and subject, once. */
void reading_stems(struct reading *reading);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reading, reading_free)

#endif
