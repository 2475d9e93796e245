/* What is read out of held mail and items, and what is asked of it. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "market/glean.h"
#include "market/vendor.h"
#include "store/jobs.h"
#include "store/signals.h"
#include "store/vendors.h"

#define DAY (G_GINT64_CONSTANT(1800000000) / 86400 * CLOCK_DAY_US)

static char *
borrow(const char *text)
{
	return (char *)(gsize)text;
}

static char *folder;

static struct store *
open_store(void)
{
	folder = kit_quick_folder();
	return kit_open(folder);
}

static void
end_store(struct store *store)
{
	store_close(store);
	kit_remove(folder);
	folder = NULL;
}

static char *
hold(struct store *store, guint n, const char *vendor, const char *subject,
     const char *text)
{
	g_autoptr(StoreMessage) message = kit_message("priya", n);
	g_autofree char *mail = g_strdup_printf(
		"From: Zoe Quist <outbound@%s>\r\n"
		"To: \"Priya Raman\" <priya.raman@buyer.example>\r\n"
		"Subject: %s\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n"
		"\r\nOn Monday Pam wrote:\r\n> an old zeppelin\r\n",
		vendor, subject, text);
	g_autoptr(GBytes) bytes = g_bytes_new(mail, strlen(mail));

	kit_set(&message->vendor, vendor);
	kit_set(&message->rcpt, "<headofit+news@acquirer.example>");
	kit_set(&message->from, "outbound@a.example");
	kit_set(&message->from_name, "Zoe Quist");
	message->time_us = DAY;
	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	return g_strdup(message->id);
}

static struct glean
run(struct store *store)
{
	struct glean gleaned = { 99, 99, 99, 99, 99 };

	KIT_DO(glean_run(store, 0, &gleaned, &error));
	return gleaned;
}

/* Titles of what a question finds. */
static char *
found(struct store *store, const char *question)
{
	g_auto(GStrv) terms = glean_question(question);
	const struct store_search search = {
		.terms = (const char *const *)terms
	};
	g_autoptr(GPtrArray) matches = NULL;
	GString *text = g_string_new(NULL);

	KIT_DO((matches = store_search(store, &search, &error)));
	for (guint i = 0; i < matches->len; i++) {
		const struct store_match *match = matches->pdata[i];

		g_string_append_printf(text, "%s%s", i ? "|" : "",
				       match->document->title);
	}
	return g_string_free(text, FALSE);
}

static void
assert_found(struct store *store, const char *question, const char *wanted)
{
	g_autofree char *got = found(store, question);

	g_test_message("%s", question);
	g_assert_cmpstr(got, ==, wanted);
}

