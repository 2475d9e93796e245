#include <jansson.h>
#include <string.h>

#include "group_private.h"
#include "market/json.h"

static json_t *
text_or_null(const char *value)
{
	return value ? text_json(value) : json_null();
}

static json_t *
day(gint64 time_us)
{
	g_autofree char *when = time_us > 0 ? group_day(time_us) : NULL;

	return text_or_null(when);
}

static json_t *
member_id(const struct group_member *member)
{
	return text_or_null(member ? member->profile : NULL);
}

/* All in an array, each as `one` has it. */
static json_t *
array_of(const GPtrArray *list, json_t *(*one)(gconstpointer element))
{
	json_t *array = json_array();

	for (guint i = 0; i < list->len; i++)
		json_array_append_new(array, one(list->pdata[i]));
	return array;
}

static json_t *
shares_json(guint share)
{
	json_t *array = json_array();

	for (guint i = 0; group_shares[i]; i++)
		if (share & (1U << i))
			json_array_append_new(array,
					      text_json(group_shares[i]));
	return array;
}

static json_t *
talks_json(const struct group *group, const struct group_member *member)
{
	json_t *array = json_array();

	for (guint i = 0; i < group->talks->len; i++) {
		char **talk = group->talks->pdata[i];

		if (strcmp(talk[0], member->profile) == 0)
			json_array_append_new(array, text_json(talk[1]));
		else if (strcmp(talk[1], member->profile) == 0)
			json_array_append_new(array, text_json(talk[0]));
	}
	return array;
}

static json_t *
member_json(const struct group_view *view, const struct group_member *member)
{
	json_t *object = json_object();
	json_t *influence = json_object();

	json_object_set_new(influence, "now", json_real(member->now));
	json_object_set_new(influence, "wished", json_real(member->wished));
	json_object_set_new(object, "profile", text_json(member->profile));
	json_object_set_new(
		object, "name",
		text_json(group_member_name(view->profiles, member)));
	json_object_set_new(object, "role", text_json(member->role));
	json_object_set_new(object, "influence", influence);
	json_object_set_new(object, "veto", json_boolean(member->veto));
	json_object_set_new(object, "shares", shares_json(member->share));
	json_object_set_new(object, "talks_to",
			    talks_json(view->group, member));
	return object;
}

static json_t *
members_json(const struct group_view *view)
{
	json_t *array = json_array();

	for (guint i = 0; i < view->group->members->len; i++)
		json_array_append_new(
			array,
			member_json(view, view->group->members->pdata[i]));
	return array;
}

static json_t *
metric_json(const struct profile_metric *metric)
{
	json_t *object;

	if (!metric->name)
		return json_null();
	object = json_object();
	json_object_set_new(object, "name", text_json(metric->name));
	json_object_set_new(object, "current",
			    metric->file ? json_null()
					 : json_real(metric->current));
	json_object_set_new(object, "target", json_real(metric->target));
	return object;
}

static json_t *
stand_json(const struct group_stand *stand)
{
	const struct profile_priority *priority = stand->priority;
	json_t *object = json_object();

	json_object_set_new(object, "member", member_id(stand->member));
	json_object_set_new(object, "weight", json_real(stand->weight));
	if (stand->refusal)
		json_object_set_new(object, "refuses",
				    text_json(stand->refusal->name));
	if (!priority)
		return object;
	json_object_set_new(object, "priority", text_json(priority->id));
	json_object_set_new(object, "name", text_json(priority->name));
	json_object_set_new(object, "stage",
			    text_json(profile_stages[priority->stage]));
	json_object_set_new(object, "by", day(priority->horizon_us));
	json_object_set_new(object, "metric", metric_json(&priority->metric));
	return object;
}

static json_t *
topic_json(gconstpointer element)
{
	const struct group_view_topic *topic = element;
	json_t *object = json_object();
	json_t *stands = json_array();

	for (guint i = 0; i < topic->stands->len; i++)
		json_array_append_new(
			stands, stand_json(&g_array_index(
					topic->stands, struct group_stand, i)));
	json_object_set_new(object, "id", text_json(topic->id));
	json_object_set_new(object, "name", text_json(topic->name));
	json_object_set_new(object, "owner", member_id(topic->owner));
	json_object_set_new(object, "orphan", json_boolean(topic->orphan));
	json_object_set_new(object, "weight", json_real(topic->weight));
	json_object_set_new(object, "wished", json_real(topic->wished));
	json_object_set_new(object, "agreement", json_real(topic->agreement));
	json_object_set_new(object, "stands", stands);
	return object;
}

static json_t *
conflict_json(gconstpointer element)
{
	const struct group_conflict *conflict = element;
	json_t *object = json_object();

	json_object_set_new(object, "kind",
			    text_json(group_conflict_name(conflict->kind)));
	json_object_set_new(object, "topic", text_json(conflict->topic->id));
	json_object_set_new(object, "a", member_id(conflict->a));
	json_object_set_new(object, "b", member_id(conflict->b));
	json_object_set_new(object, "size", json_real(conflict->size));
	json_object_set_new(object, "text", text_json(conflict->text));
	return object;
}

