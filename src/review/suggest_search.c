#include <math.h>
#include <string.h>

#include "suggest_private.h"

/* Once in 20, by all words looked at together. */
#define CHANCE_MAX 0.05

/* A word that only one sender put into a subject is not looked at. */
#define SUBJECTS_MIN 2

/* A word this usual in mail tells nothing. */
#define USUAL 0.1

/* Among the others a word must be so many times rarer. */
#define RARER 4

/* The background stands for so many senders more who were not wanted. */
#define BACKGROUND_SENDERS 20

gboolean
suggest_has(const struct suggest_mail *mail, guint64 stem)
{
	return g_hash_table_contains(mail->stems, &stem) ||
	       (mail->buckets &&
		g_hash_table_contains(
			mail->buckets,
			GUINT_TO_POINTER(term_bucket_word(TERM_STEM, stem) +
					 1)));
}

guint
suggest_senders(const GPtrArray *mails, enum suggest_side side, guint64 stem)
{
	g_autoptr(GHashTable) senders =
		g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < mails->len; i++) {
		const struct suggest_mail *mail = mails->pdata[i];

		if (mail->side == side &&
		    (stem == 0 || suggest_has(mail, stem)))
			g_hash_table_add(senders, mail->sender);
	}
	return g_hash_table_size(senders);
}

/* A word of subjects, and who of the side wrote it. */
struct candidate {
	const char *shown;
	GHashTable *senders;
	GHashTable *everybody; /* of either side */
};

static void
candidate_free(gpointer data)
{
	struct candidate *candidate = data;

	g_hash_table_unref(candidate->senders);
	g_hash_table_unref(candidate->everybody);
	g_free(candidate);
}

static void
take_words(const struct suggest_mail *mail, const struct suggest_search *search,
	   GHashTable *candidates)
{
	for (guint i = 0; i < mail->words->len; i++) {
		const struct suggest_word *word = mail->words->pdata[i];
		struct candidate *candidate;

		if (g_hash_table_contains(search->known, &word->stem))
			continue;
		candidate = g_hash_table_lookup(candidates, &word->stem);
		if (!candidate) {
			candidate = g_new0(struct candidate, 1);
			candidate->shown = word->shown;
			candidate->senders =
				g_hash_table_new(g_str_hash, g_str_equal);
			candidate->everybody =
				g_hash_table_new(g_str_hash, g_str_equal);
			g_hash_table_insert(
				candidates,
				g_memdup2(&word->stem, sizeof(word->stem)),
				candidate);
		}
		g_hash_table_add(candidate->everybody, mail->sender);
		if (mail->side == search->side)
			g_hash_table_add(candidate->senders, mail->sender);
	}
}

/* In how much mail the word is anyway; negative: not known. */
static double
usual(const struct background *background, guint64 stem)
{
	const guint8 *table = background ? background_table(background) : NULL;
	const guint32 bucket = term_bucket_word(TERM_STEM, stem);

	return table && table[bucket] > 0
		       ? exp(-(double)background_idf(table, bucket))
		       : -1;
}

static double
ln_choose(guint n, guint k)
{
	return lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
}

/*
 * That by chance `hits` or more of `of` senders have a word that `with` of
 * `all` have (Fisher's exact test, one-sided).
 */
static double
fisher(guint hits, guint of, guint with, guint all)
{
	double sum = 0;

	for (guint k = hits; k <= MIN(with, of); k++)
		if (with - k <= all - of)
			sum += exp(ln_choose(with, k) +
				   ln_choose(all - with, of - k) -
				   ln_choose(all, of));
	return MIN(sum, 1);
}

/* FALSE: it tells nothing, whoever has it. */
static gboolean
weigh(const struct suggest_search *search, struct suggest_finding *finding,
      double *least)
{
	const double share = usual(search->background, finding->stem);
	guint misses = finding->misses;
	guint others = finding->others;

	if (share > USUAL)
		return FALSE;
	if (share >= 0) {
		misses += (guint)lround(share * BACKGROUND_SENDERS);
		others += BACKGROUND_SENDERS;
	}
	finding->chance = fisher(finding->hits, finding->of,
				 finding->hits + misses, finding->of + others);
	*least = fisher(MIN(finding->hits + misses, finding->of), finding->of,
			finding->hits + misses, finding->of + others);
	return *least <= CHANCE_MAX;
}

/* Usual among the others, too: no test makes a keyword of it. */
static gboolean
is_rarer(const struct suggest_finding *finding)
{
	return (guint64)finding->misses * finding->of * RARER <=
	       (guint64)finding->hits * finding->others;
}

static void
finding_free(gpointer data)
{
	struct suggest_finding *finding = data;

	g_free(finding->shown);
	g_free(finding);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct suggest_finding *left =
		*(const struct suggest_finding *const *)a;
	const struct suggest_finding *right =
		*(const struct suggest_finding *const *)b;

	if (left->chance != right->chance)
		return left->chance < right->chance ? -1 : 1;
	return strcmp(left->shown, right->shown);
}

/* Words of all subjects: how many are looked at must not hang on labels. */
static GHashTable *
collect(const struct suggest_search *search)
{
	GHashTable *candidates = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, candidate_free);

	for (guint i = 0; i < search->mails->len; i++)
		take_words(search->mails->pdata[i], search, candidates);
	return candidates;
}

/* What can tell at all (Tarone 1990), its chance not yet corrected. */
static GPtrArray *
test(const struct suggest_search *search, GHashTable *candidates)
{
	const enum suggest_side other =
		search->side == SIDE_RELEVANT ? SIDE_IRRELEVANT : SIDE_RELEVANT;
	const guint of = suggest_senders(search->mails, search->side, 0);
	const guint others = suggest_senders(search->mails, other, 0);
	GPtrArray *tested = g_ptr_array_new_with_free_func(finding_free);
	GHashTableIter iter;
	gpointer stem;
	gpointer value;

	g_hash_table_iter_init(&iter, candidates);
	while (g_hash_table_iter_next(&iter, &stem, &value)) {
		const struct candidate *candidate = value;
		struct suggest_finding finding = { .stem = *(guint64 *)stem,
						   .of = of,
						   .others = others };
		double least;

		if (g_hash_table_size(candidate->everybody) < SUBJECTS_MIN)
			continue;
		finding.hits = suggest_senders(search->mails, search->side,
					       finding.stem);
		finding.misses =
			suggest_senders(search->mails, other, finding.stem);
		if (!weigh(search, &finding, &least))
			continue;
		finding.subjects = g_hash_table_size(candidate->senders);
		finding.shown = g_strdup(candidate->shown);
		g_ptr_array_add(tested, g_memdup2(&finding, sizeof(finding)));
	}
	return tested;
}

GPtrArray *
suggest_search(const struct suggest_search *search)
{
	g_autoptr(GHashTable) candidates = collect(search);
	GPtrArray *found = test(search, candidates);
	const guint tested = found->len;

	for (guint i = 0; i < found->len;) {
		struct suggest_finding *finding = found->pdata[i];

		finding->chance = MIN(finding->chance * tested, 1);
		if (finding->chance > CHANCE_MAX || !is_rarer(finding) ||
		    finding->subjects < search->subjects_min)
			g_ptr_array_remove_index(found, i);
		else
			i++;
	}
	g_ptr_array_sort(found, compare);
	return found;
}