static void
words_are_their_stems(void)
{
	static const struct {
		const char *text;
		const char *terms;
	} cases[] = {
		{ "", "" },
		{ "Backups, restored!", "backup restor" },
		{ "ISO 27001 and SOC2", "iso 27001 and soc2" },
		{ "the 1,200 alerts for you and the team",
		  "the 1 200 alert for you and the team" },
		{ "Wir sichern die Daten f\xc3\xbcr Sie und die Kosten sind "
		  "niedriger",
		  "wir sich die dat fur sie und die kost sind niedrig" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *terms = glean_terms(cases[i].text);

		g_assert_cmpstr(terms, ==, cases[i].terms);
	}
}

static gboolean
asks(const char *question, const char *term)
{
	g_auto(GStrv) terms = glean_question(question);

	return g_strv_contains((const char *const *)terms, term);
}

static void
questions_are_words(void)
{
	g_auto(GStrv) none = glean_question("  ?! ");
	g_auto(GStrv) twice = glean_question("price PRICE prices");
	guint price = 0;

	g_assert_cmpuint(g_strv_length(none), ==, 0);
	for (guint i = 0; twice[i]; i++)
		price += strcmp(twice[i], "price") == 0;
	g_assert_cmpuint(price, ==, 1);
	g_assert_true(asks("who sells backups?", "backup"));
	g_assert_true(asks("who sells backups?", "sell"));
	g_assert_false(asks("what is the price of it", "the"));
	g_assert_false(asks("what is the price of it", "of"));
	/* Unless there is nothing else. */
	g_assert_true(asks("what is it", "what"));
	g_assert_true(asks("ISO 27001", "27001"));
	/* In the stem of another language, too. */
	g_assert_true(asks("Kosten", "kost"));
	g_assert_true(asks("Kosten", "kosten"));
}

static void
a_mail_is_read_once(void)
{
	struct store *store = open_store();
	g_autofree char *id =
		hold(store, 1, "a.example", "Backup prices",
		     "We cut restore time by 40 %. Ask us about it.");
	const struct store_quote_query all = { 0 };
	g_autoptr(GPtrArray) quotes = NULL;
	g_autoptr(StoreDocument) document = NULL;
	struct glean gleaned = run(store);

	g_assert_cmpuint(gleaned.messages, ==, 1);
	g_assert_cmpuint(gleaned.quotes, ==, 1);
	g_assert_cmpuint(gleaned.topics, >, 3);
	g_assert_cmpuint(gleaned.gone, ==, 0);
	gleaned = run(store);
	g_assert_cmpuint(gleaned.messages + gleaned.quotes + gleaned.topics, ==,
			 0);
	KIT_DO((quotes = store_quotes_list(store, &all, &error)));
	g_assert_cmpuint(quotes->len, ==, 1);
	KIT_DO((document = store_document_find(store, id, &error)));
	g_assert_cmpstr(document->title, ==, "Backup prices");
	g_assert_cmpstr(document->title_terms, ==, "backup price");
	g_assert_true(g_str_has_prefix(document->text, "We cut restore"));
	g_assert_cmpstr(document->vendor, ==, "a.example");
	g_assert_cmpstr(document->priority, ==, "edr");
	g_assert_true(document->relevance > 0.1);
	g_assert_cmpuint(document->fingerprint, !=, 0);
	assert_found(store, "who restores?", "Backup prices");
	assert_found(store, "zeppelin", "");
	end_store(store);
}

static void
languages_are_asked_alike(void)
{
	struct store *store = open_store();

	g_free(hold(store, 1, "a.example", "Datensicherung",
		    "Wir sichern die Daten und die Kosten sind niedriger als "
		    "bei anderen, die Sie kennen."));
	g_free(hold(store, 2, "b.example", "Other",
		    "Our cost is the lowest and you are in good company."));
	run(store);
	assert_found(store, "Kosten", "Datensicherung");
	assert_found(store, "niedrige Kosten", "Datensicherung");
	assert_found(store, "costs", "Other");
	end_store(store);
}

static GPtrArray *
trends_of(struct store *store)
{
	const struct store_trend_query query = { 0 };
	GPtrArray *trends = NULL;

	KIT_DO((trends = store_trend_list(store, &query, NULL, &error)));
	return trends;
}

static const struct store_trend *
trend_of(const GPtrArray *trends, const char *label)
{
	for (guint i = 0; i < trends->len; i++) {
		const struct store_trend *trend = trends->pdata[i];

		if (strcmp(trend->label, label) == 0)
			return trend;
	}
	return NULL;
}

#define TELLING                                                                \
	"Hi Priya, our Autonomous SOC does threat hunting for the SaaS you "   \
	"run, with SOC 2 reports. Alerts, costs and hunting threats go down."

static void
topics_are_telling(void)
{
	static const char *const wanted[] = { "threat hunting", "soc 2",
					      "autonomous soc", "saas",
					      "hunting" };
	static const char *const unwanted[] = { "the",		"you run",
						"alerts costs", "2",
						"for the",	"down hi" };
	struct store *store = open_store();
	g_autoptr(GPtrArray) trends = NULL;

	g_free(hold(store, 1, "a.example", "Hunting threats", TELLING));
	run(store);
	trends = trends_of(store);
	g_assert_cmpuint(trends->len, <=, STORE_TOPICS_MAX);
	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
		g_test_message("%s", wanted[i]);
		g_assert_nonnull(trend_of(trends, wanted[i]));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(unwanted); i++) {
		g_test_message("%s", unwanted[i]);
		g_assert_null(trend_of(trends, unwanted[i]));
	}
	/* Written again in another form, it is the same term. */
	g_assert_null(trend_of(trends, "threat"));
	g_assert_nonnull(trend_of(trends, "threats"));
	end_store(store);
}

