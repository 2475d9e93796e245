/* The conformance suite: documents, topics and watches. */
#include <sqlite3.h>
#include <string.h>

#include "../../src/store/migration_private.h"
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/search.h"
#include "store/signals.h"

/* The folder of the test that looks into the file. */
static char *place;

#define DAY (G_GINT64_CONSTANT(1800000000) / 86400 * CLOCK_DAY_US)

static char *
borrow(const char *text)
{
	return (char *)(gsize)text;
}

/* A message that is held, of a vendor, received on a day. */
static struct store_message *
held(struct store *store, const char *buyer, guint n, const char *vendor,
     gint64 time_us)
{
	struct store_message *message = kit_message(buyer, n);
	g_autoptr(GBytes) bytes = kit_bytes(300, n);

	kit_set(&message->vendor, vendor);
	message->time_us = time_us;
	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
	return message;
}

static struct store_document
document_of(const char *title, const char *terms)
{
	return (struct store_document){ .title = borrow(title),
					.title_terms = borrow(title),
					.text = borrow(terms),
					.terms = borrow(terms),
					.priority = borrow("edr"),
					.link = borrow(""),
					.relevance = 0.25,
					.fingerprint = G_MAXUINT64 - 5 };
}

static void
glean_topics(struct store *store, const struct store_message *message,
	     const struct store_document *document, const char *terms)
{
	g_auto(GStrv) words = g_strsplit(terms, " ", -1);
	struct store_topic topics[STORE_TOPICS_MAX];
	const struct store_gleaning gleaning = { NULL, document, topics,
						 g_strv_length(words) };

	for (guint i = 0; words[i]; i++)
		topics[i] = (struct store_topic){ words[i], words[i] };
	KIT_DO(store_glean(store, message, &gleaning, &error));
}

static void
glean(struct store *store, const struct store_message *message,
      const char *title, const char *terms)
{
	const struct store_document document = document_of(title, terms);

	glean_topics(store, message, &document, "");
}

/* Titles of what is found, in its order. */
static char *
found(struct store *store, const char *question,
      const struct store_search *filters)
{
	g_auto(GStrv) terms = g_strsplit(question, " ", -1);
	struct store_search search = *filters;
	g_autoptr(GPtrArray) matches = NULL;
	GString *text = g_string_new(NULL);

	search.terms = (const char *const *)terms;
	KIT_DO((matches = store_search(store, &search, &error)));
	for (guint i = 0; i < matches->len; i++) {
		const struct store_match *match = matches->pdata[i];

		g_string_append_printf(text, "%s%s", i ? "|" : "",
				       match->document->title);
	}
	return g_string_free(text, FALSE);
}

#define ASSERT_FOUND(store, question, wanted, ...)                             \
	do {                                                                   \
		const struct store_search filters = { __VA_ARGS__ };           \
		g_autofree char *got = found(store, question, &filters);       \
                                                                               \
		g_assert_cmpstr(got, ==, wanted);                              \
	} while (0)

/* In how many documents a term is, as the index has it. */
static guint
having(struct store *store, const char *term)
{
	guint total = 99, n = 99;

	KIT_DO(store_search_counts(store, &term, 1, &total, &n, &error));
	return n;
}

static guint
total(struct store *store)
{
	guint n = 99;

	KIT_DO(store_search_counts(store, NULL, 0, &n, NULL, &error));
	return n;
}

static void
a_document_is_as_it_was_given(struct store *store)
{
	g_autoptr(StoreMessage) message =
		held(store, "priya", 1, "a.example", DAY + 7);
	g_autoptr(StoreDocument) row = NULL;

	glean(store, message, "siem", "alert \xc3\xa9t\xc3\xa9 volume");
	KIT_DO((row = store_document_find(store, message->id, &error)));
	g_assert_cmpstr(row->id, ==, message->id);
	g_assert_cmpint(row->kind, ==, STORE_DOCUMENT_MAIL);
	g_assert_cmpstr(row->buyer, ==, "priya");
	g_assert_cmpstr(row->vendor, ==, "a.example");
	g_assert_cmpstr(row->priority, ==, "edr");
	g_assert_cmpstr(row->source, ==, "");
	g_assert_cmpstr(row->link, ==, "");
	g_assert_cmpstr(row->title, ==, "siem");
	g_assert_cmpstr(row->text, ==, "alert \xc3\xa9t\xc3\xa9 volume");
	g_assert_cmpstr(row->terms, ==, row->text);
	g_assert_true(row->relevance == 0.25);
	g_assert_true(row->fingerprint == G_MAXUINT64 - 5);
	g_assert_cmpint(row->time_us, ==, DAY + 7);
	KIT_DO(store_verify(store, &error));
}

static void
nobody_has_it(struct store *store)
{
	KIT_REFUSE(store_document_find(store, "01JABCDEFGHJKMNPQRSTVWXYZ0",
				       &error),
		   STORE_ERROR_NOT_FOUND);
	ASSERT_FOUND(store, "siem", "", .limit = 0);
	g_assert_cmpuint(total(store), ==, 0);
}

