/* The index from terms to a profile's items. */
#include <glib.h>

#include "../../src/features/postings_private.h"

#define NEAR 1e-4

static float
sum_of(const struct postings *postings, guint32 bucket, guint item)
{
	float sums[POSTINGS_ITEMS_MAX] = { 0 };

	postings_sum(postings, postings_find(postings, bucket), 1, sums);
	return sums[item];
}

static void
sums_items(void)
{
	struct postings *postings = postings_new();
	float sums[POSTINGS_ITEMS_MAX] = { 0 };

	postings_add(postings, 2, 77, 0.5f);
	postings_add(postings, 0, 77, 0.25f);
	postings_add(postings, POSTINGS_ITEMS_MAX - 1, 77, 1.0f);
	postings_add(postings, 2, 78, 0.125f);
	postings_seal(postings);
	postings_sum(postings, postings_find(postings, 77), 2, sums);
	postings_sum(postings, postings_find(postings, 78), 4, sums);
	postings_sum(postings, postings_find(postings, 79), 4, sums);
	g_assert_cmpfloat_with_epsilon((double)sums[0], 0.5, NEAR);
	g_assert_cmpfloat_with_epsilon((double)sums[1], 0, NEAR);
	g_assert_cmpfloat_with_epsilon((double)sums[2], 1.5, NEAR);
	g_assert_cmpfloat_with_epsilon((double)sums[POSTINGS_ITEMS_MAX - 1], 2,
				       NEAR);
	postings_free(postings);
}

static void
weights_stay_in_range(void)
{
	struct postings *postings = postings_new();

	postings_add(postings, 0, 1, 7.0f);
	postings_add(postings, 0, 2, -7.0f);
	postings_seal(postings);
	g_assert_cmpfloat_with_epsilon((double)sum_of(postings, 1, 0), 1, NEAR);
	g_assert_cmpfloat((double)sum_of(postings, 2, 0), ==, 0);
	postings_free(postings);
}

static void
empty_has_nothing(void)
{
	struct postings *postings = postings_new();

	postings_seal(postings);
	g_assert_cmpuint(postings_find(postings, 0), ==, POSTINGS_NONE);
	g_assert_cmpuint(postings_find(postings, TERM_BUCKETS - 1), ==,
			 POSTINGS_NONE);
	postings_free(postings);
	postings_free(NULL);
}

/* Buckets that share their low bits, the last of all among them. */
static void
neighbours_keep_apart(void)
{
	struct postings *postings = postings_new();

	for (guint i = 0; i < 128; i++)
		postings_add(postings, i % 3, i * 1024 + 1023,
			     (float)(i + 1) / 128);
	postings_seal(postings);
	for (guint i = 0; i < 128; i++) {
		g_assert_cmpfloat_with_epsilon(
			(double)sum_of(postings, i * 1024 + 1023, i % 3),
			(i + 1) / 128.0, NEAR);
		g_assert_cmpuint(postings_find(postings, i * 1024), ==,
				 POSTINGS_NONE);
	}
	postings_free(postings);
}

/* More in one run of buckets than are looked at at once. */
static void
crowds_keep_apart(void)
{
	struct postings *postings = postings_new();

	for (guint item = 0; item < 3; item++)
		for (guint i = 128; i-- > 0;)
			if (i % 5 != 4)
				postings_add(postings, item, i,
					     (float)(i + item + 1) / 131);
	/* In the next run, where 4 would be in this one. */
	postings_add(postings, 0, 128 + 4, 1.0f);
	postings_seal(postings);
	for (guint i = 0; i < 128; i++)
		for (guint item = 0; item < 3; item++)
			g_assert_cmpfloat_with_epsilon(
				(double)sum_of(postings, i, item),
				i % 5 != 4 ? (i + item + 1) / 131.0 : 0, NEAR);
	g_assert_cmpuint(postings_find(postings, 128), ==, POSTINGS_NONE);
	g_assert_cmpuint(postings_find(postings, TERM_BUCKETS - 128), ==,
			 POSTINGS_NONE);
	postings_free(postings);
}

/*
 * More than there are places for: the light terms go, whatever their bucket,
 * so that no item loses what makes it.
 */
static void
drops_the_lightest(void)
{
	const guint items = 64;
	const guint terms = 1000;
	struct postings *postings = postings_new();
	guint light = 0;

	for (guint item = 0; item < items; item++)
		for (guint i = 0; i < terms; i++)
			postings_add(postings, item,
				     (i * 131 + item * 7919) % TERM_BUCKETS,
				     i < 100 ? 0.5f : 0.01f);
	postings_seal(postings);
	for (guint item = 0; item < items; item++)
		for (guint i = 0; i < terms; i++) {
			double sum = (double)sum_of(
				postings,
				(i * 131 + item * 7919) % TERM_BUCKETS, item);

			if (i < 100)
				g_assert_cmpfloat(sum, >, 0.49);
			else if (sum > 0)
				light++;
		}
	g_assert_cmpuint(light, >, 20000);
	g_assert_cmpuint(light, <, 40000);
	postings_free(postings);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/postings/sums", sums_items);
	g_test_add_func("/postings/weights", weights_stay_in_range);
	g_test_add_func("/postings/empty", empty_has_nothing);
	g_test_add_func("/postings/neighbours", neighbours_keep_apart);
	g_test_add_func("/postings/crowd", crowds_keep_apart);
	g_test_add_func("/postings/too many", drops_the_lightest);
	return g_test_run();
}
