#include "copied_private.h"

#include <string.h>

#include "copied_words_private.h"

/* So many words with a meaning in a row, and the share of their weight that
 * is the profile's from which they are copied. */
struct limit {
	guint run;
	float share;
};

/* Beyond the extremes of a thousand honest mails, relevant ones included. */
static const struct limit text_limits[] = {
	{ 16, 0.94f }, { 20, 0.88f }, { 24, 0.82f }, { 32, 0.75f },
	{ 48, 0.69f }, { 64, 0.62f }, { 96, 0.53f }, { 128, 0.48f },
};

static const struct limit subject_limits[] = { { 8, 0.95f }, { 12, 0.80f } };

/* Who copied once is believed less in all that is left. */
static const struct limit again_limits[] = { { 8, 0.70f },
					     { 24, 0.50f },
					     { 64, 0.42f } };

/* A word with a meaning. */
struct weighed {
	guint word; /* its place in the text */
	float all;  /* the weight of those before it ... */
	float own;  /* ... and of those of them that the profile has */
};

/* What is read of one text. */
struct passage {
	const struct reading_text *text;
	const struct lookup *lookups;
	const struct interest *interest;
};

static gboolean
stem_is_own(const struct passage *passage, guint i)
{
	const struct interest *interest = passage->interest;
	const struct postings *stems = interest->stems;
	guint row = passage->lookups[i].row;

	if (row == POSTINGS_NONE)
		return FALSE;
	for (; stems->items[row] >= interest->n_priorities; row++)
		if (postings_last(stems, row))
			return FALSE;
	return TRUE;
}

/* What the word at `i` is to the profile, by itself or its stem. */
static inline enum copied_word
word_kind(const struct passage *passage, guint i)
{
	enum copied_word kind;

	if (passage->text->stem[i] == 0)
		return WORD_FUNCTION;
	kind = copied_words_find(passage->interest->words,
				 passage->text->hash[i]);
	if (kind == WORD_FOREIGN && stem_is_own(passage, i))
		return WORD_OWN;
	return kind;
}

/* The words without a mark; behind the last of `n` stand the sums of all. */
static struct weighed *
words_weigh(const struct passage *passage, const guint8 *marks, guint *n)
{
	const guint words = MIN(passage->text->words->len, READING_STEMS_MAX);
	struct weighed *list = g_new(struct weighed, words + 1);
	struct weighed sum = { 0, 0.0f, 0.0f };

	*n = 0;
	for (guint i = 0; i < words; i++) {
		const float idf = passage->lookups[i].idf;
		const enum copied_word kind = word_kind(passage, i);

		if (kind == WORD_FUNCTION || marks[i])
			continue;
		sum.word = i;
		list[(*n)++] = sum;
		sum.all += idf;
		sum.own += kind == WORD_OWN ? idf : 0.0f;
	}
	list[*n] = sum;
	return list;
}

/*
 * How many runs behind one that lacks so much are short of the limit, too: each
 * step brings the weight of one word at most. Half of them, since sums are
 * rounded.
 */
static guint
runs_short(float lack, float heaviest)
{
	return lack > heaviest ? (guint)(lack / (2.0f * heaviest)) : 0;
}

/* Marks the words of all runs past the limit; FALSE without any. No word weighs
 * more than `heaviest`. */
static gboolean
runs_mark(const struct weighed *list, guint n, const struct limit *limit,
	  float heaviest, guint8 *marks)
{
	const guint run = limit->run;
	const float share = limit->share;
	gboolean any = FALSE;

	for (guint i = 0; i + run <= n; i++) {
		const struct weighed *end = &list[i + run];
		const guint from = list[i].word;
		const float own = end->own - list[i].own;
		const float limited = share * (end->all - list[i].all);

		if (own < limited) {
			i += runs_short(limited - own, heaviest);
			continue;
		}
		memset(marks + from, 1, end[-1].word + 1 - from);
		any = TRUE;
	}
	return any;
}

/* From the shortest runs to the longest, which are not to take a sender's own
 * words with them because of what he pasted beside them. */