/* No address, number or name can be read back. */
static void
topics_are_of_nobody(void)
{
	static const char *const private[] = {
		"priya", "raman",    "zoe",	 "quist",
		"buyer", "headofit", "acquirer", "outbound",
		"555",	 "1234567",  "x9k2m4q7", "example"
	};
	struct store *store = open_store();
	g_autoptr(GPtrArray) trends = NULL;

	g_free(hold(store, 1, "a.example", "Priya Raman: ticket x9k2m4q77",
		    "Dear Ms Raman, Priya told me that Buyer wants this. Call "
		    "+1 555 1234567 or CALL 1234567, write to "
		    "zoe.quist@a.example, see https://a.example/x9k2m4q77. "
		    "Zoe Quist, outbound for headofit of Acquirer"));
	run(store);
	trends = trends_of(store);
	g_assert_cmpuint(trends->len, >, 0);
	for (guint i = 0; i < trends->len; i++) {
		const struct store_trend *trend = trends->pdata[i];

		g_test_message("%s (%s)", trend->label, trend->term);
		for (gsize j = 0; j < G_N_ELEMENTS(private); j++)
			g_assert_false(strstr(trend->label, private[j]) ||
				       strstr(trend->term, private[j]));
	}
	end_store(store);
}

/* A long mail has no more topics than are kept, and single words are left. */
static void
topics_have_an_end(void)
{
	struct store *store = open_store();
	g_autoptr(GPtrArray) trends = NULL;
	GString *text = g_string_new(NULL);
	guint single = 0;

	for (guint i = 0; i < 3000; i++)
		g_string_append_printf(text, "q%c%c%cword ", 'a' + i % 26,
				       'a' + i / 26 % 26, 'a' + i / 676);
	g_free(hold(store, 1, "a.example", "Long", text->str));
	g_string_free(text, TRUE);
	run(store);
	trends = trends_of(store);
	g_assert_cmpuint(trends->len, ==, STORE_TOPICS_MAX);
	for (guint i = 0; i < trends->len; i++) {
		const struct store_trend *trend = trends->pdata[i];

		single += strchr(trend->label, ' ') == NULL;
	}
	g_assert_cmpuint(single, >, 10);
	end_store(store);
}

/* Of public mail domains there is a document, and nothing else. */
static void
who_is_no_vendor_has_a_document(void)
{
	struct store *store = open_store();
	struct glean gleaned;

	g_free(hold(store, 1, "", "Backup", "We cut restore time by 40 %."));
	gleaned = run(store);
	g_assert_cmpuint(gleaned.messages, ==, 1);
	g_assert_cmpuint(gleaned.quotes + gleaned.topics, ==, 0);
	assert_found(store, "backup", "Backup");
	end_store(store);
}

static void
add_item(struct store *store, const char *guid, const char *link)
{
	struct store_item item = { .source = borrow("news"),
				   .guid = borrow(guid),
				   .link = borrow(link),
				   .title = borrow(guid),
				   .text = borrow("ransomware again"),
				   .time_us = DAY,
				   .seen_us = DAY };
	struct store_item *items[] = { &item };

	KIT_DO(store_item_add(store, items, 1, NULL, &error));
}

