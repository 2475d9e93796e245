/*
 * Which topics rise: the arithmetic on cases worked out by hand, and how often
 * it is right and wrong in synthetic years. `TREND_CURVE=1` prints how large a
 * trend must be to be found.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "market/trend.h"

static const struct trend_rules rules = { .fdr = 0.05, .vendors_min = 3 };

/* --- the arithmetic ---------------------------------------------------- */

static void
test_tail(void)
{
	static const struct {
		guint x;
		guint n;
		double share;
		double expected;
	} cases[] = {
		{ 0, 10, 0.5, 1 },
		{ 10, 10, 0.5, 1.0 / 1024 },
		{ 9, 10, 0.5, 11.0 / 1024 },
		{ 5, 10, 0.5, 638.0 / 1024 },
		{ 1, 10, 0.5, 1023.0 / 1024 },
		{ 11, 10, 0.5, 0 },
		{ 1, 20, 0.001, 0.019811135 }, /* 1 - 0.999^20 */
		{ 1, 3000, 0.5, 1 },	       /* the mean is far */
		{ 3, 3, 1.0 / 27, 1.0 / 19683 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const double found =
			trend_tail(cases[i].x, cases[i].n, cases[i].share);

		g_test_message("P(X >= %u) of %u at %g: %.9g", cases[i].x,
			       cases[i].n, cases[i].share, found);
		g_assert_cmpfloat_with_epsilon(found, cases[i].expected, 1e-8);
	}
}

#define STEPS 9

static const guint steady[STEPS] = { 10, 10, 10, 10, 10, 10, 10, 10, 10 };

static const struct {
	const char *name;
	guint counts[STEPS];
	gboolean rising;
} alone[] = {
	{ "never written, now by four", { 0, 0, 0, 0, 0, 0, 0, 0, 4 }, TRUE },
	{ "two are too few", { 0, 0, 0, 0, 0, 0, 0, 0, 2 }, FALSE },
	{ "as before", { 2, 1, 2, 3, 2, 1, 3, 2, 2 }, FALSE },
	{ "three times as many", { 2, 2, 2, 2, 2, 2, 2, 2, 8 }, TRUE },
	{ "it swung so before", { 0, 8, 0, 0, 8, 0, 0, 0, 8 }, FALSE },
	{ "less", { 8, 8, 8, 8, 8, 8, 8, 8, 3 }, FALSE },
};

static void
test_alone(gconstpointer data)
{
	const guint i = GPOINTER_TO_UINT(data);
	struct trend_topic topic = { .term = "x", .counts = alone[i].counts };
	const guint tests = trend_test(&topic, 1, steady, STEPS, &rules);

	g_test_message("p %g, q %g, ratio %g, dispersion %g", topic.p, topic.q,
		       topic.ratio, topic.dispersion);
	g_assert_cmpuint(tests, <=, 1);
	g_assert_cmpint(topic.rising, ==, alone[i].rising);
}

/* Twice the mail with the same share is no rise. */
static void
test_exposure(void)
{
	static const guint counts[STEPS] = { 2, 2, 2, 2, 2, 2, 2, 2, 9 };
	static const guint busy[STEPS] = { 10, 10, 10, 10, 10, 10, 10, 10, 45 };
	struct trend_topic topic = { .term = "x", .counts = counts };

	trend_test(&topic, 1, busy, STEPS, &rules);
	g_assert_false(topic.rising);
	g_assert_cmpfloat_with_epsilon(topic.ratio, 1, 1e-9);
}

/* What is rare among few tests is not among many. */
static void
test_many(void)
{
	static const guint counts[STEPS] = { 1, 1, 1, 1, 1, 1, 1, 1, 6 };
	static const guint dull[STEPS] = { 3, 3, 3, 3, 3, 3, 3, 3, 3 };
	g_autofree struct trend_topic *topics =
		g_new0(struct trend_topic, 3000);
	struct trend_topic one = { .term = "x", .counts = counts };

	g_assert_cmpuint(trend_test(&one, 1, steady, STEPS, &rules), ==, 1);
	g_assert_true(one.rising);
	for (guint i = 0; i < 3000; i++) {
		topics[i].term = "y";
		topics[i].counts = dull;
	}
	topics[7] = one;
	g_assert_cmpuint(trend_test(topics, 3000, steady, STEPS, &rules), ==,
			 3000);
	g_assert_false(topics[7].rising);
	g_assert_cmpfloat(topics[7].p, ==, one.p);
}

static void
test_short_past(void)
{
	static const guint counts[STEPS] = { 0, 0, 0, 0, 0, 0, 0, 0, 9 };
	static const guint late[STEPS] = { 0, 0, 0, 0, 0, 10, 10, 10, 10 };
	struct trend_topic topic = { .term = "x", .counts = counts };

	g_assert_cmpuint(trend_test(&topic, 1, late, STEPS, &rules), ==, 0);
	g_assert_false(topic.rising);
	g_assert_cmpuint(trend_test(&topic, 1, late, 0, &rules), ==, 0);
}

static GPtrArray *
names(const char *words)
{
	g_auto(GStrv) split = g_strsplit(words, " ", -1);
	GPtrArray *array = g_ptr_array_new_with_free_func(g_free);

	for (char **word = split; *word; word++)
		g_ptr_array_add(array, g_strdup(*word));
	return array;
}

static void
test_collapse(void)
{
	static const struct {
		const char *term;
		const char *vendors;
		double p;
		int told_by;
	} cases[] = {
		{ "zero trust", "a b c d", 1e-6, -1 },
		{ "zero", "a b c d", 1e-6, 0 },
		{ "trust", "a b c d e", 1e-5, 0 },
		{ "trust center", "f g h", 1e-4, -1 },
		{ "quantum", "p q r s t", 1e-4, -1 },
		{ "harvest", "p q r s t", 1e-3, 4 },
		{ "other", "r s t u v", 1e-3, -1 },
	};
	struct trend_topic topics[G_N_ELEMENTS(cases)] = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		topics[i].term = cases[i].term;
		topics[i].vendors = names(cases[i].vendors);
		topics[i].p = cases[i].p;
		topics[i].rising = TRUE;
	}
	trend_collapse(topics, G_N_ELEMENTS(cases));
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct trend_topic *by =
			cases[i].told_by < 0 ? NULL : &topics[cases[i].told_by];

		g_test_message("%s: told by %s", cases[i].term,
			       topics[i].told_by ? topics[i].told_by->term
						 : "itself");
		g_assert_true(topics[i].told_by == by);
		g_ptr_array_unref(topics[i].vendors);
	}
}