/* A long text is cut between letters. */
static void
a_long_text_is_cut(struct store *store)
{
	g_autoptr(StoreMessage) message =
		held(store, "priya", 1, "a.example", DAY);
	g_autofree char *a = g_strnfill(STORE_DOCUMENT_TEXT_MAX - 1, 'a');
	g_autofree char *text = g_strconcat(a, "\xc3\xab more", NULL);
	g_autoptr(StoreDocument) row = NULL;

	glean(store, message, "long", text);
	KIT_DO((row = store_document_find(store, message->id, &error)));
	g_assert_cmpstr(row->text, ==, a);
}

/* Three messages: a title, a text, and both words somewhere else. */
static void
plant(struct store *store)
{
	static const struct {
		const char *buyer;
		const char *vendor;
		const char *title;
		const char *terms;
	} mails[] = {
		{ "priya", "a.example", "siem price", "we sell log thing" },
		{ "priya", "b.example", "hello", "our siem take log of all" },
		{ "tom", "b.example", "backup",
		  "tape c++ 42 node.js o'neil 5\"disk" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autoptr(StoreMessage) message =
			held(store, mails[i].buyer, i, mails[i].vendor,
			     DAY + (gint64)i * CLOCK_DAY_US);

		glean(store, message, mails[i].title, mails[i].terms);
	}
}

static void
the_best_comes_first(struct store *store)
{
	plant(store);
	ASSERT_FOUND(store, "siem", "siem price|hello", .limit = 0);
	ASSERT_FOUND(store, "siem tape", "backup|siem price|hello", .limit = 0);
	ASSERT_FOUND(store, "siem", "siem price", .limit = 1);
	ASSERT_FOUND(store, "nothing", "", .limit = 0);
	ASSERT_FOUND(store, "nothing tape", "backup", .limit = 0);
	/* Without a term, the newest. */
	ASSERT_FOUND(store, "", "backup|hello|siem price", .limit = 0);
	{
		const struct store_search all = { .limit = 2 };
		g_autoptr(GPtrArray) matches = NULL;
		const struct store_match *first;

		KIT_DO((matches = store_search(store, &all, &error)));
		g_assert_cmpuint(matches->len, ==, 2);
		first = matches->pdata[0];
		g_assert_cmpstr(first->document->title, ==, "backup");
		g_assert_cmpstr(first->document->text, ==,
				"tape c++ 42 node.js o'neil 5\"disk");
	}
}

static void
what_is_typed_is_no_syntax(struct store *store)
{
	plant(store);
	ASSERT_FOUND(store, "c++", "backup", .limit = 0);
	ASSERT_FOUND(store, "node.js", "backup", .limit = 0);
	ASSERT_FOUND(store, "42", "backup", .limit = 0);
	ASSERT_FOUND(store, "o'neil", "backup", .limit = 0);
	ASSERT_FOUND(store, "5\"disk", "backup", .limit = 0);
	ASSERT_FOUND(store, "sie*", "", .limit = 0);
	ASSERT_FOUND(store, "\"siem", "", .limit = 0);
	ASSERT_FOUND(store, "siem\" OR \"tape", "", .limit = 0);
	ASSERT_FOUND(store, "title_terms:siem", "", .limit = 0);
	ASSERT_FOUND(store, "NEAR(siem", "", .limit = 0);
	ASSERT_FOUND(store, "* - ^ ( ) \" NOT", "", .limit = 0);
}

static void
filters_restrict(struct store *store)
{
	static const char *const tom[] = { "tom", NULL };
	static const char *const both[] = { "tom", "priya", NULL };
	static const char *const none[] = { NULL };

	plant(store);
	ASSERT_FOUND(store, "log tape", "backup", .buyers = tom);
	ASSERT_FOUND(store, "log tape", "backup|siem price|hello",
		     .buyers = both);
	ASSERT_FOUND(store, "log tape", "", .buyers = none);
	ASSERT_FOUND(store, "log tape", "siem price", .vendor = "a.example");
	ASSERT_FOUND(store, "log tape", "backup|siem price|hello",
		     .priority = "edr");
	ASSERT_FOUND(store, "log tape", "", .priority = "siem");
	ASSERT_FOUND(store, "log tape", "", .source = "news");
	ASSERT_FOUND(store, "log tape", "backup|siem price|hello",
		     .kinds = 1 << STORE_DOCUMENT_MAIL);
	ASSERT_FOUND(store, "log tape", "",
		     .kinds = 1 << STORE_DOCUMENT_ITEM |
			      1 << STORE_DOCUMENT_PAGE);
	ASSERT_FOUND(store, "log tape", "backup",
		     .since_us = DAY + 2 * CLOCK_DAY_US);
	ASSERT_FOUND(store, "log tape", "siem price|hello",
		     .until_us = DAY + 2 * CLOCK_DAY_US);
}

/* The same message again: the words of the first reading are gone. */
static void
a_second_reading_replaces_the_first(struct store *store)
{
	g_autoptr(StoreMessage) message =
		held(store, "priya", 1, "a.example", DAY);

	glean(store, message, "one", "first");
	glean(store, message, "two", "second");
	g_assert_cmpuint(total(store), ==, 1);
	g_assert_cmpuint(having(store, "first"), ==, 0);
	g_assert_cmpuint(having(store, "one"), ==, 0);
	ASSERT_FOUND(store, "first second", "two", .limit = 0);
}

static struct store_message *
gleaned(struct store *store)
{
	struct store_message *message =
		held(store, "priya", 1, "a.example", DAY);

	glean(store, message, "siem", "alert");
	g_assert_cmpuint(having(store, "alert"), ==, 1);
	return message;
}

static void
assert_gone(struct store *store, const char *id)
{
	g_assert_cmpuint(having(store, "alert"), ==, 0);
	g_assert_cmpuint(having(store, "siem"), ==, 0);
	g_assert_cmpuint(total(store), ==, 0);
	ASSERT_FOUND(store, "siem", "", .limit = 0);
	KIT_REFUSE(store_document_find(store, id, &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_DO(store_verify(store, &error));
}

static void
a_deleted_mail_takes_its_document(struct store *store)
{
	g_autoptr(StoreMessage) message = gleaned(store);

	KIT_DO(store_delete(store, "priya", message->id, "gone", &error));
	assert_gone(store, message->id);
}

static void
a_released_mail_takes_its_document(struct store *store)
{
	g_autoptr(StoreMessage) message = gleaned(store);

	KIT_DO(store_claim(store, "priya", message->id, "me", CLOCK_DAY_US,
			   &error));
	g_assert_cmpuint(having(store, "alert"), ==, 1);
	KIT_DO(store_settle(store, "priya", message->id, "me", STORE_RELEASED,
			    "out", &error));
	assert_gone(store, message->id);
}

static void
an_expired_mail_takes_its_document(struct store *store)
{
	g_autoptr(StoreMessage) message = gleaned(store);
	guint n;

	KIT_DO(store_expire(store, DAY + 1, 0, &n, &error));
	assert_gone(store, message->id);
}

/* A hold that nobody knew of: the mail was delivered after all. */
static void
a_mail_delivered_after_all_takes_its_document(struct store *store)
{
	g_autoptr(StoreMessage) message = gleaned(store);
	guint n = 1;

	for (guint i = 0; n > 0 && i < 3; i++) {
		store_note(store, message);
		KIT_DO(store_flush(store, kit_soon(), &error));
		n = total(store);
	}
	assert_gone(store, message->id);
}

/* A body is shared: each has a document of its own. */
static void
of_a_shared_body_only_ones_own_goes(struct store *store)
{
	g_autoptr(StoreMessage) priya = kit_message("priya", 1);
	g_autoptr(StoreMessage) tom = kit_message("tom", 1);
	struct store_message *messages[] = { priya, tom };
	g_autoptr(GBytes) bytes = kit_bytes(300, 1);

	KIT_DO(store_hold(store, messages, 2, bytes, kit_soon(), NULL, &error));
	glean(store, priya, "priya's", "alert");
	glean(store, tom, "tom's", "alert");
	KIT_DO(store_delete(store, "priya", priya->id, "gone", &error));
	ASSERT_FOUND(store, "alert", "tom's", .limit = 0);
	KIT_DO(store_delete(store, "tom", tom->id, "gone", &error));
	assert_gone(store, tom->id);
}

/* An id is a buyer's own: another's message may have the same. */
static void
of_the_same_id_only_ones_own_goes(struct store *store)
{
	g_autoptr(StoreMessage) priya = gleaned(store);
	g_autoptr(StoreMessage) tom = kit_message("tom", 2);
	g_autoptr(GBytes) bytes = kit_bytes(300, 2);

	memcpy(tom->id, priya->id, sizeof(tom->id));
	KIT_DO(store_hold(store, &tom, 1, bytes, kit_soon(), NULL, &error));
	glean(store, tom, "tom's", "alert");
	KIT_DO(store_delete(store, "priya", priya->id, "gone", &error));
	ASSERT_FOUND(store, "alert", "tom's", .limit = 0);
}

static void
mail_that_is_not_held_is_refused(struct store *store)
{
	g_autoptr(StoreMessage) message = gleaned(store);
	const struct store_document document = document_of("siem", "alert");
	const struct store_gleaning gleaning = { NULL, &document, NULL, 0 };

	KIT_DO(store_delete(store, "priya", message->id, "gone", &error));
	KIT_REFUSE(store_glean(store, message, &gleaning, &error),
		   STORE_ERROR_NOT_FOUND);
	assert_gone(store, message->id);
}

static void
quotations_come_along(struct store *store)
{
	g_autoptr(StoreMessage) message =
		held(store, "priya", 1, "a.example", DAY);
	struct store_quote quote = { .text = borrow("40 %"),
				     .what = borrow("40 %") };
	g_autoptr(GPtrArray) quotes = g_ptr_array_new();
	const struct store_gleaning gleaning = { quotes, NULL, NULL, 0 };
	const struct store_quote_query all = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GPtrArray) due = NULL;

	g_ptr_array_add(quotes, &quote);
	KIT_DO(store_glean(store, message, &gleaning, &error));
	KIT_DO(store_glean(store, message, &gleaning, &error));
	KIT_DO((rows = store_quotes_list(store, &all, &error)));
	g_assert_cmpuint(rows->len, ==, 1);
	KIT_DO((due = store_quotes_due(store, NULL, 0, &error)));
	g_assert_cmpuint(due->len, ==, 0);
	g_assert_cmpuint(total(store), ==, 0);
}

static void
add_item(struct store *store, const char *guid, char id[ID_LEN + 1])
{
	struct store_item item = { .source = borrow("news"),
				   .guid = borrow(guid),
				   .title = borrow(guid),
				   .time_us = DAY,
				   .seen_us = DAY };
	struct store_item *items[] = { &item };

	KIT_DO(store_item_add(store, items, 1, NULL, &error));
	memcpy(id, item.id, sizeof(item.id));
}

static guint
items_due(struct store *store, guint limit)
{
	g_autoptr(GPtrArray) due = NULL;

	KIT_DO((due = store_items_due(store, limit, &error)));
	return due->len;
}

static void
an_item_takes_its_document(struct store *store)
{
	struct store_document item = document_of("feed", "alert");
	struct store_document lost = document_of("lost", "alert");
	struct store_document *documents[] = { &item, &lost };
	char other[ID_LEN + 1];
	guint n;

	item.kind = lost.kind = STORE_DOCUMENT_ITEM;
	item.source = borrow("news");
	item.time_us = DAY;
	add_item(store, "one", item.id);
	add_item(store, "two", other);
	id_new(lost.id);
	g_assert_cmpuint(items_due(store, 0), ==, 2);
	g_assert_cmpuint(items_due(store, 1), ==, 1);
	KIT_DO(store_document_set(store, documents, 2, &error));
	KIT_DO(store_document_set(store, documents, 2, &error));
	g_assert_cmpuint(items_due(store, 0), ==, 1);
	g_assert_cmpuint(total(store), ==, 1);
	ASSERT_FOUND(store, "alert", "feed", .source = "news");
	/* Mail of nobody, but items are everybody's. */
	{
		static const char *const none[] = { NULL };

		ASSERT_FOUND(store, "alert", "feed", .buyers = none);
	}
	KIT_DO(store_item_expire(store, DAY + 1, &n, &error));
	g_assert_cmpuint(having(store, "alert"), ==, 0);
	g_assert_cmpuint(total(store), ==, 0);
	g_assert_cmpuint(items_due(store, 0), ==, 0);
}

static void
a_page_is_one_of_its_vendor_and_link(struct store *store)
{
	struct store_document page = document_of("front", "siem");
	struct store_document again = document_of("new", "backup");
	struct store_document other = document_of("other", "siem");
	struct store_document *first[] = { &page, &other };
	struct store_document *second[] = { &again };

	page.kind = again.kind = other.kind = STORE_DOCUMENT_PAGE;
	page.vendor = again.vendor = other.vendor = borrow("a.example");
	page.link = again.link = borrow("https://a.example/");
	other.link = borrow("https://a.example/price");
	again.time_us = DAY;
	KIT_DO(store_document_set(store, first, 2, &error));
	KIT_DO(store_document_set(store, second, 1, &error));
	g_assert_cmpstr(again.id, ==, page.id);
	g_assert_cmpuint(total(store), ==, 2);
	ASSERT_FOUND(store, "siem backup front", "new|other",
		     .kinds = 1 << STORE_DOCUMENT_PAGE);
}

static char *
trend_text(const struct store_trend *trend)
{
	GString *text = g_string_new(trend->term);

	for (guint i = 0; i < trend->days->len; i++) {
		const struct store_topic_day *day =
			&g_array_index(trend->days, struct store_topic_day, i);

		g_string_append_printf(text, " %d:%u/%u",
				       (int)day->day -
					       (int)(DAY / CLOCK_DAY_US),
				       day->vendors, day->messages);
	}
	return g_string_free(text, FALSE);
}

static int
compare_strings(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "TERM DAY:VENDORS/MESSAGES ...", by term; and of all mail, at the end. */
static char *
trends_of(struct store *store, const struct store_trend_query *query)
{
	g_autoptr(GPtrArray) trends = NULL;
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) all = NULL;
	struct store_trend whole = { borrow("all"), NULL, NULL };

	KIT_DO((trends = store_trend_list(store, query, &all, &error)));
	for (guint i = 0; i < trends->len; i++)
		g_ptr_array_add(lines, trend_text(trends->pdata[i]));
	g_ptr_array_sort(lines, compare_strings);
	whole.days = all;
	g_ptr_array_add(lines, trend_text(&whole));
	g_ptr_array_add(lines, NULL);
	return g_strjoinv("; ", (char **)lines->pdata);
}

#define ASSERT_TRENDS(store, wanted, ...)                                      \
	do {                                                                   \
		const struct store_trend_query query = { __VA_ARGS__ };        \
		g_autofree char *got = trends_of(store, &query);               \
                                                                               \
		g_assert_cmpstr(got, ==, wanted);                              \
	} while (0)

static void
count(struct store *store, guint n, const char *buyer, const char *vendor,
      guint day, const char *terms)
{
	g_autoptr(StoreMessage) message =
		held(store, buyer, n, vendor, DAY + day * CLOCK_DAY_US + 5);

	glean_topics(store, message, NULL, terms);
	glean_topics(store, message, NULL, terms);
}

static void
count_some(struct store *store)
{
	count(store, 1, "priya", "a.example", 0, "ai soc");
	count(store, 2, "priya", "a.example", 0, "ai ai");
	count(store, 3, "tom", "b.example", 0, "ai");
	count(store, 4, "tom", "b.example", 3, "ai soc");
	count(store, 5, "tom", "", 3, "ai soc");
}

static void
topics_are_counted_once_by_vendor_and_day(struct store *store)
{
	count_some(store);
	ASSERT_TRENDS(store, "ai 0:2/3 3:1/1; soc 0:1/1 3:1/1; all 0:2/3 3:1/1",
		      .buyer = NULL);
	ASSERT_TRENDS(store, "ai 0:1/1 3:1/1; soc 3:1/1; all 0:1/1 3:1/1",
		      .buyer = "tom");
	ASSERT_TRENDS(store, "ai 0:1/1 3:1/1; soc 3:1/1; all 0:1/1 3:1/1",
		      .buyer = "tom", .priority = "edr", .min_vendors = 1);
}

static void
trends_are_restricted(struct store *store)
{
	count_some(store);
	ASSERT_TRENDS(store, "ai 3:1/1; soc 3:1/1; all 3:1/1",
		      .since_us = DAY + CLOCK_DAY_US);
	ASSERT_TRENDS(store, "ai 0:2/3; soc 0:1/1; all 0:2/3",
		      .until_us = DAY + 3 * CLOCK_DAY_US);
	ASSERT_TRENDS(store, "ai 0:2/3; all 0:2/3",
		      .until_us = DAY + 3 * CLOCK_DAY_US, .min_vendors = 2);
	ASSERT_TRENDS(store, "all", .min_vendors = 3, .priority = "none");
	/* In weeks a vendor counts once a week. */
	ASSERT_TRENDS(store,
		      "ai -1:2/3 2:1/1; soc -1:1/1 2:1/1; all -1:2/3 "
		      "2:1/1",
		      .since_us = DAY - CLOCK_DAY_US, .step_days = 3);
	ASSERT_TRENDS(store, "ai 0:2/4; soc 0:2/2; all 0:2/4", .since_us = DAY,
		      .step_days = 7);
}

static void
a_label_is_the_latest(struct store *store)
{
	g_autoptr(StoreMessage) one =
		held(store, "priya", 1, "a.example", DAY + CLOCK_DAY_US);
	g_autoptr(StoreMessage) old = held(store, "priya", 2, "a.example", DAY);
	const struct store_topic topic = { "ai agent", "AI agents" };
	const struct store_topic before = { "ai agent", "ai agent" };
	const struct store_gleaning first = { NULL, NULL, &topic, 1 };
	const struct store_gleaning second = { NULL, NULL, &before, 1 };
	const struct store_trend_query query = { 0 };
	g_autoptr(GPtrArray) trends = NULL;
	const struct store_trend *trend;

	KIT_DO(store_glean(store, one, &first, &error));
	KIT_DO(store_glean(store, old, &second, &error));
	KIT_DO((trends = store_trend_list(store, &query, NULL, &error)));
	g_assert_cmpuint(trends->len, ==, 1);
	trend = trends->pdata[0];
	g_assert_cmpstr(trend->label, ==, "AI agents");
}

static void
who_wrote_of_it(struct store *store)
{
	const struct store_trend_query all = { 0 };
	const struct store_trend_query late = { .since_us =
							DAY + CLOCK_DAY_US };
	g_autoptr(GPtrArray) both = NULL;
	g_autoptr(GPtrArray) one = NULL;
	g_autoptr(GPtrArray) none = NULL;

	count_some(store);
	count(store, 6, "priya", "b.example", 4, "ai");
	KIT_DO((both = store_trend_vendors(store, &all, "ai", &error)));
	g_assert_cmpuint(both->len, ==, 2);
	g_assert_cmpstr(both->pdata[0], ==, "b.example");
	KIT_DO((one = store_trend_vendors(store, &late, "soc", &error)));
	g_assert_cmpuint(one->len, ==, 1);
	KIT_DO((none = store_trend_vendors(store, &all, "x", &error)));
	g_assert_cmpuint(none->len, ==, 0);
}

/* Topics outlive the mail. */
static void
topics_stay(struct store *store)
{
	g_autoptr(StoreMessage) message =
		held(store, "priya", 1, "a.example", DAY);

	glean_topics(store, message, NULL, "ai");
	KIT_DO(store_delete(store, "priya", message->id, "gone", &error));
	ASSERT_TRENDS(store, "ai 0:1/1; all 0:1/1", .buyer = NULL);
}

static guint
watches(struct store *store, const char *buyer)
{
	g_autoptr(GPtrArray) rows = NULL;

	KIT_DO((rows = store_watch_list(store, buyer, &error)));
	return rows->len;
}

static void
questions_are_kept(struct store *store)
{
	struct store_watch one = { .buyer = borrow("priya"),
				   .query = borrow("who does 'soc'?"),
				   .by = borrow("pam") };
	struct store_watch same = one;
	struct store_watch tom = one;
	struct store_watch narrow = one;
	g_autoptr(GPtrArray) rows = NULL;
	const struct store_watch *row;

	tom.buyer = borrow("tom");
	narrow.filters = borrow("kind=mail");
	KIT_DO(store_watch_add(store, &one, &error));
	KIT_DO(store_watch_add(store, &same, &error));
	g_assert_cmpstr(one.id, ==, same.id);
	KIT_DO(store_watch_add(store, &tom, &error));
	KIT_DO(store_watch_add(store, &narrow, &error));
	g_assert_cmpuint(watches(store, NULL), ==, 3);
	g_assert_cmpuint(watches(store, "priya"), ==, 2);
	KIT_DO((rows = store_watch_list(store, "tom", &error)));
	row = rows->pdata[0];
	g_assert_cmpstr(row->id, ==, tom.id);
	g_assert_cmpstr(row->query, ==, "who does 'soc'?");
	g_assert_cmpstr(row->filters, ==, "");
	g_assert_cmpstr(row->by, ==, "pam");
	g_assert_cmpint(row->time_us, ==, tom.time_us);
	KIT_REFUSE(store_watch_remove(store, "tom", one.id, &error),
		   STORE_ERROR_NOT_FOUND);
	g_assert_cmpuint(watches(store, NULL), ==, 3);
}

/* With a lost answer the second time says that it is gone. */
static void
a_question_is_let_go(struct store *store)
{
	struct store_watch one = { .buyer = borrow("priya"),
				   .query = borrow("soc") };
	g_autoptr(GError) failure = NULL;

	KIT_DO(store_watch_add(store, &one, &error));
	if (!store_watch_remove(store, "priya", one.id, &failure) &&
	    kit_injected(&failure))
		store_watch_remove(store, "priya", one.id, &failure);
	if (!g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		g_assert_no_error(failure);
	g_assert_cmpuint(watches(store, "priya"), ==, 0);
}

static void
there_is_an_end_of_questions(void)
{
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i <= STORE_WATCHES_MAX; i++) {
		g_autofree char *query = g_strdup_printf("%u", i);
		struct store_watch watch = { .buyer = borrow("priya"),
					     .query = query };

		g_assert_true(store_watch_add(store, &watch, &error) ==
			      (i < STORE_WATCHES_MAX));
	}
	g_assert_error(error, STORE_ERROR, STORE_ERROR_CONFLICT);
	g_assert_cmpuint(watches(store, "priya"), ==, STORE_WATCHES_MAX);
	store_close(store);
	kit_remove(folder);
}

static void
kinds_have_words(void)
{
	for (int kind = 0; kind < STORE_DOCUMENT_KINDS; kind++)
		g_assert_cmpint(
			store_document_kind_parse(store_document_kind_name(
				(enum store_document_kind)kind)),
			==, kind);
	g_assert_cmpint(store_document_kind_parse("rumour"), ==, -1);
}

/* Steps of the schema as earlier programs had them. */
#define EARLIER 6

static gboolean
fresh_version(void *handle, guint *version, GError **error)
{
	(void)handle;
	(void)error;
	*version = 0;
	return TRUE;
}

static gboolean
run_earlier(void *handle, guint number, const struct migration_step *step,
	    GError **error)
{
	if (number > EARLIER) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY, "enough");
		return FALSE;
	}
	for (guint i = 0; i < MIGRATION_TEXTS && step->sqlite[i]; i++)
		kit_sql(handle, step->sqlite[i]);
	return TRUE;
}

