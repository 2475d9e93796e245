/* What several vendors claim alike, and what they ask. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "insight_private.h"
#include "market/glean.h"
#include "text/stem.h"

/* Vendors that must say it, of which one in the brief's time. */
#define REPEAT_MIN 3
#define PRICES_MIN 3

/* Bytes on either side of the number in which its subject is looked for. */
#define AROUND 60

#define EVIDENCE_MAX 4

/* The newest quotations of a kind that are held beside each other, and the
 * stems of one. */
#define POOL_MAX    1000
#define SUBJECT_MAX 12

/* Stems that are in everybody's claims whatever they are about. */
static const char common[] =
	" team compani custom client help us user averag more than less just "
	"onli per over up to by in year month week day hour minut percent time "
	"busi organ organiz organis our your their we you it can will see get "
	"result first last new make about around nearli almost least ";

static gboolean
is_common(const char *stem)
{
	g_autofree char *framed = g_strdup_printf(" %s ", stem);

	return strlen(stem) < 3 || !g_ascii_isalpha(*stem) ||
	       stop_word("en", stem, strlen(stem)) || strstr(common, framed);
}

/* The part of a quotation that stands around its number, at whole
 * characters. */
static char *
around(const struct store_quote *quote)
{
	const char *at = *quote->what ? strstr(quote->text, quote->what) : NULL;
	const char *end = quote->text + strlen(quote->text);
	const char *from;
	const char *to;

	if (!at)
		at = quote->text;
	from = at - quote->text > AROUND ? at - AROUND : quote->text;
	to = end - at > (gssize)strlen(quote->what) + AROUND
		     ? at + strlen(quote->what) + AROUND
		     : end;
	while (from > quote->text && (*from & 0xC0) == 0x80)
		from--;
	while (to < end && (*to & 0xC0) == 0x80)
		to++;
	return g_strndup(from, (gsize)(to - from));
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The stems that say what a number is about, sorted, each once. */
static GPtrArray *
subject_of(const struct store_quote *quote)
{
	g_autofree char *text = around(quote);
	g_autofree char *terms = glean_terms(text);
	g_auto(GStrv) words = g_strsplit(terms, " ", -1);
	g_autoptr(GHashTable) met = insight_votes_new();
	GPtrArray *subject = g_ptr_array_new_with_free_func(g_free);

	for (char **word = words; *word && subject->len < SUBJECT_MAX; word++)
		if (**word && !is_common(*word) &&
		    insight_vote(met, *word) == 1)
			g_ptr_array_add(subject, g_strdup(*word));
	g_ptr_array_sort(subject, by_name);
	return subject;
}

/* A quotation of the pool, with whose it is and what it is about. */
struct said {
	const struct store_quote *quote;
	const char *card;
	const struct insight_touch *touch; /* NULL: its mail is not ours */
	GPtrArray *subject;
	gboolean told;
};

static void
said_free(gpointer data)
{
	struct said *said = data;

	g_ptr_array_unref(said->subject);
	g_free(said);
}

static GPtrArray *
pool_of(const struct insight_world *world, const struct insight *insight,
	enum store_quote_kind kind)
{
	GPtrArray *pool = g_ptr_array_new_with_free_func(said_free);

	for (guint i = 0; i < world->quotes->len && pool->len < POOL_MAX; i++) {
		const struct store_quote *quote = world->quotes->pdata[i];
		struct said *said;

		if (quote->kind != kind || quote->value <= 0 ||
		    quote->time_us >= insight->until_us ||
		    quote->time_us < insight->until_us - INSIGHT_POOL_US)
			continue;
		said = g_new0(struct said, 1);
		said->quote = quote;
		said->card =
			vendor_book_card(world->request->book, quote->vendor);
		said->touch = g_hash_table_lookup(world->by_id, quote->message);
		said->subject =
			kind == STORE_QUOTE_CLAIM
				? subject_of(quote)
				: g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(pool, said);
	}
	return pool;
}

/* Of several: the newest of each vendor, and what they have in common. */
struct group {
	GPtrArray *said; /* borrowed, newest first, one a vendor */
	gboolean now;	 /* one is of the brief's time */
	double least;
	double middle; /* a range counts by its middle */
	double most;
};
typedef struct group Group;

static void
group_clear(struct group *group)
{
	if (group->said)
		g_ptr_array_unref(group->said);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Group, group_clear)

static gboolean
has_card(const struct group *group, const char *card)
{
	for (guint i = 0; i < group->said->len; i++) {
		const struct said *said = group->said->pdata[i];

		if (strcmp(said->card, card) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
group_add(struct group *group, const struct insight *insight, struct said *said)
{
	if (has_card(group, said->card))
		return;
	g_ptr_array_add(group->said, said);
	group->now |= insight_within(insight, said->quote->time_us);
}

static gint
by_size(gconstpointer a, gconstpointer b)
{
	const double one = *(const double *)a;
	const double two = *(const double *)b;

	return one < two ? -1 : one > two;
}

/* What fell is claimed of where it came to, a range with both its ends. */
static void
group_measure(struct group *group)
{
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
	const guint n = group->said->len;

	group->least = INFINITY;
	group->most = -INFINITY;
	for (guint i = 0; i < n; i++) {
		const struct said *said = group->said->pdata[i];
		const double most = said->quote->value_max;
		const double least = MIN(said->quote->value, most);
		const double middle = (least + most) / 2;

		group->least = MIN(group->least, least);
		group->most = MAX(group->most, most);
		g_array_append_val(values, middle);
	}
	g_array_sort(values, by_size);
	group->middle = (g_array_index(values, double, (n - 1) / 2) +
			 g_array_index(values, double, n / 2)) /
			2;
}

static char *
group_priority(const struct group *group)
{
	g_autoptr(GHashTable) votes = insight_votes_new();

	for (guint i = 0; i < group->said->len; i++) {
		const struct said *said = group->said->pdata[i];

		if (said->touch)
			insight_vote(votes, said->touch->priority);
	}
	return g_strdup(insight_voted(votes));
}

static void
group_evidence(const struct group *group, struct insight_line *line)
{
	for (guint i = 0; i < group->said->len && i < EVIDENCE_MAX; i++) {
		const struct said *said = group->said->pdata[i];
		g_autofree char *label = g_strdup_printf(
			"%s: %s", said->quote->vendor, said->quote->text);

		insight_evidence_add(line, "message", said->quote->message,
				     label);
	}
}

/* --- claims -----------------------------------------------------------------
 */

static gboolean
is_about(const struct said *said, const char *unit, const char *one,
	 const char *two)
{
	return !said->told && strcmp(said->quote->unit, unit) == 0 &&
	       g_ptr_array_find_with_equal_func(said->subject, one, g_str_equal,
						NULL) &&
	       g_ptr_array_find_with_equal_func(said->subject, two, g_str_equal,
						NULL);
}

static Group
gather(const GPtrArray *pool, const struct insight *insight, const char *key)
{
	g_auto(GStrv) words = g_strsplit(key, "\t", 3);
	Group group = { .said = g_ptr_array_new() };

	for (guint i = 0; i < pool->len; i++) {
		struct said *said = pool->pdata[i];

		if (is_about(said, words[0], words[1], words[2]))
			group_add(&group, insight, said);
	}
	return group;
}

/* How many vendors say something of each unit and two stems, of what is not
 * told: "%\talert\tvolum". Kept as more is told: to count anew each time would
 * take seconds when much is claimed. */
struct subjects {
	GHashTable *votes; /* each vendor's counts once */
	GHashTable *own;   /* with the vendor before it: quotations */
};
typedef struct subjects Subjects;

static void
subjects_clear(struct subjects *subjects)
{
	g_hash_table_unref(subjects->votes);
	g_hash_table_unref(subjects->own);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Subjects, subjects_clear)

static guint
take_back(GHashTable *votes, const char *what)
{
	guint *n = g_hash_table_lookup(votes, what);

	return --*n;
}

static void
count_pair(const struct subjects *subjects, const struct said *said,
	   const char *one, const char *two)
{
	g_autofree char *own = g_strdup_printf("%s\t%s\t%s\t%s", said->card,
					       said->quote->unit, one, two);
	const char *key = own + strlen(said->card) + 1;

	if (!said->told && insight_vote(subjects->own, own) == 1)
		insight_vote(subjects->votes, key);
	else if (said->told && take_back(subjects->own, own) == 0)
		take_back(subjects->votes, key);
}

/* Adds it, or when it was told takes it away. */
static void
count_subject(const struct subjects *subjects, const struct said *said)
{
	for (guint i = 0; i < said->subject->len; i++)
		for (guint j = i + 1; j < said->subject->len; j++)
			count_pair(subjects, said, said->subject->pdata[i],
				   said->subject->pdata[j]);
}

/* "30 %", "3x", "12 hours" */
static char *
with_unit(double value, const char *unit)
{
	g_autofree char *number = insight_number(value);

	return g_strdup_printf("%s%s%s", number,
			       *unit && strcmp(unit, "x") != 0 ? " " : "",
			       unit);
}

/* The sentence ends where the quotation does. */
static char *
claim_sentence(const struct group *group, const char *least, const char *most)
{
	const struct said *newest = group->said->pdata[0];
	const char *quote = newest->quote->text;
	const char *stop =
		*quote && strchr(".!?", quote[strlen(quote) - 1]) ? "" : ".";

	if (group->least < group->most)
		return g_strdup_printf("%u vendors claim the like, from %s to "
				       "%s: “%s”%s",
				       group->said->len, least, most, quote,
				       stop);
	return g_strdup_printf("%u vendors claim the like, all %s: “%s”%s",
			       group->said->len, least, quote, stop);
}

/* The newest of them stands for the others. */
static void
tell_claim(struct insight *insight, struct group *group, const char *key)
{
	g_auto(GStrv) words = g_strsplit(key, "\t", 3);
	g_autofree char *priority = group_priority(group);
	g_autofree char *least = NULL;
	g_autofree char *most = NULL;
	struct insight_line *line;

	group_measure(group);
	least = with_unit(group->least, words[0]);
	most = with_unit(group->most, words[0]);
	line = insight_add(
		insight_part_of(insight, priority), INSIGHT_CLAIM,
		g_strdup_printf("claim/%s/%s %s", words[0], words[1], words[2]),
		claim_sentence(group, least, most), group->said->len);
	group_evidence(group, line);
}

/* All that speak of it are told by it, whoever's and how often. */
static void
mark_told(const GPtrArray *pool, const struct subjects *subjects,
	  const char *key)
{
	g_auto(GStrv) words = g_strsplit(key, "\t", 3);

	for (guint i = 0; i < pool->len; i++) {
		struct said *said = pool->pdata[i];

		if (!is_about(said, words[0], words[1], words[2]))
			continue;
		said->told = TRUE;
		count_subject(subjects, said);
	}
}

void
insight_claims(const struct insight_world *world, struct insight *insight)
{
	g_autoptr(GPtrArray) pool = pool_of(world, insight, STORE_QUOTE_CLAIM);
	g_auto(Subjects)
		subjects = { insight_votes_new(), insight_votes_new() };

	for (guint i = 0; i < pool->len; i++)
		count_subject(&subjects, pool->pdata[i]);
	for (;;) {
		const char *key = insight_voted(subjects.votes);
		g_auto(Group) group = { 0 };

		if (insight_votes(subjects.votes, key) < REPEAT_MIN)
			return;
		group = gather(pool, insight, key);
		if (group.now)
			tell_claim(insight, &group, key);
		mark_told(pool, &subjects, key);
	}
}

/* --- prices -----------------------------------------------------------------
 */

static char *
price_key(const struct said *said)
{
	const struct store_quote *quote = said->quote;

	if (!said->touch || !*quote->currency)
		return NULL;
	return g_strdup_printf("%s/%s/%s/%s", said->touch->priority,
			       quote->currency, quote->unit, quote->period);
}

/* "EUR 4.50", but "$1,200". */
static char *
money(double value, const char *currency)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];
	g_autofree char *whole = insight_number(value);
	const gboolean cents =
		fabs(value - nearbyint(value)) > 0.004 && value < 1000;
	const char *number =
		cents ? g_ascii_formatd(buffer, sizeof(buffer), "%.2f", value)
		      : whole;

	return g_strconcat(currency, g_ascii_isalpha(*currency) ? " " : "",
			   number, NULL);
}

/* "Asked per seat a month"; without either they may be of unlike things, which
 * is told. */
static char *
price_head(const struct store_quote *quote)
{
	if (!*quote->unit && !*quote->period)
		return g_strdup("Asked, and not said per what");
	return g_strdup_printf("Asked%s%s%s%s", *quote->unit ? " per " : "",
			       quote->unit, *quote->period ? " a " : "",
			       quote->period);
}

static void
tell_price(struct insight *insight, struct group *group, const char *key)
{
	const struct said *newest = group->said->pdata[0];
	const struct store_quote *quote = newest->quote;
	g_autofree char *head = price_head(quote);
	g_autofree char *least = NULL;
	g_autofree char *middle = NULL;
	g_autofree char *most = NULL;
	struct insight_line *line;

	group_measure(group);
	least = money(group->least, quote->currency);
	middle = money(group->middle, quote->currency);
	most = money(group->most, quote->currency);
	line = insight_add(
		insight_part_of(insight, newest->touch->priority),
		INSIGHT_PRICE, g_strdup_printf("price/%s", key),
		g_strdup_printf("%s: %s to %s, %s in the middle, by %u "
				"vendors.",
				head, least, most, middle, group->said->len),
		group->said->len);
	group_evidence(group, line);
}

void
insight_prices(const struct insight_world *world, struct insight *insight)
{
	g_autoptr(GPtrArray) pool = pool_of(world, insight, STORE_QUOTE_PRICE);
	g_autoptr(GHashTable) met = insight_votes_new();

	for (guint i = 0; i < pool->len; i++) {
		g_autofree char *key = price_key(pool->pdata[i]);
		g_auto(Group) group = { .said = g_ptr_array_new() };

		if (!key || insight_vote(met, key) > 1)
			continue;
		for (guint j = i; j < pool->len; j++) {
			g_autofree char *other = price_key(pool->pdata[j]);

			if (g_strcmp0(key, other) == 0)
				group_add(&group, insight, pool->pdata[j]);
		}
		if (group.said->len >= PRICES_MIN && group.now)
			tell_price(insight, &group, key);
	}
}
