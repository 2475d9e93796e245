#include "concepts_private.h"

#include <string.h>

#include "hash_private.h"
#include "text/fold.h"
#include "text/words.h"

#define WORDS_READ	 400
#define PHRASE_WORDS_MAX 6
#define PREFIX_LONG	 5
#define PREFIX_SHORT	 4
#define FILTER_BITS	 16

/* One word of a phrase: itself, or all words with this beginning. */
struct token {
	guint64 hash;
	guint8 prefix; /* 0: the whole word; else characters compared */
};

struct phrase {
	enum concept concept;
	guint n;
	struct token tokens[PHRASE_WORDS_MAX];
};

/* Compiled once for the process; constant from then on. */
struct concepts {
	guint8 filter[1 << (FILTER_BITS - 3)]; /* of first tokens' hashes */
	guint8 starts[1 << (FILTER_BITS - 3)]; /* of prefixes */
	GHashTable *by_first; /* guint64 -> GArray of struct phrase */
};

/* A word in all the ways a phrase may mean it. */
struct word_keys {
	guint64 whole;
	guint64 prefix[2]; /* PREFIX_SHORT, PREFIX_LONG; 0 when shorter */
};

static guint64
prefix_hash(const char *word, gsize len, guint characters)
{
	const char *p = word;
	const char *end = word + len;

	while (characters > 0 && p < end) {
		p += g_utf8_skip[*(const guchar *)p];
		characters--;
	}
	if (characters > 0 || p > end)
		return 0;
	return hash_bytes(word, (gsize)(p - word)) ^ 1;
}

/* The place of a word's first three bytes in a set of bits. */
static guint
start_of(const char *word)
{
	return (guint)((guchar)word[0] << 8 | (guchar)word[1]) ^
	       (guint)(guchar)word[2] * 0x9e5;
}

static inline gboolean
bit_get(const guint8 *bits, guint64 place)
{
	place &= (1u << FILTER_BITS) - 1;
	return (bits[place >> 3] >> (place & 7)) & 1;
}

static void
bit_set(guint8 *bits, guint64 place)
{
	place &= (1u << FILTER_BITS) - 1;
	bits[place >> 3] |= (guint8)(1u << (place & 7));
}

static struct token
token_new(struct concepts *concepts, const char *text, const struct word *word)
{
	const char *begin = text + word->at;
	guint8 letters = (guint8)g_utf8_strlen(begin, word->len);
	struct token token = { word_hash(begin, word->len), 0 };

	if (word->digits)
		token.hash = word_hash("0", 1);
	if (begin[word->len] == '*') {
		token.prefix = MIN(letters, PREFIX_LONG);
		token.hash = prefix_hash(begin, word->len, token.prefix);
		bit_set(concepts->starts, start_of(begin));
	}
	return token;
}

static void
phrase_add(struct concepts *concepts, enum concept concept, const char *source)
{
	g_autofree char *folded = text_fold(source, strlen(source), NULL);
	g_autoptr(GArray) words =
		words_split(folded, strlen(folded), PHRASE_WORDS_MAX);
	struct phrase phrase = { .concept = concept, .n = words->len };
	GArray *list;

	g_assert(words->len > 0);
	for (guint i = 0; i < words->len; i++)
		phrase.tokens[i] =
			token_new(concepts, folded,
				  &g_array_index(words, struct word, i));
	list = g_hash_table_lookup(concepts->by_first, &phrase.tokens[0].hash);
	if (list == NULL) {
		guint64 *key = g_new(guint64, 1);

		*key = phrase.tokens[0].hash;
		list = g_array_new(FALSE, FALSE, sizeof(struct phrase));
		g_hash_table_insert(concepts->by_first, key, list);
	}
	g_array_append_val(list, phrase);
	bit_set(concepts->filter, phrase.tokens[0].hash);
}

static void
table_add(struct concepts *concepts, const struct concept_phrases *table,
	  guint size)
{
	for (guint i = 0; i < size; i++) {
		g_auto(GStrv) phrases = g_strsplit(table[i].phrases, "|", -1);

		for (guint k = 0; phrases[k] != NULL; k++)
			phrase_add(concepts, table[i].concept, phrases[k]);
	}
}

static gpointer
concepts_compile(G_GNUC_UNUSED gpointer unused)
{
	struct concepts *concepts = g_new0(struct concepts, 1);

	concepts->by_first = g_hash_table_new_full(g_int64_hash, g_int64_equal,
						   g_free, NULL);
	table_add(concepts, concept_table, concept_table_size);
	table_add(concepts, concept_business, concept_business_size);
	return concepts;
}

static const struct concepts *
concepts_get(void)
{
	static GOnce once = G_ONCE_INIT;

	return g_once(&once, concepts_compile, NULL);
}

static gboolean
token_matches(const struct token *token, const struct word_keys *keys)
{
	if (token->prefix == 0)
		return token->hash == keys->whole;
	return token->hash == keys->prefix[token->prefix == PREFIX_LONG];
}

static void
count_phrases(const struct concepts *concepts, guint64 first,
	      const struct word_keys *keys, guint left, guint counts[CONCEPTS])
{
	const GArray *list = g_hash_table_lookup(concepts->by_first, &first);
	for (guint i = 0; list != NULL && i < list->len; i++) {
		const struct phrase *phrase =
			&g_array_index(list, struct phrase, i);
		guint k = 1;

		if (phrase->n > left)
			continue;
		while (k < phrase->n &&
		       token_matches(&phrase->tokens[k], &keys[k]))
			k++;
		if (k == phrase->n)
			counts[phrase->concept]++;
	}
}

static inline void
count_from(const struct concepts *concepts, guint64 first,
	   const struct word_keys *keys, guint left, guint counts[CONCEPTS])
{
	if (first != 0 && bit_get(concepts->filter, first))
		count_phrases(concepts, first, keys, left, counts);
}

static void
count_text(const struct concepts *concepts, const struct reading_text *text,
	   guint counts[CONCEPTS])
{
	guint n = MIN(text->words->len, WORDS_READ);
	g_autofree struct word_keys *keys = g_new(struct word_keys, n + 1);

	for (guint i = 0; i < n; i++) {
		const struct word *word =
			&g_array_index(text->words, struct word, i);
		const char *begin = text->folded + word->at;

		keys[i] = (struct word_keys){ text->hash[i], { 0, 0 } };
		if (word->len < PREFIX_SHORT ||
		    !bit_get(concepts->starts, start_of(begin)))
			continue;
		keys[i].prefix[0] = prefix_hash(begin, word->len, PREFIX_SHORT);
		keys[i].prefix[1] = prefix_hash(begin, word->len, PREFIX_LONG);
	}
	for (guint i = 0; i < n; i++) {
		count_from(concepts, keys[i].whole, &keys[i], n - i, counts);
		count_from(concepts, keys[i].prefix[0], &keys[i], n - i,
			   counts);
		count_from(concepts, keys[i].prefix[1], &keys[i], n - i,
			   counts);
	}
}

void
concepts_count(const struct reading *reading, guint counts[CONCEPTS])
{
	const struct concepts *concepts = concepts_get();

	memset(counts, 0, sizeof counts[0] * CONCEPTS);
	count_text(concepts, &reading->subject, counts);
	count_text(concepts, &reading->text, counts);
}