static gboolean
text_mark(const struct passage *passage, const struct limit *limits,
	  guint n_limits, guint8 *marks)
{
	guint n;
	g_autofree struct weighed *list = words_weigh(passage, marks, &n);
	gboolean any = FALSE;

	for (guint i = 0; i < n_limits; i++) {
		if (!runs_mark(list, n, &limits[i],
			       passage->interest->idf_unseen, marks))
			continue;
		any = TRUE;
		g_free(list);
		list = words_weigh(passage, marks, &n);
	}
	return any;
}

static void
text_mark_again(const struct passage *passage, guint8 *marks)
{
	guint n;
	g_autofree struct weighed *list = words_weigh(passage, marks, &n);

	for (guint i = 0; i < G_N_ELEMENTS(again_limits); i++)
		(void)runs_mark(list, n, &again_limits[i],
				passage->interest->idf_unseen, marks);
}

/* Every word of the subject that is the profile's. */
static void
subject_mark(const struct passage *subject, guint8 *marks)
{
	for (guint i = 0; i < subject->text->words->len; i++)
		marks[i] = word_kind(subject, i) == WORD_OWN;
}

/* Blanks a marked word and, between two, what is no word there: a URL. */
static void
word_blank(struct reading_text *cut, const struct reading_text *text, guint i,
	   const guint8 *marks)
{
	const struct word *word = &g_array_index(text->words, struct word, i);
	gsize end = word->at + word->len;

	if (i + 1 < text->words->len && marks[i + 1])
		end = word[1].at;
	memset(cut->folded + word->at, ' ', end - word->at);
}

/* The words without a mark. Where some are missing a sentence ends, so that
 * what they parted does not become one. */
static void
text_cut(struct reading_text *cut, const struct reading_text *text,
	 const guint8 *marks)
{
	const guint n = text->words->len;
	guint8 gap = 0;

	cut->folded = g_strndup(text->folded, text->len);
	cut->words = g_array_sized_new(FALSE, FALSE, sizeof(struct word), n);
	cut->hash = g_new(guint64, n + 1);
	cut->stem = g_new0(guint64, MIN(n, READING_STEMS_MAX) + 1);
	for (guint i = 0; i < n; i++) {
		struct word word = g_array_index(text->words, struct word, i);
		const guint at = cut->words->len;

		if (marks[i]) {
			word_blank(cut, text, i, marks);
			gap = 1;
			continue;
		}
		cut->hash[at] = text->hash[i];
		if (i < READING_STEMS_MAX)
			cut->stem[at] = text->stem[i];
		word.gap |= gap;
		gap = 0;
		g_array_append_val(cut->words, word);
	}
}

struct reading *
copied_cut(struct reading *reading, const struct interest *interest,
	   const struct lookups *lookups)
{
	const struct passage text = { &reading->text, lookups->text, interest };
	const struct passage subject = { &reading->subject, lookups->subject,
					 interest };
	g_autofree guint8 *marks = g_malloc0(text.text->words->len + 1);
	guint8 titles[READING_SUBJECT_MAX] = { 0 };
	struct reading *cut;

	const gboolean in_text =
		text_mark(&text, text_limits, G_N_ELEMENTS(text_limits), marks);
	const gboolean in_subject = text_mark(
		&subject, subject_limits, G_N_ELEMENTS(subject_limits), titles);
	if (!in_text && !in_subject)
		return NULL;
	text_mark_again(&text, marks);
	subject_mark(&subject, titles);
	cut = g_memdup2(reading, sizeof *reading);
	cut->letters = NULL;
	cut->dense = NULL;
	text_cut(&cut->text, text.text, marks);
	text_cut(&cut->subject, subject.text, titles);
	return cut;
}

static void
text_free(struct reading_text *text)
{
	g_free(text->folded);
	g_free(text->hash);
	g_free(text->stem);
	g_array_unref(text->words);
}

void
copied_free(struct reading *cut)
{
	if (cut == NULL)
		return;
	text_free(&cut->text);
	text_free(&cut->subject);
	if (cut->letters != NULL)
		g_array_unref(cut->letters);
	g_free(cut);
}