/* --- synthetic years --------------------------------------------------- */

#define WEEKS	52
#define PAST	26
#define WORDS	1800
#define PAIRS	600
#define THEMES	20
#define OWN	40 /* terms of one vendor */
#define DRAWN	15 /* terms of one mail */
#define PLANTED 3  /* "quantum safe", "quantum", "safe" */
#define TERMS	(WORDS + PAIRS + PLANTED)
#define VENDORS 400

/*
 * A year of one buyer's mail. Vendors write sequences of a few mails a week or
 * two apart, each out of its own words, which are of one or two themes; themes
 * swell and ebb, weeks are busier and quieter, and words have Zipf's
 * frequencies. So counts cluster as real ones do.
 */
struct year {
	GRand *rand;
	char terms[TERMS][24];
	guint pair[PAIRS][2];
	guint counts[TERMS][WEEKS];
	guint exposure[WEEKS];
	gboolean wrote[TERMS]; /* in one vendor's week */
	gboolean adopts[VENDORS];
	guint own[VENDORS][OWN];
	guint theme[VENDORS];
	guint next[VENDORS]; /* week of the next mail */
	guint touches[VENDORS];
	double scale[WEEKS];
	guint planted_week; /* WEEKS: nothing is planted */
	double begin_rate;  /* a vendor begins a sequence in a week */
};

static guint
zipf(GRand *rand, guint n)
{
	return (guint)(pow(n + 1.0, g_rand_double(rand)) - 1);
}

/* Half of a vendor's words are of its theme, the rest anybody's. */
static void
year_vendor(struct year *year, guint vendor)
{
	year->theme[vendor] = (guint)g_rand_int_range(year->rand, 0, THEMES);
	year->next[vendor] = WEEKS;
	for (guint i = 0; i < OWN; i++) {
		const guint word = zipf(year->rand, WORDS);

		year->own[vendor][i] =
			i % 2 ? word
			      : word / THEMES * THEMES + year->theme[vendor];
		year->own[vendor][i] %= WORDS;
	}
}

