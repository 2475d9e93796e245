/* How well a document answers. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "market/glean.h"
#include "research_private.h"

/* Words so far apart stand together; past the other they have nothing to do
 * with each other. */
#define NEAR 2
#define FAR  10

/* What of the question was met so far. */
struct reading_state {
	const struct research_words *words;
	guint at;			 /* words read */
	guint last[RESEARCH_WORDS_MAX];	 /* place of each and one; 0: none */
	double said[RESEARCH_WORDS_MAX]; /* how rare its rarest form is */
	double near[RESEARCH_WORDS_MAX]; /* of each to the one before it */
};

static double
nearness(guint distance)
{
	if (distance <= NEAR)
		return 1;
	return distance >= FAR ? 0
			       : 1 - (double)(distance - NEAR) / (FAR - NEAR);
}

static void
approach(struct reading_state *state, guint word, guint distance)
{
	state->near[word] = MAX(state->near[word], nearness(distance));
}

static double
rarity_of(const struct research_word *word, const char *term)
{
	for (guint i = 0; i < word->forms->len; i++) {
		const struct research_form *form = word->forms->pdata[i];

		if (strcmp(form->term, term) == 0)
			return form->rarity;
	}
	return 0;
}

static void
meet(struct reading_state *state, const struct research_word *met,
     const char *term)
{
	const guint at = state->at + 1;
	const guint word = met->place;

	state->said[word] = MAX(state->said[word], rarity_of(met, term));
	state->last[word] = at;
	if (word > 0 && state->last[word - 1] > 0)
		approach(state, word, at - state->last[word - 1]);
	if (word + 1 < state->words->words->len && state->last[word + 1] > 0)
		approach(state, word + 1, at - state->last[word + 1]);
}

/* Reads terms with blanks between. */
static void
read_terms(struct reading_state *state, const char *terms)
{
	g_autofree char *copy = g_strdup(terms);
	char *at = copy;

	for (;;) {
		const gsize len = strcspn(at, " ");
		const gboolean last = at[len] == '\0';
		const struct research_word *word;

		at[len] = '\0';
		word = g_hash_table_lookup(state->words->places, at);
		if (word)
			meet(state, word, at);
		state->at++;
		if (last)
			return;
		at += len + 1;
	}
}

static double
coverage(const struct reading_state *state)
{
	double sum = 0;

	for (guint i = 0; i < state->words->words->len; i++)
		sum += state->said[i];
	return sum / MAX(state->words->rarity, DBL_MIN);
}

static double
together(const struct reading_state *state)
{
	const GPtrArray *words = state->words->words;
	double sum = 0;
	double all = 0;

	if (words->len < 2)
		return coverage(state);
	for (guint i = 1; i < words->len; i++) {
		const struct research_word *left = words->pdata[i - 1];
		const struct research_word *right = words->pdata[i];
		const double weight = MIN(left->rarity, right->rarity);

		sum += weight * state->near[i];
		all += weight;
	}
	return sum / MAX(all, DBL_MIN);
}

double
research_match(const struct research_question *question,
	       const struct research_find *find)
{
	const struct store_document *document = find->document;
	struct reading_state title = { .words = question->words };
	struct reading_state text = { .words = question->words };
	g_autofree char *title_terms =
		document->title_terms && *document->title_terms
			? g_strdup(document->title_terms)
			: glean_terms(document->title);
	g_autofree char *terms = document->terms && *document->terms
					 ? g_strdup(document->terms)
					 : glean_terms(document->text);

	read_terms(&title, title_terms);
	text = title;
	text.at += FAR;
	read_terms(&text, terms);
	return RESEARCH_BM25_SHARE * find->bm25 +
	       RESEARCH_COVERAGE_SHARE * coverage(&text) +
	       RESEARCH_TITLE_SHARE * coverage(&title) +
	       RESEARCH_NEAR_SHARE * together(&text);
}

double
research_freshness(gint64 time_us, gint64 now_us)
{
	const double days =
		(double)MAX(0, now_us - time_us) / (double)CLOCK_DAY_US;

	return exp2(-days / RESEARCH_HALF_LIFE_DAYS);
}
