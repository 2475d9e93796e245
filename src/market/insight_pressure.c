/* The buyer's own numbers, and what feeds say that comes near a priority. */
#include <string.h>

#include "base/clock.h"
#include "insight_private.h"
#include "market/glean.h"
#include "market/metric.h"
#include "review/when.h"

#define POINTS_MAX 60 /* of a chart: the newest */

/* The numbers up to the end of the brief, oldest first. One that stands in the
 * profile is today's. */
static GArray *
points_of(const struct insight_world *world,
	  const struct profile_priority *priority, gint64 until_us,
	  GError **error)
{
	const struct store_metric metric = { world->buyer, priority->id };
	const struct store_point fixed = { 0, priority->metric.current };
	GArray *points;
	guint n = 0;

	if (!priority->metric.file) {
		points = g_array_new(FALSE, FALSE, sizeof(struct store_point));
		return world->request->past ? points
					    : g_array_append_val(points, fixed);
	}
	points = store_metric_list(world->request->store, &metric, error);
	while (points && n < points->len &&
	       g_array_index(points, struct store_point, n).day_us < until_us)
		n++;
	return points ? g_array_set_size(points, n) : NULL;
}

/* The newest number from before the brief's time, or NULL. */
static const struct store_point *
point_before(const GArray *points, gint64 since_us)
{
	const struct store_point *found = NULL;

	for (guint i = 0; i < points->len; i++) {
		const struct store_point *point =
			&g_array_index(points, struct store_point, i);

		if (point->day_us < since_us)
			found = point;
	}
	return found;
}

static char *
sentence_of(const struct insight_world *world, const struct insight *insight,
	    const struct profile_priority *priority, const GArray *points)
{
	const struct store_point *last =
		&g_array_index(points, struct store_point, points->len - 1);
	const struct store_point *old =
		last->day_us > 0 ? point_before(points, insight->since_us)
				 : NULL;
	g_autofree char *now = insight_number(last->value);
	g_autofree char *target = insight_number(priority->metric.target);
	g_autofree char *was = old ? insight_number(old->value) : NULL;
	g_autofree char *day =
		old ? when_day(old->day_us,
			       world->request->profile->digest.zone)
		    : NULL;

	if (!old || old == last)
		return g_strdup_printf("%s stands at %s; the target is %s.",
				       priority->metric.name, now, target);
	return g_strdup_printf("%s stands at %s; the target is %s. On %s it "
			       "was %s.",
			       priority->metric.name, now, target, day, was);
}

static void
tell(const struct insight_world *world, struct insight *insight,
     const struct profile_priority *priority, const GArray *points)
{
	struct insight_part *part = insight_part_of(insight, priority->id);
	const guint from =
		points->len > POINTS_MAX ? points->len - POINTS_MAX : 0;
	struct insight_line *line;

	part->pressure = metric_pressure(
		(const struct store_point *)(gconstpointer)points->data,
		points->len, priority->metric.target);
	line = insight_add(part, INSIGHT_PRESSURE,
			   g_strdup_printf("pressure/%s", priority->id),
			   sentence_of(world, insight, priority, points),
			   part->pressure);
	insight_evidence_add(line, "metric", priority->id,
			     priority->metric.name);
	if (points->len < 2)
		return;
	line->series = g_array_new(FALSE, FALSE, sizeof(double));
	for (guint i = from; i < points->len; i++)
		g_array_append_val(
			line->series,
			g_array_index(points, struct store_point, i).value);
}

/* --- items of feeds --------------------------------------------------------
 */

static gboolean
has_phrase(const char *terms, const char *phrase)
{
	g_autofree char *stems = glean_terms(phrase);
	g_autofree char *framed = g_strdup_printf(" %s ", stems);

	return *stems && strstr(terms, framed);
}

/* The name, or one of the keywords, word for word. */
static gboolean
comes_near(const char *terms, const struct profile_priority *priority)
{
	if (has_phrase(terms, priority->name))
		return TRUE;
	for (char **word = priority->keywords; word && *word; word++)
		if (has_phrase(terms, *word))
			return TRUE;
	return FALSE;
}

static void
count_items(const struct insight_world *world, struct insight *insight,
	    const struct profile_priority *priority)
{
	struct insight_part *part = insight_part_of(insight, priority->id);

	for (guint i = 0; i < world->items->len; i++) {
		const struct store_item *item = world->items->pdata[i];

		if (insight_within(insight, item->time_us) &&
		    comes_near(world->item_terms->pdata[i], priority))
			part->items++;
	}
}

gboolean
insight_pressure(const struct insight_world *world, struct insight *insight,
		 GError **error)
{
	const GPtrArray *priorities = world->request->profile->priorities;

	for (guint i = 0; i < priorities->len; i++) {
		const struct profile_priority *priority = priorities->pdata[i];
		g_autoptr(GArray) points = NULL;

		if (priority->stage == STAGE_DONE)
			continue;
		count_items(world, insight, priority);
		if (!priority->metric.name)
			continue;
		points = points_of(world, priority, insight->until_us, error);
		if (!points)
			return FALSE;
		if (points->len > 0)
			tell(world, insight, priority, points);
	}
	return TRUE;
}
