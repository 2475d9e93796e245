/* The brief, out of a store in which everything it tells is planted. */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "market/glean.h"
#include "market/insight.h"
#include "store/signals.h"

#define WEEK  (7 * CLOCK_DAY_US)
#define NOW   (G_GINT64_CONSTANT(20700) * CLOCK_DAY_US + WEEK / 14)
#define WEEKS 30
#define USUAL 12 /* vendors that write every week */

static const char profile_text[] =
	"version: 1\n"
	"buyer:\n"
	"  name: Priya Nair\n"
	"  addresses: [priya@buyer.example]\n"
	"priorities:\n"
	"  - {id: edr, name: Replace antivirus with EDR, keywords: [EDR], "
	"metric: {name: hours to contain, target: 24, file: mttr.csv}}\n"
	"  - {id: pqc, name: Post-quantum cryptography, keywords: [quantum "
	"safe], metric: {name: certificates, current: 10, target: 40}}\n"
	"  - {id: old, name: Done with, stage: done}\n";

struct plant {
	char *folder;
	struct store *store;
	struct profile *profile;
	struct vendor_book *book;
	guint n;
	gboolean past; /* of what is asked for */
};

/* One mail that was held and read. All may be NULL but vendor and text. */
struct mail {
	const char *vendor;
	const char *priority;
	gboolean far; /* from any priority; the best one is kept all the same */
	const char *text;
	const char *topics; /* separated by '/' */
	const char *what;   /* of a quotation, in the text */
	enum store_quote_kind kind;
	double value;
	double value_max; /* 0: as `value` */
	const char *unit;
	const char *currency;
	const char *period;
};

static GPtrArray *
quotes_of(const struct mail *mail)
{
	GPtrArray *quotes = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_quote_free);
	struct store_quote *quote;

	if (!mail->what)
		return quotes;
	quote = g_new0(struct store_quote, 1);
	quote->kind = mail->kind;
	quote->text = g_strdup(mail->text);
	quote->what = g_strdup(mail->what);
	quote->value = mail->value;
	quote->value_max = mail->value_max > 0 ? mail->value_max : mail->value;
	quote->unit = g_strdup(mail->unit ? mail->unit : "");
	quote->currency = g_strdup(mail->currency ? mail->currency : "");
	quote->period = g_strdup(mail->period ? mail->period : "");
	g_ptr_array_add(quotes, quote);
	return quotes;
}

static void
read_mail(struct plant *plant, const struct store_message *message,
	  const struct mail *mail)
{
	g_auto(GStrv) labels =
		g_strsplit(mail->topics ? mail->topics : "", "/", -1);
	struct store_topic topics[STORE_TOPICS_MAX];
	char *terms[STORE_TOPICS_MAX];
	g_autoptr(StoreDocument) document = g_new0(struct store_document, 1);
	g_autoptr(GPtrArray) quotes = quotes_of(mail);
	struct store_gleaning gleaning = { quotes, document, topics,
					   g_strv_length(labels) };
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < gleaning.n_topics; i++) {
		terms[i] = glean_terms(labels[i]);
		topics[i] = (struct store_topic){ terms[i], labels[i] };
	}
	document->priority = g_strdup(message->priority);
	document->title = g_strdup(message->subject);
	document->text = g_strdup(mail->text);
	document->title_terms = glean_terms(document->title);
	document->terms = glean_terms(document->text);
	document->relevance = message->relevance;
	store_glean(plant->store, message, &gleaning, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < gleaning.n_topics; i++)
		g_free(terms[i]);
}