/* A mail that an earlier program has read. */
static const char earlier[] =
	"PRAGMA application_id=1350005620; PRAGMA user_version=6;"
	"INSERT INTO frame (seq, bytes) VALUES (1, x'00');"
	"INSERT INTO content (id, refs, size, frame) VALUES ('c', 1, 1, 1);"
	"INSERT INTO message (time, fingerprint, buyer, id, state, state_time,"
	" attempts, size, outreach, relevance, digest, sender, rcpt, author,"
	" author_name, subject, message_id, queue_id, node, verdict, priority,"
	" model, gate, reasons, vendor, note, content) VALUES "
	"(1800000000000000,"
	" 0, 'priya', '01JABCDEFGHJKMNPQRSTVWXYZ0', 1, 0, 0, 1, 0.5, 0.5, '',"
	" '', '', '', '', '', '', '', '', 'quarantine', 'edr', '', '', '',"
	" 'a.example', '', 'c');"
	"INSERT INTO claim VALUES ('a.example', 'priya',"
	" '01JABCDEFGHJKMNPQRSTVWXYZ0', 0, 5, 1, 'old', 'old', 0, 0, '', '',"
	" '');"
	"INSERT INTO gleaned (buyer, message, time)"
	" VALUES ('priya', '01JABCDEFGHJKMNPQRSTVWXYZ0', 5);";

