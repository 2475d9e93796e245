#include "interest_private.h"

#include <math.h>
#include <string.h>

#include "about_private.h"
#include "terms_private.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/stem.h"
#include "text/words.h"

/* A keyword's words count as often as this in its item's vector. */
#define KEYWORD_TIMES 2

/* Keywords may be in any of these; a message is stemmed in its own. */
static const char *const keyword_languages[] = { "en", "de", "fr", "es",
						 "it", "pt", "nl" };

/* While one profile is being compiled. */
struct compiler {
	struct interest *interest;
	struct stemmer *own; /* of the profile's language */
	const char *language;
	struct stemmer *others[G_N_ELEMENTS(keyword_languages)];
};

/* One item's text, folded and split. */
struct item_text {
	char *folded;
	GArray *words;
};

static struct item_text
item_text_new(const char *text)
{
	struct item_text item;

	item.folded = text_fold(text, strlen(text), NULL);
	item.words = words_split(item.folded, strlen(item.folded),
				 READING_WORDS_MAX);
	return item;
}

static void
item_text_clear(struct item_text *item)
{
	g_free(item->folded);
	g_array_unref(item->words);
}

static void
form_add(struct interest_stem *stem, struct stemmer *stemmer, const char *word,
	 gsize len)
{
	gsize stem_len;
	const char *form = stemmer_stem(stemmer, word, len, &stem_len);
	guint64 hash = word_hash(form, stem_len);

	for (guint i = 0; i < stem->n; i++)
		if (stem->forms[i] == hash)
			return;
	if (stem->n < STEM_FORMS_MAX)
		stem->forms[stem->n++] = hash;
}

/* FALSE for function words and numbers. */
static gboolean
stem_read(const struct compiler *compiler, const struct item_text *text,
	  guint i, gboolean every_language, struct interest_stem *stem)
{
	const struct word *word = &g_array_index(text->words, struct word, i);
	const char *begin = text->folded + word->at;

	if (word->digits || stop_word(compiler->language, begin, word->len))
		return FALSE;
	memset(stem, 0, sizeof *stem);
	form_add(stem, compiler->own, begin, word->len);
	for (guint k = 0; every_language && k < G_N_ELEMENTS(compiler->others);
	     k++)
		form_add(stem, compiler->others[k], begin, word->len);
	stem->idf = interest_idf(compiler->interest,
				 term_bucket_word(TERM_STEM, stem->forms[0]));
	return TRUE;
}

static void
phrase_compile(const struct compiler *compiler, struct interest_item *item,
	       const char *keyword)
{
	struct item_text text = item_text_new(keyword);
	struct interest_phrase phrase = { .first = item->stems->len };

	for (guint i = 0; i < text.words->len && phrase.n < PHRASE_STEMS_MAX;
	     i++) {
		struct interest_stem stem;

		if (!stem_read(compiler, &text, i, TRUE, &stem))
			continue;
		g_array_append_val(item->stems, stem);
		phrase.idf += stem.idf;
		phrase.n++;
	}
	if (phrase.n > 0) {
		g_array_append_val(item->phrases, phrase);
		item->phrases_idf += phrase.idf;
	}
	item_text_clear(&text);
}

/* bucket -> how often, in an item's text. */
static void
count_up(GHashTable *counts, guint32 bucket, guint times)
{
	gpointer key = GUINT_TO_POINTER(bucket);
	guint old = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));

	g_hash_table_insert(counts, key, GUINT_TO_POINTER(old + times));
}

/* Adds the counts as a vector of unit length to the index. */
static void
postings_add_counts(const struct interest *interest, struct postings *postings,
		    guint item, GHashTable *counts)
{
	GHashTableIter iter;
	gpointer key;
	gpointer value;
	double squares = 0;

	for (guint pass = 0; pass < 2; pass++) {
		g_hash_table_iter_init(&iter, counts);
		while (g_hash_table_iter_next(&iter, &key, &value)) {
			guint32 bucket = GPOINTER_TO_UINT(key);
			double count = GPOINTER_TO_UINT(value);
			double weight = (1.0 + log(count)) *
					(double)interest_idf(interest, bucket);

			if (pass == 0)
				squares += weight * weight;
			else
				postings_add(postings, item, bucket,
					     (float)(weight / sqrt(squares)));
		}
	}
}

