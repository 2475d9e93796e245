#include "market/trend.h"

#include <math.h>
#include <string.h>

/* The weight of all topics in the spread of one, in steps. */
#define PRIOR_STEPS 12.0

/* What vendors have in common for their topics to be one. */
#define OVERLAP_WORD	  0.5
#define OVERLAP_ANY	  0.8
#define OVERLAP_ANY_LEAST 4

static double
log_choose(guint n, guint k)
{
	int sign;

	return lgamma_r(n + 1.0, &sign) - lgamma_r(k + 1.0, &sign) -
	       lgamma_r(n - k + 1.0, &sign);
}

/* P(X = k), P(X = k + 1), ...: they fall, k being beyond the mean. */
static double
sum_up(guint k, guint n, double share)
{
	const double odds = share / (1 - share);
	double term = exp(log_choose(n, k) + k * log(share) +
			  (n - k) * log1p(-share));
	double sum = 0;

	for (; k <= n && term > sum * 1e-15; k++) {
		sum += term;
		term *= (double)(n - k) / (k + 1.0) * odds;
	}
	return sum;
}

/* Of the two tails the one that lies beyond the mean: from before it the first
 * terms may be too small for a number. */
double
trend_tail(guint x, guint n, double share)
{
	if (x == 0)
		return 1;
	if (x > n)
		return 0;
	if (x < n * share)
		return fmax(1 - sum_up(n - x + 1, n, 1 - share), 0);
	return fmin(sum_up(x, n, share), 1);
}

struct past {
	const guint *exposure;
	guint steps;   /* of it, from the first on */
	guint64 total; /* exposure of all of them */
	guint written; /* steps in which anybody wrote */
};

static struct past
past_of(const guint *exposure, guint steps)
{
	const guint before = steps > 0 ? steps - 1 : 0;
	struct past past = { exposure, before, 0, 0 };

	if (before >= TREND_GAP_FROM)
		past.steps -= TREND_GAP;
	for (guint i = 0; i < past.steps; i++) {
		past.total += exposure[i];
		past.written += exposure[i] > 0;
	}
	return past;
}

/* Pearson's statistic of a topic's past against a share that stays the same. */
static double
spread_of(const struct trend_topic *topic, const struct past *past)
{
	const double share = (double)topic->before / (double)past->total;
	double sum = 0;

	if (topic->before == 0)
		return 0;
	for (guint i = 0; i < past->steps; i++) {
		const double expected = share * past->exposure[i];
		const double gap = topic->counts[i] - expected;

		if (expected > 0)
			sum += gap * gap / expected;
	}
	return sum;
}

static void
count(struct trend_topic *topic, const struct past *past, guint now,
      guint exposure)
{
	topic->now = now;
	topic->before = 0;
	for (guint i = 0; i < past->steps; i++)
		topic->before += topic->counts[i];
	topic->ratio = topic->before == 0
			       ? (double)INFINITY
			       : (double)topic->now / exposure *
					 (double)past->total / topic->before;
	topic->dispersion = 1;
	topic->p = topic->q = 1;
	topic->rising = FALSE;
	topic->told_by = NULL;
}

static gboolean
is_tested(const struct trend_topic *topic, const struct trend_rules *rules)
{
	return topic->now + topic->before >= rules->vendors_min;
}

/* The spread of all that are tested, by which that of one is tempered. */
static double
common_spread(const struct trend_topic *topics, guint n,
	      const struct past *past, const struct trend_rules *rules)
{
	double sum = 0;
	double freedom = 0;

	for (guint i = 0; i < n; i++) {
		if (!is_tested(&topics[i], rules) || topics[i].before == 0)
			continue;
		sum += spread_of(&topics[i], past);
		freedom += past->written - 1;
	}
	return freedom > 0 ? fmax(sum / freedom, 1) : 1;
}

/* Rounded against the topic, both ways. */
static void
test_one(struct trend_topic *topic, const struct past *past, guint exposure,
	 double common)
{
	const double freedom = topic->before > 0 ? past->written - 1 : 0;
	const double spread = (spread_of(topic, past) + PRIOR_STEPS * common) /
			      (freedom + PRIOR_STEPS);
	const double share =
		exposure / ((double)exposure + (double)past->total);
	guint now;
	guint before;

	topic->dispersion = fmax(spread, 1);
	now = (guint)floor(topic->now / topic->dispersion);
	before = (guint)ceil(topic->before / topic->dispersion);
	topic->p = trend_tail(now, now + before, share);
}

static gint
compare_p(gconstpointer a, gconstpointer b)
{
	const struct trend_topic *one = *(const struct trend_topic *const *)a;
	const struct trend_topic *two = *(const struct trend_topic *const *)b;

	if (one->p != two->p)
		return one->p < two->p ? -1 : 1;
	return strcmp(one->term, two->term);
}

