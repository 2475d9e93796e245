/* Words as the index knows them: each in several forms, of which those that
 * are another word's are left out. */
#include <math.h>
#include <string.h>

#include "market/glean.h"
#include "research_private.h"
#include "text/fold.h"
#include "text/words.h"

/*
 * The stemmers of all languages make forms that are other words ("diesel"
 * without its l is German for "this"): so many times as common as the word
 * itself, and a few more, is another one.
 */
#define OTHER_TIMES 4
#define OTHER_MORE  5

static void
form_free(gpointer data)
{
	struct research_form *form = data;

	g_free(form->term);
	g_free(form);
}

static void
word_free(gpointer data)
{
	struct research_word *word = data;

	g_ptr_array_unref(word->forms);
	g_free(word);
}

void
research_words_free(struct research_words *words)
{
	if (!words)
		return;
	g_ptr_array_unref(words->words);
	g_hash_table_unref(words->places);
	g_free(words);
}

/* As BM25 weighs it, but never nothing. */
static double
rarity(guint total, guint having)
{
	return log(1.0 + ((double)MAX(total, having) - having + 0.5) /
				 (having + 0.5));
}

/* The number of documents with the word itself: by its form in the language of
 * what was asked (`own`), or else the rarest. */
static guint
own_count(char **forms, const guint *having, const char *own)
{
	guint least = 0;

	for (guint i = 0; forms[i]; i++) {
		if (having[i] > 0 && strcmp(forms[i], own) == 0)
			return having[i];
		if (having[i] > 0 && (least == 0 || having[i] < least))
			least = having[i];
	}
	return least;
}

/* A word as it was spelt, before it is known what the index has of it. */
struct spelling {
	char *own; /* in the language of what was asked */
	char **forms;
};

static void
spelling_free(gpointer data)
{
	struct spelling *spelling = data;

	g_free(spelling->own);
	g_strfreev(spelling->forms);
	g_free(spelling);
}

static gboolean
is_spelt(const GPtrArray *spellings, const char *own)
{
	for (guint i = 0; i < spellings->len; i++) {
		const struct spelling *spelling = spellings->pdata[i];

		if (strcmp(spelling->own, own) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
spell(GPtrArray *spellings, const char *phrase, guint max)
{
	g_autofree char *folded = text_fold(phrase, strlen(phrase), NULL);
	g_autoptr(GArray) split = words_split(folded, strlen(folded), max);
	g_autofree char *terms = glean_terms(phrase);
	g_auto(GStrv) own = g_strsplit(terms, " ", -1);
	g_auto(GStrv) meant = glean_question(phrase);
	const guint n = MIN(split->len, g_strv_length(own));

	for (guint i = 0; i < n && spellings->len < max; i++) {
		const struct word *word = &g_array_index(split, struct word, i);
		g_autofree char *spelt =
			g_strndup(folded + word->at, word->len);
		struct spelling *spelling;

		if (!g_strv_contains((const char *const *)meant, own[i]) ||
		    is_spelt(spellings, own[i]))
			continue;
		spelling = g_new0(struct spelling, 1);
		spelling->own = g_strdup(own[i]);
		spelling->forms = glean_question(spelt);
		g_ptr_array_add(spellings, spelling);
	}
}

/* How often each form is there, asked for all at once. */
struct counts {
	GPtrArray *terms; /* borrowed */
	guint *having;
	guint total;
};

static gboolean
count(struct counts *counts, struct store *store, const GPtrArray *spellings,
      GError **error)
{
	for (guint i = 0; i < spellings->len; i++) {
		const struct spelling *spelling = spellings->pdata[i];

		for (char **form = spelling->forms; *form; form++)
			g_ptr_array_add(counts->terms, *form);
	}
	counts->having = g_new0(guint, counts->terms->len + 1);
	return store_search_counts(
		store, (const char *const *)(void *)counts->terms->pdata,
		counts->terms->len, &counts->total, counts->having, error);
}

static void
add_form(struct research_words *words, struct research_word *word,
	 const char *term, double rare)
{
	struct research_form *form;

	if (g_hash_table_contains(words->places, term))
		return;
	form = g_new0(struct research_form, 1);
	form->term = g_strdup(term);
	form->rarity = MIN(word->rarity, rare);
	g_ptr_array_add(word->forms, form);
	g_hash_table_insert(words->places, form->term, word);
}

/* A word that no document has is not looked for. */
static void
add_word(struct research_words *words, const struct spelling *spelling,
	 guint total, const guint *having)
{
	const guint own = own_count(spelling->forms, having, spelling->own);
	struct research_word *word;

	if (own == 0)
		return;
	word = g_new0(struct research_word, 1);
	word->forms = g_ptr_array_new_with_free_func(form_free);
	word->rarity = rarity(total, own);
	word->place = words->words->len;
	words->rarity += word->rarity;
	g_ptr_array_add(words->words, word);
	for (guint i = 0; spelling->forms[i]; i++) {
		if (having[i] > 0 &&
		    having[i] <= own * OTHER_TIMES + OTHER_MORE)
			add_form(words, word, spelling->forms[i],
				 rarity(total, having[i]));
	}
}

static struct research_words *
words_of(const GPtrArray *spellings, const struct counts *counts)
{
	struct research_words *words = g_new0(struct research_words, 1);
	const guint *having = counts->having;

	words->words = g_ptr_array_new_with_free_func(word_free);
	words->places = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < spellings->len; i++) {
		const struct spelling *spelling = spellings->pdata[i];

		add_word(words, spelling, counts->total, having);
		having += g_strv_length(spelling->forms);
	}
	return words;
}

struct research_words *
research_words_new(struct store *store, const char *const *phrases, guint max,
		   GError **error)
{
	g_autoptr(GPtrArray) spellings =
		g_ptr_array_new_with_free_func(spelling_free);
	struct counts counts = { g_ptr_array_new(), NULL, 0 };
	struct research_words *words = NULL;

	for (; *phrases; phrases++)
		spell(spellings, *phrases, max);
	if (count(&counts, store, spellings, error))
		words = words_of(spellings, &counts);
	g_ptr_array_unref(counts.terms);
	g_free(counts.having);
	return words;
}