static void
make_earlier(const char *folder)
{
	sqlite3 *db = kit_database(folder);
	const struct migration_target target = { db, fresh_version,
						 run_earlier };

	g_assert_false(migration_run(&target, NULL));
	kit_sql(db, earlier);
	sqlite3_close(db);
}

/* It is read again, once, and nothing is counted twice. */
static void
what_was_read_before_is_due_again(void)
{
	char *folder = kit_quick_folder();
	struct store *store;
	const struct store_quote_query all = { 0 };
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	g_autoptr(GPtrArray) due = NULL;
	g_autoptr(GPtrArray) kept = NULL;
	g_autoptr(GPtrArray) quotes = NULL;

	make_earlier(folder);
	store = kit_open(folder);
	KIT_DO((due = store_quotes_due(store, NULL, 0, &error)));
	g_assert_cmpuint(due->len, ==, 1);
	KIT_DO((kept = store_quotes_list(store, &all, &error)));
	g_assert_cmpuint(kept->len, ==, 1);
	glean_topics(store, due->pdata[0], NULL, "ai");
	KIT_DO((quotes = store_quotes_list(store, &all, &error)));
	g_assert_cmpuint(quotes->len, ==, 0);
	{
		const struct store_trend_query query = { 0 };
		g_autoptr(GPtrArray) trends = NULL;

		KIT_DO((trends =
				store_trend_list(store, &query, NULL, &error)));
		g_assert_cmpuint(trends->len, ==, 1);
	}
	store_close(store);
	kit_remove(folder);
}

