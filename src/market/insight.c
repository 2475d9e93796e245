#include "market/insight.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "insight_private.h"

#define WEEK_US (7 * CLOCK_DAY_US)
#define PAST_US (26 * WEEK_US)

/* Shorter times than this have no past to speak of. */
#define PAST_STEPS_MIN 8

static const char *const kinds[] = { "pressure", "rising", "new",   "claim",
				     "price",	 "named",  "quiet", "watch" };

G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == INSIGHT_KINDS);

const char *
insight_kind_name(enum insight_kind kind)
{
	return kinds[kind];
}

static void
evidence_free(gpointer data)
{
	struct insight_evidence *evidence = data;

	g_free(evidence->kind);
	g_free(evidence->id);
	g_free(evidence->label);
	g_free(evidence);
}

static void
line_free(gpointer data)
{
	struct insight_line *line = data;

	g_free(line->key);
	g_free(line->text);
	g_ptr_array_unref(line->evidence);
	if (line->series)
		g_array_unref(line->series);
	g_free(line);
}

static void
part_free(gpointer data)
{
	struct insight_part *part = data;

	g_free(part->priority);
	g_free(part->name);
	g_array_unref(part->series);
	g_ptr_array_unref(part->lines);
	g_free(part);
}

void
insight_free(struct insight *insight)
{
	if (!insight)
		return;
	g_free(insight->buyer);
	g_free(insight->name);
	g_free(insight->zone);
	g_ptr_array_unref(insight->parts);
	g_ptr_array_unref(insight->gone);
	g_free(insight->wording);
	g_free(insight->worded_by);
	g_free(insight);
}

struct insight_line *
insight_add(struct insight_part *part, enum insight_kind kind, char *key,
	    char *text, double size)
{
	struct insight_line *line = g_new0(struct insight_line, 1);

	line->kind = kind;
	line->key = key;
	line->text = text;
	line->size = size;
	line->p = line->q = -1;
	line->evidence = g_ptr_array_new_with_free_func(evidence_free);
	g_ptr_array_add(part->lines, line);
	return line;
}

void
insight_evidence_add(struct insight_line *line, const char *kind,
		     const char *id, const char *label)
{
	struct insight_evidence *evidence = g_new0(struct insight_evidence, 1);

	evidence->kind = g_strdup(kind);
	evidence->id = g_strdup(id);
	evidence->label = g_strdup(label && *label ? label : id);
	g_ptr_array_add(line->evidence, evidence);
}

void
insight_evidence_message(struct insight_line *line,
			 const struct insight_world *world, const char *id)
{
	const struct insight_touch *touch =
		g_hash_table_lookup(world->by_id, id);
	g_autofree char *label =
		touch ? g_strdup_printf("%s: %s", touch->vendor,
					*touch->subject ? touch->subject
							: "(no subject)")
		      : NULL;

	insight_evidence_add(line, "message", id, label);
}

/* --- numbers and votes --------------------------------------------------- */

static char *
with_commas(gint64 value)
{
	GString *out = g_string_new(NULL);
	gssize at;

	g_string_printf(out, "%" G_GINT64_FORMAT, value);
	for (at = (gssize)out->len - 3; at > (value < 0); at -= 3)
		g_string_insert_c(out, at, ',');
	return g_string_free(out, FALSE);
}

char *
insight_number(double value)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];

	if (fabs(value) >= 1000 && fabs(value) < 1e15)
		return with_commas((gint64)llround(value));
	return g_strdup(g_ascii_formatd(buffer, sizeof(buffer), "%.4g", value));
}

char *
insight_percent(double share)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];
	const double percent = share * 100;

	g_ascii_formatd(buffer, sizeof(buffer),
			percent > 0 && percent < 10 ? "%.1f" : "%.0f", percent);
	return g_strdup_printf("%s %%", buffer);
}

GHashTable *
insight_votes_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

guint
insight_vote(GHashTable *votes, const char *what)
{
	guint *n = g_hash_table_lookup(votes, what);

	if (!n) {
		n = g_new0(guint, 1);
		g_hash_table_insert(votes, g_strdup(what), n);
	}
	return ++*n;
}

guint
insight_votes(GHashTable *votes, const char *what)
{
	const guint *n = g_hash_table_lookup(votes, what);

	return n ? *n : 0;
}

const char *
insight_voted(GHashTable *votes)
{
	GHashTableIter iter;
	gpointer key;
	gpointer value;
	const char *best = "";
	guint most = 0;

	g_hash_table_iter_init(&iter, votes);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const guint n = *(const guint *)value;

		if (n > most || (n == most && strcmp(key, best) < 0)) {
			most = n;
			best = key;
		}
	}
	return best;
}

