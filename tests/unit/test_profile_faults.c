/* What a buyer is told of a profile that cannot be used. */
#include <glib.h>
#include <string.h>

#include "profile/profile.h"

struct bad_case {
	const char *name;
	const char *text;
	const char *expected; /* the whole report */
};

/* A whole profile: a case goes on at line 4. */
#define PRELUDE                                                                \
	"version: 1\n"                                                         \
	"buyer: {name: A, addresses: [a@x.example]}\n"                         \
	"priorities: [{id: p, name: n}]\n"

#define BUYER	 "version: 1\nbuyer: {addresses: [a@x.example]}\n"
#define PRIORITY "priorities:\n"

static const struct bad_case bad_cases[] = {
	{ "unknown key at the top", "prioritis: []\n",
	  "p.yaml:4:1: unknown key 'prioritis', did you mean "
	  "'priorities'? (allowed: attention, buyer, digest, "
	  "not_interested, priorities, senders, vendor_fit, "
	  "verdict, version)" },
	{ "senders, unknown", "senders: {alow: []}\n",
	  "p.yaml:4:11: unknown key 'alow', did you mean "
	  "'allow'? (allowed: allow, block)" },
	{ "senders, bare domain", "senders: {allow: [crowdshield.example]}\n",
	  "p.yaml:4:19: 'crowdshield.example' is not a sender: "
	  "user@host or @host is needed; did you mean "
	  "'@crowdshield.example'?" },
	{ "senders, wildcard", "senders: {block: [\"*@spamco.example\"]}\n",
	  "p.yaml:4:19: '*@spamco.example' is not a sender: "
	  "user@host or @host is needed; did you mean "
	  "'@spamco.example'?" },
	{ "senders, at alone", "senders: {block: [\"@\", \"@-x.example\"]}\n",
	  "p.yaml:4:19: '@' is not a sender: user@host or "
	  "@host is needed\n"
	  "p.yaml:4:24: '@-x.example' is not a sender: "
	  "user@host or @host is needed" },
	{ "senders, in both",
	  "senders: {allow: [\"@A.example\"], block: "
	  "[\"@a.example\"]}\n",
	  "p.yaml:4:42: '@a.example' is both allowed and "
	  "blocked" },
	{ "fit, min above max",
	  "vendor_fit: {employees: {min: 500, max: 50}}\n",
	  "p.yaml:4:31: min (500) must not be above max (50)" },
	{ "fit, fraction", "vendor_fit: {employees: {min: 0.5}}\n",
	  "p.yaml:4:31: min must be a whole number between 0 "
	  "and 100000000, not '0.5'" },
	{ "fit, number for a mapping", "vendor_fit: {employees: 50}\n",
	  "p.yaml:4:25: employees must be a mapping (key: "
	  "value), not '50'" },
	{ "fit, must_have mapping", "vendor_fit: {must_have: {a: b}}\n",
	  "p.yaml:4:25: must_have must be a list, not a mapping" },
	{ "fit, must_have empty entry", "vendor_fit: {must_have: [\"\"]}\n",
	  "p.yaml:4:26: must_have has an empty entry" },
	{ "attention, negative", "attention: {per_day: -1, per_week: many}\n",
	  "p.yaml:4:22: per_day must be a whole number between "
	  "0 and 10000, not '-1'\n"
	  "p.yaml:4:36: per_week must be a whole number "
	  "between 0 and 10000, not 'many'" },
	{ "attention, unknown", "attention: {per_dya: 3}\n",
	  "p.yaml:4:13: unknown key 'per_dya', did you mean "
	  "'per_day'? (allowed: per_day, per_week)" },
	{ "attention, list", "attention: [3]\n",
	  "p.yaml:4:12: attention must be a mapping (key: "
	  "value), not a list" },
	{ "verdict, range", "verdict: {accept: 1.2, tag: -0.1}\n",
	  "p.yaml:4:19: accept must be between 0 and 1, not "
	  "'1.2'\n"
	  "p.yaml:4:29: tag must be between 0 and 1, not '-0.1'" },
	{ "verdict, order", "verdict: {accept: 0.3, tag: 0.5}\n",
	  "p.yaml:4:29: tag (0.5) must not be above accept "
	  "(0.3)" },
	{ "verdict, order with a default", "verdict: {tag: 0.7}\n",
	  "p.yaml:4:16: tag (0.7) must not be above accept "
	  "(0.65)" },
	{ "verdict, unsure above hold", "verdict: {hold: 0.6, unsure: 0.7}\n",
	  "p.yaml:4:30: unsure (0.7) must not be above hold "
	  "(0.6)" },
	{ "verdict, unknown", "verdict: {acept: 0.5}\n",
	  "p.yaml:4:11: unknown key 'acept', did you mean "
	  "'accept'? (allowed: accept, hold, tag, unsure)" },
	{ "digest, time", "digest: {at: 7am}\n",
	  "p.yaml:4:14: at must be a time of day as HH:MM, not "
	  "'7am'" },
	{ "digest, hour", "digest: {at: \"24:00\"}\n",
	  "p.yaml:4:14: at must be a time of day as HH:MM, not "
	  "the text '24:00'" },
	{ "digest, minute", "digest: {at: \"07:60\"}\n",
	  "p.yaml:4:14: at must be a time of day as HH:MM, not "
	  "the text '07:60'" },
	{ "digest, zone", "digest: {zone: America/New_Yrok}\n",
	  "p.yaml:4:16: 'America/New_Yrok' is not a time zone; "
	  "did you mean 'America/New_York'?" },
	{ "digest, zone unknown", "digest: {zone: Middle-earth}\n",
	  "p.yaml:4:16: 'Middle-earth' is not a time zone: a "
	  "name such as Europe/Berlin is needed" },
	{ "digest, zone out of the folder",
	  "digest: {zone: ../../etc/passwd}\n",
	  "p.yaml:4:16: '../../etc/passwd' is not a time zone: "
	  "a name such as Europe/Berlin is needed" },
	{ "digest, zone a table", "digest: {zone: zone.tab}\n",
	  "p.yaml:4:16: 'zone.tab' is not a time zone: a name "
	  "such as Europe/Berlin is needed" },
	{ "digest, days", "digest: {days: [mon, tues, freitag]}\n",
	  "p.yaml:4:22: days must be one of mon, tue, wed, "
	  "thu, fri, sat, sun, not 'tues'; did you mean "
	  "'tue'?\n"
	  "p.yaml:4:28: days must be one of mon, tue, wed, "
	  "thu, fri, sat, sun, not 'freitag'" },
	{ "not_interested, a mapping", "not_interested: {name: x}\n",
	  "p.yaml:4:17: not_interested must be a list, not a "
	  "mapping" },
	{ "not_interested, a list inside", "not_interested: [[x]]\n",
	  "p.yaml:4:18: an entry of not_interested must be "
	  "text or a mapping (name, about, keywords, until), "
	  "not a list" },
	{ "not_interested, no name",
	  "not_interested:\n"
	  "  - {about: bought last year}\n",
	  "p.yaml:5:5: name of what is not wanted is missing" },
	{ "not_interested, until",
	  "not_interested:\n"
	  "  - {name: SIEM, until: soon}\n",
	  "p.yaml:5:25: until must be a day of the calendar as "
	  "YYYY-MM-DD, not 'soon'" },
	{ "not_interested, lines",
	  "not_interested:\n"
	  "  - |\n"
	  "    one\n"
	  "    two\n",
	  "p.yaml:5:5: an entry of not_interested must be one "
	  "line of at most 200 characters, not the text "
	  "'one\\ntwo\\n'" },
	{ "not_interested, empty", "not_interested: [\"\"]\n",
	  "p.yaml:4:18: an entry of not_interested must be one "
	  "line of at most 200 characters, not the text ''" },
	{ "not_interested, unknown",
	  "not_interested:\n"
	  "  - {name: SIEM, keyword: x}\n",
	  "p.yaml:5:18: unknown key 'keyword', did you mean "
	  "'keywords'? (allowed: about, keywords, name, until)" },
};

