/* Profiles as values: what is read, what is the default, what a folder is. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "profile/config.h"
#include "profile/profile.h"

/* 2027-03-31 and 2027-12-31, midnight UTC, in seconds. */
#define HORIZON G_GINT64_CONSTANT(1806451200)
#define UNTIL	G_GINT64_CONSTANT(1830211200)

static const char full_text[] =
	"version: 1\n"
	"buyer:\n"
	"  name: Priya Nair\n"
	"  role: CISO\n"
	"  addresses: [Priya.Nair@MERIDIAN.example, ciso@meridian.example]\n"
	"  organisation: {sector: healthcare, employees: 4200, regions: [NO]}\n"
	"priorities:\n"
	"  - id: edr\n"
	"    name: Replace antivirus\n"
	"    about: >\n"
	"      Ageing antivirus on 6,000\n"
	"      endpoints.\n"
	"    keywords: [EDR, \"managed detection\", 365]\n"
	"    weight: 1.0\n"
	"    stage: deciding\n"
	"    horizon: 2027-03-31\n"
	"    metric: {name: hours to contain, current: 52, target: 8.5}\n"
	"  - {id: soc, about: fewer alerts,\n"
	"     metric: {name: alerts, target: -1, file: metrics/soc.csv}}\n"
	"not_interested:\n"
	"  - penetration testing\n"
	"  - {name: SIEM, about: bought, keywords: [SOAR], until: 2027-12-31}\n"
	"vendor_fit: {employees: {min: 50, max: 5000}, regions: [US, CA],\n"
	"  must_have: [\"SOC 2 Type II\"]}\n"
	"senders: {allow: [\"@Crowd.example\", Bob@x.example], block: "
	"[a@b.c]}\n"
	"attention: {per_day: 3, per_week: 10}\n"
	"verdict: {accept: 0.7, tag: 0.4, hold: 0.9, unsure: 0.6}\n"
	"digest: {at: \"18:05\", zone: America/New_York, days: [mon, sun]}\n";

static struct profile *
parse_good(const char *path, const char *text)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	struct profile *profile =
		profile_parse(path, text, strlen(text), faults);

	faults_report(faults, &error);
	g_assert_no_error(error);
	g_assert_nonnull(profile);
	return profile;
}

static void
assert_strv(char **actual, const char *joined)
{
	g_autofree char *all = g_strjoinv("|", actual);

	g_assert_cmpstr(all, ==, joined);
}

static void
test_buyer(void)
{
	g_autoptr(Profile) p = parse_good("/etc/p/priya.yaml", full_text);

	g_assert_cmpstr(p->path, ==, "/etc/p/priya.yaml");
	g_assert_cmpstr(p->id, ==, "priya");
	g_assert_cmpstr(p->name, ==, "Priya Nair");
	g_assert_cmpstr(p->role, ==, "CISO");
	assert_strv(p->addresses,
		    "priya.nair@meridian.example|ciso@meridian.example");
	g_assert_cmpstr(p->sector, ==, "healthcare");
	g_assert_cmpfloat(p->employees, ==, 4200);
	assert_strv(p->regions, "NO");
}

static void
test_priorities(void)
{
	g_autoptr(Profile) p = parse_good("/etc/p/priya.yaml", full_text);
	const struct profile_priority *edr =
		g_ptr_array_index(p->priorities, 0);
	const struct profile_priority *soc =
		g_ptr_array_index(p->priorities, 1);

	g_assert_cmpuint(p->priorities->len, ==, 2);
	g_assert_cmpstr(edr->id, ==, "edr");
	g_assert_cmpstr(edr->name, ==, "Replace antivirus");
	g_assert_cmpstr(edr->about, ==, "Ageing antivirus on 6,000 endpoints.");
	assert_strv(edr->keywords, "EDR|managed detection|365");
	g_assert_cmpfloat(edr->weight, ==, 1);
	g_assert_cmpint(edr->stage, ==, STAGE_DECIDING);
	g_assert_cmpint(edr->horizon_us, ==,
			HORIZON * CLOCK_SECOND_US + CLOCK_DAY_US - 1);
	g_assert_cmpstr(edr->metric.name, ==, "hours to contain");
	g_assert_cmpfloat(edr->metric.current, ==, 52);
	g_assert_cmpfloat(edr->metric.target, ==, 8.5);
	g_assert_null(edr->metric.file);
	g_assert_cmpstr(soc->name, ==, "soc");
	g_assert_cmpuint(g_strv_length(soc->keywords), ==, 0);
	g_assert_cmpfloat(soc->weight, ==, 0.5);
	g_assert_cmpint(soc->stage, ==, STAGE_EVALUATING);
	g_assert_cmpint(soc->horizon_us, ==, 0);
	g_assert_cmpstr(soc->metric.file, ==, "/etc/p/metrics/soc.csv");
	g_assert_cmpfloat(soc->metric.target, ==, -1);
}

