#include "text/fingerprint.h"

#include <string.h>
#include <xxhash.h>

#include "text/words.h"

static const char pitch[] =
	"hi priya i saw that you are hiring three analysts this quarter. we "
	"help hospitals to contain ransomware on clinical workstations within "
	"eight minutes without a reboot. mercy south went from 52 hours to 6 "
	"in "
	"one quarter and did not add staff. do you have fifteen minutes next "
	"week to see how it would work for you? best sam";

static guint64
of(const char *text)
{
	g_autoptr(GArray) words = words_split(text, strlen(text), 1000);

	return fingerprint(text, words);
}

/* Bit by bit: each that is set in more than half of the trigrams' hashes. */
static guint64
counted(const guint64 *words, guint n)
{
	guint64 majority = 0;

	for (guint bit = 0; bit < 64; bit++) {
		guint set = 0;

		for (guint i = 0; i + 3 <= n; i++) {
			const guint64 hash =
				XXH3_64bits(words + i, 3 * sizeof words[0]);

			set += (hash & G_GUINT64_CONSTANT(1) << bit) != 0;
		}
		if (set * 2 > n - 2)
			majority |= G_GUINT64_CONSTANT(1) << bit;
	}
	return majority;
}

/* Fingerprints are stored: however they are counted, they stay. */
static void
every_length(void)
{
	guint64 words[600];

	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		words[i] = XXH3_64bits(&i, sizeof i);
	for (guint n = 4; n <= G_N_ELEMENTS(words); n += n < 40 ? 1 : 37)
		g_assert_cmphex(fingerprint_hashed(words, n), ==,
				counted(words, n));
}

static char *
changed(const char *from, const char *to)
{
	g_auto(GStrv) parts = g_strsplit(pitch, from, -1);

	return g_strjoinv(to, parts);
}

static void
too_short(void)
{
	g_assert_cmpuint(of(""), ==, 0);
	g_assert_cmpuint(of("one two three"), ==, 0);
	g_assert_cmpuint(of("one two three four"), !=, 0);
}

static void
near(void)
{
	g_autofree char *named = changed("priya", "tom");
	g_autofree char *amount = changed("52", "97");
	const guint64 base = of(pitch);

	g_assert_cmpuint(fingerprint_distance(base, of(pitch)), ==, 0);
	g_assert_cmpuint(fingerprint_distance(base, of(amount)), ==, 0);
	g_assert_cmpuint(fingerprint_distance(base, of(named)), <, 16);
}

static void
far(void)
{
	const guint64 other =
		of("the minutes of the last meeting are attached. please send "
		   "corrections to the board before friday so that we can file "
		   "them with the annual accounts");

	g_assert_cmpuint(fingerprint_distance(of(pitch), other), >, 18);
}

static void
distance(void)
{
	g_assert_cmpuint(fingerprint_distance(0, 0), ==, 0);
	g_assert_cmpuint(fingerprint_distance(0, G_MAXUINT64), ==, 64);
	g_assert_cmpuint(fingerprint_distance(5, 6), ==, 2);
}

/* Stored values must mean the same to later versions. */
static void
stable(void)
{
	g_assert_cmphex(of("one two three four"), ==,
			G_GUINT64_CONSTANT(0x8148228000280));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fingerprint/too-short-is-nothing", too_short);
	g_test_add_func("/fingerprint/same-pitch-other-name-is-near", near);
	g_test_add_func("/fingerprint/other-text-is-far", far);
	g_test_add_func("/fingerprint/distance-counts-bits", distance);
	g_test_add_func("/fingerprint/value-does-not-change", stable);
	g_test_add_func("/fingerprint/every-length-is-counted-right",
			every_length);
	return g_test_run();
}
