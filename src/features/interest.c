#include "interest_private.h"

#include <math.h>
#include <string.h>

#include "about_private.h"
#include "tally_private.h"
#include "terms_private.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/words.h"
#include "wordbook_private.h"

/* A keyword's words count as often as this in its item's vector. */
#define KEYWORD_TIMES 2

/* A word of the wordbook, with its first form alone or all it has. */
struct draft_stem {
	guint word;
	guint n;
};

/* While one profile is being compiled. */
struct compiler {
	struct interest *interest;
	struct wordbook *words;
	GArray *phrases; /* of all items: guint8, how many stems each has */
	GArray *stems;	 /* of all items: struct draft_stem */
};

/* While one item is being compiled. */
struct item_draft {
	GArray *buckets; /* of struct term: of its stems, as they come */
	struct draft_stem rare[RARE_MAX];
	guint n_rare;
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

/* FALSE for function words and numbers. */
static gboolean
stem_read(const struct compiler *compiler, const struct item_text *text,
	  guint i, gboolean every_language, struct draft_stem *stem)
{
	const struct word *word = &g_array_index(text->words, struct word, i);

	if (word->digits)
		return FALSE;
	stem->word = wordbook_add(compiler->words, text->folded + word->at,
				  word->len, every_language);
	if (stem->word == WORDBOOK_NONE)
		return FALSE;
	stem->n = every_language ? wordbook_word(compiler->words, stem->word)->n
				 : 1;
	return TRUE;
}

static void
phrase_compile(const struct compiler *compiler, struct interest_item *item,
	       const char *keyword)
{
	struct item_text text = item_text_new(keyword);
	float idf = 0;
	guint8 n = 0;

	for (guint i = 0; i < text.words->len && n < PHRASE_STEMS_MAX &&
			  compiler->stems->len < PHRASES_STEMS_MAX;
	     i++) {
		struct draft_stem stem;

		if (!stem_read(compiler, &text, i, TRUE, &stem))
			continue;
		g_array_append_val(compiler->stems, stem);
		idf += wordbook_word(compiler->words, stem.word)->idf;
		n++;
	}
	if (n > 0) {
		g_array_append_val(compiler->phrases, n);
		item->n_phrases++;
		item->phrases_idf += idf;
	}
	item_text_clear(&text);
}

static double
term_weight(const struct interest *interest, const struct term *term)
{
	const double idf = (double)interest_idf(interest, term->bucket);

	return term->count > 1 ? (1.0 + log((double)term->count)) * idf : idf;
}

/* Adds the terms as a vector of unit length to the index. */
static void
terms_index(const struct interest *interest, struct postings *postings,
	    guint item, const GArray *terms)
{
	const struct term *list = (const struct term *)(void *)terms->data;
	g_autofree double *weights = g_new(double, terms->len);
	double squares = 0;
	double length;

	for (guint i = 0; i < terms->len; i++) {
		weights[i] = term_weight(interest, &list[i]);
		squares += weights[i] * weights[i];
	}
	length = sqrt(squares);
	for (guint i = 0; i < terms->len; i++)
		postings_add(postings, item, list[i].bucket,
			     (float)(weights[i] / length));
}

static void
letters_compile(const struct interest *interest, guint item, const char *source)
{
	g_autofree char *folded = text_fold(source, strlen(source), NULL);
	const struct reading_text text = { .folded = folded,
					   .len = strlen(folded) };
	g_autoptr(GArray) letters = terms_letters_of(&text);

	terms_index(interest, interest->letters, item, letters);
}

static void
stems_compile(const struct interest *interest, guint item,
	      const GArray *buckets)
{
	g_autofree guint16 *slots = g_new(guint16, tally_slots(buckets->len));
	g_autoptr(GArray) terms =
		g_array_new(FALSE, FALSE, sizeof(struct term));
	struct tally tally = tally_begin(terms, TERM_STEM, buckets->len, slots);

	for (guint i = 0; i < buckets->len; i++) {
		const struct term *term =
			&g_array_index(buckets, struct term, i);

		for (guint k = 0; k < term->count; k++)
			tally_add(&tally, term->bucket);
	}
	g_array_set_size(terms, tally.n);
	terms_index(interest, interest->stems, item, terms);
}

/* Under 0 when `a` is rarer than `b`, 0 when both are the same stem. */
static int
by_rarity(const struct wordbook_word *a, const struct wordbook_word *b)
{
	if (a->idf != b->idf)
		return a->idf < b->idf ? 1 : -1;
	return (a->forms[0] > b->forms[0]) - (a->forms[0] < b->forms[0]);
}

/* Keeps the rarest in order; of words with the same stem, the first. */
static void
rare_add(const struct compiler *compiler, struct item_draft *draft,
	 const struct draft_stem *stem)
{
	const struct wordbook_word *word =
		wordbook_word(compiler->words, stem->word);
	guint at = draft->n_rare;

	for (; at > 0; at--) {
		const int order =
			by_rarity(wordbook_word(compiler->words,
						draft->rare[at - 1].word),
				  word);

		if (order == 0)
			return;
		if (order < 0)
			break;
	}
	if (at == RARE_MAX)
		return;
	draft->n_rare = MIN(draft->n_rare + 1, RARE_MAX);
	memmove(&draft->rare[at + 1], &draft->rare[at],
		(draft->n_rare - 1 - at) * sizeof draft->rare[0]);
	draft->rare[at] = *stem;
}

static void
rare_compile(const struct compiler *compiler, struct interest_item *item,
	     const struct item_draft *draft)
{
	item->n_rare = draft->n_rare;
	for (guint i = 0; i < draft->n_rare; i++)
		item->rare_idf +=
			wordbook_word(compiler->words, draft->rare[i].word)
				->idf;
	g_array_append_vals(compiler->stems, draft->rare, draft->n_rare);
}

/* Stems of `source` among the item's, and the rarest of them. */
static void
stems_count(const struct compiler *compiler, const char *source, guint16 times,
	    struct item_draft *draft)
{
	struct item_text text = item_text_new(source);