static void
put(struct plant *plant, gint64 time_us, const struct mail *mail)
{
	struct store_message *message = kit_message("priya", plant->n++);
	g_autoptr(GBytes) bytes = kit_bytes(100, plant->n);
	g_autoptr(GError) error = NULL;

	kit_set(&message->vendor, mail->vendor);
	kit_set(&message->subject, "A subject");
	kit_set(&message->priority, mail->priority ? mail->priority : "edr");
	message->time_us = time_us;
	message->relevance = mail->far ? 0.34 : 0.35;
	store_hold(plant->store, &message, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
	read_mail(plant, message, mail);
	store_message_free(message);
}

/* Monday noon and so on of the week that many weeks before the last. */
static gint64
moment(guint weeks_ago, guint day)
{
	return NOW - WEEK * (weeks_ago + 1) + day * CLOCK_DAY_US +
	       CLOCK_DAY_US / 4;
}

/* The mail that is always there. */
static void
plant_usual(struct plant *plant)
{
	for (guint week = WEEKS; week > 0; week--)
		for (guint i = 0; i < USUAL; i++) {
			g_autofree char *vendor =
				g_strdup_printf("usual%u.example", i);
			const struct mail mail = {
				.vendor = vendor,
				.text = "An offer as every week.",
				.topics = i % 3 ? "offer/budget season"
						: "offer/zero trust",
			};

			put(plant, moment(week - 1, i % 5), &mail);
		}
}

/* Eight vendors of which two are one company. */
static void
plant_rising(struct plant *plant)
{
	static const struct store_move joined[] = {
		{ "usual6.example", "usual6.example" },
		{ "usual7.example", "usual6.example" },
	};
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 8; i++) {
		g_autofree char *vendor = g_strdup_printf("usual%u.example", i);
		const struct mail mail = {
			.vendor = vendor,
			.priority = "pqc",
			.text = "Be quantum safe before others are.",
			.topics = "quantum safe/quantum/november",
		};

		put(plant, moment(0, 3), &mail);
	}
	store_vendor_move(plant->store, joined, 2, "priya", &error);
	g_assert_no_error(error);
}

static void
plant_vendors(struct plant *plant)
{
	static const struct mail fresh = { .vendor = "fresh.example",
					   .text = "We are new." };
	static const struct mail steady = { .vendor = "steady.example",
					    .text = "As each week." };
	static const struct mail named = {
		.vendor = "usual3.example",
		.text = "Many teams leave Northwind for us. Gather the team. "
			"See steady.example, too.",
	};
	static const struct mail gather = { .vendor = "gather.com",
					    .text = "Hello." };
	static const struct mail northwind = { .vendor = "northwind.com",
					       .text = "Hello." };

	put(plant, moment(0, 1), &fresh);
	put(plant, moment(0, 4), &fresh);
	for (guint week = 3; week < 10; week++)
		put(plant, moment(week, 2), &steady);
	put(plant, moment(0, 2), &named);
	put(plant, moment(20, 1), &gather);
	put(plant, moment(20, 1), &northwind);
}

static void
plant_quotes(struct plant *plant)
{
	static const struct {
		guint week;
		struct mail mail;
	} said[] = {
		{ 0,
		  { .vendor = "usual0.example",
		    .text = "We cut alert volume by 30 %.",
		    .what = "30 %",
		    .value = 30,
		    .unit = "%" } },
		{ 2,
		  { .vendor = "usual1.example",
		    .text = "Customers reduce the volume of alerts by 80 %.",
		    .what = "80 %",
		    .value = 80,
		    .unit = "%" } },
		{ 3,
		  { .vendor = "usual2.example",
		    .text = "Alert volume falls by 45 %.",
		    .what = "45 %",
		    .value = 45,
		    .unit = "%" } },
		{ 1,
		  { .vendor = "usual3.example",
		    .text = "Onboarding suppliers takes 2 days.",
		    .what = "2 days",
		    .value = 2,
		    .unit = "days" } },
		{ 1,
		  { .vendor = "usual4.example",
		    .text = "Onboarding of suppliers in 3 days.",
		    .what = "3 days",
		    .value = 3,
		    .unit = "days" } },
		{ 1,
		  { .vendor = "usual5.example",
		    .text = "Supplier onboarding within 5 days.",
		    .what = "5 days",
		    .value = 5,
		    .unit = "days" } },
		/* Two vendors are no chorus. */
		{ 0,
		  { .vendor = "usual3.example",
		    .text = "Phishing clicks fall by 70 %.",
		    .what = "70 %",
		    .value = 70,
		    .unit = "%" } },
		{ 0,
		  { .vendor = "usual4.example",
		    .text = "Phishing clicks down by 60 %.",
		    .what = "60 %",
		    .value = 60,
		    .unit = "%" } },
	};
	static const double prices[] = { 12, 4.5, 30 };

	for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
		put(plant, moment(said[i].week, 1) - (gint64)i, &said[i].mail);
	for (guint i = 0; i < G_N_ELEMENTS(prices); i++) {
		g_autofree char *vendor = g_strdup_printf("usual%u.example", i);
		const struct mail mail = {
			.vendor = vendor,
			.text = "It costs this much.",
			.what = "this much",
			.kind = STORE_QUOTE_PRICE,
			.value = prices[i],
			.currency = "USD",
			.period = "month",
		};

		put(plant, moment(i, 1), &mail);
	}
}

