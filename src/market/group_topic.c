#include <math.h>
#include <string.h>

#include "group_private.h"

/* One priority that is of a topic. */
struct entry {
	const struct group_member *member;
	const struct profile_priority *priority;
};

/* A topic while it is made. */
struct draft {
	struct group_view_topic *topic;
	const struct group_topic *given; /* of the group's file, or NULL */
	GArray *entries;		 /* of struct entry */
	gboolean hidden; /* a member has it whom the reader cannot see */
};

struct making {
	const struct group_request *request;
	struct group_view *view;
	struct group_alike *alike;
	GPtrArray *drafts; /* of struct draft */
	GHashTable *taken; /* priorities that the file puts somewhere */
};

static void
draft_free(gpointer data)
{
	struct draft *draft = data;

	g_array_unref(draft->entries);
	g_free(draft);
}

/* Takes the id over. */
static struct draft *
draft_new(struct making *making, char *id, const char *name)
{
	struct draft *draft = g_new0(struct draft, 1);

	draft->topic = g_new0(struct group_view_topic, 1);
	draft->topic->id = id;
	draft->topic->name = g_strdup(name);
	draft->topic->stands =
		g_array_new(FALSE, FALSE, sizeof(struct group_stand));
	draft->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
	g_ptr_array_add(making->view->topics, draft->topic);
	g_ptr_array_add(making->drafts, draft);
	return draft;
}

static void
add_entry(struct draft *draft, const struct group_member *member,
	  const struct profile_priority *priority)
{
	const struct entry entry = { member, priority };

	g_array_append_val(draft->entries, entry);
}

static const struct entry *
entry_of(const struct draft *draft, const struct group_member *member)
{
	const struct entry *best = NULL;

	for (guint i = 0; i < draft->entries->len; i++) {
		const struct entry *entry =
			&g_array_index(draft->entries, struct entry, i);

		if (entry->member == member &&
		    (!best || entry->priority->weight > best->priority->weight))
			best = entry;
	}
	return best;
}

static struct profile_priority *
find_priority(const struct profile *profile, const char *id)
{
	for (guint i = 0; profile && i < profile->priorities->len; i++) {
		struct profile_priority *priority =
			profile->priorities->pdata[i];

		if (strcmp(priority->id, id) == 0)
			return priority;
	}
	return NULL;
}

static void
take_given(struct making *making, struct draft *draft, const char *text)
{
	const struct group_request *request = making->request;
	g_auto(GStrv) parts = g_strsplit(text, "/", 2);
	const struct group_member *member =
		group_find_member(request->group, parts[0]);
	struct profile_priority *priority;

	if (!member || !parts[1])
		return;
	if (!group_sees(request, member, GROUP_PRIORITIES)) {
		draft->hidden = TRUE;
		return;
	}
	priority = find_priority(group_profile(request->profiles, member),
				 parts[1]);
	if (!priority)
		return;
	g_hash_table_add(making->taken, priority);
	if (priority->stage != STAGE_DONE)
		add_entry(draft, member, priority);
}

static void
add_given(struct making *making)
{
	const GPtrArray *topics = making->request->group->topics;

	for (guint i = 0; i < topics->len; i++) {
		const struct group_topic *given = topics->pdata[i];
		struct draft *draft =
			draft_new(making, g_strdup(given->id), given->name);

		draft->given = given;
		for (char **text = given->priorities; *text; text++)
			take_given(making, draft, *text);
	}
}

static double
nearness(const struct making *making, const struct draft *draft,
	 gconstpointer what)
{
	double best = 0;

	for (guint i = 0; i < draft->entries->len; i++) {
		const struct entry *entry =
			&g_array_index(draft->entries, struct entry, i);

		best = MAX(best, group_alike_of(making->alike, what,
						entry->priority));
	}
	return best;
}