/*
 * A planted store, for measuring: DOCUMENTS=100000 in the environment, words
 * by Zipf's law. Prints how long searches take; fails only on wrong answers.
 */
#define WORDS 20000

static char *
zipf_terms(GRand *rand, guint n)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < n; i++) {
		const double u = g_rand_double(rand);
		const guint rank = (guint)(WORDS * u * u * u * u);

		g_string_append_printf(text, "%sw%u", i ? " " : "", rank);
	}
	return g_string_free(text, FALSE);
}

static void
plant_many(struct store *store, guint n)
{
	GRand *rand = g_rand_new_with_seed(7);

	for (guint first = 0; first < n; first += 500) {
		g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(
			(GDestroyNotify)store_document_free);

		for (guint i = first; i < MIN(n, first + 500); i++) {
			struct store_document *page =
				g_new0(struct store_document, 1);

			page->kind = STORE_DOCUMENT_PAGE;
			page->vendor = g_strdup_printf("v%u.example", i % 500);
			page->link = g_strdup_printf("https://v.example/%u", i);
			page->title = zipf_terms(rand, 6);
			page->title_terms = g_strdup(page->title);
			page->terms = zipf_terms(rand, 150);
			page->text = g_strdup(page->terms);
			page->time_us = DAY + i;
			g_ptr_array_add(own, page);
		}
		KIT_DO(store_document_set(
			store, (struct store_document *const *)own->pdata,
			own->len, &error));
	}
	g_rand_free(rand);
}

