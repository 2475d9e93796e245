#include "screen/group_interest.h"

#include <string.h>

#include "base/clock.h"
#include "screen/snapshot.h"

/* One priority that somebody else shares. */
struct offer {
	const struct group *group;
	struct profile_priority *priority;
	double weight; /* times the influence of whose it is */
	gboolean past; /* its decision date */
};

/* Made once, by the first who needs it. */
struct compiled {
	struct interest *interest;
};

struct group_interest {
	GArray *offers;		/* of struct offer, in the profile's order */
	struct profile profile; /* has but priorities and refusals */
	const struct background *background;
	struct compiled *compiled;
};

/* While offers are gathered. */
struct gathering {
	const struct snapshot *snapshot;
	const char *member;
	gint64 now_us;
	GArray *offers; /* of struct offer */
};

/* What counts in two groups counts once, where less is asked of it. */
static gboolean
merge(GArray *offers, const struct offer *offer)
{
	for (guint i = 0; i < offers->len; i++) {
		struct offer *other = &g_array_index(offers, struct offer, i);

		if (other->priority != offer->priority)
			continue;
		if (offer->group->accept < other->group->accept)
			*other = *offer;
		return TRUE;
	}
	return FALSE;
}

static void
add_offers(const struct gathering *gathering, const struct group *group,
	   const struct group_member *member)
{
	const struct buyer *buyer =
		snapshot_find(gathering->snapshot, member->profile);
	const GPtrArray *priorities = buyer ? buyer->profile->priorities : NULL;

	for (guint i = 0; priorities && i < priorities->len; i++) {
		struct profile_priority *priority = priorities->pdata[i];
		const struct offer offer = {
			.group = group,
			.priority = priority,
			.weight = priority->weight * member->now,
			.past = priority->horizon_us > 0 &&
				priority->horizon_us < gathering->now_us,
		};

		if (priority->stage != STAGE_DONE && priority->weight > 0 &&
		    !merge(gathering->offers, &offer))
			g_array_append_val(gathering->offers, offer);
	}
}

static void
add_group(const struct gathering *gathering, const struct group *group)
{
	if (!(group->accept > 0) || group->stage == STAGE_DONE ||
	    !group_find_member(group, gathering->member))
		return;
	for (guint i = 0; i < group->members->len; i++) {
		const struct group_member *member = group->members->pdata[i];

		if (strcmp(member->profile, gathering->member) != 0 &&
		    member->share & GROUP_PRIORITIES)
			add_offers(gathering, group, member);
	}
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct offer *left = a;
	const struct offer *right = b;

	if (left->past != right->past)
		return left->past ? 1 : -1;
	if (left->weight != right->weight)
		return left->weight < right->weight ? 1 : -1;
	return strcmp(left->priority->id, right->priority->id);
}

struct group_interest *
group_interest_new(const struct snapshot *snapshot, const char *member,
		   const struct profile *own)
{
	g_autoptr(GArray) offers =
		g_array_new(FALSE, FALSE, sizeof(struct offer));
	const struct gathering gathering = { snapshot, member, clock_now_us(),
					     offers };
	struct group_interest *interest;

	for (guint i = 0; i < snapshot->groups->len; i++)
		add_group(&gathering, snapshot->groups->pdata[i]);
	if (offers->len == 0)
		return NULL;
	g_array_sort(offers, compare);
	if (offers->len > PROFILE_SIDE_MAX)
		g_array_set_size(offers, PROFILE_SIDE_MAX);
	interest = g_new0(struct group_interest, 1);
	interest->profile.priorities = g_ptr_array_new();
	for (guint i = 0; i < offers->len; i++)
		g_ptr_array_add(
			interest->profile.priorities,
			g_array_index(offers, struct offer, i).priority);
	interest->profile.refusals = g_ptr_array_ref(own->refusals);
	interest->offers = g_steal_pointer(&offers);
	interest->background = model_background(snapshot->relevance);
	interest->compiled = g_new0(struct compiled, 1);
	return interest;
}

static const struct interest *
compile(const struct group_interest *interest)
{
	struct compiled *compiled = interest->compiled;

	if (g_once_init_enter(&compiled->interest))
		g_once_init_leave(
			&compiled->interest,
			interest_new(&interest->profile, interest->background));
	return compiled->interest;
}

void
group_interest_free(struct group_interest *interest)
{
	if (!interest)
		return;
	interest_free(interest->compiled->interest);
	g_free(interest->compiled);
	g_ptr_array_unref(interest->profile.priorities);
	g_ptr_array_unref(interest->profile.refusals);
	g_array_unref(interest->offers);
	g_free(interest);
}

gboolean
group_interest_vector(const struct group_interest *interest,
		      struct reading *reading, gint64 now_us,
		      struct vector *vector, struct group_match *match)
{
	const struct offer *offer;
	int nearest = -1;

	relevance_vector(reading, compile(interest), now_us, vector, &nearest,
			 NULL);
	if (nearest < 0 || (guint)nearest >= interest->offers->len)
		return FALSE;
	offer = &g_array_index(interest->offers, struct offer, (guint)nearest);
	*match = (struct group_match){ offer->group, offer->priority };
	return TRUE;
}

double
group_interest_judge(const struct group_interest *interest,
		     struct reading *reading, const struct model *model,
		     struct group_match *match)
{
	struct vector vector = { NULL, 0, 0 };
	struct group_match nearest;
	double probability = -1;

	if (group_interest_vector(interest, reading, clock_now_us(), &vector,
				  &nearest))
		probability =
			model_probability(model, model_decide(model, &vector));
	vector_clear(&vector);
	/* NaN fails every comparison. */
	if (!(probability >= 0 && probability <= 1))
		return -1;
	*match = nearest;
	return probability;
}

guint
group_interest_size(const struct group_interest *interest)
{
	return interest->offers->len;
}

const struct profile_priority *
group_interest_get(const struct group_interest *interest, guint n)
{
	return g_array_index(interest->offers, struct offer, n).priority;
}
