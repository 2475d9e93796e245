#include "screen/group_interest.h"

#include <string.h>

#include "base/clock.h"

/* One priority that somebody else shares. */
struct offer {
	const struct group *group;
	struct profile_priority *priority;
	double weight; /* times the influence of whose it is */
	gboolean past; /* its decision date */
};

struct group_interest {
	GArray *offers;		/* of struct offer, in the profile's order */
	struct profile profile; /* has but priorities and refusals */
	struct interest *interest;
};

static const struct profile *
profile_of(const GPtrArray *profiles, const char *id)
{
	for (guint i = 0; i < profiles->len; i++) {
		const struct profile *profile = profiles->pdata[i];

		if (strcmp(profile->id, id) == 0)
			return profile;
	}
	return NULL;
}

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
add_offers(const struct group_interest_request *request,
	   const struct group *group, const struct group_member *member,
	   GArray *offers)
{
	const struct profile *profile =
		profile_of(request->profiles, member->profile);

	for (guint i = 0; profile && i < profile->priorities->len; i++) {
		struct profile_priority *priority =
			profile->priorities->pdata[i];
		const struct offer offer = {
			.group = group,
			.priority = priority,
			.weight = priority->weight * member->now,
			.past = priority->horizon_us > 0 &&
				priority->horizon_us < request->now_us,
		};

		if (priority->stage != STAGE_DONE && priority->weight > 0 &&
		    !merge(offers, &offer))
			g_array_append_val(offers, offer);
	}
}

static void
add_group(const struct group_interest_request *request,
	  const struct group *group, GArray *offers)
{
	if (!(group->accept > 0) || group->stage == STAGE_DONE ||
	    !group_find_member(group, request->member))
		return;
	for (guint i = 0; i < group->members->len; i++) {
		const struct group_member *member = group->members->pdata[i];

		if (strcmp(member->profile, request->member) != 0 &&
		    member->share & GROUP_PRIORITIES)
			add_offers(request, group, member, offers);
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
group_interest_new(const struct group_interest_request *request)
{
	g_autoptr(GArray) offers =
		g_array_new(FALSE, FALSE, sizeof(struct offer));
	struct group_interest *interest;

	for (guint i = 0; i < request->groups->len; i++)
		add_group(request, request->groups->pdata[i], offers);
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
	interest->profile.refusals = g_ptr_array_ref(request->own->refusals);
	interest->offers = g_steal_pointer(&offers);
	interest->interest =
		interest_new(&interest->profile, request->background);
	return interest;
}

void
group_interest_free(struct group_interest *interest)
{
	if (!interest)
		return;
	interest_free(interest->interest);
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

	relevance_vector(reading, interest->interest, now_us, vector, &nearest);
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