static void
year_begin(struct year *year, guint seed, double vendors_a_week)
{
	year->rand = g_rand_new_with_seed(seed);
	/* A sequence is 4.5 mails in the middle. */
	year->begin_rate = vendors_a_week / VENDORS / 4.5;
	for (guint i = 0; i < WORDS; i++)
		g_snprintf(year->terms[i], sizeof(year->terms[i]), "w%u", i);
	for (guint i = 0; i < PAIRS; i++) {
		year->pair[i][0] = zipf(year->rand, WORDS);
		year->pair[i][1] = zipf(year->rand, WORDS);
		g_snprintf(year->terms[WORDS + i], sizeof(year->terms[0]),
			   "w%u w%u", year->pair[i][0], year->pair[i][1]);
	}
	g_strlcpy(year->terms[WORDS + PAIRS], "quantum safe", 24);
	g_strlcpy(year->terms[WORDS + PAIRS + 1], "quantum", 24);
	g_strlcpy(year->terms[WORDS + PAIRS + 2], "safe", 24);
	for (guint i = 0; i < VENDORS; i++)
		year_vendor(year, i);
	for (guint i = 0; i < WEEKS; i++)
		year->scale[i] = exp(0.3 * (g_rand_double(year->rand) +
					    g_rand_double(year->rand) - 1)) *
				 (i % 26 == 25 ? 0.4 : 1);
	year->planted_week = WEEKS;
}

static void
year_write(struct year *year, guint vendor, guint week)
{
	memset(year->wrote, 0, sizeof(year->wrote));
	for (guint i = 0; i < DRAWN; i++)
		year->wrote[year->own[vendor][g_rand_int_range(year->rand, 0,
							       OWN)]] = TRUE;
	for (guint i = 0; i < PAIRS; i++) {
		if (!year->wrote[year->pair[i][0]] ||
		    g_rand_double(year->rand) > 0.3)
			continue;
		year->wrote[year->pair[i][1]] = TRUE;
		year->wrote[WORDS + i] = TRUE;
	}
	if (week >= year->planted_week && year->adopts[vendor])
		memset(&year->wrote[WORDS + PAIRS], 1,
		       PLANTED * sizeof(gboolean));
	else if (g_rand_double(year->rand) < 0.02)
		year->wrote[WORDS + PAIRS +
			    (guint)g_rand_int_range(year->rand, 0, PLANTED)] =
			TRUE;
	for (guint i = 0; i < TERMS; i++)
		year->counts[i][week] += year->wrote[i] != FALSE;
	year->exposure[week]++;
}

static void
year_week(struct year *year, guint week)
{
	for (guint i = 0; i < VENDORS; i++) {
		const double wave =
			1 + 0.3 * sin(2 * G_PI * week / 26 + year->theme[i]);

		if (year->next[i] >= WEEKS &&
		    g_rand_double(year->rand) <
			    year->begin_rate * wave * year->scale[week]) {
			year->next[i] = week;
			year->touches[i] =
				(guint)g_rand_int_range(year->rand, 3, 7);
		}
		if (year->next[i] != week)
			continue;
		year_write(year, i, week);
		year->next[i] = --year->touches[i] > 0
					? week + (guint)g_rand_int_range(
							 year->rand, 1, 3)
					: WEEKS;
	}
}

/* `share` of the vendors take the planted topic up from that week on; 0: none
 * does. */
static struct year *
year_new(guint seed, double vendors_a_week, guint week, double share)
{
	struct year *year = g_new0(struct year, 1);

	year_begin(year, seed, vendors_a_week);
	if (share > 0)
		year->planted_week = week;
	for (guint i = 0; i < VENDORS; i++)
		year->adopts[i] = g_rand_double(year->rand) < share;
	for (guint i = 0; i < WEEKS; i++)
		year_week(year, i);
	return year;
}

static void
year_free(struct year *year)
{
	g_rand_free(year->rand);
	g_free(year);
}

struct told {
	guint planted;
	guint others;
};

/* The brief of one week: what is told of it. */
static struct told
year_brief(const struct year *year, guint week)
{
	g_autofree struct trend_topic *topics =
		g_new0(struct trend_topic, TERMS);
	struct told told = { 0, 0 };

	for (guint i = 0; i < TERMS; i++) {
		topics[i].term = year->terms[i];
		topics[i].counts = &year->counts[i][week - PAST];
	}
	trend_test(topics, TERMS, &year->exposure[week - PAST], PAST + 1,
		   &rules);
	trend_collapse(topics, TERMS);
	for (guint i = 0; i < TERMS; i++) {
		if (!topics[i].rising || topics[i].told_by)
			continue;
		if (i >= WORDS + PAIRS)
			told.planted++;
		else
			told.others++;
	}
	return told;
}

#define YEARS 60

