/* How a buying group is read, and what is told of one that cannot be. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "profile/group.h"

#define PRELUDE                                                                \
	"version: 1\n"                                                         \
	"members:\n"                                                           \
	"- {profile: priya}\n"                                                 \
	"- {profile: dan}\n"

struct bad_case {
	const char *name;
	const char *text;
	const char *expected; /* the whole report */
};

/* Each goes on at line 5. */
static const struct bad_case bad_cases[] = {
	{ "unknown key", "topcis: []\n",
	  "g.yaml:5:1: unknown key 'topcis', did you mean 'topics'? (allowed: "
	  "accept, decision, group, members, talks, topics, version)" },
	{ "front door", "group: {front_door: vendors}\n",
	  "g.yaml:5:21: 'vendors' is not a mail address: local@domain is "
	  "needed" },
	{ "front door, list", "group: {front_door: [a@b.example]}\n",
	  "g.yaml:5:21: front_door must be a mail address, not a list" },
	{ "group, unknown key", "group: {fontdoor: a@b.example}\n",
	  "g.yaml:5:9: unknown key 'fontdoor', did you mean 'front_door'? "
	  "(allowed: front_door, name)" },
	{ "decision, date", "decision: {by: soon}\n",
	  "g.yaml:5:16: by must be a day of the calendar as YYYY-MM-DD, not "
	  "'soon'" },
	{ "decision, stage", "decision: {stage: evaluting}\n",
	  "g.yaml:5:19: stage must be one of exploring, evaluating, deciding, "
	  "done, not 'evaluting'; did you mean 'evaluating'?" },
	{ "accept", "accept: 1.5\n",
	  "g.yaml:5:9: accept must be between 0 and 1, not '1.5'" },
	{ "topic, no mapping", "topics: [edr]\n",
	  "g.yaml:5:10: a topic must be a mapping (id, name, owner, "
	  "priorities), not 'edr'" },
	{ "topic, nothing in it", "topics: [{name: EDR}]\n",
	  "g.yaml:5:10: id is missing: a short name for the topic\n"
	  "g.yaml:5:10: priorities is missing: what the topic is, as "
	  "PROFILE/PRIORITY" },
	{ "topic, id", "topics: [{id: a b, priorities: [dan/x]}]\n",
	  "g.yaml:5:15: id must be at most 64 letters, digits, '-', '_' and "
	  "'.', not 'a b'" },
	{ "topic, same id",
	  "topics:\n- {id: a, priorities: [dan/x]}\n"
	  "- {id: a, priorities: [dan/y]}\n",
	  "g.yaml:7:8: duplicate id 'a', first at line 6, column 8" },
	{ "topic, owner",
	  "topics: [{id: a, owner: den, priorities: [dan/x]}]\n",
	  "g.yaml:5:25: unknown member 'den', did you mean 'dan'? (allowed: "
	  "priya, dan)" },
	{ "topic, owner is a list",
	  "topics: [{id: a, owner: [dan], priorities: [dan/x]}]\n",
	  "g.yaml:5:25: owner must be a member's profile, not a list" },
	{ "priorities, form",
	  "topics: [{id: a, priorities: [edr, /x, dan/]}]\n",
	  "g.yaml:5:31: an entry of priorities must be PROFILE/PRIORITY, not "
	  "'edr'\n"
	  "g.yaml:5:36: an entry of priorities must be PROFILE/PRIORITY, not "
	  "'/x'\n"
	  "g.yaml:5:40: an entry of priorities must be PROFILE/PRIORITY, not "
	  "'dan/'" },
	{ "priorities, whose", "topics: [{id: a, priorities: [pria/x]}]\n",
	  "g.yaml:5:31: unknown member in 'pria/x', did you mean 'priya/x'? "
	  "(allowed: priya/x, dan/x)" },
	{ "priorities, twice",
	  "topics:\n- {id: a, priorities: [dan/x]}\n"
	  "- {id: b, priorities: [dan/x]}\n",
	  "g.yaml:7:24: duplicate priority 'dan/x', first at line 6, column "
	  "24" },
	{ "talks, no pair", "talks: [priya, [dan]]\n",
	  "g.yaml:5:9: an entry of talks must be a list of two members, as "
	  "[priya, dan], not 'priya'\n"
	  "g.yaml:5:16: an entry of talks must be a list of two members, as "
	  "[priya, dan], not a list" },
	{ "talks, whose", "talks: [[priya, danny]]\n",
	  "g.yaml:5:17: unknown member 'danny' (allowed: priya, dan)" },
	{ "talks, alone", "talks: [[dan, dan]]\n",
	  "g.yaml:5:9: 'dan' is named twice: two members talk" },
};

