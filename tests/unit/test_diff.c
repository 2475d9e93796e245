/* Differences of texts, held against what diff -u would print. */
#include <glib.h>
#include <string.h>

#include "base/diff.h"

struct diff_case {
	const char *name;
	const char *old;
	const char *new;
	const char *shown; /* after the names */
};

static const struct diff_case cases[] = {
	{ "the same", "a\nb\n", "a\nb\n", "" },
	{ "nothing at all", "", "", "" },
	{ "a line more", "a\nb\n", "a\nx\nb\n",
	  "@@ -1,2 +1,3 @@\n a\n+x\n b\n" },
	{ "a line less", "a\nx\nb\n", "a\nb\n",
	  "@@ -1,3 +1,2 @@\n a\n-x\n b\n" },
	{ "a line changed", "a\nb\nc\n", "a\nB\nc\n",
	  "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n" },
	{ "all new", "", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n" },
	{ "all gone", "a\n", "", "@@ -1 +0,0 @@\n-a\n" },
	{ "an end less", "a\nb\n", "a\nb",
	  "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n" },
	{ "two hunks", "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
	  "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
	  "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n"
	  "@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n" },
	{ "near changes share a hunk", "1\n2\n3\n4\n5\n6\n7\n8\n",
	  "x\n2\n3\n4\n5\n6\n7\ny\n",
	  "@@ -1,8 +1,8 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+y\n" },
	{ "the shortest way", "a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n",
	  "@@ -1,7 +1,6 @@\n-a\n-b\n c\n+b\n a\n b\n-b\n a\n+c\n" },
};

static void
test_case(gconstpointer data)
{
	const struct diff_case *one = data;
	g_autofree char *shown = diff_unified("A", "B", one->old, one->new);
	g_autofree char *wanted =
		*one->shown ? g_strconcat("--- A\n+++ B\n", one->shown, NULL)
			    : g_strdup("");

	g_assert_cmpstr(shown, ==, wanted);
}

/* Old and new lines of a diff, as far as it shows them. */
static void
apply(const char *diff, GString *old, GString *new)
{
	g_auto(GStrv) lines = g_strsplit(diff, "\n", -1);

	for (guint i = 2; lines[i]; i++) {
		if (*lines[i] == ' ' || *lines[i] == '-')
			g_string_append_printf(old, "%s\n", lines[i] + 1);
		if (*lines[i] == ' ' || *lines[i] == '+')
			g_string_append_printf(new, "%s\n", lines[i] + 1);
	}
}

static char *
random_text(GRand *rand)
{
	GString *text = g_string_new(NULL);

	for (gint n = g_rand_int_range(rand, 0, 7); n > 0; n--)
		g_string_append_printf(text, "%d\n",
				       g_rand_int_range(rand, 0, 4));
	return g_string_free(text, FALSE);
}

/* Short texts of few words, so that all of both is in one hunk. */
static void
test_random(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);

	for (guint run = 0; run < 2000; run++) {
		g_autofree char *old = random_text(rand);
		g_autofree char *new = random_text(rand);
		g_autoptr(GString) old_shown = g_string_new(NULL);
		g_autoptr(GString) new_shown = g_string_new(NULL);
		g_autofree char *diff = diff_unified("A", "B", old, new);

		if (!*diff) {
			g_assert_cmpstr(old, ==, new);
			continue;
		}
		apply(diff, old_shown, new_shown);
		g_assert_nonnull(strstr(old, old_shown->str));
		g_assert_nonnull(strstr(new, new_shown->str));
	}
}

/* Texts that have nothing in common cost no more than their length. */
static void
test_bounded(void)
{
	g_autoptr(GString) old = g_string_new("head\n");
	g_autoptr(GString) new = g_string_new("head\n");
	g_autofree char *diff = NULL;
	gint64 start_us = g_get_monotonic_time();

	for (guint i = 0; i < 60000; i++) {
		g_string_append_printf(old, "a%u\n", i);
		g_string_append_printf(new, "b%u\n", i);
	}
	diff = diff_unified("A", "B", old->str, new->str);
	g_assert_true(g_str_has_prefix(
		diff, "--- A\n+++ B\n@@ -1,60001 +1,60001 @@\n head\n-a0\n"));
	g_assert_cmpint(g_get_monotonic_time() - start_us, <,
			10 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
			g_strconcat("/diff/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/diff/both texts are in it", test_random);
	g_test_add_func("/diff/bounded", test_bounded);
	return g_test_run();
}