/* Two priorities of one member are two things: so they wrote them. */
static void
add_priority(struct making *making, const struct group_member *member,
	     const struct profile_priority *priority)
{
	struct draft *best = NULL;
	double nearest = GROUP_ALIKE;

	for (guint i = 0; i < making->drafts->len; i++) {
		struct draft *draft = making->drafts->pdata[i];
		const double near = nearness(making, draft, priority);

		if (entry_of(draft, member) || near < nearest ||
		    (best && near <= nearest))
			continue;
		best = draft;
		nearest = near;
	}
	if (!best)
		best = draft_new(
			making,
			g_strdup_printf("%s/%s", member->profile, priority->id),
			priority->name);
	add_entry(best, member, priority);
}

static void
add_found(struct making *making, const struct group_member *member)
{
	const struct group_request *request = making->request;
	const struct profile *profile =
		group_profile(request->profiles, member);

	if (!profile || !group_sees(request, member, GROUP_PRIORITIES))
		return;
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		if (priority->stage != STAGE_DONE &&
		    !g_hash_table_contains(making->taken, priority))
			add_priority(making, member, priority);
	}
}

static gboolean
is_about(const struct making *making, const struct profile_refusal *refusal,
	 const struct draft *draft)
{
	if (refusal->until_us > 0 &&
	    refusal->until_us < making->request->now_us)
		return FALSE;
	if (nearness(making, draft, refusal) >= GROUP_ALIKE ||
	    group_alike_said(making->alike, refusal, draft->topic->name))
		return TRUE;
	for (guint i = 0; i < draft->entries->len; i++) {
		const struct entry *entry =
			&g_array_index(draft->entries, struct entry, i);

		if (group_alike_named(making->alike, refusal, entry->priority))
			return TRUE;
	}
	return FALSE;
}

static const struct profile_refusal *
refusal_of(const struct making *making, const struct group_member *member,
	   const struct draft *draft)
{
	const struct profile *profile =
		group_profile(making->request->profiles, member);

	if (!profile || !group_sees(making->request, member, GROUP_REFUSALS))
		return NULL;
	for (guint i = 0; i < profile->refusals->len; i++)
		if (is_about(making, profile->refusals->pdata[i], draft))
			return profile->refusals->pdata[i];
	return NULL;
}

/* Who wants it and does not want it wants it. */
static void
add_stand(struct making *making, struct draft *draft,
	  const struct group_member *member)
{
	const struct entry *entry = entry_of(draft, member);
	const struct profile_refusal *refusal =
		entry ? NULL : refusal_of(making, member, draft);
	struct group_stand stand = { .member = member };

	if (entry) {
		stand.priority = group_shown_priority(
			making->request, making->view, member, entry->priority);
		stand.weight = entry->priority->weight;
		stand.horizon_us = entry->priority->horizon_us;
	} else if (refusal) {
		stand.refusal = group_shown_refusal(
			making->request, making->view, member, refusal);
		stand.weight = -1;
	} else if (!group_sees(making->request, member, GROUP_PRIORITIES)) {
		return;
	}
	g_array_append_val(draft->topic->stands, stand);
}

/* The mean of stands, or of their size, by influence; of all alike when nobody
 * has any. */
static double
mean_stand(const GArray *stands, gboolean wished, gboolean size)
{
	double sum = 0;
	double plain = 0;
	double of = 0;

	for (guint i = 0; i < stands->len; i++) {
		const struct group_stand *stand =
			&g_array_index(stands, struct group_stand, i);
		const double influence =
			wished ? stand->member->wished : stand->member->now;
		const double weight =
			size ? fabs(stand->weight) : stand->weight;

		sum += influence * weight;
		plain += weight;
		of += influence;
	}
	if (of > 0)
		return sum / of;
	return stands->len > 0 ? plain / stands->len : 0;
}

static double
agreement_of(const GArray *stands)
{
	double sum = 0;
	double of = 0;

	for (guint i = 0; i < stands->len; i++) {
		const struct group_stand *a =
			&g_array_index(stands, struct group_stand, i);

		for (guint j = i + 1; j < stands->len; j++) {
			const struct group_stand *b =
				&g_array_index(stands, struct group_stand, j);
			const double pair = a->member->now * b->member->now;

			sum += pair * fabs(a->weight - b->weight);
			of += pair;
		}
	}
	return of > 0 ? 1 - sum / of / 2 : 1;
}