static void
measure(struct store *store, const char *question,
	const struct store_search *filters)
{
	gint64 best_us = G_MAXINT64;
	gsize len = 0;

	for (guint i = 0; i < 5; i++) {
		const gint64 start_us = clock_monotonic_us();
		g_autofree char *text = found(store, question, filters);

		best_us = MIN(best_us, clock_monotonic_us() - start_us);
		len = strlen(text);
	}
	g_assert_cmpuint(len, >, 0);
	g_test_message("%-28s %s %6.1f ms", question,
		       filters->vendor ? filters->vendor : "-",
		       (double)best_us / 1000);
}

static void
many_documents_are_searched(void)
{
	static const char *const questions[] = {
		"w19000",	"w5000 w900 w17000",
		"w0",		"w1 w2 w3",
		"w0 w1 w15000", "w40 w50 w60 w70 w80",
		"w10",		"w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w900 w8000"
	};
	const char *wanted = g_getenv("DOCUMENTS");
	const guint n =
		wanted ? (guint)g_ascii_strtoull(wanted, NULL, 10) : 2000;
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);
	const struct store_search all = { 0 };
	const struct store_search one = { .vendor = "v7.example" };
	const char *common[] = { "w0", "w10", "w40", "w900" };
	guint counts[4], sum;

	plant_many(store, n);
	KIT_DO(store_search_counts(store, common, 4, &sum, counts, &error));
	g_assert_cmpuint(sum, ==, n);
	g_test_message("%u documents; w0 in %u, w10 in %u, w40 in %u, w900 in "
		       "%u",
		       sum, counts[0], counts[1], counts[2], counts[3]);
	for (guint i = 0; i < G_N_ELEMENTS(questions); i++)
		measure(store, questions[i], &all);
	measure(store, "w0", &one);
	measure(store, "w0 w1 w2", &one);
	store_close(store);
	kit_remove(folder);
}