static const struct bad_case member_cases[] = {
	{ "missing", "version: 1\n",
	  "g.yaml:1:1: members is missing: two at least decide together" },
	{ "version", "members: [{profile: a}, {profile: b}]\n",
	  "g.yaml:1:1: version is missing: write 'version: 1'" },
	{ "one", "version: 1\nmembers: [{profile: a}]\n",
	  "g.yaml:2:10: members has 1 entry, 2 to 64 are allowed" },
	{ "none", "version: 1\nmembers: []\n",
	  "g.yaml:2:10: members has 0 entries, 2 to 64 are allowed" },
	{ "a mapping", "version: 1\nmembers: {profile: a}\n",
	  "g.yaml:2:10: members must be a list, not a mapping" },
	{ "names", "version: 1\nmembers: [priya, dan]\n",
	  "g.yaml:2:11: a member must be a mapping (profile, role, influence, "
	  "...), not 'priya'\n"
	  "g.yaml:2:18: a member must be a mapping (profile, role, influence, "
	  "...), not 'dan'" },
	{ "no profile", "version: 1\nmembers: [{role: x}, {profile: [a]}]\n",
	  "g.yaml:2:11: profile is missing: whose the member is\n"
	  "g.yaml:2:32: profile must be the id of a profile, not a list" },
	{ "no id",
	  "version: 1\nmembers: [{profile: a/b}, {profile: \"s!am\"}]\n",
	  "g.yaml:2:21: profile must be the id of a profile, not 'a/b'\n"
	  "g.yaml:2:37: profile must be the id of a profile, not the text "
	  "'s!am'" },
	{ "twice", "version: 1\nmembers: [{profile: a}, {profile: a}]\n",
	  "g.yaml:2:35: duplicate member 'a', first at line 2, column 21" },
	{ "keys",
	  "version: 1\nmembers: [{profile: a, influnce: 1}, {profile: b, "
	  "influence: 0.4}]\n",
	  "g.yaml:2:24: unknown key 'influnce', did you mean 'influence'? "
	  "(allowed: influence, profile, role, share, veto)\n"
	  "g.yaml:2:62: influence must be a mapping (key: value), not '0.4'" },
	{ "values",
	  "version: 1\nmembers:\n- {profile: a, influence: {now: 2, wished: "
	  "x}, veto: maybe, share: [metric, all]}\n- {profile: b}\n",
	  "g.yaml:3:33: now must be between 0 and 1, not '2'\n"
	  "g.yaml:3:44: wished must be between 0 and 1, not 'x'\n"
	  "g.yaml:3:54: veto must be yes or no, not 'maybe'\n"
	  "g.yaml:3:69: share must be one of priorities, refusals, vendors, "
	  "metrics, not 'metric'; did you mean 'metrics'?\n"
	  "g.yaml:3:77: share must be one of priorities, refusals, vendors, "
	  "metrics, not 'all'" },
};

static void
assert_report(const char *text, const char *expected)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;

	g_assert_null(group_parse("g.yaml", text, strlen(text), faults));
	g_assert_false(faults_report(faults, &error));
	g_assert_cmpstr(error->message, ==, expected);
}

static void
test_bad(gconstpointer data)
{
	const struct bad_case *bad = data;
	g_autofree char *text = g_strconcat(PRELUDE, bad->text, NULL);

	assert_report(text, bad->expected);
}

static void
test_members(gconstpointer data)
{
	const struct bad_case *bad = data;

	assert_report(bad->text, bad->expected);
}

static struct group *
read_group(const char *text)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	struct group *group =
		group_parse("d/team.yaml", text, strlen(text), faults);

	faults_report(faults, &error);
	g_assert_no_error(error);
	return group;
}

