/* Topics that rise against their own past, and who writes them. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "insight_private.h"
#include "market/glean.h"
#include "market/trend.h"

/* What rises because of the date is no news. */
static const char calendar[] =
	" januari februari march april may june juli august septemb octob "
	"novemb decemb jan feb mar apr jun jul aug sep sept oct nov dec monday "
	"tuesday wednesday thursday friday saturday sunday weekend spring "
	"summer autumn fall winter holiday christma xma thanksgiv easter new "
	"year festiv season h1 h2 q1 q2 q3 q4 quarter today tomorrow tonight "
	"yesterday week month ";

#define FOUND_MAX    100
#define EVIDENCE_MAX 3

/* The buyer's mail by steps as long as the brief, whole days (UTC). */
struct topics {
	const struct insight_world *world;
	struct insight *insight;
	struct store_trend_query query;
	guint steps;
	guint n;
	guint *exposure;
	GPtrArray *trends; /* of struct store_trend */
	guint *counts;	   /* steps of each */
	struct trend_topic *found;
};
typedef struct topics Topics;

static void
topics_clear(struct topics *topics)
{
	for (guint i = 0; topics->found && i < topics->n; i++)
		if (topics->found[i].vendors)
			g_ptr_array_unref(topics->found[i].vendors);
	g_free(topics->found);
	g_free(topics->counts);
	g_free(topics->exposure);
	if (topics->trends)
		g_ptr_array_unref(topics->trends);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Topics, topics_clear)

/* The day on which the brief ends counts whole: what is still to come of it is
 * missing of a topic as of all. */
static void
place(struct topics *topics)
{
	const struct insight *insight = topics->insight;
	const gint64 end =
		(insight->until_us + CLOCK_DAY_US - 1) / CLOCK_DAY_US;
	/* The day on which clocks change has 23 hours, or 25. */
	const gint64 half = CLOCK_DAY_US / 2;
	const gint64 days = MAX((insight->until_us - insight->since_us + half) /
					CLOCK_DAY_US,
				1);

	topics->steps =
		(guint)((insight->until_us - insight->before_us + half) /
			(days * CLOCK_DAY_US));
	topics->query = (struct store_trend_query){
		.buyer = topics->world->buyer,
		.since_us = (end - days * topics->steps) * CLOCK_DAY_US,
		.until_us = end * CLOCK_DAY_US,
		.min_vendors = INSIGHT_VENDORS_MIN,
		.step_days = (guint)days,
	};
}

static void
spread(const struct topics *topics, const GArray *days, guint *counts)
{
	const gint64 first = topics->query.since_us / CLOCK_DAY_US;

	for (guint i = 0; i < days->len; i++) {
		const struct store_topic_day *day =
			&g_array_index(days, struct store_topic_day, i);
		const gint64 step =
			(day->day - first) / topics->query.step_days;

		if (step >= 0 && step < topics->steps)
			counts[step] += day->vendors;
	}
}

static gboolean
is_calendar(const char *term)
{
	g_auto(GStrv) words = g_strsplit(term, " ", -1);

	for (char **word = words; *word; word++) {
		g_autofree char *framed = g_strdup_printf(" %s ", *word);

		if (!strstr(calendar, framed) && !g_ascii_isdigit(**word))
			return FALSE;
	}
	return TRUE;
}

