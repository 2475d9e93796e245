#include "features/outreach.h"

#include <string.h>

#include "terms_private.h"

static const char *const block_names[TERM_BLOCKS] = {
	"word", "subject", "opening", "closing", "letters", "stem",
};

static void
name_add(GHashTable *names, guint32 bucket, const char *block, const char *text)
{
	gpointer key = GUINT_TO_POINTER(bucket);

	if (!g_hash_table_contains(names, key))
		g_hash_table_insert(
			names, key,
			g_strconcat(block, " \"", text, "\"", NULL));
}

static char *
word_text(const struct reading_text *text, guint i)
{
	const struct word *word = &g_array_index(text->words, struct word, i);

	return word->digits ? g_strdup("0")
			    : g_strndup(text->folded + word->at, word->len);
}

static void
name_words(GHashTable *names, enum term_block block,
	   const struct reading_text *text, guint from, guint to)
{
	const char *name = block_names[block];

	for (guint i = from; i < to; i++) {
		g_autofree char *word = word_text(text, i);
		g_autofree char *next =
			i + 1 < to ? word_text(text, i + 1) : NULL;
		g_autofree char *pair = NULL;

		name_add(names, term_bucket_word(block, text->hash[i]), name,
			 word);
		if (next == NULL)
			continue;
		pair = g_strjoin(" ", word, next, NULL);
		name_add(names,
			 term_bucket_pair(block, text->hash[i],
					  text->hash[i + 1]),
			 block == TERM_TEXT ? "pair" : name, pair);
	}
}

static void
name_letters(GHashTable *names, const struct reading_text *text)
{
	g_autofree char *letters = g_malloc(LETTERS_BYTES);
	g_autofree guint *starts = g_new(guint, LETTERS_MAX + 1);
	guint n = letters_prepare(text, letters, starts);

	for (guint i = 0; i + LETTERS <= n; i++) {
		gsize len = starts[i + LETTERS] - starts[i];
		const char *begin = letters + starts[i];
		g_autofree char *gram = g_strndup(begin, len);

		name_add(names,
			 term_bucket_word(TERM_LETTERS, word_hash(begin, len)),
			 block_names[TERM_LETTERS], gram);
	}
}

/* Words come before letters: where buckets collide a word says more. */
GHashTable *
outreach_names(const struct reading *reading)
{
	GHashTable *names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	const struct reading_text *text = &reading->text;
	guint words = text->words->len;

	for (guint i = 0; i < outreach_dense_count(); i++)
		g_hash_table_insert(names, GUINT_TO_POINTER(TERM_BUCKETS + i),
				    g_strdup(outreach_dense_name(i)));
	name_words(names, TERM_SUBJECT, &reading->subject, 0,
		   reading->subject.words->len);
	name_words(names, TERM_TEXT, text, 0, MIN(words, TEXT_WORDS));
	name_words(names, TERM_OPENING, text, 0, MIN(words, OPENING_WORDS));
	name_words(names, TERM_CLOSING, text,
		   words > OPENING_WORDS ? words - OPENING_WORDS : 0, words);
	name_letters(names, text);
	return names;
}
