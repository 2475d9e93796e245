#include "features/relevance.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "copied_private.h"
#include "interest_private.h"
#include "likeness_private.h"
#include "phrases_private.h"
#include "terms_private.h"

#define SENTENCES_MAX	   60
#define SENTENCE_STEMS_MIN 3
#define FADING_DAYS	   90 /* of interest after a decision date */
#define BEST_SENTENCES	   3

/* Behind them stand four sums of the same, weighted. */
enum {
	SUM_BEST = LIKES, /* of the best priority */
	SUM_REFUSED,	  /* of the nearest refusal */
	SUM_MARGIN,	  /* best priority over the second */
	SUM_EXCLUDED,	  /* of the nearest thing a priority rules out */
	FEATURES
};

static const char *const feature_names[FEATURES] = {
	"stems",	"letters",	   "keyword-letters", "subject",
	"opening",	"best-sentence",   "sentences",	      "phrases",
	"phrase-parts", "subject-phrases", "rare-stems",      "overall",
	"refused",	"margin",	   "excluded",
};

/* How much each likeness counts when items are ranked. */
static const float rank_weight[LIKES] = { 1.0f, 2.0f,  1.0f, 0.5f,  0.5f, 0.5f,
					  0.5f, 0.05f, 0.5f, 0.02f, 0.5f };

/* What brings each likeness to about unit spread over outreach mail. */
static const float feature_scale[FEATURES] = { 12, 12, 12, 8, 8, 6, 8, 1,
					       4,  1,  4,  3, 3, 3, 3 };

/* One message held against one buyer's items. */
struct comparison {
	struct reading *reading;
	const struct interest *interest;
	struct lookups lookups;
	float likes[ITEMS_MAX][LIKES];
};

guint
relevance_count(void)
{
	return FEATURES;
}

const char *
relevance_name(guint index)
{
	return index < FEATURES ? feature_names[index] : "";
}

/* Cosines of one run of stems with all items; FALSE when it is too short. */
static gboolean
run_cosines(const struct postings *stems, const struct lookup *lookups,
	    guint from, guint to, float *sums, double *squares)
{
	guint n = 0;

	for (guint i = from; i < to; i++) {
		float idf = lookups[i].idf;

		if (idf <= 0.0f)
			continue;
		*squares += (double)(idf * idf);
		postings_sum(stems, lookups[i].row, idf, sums);
		n++;
	}
	return n >= SENTENCE_STEMS_MIN;
}

static void
store_cosines(struct comparison *c, enum likeness like, const float *sums,
	      double squares)
{
	float norm = squares > 0 ? (float)(1.0 / sqrt(squares)) : 0.0f;

	for (guint i = 0; i < c->interest->n_items; i++)
		c->likes[i][like] = sums[i] * norm;
}

static void
compare_runs(struct comparison *c)
{
	const struct reading_text *subject = &c->reading->subject;
	const struct reading_text *text = &c->reading->text;
	const struct postings *stems = c->interest->stems;
	float sums[ITEMS_MAX] = { 0 };
	double squares = 0;

	run_cosines(stems, c->lookups.subject, 0, subject->words->len, sums,
		    &squares);
	store_cosines(c, LIKE_SUBJECT, sums, squares);
	run_cosines(stems, c->lookups.text, 0,
		    MIN(text->words->len, OPENING_WORDS), sums, &squares);
	store_cosines(c, LIKE_OPENING, sums, squares);
}

/* Keeps the three best in falling order. */
static void
keep_best(float best[BEST_SENTENCES], float value)
{
	for (guint i = 0; i < BEST_SENTENCES; i++) {
		if (value > best[i]) {
			float pushed = best[i];

			best[i] = value;
			value = pushed;
		}
	}
}

static guint
sentence_end(const struct reading_text *text, guint from, guint to)
{
	guint i = from + 1;

	while (i < to && !g_array_index(text->words, struct word, i).gap)
		i++;
	return i;
}

static void
compare_sentences(struct comparison *c)
{
	const struct reading_text *text = &c->reading->text;
	guint words = MIN(text->words->len, READING_STEMS_MAX);
	float best[ITEMS_MAX][BEST_SENTENCES] = { { 0 } };
	guint n = 0;

	for (guint at = 0; at < words && n < SENTENCES_MAX;) {
		guint end = sentence_end(text, at, words);
		float sums[ITEMS_MAX] = { 0 };
		double squares = 0;

		if (run_cosines(c->interest->stems, c->lookups.text, at, end,
				sums, &squares)) {
			n++;
			for (guint i = 0; i < c->interest->n_items; i++)
				keep_best(best[i],
					  sums[i] / (float)sqrt(squares));
		}
		at = end;
	}
	for (guint i = 0; i < c->interest->n_items; i++) {
		c->likes[i][LIKE_SENTENCE] = best[i][0];
		c->likes[i][LIKE_SENTENCES] =
			(best[i][0] + best[i][1] + best[i][2]) / 3.0f;
	}
}