static void
test_defaults(void)
{
	g_autoptr(Group) group = read_group(PRELUDE);
	const struct group_member *dan = group_find_member(group, "dan");

	g_assert_cmpstr(group->id, ==, "team");
	g_assert_cmpstr(group->name, ==, "team");
	g_assert_null(group->front_door);
	g_assert_cmpstr(group->what, ==, "");
	g_assert_cmpint(group->by_us, ==, 0);
	g_assert_cmpint(group->stage, ==, STAGE_EVALUATING);
	g_assert_cmpfloat(group->accept, ==, 0);
	g_assert_cmpuint(group->topics->len + group->talks->len, ==, 0);
	g_assert_cmpstr(dan->role, ==, "");
	g_assert_cmpfloat(dan->now, ==, 0.5);
	g_assert_cmpfloat(dan->wished, ==, 0.5);
	g_assert_false(dan->veto);
	g_assert_cmpuint(dan->share, ==, GROUP_PRIORITIES);
	g_assert_null(group_find_member(group, "sam"));
	g_assert_null(group_find_member(group, NULL));
}

static void
test_whole(void)
{
	g_autoptr(Group) group = read_group(
		"version: 1\n"
		"group: {name: Endpoints, front_door: Vendors@M.example}\n"
		"decision: {what: The antivirus, by: 2027-03-31, stage: "
		"deciding}\n"
		"members:\n"
		"- {profile: priya, role: CISO, influence: {now: 0.9}, veto: "
		"yes, share: [refusals, metrics]}\n"
		"- {profile: dan, influence: {now: 0.2, wished: 0.6}, share: "
		"[]}\n"
		"topics: [{id: edr, owner: dan, priorities: [priya/edr, "
		"dan/desktops]}]\n"
		"talks: [[priya, dan]]\n"
		"accept: 0.7\n");
	const struct group_member *priya = group->members->pdata[0];
	const struct group_member *dan = group->members->pdata[1];
	const struct group_topic *topic = group->topics->pdata[0];
	char **talk = group->talks->pdata[0];

	g_assert_cmpstr(group->name, ==, "Endpoints");
	g_assert_cmpstr(group->front_door, ==, "vendors@m.example");
	g_assert_cmpstr(group->what, ==, "The antivirus");
	g_assert_cmpint(group->by_us, ==, G_GINT64_CONSTANT(1806537599999999));
	g_assert_cmpint(group->stage, ==, STAGE_DECIDING);
	g_assert_cmpfloat(group->accept, ==, 0.7);
	g_assert_cmpstr(priya->role, ==, "CISO");
	g_assert_cmpfloat(priya->wished, ==, 0.9);
	g_assert_true(priya->veto);
	g_assert_cmpuint(priya->share, ==, GROUP_REFUSALS | GROUP_METRICS);
	g_assert_cmpfloat(dan->now, ==, 0.2);
	g_assert_cmpfloat(dan->wished, ==, 0.6);
	g_assert_cmpuint(dan->share, ==, 0);
	g_assert_cmpstr(topic->name, ==, "edr");
	g_assert_cmpstr(topic->owner, ==, "dan");
	g_assert_cmpstr(topic->priorities[1], ==, "dan/desktops");
	g_assert_cmpstr(talk[0], ==, "priya");
	g_assert_cmpstr(talk[1], ==, "dan");
}

static void
test_most(void)
{
	g_autoptr(GString) text = g_string_new("version: 1\nmembers:\n");
	g_autoptr(GString) topics = g_string_new("topics:\n");
	g_autofree char *whole = NULL;

	for (guint i = 0; i <= GROUP_MEMBERS_MAX; i++)
		g_string_append_printf(text, "- {profile: m%u}\n", i);
	assert_report(text->str,
		      "g.yaml:3:1: members has 65 entries, 2 to 64 are "
		      "allowed");
	for (guint i = 0; i <= GROUP_TOPICS_MAX; i++)
		g_string_append_printf(
			topics, "- {id: t%u, priorities: [dan/p%u]}\n", i, i);
	whole = g_strconcat(PRELUDE, topics->str, NULL);
	assert_report(whole, "g.yaml:6:1: topics has 65 entries, 0 to 64 "
			     "are allowed");
}

