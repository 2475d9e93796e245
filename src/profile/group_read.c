#include <string.h>

#include "base/error.h"
#include "field_private.h"
#include "group_private.h"
#include "profile/sources.h"
#include "profile_private.h"
#include "yaml_private.h"

/* More than a person means by one topic; a bound on what a fault shows. */
#define PRIORITIES_MAX 256
#define SHOWN_MAX      12

const char *const group_shares[] = { "priorities", "refusals", "vendors",
				     "metrics", NULL };

/* What is needed to read one group. */
struct reading {
	struct group *group;
	const GPtrArray *profiles; /* NULL: any may be */
	GHashTable *members;	   /* profile id -> its node */
	GHashTable *topics;	   /* id -> its node */
	GHashTable *priorities;	   /* "PROFILE/PRIORITY" -> its node */
};

/* "UNKNOWN 'text', did you mean 'nearest'? (allowed: a, b)". Takes `words`. */
static void
refuse_name(const struct yaml_node *node, const char *what, GPtrArray *words)
{
	const char *text = yaml_text(node);
	g_autofree char *shown = yaml_shown(text);
	g_autofree char *list = NULL;
	g_autofree char *hint = NULL;
	char more[] = "...";
	const char *nearest;

	g_ptr_array_add(words, NULL);
	nearest = nearest_word(text, (const char *const *)words->pdata);
	hint = nearest ? g_strdup_printf(", did you mean '%s'?", nearest)
		       : g_strdup("");
	if (words->len - 1 > SHOWN_MAX) {
		words->pdata[SHOWN_MAX] = more;
		words->pdata[SHOWN_MAX + 1] = NULL;
	}
	list = yaml_words_join((const char *const *)words->pdata);
	yaml_fault(node, "unknown %s %s%s (allowed: %s)", what, shown, hint,
		   *list ? list : "none is there");
	g_ptr_array_unref(words);
}

/* Whether a name is new among those of its kind; a fault when it is not. */
static gboolean
take_name(GHashTable *taken, struct yaml_node *node, const char *what)
{
	const struct yaml_node *first = g_hash_table_lookup(taken, node->text);

	if (first)
		yaml_fault(node,
			   "duplicate %s '%s', first at line %u, column %u",
			   what, node->text, first->line, first->column);
	else
		g_hash_table_insert(taken, node->text, node);
	return !first;
}

static const struct profile *
find_profile(const struct reading *reading, const char *id)
{
	for (guint i = 0; i < reading->profiles->len; i++) {
		const struct profile *profile = reading->profiles->pdata[i];

		if (strcmp(profile->id, id) == 0)
			return profile;
	}
	return NULL;
}

static void
check_profile(const struct reading *reading, const struct yaml_node *node)
{
	GPtrArray *ids;

	if (!reading->profiles || find_profile(reading, yaml_text(node)))
		return;
	ids = g_ptr_array_new();
	for (guint i = 0; i < reading->profiles->len; i++) {
		const struct profile *profile = reading->profiles->pdata[i];

		g_ptr_array_add(ids, profile->id);
	}
	refuse_name(node, "profile", ids);
}

/* Whether a member is named; a fault when not. */
static gboolean
check_member(const struct reading *reading, struct yaml_node *node,
	     const char *key)
{
	GPtrArray *ids;

	if (!yaml_text(node)) {
		yaml_refuse(node, key, "a member's profile");
		return FALSE;
	}
	if (g_hash_table_contains(reading->members, yaml_text(node)))
		return TRUE;
	ids = g_ptr_array_new();
	for (guint i = 0; i < reading->group->members->len; i++) {
		const struct group_member *member =
			reading->group->members->pdata[i];

		if (*member->profile)
			g_ptr_array_add(ids, member->profile);
	}
	refuse_name(node, "member", ids);
	return FALSE;
}

static void
read_head(struct yaml_node *root, struct group *group)
{
	struct yaml_node *map = yaml_get_map(root, "group");
	struct yaml_node *door = yaml_value(map, "front_door");
	struct yaml_node *decision = yaml_get_map(root, "decision");

	group->name = field_line(map, "name", group->id);
	if (door && yaml_text(door))
		group->front_door = field_address(door);
	else if (door)
		yaml_refuse(door, "front_door", "a mail address");
	group->what = field_line(decision, "what", "");
	group->by_us = field_day_end(decision, "by");
	group->stage = (enum profile_stage)yaml_get_word(
		decision, "stage", profile_stages, STAGE_EVALUATING);
	group->accept = yaml_get_number(root, "accept", 0, 1, 0);
}