static void
plant_signals(struct plant *plant)
{
	static const struct store_metric metric = { "priya", "edr" };
	const struct store_point points[] = { { NOW - 5 * WEEK, 60 },
					      { NOW - 2 * WEEK, 52 },
					      { NOW - WEEK / 2, 48.5 } };
	static char title[] = "A survey of EDR";
	static char other[] = "Something else";
	struct store_item items[] = { { .title = title }, { .title = other } };
	struct store_item *both[] = { &items[0], &items[1] };
	static char feed[] = "register";
	static char guids[2][8] = { "a", "b" };
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 2; i++) {
		items[i].source = feed;
		items[i].guid = guids[i];
		items[i].time_us = NOW - WEEK / 2;
	}
	store_metric_set(plant->store, &metric, points, 3, &error);
	g_assert_no_error(error);
	store_item_add(plant->store, both, 2, NULL, &error);
	g_assert_no_error(error);
}

static struct plant *
plant_new(void)
{
	struct plant *plant = g_new0(struct plant, 1);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;

	plant->folder = kit_quick_folder();
	plant->store = kit_open(plant->folder);
	plant->profile = profile_parse("priya.yaml", profile_text,
				       strlen(profile_text), faults);
	faults_report(faults, &error);
	g_assert_no_error(error);
	return plant;
}

static void
plant_free(struct plant *plant)
{
	vendor_book_free(plant->book);
	profile_free(plant->profile);
	store_close(plant->store);
	kit_remove(plant->folder);
	g_free(plant);
}

static struct plant *
plant_all(void)
{
	struct plant *plant = plant_new();

	plant_usual(plant);
	plant_rising(plant);
	plant_vendors(plant);
	plant_quotes(plant);
	plant_signals(plant);
	return plant;
}

/* `since_us` 0: a week before. */
static struct insight *
brief_since(struct plant *plant, gint64 since_us, gint64 until_us)
{
	g_autoptr(GError) error = NULL;
	struct insight_request request = { .store = plant->store,
					   .profile = plant->profile,
					   .since_us = since_us,
					   .until_us = until_us,
					   .past = plant->past };
	struct insight *insight;

	g_clear_pointer(&plant->book, vendor_book_free);
	plant->book = vendor_book_load(plant->store, &error);
	g_assert_no_error(error);
	request.book = plant->book;
	insight = insight_new(&request, &error);
	g_assert_no_error(error);
	return insight;
}

static struct insight *
brief_of(struct plant *plant, gint64 until_us)
{
	return brief_since(plant, 0, until_us);
}

/* Each line as "PRIORITY*KEY: TEXT", '*' where it is new. */
static char *
lines_of(const struct insight *insight)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < insight->parts->len; i++) {
		const struct insight_part *part = insight->parts->pdata[i];

		for (guint j = 0; j < part->lines->len; j++) {
			const struct insight_line *line = part->lines->pdata[j];

			g_string_append_printf(
				out, "%s%c%s: %s\n", part->priority,
				line->fresh ? '*' : ' ', line->key, line->text);
		}
	}
	return g_string_free(out, FALSE);
}

static const struct insight_part *
part_named(const struct insight *insight, const char *priority)
{
	for (guint i = 0; i < insight->parts->len; i++) {
		const struct insight_part *part = insight->parts->pdata[i];

		if (strcmp(part->priority, priority) == 0)
			return part;
	}
	g_error("no part of '%s'", priority);
	return NULL;
}