static void
test_the_rest(void)
{
	g_autoptr(Profile) p = parse_good("/etc/p/priya.yaml", full_text);
	const struct profile_refusal *pen = g_ptr_array_index(p->refusals, 0);
	const struct profile_refusal *siem = g_ptr_array_index(p->refusals, 1);

	g_assert_cmpuint(p->refusals->len, ==, 2);
	g_assert_cmpstr(pen->name, ==, "penetration testing");
	g_assert_cmpstr(pen->about, ==, "");
	g_assert_cmpint(pen->until_us, ==, 0);
	g_assert_cmpuint(g_strv_length(pen->keywords), ==, 0);
	g_assert_cmpstr(siem->name, ==, "SIEM");
	assert_strv(siem->keywords, "SOAR");
	g_assert_cmpint(siem->until_us, ==,
			UNTIL * CLOCK_SECOND_US + CLOCK_DAY_US - 1);
	g_assert_cmpfloat(p->fit.employees_min, ==, 50);
	g_assert_cmpfloat(p->fit.employees_max, ==, 5000);
	assert_strv(p->fit.regions, "US|CA");
	assert_strv(p->fit.must_have, "SOC 2 Type II");
	assert_strv(p->allow, "@crowd.example|bob@x.example");
	assert_strv(p->block, "a@b.c");
	g_assert_cmpuint(p->per_day, ==, 3);
	g_assert_cmpuint(p->per_week, ==, 10);
	g_assert_cmpfloat(p->accept, ==, 0.7);
	g_assert_cmpfloat(p->tag, ==, 0.4);
	g_assert_cmpfloat(p->hold, ==, 0.9);
	g_assert_cmpfloat(p->unsure, ==, 0.6);
	g_assert_cmpstr(p->digest.at, ==, "18:05");
	g_assert_cmpstr(p->digest.zone, ==, "America/New_York");
	g_assert_cmpuint(p->digest.days, ==, 0x41);
}

static void
test_defaults(void)
{
	g_autoptr(Profile) p =
		parse_good("some folder/b.yaml",
			   "version: 1\nbuyer: {addresses: a@x.example}\n"
			   "priorities: [{id: p, keywords: k}]\n"
			   "digest:\nverdict: {}\nnot_interested: ~\n");

	g_assert_cmpstr(p->id, ==, "b");
	g_assert_cmpstr(p->name, ==, "b");
	g_assert_cmpstr(p->role, ==, "");
	g_assert_cmpstr(p->sector, ==, "");
	g_assert_cmpfloat(p->employees, ==, 0);
	g_assert_cmpuint(p->refusals->len, ==, 0);
	g_assert_nonnull(p->fit.must_have);
	g_assert_nonnull(p->allow);
	g_assert_cmpuint(p->per_day, ==, 0);
	g_assert_cmpfloat(p->accept, ==, 0.65);
	g_assert_cmpfloat(p->tag, ==, 0.35);
	g_assert_cmpfloat(p->hold, ==, 0.80);
	g_assert_cmpfloat(p->unsure, ==, 0.50);
	g_assert_cmpuint(p->accept_place.line, ==, 0);
	g_assert_cmpstr(p->digest.at, ==, "07:30");
	g_assert_cmpstr(p->digest.zone, ==, "UTC");
	g_assert_cmpuint(p->digest.days, ==, 0x1f);
}

/* A threshold alone moves the default below it, not the other way round. */
static void
test_thresholds_follow(void)
{
	g_autoptr(Profile) p =
		parse_good("b.yaml", "version: 1\n"
				     "buyer: {addresses: a@x.example}\n"
				     "priorities: [{id: p, name: n}]\n"
				     "verdict: {accept: 0.2, hold: 0.4}\n");

	g_assert_cmpfloat(p->tag, ==, 0.2);
	g_assert_cmpfloat(p->unsure, ==, 0.4);
}

static void
test_senders(void)
{
	static const struct {
		const char *addr;
		gboolean listed;
	} cases[] = {
		{ "anyone@crowd.example", TRUE },
		{ "Anyone@CROWD.Example", TRUE },
		{ "bob@x.example", TRUE },
		{ "BOB@X.EXAMPLE", TRUE },
		{ "alice@x.example", FALSE },
		{ "anyone@mail.crowd.example", FALSE },
		{ "anyone@notcrowd.example", FALSE },
		{ "\"@crowd.example\"@evil.example", FALSE },
		{ "crowd.example", FALSE },
		{ "", FALSE },
	};
	g_autoptr(Profile) p = parse_good("priya.yaml", full_text);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		if (sender_listed(p->allow, cases[i].addr) != cases[i].listed)
			g_error("'%s' should %sbe listed", cases[i].addr,
				cases[i].listed ? "" : "not ");
}

