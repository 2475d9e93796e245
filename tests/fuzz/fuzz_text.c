/*
 * Folding, words, stems, language and fingerprint of any text: folding twice
 * changes nothing, words lie in the text in order.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "text/fingerprint.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/stem.h"
#include "text/words.h"

#define WORDS_MAX 300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_words(const char *folded, const GArray *words)
{
	const gsize len = strlen(folded);
	guint32 at = 0;

	g_assert(words->len <= WORDS_MAX);
	for (guint i = 0; i < words->len; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		g_assert(word->len > 0 && word->len <= 40);
		g_assert(i == 0 || word->at > at);
		g_assert(word->at + word->len <= len);
		g_assert(g_utf8_validate(folded + word->at, word->len, NULL));
		at = word->at;
	}
}

static void
check_stems(const char *folded, const GArray *words, const char *language)
{
	g_autoptr(Stemmer) stemmer = stemmer_new(language);

	for (guint i = 0; i < words->len; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		gsize len = 0;
		const char *stem = stemmer_stem(stemmer, folded + word->at,
						word->len, &len);
		g_assert(stem != NULL);
		g_assert(g_utf8_validate(stem, (gssize)len, NULL));
		(void)stop_word(language, folded + word->at, word->len);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const *codes = language_list();
	struct fold_counts counts = { 0, 0 };
	guint n = 0;
	g_autofree char *text =
		g_utf8_make_valid((const char *)data, (gssize)size);
	g_autofree char *folded = text_fold(text, strlen(text), &counts);
	g_autofree char *again = text_fold(folded, strlen(folded), NULL);
	g_autoptr(GArray) words =
		words_split(folded, strlen(folded), WORDS_MAX);

	while (codes[n] != NULL)
		n++;
	g_assert(g_utf8_validate(folded, -1, NULL));
	g_assert(strcmp(folded, again) == 0);
	check_words(folded, words);
	check_stems(folded, words, language_detect(folded, words));
	check_stems(folded, words, codes[size % n]);
	(void)fingerprint(folded, words);
	return 0;
}
