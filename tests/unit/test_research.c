/* Research: what is found, shown once, grouped and counted, and for whom. */
#include <string.h>

#include "../../src/market/research_private.h"
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "base/error.h"
#include "market/glean.h"

/* One mail or page to search. */
struct planted {
	const char *buyer;
	const char *vendor;
	const char *title;
	const char *text;
	guint days; /* old */
};

struct bench {
	char *folder;
	struct store *store;
	struct vendor_book *book;
	gint64 now_us;
};

static void
bench_open(struct bench *bench)
{
	g_autoptr(GError) error = NULL;

	bench->folder = kit_quick_folder();
	bench->store = kit_open(bench->folder);
	bench->book = vendor_book_load(bench->store, &error);
	bench->now_us = clock_now_us();
	g_assert_no_error(error);
}

static void
bench_close(struct bench *bench)
{
	vendor_book_free(bench->book);
	store_close(bench->store);
	kit_remove(bench->folder);
}

/* As a mail that was held and read; its id. */
static char *
plant(struct bench *bench, const struct planted *planted, guint n)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = kit_bytes(300, n + 1);
	g_autoptr(StoreMessage) message = kit_message(planted->buyer, n);
	g_autoptr(StoreDocument) document = g_new0(struct store_document, 1);
	const struct store_gleaning gleaning = { .document = document };

	kit_set(&message->vendor, planted->vendor);
	message->time_us = bench->now_us - planted->days * CLOCK_DAY_US;
	store_hold(bench->store, &message, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
	g_strlcpy(document->id, message->id, sizeof(document->id));
	document->title = g_strdup(planted->title);
	document->text = g_strdup(planted->text);
	document->title_terms = glean_terms(planted->title);
	document->terms = glean_terms(planted->text);
	document->relevance = -1;
	store_glean(bench->store, message, &gleaning, &error);
	g_assert_no_error(error);
	return g_strdup(message->id);
}

static struct research *
ask(struct bench *bench, const struct research_query *query)
{
	g_autoptr(GError) error = NULL;
	struct research *research =
		research_run(bench->store, bench->book, NULL, query, &error);

	g_assert_no_error(error);
	return research;
}

static const struct research_hit *
hit_at(const struct research *research, guint at)
{
	g_assert_cmpuint(at, <, research->hits->len);
	return research->hits->pdata[at];
}

static void
a_follow_up_stands_with_its_first(void)
{
	static const struct planted all[] = {
		{ "priya", "a.example", "Warm standby",
		  "A warm standby for the imaging archive.", 3 },
		{ "priya", "a.example", "AW: Re: warm standby ",
		  "Any thoughts about the standby?", 1 },
		{ "priya", "b.example", "Warm standby",
		  "Another vendor with a warm standby.", 1 },
	};
	struct bench bench;
	const struct research_query query = { .text = "warm standby" };
	g_autoptr(Research) research = NULL;

	bench_open(&bench);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		g_free(plant(&bench, &all[i], i));
	research = ask(&bench, &query);
	g_assert_cmpuint(research->found, ==, 3);
	g_assert_cmpuint(research->collapsed, ==, 1);
	g_assert_cmpuint(research->hits->len, ==, 2);
	g_assert_cmpuint(hit_at(research, 0)->copies->len +
				 hit_at(research, 1)->copies->len,
			 ==, 1);
	bench_close(&bench);
}

/* What only belongs to what was found is counted with it: no more says the
 * same than there is. */
static void
what_is_shown_is_counted(void)
{
	static const struct planted all[] = {
		{ "priya", "a.example", "Warm standby",
		  "A second room for the imaging archive.", 3 },
		{ "priya", "a.example", "Re: Warm standby", "Any thoughts?",
		  1 },
	};
	struct bench bench;
	const struct research_query query = { .text = "imaging" };
	g_autoptr(Research) research = NULL;
	g_autoptr(GString) page = g_string_new(NULL);

	bench_open(&bench);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		g_free(plant(&bench, &all[i], i));
	research = ask(&bench, &query);
	g_assert_cmpuint(research->hits->len, ==, 1);
	g_assert_cmpuint(research->collapsed, ==, 1);
	g_assert_cmpuint(research->found, ==, 2);
	research_html(research, page);
	g_assert_nonnull(strstr(
		page->str, "2 found, 1 of them says the same as another."));
	bench_close(&bench);
}

static struct research_hit *
hit_of(const char *vendor, const char *title, guint64 print)
{
	struct research_hit *hit = research_hit_new();

	hit->document = g_new0(struct store_document, 1);
	hit->document->vendor = g_strdup(vendor);
	hit->document->title = g_strdup(title);
	hit->document->fingerprint = print;
	return hit;
}