/* The best priority of a mail may be far from it: it counts for none. */
static void
test_far(void)
{
	static const double values[] = { 10, 20, 30, 40 };
	struct plant *plant = plant_new();
	g_autoptr(Insight) insight = NULL;
	g_autofree char *lines = NULL;
	g_autofree char *near = NULL;
	g_autofree char *none = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autofree char *vendor = g_strdup_printf("usual%u.example", i);
		const struct mail mail = {
			.vendor = vendor,
			.far = i > 0,
			.text = "Appointments rise for every clinic.",
			.what = "appointments",
			.value = values[i],
			.unit = "%",
		};

		put(plant, moment(0, 1) - i, &mail);
	}
	insight = brief_of(plant, NOW);
	near = insight_mail(part_named(insight, "edr"));
	g_assert_cmpstr(near, ==, "1 mail near it, 0 in the time before");
	none = insight_mail(part_named(insight, ""));
	g_assert_cmpstr(none, ==, "3 mails, 0 in the time before");
	lines = lines_of(insight);
	if (!strstr(lines, "\n*claim/%/"))
		g_error("the claim of most is of no priority: %s", lines);
	plant_free(plant);
}

/* Sums alone may be of unlike things, and dollars of unlike countries. */
static void
test_sums(void)
{
	static const double prices[] = { 6000, 4.5, 30 };
	struct plant *plant = plant_new();
	g_autoptr(Insight) insight = NULL;
	g_autofree char *lines = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(prices); i++) {
		g_autofree char *vendor = g_strdup_printf("usual%u.example", i);
		const struct mail mail = {
			.vendor = vendor,
			.text = "It costs this much.",
			.what = "this much",
			.kind = STORE_QUOTE_PRICE,
			.value = prices[i],
			.currency = "$",
		};

		put(plant, moment(0, 1) - i, &mail);
	}
	insight = brief_of(plant, NOW);
	lines = lines_of(insight);
	g_assert_nonnull(strstr(lines, "Asked, and not said per what: $4.50 to "
				       "$6,000, $30 in the middle, by 3 "
				       "vendors."));
	plant_free(plant);
}

/* What fell is claimed of where it came to; a range has both its ends. */
static void
test_ranges(void)
{
	static const struct mail said[] = {
		{ .vendor = "usual0.example",
		  .text = "Supplier onboarding fell from 10 days to 2 days.",
		  .what = "10 days to 2 days",
		  .value = 10,
		  .value_max = 2,
		  .unit = "days" },
		{ .vendor = "usual1.example",
		  .text = "Onboarding of suppliers takes 3 to 5 days.",
		  .what = "3 to 5 days",
		  .value = 3,
		  .value_max = 5,
		  .unit = "days" },
		{ .vendor = "usual2.example",
		  .text = "Suppliers' onboarding drops from 40 days to 4 days.",
		  .what = "40 days to 4 days",
		  .value = 40,
		  .value_max = 4,
		  .unit = "days" },
	};
	struct plant *plant = plant_new();
	g_autoptr(Insight) insight = NULL;
	g_autofree char *lines = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(said); i++)
		put(plant, moment(0, 1) - i, &said[i]);
	insight = brief_of(plant, NOW);
	lines = lines_of(insight);
	if (!strstr(lines, "3 vendors claim the like, from 2 days to 5 days: "))
		g_error("the range is of what was before: %s", lines);
	plant_free(plant);
}

static void
test_all(void)
{
	static const char expected[] =
		"pqc pressure/pqc: certificates stands at 10; the target is "
		"40.\n"
		"pqc*rising/quantum safe: “quantum safe” was written by 7 of "
		"the 12 vendors that wrote, or 58 %; before that never; with "
		"it “quantum”.\n"
		"edr*pressure/edr: hours to contain stands at 48.5; the target "
		"is 24. On 21 Aug it was 52.\n"
		"edr*new/fresh.example: fresh.example is new: 2 mails, the "
		"first on 29 Aug, “A subject”.\n"
		"edr*claim/%/alert volum: 3 vendors claim the like, from 30 % "
		"to 80 %: “We cut alert volume by 30 %.”\n"
		"edr*price/edr/USD//month: Asked a month: USD 4.50 to USD 30, "
		"USD 12 in the middle, by 3 vendors.\n"
		"edr*named/northwind.com: northwind.com is named in 1 mail of "
		"usual3.example.\n"
		"edr*named/steady.example: steady.example is named in 1 mail "
		"of usual3.example.\n"
		"edr*quiet/steady.example: steady.example wrote on 7 days, "
		"mostly 7 days apart, and has been quiet since 9 Aug.\n";
	struct plant *plant = plant_all();
	g_autoptr(Insight) insight = brief_of(plant, NOW);
	g_autofree char *lines = lines_of(insight);
	const struct insight_part *pqc = insight->parts->pdata[0];
	const struct insight_part *edr = insight->parts->pdata[1];

	g_assert_cmpstr(lines, ==, expected);
	g_assert_cmpuint(insight->gone->len, ==, 1);
	g_assert_cmpstr(insight->gone->pdata[0], ==,
			"3 vendors claim the like, from 2 days to 5 days: "
			"“Onboarding suppliers takes 2 days.”");
	g_assert_cmpuint(pqc->messages, ==, 8);
	g_assert_cmpuint(pqc->before, ==, 0);
	g_assert_cmpuint(edr->messages, ==, USUAL + 7);
	g_assert_cmpuint(edr->before, ==, USUAL + 4);
	g_assert_cmpuint(edr->items, ==, 1);
	g_assert_cmpfloat_with_epsilon(edr->pressure, 24.5 / 48.5, 1e-9);
	g_assert_cmpuint(edr->series->len, ==, 27);
	plant_free(plant);
}