/* Step-up: each q is the least of its own and those of larger p. */
static void
adjust(GPtrArray *tested)
{
	double least = 1;

	g_ptr_array_sort(tested, compare_p);
	for (guint i = tested->len; i > 0; i--) {
		struct trend_topic *topic = tested->pdata[i - 1];

		least = fmin(least, topic->p * tested->len / i);
		topic->q = least;
	}
}

guint
trend_test(struct trend_topic *topics, guint n, const guint *exposure,
	   guint steps, const struct trend_rules *rules)
{
	const struct past past = past_of(exposure, steps);
	const guint now = steps > 0 ? exposure[steps - 1] : 0;
	g_autoptr(GPtrArray) tested = g_ptr_array_new();
	double common;

	for (guint i = 0; i < n && steps > 0; i++)
		count(&topics[i], &past, topics[i].counts[steps - 1], now);
	if (past.written < TREND_STEPS_MIN || now == 0)
		return 0;
	common = common_spread(topics, n, &past, rules);
	for (guint i = 0; i < n; i++) {
		if (!is_tested(&topics[i], rules))
			continue;
		test_one(&topics[i], &past, now, common);
		g_ptr_array_add(tested, &topics[i]);
	}
	adjust(tested);
	for (guint i = 0; i < n; i++)
		topics[i].rising = topics[i].q <= rules->fdr &&
				   topics[i].now >= rules->vendors_min &&
				   topics[i].ratio >= TREND_RATIO_MIN;
	return tested->len;
}

static guint
words_of(const char *term)
{
	guint n = 1;

	for (const char *p = term; *p; p++)
		n += *p == ' ';
	return n;
}

static gboolean
has_word(const char *term, const char *word, gsize len)
{
	for (const char *p = term; *p; p += strspn(p, " ")) {
		const gsize n = strcspn(p, " ");

		if (n == len && memcmp(p, word, len) == 0)
			return TRUE;
		p += n;
	}
	return FALSE;
}

static gboolean
share_word(const char *one, const char *two)
{
	for (const char *p = one; *p; p += strspn(p, " ")) {
		const gsize n = strcspn(p, " ");

		if (has_word(two, p, n))
			return TRUE;
		p += n;
	}
	return FALSE;
}

/* Both are sorted. */
static guint
common_vendors(const GPtrArray *one, const GPtrArray *two)
{
	guint n = 0;

	for (guint i = 0, j = 0; i < one->len && j < two->len;) {
		const int order = strcmp(one->pdata[i], two->pdata[j]);

		n += order == 0;
		i += order <= 0;
		j += order >= 0;
	}
	return n;
}

static gboolean
is_one_story(const struct trend_topic *one, const struct trend_topic *two)
{
	const gboolean word = share_word(one->term, two->term);
	guint smaller;
	guint larger;
	guint both;

	if (!one->vendors || !two->vendors)
		return word;
	smaller = MIN(one->vendors->len, two->vendors->len);
	larger = MAX(one->vendors->len, two->vendors->len);
	both = common_vendors(one->vendors, two->vendors);
	if (word && both >= smaller * OVERLAP_WORD)
		return TRUE;
	return both >= OVERLAP_ANY_LEAST && both >= larger * OVERLAP_ANY;
}

static gint
compare_lead(gconstpointer a, gconstpointer b)
{
	const struct trend_topic *one = *(const struct trend_topic *const *)a;
	const struct trend_topic *two = *(const struct trend_topic *const *)b;
	const guint words[] = { words_of(one->term), words_of(two->term) };

	if (one->p == two->p && words[0] != words[1])
		return words[0] > words[1] ? -1 : 1;
	return compare_p(a, b);
}

/* Whether it is one story with any that the lead stands for. */
static gboolean
belongs(const struct trend_topic *other, const struct trend_topic *lead,
	const GPtrArray *rising)
{
	if (is_one_story(lead, other))
		return TRUE;
	for (guint i = 0; i < rising->len; i++) {
		const struct trend_topic *told = rising->pdata[i];

		if (told->told_by == lead && is_one_story(told, other))
			return TRUE;
	}
	return FALSE;
}

/* Those that come before may only belong by one that comes later. */
static void
gather(const struct trend_topic *lead, const GPtrArray *rising)
{
	gboolean more = TRUE;

	while (more) {
		more = FALSE;
		for (guint i = 0; i < rising->len; i++) {
			struct trend_topic *other = rising->pdata[i];

			if (other == lead || other->told_by ||
			    !belongs(other, lead, rising))
				continue;
			other->told_by = lead;
			more = TRUE;
		}
	}
}

void
trend_collapse(struct trend_topic *topics, guint n)
{
	g_autoptr(GPtrArray) rising = g_ptr_array_new();

	for (guint i = 0; i < n; i++)
		if (topics[i].rising)
			g_ptr_array_add(rising, &topics[i]);
	g_ptr_array_sort(rising, compare_lead);
	for (guint i = 0; i < rising->len; i++) {
		const struct trend_topic *lead = rising->pdata[i];

		if (!lead->told_by)
			gather(lead, rising);
	}
}