static gboolean
load(struct topics *topics, GError **error)
{
	struct store *store = topics->world->request->store;
	g_autoptr(GArray) all = NULL;

	topics->trends = store_trend_list(store, &topics->query, &all, error);
	if (!topics->trends)
		return FALSE;
	topics->exposure = g_new0(guint, topics->steps);
	topics->counts =
		g_new0(guint, (gsize)topics->steps * topics->trends->len + 1);
	topics->found = g_new0(struct trend_topic, topics->trends->len + 1);
	spread(topics, all, topics->exposure);
	for (guint i = 0; i < topics->trends->len; i++) {
		const struct store_trend *trend = topics->trends->pdata[i];
		guint *counts =
			&topics->counts[(gsize)topics->n * topics->steps];

		if (is_calendar(trend->term))
			continue;
		spread(topics, trend->days, counts);
		topics->found[topics->n].term = trend->term;
		topics->found[topics->n++].counts = counts;
	}
	return TRUE;
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Domains of one card are one vendor: in the brief's time, where a topic is
 * made, they count once. */
static gboolean
count_cards(struct topics *topics, guint i, GError **error)
{
	struct store_trend_query query = topics->query;
	struct trend_topic *topic = &topics->found[i];
	g_autoptr(GPtrArray) domains = NULL;
	g_autoptr(GHashTable) cards = insight_votes_new();
	GPtrArray *vendors;
	guint *counts = &topics->counts[(gsize)i * topics->steps];

	query.since_us = query.until_us - query.step_days * CLOCK_DAY_US;
	query.min_vendors = 0;
	domains = store_trend_vendors(topics->world->request->store, &query,
				      topic->term, error);
	if (!domains)
		return FALSE;
	vendors = topic->vendors = g_ptr_array_new_with_free_func(g_free);
	for (guint j = 0; j < domains->len; j++) {
		const char *card = vendor_book_card(
			topics->world->request->book, domains->pdata[j]);

		if (insight_vote(cards, card) == 1)
			g_ptr_array_add(vendors, g_strdup(card));
	}
	g_ptr_array_sort(vendors, by_name);
	counts[topics->steps - 1] =
		MIN(counts[topics->steps - 1], vendors->len);
	return TRUE;
}

/* Only what may be told is looked at so closely: counting cards takes away,
 * and what did not rise by domains would not by cards. */
static gboolean
test(struct topics *topics, GError **error)
{
	const struct trend_rules rules = {
		.fdr = INSIGHT_FDR,
		.vendors_min = INSIGHT_VENDORS_MIN,
	};

	trend_test(topics->found, topics->n, topics->exposure, topics->steps,
		   &rules);
	for (guint i = 0; i < topics->n; i++)
		if (topics->found[i].rising && !count_cards(topics, i, error))
			return FALSE;
	topics->insight->tests =
		trend_test(topics->found, topics->n, topics->exposure,
			   topics->steps, &rules);
	trend_collapse(topics->found, topics->n);
	return TRUE;
}

static const char *
label_of(const struct topics *topics, const struct trend_topic *topic)
{
	for (guint i = 0; i < topics->trends->len; i++) {
		const struct store_trend *trend = topics->trends->pdata[i];

		if (trend->term == topic->term)
			return *trend->label ? trend->label : trend->term;
	}
	return topic->term;
}

static gboolean
has_all(const char *terms, char *const *words)
{
	for (; *words; words++) {
		g_autofree char *framed = g_strdup_printf(" %s ", *words);

		if (!strstr(terms, framed))
			return FALSE;
	}
	return TRUE;
}

/* The mail of the brief's time that has a topic: an array of struct
 * store_match. */
static GPtrArray *
find_mail(const struct topics *topics, const char *term, GError **error)
{
	g_auto(GStrv) words = g_strsplit(term, " ", -1);
	const char *const buyers[] = { topics->world->buyer, NULL };
	const struct store_search search = {
		.terms = (const char *const *)words,
		.buyers = buyers,
		.kinds = 1U << STORE_DOCUMENT_MAIL,
		.since_us = topics->insight->since_us,
		.until_us = topics->insight->until_us,
		.limit = FOUND_MAX,
	};
	GPtrArray *found =
		store_search(topics->world->request->store, &search, error);

	for (guint i = found ? found->len : 0; i > 0; i--) {
		const struct store_match *match = found->pdata[i - 1];
		g_autofree char *both = g_strdup_printf(
			"%s %s", match->document->title, match->document->text);
		g_autofree char *terms = glean_terms(both);
		g_autofree char *framed = g_strdup_printf(" %s ", terms);

		if (!has_all(framed, words))
			g_ptr_array_remove_index(found, i - 1);
	}
	return found;
}

/* One mail a vendor, so that the evidence is as broad as it can be. */
static void
add_mail(const struct topics *topics, struct insight_line *line,
	 const GPtrArray *found)
{
	g_autoptr(GHashTable) met = insight_votes_new();

	for (guint i = 0; i < found->len && line->evidence->len < EVIDENCE_MAX;
	     i++) {
		const struct store_match *match = found->pdata[i];

		if (insight_vote(met, match->document->vendor) == 1)
			insight_evidence_message(line, topics->world,
						 match->document->id);
	}
}

static char *
priority_of(const struct topics *topics, const struct trend_topic *topic,
	    const GPtrArray *found)
{
	g_autoptr(GHashTable) votes = insight_votes_new();
	const GPtrArray *touches = topics->world->touches;

	for (guint i = 0; i < found->len; i++) {
		const struct store_match *match = found->pdata[i];

		insight_vote(votes, insight_document_priority(topics->world,
							      match->document));
	}
	for (guint i = 0; found->len == 0 && i < touches->len; i++) {
		const struct insight_touch *touch = touches->pdata[i];

		if (insight_within(topics->insight, touch->time_us) &&
		    topic->vendors &&
		    g_ptr_array_find_with_equal_func(
			    topic->vendors, touch->card, g_str_equal, NULL))
			insight_vote(votes, touch->priority);
	}
	return g_strdup(insight_voted(votes));
}

/* "with it “quantum”, “harvest now”", or "" */
static char *
others_of(const struct topics *topics, const struct trend_topic *lead)
{
	GString *out = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; i < topics->n && n < 3; i++) {
		const struct trend_topic *topic = &topics->found[i];

		if (topic->told_by != lead)
			continue;
		g_string_append_printf(out, "%s“%s”",
				       n == 0 ? "; with it " : ", ",
				       label_of(topics, topic));
		n++;
	}
	return g_string_free(out, FALSE);
}