/* --- parts ---------------------------------------------------------------- */

static void
part_add(struct insight *insight, const char *priority, const char *name)
{
	struct insight_part *part = g_new0(struct insight_part, 1);

	part->priority = g_strdup(priority);
	part->name = g_strdup(name);
	part->pressure = -1;
	part->series = g_array_new(FALSE, TRUE, sizeof(double));
	part->lines = g_ptr_array_new_with_free_func(line_free);
	g_ptr_array_add(insight->parts, part);
}

/* The part of none is the last one while the brief is made. */
struct insight_part *
insight_part_of(struct insight *insight, const char *priority)
{
	for (guint i = 0; i < insight->parts->len; i++) {
		struct insight_part *part = insight->parts->pdata[i];

		if (strcmp(part->priority, priority) == 0)
			return part;
	}
	return insight->parts->pdata[insight->parts->len - 1];
}

/* What is done with needs no brief; its mail counts as of no priority. */
static void
parts_begin(struct insight *insight, const struct profile *profile)
{
	insight->parts = g_ptr_array_new_with_free_func(part_free);
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		if (priority->stage != STAGE_DONE)
			part_add(insight, priority->id, priority->name);
	}
	part_add(insight, "", "Of no priority");
}

static void
count_touch(struct insight *insight, const struct insight_touch *touch,
	    GHashTable *vendors)
{
	struct insight_part *part = insight_part_of(insight, touch->priority);
	const gint64 length_us = insight->until_us - insight->since_us;
	const gint64 step = (touch->time_us - insight->before_us) / length_us;

	if (touch->time_us < insight->before_us ||
	    touch->time_us >= insight->until_us)
		return;
	if (step < part->series->len)
		g_array_index(part->series, double, step) += 1;
	if (insight_within(insight, touch->time_us)) {
		part->messages++;
		insight->messages++;
		g_hash_table_add(vendors, g_strdup(touch->card));
	} else if (touch->time_us >= insight->since_us - length_us)
		part->before++;
}

static void
count_touches(const struct insight_world *world, struct insight *insight)
{
	const gint64 length_us = insight->until_us - insight->since_us;
	const gint64 steps =
		(insight->until_us - insight->before_us) / length_us;
	g_autoptr(GHashTable) vendors =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < insight->parts->len; i++) {
		struct insight_part *part = insight->parts->pdata[i];

		g_array_set_size(part->series, (guint)steps);
	}
	for (guint i = 0; i < world->touches->len; i++)
		count_touch(insight, world->touches->pdata[i], vendors);
	insight->vendors = g_hash_table_size(vendors);
}

/* --- order ---------------------------------------------------------------- */

static gint
by_kind(gconstpointer a, gconstpointer b)
{
	const struct insight_line *one = *(struct insight_line *const *)a;
	const struct insight_line *two = *(struct insight_line *const *)b;

	if (one->kind != two->kind)
		return one->kind < two->kind ? -1 : 1;
	if (one->size != two->size)
		return one->size > two->size ? -1 : 1;
	return strcmp(one->key, two->key);
}

/* What presses most first; what is of no priority last. */
static gint
by_pressure(gconstpointer a, gconstpointer b)
{
	const struct insight_part *one = *(struct insight_part *const *)a;
	const struct insight_part *two = *(struct insight_part *const *)b;

	if ((*one->priority == '\0') != (*two->priority == '\0'))
		return *one->priority ? -1 : 1;
	if (one->pressure != two->pressure)
		return one->pressure > two->pressure ? -1 : 1;
	if (one->messages != two->messages)
		return one->messages > two->messages ? -1 : 1;
	return strcmp(one->priority, two->priority);
}

static void
order(struct insight *insight)
{
	for (guint i = 0; i < insight->parts->len; i++) {
		struct insight_part *part = insight->parts->pdata[i];

		g_ptr_array_sort(part->lines, by_kind);
	}
	g_ptr_array_sort(insight->parts, by_pressure);
}

/* --- what changed --------------------------------------------------------- */

/* These tell what happened in their time: they are new each time, and are not
 * missed the next. */
static gboolean
is_event(enum insight_kind kind)
{
	return kind == INSIGHT_NEW || kind == INSIGHT_QUIET ||
	       kind == INSIGHT_WATCH;
}

