#include "features/sketch.h"

#include <math.h>

#include "interest_private.h"
#include "likeness_private.h"
#include "terms_private.h"

/* What stems tell of an item, and 1. */
enum known { KNOWN_STEMS, KNOWN_PHRASES, KNOWN_PARTS, KNOWN_RARE, KNOWN_ONE };
#define KNOWNS (KNOWN_ONE + 1)

/* Each likeness from what is known; features/sketch.h says where from. */
static const float estimates[LIKES][KNOWNS] = {
	[LIKE_STEMS] = { 1, 0, 0, 0, 0 },
	[LIKE_LETTERS] = { 0.87197f, 0.00014f, 0.00823f, -0.03361f, 0.01464f },
	[LIKE_KEYWORDS] = { 0.47731f, 0.00336f, 0.09379f, -0.04331f, 0.00768f },
	[LIKE_SUBJECT] = { 0.92277f, -0.00038f, -0.06901f, -0.04531f,
			   -0.00183f },
	[LIKE_OPENING] = { 1.03327f, 0.00020f, -0.03444f, -0.02202f,
			   -0.00090f },
	[LIKE_SENTENCE] = { 0.90215f, -0.00599f, 0.16002f, 0.10816f, 0.00402f },
	[LIKE_SENTENCES] = { 0.63096f, -0.00057f, 0.04933f, 0.02735f,
			     0.00117f },
	[LIKE_PHRASES] = { 3.06978f, 0.61535f, -0.48491f, 0.08414f, -0.01244f },
	[LIKE_PARTS] = { 0, 0, 1, 0, 0 },
	[LIKE_TITLE] = { 3.49463f, 0.10241f, -0.50681f, -0.12944f, -0.01173f },
	[LIKE_RARE] = { 0, 0, 0, 1, 0 },
};

/* Which buckets a message has. */
struct bucket_set {
	guint8 bits[TERM_BUCKETS / 8];
};

static void
set_add(struct bucket_set *set, guint32 bucket)
{
	set->bits[bucket / 8] |= (guint8)(1u << (bucket % 8));
}

static gboolean
set_has(const struct bucket_set *set, guint32 bucket)
{
	return (set->bits[bucket / 8] >> (bucket % 8)) & 1;
}

static gboolean
stem_stands(const struct bucket_set *set, struct interest_forms forms)
{
	for (; forms.begin < forms.end; forms.begin++)
		if (set_has(set, term_bucket_word(TERM_STEM, *forms.begin)))
			return TRUE;
	return FALSE;
}

/* How many of the stems stand there; `weight` grows by theirs, one by one. */
static guint
count_standing(const struct bucket_set *set, const struct interest *interest,
	       const guint16 *stems, guint n, float *weight)
{
	guint there = 0;

	for (guint i = 0; i < n; i++) {
		if (!stem_stands(set, interest_forms(interest, stems[i])))
			continue;
		*weight += interest->vocabulary[stems[i]].idf;
		there++;
	}
	return there;
}

static void
know_phrases(const struct bucket_set *set, const struct interest *interest,
	     const struct interest_item *item, float *known)
{
	const guint16 *stems = item->stems;
	float whole = 0;
	float parts = 0;

	for (guint i = 0; i < item->n_phrases; stems += item->phrases[i++]) {
		const guint n = item->phrases[i];

		if (count_standing(set, interest, stems, n, &parts) == n)
			whole += interest_phrase_idf(interest, stems, n);
	}
	known[KNOWN_PHRASES] = log1pf(whole);
	known[KNOWN_PARTS] = parts / MAX(item->phrases_idf, 1.0f);
}

static void
know_rare(const struct bucket_set *set, const struct interest *interest,
	  const struct interest_item *item, float *known)
{
	float rare = 0;

	count_standing(set, interest, item->rare, item->n_rare, &rare);
	known[KNOWN_RARE] = rare / MAX(item->rare_idf, 1.0f);
}

/* No likeness is under 0, whatever a line through many of them says. */
static void
estimate(const float *known, float *likes)
{
	for (guint i = 0; i < LIKES; i++) {
		float sum = 0;

		for (guint k = 0; k < KNOWNS; k++)
			sum += estimates[i][k] * known[k];
		likes[i] = MAX(sum, 0.0f);
	}
}

void
sketch_vector(const struct term *stems, guint n,
	      const struct interest *interest, gint64 now_us,
	      struct vector *vector, int *priority)
{
	g_autofree struct bucket_set *set = g_new0(struct bucket_set, 1);
	float likes[ITEMS_MAX][LIKES] = { { 0 } };
	float sums[ITEMS_MAX] = { 0 };
	double squares = 0;
	float norm;

	for (guint i = 0; i < n; i++) {
		const guint32 bucket = stems[i].bucket;
		const float weight =
			interest_idf(interest, bucket) * term_times(&stems[i]);

		if (stems[i].block != TERM_STEM)
			continue;
		set_add(set, bucket);
		squares += (double)(weight * weight);
		postings_sum(interest->stems,
			     postings_find(interest->stems, bucket), weight,
			     sums);
	}
	norm = squares > 0 ? (float)(1.0 / sqrt(squares)) : 0.0f;
	for (guint i = 0; i < interest->n_items; i++) {
		float known[KNOWNS] = {
			[KNOWN_STEMS] = sums[i] * norm, [KNOWN_ONE] = 1
		};

		know_phrases(set, interest, &interest->items[i], known);
		know_rare(set, interest, &interest->items[i], known);
		estimate(known, likes[i]);
	}
	likeness_vector(likes, interest, now_us, vector, priority);
}