/* A week is one, though the clocks changed in it: its first day counts. */
static void
test_clocks(void)
{
	struct plant *plant = plant_new();

	plant_usual(plant);
	for (guint i = 0; i < 8; i++) {
		g_autofree char *vendor = g_strdup_printf("usual%u.example", i);
		const struct mail mail = {
			.vendor = vendor,
			.text = "Be quantum safe before others are.",
			.topics = "quantum safe",
		};

		put(plant, moment(0, 0) + CLOCK_DAY_US / 2, &mail);
	}
	for (int hours = 1; hours >= -1; hours--) {
		const gint64 since_us = NOW - WEEK + hours * CLOCK_DAY_US / 24;
		g_autoptr(Insight) insight = brief_since(plant, since_us, NOW);
		g_autofree char *lines = lines_of(insight);

		if (!strstr(lines, "“quantum safe” was written by 8 of "))
			g_error("a week and %d hours: %s", -hours, lines);
	}
	plant_free(plant);
}

/* No sentence without a place where it can be looked up. */
static void
test_evidence(void)
{
	struct plant *plant = plant_all();
	g_autoptr(Insight) insight = brief_of(plant, NOW);

	for (guint i = 0; i < insight->parts->len; i++) {
		const struct insight_part *part = insight->parts->pdata[i];

		for (guint j = 0; j < part->lines->len; j++) {
			const struct insight_line *line = part->lines->pdata[j];
			const struct insight_evidence *first;
			g_autofree char *path = NULL;

			g_test_message("%s", line->key);
			g_assert_cmpuint(line->evidence->len, >, 0);
			first = line->evidence->pdata[0];
			path = insight_path(first);
			g_assert_true(path ||
				      strcmp(first->kind, "metric") == 0);
			if (strcmp(first->kind, "message") == 0)
				g_assert_true(id_valid(first->id));
		}
	}
	plant_free(plant);
}

/* The week before knows nothing of what came after it. */
static void
test_before(void)
{
	struct plant *plant = plant_all();
	g_autoptr(Insight) insight = brief_of(plant, NOW - WEEK);
	g_autofree char *lines = lines_of(insight);

	g_assert_cmpstr(
		lines, ==,
		"pqc pressure/pqc: certificates stands at 10; the target is "
		"40.\n"
		"edr*pressure/edr: hours to contain stands at 52; the target "
		"is 24. On 31 Jul it was 60.\n"
		"edr*claim/days/onboard supplier: 3 vendors claim the like, "
		"from 2 days to 5 days: “Onboarding suppliers takes 2 "
		"days.”\n");
	plant_free(plant);
}

/* A number without a day is today's: nobody knows what it was then. */
static void
test_past(void)
{
	struct plant *plant = plant_all();
	g_autoptr(Insight) insight = NULL;
	g_autofree char *lines = NULL;

	plant->past = TRUE;
	insight = brief_of(plant, NOW - WEEK);
	lines = lines_of(insight);
	g_assert_null(strstr(lines, "pressure/pqc"));
	g_assert_nonnull(strstr(lines, "pressure/edr"));
	for (guint i = 0; i < insight->parts->len; i++) {
		const struct insight_part *part = insight->parts->pdata[i];

		if (strcmp(part->priority, "pqc") == 0)
			g_assert_cmpfloat(part->pressure, ==, -1);
	}
	plant_free(plant);
}