/* Files that are wrong before line 4. */
static const struct bad_case whole_cases[] = {
	{ "nothing but a version", "version: 1\n",
	  "p.yaml:1:1: buyer is missing: a name and addresses\n"
	  "p.yaml:1:1: priorities is missing: without one "
	  "every offer would be held" },
	{ "no version",
	  "buyer: {addresses: [a@x.example]}\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:1:1: version is missing: write 'version: 1'" },
	{ "version 2",
	  "version: 2\n"
	  "buyer: {addresses: [a@x.example]}\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:1:10: version must be 1, not '2'" },
	{ "buyer, text",
	  "version: 1\n"
	  "buyer: Priya\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:2:8: buyer must be a mapping (key: value), "
	  "not 'Priya'" },
	{ "buyer, no addresses",
	  "version: 1\n"
	  "buyer: {name: A}\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:2:8: addresses is missing: the buyer's own, "
	  "at least one" },
	{ "buyer, addresses empty",
	  "version: 1\n"
	  "buyer: {name: A, addresses: []}\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:2:8: addresses is missing: the buyer's own, "
	  "at least one" },
	{ "buyer, bad addresses",
	  "version: 1\n"
	  "buyer:\n"
	  "  addresses:\n"
	  "    - priya\n"
	  "    - \"@x.example\"\n"
	  "    - a@b@c d.example\n"
	  "    - \"<a@x.example>\"\n"
	  "    - a@-x.example\n"
	  "    - a b@x.example\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:4:7: 'priya' is not a mail address: "
	  "local@domain is needed\n"
	  "p.yaml:5:7: '@x.example' is not a mail address: "
	  "local@domain is needed\n"
	  "p.yaml:6:7: 'a@b@c d.example' is not a mail "
	  "address: local@domain is needed\n"
	  "p.yaml:7:7: '<a@x.example>' is not a mail address: "
	  "local@domain is needed\n"
	  "p.yaml:8:7: 'a@-x.example' is not a mail address: "
	  "local@domain is needed\n"
	  "p.yaml:9:7: 'a b@x.example' is not a mail address: "
	  "local@domain is needed" },
	{ "buyer, address twice",
	  "version: 1\n"
	  "buyer: {addresses: [a@x.example, b@x.example, "
	  "A@X.example]}\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:2:47: duplicate address 'a@x.example', first "
	  "at p.yaml:2:21" },
	{ "buyer, address a mapping",
	  "version: 1\n"
	  "buyer: {addresses: [{a: b}]}\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:2:21: addresses must be a list of texts, not "
	  "a mapping" },
	{ "buyer, unknown key",
	  "version: 1\n"
	  "buyer: {adresses: [a@x.example]}\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:2:8: addresses is missing: the buyer's own, "
	  "at least one\n"
	  "p.yaml:2:9: unknown key 'adresses', did you mean "
	  "'addresses'? (allowed: addresses, name, "
	  "organisation, role)" },
	{ "buyer, name a list",
	  "version: 1\n"
	  "buyer: {name: [A], addresses: [a@x.example]}\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:2:15: name must be text, not a list" },
	{ "buyer, name of two lines",
	  "version: 1\n"
	  "buyer:\n"
	  "  name: |\n"
	  "    A\n"
	  "    B\n"
	  "  addresses: [a@x.example]\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:3:9: name must be one line" },
	{ "organisation",
	  "version: 1\n"
	  "buyer:\n"
	  "  addresses: [a@x.example]\n"
	  "  organisation: {sector: [x], employees: many, "
	  "region: [US]}\n"
	  "priorities: [{id: p, name: n}]\n",
	  "p.yaml:4:26: sector must be text, not a list\n"
	  "p.yaml:4:42: employees must be a whole number "
	  "between 0 and 100000000, not 'many'\n"
	  "p.yaml:4:48: unknown key 'region', did you mean "
	  "'regions'? (allowed: employees, regions, sector)" },
	{ "priorities, none", BUYER,
	  "p.yaml:1:1: priorities is missing: without one "
	  "every offer would be held" },
	{ "priorities, empty", BUYER "priorities: []\n",
	  "p.yaml:3:13: priorities is empty: without one every "
	  "offer would be held" },
	{ "priorities, a mapping", BUYER "priorities: {id: p}\n",
	  "p.yaml:3:13: priorities must be a list, not a "
	  "mapping" },
	{ "priorities, text", BUYER "priorities: [edr]\n",
	  "p.yaml:3:14: a priority must be a mapping (id, "
	  "name, about, ...), not 'edr'" },
	{ "priority, no id", BUYER PRIORITY "  - name: n\n",
	  "p.yaml:4:5: id is missing: a short name for the "
	  "priority" },
	{ "priority, bad id",
	  BUYER PRIORITY "  - id: a b/c\n"
			 "    name: n\n",
	  "p.yaml:4:9: id must be at most 64 letters, digits, "
	  "'-', '_' and '.', not 'a b/c'" },
	{ "priority, id a list",
	  BUYER PRIORITY "  - id: [a]\n"
			 "    name: n\n",
	  "p.yaml:4:9: id must be text, not a list" },
	{ "priority, id twice",
	  BUYER PRIORITY "  - {id: p, name: n}\n"
			 "  - {id: q, name: n}\n"
			 "  - {id: p, name: n}\n",
	  "p.yaml:6:10: duplicate id 'p', first at line 4, "
	  "column 10" },
	{ "priority, nothing to know it by",
	  BUYER PRIORITY "  - id: p\n"
			 "    weight: 1\n",
	  "p.yaml:4:5: a priority needs a name, about or "
	  "keywords to be recognised by" },
	{ "priority, weight",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    weight: hgih\n",
	  "p.yaml:6:13: weight must be between 0 and 1, not "
	  "'hgih'" },
	{ "priority, unknown key",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    wieght: 1\n",
	  "p.yaml:6:5: unknown key 'wieght', did you mean "
	  "'weight'? (allowed: about, horizon, id, keywords, "
	  "metric, name, stage, weight)" },
	{ "priority, stage",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    stage: evaluate\n",
	  "p.yaml:6:12: stage must be one of exploring, "
	  "evaluating, deciding, done, not 'evaluate'" },
	{ "priority, horizon",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    horizon: Q3 2027\n",
	  "p.yaml:6:14: horizon must be a day of the calendar "
	  "as YYYY-MM-DD, not 'Q3 2027'" },
	{ "priority, horizon no day",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    horizon: 2027-06-31\n",
	  "p.yaml:6:14: horizon must be a day of the calendar "
	  "as YYYY-MM-DD, not '2027-06-31'" },
	{ "priority, keywords",
	  BUYER PRIORITY "  - id: p\n"
			 "    keywords: [EDR, {a: b}, \"\"]\n",
	  "p.yaml:5:21: keywords must be a list of texts, not "
	  "a mapping\n"
	  "p.yaml:5:29: keywords has an empty entry" },
	{ "priority, keywords a mapping",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    keywords: {a: b}\n",
	  "p.yaml:6:15: keywords must be a list, not a mapping" },
	{ "metric, empty",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    metric: {}\n",
	  "p.yaml:6:13: name of the metric is missing\n"
	  "p.yaml:6:13: target is missing: where the metric "
	  "should be\n"
	  "p.yaml:6:13: current is missing: where the metric "
	  "is, or a file of its values" },
	{ "metric, text",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    metric: hours\n",
	  "p.yaml:6:13: metric must be a mapping (key: value), "
	  "not 'hours'" },
	{ "metric, no current",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    metric: {name: hours, target: 8}\n",
	  "p.yaml:6:13: current is missing: where the metric "
	  "is, or a file of its values" },
	{ "metric, both",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    metric: {name: hours, current: 1, target: 8, "
			 "file: a.csv}\n",
	  "p.yaml:6:56: file and current exclude each other" },
	{ "metric, file outside",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    metric: {name: hours, target: 8, file: "
			 "../a.csv}\n",
	  "p.yaml:6:44: file must be a path below the "
	  "profile's folder, not '../a.csv'" },
	{ "metric, file absolute",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    metric: {name: hours, target: 8, file: "
			 "/etc/passwd}\n",
	  "p.yaml:6:44: file must be a path below the "
	  "profile's folder, not '/etc/passwd'" },
	{ "metric, not a number",
	  BUYER PRIORITY "  - id: p\n"
			 "    name: n\n"
			 "    metric: {name: hours, current: \"52\", target: "
			 "few}\n",
	  "p.yaml:6:36: current must be a number, not the text "
	  "'52'\n"
	  "p.yaml:6:50: target must be a number, not 'few'" },
	{ "many faults at once",
	  "verison: 1\n"
	  "buyer: {nmae: A, addresses: [a]}\n"
	  "priorities:\n"
	  "  - {id: p, weight: 2}\n"
	  "  - {id: p, stage: now}\n"
	  "attention: {per_day: lots}\n",
	  "p.yaml:1:1: version is missing: write 'version: 1'\n"
	  "p.yaml:1:1: unknown key 'verison', did you mean "
	  "'version'? (allowed: attention, buyer, digest, "
	  "not_interested, priorities, senders, vendor_fit, "
	  "verdict, version)\n"
	  "p.yaml:2:9: unknown key 'nmae', did you mean "
	  "'name'? (allowed: addresses, name, organisation, "
	  "role)\n"
	  "p.yaml:2:30: 'a' is not a mail address: "
	  "local@domain is needed\n"
	  "p.yaml:4:5: a priority needs a name, about or "
	  "keywords to be recognised by\n"
	  "p.yaml:4:21: weight must be between 0 and 1, not "
	  "'2'\n"
	  "p.yaml:5:5: a priority needs a name, about or "
	  "keywords to be recognised by\n"
	  "p.yaml:5:10: duplicate id 'p', first at line 4, "
	  "column 10\n"
	  "p.yaml:5:20: stage must be one of exploring, "
	  "evaluating, deciding, done, not 'now'\n"
	  "p.yaml:6:22: per_day must be a whole number between "
	  "0 and 10000, not 'lots'" },
	{ "broken YAML",
	  BUYER PRIORITY "  - id: p\n"
			 "   name: n\n",
	  "p.yaml:5:4: not valid YAML: did not find expected "
	  "'-' indicator while parsing a block collection that "
	  "starts at line 4" },
};

static void
assert_report(const char *text, const char *expected)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Profile) profile =
		profile_parse("p.yaml", text, strlen(text), faults);

	g_assert_null(profile);
	g_assert_false(faults_report(faults, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	g_assert_cmpstr(error->message, ==, expected);
}

static void
test_bad(gconstpointer data)
{
	const struct bad_case *bad = data;
	g_autofree char *text = g_strconcat(PRELUDE, bad->text, NULL);

	if (g_str_has_prefix(bad->name, "digest, zone") &&
	    !g_file_test("/usr/share/zoneinfo/tzdata.zi", G_FILE_TEST_EXISTS)) {
		g_test_skip("tzdata is not installed");
		return;
	}
	assert_report(text, bad->expected);
}

static void
test_whole(gconstpointer data)
{
	const struct bad_case *bad = data;

	assert_report(bad->text, bad->expected);
}

/* Long values are cut where they are shown, and refused where they are read. */
static void
test_long(void)
{
	g_autofree char *name = g_strnfill(201, 'x');
	g_autofree char *about = g_strnfill(4001, 'x');
	g_autofree char *id = g_strnfill(65, 'x');
	g_autoptr(GString) words = g_string_new("k");
	g_autofree char *text = NULL;

	for (guint i = 0; i < 200; i++)
		g_string_append(words, ", k");
	text = g_strdup_printf(BUYER PRIORITY "- id: %s\n"
					      "  name: %s\n"
					      "  about: %s\n"
					      "  keywords: [%s]\n",
			       id, name, about, words->str);
	assert_report(text,
		      "p.yaml:4:7: id must be at most 64 letters, digits, '-', "
		      "'_' and '.', not "
		      "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'\n"
		      "p.yaml:5:9: name is longer than 200 characters\n"
		      "p.yaml:6:10: about is longer than 4000 characters\n"
		      "p.yaml:7:13: keywords has more than 200 entries");
}

/* Entries past the most would be passed over in silence. */
static void
test_side(void)
{
	g_autoptr(GString) text = g_string_new(BUYER PRIORITY);
	g_autoptr(Faults) faults = faults_new();
	struct profile *profile;

	for (guint i = 0; i < PROFILE_SIDE_MAX; i++)
		g_string_append_printf(text, "- {id: p%u, name: n}\n", i);
	g_string_append(text, "not_interested:\n");
	for (guint i = 0; i < PROFILE_SIDE_MAX; i++)
		g_string_append_printf(text, "- r%u\n", i);
	profile = profile_parse("p.yaml", text->str, text->len, faults);
	g_assert_nonnull(profile);
	g_assert_cmpuint(profile->priorities->len, ==, PROFILE_SIDE_MAX);
	g_assert_cmpuint(profile->refusals->len, ==, PROFILE_SIDE_MAX);
	profile_free(profile);

	g_string_append(text, "- one more\n");
	assert_report(text->str,
		      "p.yaml:37:1: not_interested has 33 entries, at most 32 "
		      "are allowed");
	g_string_assign(text, BUYER PRIORITY);
	for (guint i = 0; i < 40; i++)
		g_string_append_printf(text, "- {id: p%u, name: n}\n", i);
	assert_report(text->str,
		      "p.yaml:4:1: priorities has 40 entries, at most 32 are "
		      "allowed");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
		g_autofree char *path =
			g_strdup_printf("/profile/fault/%s", bad_cases[i].name);

		g_test_add_data_func(path, &bad_cases[i], test_bad);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(whole_cases); i++) {
		g_autofree char *path = g_strdup_printf("/profile/fault/%s",
							whole_cases[i].name);

		g_test_add_data_func(path, &whole_cases[i], test_whole);
	}
	g_test_add_func("/profile/fault/long", test_long);
	g_test_add_func("/profile/fault/side", test_side);
	return g_test_run();
}
