/* Vendors that came, and vendors that went quiet. */
#include <string.h>

#include "base/clock.h"
#include "insight_private.h"
#include "review/when.h"

/* Mail must have been read for so long before the brief, or all are new. */
#define KNOWN_US (28 * CLOCK_DAY_US)

/*
 * Steady: on four days or more, no gap more than three times the usual one (the
 * median). Quiet: three usual gaps without a word, two weeks at least.
 */
#define STEADY_DAYS  4
#define STEADY_GAPS  3
#define QUIET_GAPS   3
#define QUIET_MIN_US (14 * CLOCK_DAY_US)

static gint
by_card(gconstpointer a, gconstpointer b)
{
	const struct insight_touch *one = *(struct insight_touch *const *)a;
	const struct insight_touch *two = *(struct insight_touch *const *)b;
	const int order = strcmp(one->card, two->card);

	if (order != 0)
		return order;
	return one->time_us < two->time_us ? -1 : one->time_us > two->time_us;
}

/* The mails of one card, oldest first; borrowed. */
struct run {
	struct insight_touch **touches;
	guint n;
};

static char *
priority_of(const struct run *run)
{
	g_autoptr(GHashTable) votes = insight_votes_new();

	for (guint i = 0; i < run->n; i++)
		insight_vote(votes, run->touches[i]->priority);
	return g_strdup(insight_voted(votes));
}

static const char *
zone_of(const struct insight_world *world)
{
	return world->request->profile->digest.zone;
}

static struct insight_line *
add_line(const struct insight_world *world, struct insight *insight,
	 const struct run *run, enum insight_kind kind, char *text)
{
	g_autofree char *priority = priority_of(run);
	const char *card = run->touches[0]->card;
	struct insight_line *line = insight_add(
		insight_part_of(insight, priority), kind,
		g_strdup_printf("%s/%s", insight_kind_name(kind), card), text,
		run->n);

	insight_evidence_add(line, "vendor", card, insight_name(world, card));
	return line;
}

static void
tell_new(const struct insight_world *world, struct insight *insight,
	 const struct run *run)
{
	const struct insight_touch *first = run->touches[0];
	g_autofree char *vendor = insight_vendor(world, first->card);
	g_autofree char *day = when_day(first->time_us, zone_of(world));
	struct insight_line *line;

	line = add_line(
		world, insight, run, INSIGHT_NEW,
		g_strdup_printf("%s is new: %u mail%s, the first on %s, “%s”.",
				vendor, run->n, run->n == 1 ? "" : "s", day,
				first->subject));
	insight_evidence_message(line, world, first->id);
}

/* Days on which a card wrote, oldest first. */
static GArray *
days_of(const struct run *run)
{
	GArray *days = g_array_new(FALSE, FALSE, sizeof(gint64));

	for (guint i = 0; i < run->n; i++) {
		const gint64 day = run->touches[i]->time_us / CLOCK_DAY_US;

		if (days->len == 0 ||
		    g_array_index(days, gint64, days->len - 1) != day)
			g_array_append_val(days, day);
	}
	return days;
}

static gint
by_size(gconstpointer a, gconstpointer b)
{
	const gint64 one = *(const gint64 *)a;
	const gint64 two = *(const gint64 *)b;

	return one < two ? -1 : one > two;
}

/* The usual gap in days; 0: it does not write steadily. */
static gint64
usual_gap(const GArray *days)
{
	g_autoptr(GArray) gaps = g_array_new(FALSE, FALSE, sizeof(gint64));
	gint64 usual;

	if (days->len < STEADY_DAYS)
		return 0;
	for (guint i = 1; i < days->len; i++) {
		const gint64 gap = g_array_index(days, gint64, i) -
				   g_array_index(days, gint64, i - 1);

		g_array_append_val(gaps, gap);
	}
	g_array_sort(gaps, by_size);
	usual = g_array_index(gaps, gint64, gaps->len / 2);
	if (g_array_index(gaps, gint64, gaps->len - 1) > STEADY_GAPS * usual)
		return 0;
	return usual;
}

/* It is told in the brief in whose time the silence became one. */
static void
look_quiet(const struct insight_world *world, struct insight *insight,
	   const struct run *run)
{
	const struct insight_touch *last = run->touches[run->n - 1];
	g_autoptr(GArray) days = days_of(run);
	const gint64 gap = usual_gap(days);
	const gint64 quiet_us =
		last->time_us +
		MAX(QUIET_GAPS * gap * CLOCK_DAY_US, QUIET_MIN_US);
	g_autofree char *vendor = NULL;
	g_autofree char *day = NULL;
	struct insight_line *line;

	if (gap == 0 || !insight_within(insight, quiet_us))
		return;
	vendor = insight_vendor(world, last->card);
	day = when_day(last->time_us, zone_of(world));
	line = add_line(
		world, insight, run, INSIGHT_QUIET,
		g_strdup_printf("%s wrote on %u days, mostly %" G_GINT64_FORMAT
				" day%s apart, and has been quiet since %s.",
				vendor, days->len, gap, gap == 1 ? "" : "s",
				day));
	insight_evidence_message(line, world, last->id);
}

/* All cards' mail before the end of the brief. */
static void
each_card(const struct insight_world *world, struct insight *insight,
	  void (*look)(const struct insight_world *world,
		       struct insight *insight, const struct run *run))
{
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	guint n;

	for (guint i = 0; i < world->touches->len; i++) {
		struct insight_touch *touch = world->touches->pdata[i];

		if (touch->time_us < insight->until_us)
			g_ptr_array_add(sorted, touch);
	}
	g_ptr_array_sort(sorted, by_card);
	for (guint i = 0; i < sorted->len; i += n) {
		struct insight_touch **first =
			(struct insight_touch **)&sorted->pdata[i];
		struct run run = { first, 0 };

		for (n = 0; i + n < sorted->len &&
			    strcmp(first[n]->card, first[0]->card) == 0;)
			run.n = ++n;
		look(world, insight, &run);
	}
}

/* Not of the brief's time only: of a year before it nothing. */
static void
look_new(const struct insight_world *world, struct insight *insight,
	 const struct run *run)
{
	struct run within = *run;

	while (within.n > 0 && within.touches[0]->time_us <
				       insight->since_us - INSIGHT_YEAR_US) {
		within.touches++;
		within.n--;
	}
	if (within.n > 0 && insight_within(insight, within.touches[0]->time_us))
		tell_new(world, insight, &within);
}

void
insight_fresh_vendors(const struct insight_world *world,
		      struct insight *insight)
{
	const struct insight_touch *oldest =
		world->touches->len > 0 ? world->touches->pdata[0] : NULL;

	if (oldest && oldest->time_us <= insight->since_us - KNOWN_US)
		each_card(world, insight, look_new);
}

void
insight_quiet_vendors(const struct insight_world *world,
		      struct insight *insight)
{
	each_card(world, insight, look_quiet);
}