static json_t *
link_json(gconstpointer element)
{
	const struct group_link *link = element;
	json_t *object = json_object();

	json_object_set_new(object, "a", member_id(link->a));
	json_object_set_new(object, "b", member_id(link->b));
	json_object_set_new(object, "size", json_real(link->size));
	json_object_set_new(object, "why", text_json(link->why));
	return object;
}

static json_t *
meeting_json(gconstpointer element)
{
	const struct group_meeting *meeting = element;
	json_t *object = json_object();
	json_t *members = json_object();

	for (guint i = 0; i < meeting->members->len; i++) {
		const struct group_member *member = meeting->members->pdata[i];

		json_object_set_new(
			members, member->profile,
			json_integer(g_array_index(meeting->counts, guint, i)));
	}
	json_object_set_new(object, "vendor", text_json(meeting->card));
	json_object_set_new(object, "name", text_json(meeting->name));
	json_object_set_new(object, "messages",
			    json_integer(meeting->messages));
	json_object_set_new(object, "members", members);
	json_object_set_new(object, "last", time_json(meeting->last_us));
	json_object_set_new(object, "listed", json_boolean(meeting->listed));
	return object;
}

static json_t *
ballots_json(const GArray *ballots)
{
	json_t *array = json_array();

	for (guint i = 0; i < ballots->len; i++) {
		const struct group_ballot *ballot =
			&g_array_index(ballots, struct group_ballot, i);
		json_t *object = json_object();

		json_object_set_new(object, "member",
				    member_id(ballot->member));
		json_object_set_new(
			object, "vote",
			ballot->word == STORE_VOTE_WITHDRAW
				? json_null()
				: text_json(store_vote_name(ballot->word)));
		json_object_set_new(object, "reason",
				    text_json(ballot->reason));
		json_object_set_new(object, "time", time_json(ballot->time_us));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
choice_json(gconstpointer element)
{
	const struct group_choice *choice = element;
	json_t *object = json_object();

	json_object_set_new(object, "vendor", text_json(choice->card));
	json_object_set_new(object, "name", text_json(choice->name));
	json_object_set_new(object, "share",
			    choice->share < 0 ? json_null()
					      : json_real(choice->share));
	json_object_set_new(object, "vetoed", json_boolean(choice->vetoed));
	json_object_set_new(object, "chosen", json_boolean(choice->chosen));
	json_object_set_new(object, "listed_by", text_json(choice->listed_by));
	json_object_set_new(object, "votes", ballots_json(choice->ballots));
	return object;
}

static json_t *
vote_json(gconstpointer element)
{
	const struct store_vote *vote = element;
	json_t *object = json_object();

	json_object_set_new(object, "id", text_json(vote->id));
	json_object_set_new(object, "time", time_json(vote->time_us));
	json_object_set_new(object, "member",
			    *vote->member ? text_json(vote->member)
					  : json_null());
	json_object_set_new(object, "word",
			    text_json(store_vote_name(vote->word)));
	json_object_set_new(object, "vendor",
			    *vote->vendor ? text_json(vote->vendor)
					  : json_null());
	json_object_set_new(object, "reason", text_json(vote->reason));
	json_object_set_new(object, "by", text_json(vote->by));
	return object;
}

static json_t *
head_json(const struct group_view *view)
{
	const struct group *group = view->group;
	json_t *object = json_object();
	json_t *decision = json_object();

	json_object_set_new(decision, "what", text_json(group->what));
	json_object_set_new(decision, "by", day(group->by_us));
	json_object_set_new(decision, "stage",
			    text_json(profile_stages[group->stage]));
	json_object_set_new(decision, "decided", json_boolean(view->decided));
	json_object_set_new(object, "group", text_json(group->id));
	json_object_set_new(object, "name", text_json(group->name));
	json_object_set_new(object, "reader", text_or_null(view->reader));
	json_object_set_new(object, "front_door",
			    text_or_null(group->front_door));
	json_object_set_new(object, "decision", decision);
	json_object_set_new(object, "accept", json_real(group->accept));
	json_object_set_new(object, "members", members_json(view));
	json_object_set_new(object, "agreement", json_real(view->agreement));
	return object;
}

char *
group_view_json(const struct group_view *view)
{
	json_t *object = head_json(view);
	char *dumped;
	char *json;

	json_object_set_new(object, "topics",
			    array_of(view->topics, topic_json));
	json_object_set_new(object, "conflicts",
			    array_of(view->conflicts, conflict_json));
	json_object_set_new(object, "links", array_of(view->links, link_json));
	json_object_set_new(object, "meetings",
			    array_of(view->meetings, meeting_json));
	json_object_set_new(object, "shortlist",
			    array_of(view->choices, choice_json));
	json_object_set_new(object, "record", array_of(view->votes, vote_json));
	dumped = json_dumps(object, JSON_REAL_PRECISION(9));
	json_decref(object);
	/* What jansson allocates is free()'s, which g_free() is not by
	 * contract. */
	json = g_strdup(dumped);
	free(dumped);
	return json;
}