/* Terms by how often they stand there against all items of one index. */
static void
compare_block(const struct comparison *c, const GArray *terms,
	      const struct postings *postings, float *sums, double *squares)
{
	for (guint i = 0; i < terms->len; i++) {
		const struct term *term = &g_array_index(terms, struct term, i);
		float weight = interest_idf(c->interest, term->bucket) *
			       term_times(term);

		*squares += (double)(weight * weight);
		postings_sum(postings, postings_find(postings, term->bucket),
			     weight, sums);
	}
}

static void
compare_terms(struct comparison *c)
{
	g_autoptr(GArray) stems = terms_new(c->reading, 1u << TERM_STEM);
	float sums[2 * ITEMS_MAX] = { 0 };
	double squares = 0;

	compare_block(c, terms_letters(c->reading), c->interest->letters, sums,
		      &squares);
	store_cosines(c, LIKE_LETTERS, sums, squares);
	store_cosines(c, LIKE_KEYWORDS, sums + ITEMS_MAX, squares);
	memset(sums, 0, sizeof sums);
	squares = 0;
	compare_block(c, stems, c->interest->stems, sums, &squares);
	store_cosines(c, LIKE_STEMS, sums, squares);
}

static void
compare(struct comparison *c)
{
	const struct interest *interest = c->interest;
	struct phrases phrases = phrases_read(c->reading, interest);

	compare_terms(c);
	compare_runs(c);
	compare_sentences(c);
	for (guint i = 0; i < interest->n_items; i++)
		phrases_like(&phrases, &interest->items[i], c->likes[i]);
	phrases_clear(&phrases);
}

/* 1 while an item counts, then falling to 0 over the days of fading. */
static float
item_life(const struct interest_item *item, gint64 now_us)
{
	gint64 past = now_us - item->until_us;

	if (item->dropped)
		return 0.0f;
	if (now_us <= item->until_us)
		return 1.0f;
	if (item->fades && past < FADING_DAYS * CLOCK_DAY_US)
		return 1.0f - (float)past / (float)(FADING_DAYS * CLOCK_DAY_US);
	return 0.0f;
}

/* Likenesses to an item past its date shrink with it. */
static void
apply_lives(float (*likes)[LIKES], const struct interest *interest,
	    gint64 now_us)
{
	for (guint i = 0; i < interest->n_items; i++) {
		float life = item_life(&interest->items[i], now_us);

		for (guint k = 0; k < LIKES; k++)
			likes[i][k] *= life;
	}
}

static float
rank_of(const float likes[LIKES])
{
	float sum = 0;

	for (guint i = 0; i < LIKES; i++)
		sum += likes[i] * rank_weight[i];
	return sum;
}

/* The best item of a side by rank, and both best ranks; -1 without any. */
static int
best_item(float (*likes)[LIKES], guint from, guint to, float ranks[2])
{
	int best = -1;

	ranks[0] = ranks[1] = 0;
	for (guint i = from; i < to; i++) {
		float rank = rank_of(likes[i]);

		if (best < 0 || rank > ranks[0]) {
			ranks[1] = ranks[0];
			ranks[0] = rank;
			best = (int)i;
		} else if (rank > ranks[1]) {
			ranks[1] = rank;
		}
	}
	return best;
}

void
likeness_vector(float (*likes)[LIKES], const struct interest *interest,
		gint64 now_us, struct vector *vector, int *priority)
{
	float values[FEATURES] = { 0 };
	float wanted[2];
	float refused[2];
	float excluded[2];
	int best;
	int worst;

	apply_lives(likes, interest, now_us);
	best = best_item(likes, 0, interest->n_priorities, wanted);
	worst = best_item(likes, interest->n_priorities, interest->n_sides,
			  refused);
	best_item(likes, interest->n_sides, interest->n_items, excluded);
	for (guint i = 0; i < LIKES; i++) {
		values[i] += best >= 0 ? likes[best][i] : 0;
		values[i] -= worst >= 0 ? likes[worst][i] : 0;
	}
	values[SUM_BEST] = wanted[0];
	values[SUM_REFUSED] = refused[0];
	values[SUM_MARGIN] = wanted[0] - wanted[1];
	values[SUM_EXCLUDED] = excluded[0];
	for (guint i = 0; i < FEATURES; i++)
		vector_add(vector, i, values[i] * feature_scale[i]);
	*priority = wanted[0] > 0 ? best : -1;
}

void
relevance_vector(struct reading *reading, const struct interest *interest,
		 gint64 now_us, struct vector *vector, int *priority,
		 gboolean *copied)
{
	struct comparison *c = g_new0(struct comparison, 1);
	struct reading *cut;

	c->lookups = lookups_read(reading, interest);
	cut = copied_cut(reading, interest, &c->lookups);
	c->reading = cut != NULL ? cut : reading;
	c->interest = interest;
	if (cut != NULL) {
		lookups_clear(&c->lookups);
		c->lookups = lookups_read(cut, interest);
	}
	compare(c);
	likeness_vector(c->likes, interest, now_us, vector, priority);
	if (copied)
		*copied = cut != NULL;
	lookups_clear(&c->lookups);
	copied_free(cut);
	g_free(c);
}
