#include <string.h>

#include "base/clock.h"
#include "research_private.h"

#define HITS_DEFAULT 50

/* So many of the best are held against the models: each costs as much as
 * judging a mail. */
#define JUDGED_MAX 200

/* Of what nobody can tell how relevant it is. */
#define RELEVANCE_UNKNOWN 0.5

static void
free_array(GPtrArray *array)
{
	if (array)
		g_ptr_array_unref(array);
}

void
research_free(struct research *research)
{
	if (!research)
		return;
	g_free(research->text);
	free_array(research->vendors);
	free_array(research->hits);
	free_array(research->kinds);
	free_array(research->priorities);
	free_array(research->facet_vendors);
	free_array(research->months);
	free_array(research->quotes);
	g_free(research);
}

/* One asking, with all that ranking needs. */
struct asking {
	const struct research_query *query;
	const struct buyer *buyer; /* or NULL */
	const struct research_question *question;
	const struct research_judge *judge; /* or NULL */
	gint64 now_us;
};

/*
 * Before any model is asked: how near it is to the words of the priority that
 * the question is about; or as it was judged when it came, if that was for the
 * buyer (or nobody is asked for).
 */
static double
relevance_known(const struct asking *asking, const struct research_find *find)
{
	const struct store_document *document = find->document;
	const gboolean theirs =
		!asking->query->buyer ||
		g_strcmp0(document->buyer, asking->query->buyer) == 0;

	if (asking->question->topic)
		return find->topic;
	return theirs && document->relevance >= 0 ? document->relevance
						  : RELEVANCE_UNKNOWN;
}

static void
sum_up(struct research_hit *hit)
{
	hit->score = RESEARCH_MATCH_WEIGHT * hit->match +
		     RESEARCH_RELEVANCE_WEIGHT * hit->relevance +
		     RESEARCH_FRESHNESS_WEIGHT * hit->freshness;
}

static gint
best_first(gconstpointer a, gconstpointer b)
{
	const struct research_hit *left = *(struct research_hit *const *)a;
	const struct research_hit *right = *(struct research_hit *const *)b;

	if (left->score < right->score || left->score > right->score)
		return left->score < right->score ? 1 : -1;
	if (left->document->time_us != right->document->time_us)
		return left->document->time_us < right->document->time_us ? 1
									  : -1;
	return strcmp(left->document->id, right->document->id);
}

static struct research_hit *
rank(const struct asking *asking, struct research_find *find)
{
	struct research_hit *hit = research_hit_new();

	hit->match = research_match(asking->question, find);
	hit->relevance = relevance_known(asking, find);
	hit->document = g_steal_pointer(&find->document);
	hit->freshness =
		research_freshness(hit->document->time_us, asking->now_us);
	sum_up(hit);
	return hit;
}

/* The best by what is known, by what the models say. */
static void
judge_best(const struct asking *asking, GPtrArray *hits)
{
	for (guint i = 0; i < MIN(hits->len, JUDGED_MAX); i++) {
		struct research_hit *hit = hits->pdata[i];
		const double judged = research_judge_relevance(
			asking->judge, hit->document, asking->now_us);

		if (asking->question->topic)
			hit->relevance =
				RESEARCH_JUDGED_SHARE * judged +
				(1 - RESEARCH_JUDGED_SHARE) * hit->relevance;
		else
			hit->relevance = judged;
		sum_up(hit);
	}
}

static GPtrArray *
rank_all(const struct asking *asking, const GPtrArray *finds)
{
	GPtrArray *hits = g_ptr_array_new_with_free_func(
		(GDestroyNotify)research_hit_free);

	for (guint i = 0; i < finds->len; i++)
		g_ptr_array_add(hits, rank(asking, finds->pdata[i]));
	g_ptr_array_sort(hits, best_first);
	if (asking->judge) {
		judge_best(asking, hits);
		g_ptr_array_sort(hits, best_first);
	}
	return hits;
}

static void
finish(struct research *research, const struct vendor_book *book,
       const struct research_query *query,
       const struct research_question *question)
{
	const guint limit = query->limit > 0 ? query->limit : HITS_DEFAULT;

	research->collapsed = research_collapse(research->hits, book);
	research_facets(research, book);
	if (research->hits->len > limit) {
		g_ptr_array_set_size(research->hits, (gint)limit);
		research->cut = TRUE;
	}
	for (guint i = 0; i < research->hits->len; i++) {
		struct research_hit *hit = research->hits->pdata[i];

		hit->snippet = research_snippet(question, hit->document->text);
	}
}

struct research *
research_run(struct store *store, const struct vendor_book *book,
	     const struct snapshot *snapshot,
	     const struct research_query *query, GError **error)
{
	g_autoptr(Research) research = g_new0(struct research, 1);
	g_autoptr(ResearchQuestion) question =
		research_question_new(store, query->text, error);
	g_autoptr(ResearchJudge) judge = NULL;
	g_autoptr(GPtrArray) finds = NULL;
	struct asking asking = {
		.query = query,
		.buyer =
			snapshot ? snapshot_find(snapshot, query->buyer) : NULL,
		.question = question,
		.now_us = query->now_us > 0 ? query->now_us : clock_now_us(),
	};

	if (!question)
		return NULL;
	if (asking.buyer &&
	    !research_question_topic(question, store, asking.buyer->profile,
				     error))
		return NULL;
	judge = research_judge_new(snapshot, asking.buyer, question->priority);
	asking.judge = judge;
	research->text = g_strdup(query->text);
	finds = research_find_all(store, book, query, question, research,
				  error);
	if (!finds)
		return NULL;
	research->hits = rank_all(&asking, finds);
	if (!research_kin_add(store, query, research->hits, error))
		return NULL;
	research->found = research->hits->len;
	research_kin_raise(research->hits, book);
	g_ptr_array_sort(research->hits, best_first);
	finish(research, book, query, question);
	if (!research_vendors(store, book, query, research, error))
		return NULL;
	return g_steal_pointer(&research);
}