static void
letters_compile(const struct interest *interest, guint item, const char *source)
{
	g_autoptr(GHashTable) counts = g_hash_table_new(NULL, NULL);
	g_autofree char *letters = g_malloc(LETTERS_BYTES);
	g_autofree guint *starts = g_new(guint, LETTERS_MAX + 1);
	struct item_text text = item_text_new(source);
	struct reading_text folded = { .folded = text.folded,
				       .len = strlen(text.folded) };
	guint n = letters_prepare(&folded, letters, starts);

	for (guint i = 0; i + LETTERS <= n; i++)
		count_up(counts,
			 term_bucket(TERM_LETTERS, letters + starts[i],
				     starts[i + LETTERS] - starts[i]),
			 1);
	postings_add_counts(interest, interest->letters, item, counts);
	item_text_clear(&text);
}

static int
by_rarity(const void *a, const void *b)
{
	const struct interest_stem *x = a;
	const struct interest_stem *y = b;

	if (x->idf != y->idf)
		return x->idf < y->idf ? 1 : -1;
	return (x->forms[0] > y->forms[0]) - (x->forms[0] < y->forms[0]);
}

static void
rare_compile(struct interest_item *item, GArray *stems)
{
	g_array_sort(stems, by_rarity);
	item->rare = g_new(struct interest_stem, MIN(stems->len, RARE_MAX));
	for (guint i = 0; i < stems->len && item->n_rare < RARE_MAX; i++) {
		const struct interest_stem *stem =
			&g_array_index(stems, struct interest_stem, i);

		if (i > 0 && stem->forms[0] == stem[-1].forms[0])
			continue;
		item->rare[item->n_rare++] = *stem;
		item->rare_idf += stem->idf;
	}
}

/* Stems of `source` into the counts, and into `stems` for the rarest. */
static void
stems_count(const struct compiler *compiler, const char *source, guint times,
	    GHashTable *counts, GArray *stems)
{
	struct item_text text = item_text_new(source);

	for (guint i = 0; i < text.words->len; i++) {
		struct interest_stem stem;

		if (!stem_read(compiler, &text, i, times > 1, &stem))
			continue;
		for (guint k = 0; k < stem.n; k++)
			count_up(counts,
				 term_bucket_word(TERM_STEM, stem.forms[k]),
				 times);
		g_array_append_val(stems, stem);
	}
	item_text_clear(&text);
}

static char *
keywords_join(char *const *keywords)
{
	GString *joined = g_string_new(NULL);

	for (guint i = 0; keywords[i] != NULL; i++)
		g_string_append_printf(joined, "%s ", keywords[i]);
	return g_string_free(joined, FALSE);
}

static void
item_compile(const struct compiler *compiler, const char *name,
	     const char *about, char *const *keywords)
{
	struct interest *interest = compiler->interest;
	guint number = interest->n_items++;
	struct interest_item *item = &interest->items[number];
	g_autoptr(GHashTable) counts = g_hash_table_new(NULL, NULL);
	g_autoptr(GArray) stems =
		g_array_new(FALSE, FALSE, sizeof(struct interest_stem));
	g_autofree char *words = keywords_join(keywords);
	g_autofree char *all = g_strjoin(" ", name, about, words, NULL);
	g_autofree char *short_text = g_strjoin(" ", name, words, NULL);

	item->until_us = G_MAXINT64;
	item->phrases =
		g_array_new(FALSE, FALSE, sizeof(struct interest_phrase));
	item->stems = g_array_new(FALSE, FALSE, sizeof(struct interest_stem));
	stems_count(compiler, name, 1, counts, stems);
	stems_count(compiler, about, 1, counts, stems);
	stems_count(compiler, words, KEYWORD_TIMES, counts, stems);
	postings_add_counts(interest, interest->stems, number, counts);
	letters_compile(interest, number, all);
	letters_compile(interest, ITEMS_MAX + number, short_text);
	for (guint i = 0; keywords[i] != NULL; i++)
		phrase_compile(compiler, item, keywords[i]);
	phrase_compile(compiler, item, name);
	rare_compile(item, stems);
}

