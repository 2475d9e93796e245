#include "phrases_private.h"

#include <math.h>

#include "likeness_private.h"

static guint
count_stems(const struct reading_text *text)
{
	const guint n = MIN(text->words->len, READING_STEMS_MAX);
	guint stems = 0;

	for (guint i = 0; i < n; i++)
		stems += text->stem[i] != 0;
	return stems;
}

static void
set_begin(struct stem_set *set, guint stems)
{
	guint size = 64;

	while (size < stems * 4)
		size *= 2;
	set->mask = size - 1;
	set->slots = g_new0(guint64, size);
}

static guint64 *
set_place(const struct stem_set *set, guint64 key)
{
	guint slot = (guint)(key >> 20) & set->mask;

	while (set->slots[slot] != 0 && set->slots[slot] != key)
		slot = (slot + 1) & set->mask;
	return &set->slots[slot];
}

static gboolean
set_has(const struct stem_set *set, guint64 key)
{
	return *set_place(set, key) != 0;
}

/* Two stems beside each other are one key. */
static guint64
pair_key(guint64 a, guint64 b)
{
	return (a * 31 + b) | 1;
}

static void
set_add_text(struct stem_set *set, const struct reading_text *text)
{
	guint n = MIN(text->words->len, READING_STEMS_MAX);
	guint64 last = 0;

	for (guint i = 0; i < n; i++) {
		guint64 stem = text->stem[i];

		if (stem == 0)
			continue;
		*set_place(set, stem) = stem;
		if (last != 0)
			*set_place(set, pair_key(last, stem)) =
				pair_key(last, stem);
		last = stem;
	}
}

static gboolean
stem_stands(const struct stem_set *set, struct interest_forms forms)
{
	for (; forms.begin < forms.end; forms.begin++)
		if (set_has(set, *forms.begin))
			return TRUE;
	return FALSE;
}

/* Marks the stems of the vocabulary with that form. */
static void
form_mark(const struct interest *interest, guint64 form, guint8 *stands)
{
	guint slot = interest_slot(interest, form);

	for (; interest->slots[slot] != 0;
	     slot = (slot + 1) & interest->slots_mask) {
		const guint16 stem = (guint16)(interest->slots[slot] - 1);
		struct interest_forms forms = interest_forms(interest, stem);

		for (; forms.begin < forms.end; forms.begin++)
			if (*forms.begin == form)
				stands[stem] = 1;
	}
}

static void
stems_mark(const struct interest *interest, const struct reading_text *text,
	   guint8 *stands)
{
	const guint n = MIN(text->words->len, READING_STEMS_MAX);

	for (guint i = 0; i < n; i++)
		if (text->stem[i] != 0)
			form_mark(interest, text->stem[i], stands);
}

struct phrases
phrases_read(const struct reading *reading, const struct interest *interest)
{
	struct phrases phrases = { .reading = reading, .interest = interest };

	phrases.stands = g_malloc0(interest->n_vocabulary + 1);
	stems_mark(interest, &reading->subject, phrases.stands);
	stems_mark(interest, &reading->text, phrases.stands);
	return phrases;
}

void
phrases_clear(struct phrases *phrases)
{
	g_free(phrases->stands);
	g_free(phrases->subject.slots);
	g_free(phrases->text.slots);
}

static gboolean
pair_stands(const struct stem_set *set, struct interest_forms a,
	    struct interest_forms b)
{
	for (; a.begin < a.end; a.begin++)
		for (const guint64 *form = b.begin; form < b.end; form++)
			if (set_has(set, pair_key(*a.begin, *form)))
				return TRUE;
	return FALSE;
}

/* All its words stand there, and some two of them beside each other. */
static gboolean
phrase_stands(const struct stem_set *set, const struct interest *interest,
	      const guint16 *stems, guint n)
{
	gboolean beside = n == 1;

	for (guint i = 0; i < n; i++) {
		if (!stem_stands(set, interest_forms(interest, stems[i])))
			return FALSE;
		if (i > 0 && !beside)
			beside = pair_stands(
				set, interest_forms(interest, stems[i - 1]),
				interest_forms(interest, stems[i]));
	}
	return beside;
}

/* How many of the stems stand there; `weight` grows by theirs, one by one. */
static guint
count_standing(const struct phrases *phrases, const guint16 *stems, guint n,
	       float *weight)
{
	const guint8 *stands = phrases->stands;
	guint there = 0;

	for (guint i = 0; i < n; i++) {
		if (!stands[stems[i]])
			continue;
		*weight += phrases->interest->vocabulary[stems[i]].idf;
		there++;
	}
	return there;
}

/* Few messages have all words of any phrase: for them, once. */
static void
sets_make(struct phrases *phrases)
{
	const struct reading_text *text = &phrases->reading->text;
	const struct reading_text *subject = &phrases->reading->subject;
	const guint titled = count_stems(subject);

	if (phrases->text.slots != NULL)
		return;
	set_begin(&phrases->subject, titled);
	set_begin(&phrases->text, titled + count_stems(text));
	set_add_text(&phrases->subject, subject);
	set_add_text(&phrases->text, subject);
	set_add_text(&phrases->text, text);
}

void
phrases_like(struct phrases *phrases, const struct interest_item *item,
	     float *likes)
{
	const struct interest *interest = phrases->interest;
	const guint16 *stems = item->stems;
	float whole = 0;
	float parts = 0;
	float titled = 0;
	float rare = 0;

	for (guint i = 0; i < item->n_phrases; stems += item->phrases[i++]) {
		const guint n = item->phrases[i];

		/* What is in the subject is in the text's set too. */
		if (count_standing(phrases, stems, n, &parts) < n)
			continue;
		sets_make(phrases);
		if (phrase_stands(&phrases->text, interest, stems, n))
			whole += interest_phrase_idf(interest, stems, n);
		if (phrase_stands(&phrases->subject, interest, stems, n))
			titled += interest_phrase_idf(interest, stems, n);
	}
	count_standing(phrases, item->rare, item->n_rare, &rare);
	likes[LIKE_PHRASES] = log1pf(whole);
	likes[LIKE_TITLE] = log1pf(titled);
	likes[LIKE_PARTS] = parts / MAX(item->phrases_idf, 1.0f);
	likes[LIKE_RARE] = rare / MAX(item->rare_idf, 1.0f);
}
