#include <string.h>

#include "glean_private.h"
#include "market/glean.h"
#include "text/fingerprint.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/stem.h"
#include "text/words.h"

/* Words of a question that count. */
#define QUESTION_WORDS_MAX 40

void
glean_text_init(struct glean_text *text, const char *given)
{
	g_autofree char *valid = g_utf8_make_valid(given ? given : "", -1);

	text->folded = text_fold(valid, strlen(valid), NULL);
	text->words = words_split(text->folded, strlen(text->folded),
				  GLEAN_WORDS_MAX);
}

void
glean_text_clear(struct glean_text *text)
{
	g_free(text->folded);
	g_array_unref(text->words);
}

char *
glean_text_terms(const struct glean_text *text, const char *language)
{
	g_autoptr(Stemmer) stemmer = stemmer_new(language);
	GString *terms = g_string_new(NULL);

	for (guint i = 0; i < text->words->len; i++) {
		const struct word *word =
			&g_array_index(text->words, struct word, i);
		const char *stem = text->folded + word->at;
		gsize len = word->len;

		if (word->digits == 0)
			stem = stemmer_stem(stemmer, stem, len, &len);
		if (i > 0)
			g_string_append_c(terms, ' ');
		g_string_append_len(terms, stem, (gssize)len);
	}
	return g_string_free(terms, FALSE);
}

char *
glean_terms(const char *text)
{
	struct glean_text read;
	char *terms;

	glean_text_init(&read, text);
	terms = glean_text_terms(&read,
				 language_detect(read.folded, read.words));
	glean_text_clear(&read);
	return terms;
}

void
glean_document_terms(struct store_document *document)
{
	struct glean_text title, text;
	const struct glean_text *longer;
	const char *language;

	glean_text_init(&title, document->title);
	glean_text_init(&text, document->text);
	longer = text.words->len < title.words->len ? &title : &text;
	language = language_detect(longer->folded, longer->words);
	document->title_terms = glean_text_terms(&title, language);
	document->terms = glean_text_terms(&text, language);
	if (document->fingerprint == 0)
		document->fingerprint =
			fingerprint(longer->folded, longer->words);
	glean_text_clear(&title);
	glean_text_clear(&text);
}

/* The words asked for, and the stemmers of all languages. */
struct asked {
	struct glean_text text;
	const char *language;
	GPtrArray *stemmers;
	GHashTable *seen;
	GPtrArray *terms;
};

static void
add_term(struct asked *asked, const char *stem, gsize len)
{
	g_autofree char *term = g_strndup(stem, len);

	if (g_hash_table_contains(asked->seen, term))
		return;
	g_ptr_array_add(asked->terms, term);
	g_hash_table_add(asked->seen, g_steal_pointer(&term));
}

static void
add_word(struct asked *asked, const struct word *word)
{
	const char *at = asked->text.folded + word->at;

	if (word->digits > 0) {
		add_term(asked, at, word->len);
		return;
	}
	for (guint i = 0; i < asked->stemmers->len; i++) {
		gsize len;
		const char *stem = stemmer_stem(asked->stemmers->pdata[i], at,
						word->len, &len);

		add_term(asked, stem, len);
	}
}

static gboolean
is_function_word(const struct asked *asked, const struct word *word)
{
	const char *at = asked->text.folded + word->at;

	return word->digits == 0 &&
	       (stop_word(asked->language, at, word->len) ||
		stop_word("en", at, word->len));
}

static void
add_words(struct asked *asked, gboolean all)
{
	for (guint i = 0; i < asked->text.words->len; i++) {
		const struct word *word =
			&g_array_index(asked->text.words, struct word, i);

		if (all || !is_function_word(asked, word))
			add_word(asked, word);
	}
}

static void
free_stemmer(gpointer stemmer)
{
	stemmer_free(stemmer);
}

char **
glean_question(const char *text)
{
	struct asked asked = {
		.stemmers = g_ptr_array_new_with_free_func(free_stemmer),
		.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					      NULL),
		.terms = g_ptr_array_new(),
	};
	const char *const *languages = language_list();
	char **terms;

	glean_text_init(&asked.text, text);
	if (asked.text.words->len > QUESTION_WORDS_MAX)
		g_array_set_size(asked.text.words, QUESTION_WORDS_MAX);
	asked.language = language_detect(asked.text.folded, asked.text.words);
	for (guint i = 0; languages[i]; i++)
		g_ptr_array_add(asked.stemmers, stemmer_new(languages[i]));
	add_words(&asked, FALSE);
	if (asked.terms->len == 0)
		add_words(&asked, TRUE);
	g_ptr_array_add(asked.terms, NULL);
	terms = g_strdupv((char **)asked.terms->pdata);
	g_ptr_array_unref(asked.terms);
	g_hash_table_unref(asked.seen);
	g_ptr_array_unref(asked.stemmers);
	glean_text_clear(&asked.text);
	return terms;
}

struct store_document *
glean_page(const char *vendor, const char *url, const char *title,
	   const char *text, gint64 time_us)
{
	struct store_document *page = g_new0(struct store_document, 1);

	page->kind = STORE_DOCUMENT_PAGE;
	page->vendor = g_strdup(vendor);
	page->link = g_strdup(url);
	page->title = g_strdup(title);
	page->text = g_strdup(text);
	page->relevance = -1;
	page->time_us = time_us;
	glean_document_terms(page);
	return page;
}