static void
test_limits(void)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config = config_default();
	g_autoptr(Profile) p = parse_good("p.yaml", full_text);
	g_autoptr(Profile) plain =
		parse_good("q.yaml", "version: 1\n"
				     "buyer: {addresses: a@x.example}\n"
				     "priorities: [{id: p, name: n}]\n");

	g_assert_true(profile_within_limits(p, config, faults));
	config->accept_min = 0.72;
	config->accept_max = 0.9;
	config->hold_min = 0.95;
	g_assert_false(profile_within_limits(p, config, faults));
	g_assert_cmpuint(faults_count(faults), ==, 2);
	g_assert_cmpstr(faults_get(faults, 0), ==,
			"p.yaml:27:19: accept must be between 0.72 and 0.9, "
			"the administrator's limits, not 0.7");
	g_assert_cmpstr(faults_get(faults, 1), ==,
			"p.yaml:27:40: hold must be between 0.95 and 1, the "
			"administrator's limits, not 0.9");
	g_assert_true(profile_within_limits(plain, config, faults));
	profile_clamp(plain, config);
	g_assert_cmpfloat(plain->accept, ==, 0.72);
	g_assert_cmpfloat(plain->hold, ==, 0.95);
	config->accept_max = config->accept_min = 0.1;
	profile_clamp(plain, config);
	g_assert_cmpfloat(plain->accept, ==, 0.1);
	g_assert_cmpfloat(plain->tag, ==, 0.1);
}

static void
put(const char *folder, const char *name, const char *address)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *text =
		g_strdup_printf("version: 1\nbuyer: {addresses: [%s]}\n"
				"priorities: [{id: p, name: n}]\n",
				address);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
remove_all(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_remove(path);
	}
	g_rmdir(folder);
}

static void
test_folder(void)
{
	g_autofree char *folder = g_dir_make_tmp("pitchward-prof-XXXXXX", NULL);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) profiles = NULL;
	const struct profile *first;

	put(folder, "b.yaml", "b@x.example");
	put(folder, "a.yaml", "a@x.example");
	put(folder, ".hidden.yaml", "bad");
	put(folder, "a.yaml~", "bad");
	put(folder, "notes.txt", "bad");
	profiles = profile_load_folder(folder, faults);
	g_assert_cmpuint(faults_count(faults), ==, 0);
	g_assert_cmpuint(profiles->len, ==, 2);
	first = g_ptr_array_index(profiles, 0);
	g_assert_cmpstr(first->id, ==, "a");
	remove_all(folder);
}

static void
test_folder_faults(void)
{
	g_autofree char *folder = g_dir_make_tmp("pitchward-prof-XXXXXX", NULL);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) profiles = NULL;
	g_autofree char *report = NULL;
	g_autofree char *expected = NULL;
	g_autoptr(GError) error = NULL;

	put(folder, "a.yaml", "a@x.example");
	put(folder, "b.yaml", "b@x.example, A@x.example");
	put(folder, "c d.yaml", "c@x.example");
	put(folder, "e.yml", "e@x.example");
	put(folder, "f.yaml", "nobody");
	profiles = profile_load_folder(folder, faults);
	g_assert_cmpuint(profiles->len, ==, 1);
	expected = g_strdup_printf(
		"%s/b.yaml:2:34: duplicate address 'a@x.example', first at "
		"%s/a.yaml:2:21\n"
		"%s/c d.yaml: a profile's name must be at most 64 letters, "
		"digits, '-', '_' and '.'\n"
		"%s/e.yml: a profile's name must end in .yaml\n"
		"%s/f.yaml:2:21: 'nobody' is not a mail address: local@domain "
		"is needed",
		folder, folder, folder, folder, folder);
	g_assert_false(faults_report(faults, &error));
	g_assert_cmpstr(error->message, ==, expected);
	remove_all(folder);
}

static void
test_folder_missing(void)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) profiles =
		profile_load_folder("/nonexistent/profiles.d", faults);

	g_assert_cmpuint(profiles->len, ==, 0);
	g_assert_cmpuint(faults_count(faults), ==, 1);
	g_assert_true(g_str_has_prefix(faults_get(faults, 0),
				       "/nonexistent/profiles.d: "));
}

/* Every profile that comes with the source is one a person can start from. */
static void
test_shipped(gconstpointer data)
{
	const char *folder = data;
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) profiles = NULL;
	g_autoptr(GError) error = NULL;

	if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
		g_test_skip("run from the top of the source: no such folder");
		return;
	}
	profiles = profile_load_folder(folder, faults);
	faults_report(faults, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(profiles->len, >, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/profile/buyer", test_buyer);
	g_test_add_func("/profile/priorities", test_priorities);
	g_test_add_func("/profile/the rest", test_the_rest);
	g_test_add_func("/profile/defaults", test_defaults);
	g_test_add_func("/profile/thresholds follow", test_thresholds_follow);
	g_test_add_func("/profile/senders", test_senders);
	g_test_add_func("/profile/limits", test_limits);
	g_test_add_func("/profile/folder", test_folder);
	g_test_add_func("/profile/folder faults", test_folder_faults);
	g_test_add_func("/profile/folder missing", test_folder_missing);
	g_test_add_data_func("/profile/shipped/conf", "conf/profiles.d",
			     test_shipped);
	g_test_add_data_func("/profile/shipped/corpus",
			     "tests/corpus/authored/profiles", test_shipped);
	return g_test_run();
}