/* Briefs of years in which nothing was planted. */
static void
count_alarms(double vendors_a_week, guint *briefs, guint *alarms)
{
	*briefs = *alarms = 0;
	for (guint seed = 1; seed <= YEARS; seed++) {
		struct year *year = year_new(seed, vendors_a_week, 0, 0);

		for (guint week = PAST; week < WEEKS; week++) {
			const struct told told = year_brief(year, week);

			*briefs += 1;
			*alarms += told.planted + told.others > 0;
		}
		year_free(year);
	}
}

static void
test_alarms(gconstpointer data)
{
	const guint vendors = GPOINTER_TO_UINT(data);
	guint briefs;
	guint alarms;

	count_alarms(vendors, &briefs, &alarms);
	g_test_message("%u vendors a week: %u of %u briefs with a false alarm",
		       vendors, alarms, briefs);
	g_assert_cmpuint(alarms * 20, <=, briefs);
}

/* How many planted trends are told in the first brief, and in one of the first
 * three, and whether once; and what else those briefs told. */
struct power {
	guint years;
	guint first;
	guint third;
	guint twice;
	guint briefs;
	guint alarms;
};

static struct power
count_found(double vendors_a_week, double share)
{
	struct power power = { 0 };

	for (guint seed = 1001; seed <= 1000 + YEARS; seed++) {
		const guint week = 28 + seed % 20;
		struct year *year = year_new(seed, vendors_a_week, week, share);
		gboolean found = FALSE;

		for (guint i = 0; i < 3; i++) {
			const struct told told = year_brief(year, week + i);

			found |= told.planted > 0;
			power.first += i == 0 && told.planted > 0;
			power.twice += told.planted > 1;
			power.briefs++;
			power.alarms += told.others > 0;
		}
		power.third += found ? 1 : 0;
		power.years++;
		year_free(year);
	}
	return power;
}

static void
tell(double vendors, double share, const struct power *power)
{
	g_test_message("%g vendors a week, taken up by %g %%: told in the "
		       "first brief %u of %u, in the first three %u; twice "
		       "%u; false alarms beside it in %u of %u briefs",
		       vendors, share * 100, power->first, power->years,
		       power->third, power->twice, power->alarms,
		       power->briefs);
}

/* Sizes that must be found, by how many vendors write in a week. */
static const struct {
	double vendors;
	double share;
} sizes[] = { { 15, 0.4 }, { 40, 0.2 }, { 80, 0.12 } };

static void
test_found(gconstpointer data)
{
	const guint i = GPOINTER_TO_UINT(data);
	const struct power power =
		count_found(sizes[i].vendors, sizes[i].share);

	tell(sizes[i].vendors, sizes[i].share, &power);
	g_assert_cmpuint(power.third * 10, >=, power.years * 9);
	g_assert_cmpuint(power.alarms * 20, <=, power.briefs);
	g_assert_cmpuint(power.twice * 10, <=, power.briefs);
}

static void
test_curve(void)
{
	static const double shares[] = { 0.05, 0.08, 0.1, 0.12, 0.15,
					 0.2,  0.25, 0.3, 0.4 };
	static const double vendors[] = { 15, 40, 80 };

	if (!g_getenv("TREND_CURVE")) {
		g_test_skip("only when TREND_CURVE is set");
		return;
	}
	for (guint i = 0; i < G_N_ELEMENTS(vendors); i++)
		for (guint j = 0; j < G_N_ELEMENTS(shares); j++) {
			const struct power power =
				count_found(vendors[i], shares[j]);

			tell(vendors[i], shares[j], &power);
		}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trend/tail", test_tail);
	for (guint i = 0; i < G_N_ELEMENTS(alone); i++) {
		g_autofree char *path =
			g_strdup_printf("/trend/alone/%s", alone[i].name);

		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_alone);
	}
	g_test_add_func("/trend/exposure", test_exposure);
	g_test_add_func("/trend/many tests", test_many);
	g_test_add_func("/trend/short past", test_short_past);
	g_test_add_func("/trend/collapse", test_collapse);
	g_test_add_data_func("/trend/years/false alarms, 15 a week",
			     GUINT_TO_POINTER(15), test_alarms);
	g_test_add_data_func("/trend/years/false alarms, 40 a week",
			     GUINT_TO_POINTER(40), test_alarms);
	g_test_add_data_func("/trend/years/false alarms, 80 a week",
			     GUINT_TO_POINTER(80), test_alarms);
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autofree char *path = g_strdup_printf(
			"/trend/years/found, %g a week", sizes[i].vendors);

		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_found);
	}
	g_test_add_func("/trend/years/curve", test_curve);
	return g_test_run();
}