static double
counts_for(const struct group_stand *stand)
{
	return stand->weight * stand->member->now;
}

static const struct group_stand *
find_strongest(const GArray *stands)
{
	const struct group_stand *first = NULL;

	for (guint i = 0; i < stands->len; i++) {
		const struct group_stand *stand =
			&g_array_index(stands, struct group_stand, i);

		if (stand->priority &&
		    (!first || counts_for(stand) > counts_for(first)))
			first = stand;
	}
	return first;
}

/* The only one who has it, or the one of whom no other has half. */
static const struct group_member *
find_owner(const GArray *stands)
{
	const struct group_stand *first = find_strongest(stands);

	for (guint i = 0; i < stands->len; i++) {
		const struct group_stand *stand =
			&g_array_index(stands, struct group_stand, i);

		if (stand != first && stand->priority &&
		    counts_for(stand) >= counts_for(first) / 2)
			return NULL;
	}
	return first ? first->member : NULL;
}

/* That a hidden member has it is in the group's file, for all to see. */
static gboolean
has_it(const struct draft *draft, const struct group_member *owner)
{
	g_autofree char *start = g_strconcat(owner->profile, "/", NULL);

	for (guint i = 0; i < draft->topic->stands->len; i++) {
		const struct group_stand *stand = &g_array_index(
			draft->topic->stands, struct group_stand, i);

		if (stand->member == owner)
			return stand->priority != NULL;
	}
	for (char **text = draft->given ? draft->given->priorities : NULL;
	     text && *text; text++)
		if (g_str_has_prefix(*text, start))
			return TRUE;
	return FALSE;
}

static void
finish(struct making *making, struct draft *draft)
{
	const struct group *group = making->request->group;
	struct group_view_topic *topic = draft->topic;

	for (guint i = 0; i < group->members->len; i++)
		add_stand(making, draft, group->members->pdata[i]);
	topic->weight = mean_stand(topic->stands, FALSE, FALSE);
	topic->wished = mean_stand(topic->stands, TRUE, FALSE);
	topic->agreement = agreement_of(topic->stands);
	if (draft->given && draft->given->owner)
		topic->owner = group_find_member(group, draft->given->owner);
	else if (!draft->hidden)
		topic->owner = find_owner(topic->stands);
	topic->orphan =
		topic->owner ? !has_it(draft, topic->owner) : !draft->hidden;
}

static double
agreement_of_all(const GPtrArray *topics)
{
	double sum = 0;
	double of = 0;

	for (guint i = 0; i < topics->len; i++) {
		const struct group_view_topic *topic = topics->pdata[i];
		const double matters = mean_stand(topic->stands, FALSE, TRUE);

		sum += matters * topic->agreement;
		of += matters;
	}
	return of > 0 ? sum / of : 1;
}

static gint
by_weight(gconstpointer a, gconstpointer b)
{
	const struct group_view_topic *left =
		*(struct group_view_topic *const *)a;
	const struct group_view_topic *right =
		*(struct group_view_topic *const *)b;

	if (left->weight < right->weight || left->weight > right->weight)
		return left->weight < right->weight ? 1 : -1;
	return strcmp(left->id, right->id);
}

void
group_topics_fill(const struct group_request *request, struct group_view *view)
{
	g_autoptr(GroupAlike) alike = group_alike_new(request);
	g_autoptr(GPtrArray) drafts =
		g_ptr_array_new_with_free_func(draft_free);
	g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);
	struct making making = { request, view, alike, drafts, taken };

	add_given(&making);
	for (guint i = 0; i < request->group->members->len; i++)
		add_found(&making, request->group->members->pdata[i]);
	for (guint i = 0; i < drafts->len; i++)
		finish(&making, drafts->pdata[i]);
	g_ptr_array_sort(view->topics, by_weight);
	view->agreement = agreement_of_all(view->topics);
}