/* Of these the figures are the news. */
static gboolean
is_state(enum insight_kind kind)
{
	return kind == INSIGHT_PRESSURE || kind == INSIGHT_PRICE;
}

static GHashTable *
lines_by_key(const struct insight *insight)
{
	GHashTable *lines = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < insight->parts->len; i++) {
		const struct insight_part *part = insight->parts->pdata[i];

		for (guint j = 0; j < part->lines->len; j++) {
			struct insight_line *line = part->lines->pdata[j];

			g_hash_table_insert(lines, line->key, line);
		}
	}
	return lines;
}

static void
mark_fresh(struct insight_line *line, const struct insight_line *last)
{
	line->fresh =
		!last || is_event(line->kind) ||
		(is_state(line->kind) && strcmp(line->text, last->text) != 0);
}

static gint
by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
compare(struct insight *insight, const struct insight *last)
{
	g_autoptr(GHashTable) now = lines_by_key(insight);
	g_autoptr(GHashTable) before = lines_by_key(last);
	GHashTableIter iter;
	gpointer key;
	gpointer value;

	g_hash_table_iter_init(&iter, now);
	while (g_hash_table_iter_next(&iter, &key, &value))
		mark_fresh(value, g_hash_table_lookup(before, key));
	g_hash_table_iter_init(&iter, before);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const struct insight_line *line = value;

		if (!is_event(line->kind) && !g_hash_table_contains(now, key))
			g_ptr_array_add(insight->gone, g_strdup(line->text));
	}
	g_ptr_array_sort(insight->gone, by_text);
}

/* --- the whole ------------------------------------------------------------ */

static struct insight *
make(const struct insight_world *world, gint64 since_us, gint64 until_us,
     gint64 past_us, GError **error)
{
	g_autoptr(Insight) insight = g_new0(struct insight, 1);

	insight->buyer = g_strdup(world->buyer);
	insight->name = g_strdup(world->request->profile->name);
	insight->zone = g_strdup(world->request->profile->digest.zone);
	insight->since_us = since_us;
	insight->until_us = until_us;
	insight->before_us = since_us - past_us;
	insight->gone = g_ptr_array_new_with_free_func(g_free);
	parts_begin(insight, world->request->profile);
	count_touches(world, insight);
	if (!insight_pressure(world, insight, error) ||
	    !insight_rising(world, insight, error) ||
	    !insight_watches(world, insight, error))
		return NULL;
	insight_fresh_vendors(world, insight);
	insight_quiet_vendors(world, insight);
	insight_claims(world, insight);
	insight_prices(world, insight);
	insight_names(world, insight);
	order(insight);
	return g_steal_pointer(&insight);
}

/* A past of whole steps, each as long as the brief's time. */
static gint64
past_length(const struct insight_request *request)
{
	const gint64 length_us = request->until_us - request->since_us;
	const gint64 wanted_us =
		request->past_us > 0 ? request->past_us : PAST_US;

	return MAX(wanted_us / length_us, PAST_STEPS_MIN) * length_us;
}

struct insight *
insight_new(const struct insight_request *request, GError **error)
{
	struct insight_request asked = *request;
	g_autoptr(InsightWorld) world = NULL;
	g_autoptr(Insight) insight = NULL;
	g_autoptr(Insight) last = NULL;
	gint64 past_us;
	gint64 length_us;

	if (asked.since_us == 0)
		asked.since_us = asked.until_us - WEEK_US;
	g_assert(asked.since_us < asked.until_us);
	length_us = asked.until_us - asked.since_us;
	past_us = past_length(&asked);
	world = insight_world_new(&asked, asked.profile->id,
				  asked.since_us - length_us -
					  MAX(past_us, INSIGHT_YEAR_US),
				  asked.until_us, error);
	if (!world)
		return NULL;
	insight = make(world, asked.since_us, asked.until_us, past_us, error);
	last = insight ? make(world, asked.since_us - length_us, asked.since_us,
			      past_us, error)
		       : NULL;
	if (!last)
		return NULL;
	compare(insight, last);
	return g_steal_pointer(&insight);
}

gboolean
insight_is_empty(const struct insight *insight)
{
	for (guint i = 0; i < insight->parts->len; i++) {
		const struct insight_part *part = insight->parts->pdata[i];

		if (part->messages > 0)
			return FALSE;
		for (guint j = 0; j < part->lines->len; j++) {
			const struct insight_line *line = part->lines->pdata[j];

			if (line->fresh)
				return FALSE;
		}
	}
	return insight->gone->len == 0;
}