/* Three bits apart is the same, four are not, and 0 is near to none. */
static void
near_texts_are_shown_once(void)
{
	static const struct {
		const char *what;
		guint64 print;
		gboolean same;
	} cases[] = {
		{ "the same text", 0xF00D, TRUE },
		{ "three bits apart", 0xF00D ^ 7, TRUE },
		{ "four bits apart", 0xF00D ^ 15, FALSE },
		{ "too short for a fingerprint", 0, FALSE },
	};
	struct bench bench;

	bench_open(&bench);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) hits = g_ptr_array_new_with_free_func(
			(GDestroyNotify)research_hit_free);

		g_test_message("%s", cases[i].what);
		g_ptr_array_add(hits, hit_of("a.example", "one", 0xF00D));
		g_ptr_array_add(hits,
				hit_of("b.example", "two", cases[i].print));
		g_assert_cmpuint(research_collapse(hits, bench.book), ==,
				 cases[i].same ? 1U : 0U);
		g_assert_cmpuint(hits->len, ==, cases[i].same ? 1U : 2U);
	}
	bench_close(&bench);
}

static void
nobody_finds_anothers_mail(void)
{
	static const struct planted all[] = {
		{ "priya", "a.example", "Warm standby", "A warm standby.", 1 },
		{ "marcus", "b.example", "Warm standby too",
		  "A warm standby for marcus.", 1 },
		{ "marcus", "a.example", "Prices", "Of the same vendor.", 1 },
	};
	static const char *const priya[] = { "priya", NULL };
	static const char *const nobody[] = { NULL };
	struct bench bench;
	struct research_query query = { .text = "standby", .buyers = priya };
	g_autoptr(Research) hers = NULL;
	g_autoptr(Research) none = NULL;

	bench_open(&bench);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		g_free(plant(&bench, &all[i], i));
	hers = ask(&bench, &query);
	g_assert_cmpuint(hers->hits->len, ==, 1);
	g_assert_cmpstr(hit_at(hers, 0)->document->buyer, ==, "priya");
	query.buyers = nobody;
	none = ask(&bench, &query);
	g_assert_cmpuint(none->hits->len, ==, 0);
	bench_close(&bench);
}

/* The quotations of a colleague's mail are not for the asker either, and
 * however many they are, do not stand in the way of the asker's own. */
static void
nobody_sees_anothers_quotations(void)
{
	static const struct planted all[] = {
		{ "priya", "a.example", "Warm standby", "A warm standby.", 2 },
		{ "marcus", "a.example", "Prices", "Ask us for prices.", 1 },
	};
	static const char *const priya[] = { "priya", NULL };
	struct bench bench;
	const struct research_query query = { .text = "standby",
					      .buyers = priya };
	g_autoptr(Research) research = NULL;
	const struct research_vendor *vendor;

	bench_open(&bench);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *id = plant(&bench, &all[i], i);
		g_autoptr(StoreMessage) message =
			store_find(bench.store, all[i].buyer, id, &error);
		g_autoptr(GPtrArray) quotes = g_ptr_array_new_with_free_func(
			(GDestroyNotify)store_quote_free);

		for (guint n = 0; n < (i == 0 ? 1 : 250); n++) {
			struct store_quote *quote =
				g_new0(struct store_quote, 1);

			quote->kind = STORE_QUOTE_PRICE;
			quote->place = n;
			quote->text = g_strdup_printf("$%u a month", i + n);
			g_ptr_array_add(quotes, quote);
		}
		store_quotes_set(bench.store, message, quotes, &error);
		g_assert_no_error(error);
	}
	research = ask(&bench, &query);
	g_assert_cmpuint(research->vendors->len, ==, 1);
	vendor = research->vendors->pdata[0];
	g_assert_cmpuint(vendor->quotes->len, ==, 1);
	g_assert_cmpstr(((struct store_quote *)vendor->quotes->pdata[0])->text,
			==, "$0 a month");
	bench_close(&bench);
}

static void
what_is_fresh_comes_first(void)
{
	static const struct planted all[] = {
		{ "priya", "a.example", "Standby one", "A warm standby.", 400 },
		{ "priya", "b.example", "Standby two", "A warm standby.", 1 },
	};
	struct bench bench;
	const struct research_query query = { .text = "warm standby" };
	g_autoptr(Research) research = NULL;

	bench_open(&bench);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		g_free(plant(&bench, &all[i], i));
	research = ask(&bench, &query);
	g_assert_cmpstr(hit_at(research, 0)->document->vendor, ==, "b.example");
	g_assert_cmpuint(research->months->len, ==, 2);
	g_assert_cmpfloat_with_epsilon(
		research_freshness(0, RESEARCH_HALF_LIFE_DAYS * CLOCK_DAY_US),
		0.5, 1e-9);
	g_assert_cmpfloat_with_epsilon(research_freshness(1, 0), 1, 1e-9);
	bench_close(&bench);
}