/* Bytes that the index takes in the file. */
static gint64
index_size(void)
{
	sqlite3 *db = kit_database(place);
	sqlite3_stmt *query;
	gint64 size;

	g_assert_cmpint(sqlite3_prepare_v2(db,
					   "SELECT sum(length(block))"
					   " FROM document_index_data",
					   -1, &query, NULL),
			==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(query), ==, SQLITE_ROW);
	size = sqlite3_column_int64(query, 0);
	sqlite3_finalize(query);
	sqlite3_close(db);
	return size;
}

/* Not only marked as gone. */
static void
words_leave_the_file(void)
{
	struct store *store;
	GRand *rand = g_rand_new_with_seed(7);
	gint64 before;
	guint n;

	place = kit_quick_folder();
	store = kit_open(place);
	for (guint i = 0; i < 100; i++) {
		g_autofree char *terms = zipf_terms(rand, 150);
		g_autoptr(StoreMessage) message =
			held(store, "priya", i, "a.example", DAY);

		glean(store, message, "title", terms);
	}
	before = index_size();
	KIT_DO(store_expire(store, DAY + 1, 0, &n, &error));
	g_assert_cmpint(index_size(), <, before / 2);
	g_rand_free(rand);
	store_close(store);
	kit_remove(place);
}

/* What only reads in many ways is tried on a store that does not fail. */
static void
run_plain(gconstpointer data)
{
	const kit_run *run = data;
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);

	(*run)(store);
	store_close(store);
	kit_remove(folder);
}

