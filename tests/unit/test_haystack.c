/* Texts in memory: found as they would be in their rows, within a size. */
#include "../../src/store/haystack_private.h"

#include <string.h>

#include "base/id.h"

static const char id_a[] = "01M81EXPMND86APABP23Q8MNSA";
static const char id_b[] = "01M81EXPMND86APABP23Q8MNSB";

static GString *
fields_of(const char *subject, const char *author)
{
	GString *fields = g_string_new(subject);

	g_string_append_c(fields, '\0');
	g_string_append(fields, author);
	g_string_append_c(fields, '\0');
	return fields;
}

static gboolean
learn(struct haystack *hay, gint64 seq, const char *id, const char *subject,
      const char *author)
{
	g_autoptr(GString) fields = fields_of(subject, author);

	return haystack_learn(hay, seq, id, fields);
}

static void
what_was_learned_is_found(void)
{
	struct haystacks *stacks = haystacks_new(1000);
	struct haystack *hay = haystacks_take(stacks, "priya");

	haystack_seek(hay, "two");
	g_assert_cmpint(haystack_look(hay, 7, id_a), ==, HAYSTACK_UNKNOWN);
	g_assert_true(learn(hay, 7, id_a, "one two", "x"));
	g_assert_false(learn(hay, 9, id_b, "one", "three"));
	haystacks_give(stacks, hay, TRUE);

	hay = haystacks_take(stacks, "priya");
	haystack_seek(hay, "one");
	g_assert_cmpint(haystack_look(hay, 7, id_a), ==, HAYSTACK_YES);
	g_assert_cmpint(haystack_look(hay, 9, id_b), ==, HAYSTACK_YES);
	haystack_seek(hay, "thr");
	g_assert_cmpint(haystack_look(hay, 7, id_a), ==, HAYSTACK_NO);
	g_assert_cmpint(haystack_look(hay, 9, id_b), ==, HAYSTACK_YES);
	haystack_seek(hay, "twox");
	g_assert_cmpint(haystack_look(hay, 7, id_a), ==, HAYSTACK_NO);
	haystacks_give(stacks, hay, TRUE);
	haystacks_free(stacks);
}

static void
another_buyers_is_another(void)
{
	struct haystacks *stacks = haystacks_new(1000);
	struct haystack *hay = haystacks_take(stacks, "priya");

	haystack_seek(hay, "one");
	g_assert_true(learn(hay, 7, id_a, "one", ""));
	haystacks_give(stacks, hay, TRUE);
	hay = haystacks_take(stacks, "sam");
	haystack_seek(hay, "one");
	g_assert_cmpint(haystack_look(hay, 7, id_a), ==, HAYSTACK_UNKNOWN);
	haystacks_give(stacks, hay, TRUE);
	haystacks_free(stacks);
}

/* SQLite gives the number of a row that was deleted to the next. */
static void
a_seq_may_be_of_another(void)
{
	struct haystacks *stacks = haystacks_new(1000);
	struct haystack *hay = haystacks_take(stacks, "priya");

	haystack_seek(hay, "one");
	g_assert_true(learn(hay, 7, id_a, "one", ""));
	g_assert_cmpint(haystack_look(hay, 7, id_b), ==, HAYSTACK_UNKNOWN);
	g_assert_false(learn(hay, 7, id_b, "two", ""));
	haystack_seek(hay, "two");
	g_assert_cmpint(haystack_look(hay, 7, id_b), ==, HAYSTACK_YES);
	g_assert_cmpint(haystack_look(hay, 7, id_a), ==, HAYSTACK_UNKNOWN);
	haystacks_give(stacks, hay, TRUE);
	haystacks_free(stacks);
}