/* More of the question, and its words together. */
static void
what_says_more_of_it_comes_first(void)
{
	static const struct planted all[] = {
		{ "priya", "a.example", "Hello",
		  "Archive this. We sell many things for every office, and all "
		  "of our imaging is done by friends. A standby ticket for the "
		  "opera is what I can offer you next week.",
		  1 },
		{ "priya", "b.example", "Hello",
		  "We run a warm standby for the imaging archive.", 1 },
		{ "priya", "c.example", "Hello", "Warm bread and standby.", 1 },
	};
	struct bench bench;
	const struct research_query query = {
		.text = "warm standby for imaging archives"
	};
	g_autoptr(Research) research = NULL;

	bench_open(&bench);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		g_free(plant(&bench, &all[i], i));
	research = ask(&bench, &query);
	g_assert_cmpstr(hit_at(research, 0)->document->vendor, ==, "b.example");
	g_assert_cmpfloat(hit_at(research, 0)->match, >, 0.7);
	bench_close(&bench);
}

static void
joined_domains_are_one_vendor(void)
{
	static const struct planted all[] = {
		{ "priya", "a.example", "Standby one", "A warm standby.", 1 },
		{ "priya", "b.example", "Standby two", "Standby again.", 1 },
	};
	const struct store_move join[] = { { "a.example", "a.example" },
					   { "b.example", "a.example" } };
	struct bench bench;
	struct research_query query = { .text = "standby",
					.vendor = "a.example" };
	g_autoptr(Research) research = NULL;
	g_autoptr(GError) error = NULL;

	bench_open(&bench);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		g_free(plant(&bench, &all[i], i));
	store_vendor_move(bench.store, join, 2, "pam", &error);
	g_assert_no_error(error);
	vendor_book_free(bench.book);
	bench.book = vendor_book_load(bench.store, &error);
	research = ask(&bench, &query);
	g_assert_cmpuint(research->hits->len, ==, 2);
	g_assert_cmpuint(research->vendors->len, ==, 1);
	g_assert_cmpuint(research->facet_vendors->len, ==, 1);
	bench_close(&bench);
}

static void
a_question_without_words_is_refused(void)
{
	g_autofree char *much = g_strnfill(RESEARCH_TEXT_MAX + 1, 'a');
	const char *const texts[] = { "", "?!", "   ", much };
	struct bench bench;

	bench_open(&bench);
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		const struct research_query query = { .text = texts[i] };
		g_autoptr(GError) error = NULL;

		g_test_message("'%.20s'", texts[i]);
		g_assert_null(research_run(bench.store, bench.book, NULL,
					   &query, &error));
		g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
	}
	bench_close(&bench);
}

/* Words that no text has give no answer, and no crash. */
static void
nothing_is_found_of_what_nobody_wrote(void)
{
	struct bench bench;
	const struct research_query query = { .text = "zebra's AND \"(NEAR *" };
	g_autoptr(Research) research = NULL;

	bench_open(&bench);
	research = ask(&bench, &query);
	g_assert_cmpuint(research->hits->len, ==, 0);
	g_assert_cmpuint(research->vendors->len, ==, 0);
	bench_close(&bench);
}

static void
filters_go_and_come_back(void)
{
	static const char text[] = "kind=mail&kind=page&vendor=a%26b.example&"
				   "priority=edr&since=2026-11-01&"
				   "until=2026-12-01";
	struct research_query query = { .text = "x" };
	g_autoptr(GError) error = NULL;
	g_autoptr(ResearchFilters) filters =
		research_filters_parse(text, &error);
	g_autoptr(ResearchFilters) none = NULL;
	g_autofree char *again = NULL;

	g_assert_no_error(error);
	g_assert_cmpstr(filters->vendor, ==, "a&b.example");
	research_filters_apply(filters, &query);
	again = research_filters_format(&query);
	g_assert_cmpstr(again, ==, text);
	none = research_filters_parse("", &error);
	g_assert_no_error(error);
	g_assert_nonnull(none);
}

static void
filters_that_are_none_are_refused(void)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{ "kind=mial", "did you mean 'mail'?" },
		{ "vendr=a.example", "did you mean 'vendor'?" },
		{ "since=2026-13-01", "one is like 2026-11-01" },
		{ "until=soon", "one is like 2026-11-01" },
		{ "since=1066-10-14", "one is like 2026-11-01" },
		{ "kind", "one is like kind=mail" },
		{ "kind=", "one is like kind=mail" },
		{ "vendor=%FF", "one is like kind=mail" },
		{ "vendor=%zz", "one is like kind=mail" },
		{ "kind=mail&&", "one is like kind=mail" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_test_message("%s", cases[i].text);
		g_assert_null(research_filters_parse(cases[i].text, &error));
		g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
		g_assert_nonnull(strstr(error->message, cases[i].says));
	}
}