static void
add_plain(const char *name, kit_run run)
{
	g_test_add_data_func_full(name, g_memdup2(&run, sizeof(run)), run_plain,
				  g_free);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("a document is as it was given",
		     a_document_is_as_it_was_given);
	kit_scenario("nobody has it", nobody_has_it);
	kit_scenario("a long text is cut", a_long_text_is_cut);
	kit_scenario("the best comes first", the_best_comes_first);
	add_plain("/store/what is typed is no syntax",
		  what_is_typed_is_no_syntax);
	add_plain("/store/filters restrict", filters_restrict);
	kit_scenario("a second reading replaces the first",
		     a_second_reading_replaces_the_first);
	kit_scenario("a deleted mail takes its document",
		     a_deleted_mail_takes_its_document);
	kit_scenario("a released mail takes its document",
		     a_released_mail_takes_its_document);
	kit_scenario("an expired mail takes its document",
		     an_expired_mail_takes_its_document);
	kit_scenario("a mail delivered after all takes its document",
		     a_mail_delivered_after_all_takes_its_document);
	add_plain("/store/of a shared body only one's own goes",
		  of_a_shared_body_only_ones_own_goes);
	add_plain("/store/of the same id only one's own goes",
		  of_the_same_id_only_ones_own_goes);
	kit_scenario("mail that is not held is refused",
		     mail_that_is_not_held_is_refused);
	kit_scenario("quotations come along", quotations_come_along);
	kit_scenario("an item takes its document", an_item_takes_its_document);
	kit_scenario("a page is one of its vendor and link",
		     a_page_is_one_of_its_vendor_and_link);
	kit_scenario("topics are counted once by vendor and day",
		     topics_are_counted_once_by_vendor_and_day);
	add_plain("/store/trends are restricted", trends_are_restricted);
	kit_scenario("a label is the latest", a_label_is_the_latest);
	kit_scenario("who wrote of it", who_wrote_of_it);
	kit_scenario("topics stay", topics_stay);
	kit_scenario("questions are kept", questions_are_kept);
	kit_scenario("a question is let go", a_question_is_let_go);
	g_test_add_func("/store/there is an end of questions",
			there_is_an_end_of_questions);
	g_test_add_func("/store/kinds of documents have words",
			kinds_have_words);
	g_test_add_func("/store/what was read before is due again",
			what_was_read_before_is_due_again);
	g_test_add_func("/store/words leave the file", words_leave_the_file);
	g_test_add_func("/store/many documents are searched",
			many_documents_are_searched);
	return g_test_run();
}
