#include "text/lexicon.h"

#define THREADS 4
#define WORDS	20000
#define RIVALS	3
#define ROUNDS	300000

/* What a word of the tests comes to: another number for each. */
static guint64
value_of(guint64 word)
{
	return word * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) + 1;
}

/* Numbers as a hash would give them. */
static guint64
word_of(guint i)
{
	return (i + 1) * G_GUINT64_CONSTANT(0xd6e8feb86659fd93);
}

static void
knows_what_was_kept(void)
{
	g_autoptr(Lexicon) lexicon = lexicon_new();
	const guint64 key = lexicon_key("en", word_of(1));
	guint64 value = 7;

	g_assert_false(lexicon_find(lexicon, key, &value));
	g_assert_cmpuint(value, ==, 7);
	lexicon_keep(lexicon, key, 42);
	g_assert_true(lexicon_find(lexicon, key, &value));
	g_assert_cmpuint(value, ==, 42);
	lexicon_keep(lexicon, key, 0);
	g_assert_true(lexicon_find(lexicon, key, &value));
	g_assert_cmpuint(value, ==, 0);
	lexicon_free(NULL);
}

static void
languages_are_apart(void)
{
	g_autoptr(Lexicon) lexicon = lexicon_new();
	guint64 value = 0;

	lexicon_keep(lexicon, lexicon_key("en", word_of(1)), 42);
	g_assert_false(
		lexicon_find(lexicon, lexicon_key("de", word_of(1)), &value));
	g_assert_cmpuint(lexicon_key("en", word_of(1)), !=,
			 lexicon_key("ne", word_of(1)));
	/* The key of nothing is no key of a word. */
	g_assert_cmpuint(lexicon_key("", 0), !=, 0);
}

/* A later word takes the place of an earlier one: some are forgotten. */
static void
most_words_stay(void)
{
	g_autoptr(Lexicon) lexicon = lexicon_new();
	guint known = 0;

	for (guint i = 0; i < WORDS; i++)
		lexicon_keep(lexicon, lexicon_key("en", word_of(i)),
			     value_of(word_of(i)));
	for (guint i = 0; i < WORDS; i++) {
		guint64 value = 0;

		if (!lexicon_find(lexicon, lexicon_key("en", word_of(i)),
				  &value))
			continue;
		g_assert_cmpuint(value, ==, value_of(word_of(i)));
		known++;
	}
	g_assert_cmpuint(known, >, WORDS / 2);
}

/* Words that differ in their upper bits only, so that they have one place. */
static gpointer
keep_and_find(gpointer data)
{
	struct lexicon *lexicon = data;

	for (guint i = 0; i < ROUNDS; i++) {
		const guint64 word = (guint64)(i % RIVALS + 1) << 40;
		const guint64 key = lexicon_key("en", word);
		guint64 value = 0;

		lexicon_keep(lexicon, key, value_of(word));
		if (lexicon_find(lexicon, key, &value))
			g_assert_cmpuint(value, ==, value_of(word));
	}
	return NULL;
}

static void
threads_share_one(void)
{
	g_autoptr(Lexicon) lexicon = lexicon_new();
	GThread *threads[THREADS];

	for (guint i = 0; i < THREADS; i++)
		threads[i] = g_thread_new("reader", keep_and_find, lexicon);
	for (guint i = 0; i < THREADS; i++)
		g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lexicon/what was kept is known", knows_what_was_kept);
	g_test_add_func("/lexicon/a word of another language is another",
			languages_are_apart);
	g_test_add_func("/lexicon/most words stay", most_words_stay);
	g_test_add_func("/lexicon/threads share it and never mix words up",
			threads_share_one);
	return g_test_run();
}
