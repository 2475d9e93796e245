#include "wordbook_private.h"

#include <string.h>

#include "hash_private.h"
#include "text/lexicon.h"
#include "text/stem.h"

/* The profile's own, and those that keywords may be in: a message is stemmed
 * in its own. */
static const char *const languages[STEM_FORMS_MAX] = { NULL, "en", "de", "fr",
						       "es", "it", "pt", "nl" };

#define SLOTS_MIN 1024

struct wordbook {
	const struct interest *interest;
	const char *language;
	struct lexicon *known;
	struct stemmer *stemmers[STEM_FORMS_MAX]; /* made when needed */
	GArray *words;				  /* of struct wordbook_word */
	guint *slots; /* of words by their hash, + 1; 0: free */
	guint mask;
	GArray *stems; /* kept: of struct interest_stem */
	GArray *forms; /* kept: of guint64 */
};

struct wordbook *
wordbook_new(const struct interest *interest, const char *language,
	     struct lexicon *stems)
{
	struct wordbook *book = g_new0(struct wordbook, 1);

	book->interest = interest;
	book->language = language;
	book->known = stems;
	book->words = g_array_sized_new(
		FALSE, FALSE, sizeof(struct wordbook_word), SLOTS_MIN / 2);
	book->slots = g_new0(guint, SLOTS_MIN);
	book->mask = SLOTS_MIN - 1;
	book->stems = g_array_new(FALSE, FALSE, sizeof(struct interest_stem));
	book->forms = g_array_new(FALSE, FALSE, sizeof(guint64));
	return book;
}

void
wordbook_free(struct wordbook *book)
{
	if (book == NULL)
		return;
	for (guint i = 0; i < STEM_FORMS_MAX; i++)
		stemmer_free(book->stemmers[i]);
	g_array_unref(book->words);
	g_free(book->slots);
	g_array_unref(book->stems);
	g_array_unref(book->forms);
	g_free(book);
}

static struct wordbook_word *
word_at(const struct wordbook *book, guint word)
{
	return &g_array_index(book->words, struct wordbook_word, word);
}

const struct wordbook_word *
wordbook_word(const struct wordbook *book, guint word)
{
	return word_at(book, word);
}

static guint *
slot_of(const struct wordbook *book, guint64 hash)
{
	guint slot = (guint)(hash >> 20) & book->mask;

	while (book->slots[slot] != 0 &&
	       word_at(book, book->slots[slot] - 1)->hash != hash)
		slot = (slot + 1) & book->mask;
	return &book->slots[slot];
}

static void
slots_grow(struct wordbook *book)
{
	book->mask = 2 * book->mask + 1;
	g_free(book->slots);
	book->slots = g_new0(guint, (gsize)book->mask + 1);
	for (guint i = 0; i < book->words->len; i++)
		*slot_of(book, word_at(book, i)->hash) = i + 1;
}

/* The hash of the stem in the language of that number. */
static guint64
form_of(struct wordbook *book, guint number, guint64 hash, const char *word,
	gsize len)
{
	const char *language = number > 0 ? languages[number] : book->language;
	const guint64 key = lexicon_key(language, hash);
	guint64 form;

	if (lexicon_find(book->known, key, &form))
		return form;
	if (book->stemmers[number] == NULL)
		book->stemmers[number] = stemmer_new(language);
	word = stemmer_stem(book->stemmers[number], word, len, &len);
	form = hash_bytes(word, len);
	lexicon_keep(book->known, key, form);
	return form;
}

static void
form_add(struct wordbook_word *entry, guint64 form)
{
	for (guint i = 0; i < entry->n; i++)
		if (entry->forms[i] == form)
			return;
	entry->forms[entry->n++] = form;
}

static guint
word_new(struct wordbook *book, guint64 hash, const char *word, gsize len)
{
	struct wordbook_word entry = {
		.hash = hash,
		.kept = { WORDBOOK_NONE, WORDBOOK_NONE },
	};

	if (!stop_word(book->language, word, len)) {
		form_add(&entry, form_of(book, 0, hash, word, len));
		entry.idf = interest_idf(
			book->interest,
			term_bucket_word(TERM_STEM, entry.forms[0]));
	}
	g_array_append_val(book->words, entry);
	return book->words->len - 1;
}

guint
wordbook_add(struct wordbook *book, const char *word, gsize len,
	     gboolean every_language)
{
	const guint64 hash = hash_bytes(word, len);
	guint *slot = slot_of(book, hash);
	guint number = *slot - 1;
	struct wordbook_word *entry;

	if (*slot == 0) {
		number = word_new(book, hash, word, len);
		*slot = number + 1;
		if (book->words->len * 2 > book->mask)
			slots_grow(book);
	}
	entry = word_at(book, number);
	if (entry->n == 0)
		return WORDBOOK_NONE;
	if (every_language && !entry->every_language) {
		for (guint i = 1; i < STEM_FORMS_MAX; i++)
			form_add(entry, form_of(book, i, hash, word, len));
		entry->every_language = TRUE;
	}
	return number;
}

guint
wordbook_keep(struct wordbook *book, guint word, guint n)
{
	struct wordbook_word *entry = word_at(book, word);
	guint *place = &entry->kept[n > 1 ? 1 : 0];

	if (*place == WORDBOOK_NONE) {
		const struct interest_stem stem = { entry->idf,
						    book->forms->len };

		*place = book->stems->len;
		g_array_append_val(book->stems, stem);
		g_array_append_vals(book->forms, entry->forms, n);
	}
	return *place;
}

/* Its elements, in no more memory than they need; NULL without any. */
static gpointer
array_take(const GArray *array, gsize size)
{
	return g_memdup2(array->data, array->len * size);
}

/* Twice as many slots as there are forms, at least. */
static void
slots_give(struct interest *interest)
{
	guint size = 64;

	while (size * 2 <
	       interest->vocabulary[interest->n_vocabulary].forms * 4)
		size *= 2;
	interest->slots_mask = size - 1;
	interest->slots = g_new0(guint16, size);
	for (guint i = 0; i < interest->n_vocabulary; i++) {
		struct interest_forms forms =
			interest_forms(interest, (guint16)i);

		for (; forms.begin < forms.end; forms.begin++) {
			guint slot = interest_slot(interest, *forms.begin);

			while (interest->slots[slot] != 0)
				slot = (slot + 1) & interest->slots_mask;
			interest->slots[slot] = (guint16)(i + 1);
		}
	}
}

void
wordbook_give(struct wordbook *book, struct interest *interest)
{
	const struct interest_stem end = { 0.0f, book->forms->len };

	interest->n_vocabulary = book->stems->len;
	g_array_append_val(book->stems, end);
	interest->vocabulary =
		array_take(book->stems, sizeof(struct interest_stem));
	interest->forms = array_take(book->forms, sizeof(guint64));
	slots_give(interest);
}
