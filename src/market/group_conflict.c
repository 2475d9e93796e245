#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "group_private.h"

#define APART_MIN 0.5
#define APART_US  (90 * CLOCK_DAY_US)
#define YEAR_US	  (365 * CLOCK_DAY_US)

const char *
group_conflict_name(enum group_conflict_kind kind)
{
	static const char *const names[] = { "refused", "weight", "timing" };

	return names[kind];
}

/* Two stands on one topic. */
struct pair {
	const struct group_request *request;
	struct group_view *view;
	const struct group_view_topic *topic;
	const struct group_stand *a;
	const struct group_stand *b;
};

/* Takes the text over. */
static void
add(const struct pair *pair, enum group_conflict_kind kind, double size,
    char *text)
{
	struct group_conflict *conflict = g_new0(struct group_conflict, 1);
	const struct group_member *a = pair->a->member;
	const struct group_member *b = pair->b->member;

	conflict->kind = kind;
	conflict->topic = pair->topic;
	conflict->a = a;
	conflict->b = b;
	conflict->size = size * (a->now + b->now) / 2;
	conflict->text = text;
	g_ptr_array_add(pair->view->conflicts, conflict);
}

static const char *
name_of(const struct pair *pair, const struct group_stand *stand)
{
	return group_member_name(pair->request->profiles, stand->member);
}

static void
refused(const struct pair *pair)
{
	add(pair, GROUP_REFUSED, 1 + pair->a->weight,
	    g_strdup_printf("%s wants %s (%.2f), %s does not: their profile "
			    "refuses \"%s\".",
			    name_of(pair, pair->a), pair->topic->name,
			    pair->a->weight, name_of(pair, pair->b),
			    pair->b->refusal->name));
}

static void
weighted(const struct pair *pair)
{
	add(pair, GROUP_WEIGHT, pair->a->weight - pair->b->weight,
	    g_strdup_printf("%s gives %s %.2f, %s %.2f.",
			    name_of(pair, pair->a), pair->topic->name,
			    pair->a->weight, name_of(pair, pair->b),
			    pair->b->weight));
}

/* `a` is the earlier one. */
static void
timed(const struct pair *pair, gboolean late)
{
	const gint64 apart_us = pair->b->horizon_us - pair->a->horizon_us;
	const gint64 by_us = pair->request->group->by_us;
	g_autofree char *first = group_day(pair->a->horizon_us);
	g_autofree char *second = group_day(pair->b->horizon_us);
	g_autofree char *day = late ? group_day(by_us) : NULL;
	g_autofree char *after =
		late ? g_strdup_printf(", after the group's %s", day)
		     : g_strdup("");

	add(pair, GROUP_TIMING,
	    MIN(1, (double)apart_us / (double)YEAR_US) *
		    MIN(pair->a->weight, pair->b->weight),
	    g_strdup_printf("%s decides on %s by %s, %s by %s, %d days "
			    "later%s.",
			    name_of(pair, pair->a), pair->topic->name, first,
			    name_of(pair, pair->b), second,
			    (int)(apart_us / CLOCK_DAY_US), after));
}

static void
compare_dates(struct pair pair)
{
	const gint64 by_us = pair.request->group->by_us;
	const struct group_stand *first = pair.a;
	gboolean late;

	if (pair.a->horizon_us == 0 || pair.b->horizon_us == 0)
		return;
	if (pair.b->horizon_us < pair.a->horizon_us) {
		pair.a = pair.b;
		pair.b = first;
	}
	late = by_us > 0 && pair.a->horizon_us <= by_us &&
	       pair.b->horizon_us > by_us;
	if (late || pair.b->horizon_us - pair.a->horizon_us >= APART_US)
		timed(&pair, late);
}

static void
compare(struct pair pair)
{
	const struct group_stand *first = pair.a;

	if (pair.b->weight > pair.a->weight) {
		pair.a = pair.b;
		pair.b = first;
	}
	if (pair.a->weight > 0 && pair.b->refusal)
		refused(&pair);
	if (!pair.a->priority || !pair.b->priority)
		return;
	/* A difference of two decimals is rarely exact. */
	if (pair.a->weight - pair.b->weight >= APART_MIN - 1e-9)
		weighted(&pair);
	compare_dates(pair);
}

static gint
worst_first(gconstpointer a, gconstpointer b)
{
	const struct group_conflict *left = *(struct group_conflict *const *)a;
	const struct group_conflict *right = *(struct group_conflict *const *)b;

	if (left->size < right->size || left->size > right->size)
		return left->size < right->size ? 1 : -1;
	return strcmp(left->text, right->text);
}

void
group_conflicts_fill(const struct group_request *request,
		     struct group_view *view)
{
	for (guint t = 0; t < view->topics->len; t++) {
		const struct group_view_topic *topic = view->topics->pdata[t];
		const GArray *stands = topic->stands;

		for (guint i = 0; i < stands->len; i++)
			for (guint j = i + 1; j < stands->len; j++)
				compare((struct pair){
					request, view, topic,
					&g_array_index(stands,
						       struct group_stand, i),
					&g_array_index(stands,
						       struct group_stand,
						       j) });
	}
	g_ptr_array_sort(view->conflicts, worst_first);
}
