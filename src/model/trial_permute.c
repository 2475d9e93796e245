#include "trial_private.h"

#define EXACT_MAX 14 /* 16,384 signs */
#define DRAWS	  10000
#define SEED	  20231
#define SLACK	  1e-12 /* sums of the same terms in another order */

static double
signed_sum(const double *gains, guint n, const guint32 *signs)
{
	double sum = 0;

	for (guint i = 0; i < n; i++)
		sum += signs[i / 32] >> (i % 32) & 1 ? gains[i] : -gains[i];
	return sum;
}

static double
permute_all(const double *gains, guint n, double told)
{
	const guint32 all = 1u << n;
	guint32 reached = 0;

	for (guint32 signs = 0; signs < all; signs++)
		reached += signed_sum(gains, n, &signs) >= told - SLACK;
	return (double)reached / all;
}

double
trial_permute(const double *gains, guint n)
{
	g_autofree guint32 *signs = g_new0(guint32, n / 32 + 1);
	g_autoptr(GRand) dice = g_rand_new_with_seed(SEED);
	double told = 0;
	guint reached = 0;

	for (guint i = 0; i < n; i++)
		told += gains[i];
	if (n <= EXACT_MAX)
		return permute_all(gains, n, told);
	for (guint draw = 0; draw < DRAWS; draw++) {
		for (guint word = 0; word <= n / 32; word++)
			signs[word] = g_rand_int(dice);
		reached += signed_sum(gains, n, signs) >= told - SLACK;
	}
	/* The signs as they are count as one of the draws. */
	return (reached + 1.0) / (DRAWS + 1.0);
}