static GPtrArray *
profiles_of(const char *const ids[])
{
	GPtrArray *profiles =
		g_ptr_array_new_with_free_func((GDestroyNotify)profile_free);
	g_autoptr(Faults) faults = faults_new();

	for (; *ids; ids++) {
		g_autofree char *path = g_strconcat(*ids, ".yaml", NULL);
		g_autofree char *text = g_strdup_printf(
			"version: 1\nbuyer: {addresses: [%s@x.example]}\n"
			"priorities: [{id: edr, name: n}, {id: cloud, name: "
			"m}]\n",
			*ids);

		g_ptr_array_add(profiles, profile_parse(path, text,
							strlen(text), faults));
	}
	g_assert_cmpuint(faults_count(faults), ==, 0);
	return profiles;
}

static void
put(const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* A folder's report with the folder's name taken off. */
static void
assert_folder(const char *folder, const GPtrArray *profiles, guint n,
	      const char *expected)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) groups =
		group_load_folder(folder, profiles, faults);
	g_auto(GStrv) parts = NULL;
	g_autofree char *place = g_strconcat(folder, "/", NULL);
	g_autofree char *got = NULL;

	faults_report(faults, &error);
	parts = g_strsplit(error ? error->message : "", place, -1);
	got = g_strjoinv("", parts);
	g_assert_cmpstr(got, ==, expected);
	g_assert_cmpuint(groups->len, ==, n);
}

static void
test_folder(void)
{
	static const char *const ids[] = { "dan", "priya", NULL };
	g_autoptr(GPtrArray) profiles = profiles_of(ids);
	g_autofree char *folder = g_dir_make_tmp("group-XXXXXX", NULL);
	g_autofree char *away = g_build_filename(folder, "away", NULL);

	assert_folder(away, profiles, 0, "");
	put(folder, "b.yaml",
	    PRELUDE "topics: [{id: t, priorities: "
		    "[priya/edr]}]\n");
	put(folder, "a.yaml", PRELUDE);
	put(folder, "a.yaml.sample", "no group");
	assert_folder(folder, profiles, 2, "");
	put(folder, "c.yml", "");
	put(folder, "a.yaml",
	    "version: 1\nmembers: [{profile: pria}, {profile: dan}]\n"
	    "topics: [{id: t, priorities: [dan/erd, pria/x]}]\n");
	assert_folder(folder, profiles, 1,
		      "a.yaml:2:21: unknown profile 'pria', did you mean "
		      "'priya'? (allowed: dan, priya)\n"
		      "a.yaml:3:31: unknown priority 'dan/erd', did you mean "
		      "'dan/edr'? (allowed: dan/edr, dan/cloud)\n"
		      "c.yml: a group's name must end in .yaml");
	assert_folder(folder, NULL, 2,
		      "c.yml: a group's name must end in .yaml");
}

/* What people copy. */
static void
test_example(void)
{
	static const char path[] = "conf/groups.d/example.yaml.sample";
	g_autofree char *text = NULL;
	g_autoptr(Group) group = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL)) {
		g_test_skip("not run from the top of the tree");
		return;
	}
	group = read_group(text);
	g_assert_cmpuint(group->members->len, ==, 3);
	g_assert_cmpfloat(group->accept, ==, 0.7);
}

/* A list of what is allowed ends somewhere. */
static void
test_many_names(void)
{
	g_autoptr(GString) text = g_string_new("version: 1\nmembers:\n");

	for (guint i = 0; i < 20; i++)
		g_string_append_printf(text, "- {profile: m%u}\n", i);
	g_string_append(text, "talks: [[m1, somebody]]\n");
	assert_report(text->str,
		      "g.yaml:23:14: unknown member 'somebody' (allowed: m0, "
		      "m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, ...)");
}

static void
add_all(const char *name, const struct bad_case *cases, gsize n,
	GTestDataFunc test)
{
	for (gsize i = 0; i < n; i++) {
		g_autofree char *path =
			g_strdup_printf("/group/%s/%s", name, cases[i].name);

		g_test_add_data_func(path, &cases[i], test);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add_all("fault", bad_cases, G_N_ELEMENTS(bad_cases), test_bad);
	add_all("member", member_cases, G_N_ELEMENTS(member_cases),
		test_members);
	g_test_add_func("/group/defaults", test_defaults);
	g_test_add_func("/group/whole", test_whole);
	g_test_add_func("/group/most", test_most);
	g_test_add_func("/group/folder", test_folder);
	g_test_add_func("/group/example", test_example);
	g_test_add_func("/group/many names", test_many_names);
	return g_test_run();
}