	for (guint i = 0; i < text.words->len; i++) {
		struct draft_stem stem;
		const guint64 *forms;

		if (!stem_read(compiler, &text, i, times > 1, &stem))
			continue;
		forms = wordbook_word(compiler->words, stem.word)->forms;
		for (guint k = 0; k < stem.n; k++) {
			const struct term term = { term_bucket_word(TERM_STEM,
								    forms[k]),
						   times, TERM_STEM };

			g_array_append_val(draft->buckets, term);
		}
		rare_add(compiler, draft, &stem);
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
	g_autofree char *words = keywords_join(keywords);
	g_autofree char *all = g_strjoin(" ", name, about, words, NULL);
	g_autofree char *short_text = g_strjoin(" ", name, words, NULL);
	g_autoptr(GArray) buckets =
		g_array_new(FALSE, FALSE, sizeof(struct term));
	struct item_draft draft = { .buckets = buckets };

	item->until_us = G_MAXINT64;
	stems_count(compiler, name, 1, &draft);
	stems_count(compiler, about, 1, &draft);
	stems_count(compiler, words, KEYWORD_TIMES, &draft);
	stems_compile(interest, number, buckets);
	letters_compile(interest, number, all);
	letters_compile(interest, ITEMS_MAX + number, short_text);
	for (guint i = 0; keywords[i] != NULL; i++)
		phrase_compile(compiler, item, keywords[i]);
	phrase_compile(compiler, item, name);
	rare_compile(compiler, item, &draft);
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

/* The stems of all items in a row, and where each item's are. */
static void
items_place(const struct compiler *compiler)
{
	struct interest *interest = compiler->interest;
	const guint8 *phrases;
	guint16 *places;

	interest->n_phrases = compiler->phrases->len;
	interest->phrases = g_memdup2(compiler->phrases->data,
				      interest->n_phrases * sizeof *phrases);
	interest->n_places = compiler->stems->len;
	interest->places = g_new(guint16, interest->n_places);
	for (guint i = 0; i < interest->n_places; i++) {
		const struct draft_stem *stem =
			&g_array_index(compiler->stems, struct draft_stem, i);

		interest->places[i] = (guint16)wordbook_keep(
			compiler->words, stem->word, stem->n);
	}
	wordbook_give(compiler->words, interest);
	phrases = interest->phrases;
	places = interest->places;
	for (guint i = 0; i < interest->n_items; i++) {
		struct interest_item *item = &interest->items[i];

		item->phrases = phrases;
		item->stems = places;
		for (guint k = 0; k < item->n_phrases; k++)
			places += *phrases++;
		item->rare = places;
		places += item->n_rare;
	}
}

struct interest *
interest_new(const struct profile *profile, const struct background *background)
{
	struct interest *interest = g_new0(struct interest, 1);
	const char *language = profile_language(profile);
	g_autoptr(Wordbook) words = NULL;
	g_autoptr(GArray) phrases = g_array_new(FALSE, FALSE, sizeof(guint8));
	g_autoptr(GArray) stems =
		g_array_new(FALSE, FALSE, sizeof(struct draft_stem));
	struct compiler compiler = { interest, NULL, phrases, stems };

	interest->idf = background_table(background);
	interest->idf_unseen = background_idf_max(background);
	interest->stems = postings_new();
	interest->letters = postings_new();
	interest->words = copied_words_new(profile, language);
	words = wordbook_new(interest, language, background_stems(background));
	compiler.words = words;
	items_compile(&compiler, profile);
	items_place(&compiler);
	postings_seal(interest->stems);
	postings_seal(interest->letters);
	return interest;
}

void
interest_free(struct interest *interest)
{
	if (interest == NULL)
		return;
	g_free(interest->items);
	g_free(interest->vocabulary);
	g_free(interest->forms);
	g_free(interest->slots);
	g_free(interest->phrases);
	g_free(interest->places);
	copied_words_free(interest->words);
	postings_free(interest->stems);
	postings_free(interest->letters);
	g_free(interest);
}

gsize
interest_bytes(const struct interest *interest)
{
	return sizeof *interest + interest->n_items * sizeof *interest->items +
	       (interest->n_vocabulary + 1) * sizeof *interest->vocabulary +
	       interest->vocabulary[interest->n_vocabulary].forms *
		       sizeof *interest->forms +
	       (interest->slots_mask + 1) * sizeof *interest->slots +
	       interest->n_phrases * sizeof *interest->phrases +
	       interest->n_places * sizeof *interest->places +
	       copied_words_bytes(interest->words) +
	       postings_bytes(interest->stems) +
	       postings_bytes(interest->letters);
}