static void
member_free(gpointer data)
{
	struct group_member *member = data;

	g_free(member->profile);
	g_free(member->role);
	g_free(member);
}

static void
read_member(struct reading *reading, struct yaml_node *map)
{
	struct group_member *member = g_new0(struct group_member, 1);
	struct yaml_node *node = yaml_value(map, "profile");
	struct yaml_node *influence = yaml_get_map(map, "influence");

	g_ptr_array_add(reading->group->members, member);
	member->profile = g_strdup(node && yaml_text(node) ? node->text : "");
	member->role = field_line(map, "role", "");
	member->now = yaml_get_number(influence, "now", 0, 1, 0.5);
	member->wished =
		yaml_get_number(influence, "wished", 0, 1, member->now);
	member->veto = yaml_get_bool(map, "veto", FALSE);
	member->share =
		yaml_get_words(map, "share", group_shares, GROUP_PRIORITIES);
	if (!node)
		yaml_fault(map, "profile is missing: whose the member is");
	else if (!yaml_text(node) ||
		 (!reading->profiles && !profile_id_valid(member->profile)))
		yaml_refuse(node, "profile", "the id of a profile");
	else if (take_name(reading->members, node, "member"))
		check_profile(reading, node);
}

/* What is past the most is not read, and has no faults of its own. */
static void
refuse_number(struct yaml_node *list, const char *key, guint n, guint min,
	      guint max)
{
	yaml_fault(list, "%s has %u entr%s, %u to %u are allowed", key, n,
		   n == 1 ? "y" : "ies", min, max);
	list->judged = n > max;
}

static void
read_members(struct yaml_node *root, struct reading *reading)
{
	const GPtrArray *list = yaml_get_list(root, "members");
	const guint n = list ? list->len : 0;

	reading->group->members = g_ptr_array_new_with_free_func(member_free);
	if (!yaml_has(root, "members"))
		yaml_fault(root, "members is missing: two at least decide "
				 "together");
	else if (list && (n < 2 || n > GROUP_MEMBERS_MAX))
		refuse_number(yaml_value(root, "members"), "members", n, 2,
			      GROUP_MEMBERS_MAX);
	for (guint i = 0; i < MIN(n, GROUP_MEMBERS_MAX); i++) {
		struct yaml_node *node = list->pdata[i];

		if (yaml_is_map(node))
			read_member(reading, node);
		else
			yaml_refuse(node, "a member",
				    "a mapping (profile, role, influence, "
				    "...)");
	}
}

static void
topic_free(gpointer data)
{
	struct group_topic *topic = data;

	g_free(topic->id);
	g_free(topic->name);
	g_free(topic->owner);
	g_strfreev(topic->priorities);
	g_free(topic);
}

/* That the member's profile has it; the nearest of theirs when not. */
static void
check_known(const struct reading *reading, const struct yaml_node *node,
	    const char *member, const char *id)
{
	const struct profile *profile =
		reading->profiles ? find_profile(reading, member) : NULL;
	GPtrArray *names;

	if (!profile)
		return;
	names = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		if (strcmp(priority->id, id) == 0) {
			g_ptr_array_unref(names);
			return;
		}
		g_ptr_array_add(names,
				g_strdup_printf("%s/%s", member, priority->id));
	}
	refuse_name(node, "priority", names);
}

static void
check_priority(const struct reading *reading, struct yaml_node *node)
{
	g_auto(GStrv) parts =
		g_strsplit(yaml_text(node) ? yaml_text(node) : "", "/", 2);
	GPtrArray *ids;

	if (g_strv_length(parts) != 2 || !*parts[0] || !*parts[1]) {
		yaml_refuse(node, "an entry of priorities", "PROFILE/PRIORITY");
		return;
	}
	if (!take_name(reading->priorities, node, "priority"))
		return;
	if (g_hash_table_contains(reading->members, parts[0])) {
		check_known(reading, node, parts[0], parts[1]);
		return;
	}
	ids = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < reading->group->members->len; i++) {
		const struct group_member *member =
			reading->group->members->pdata[i];

		g_ptr_array_add(ids, g_strdup_printf("%s/%s", member->profile,
						     parts[1]));
	}
	refuse_name(node, "member in", ids);
}