static void
priority_compile(const struct compiler *compiler,
		 const struct profile_priority *priority, const char *about)
{
	struct interest *interest = compiler->interest;
	struct interest_item *item = &interest->items[interest->n_items];

	item_compile(compiler, priority->name, about, priority->keywords);
	item->dropped = priority->stage == STAGE_DONE || priority->weight <= 0;
	if (priority->horizon_us > 0)
		item->until_us = priority->horizon_us;
	item->fades = priority->horizon_us > 0;
}

static void
refusal_compile(const struct compiler *compiler,
		const struct profile_refusal *refusal)
{
	struct interest *interest = compiler->interest;
	struct interest_item *item = &interest->items[interest->n_items];

	item_compile(compiler, refusal->name, refusal->about,
		     refusal->keywords);
	if (refusal->until_us > 0)
		item->until_us = refusal->until_us;
}

/* What the priorities' own descriptions rule out. */
static void
exclusions_compile(const struct compiler *compiler, const struct about *abouts,
		   guint n)
{
	static char *no_keywords[] = { NULL };

	for (guint i = 0; i < n; i++)
		if (*abouts[i].excluded != '\0')
			item_compile(compiler, abouts[i].excluded, "",
				     no_keywords);
}

static void
items_compile(const struct compiler *compiler, const struct profile *profile)
{
	struct interest *interest = compiler->interest;
	guint priorities = MIN(profile->priorities->len, PROFILE_SIDE_MAX);
	guint refusals = MIN(profile->refusals->len, PROFILE_SIDE_MAX);
	struct about abouts[PROFILE_SIDE_MAX];

	interest->items =
		g_new0(struct interest_item, 2 * priorities + refusals);
	for (guint i = 0; i < priorities; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		about_read(priority->about, &abouts[i]);
		priority_compile(compiler, priority, abouts[i].wanted);
	}
	interest->n_priorities = interest->n_items;
	for (guint i = 0; i < refusals; i++)
		refusal_compile(compiler, profile->refusals->pdata[i]);
	interest->n_sides = interest->n_items;
	exclusions_compile(compiler, abouts, priorities);
	/* There was room for more, and a profile's items are most of it. */
	interest->items = g_renew(struct interest_item, interest->items,
				  interest->n_items);
	for (guint i = 0; i < priorities; i++)
		about_clear(&abouts[i]);
}

/* The language most of the profile is written in. */
static const char *
profile_language(const struct profile *profile)
{
	g_autoptr(GString) all = g_string_new(NULL);
	struct item_text text;
	const char *language;

	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		g_string_append_printf(all, "%s. %s\n", priority->name,
				       priority->about);
	}
	text = item_text_new(all->str);
	language = language_detect(text.folded, text.words);
	item_text_clear(&text);
	return language;
}

struct interest *
interest_new(const struct profile *profile, const struct background *background)
{
	struct interest *interest = g_new0(struct interest, 1);
	struct compiler compiler = { .interest = interest };
	guint8 rarest = 0;

	interest->profile = profile;
	interest->idf = background_table(background);
	for (guint i = 0; i < TERM_BUCKETS; i++)
		rarest = MAX(rarest, interest->idf[i]);
	interest->idf_unseen = rarest > 0 ? (float)rarest / 16.0f : 1.0f;
	interest->stems = postings_new();
	interest->letters = postings_new();
	compiler.language = profile_language(profile);
	compiler.own = stemmer_new(compiler.language);
	interest->words = copied_words_new(profile, compiler.language);
	for (guint i = 0; i < G_N_ELEMENTS(keyword_languages); i++)
		compiler.others[i] = stemmer_new(keyword_languages[i]);
	items_compile(&compiler, profile);
	postings_seal(interest->stems);
	postings_seal(interest->letters);
	stemmer_free(compiler.own);
	for (guint i = 0; i < G_N_ELEMENTS(keyword_languages); i++)
		stemmer_free(compiler.others[i]);
	return interest;
}

static void
item_clear(struct interest_item *item)
{
	g_array_unref(item->phrases);
	g_array_unref(item->stems);
	g_free(item->rare);
}

void
interest_free(struct interest *interest)
{
	if (interest == NULL)
		return;
	for (guint i = 0; i < interest->n_items; i++)
		item_clear(&interest->items[i]);
	g_free(interest->items);
	copied_words_free(interest->words);
	postings_free(interest->stems);
	postings_free(interest->letters);
	g_free(interest);
}