/* What has no room is answered, and not remembered. */
static void
the_size_is_kept(void)
{
	struct haystacks *stacks = haystacks_new(200);
	struct haystack *hay = haystacks_take(stacks, "priya");

	haystack_seek(hay, "word");
	for (gint64 seq = 1; seq <= 9; seq++)
		g_assert_true(learn(hay, seq, id_a, "a word", ""));
	g_assert_cmpint(haystack_look(hay, 2, id_a), ==, HAYSTACK_YES);
	g_assert_cmpint(haystack_look(hay, 9, id_a), ==, HAYSTACK_UNKNOWN);
	haystacks_give(stacks, hay, TRUE);
	/* The next one pushes it out. */
	hay = haystacks_take(stacks, "sam");
	haystack_seek(hay, "word");
	g_assert_true(learn(hay, 1, id_a, "a word", ""));
	haystacks_give(stacks, hay, TRUE);
	hay = haystacks_take(stacks, "priya");
	g_assert_cmpint(haystack_look(hay, 2, id_a), ==, HAYSTACK_UNKNOWN);
	haystacks_give(stacks, hay, TRUE);
	haystacks_free(stacks);
}

/* What a message takes beside its texts counts, too: else many with hardly any
 * would take as much as they like. */
static void
the_size_is_of_more_than_texts(void)
{
	struct haystacks *stacks = haystacks_new(4000);
	struct haystack *hay = haystacks_take(stacks, "priya");
	guint known = 0;

	haystack_seek(hay, "z");
	for (gint64 seq = 1; seq <= 400; seq++)
		g_assert_false(learn(hay, seq, id_a, "", ""));
	for (gint64 seq = 1; seq <= 400; seq++)
		known += haystack_look(hay, seq, id_a) != HAYSTACK_UNKNOWN;
	g_assert_cmpuint(known, >, 20);
	g_assert_cmpuint(known, <, 4000 / 48);
	haystacks_give(stacks, hay, TRUE);
	haystacks_free(stacks);
}

#define MANY 20000

static void
learn_many(struct haystack *hay)
{
	for (gint64 seq = 1; seq <= MANY; seq++) {
		g_autofree char *text =
			g_strdup_printf("number %" G_GINT64_FORMAT ".", seq);

		learn(hay, seq * 3, id_a, text, "seller");
	}
}

static guint
count(struct haystack *hay, const char *text)
{
	guint n = 0;

	haystack_seek(hay, text);
	for (gint64 seq = 1; seq <= MANY; seq++)
		n += haystack_look(hay, seq * 3, id_a) == HAYSTACK_YES;
	return n;
}

static void
of_many_each_is_found(void)
{
	struct haystacks *stacks = haystacks_new(HAYSTACKS_MAX);
	struct haystack *hay = haystacks_take(stacks, "priya");

	haystack_seek(hay, "");
	learn_many(hay);
	g_assert_cmpuint(count(hay, "number 1."), ==, 1);
	g_assert_cmpuint(count(hay, "number 19999."), ==, 1);
	g_assert_cmpuint(count(hay, "seller"), ==, MANY);
	g_assert_cmpuint(count(hay, "77"), ==, 560);
	g_assert_cmpuint(count(hay, "sellernumber"), ==, 0);
	haystacks_give(stacks, hay, TRUE);
	/* Nearly all of them have left the queue. */
	hay = haystacks_take(stacks, "priya");
	haystack_seek(hay, "seller");
	g_assert_cmpint(haystack_look(hay, 3, id_a), ==, HAYSTACK_YES);
	haystacks_give(stacks, hay, FALSE);
	hay = haystacks_take(stacks, "priya");
	haystack_seek(hay, "seller");
	g_assert_cmpint(haystack_look(hay, 3, id_a), ==, HAYSTACK_YES);
	haystacks_give(stacks, hay, TRUE);
	hay = haystacks_take(stacks, "priya");
	g_assert_cmpint(haystack_look(hay, 3, id_a), ==, HAYSTACK_UNKNOWN);
	haystacks_give(stacks, hay, TRUE);
	haystacks_free(stacks);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/haystack/what was learned is found",
			what_was_learned_is_found);
	g_test_add_func("/haystack/another buyer's is another",
			another_buyers_is_another);
	g_test_add_func("/haystack/a seq may be of another",
			a_seq_may_be_of_another);
	g_test_add_func("/haystack/the size is kept", the_size_is_kept);
	g_test_add_func("/haystack/the size is of more than texts",
			the_size_is_of_more_than_texts);
	g_test_add_func("/haystack/of many each is found",
			of_many_each_is_found);
	return g_test_run();
}