static char *
sentence_of(const struct topics *topics, const struct trend_topic *topic)
{
	const guint now = topics->exposure[topics->steps - 1];
	g_autofree char *share = insight_percent((double)topic->now / now);
	g_autofree char *others = others_of(topics, topic);
	g_autofree char *before = topic->before == 0
					  ? g_strdup("never")
					  : insight_percent((double)topic->now /
							    now / topic->ratio);

	return g_strdup_printf("“%s” was written by %u of the %u vendors that "
			       "wrote, or %s; before that %s%s%s.",
			       label_of(topics, topic), topic->now, now, share,
			       topic->before == 0 ? "" : "it was ", before,
			       others);
}

static void
add_series(struct insight_line *line, const struct topics *topics,
	   const struct trend_topic *topic)
{
	line->series = g_array_new(FALSE, FALSE, sizeof(double));
	for (guint i = 0; i < topics->steps; i++) {
		const double share =
			topics->exposure[i] > 0
				? (double)topic->counts[i] / topics->exposure[i]
				: 0;

		g_array_append_val(line->series, share);
	}
}

static gboolean
tell(const struct topics *topics, const struct trend_topic *topic,
     GError **error)
{
	const char *label = label_of(topics, topic);
	g_autoptr(GPtrArray) found = find_mail(topics, topic->term, error);
	g_autofree char *priority = NULL;
	struct insight_line *line;

	if (!found)
		return FALSE;
	priority = priority_of(topics, topic, found);
	line = insight_add(insight_part_of(topics->insight, priority),
			   INSIGHT_RISING,
			   g_strdup_printf("rising/%s", topic->term),
			   sentence_of(topics, topic), topic->now);
	line->p = topic->p;
	line->q = topic->q;
	add_series(line, topics, topic);
	add_mail(topics, line, found);
	insight_evidence_add(line, "search", label, label);
	return TRUE;
}

gboolean
insight_rising(const struct insight_world *world, struct insight *insight,
	       GError **error)
{
	g_auto(Topics) topics = { .world = world, .insight = insight };

	place(&topics);
	if (!load(&topics, error) || !test(&topics, error))
		return FALSE;
	for (guint i = 0; i < topics.n; i++) {
		const struct trend_topic *topic = &topics.found[i];

		if (topic->rising && !topic->told_by &&
		    !tell(&topics, topic, error))
			return FALSE;
	}
	return TRUE;
}