static void
the_snippet_is_what_answers(void)
{
	static const struct planted mail = {
		"priya", "a.example", "Hello",
		"I hope you are well today, dear Priya, and that all goes as "
		"you wish in this busy time of the year for everybody.\n\n"
		"Our archives stay warm in a second room, which takes over "
		"within a minute when the first one fails for some reason.\n\n"
		"Could we talk on Thursday at ten or on Friday after lunch?",
		1
	};
	struct bench bench;
	const struct research_query query = { .text = "warm archive" };
	g_autoptr(Research) research = NULL;
	const char *snippet;

	bench_open(&bench);
	g_free(plant(&bench, &mail, 1));
	research = ask(&bench, &query);
	snippet = hit_at(research, 0)->snippet;
	g_assert_true(g_str_has_prefix(snippet, "Our archives stay warm"));
	g_assert_null(strchr(snippet, '\n'));
	g_assert_cmpuint(strlen(snippet), <, 300);
	bench_close(&bench);
}

/* Where only the title answers the text begins at its first word, and is cut
 * between characters, which is told. */
static void
a_long_text_is_cut_between_characters(void)
{
	static const char word[] = "\u00e4\u00f6\u00fc\u00df ";
	g_autoptr(GString) text = g_string_new("x");
	struct planted mail = { "priya", "a.example", "Standby", NULL, 1 };
	struct bench bench;
	const struct research_query query = { .text = "standby" };
	g_autoptr(Research) research = NULL;
	const char *snippet;

	while (text->len < 600)
		g_string_append(text, word);
	mail.text = text->str;
	bench_open(&bench);
	g_free(plant(&bench, &mail, 1));
	research = ask(&bench, &query);
	snippet = hit_at(research, 0)->snippet;
	g_assert_true(g_utf8_validate(snippet, -1, NULL));
	g_assert_true(g_str_has_prefix(snippet, "x"));
	g_assert_true(g_str_has_suffix(snippet, "\u2026"));
	bench_close(&bench);
}

/* A page of its own with nothing of the mail as markup. */
static void
nothing_of_mail_is_markup(void)
{
	static const struct planted mail = {
		"priya", "a.example", "</li><script>alert(1)</script>",
		"A standby <img src=x onerror=alert(2)> for you\" & me.", 1
	};
	struct bench bench;
	const struct research_query query = { .text = "standby <b>x</b>" };
	g_autoptr(Research) research = NULL;
	g_autoptr(GString) page = g_string_new(NULL);
	json_t *json;

	bench_open(&bench);
	g_free(plant(&bench, &mail, 1));
	research = ask(&bench, &query);
	research_html(research, page);
	g_assert_null(strstr(page->str, "<script"));
	g_assert_null(strstr(page->str, "<img"));
	g_assert_null(strstr(page->str, "<b>x"));
	g_assert_nonnull(strstr(page->str, "&lt;script&gt;alert(1)"));
	json = research_json(research);
	g_assert_cmpint((int)json_integer_value(json_object_get(json, "found")),
			==, 1);
	json_decref(json);
	bench_close(&bench);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/research/follow-up",
			a_follow_up_stands_with_its_first);
	g_test_add_func("/research/what is shown is counted",
			what_is_shown_is_counted);
	g_test_add_func("/research/near", near_texts_are_shown_once);
	g_test_add_func("/research/access", nobody_finds_anothers_mail);
	g_test_add_func("/research/access-quotes",
			nobody_sees_anothers_quotations);
	g_test_add_func("/research/fresh", what_is_fresh_comes_first);
	g_test_add_func("/research/match", what_says_more_of_it_comes_first);
	g_test_add_func("/research/vendors", joined_domains_are_one_vendor);
	g_test_add_func("/research/no-words",
			a_question_without_words_is_refused);
	g_test_add_func("/research/no-answer",
			nothing_is_found_of_what_nobody_wrote);
	g_test_add_func("/research/filters", filters_go_and_come_back);
	g_test_add_func("/research/filters-refused",
			filters_that_are_none_are_refused);
	g_test_add_func("/research/snippet", the_snippet_is_what_answers);
	g_test_add_func("/research/long text",
			a_long_text_is_cut_between_characters);
	g_test_add_func("/research/markup", nothing_of_mail_is_markup);
	return g_test_run();
}
