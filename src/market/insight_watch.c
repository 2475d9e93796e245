/* What is new of the questions that the buyer keeps. */
#include <string.h>

#include "insight_private.h"
#include "market/research.h"

/* A question is answered by what has at least so much of it; less is near to
 * one of its words only. */
#define MATCH_MIN    0.5
#define EVIDENCE_MAX 3

static void
tell(const struct insight_world *world, struct insight *insight,
     const struct store_watch *watch, const struct research *research)
{
	struct insight_line *line = NULL;
	guint n = 0;

	for (guint i = 0; i < research->hits->len; i++) {
		const struct research_hit *hit = research->hits->pdata[i];

		n += hit->match >= MATCH_MIN;
	}
	if (n == 0)
		return;
	line = insight_add(insight_part_of(insight, ""), INSIGHT_WATCH,
			   g_strdup_printf("watch/%s", watch->id),
			   g_strdup_printf("Of your question “%s” there %s %u "
					   "new.",
					   watch->query, n == 1 ? "is" : "are",
					   n),
			   n);
	for (guint i = 0;
	     i < research->hits->len && line->evidence->len < EVIDENCE_MAX;
	     i++) {
		const struct research_hit *hit = research->hits->pdata[i];
		const struct store_document *found = hit->document;

		if (hit->match >= MATCH_MIN &&
		    found->kind == STORE_DOCUMENT_MAIL)
			insight_evidence_message(line, world, found->id);
		else if (hit->match >= MATCH_MIN)
			insight_evidence_add(
				line, store_document_kind_name(found->kind),
				found->id, found->title);
	}
	insight_evidence_add(line, "search", watch->query, watch->query);
}

/* Filters that were kept by an older version and mean nothing now do not keep
 * the brief from being made. */
static gboolean
look(const struct insight_world *world, struct insight *insight,
     const struct store_watch *watch, GError **error)
{
	const char *const buyers[] = { world->buyer, NULL };
	struct research_query query = {
		.text = watch->query,
		.buyer = world->buyer,
		.buyers = buyers,
		.now_us = insight->until_us,
	};
	g_autoptr(ResearchFilters) filters =
		research_filters_parse(watch->filters, NULL);
	g_autoptr(Research) research = NULL;
	g_autoptr(GError) local = NULL;

	if (filters)
		research_filters_apply(filters, &query);
	query.since_us = MAX(query.since_us, insight->since_us);
	query.until_us = query.until_us > 0
				 ? MIN(query.until_us, insight->until_us)
				 : insight->until_us;
	research = research_run(world->request->store, world->request->book,
				NULL, &query, &local);
	if (research) {
		tell(world, insight, watch, research);
		return TRUE;
	}
	if (local->domain != STORE_ERROR)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

gboolean
insight_watches(const struct insight_world *world, struct insight *insight,
		GError **error)
{
	g_autoptr(GPtrArray) watches =
		store_watch_list(world->request->store, world->buyer, error);

	if (!watches)
		return FALSE;
	for (guint i = 0; i < watches->len; i++)
		if (!look(world, insight, watches->pdata[i], error))
			return FALSE;
	return TRUE;
}
