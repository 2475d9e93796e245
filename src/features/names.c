#include "features/outreach.h"

#include <string.h>

#include "terms_private.h"

static const char *const block_names[TERM_BLOCKS] = {
	"word", "subject", "opening", "closing", "letters", "stem",
};

/* What is named: all, or a few indices, which most terms miss by a bit. */
struct names {
	GHashTable *table;
	const guint32 *wanted; /* NULL: all */
	guint n;
	guint64 bits;
};

static struct names
names_begin(const guint32 *wanted, guint n)
{
	struct names names = { g_hash_table_new_full(NULL, NULL, NULL, g_free),
			       wanted, n, 0 };

	for (guint i = 0; i < n; i++)
		names.bits |= G_GUINT64_CONSTANT(1) << (wanted[i] & 63);
	return names;
}

static gboolean
is_wanted(const struct names *names, guint32 index)
{
	if (names->wanted == NULL)
		return TRUE;
	if ((names->bits >> (index & 63) & 1) == 0)
		return FALSE;
	for (guint i = 0; i < names->n; i++)
		if (names->wanted[i] == index)
			return TRUE;
	return FALSE;
}

/* Wanted, and nothing before had this name. */
static gboolean
is_unnamed(const struct names *names, guint32 index)
{
	return is_wanted(names, index) &&
	       !g_hash_table_contains(names->table, GUINT_TO_POINTER(index));
}

static void
name_add(const struct names *names, guint32 bucket, const char *block,
	 const char *text)
{
	g_hash_table_insert(names->table, GUINT_TO_POINTER(bucket),
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
name_pair(const struct names *names, enum term_block block,
	  const struct reading_text *text, guint i)
{
	const guint32 bucket =
		term_bucket_pair(block, text->hash[i], text->hash[i + 1]);

	if (is_unnamed(names, bucket)) {
		g_autofree char *word = word_text(text, i);
		g_autofree char *next = word_text(text, i + 1);
		g_autofree char *pair = g_strjoin(" ", word, next, NULL);

		name_add(names, bucket,
			 block == TERM_TEXT ? "pair" : block_names[block],
			 pair);
	}
}

static void
name_words(const struct names *names, enum term_block block,
	   const struct reading_text *text, guint from, guint to)
{
	for (guint i = from; i < to; i++) {
		const guint32 bucket = term_bucket_word(block, text->hash[i]);

		if (is_unnamed(names, bucket)) {
			g_autofree char *word = word_text(text, i);

			name_add(names, bucket, block_names[block], word);
		}
		if (i + 1 < to)
			name_pair(names, block, text, i);
	}
}

static void
name_letters(const struct names *names, const struct reading_text *text)
{
	g_autofree char *letters = g_malloc(LETTERS_BYTES);
	g_autofree guint *starts = g_new(guint, LETTERS_MAX + 1);
	guint n = letters_prepare(text, letters, starts);

	for (guint i = 0; i + LETTERS <= n; i++) {
		const gsize len = starts[i + LETTERS] - starts[i];
		const char *begin = letters + starts[i];
		const guint32 bucket =
			term_bucket_word(TERM_LETTERS, word_hash(begin, len));

		if (is_unnamed(names, bucket)) {
			g_autofree char *gram = g_strndup(begin, len);

			name_add(names, bucket, block_names[TERM_LETTERS],
				 gram);
		}
	}
}

static void
name_dense(const struct names *names)
{
	for (guint i = 0; i < outreach_dense_count(); i++)
		if (is_wanted(names, TERM_BUCKETS + i))
			g_hash_table_insert(names->table,
					    GUINT_TO_POINTER(TERM_BUCKETS + i),
					    g_strdup(outreach_dense_name(i)));
}

/* Words come before letters: where buckets collide a word says more. */
static GHashTable *
names_read(const struct reading *reading, const guint32 *wanted, guint n)
{
	const struct names names = names_begin(wanted, n);
	const struct reading_text *text = &reading->text;
	const guint words = text->words->len;

	name_dense(&names);
	name_words(&names, TERM_SUBJECT, &reading->subject, 0,
		   reading->subject.words->len);
	name_words(&names, TERM_TEXT, text, 0, MIN(words, TEXT_WORDS));
	name_words(&names, TERM_OPENING, text, 0, MIN(words, OPENING_WORDS));
	name_words(&names, TERM_CLOSING, text,
		   words > OPENING_WORDS ? words - OPENING_WORDS : 0, words);
	name_letters(&names, text);
	return names.table;
}

GHashTable *
outreach_names(const struct reading *reading)
{
	return names_read(reading, NULL, 0);
}

GHashTable *
outreach_names_of(const struct reading *reading, const guint32 *indices,
		  guint n)
{
	return names_read(reading, indices, n);
}