/* In a store that is two weeks old all are new and all topics rise. */
static void
test_young(void)
{
	struct plant *plant = plant_new();
	g_autoptr(Insight) insight = NULL;
	g_autofree char *lines = NULL;

	for (guint week = 0; week < 2; week++)
		for (guint i = 0; i < 9; i++) {
			g_autofree char *vendor =
				g_strdup_printf("usual%u.example", i);
			const struct mail mail = {
				.vendor = vendor,
				.text = "An offer.",
				.topics = week == 0 ? "offer/rise" : "offer",
			};

			put(plant, moment(week, 3), &mail);
		}
	insight = brief_of(plant, NOW);
	lines = lines_of(insight);
	g_assert_cmpuint(insight->tests, ==, 0);
	g_assert_cmpuint(insight->messages, ==, 9);
	g_assert_null(strstr(lines, "rising/"));
	g_assert_null(strstr(lines, "new/"));
	plant_free(plant);
}

static void
test_empty(void)
{
	struct plant *plant = plant_new();
	g_autoptr(Insight) insight = brief_of(plant, NOW);

	g_assert_true(insight_is_empty(insight));
	plant_free(plant);
}

static void
test_watch(void)
{
	struct plant *plant = plant_all();
	static char buyer[] = "priya";
	static char asked[] = "quantum safe";
	struct store_watch watch = { .buyer = buyer, .query = asked };
	g_autoptr(Insight) insight = NULL;
	g_autofree char *lines = NULL;
	g_autoptr(GError) error = NULL;

	store_watch_add(plant->store, &watch, &error);
	g_assert_no_error(error);
	insight = brief_of(plant, NOW);
	lines = lines_of(insight);
	g_test_message("%s", lines);
	g_assert_nonnull(strstr(lines, "Of your question “quantum safe” "));
	plant_free(plant);
}

/* What the forms show, they show of hostile text, too. */
static void
test_forms(void)
{
	struct plant *plant = plant_all();
	static const struct mail hostile = {
		.vendor = "hostile.example",
		.text = "<script>\x1b[2J",
	};
	g_autoptr(Insight) insight = NULL;
	g_autofree char *text = NULL;
	g_autofree char *html = NULL;
	g_autofree char *json = NULL;
	json_t *root;

	put(plant, moment(0, 2), &hostile);
	insight = brief_of(plant, NOW);
	insight->wording = g_strdup("All <b>well</b>.");
	insight->worded_by = g_strdup("small-1");
	text = insight_text(insight, "https://pages.example");
	html = insight_html(insight, "https://pages.example");
	json = insight_json(insight);
	g_assert_nonnull(strstr(text, "https://pages.example/research?q="
				      "quantum%20safe\n"));
	g_assert_nonnull(strstr(text, "Worded by small-1; the figures above "
				      "are what counts"));
	g_assert_nonnull(strstr(text, "▁▁▁▁█\n"));
	g_assert_nonnull(strstr(html, "href='https://pages.example/message/"));
	g_assert_nonnull(strstr(html, "All &lt;b&gt;well&lt;/b&gt;."));
	g_assert_null(strstr(html, "<svg"));
	root = json_loads(json, 0, NULL);
	g_assert_nonnull(root);
	g_assert_cmpuint(json_array_size(json_object_get(root, "parts")), ==,
			 3);
	json_decref(root);
	plant_free(plant);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/insight/all", test_all);
	g_test_add_func("/insight/a change of clocks", test_clocks);
	g_test_add_func("/insight/evidence", test_evidence);
	g_test_add_func("/insight/the week before", test_before);
	g_test_add_func("/insight/a past week", test_past);
	g_test_add_func("/insight/a young store", test_young);
	g_test_add_func("/insight/sums", test_sums);
	g_test_add_func("/insight/ranges", test_ranges);
	g_test_add_func("/insight/far from any priority", test_far);
	g_test_add_func("/insight/nothing", test_empty);
	g_test_add_func("/insight/watch", test_watch);
	g_test_add_func("/insight/forms", test_forms);
	return g_test_run();
}