static guint
of_vendor(struct store *store, const char *vendor)
{
	const struct store_search search = { .vendor = vendor };
	g_autoptr(GPtrArray) matches = NULL;

	KIT_DO((matches = store_search(store, &search, &error)));
	return matches->len;
}

static void
items_are_read(void)
{
	struct store *store = open_store();
	struct glean gleaned;

	KIT_DO(store_vendor_write(store, "a.example", STORE_VENDOR_NOTE, "x",
				  "pam", &error));
	add_item(store, "Ours", "https://blog.a.example/post?x=1");
	add_item(store, "Other", "https://news.example/a.example");
	add_item(store, "Nowhere", "");
	gleaned = run(store);
	g_assert_cmpuint(gleaned.items, ==, 3);
	g_assert_cmpuint(run(store).items, ==, 0);
	g_assert_cmpuint(of_vendor(store, "a.example"), ==, 1);
	g_assert_cmpuint(of_vendor(store, ""), ==, 2);
	assert_found(store, "nowhere", "Nowhere");
	end_store(store);
}

static void
a_page_is_a_document(void)
{
	struct store *store = open_store();
	g_autoptr(StoreDocument) page =
		glean_page("a.example", "https://a.example/", "Front",
			   "Restores backups in an hour", DAY);

	g_assert_cmpint(page->kind, ==, STORE_DOCUMENT_PAGE);
	g_assert_true(page->relevance == -1);
	KIT_DO(store_document_set(store, &page, 1, &error));
	assert_found(store, "backup restored", "Front");
	end_store(store);
}

static void
it_stops_in_time(void)
{
	struct store *store = open_store();
	struct glean gleaned;

	g_free(hold(store, 1, "a.example", "One", "text"));
	KIT_DO(glean_run(store, 1, &gleaned, &error));
	g_assert_cmpuint(gleaned.messages, ==, 0);
	g_assert_cmpuint(run(store).messages, ==, 1);
	end_store(store);
}

static void
one_process_at_a_time(void)
{
	struct store *store = open_store();
	char owner[ID_LEN + 1];
	struct glean gleaned;

	id_new(owner);
	KIT_DO(store_job_claim(store, "glean", "run", owner, CLOCK_DAY_US,
			       &error));
	KIT_REFUSE(glean_run(store, 0, &gleaned, &error), STORE_ERROR_CONFLICT);
	end_store(store);
}

static void
a_vendor_update_is_the_same(void)
{
	struct store *store = open_store();
	struct vendor_update gleaned = { 0 };

	g_free(hold(store, 1, "a.example", "One", "We cut costs by 40 %."));
	KIT_DO(vendor_update(store, &gleaned, &error));
	g_assert_cmpuint(gleaned.messages, ==, 1);
	g_assert_cmpuint(gleaned.quotes, ==, 1);
	assert_found(store, "costs", "One");
	end_store(store);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/glean/words are their stems", words_are_their_stems);
	g_test_add_func("/glean/questions are words", questions_are_words);
	g_test_add_func("/glean/a mail is read once", a_mail_is_read_once);
	g_test_add_func("/glean/languages are asked alike",
			languages_are_asked_alike);
	g_test_add_func("/glean/topics are telling", topics_are_telling);
	g_test_add_func("/glean/topics are of nobody", topics_are_of_nobody);
	g_test_add_func("/glean/topics have an end", topics_have_an_end);
	g_test_add_func("/glean/who is no vendor has a document",
			who_is_no_vendor_has_a_document);
	g_test_add_func("/glean/items are read", items_are_read);
	g_test_add_func("/glean/a page is a document", a_page_is_a_document);
	g_test_add_func("/glean/it stops in time", it_stops_in_time);
	g_test_add_func("/glean/one process at a time", one_process_at_a_time);
	g_test_add_func("/glean/a vendor update is the same",
			a_vendor_update_is_the_same);
	return g_test_run();
}
