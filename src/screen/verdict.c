#include "screen/verdict.h"

/* DESIGN 3, for mail that is judged without a profile. */
#define UNSURE 0.50
#define HOLD   0.80
#define ACCEPT 0.65
#define TAG    0.35

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "quarantine", "tag", "deliver" };

	g_assert((guint)verdict < G_N_ELEMENTS(names));
	return names[verdict];
}

/*
 * Every comparison is written so that NaN, of which all are false, ends on
 * the visible side.
 */
enum verdict
verdict_decide(const struct profile *profile, double outreach, double relevance,
	       gboolean *relevant)
{
	const double unsure = profile ? profile->unsure : UNSURE;
	const double hold = profile ? profile->hold : HOLD;
	const gboolean selling = outreach >= 0 && outreach >= unsure;
	const gboolean certain = selling && outreach >= hold;
	const gboolean wanted =
		relevance >= 0 &&
		relevance >= (profile ? profile->accept : ACCEPT);
	const gboolean unwanted =
		relevance >= 0 && relevance < (profile ? profile->tag : TAG);

	if (relevant)
		*relevant = certain && wanted;
	if (!selling || wanted)
		return VERDICT_DELIVER;
	return certain && unwanted ? VERDICT_QUARANTINE : VERDICT_TAG;
}

enum verdict
verdict_ruled(const struct profile *profile, double outreach,
	      enum store_ruling_word word, gboolean *relevant)
{
	*relevant = word == STORE_RULING_WANTED && outreach >= profile->hold;
	return word == STORE_RULING_WANTED ? VERDICT_DELIVER
					   : VERDICT_QUARANTINE;
}