static void
read_topic_id(struct reading *reading, struct yaml_node *map,
	      struct group_topic *topic)
{
	struct yaml_node *node = yaml_value(map, "id");

	topic->id = field_line(map, "id", "");
	if (!node)
		yaml_fault(map, "id is missing: a short name for the topic");
	else if (!yaml_text(node) || !profile_id_valid(topic->id))
		yaml_refuse(node, "id",
			    "at most 64 letters, digits, '-', '_' and '.'");
	else
		take_name(reading->topics, node, "id");
}

static void
read_topic(struct reading *reading, struct yaml_node *map)
{
	struct group_topic *topic = g_new0(struct group_topic, 1);
	struct yaml_node *owner = yaml_value(map, "owner");
	const GPtrArray *list = yaml_get_list(map, "priorities");

	g_ptr_array_add(reading->group->topics, topic);
	read_topic_id(reading, map, topic);
	topic->name = field_line(map, "name", topic->id);
	if (owner && check_member(reading, owner, "owner"))
		topic->owner = g_strdup(yaml_text(owner));
	topic->priorities = field_lines(map, "priorities", PRIORITIES_MAX);
	for (guint i = 0; list && i < MIN(list->len, PRIORITIES_MAX); i++)
		check_priority(reading, list->pdata[i]);
	if (!yaml_has(map, "priorities") || (list && list->len == 0))
		yaml_fault(map, "priorities is missing: what the topic is, as "
				"PROFILE/PRIORITY");
}

static void
read_topics(struct yaml_node *root, struct reading *reading)
{
	const GPtrArray *list = yaml_get_list(root, "topics");
	const guint n = list ? list->len : 0;

	reading->group->topics = g_ptr_array_new_with_free_func(topic_free);
	if (n > GROUP_TOPICS_MAX)
		refuse_number(yaml_value(root, "topics"), "topics", n, 0,
			      GROUP_TOPICS_MAX);
	for (guint i = 0; i < MIN(n, GROUP_TOPICS_MAX); i++) {
		struct yaml_node *node = list->pdata[i];

		if (yaml_is_map(node))
			read_topic(reading, node);
		else
			yaml_refuse(node, "a topic",
				    "a mapping (id, name, owner, priorities)");
	}
}

static void
read_talk(struct reading *reading, struct yaml_node *node)
{
	const GPtrArray *list = node->kind == YAML_LIST ? node->items : NULL;
	char **pair;

	if (!list || list->len != 2) {
		yaml_refuse(node, "an entry of talks",
			    "a list of two members, as [priya, dan]");
		return;
	}
	for (guint i = 0; i < 2; i++)
		if (!check_member(reading, list->pdata[i], "talks"))
			return;
	pair = g_new0(char *, 3);
	pair[0] = g_strdup(yaml_text(list->pdata[0]));
	pair[1] = g_strdup(yaml_text(list->pdata[1]));
	g_ptr_array_add(reading->group->talks, pair);
	if (strcmp(pair[0], pair[1]) == 0)
		yaml_fault(node, "'%s' is named twice: two members talk",
			   pair[0]);
}

static void
pair_free(gpointer data)
{
	g_strfreev(data);
}

static void
read_talks(struct yaml_node *root, struct reading *reading)
{
	const GPtrArray *list = yaml_get_list(root, "talks");
	const guint most = GROUP_MEMBERS_MAX * (GROUP_MEMBERS_MAX - 1) / 2;

	reading->group->talks = g_ptr_array_new_with_free_func(pair_free);
	if (list && list->len > most) {
		yaml_fault(yaml_value(root, "talks"),
			   "talks has more than %u entries", most);
		return;
	}
	for (guint i = 0; list && i < list->len; i++)
		read_talk(reading, list->pdata[i]);
}

static GHashTable *
names_new(void)
{
	return g_hash_table_new(g_str_hash, g_str_equal);
}

void
group_read(struct yaml *yaml, struct group *group, const GPtrArray *profiles)
{
	struct yaml_node *root = yaml_root(yaml);
	g_autoptr(GHashTable) members = names_new();
	g_autoptr(GHashTable) topics = names_new();
	g_autoptr(GHashTable) priorities = names_new();
	struct reading reading = { group, profiles, members, topics,
				   priorities };

	field_version(root);
	read_head(root, group);
	read_members(root, &reading);
	read_topics(root, &reading);
	read_talks(root, &reading);
	yaml_finish(root);
}
