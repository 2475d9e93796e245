/* What labels speak for: planted evidence is found, noise is not. */
#include <glib.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "features/terms.h"
#include "model/imprint.h"
#include "profile/group.h"
#include "review/suggest.h"

struct office {
	char *folder;
	struct store *store;
	struct profile *profile;
	guint n; /* messages so far */
	gboolean weighed;
};

static const char profile_text[] =
	"version: 1\n"
	"buyer: {name: Ann Other, addresses: [ann@buyer.example]}\n"
	"priorities:\n"
	"  - id: edr\n"
	"    name: Endpoint detection\n"
	"    keywords: [EDR]  # agreed\n"
	"    weight: 0.8\n"
	"  - {id: soc, name: Fewer alerts, weight: 0.4}\n"
	"not_interested: [penetration testing]\n";

static void
office_setup(struct office *office, gconstpointer data)
{
	g_autoptr(Faults) faults = faults_new();

	(void)data;
	office->folder = kit_quick_folder();
	office->store = kit_open(office->folder);
	office->profile = profile_parse("ann.yaml", profile_text,
					strlen(profile_text), faults);
	g_assert_nonnull(office->profile);
}

static void
office_teardown(struct office *office, gconstpointer data)
{
	(void)data;
	profile_free(office->profile);
	store_close(office->store);
	kit_remove(office->folder);
}

/* One labelled message. */
struct said {
	guint sender; /* 0..: vendorN.example */
	const char *subject;
	const char *priority;
	double relevance;
	enum store_label label;
	const char *body; /* NULL: released, so that it is gone */
	const char *stem; /* in the imprint; NULL: there is none */
};

/* What is kept of a text that is gone. */
static GBytes *
features_of(const char *stem)
{
	g_autoptr(Imprint) imprint = imprint_new();

	imprint->stems = g_new0(struct term, 1);
	imprint->stems->block = TERM_STEM;
	imprint->stems->count = 1;
	imprint->stems->bucket = term_bucket(TERM_STEM, stem, strlen(stem));
	imprint->n_stems = 1;
	return imprint_pack(imprint);
}

static void
say(struct office *office, const struct said *said)
{
	struct store_message *message = kit_message("ann", office->n++);
	g_autoptr(StoreFeedback) feedback = g_new0(struct store_feedback, 1);
	g_autofree char *text =
		g_strdup_printf("Subject: %s\r\n\r\n%s\r\n", said->subject,
				said->body ? said->body : "");
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autofree char *vendor =
		g_strdup_printf("vendor%u.example", said->sender);
	struct store_message *const messages[] = { message };

	kit_set(&message->vendor, vendor);
	kit_set(&message->subject, said->subject);
	kit_set(&message->priority, said->priority);
	message->relevance = said->relevance;
	if (said->stem)
		message->features = features_of(said->stem);
	g_assert_true(store_hold(office->store, messages, 1, bytes, kit_soon(),
				 NULL, NULL));
	if (!said->body)
		g_assert_true(store_delete(office->store, "ann", message->id,
					   "gone", NULL));
	id_new(feedback->id);
	feedback->buyer = g_strdup("ann");
	feedback->message = g_strdup(message->id);
	feedback->label = said->label;
	g_assert_true(store_feedback_add(office->store, feedback, NULL));
	store_message_free(message);
}

static GPtrArray *
find(const struct office *office)
{
	const struct suggest_request request = { .profile = office->profile,
						 .weighed = office->weighed };
	g_autoptr(GError) error = NULL;
	GPtrArray *found = suggest_find(office->store, &request, NULL, &error);

	g_assert_no_error(error);
	for (guint i = 0; i < found->len; i++) {
		const struct suggestion *one = found->pdata[i];
		g_autofree char *words = g_strjoinv(",", one->words);

		g_test_message("%s %s [%s] %s", suggest_kind_name(one->kind),
			       one->priority, words, one->why);
	}
	return found;
}

/* The one of a kind, which is the only one. */
static const struct suggestion *
only(const GPtrArray *found, enum suggest_kind kind)
{
	const struct suggestion *that = NULL;

	for (guint i = 0; i < found->len; i++) {
		const struct suggestion *one = found->pdata[i];

		if (one->kind != kind)
			continue;
		g_assert_null(that);
		that = one;
	}
	g_assert_nonnull(that);
	return that;
}

/* Mail nobody wanted, each of another sender and about another thing. */
static void
say_others(struct office *office, guint n)
{
	static const char *const subjects[] = {
		"Office chairs at half price",
		"Parking for your visitors",
		"Translate everything",
		"A lunch for twelve",
		"Payroll made simple",
		"Fleet cards",
		"Branded umbrellas",
		"Recruiting in Spain",
		"Coffee machines",
		"Carbon reports",
	};

	for (guint i = 0; i < n; i++)
		say(office, &(struct said){ .sender = 100 + i,
					    .subject = subjects[i % 10],
					    .priority = "",
					    .relevance = 0.1,
					    .label = STORE_IRRELEVANT });
}

/* A word that the wanted mail of a priority shares is its keyword. */
static void
test_keyword(struct office *office, gconstpointer data)
{
	static const char *const subjects[] = {
		"Stop ransomware before lunch", "Ransomware recovery, tested",
		"What hospitals do about ransomware"
	};
	g_autoptr(GPtrArray) found = NULL;
	const struct suggestion *one;
	g_autofree char *yaml = NULL;

	(void)data;
	for (guint i = 0; i < 3; i++)
		say(office, &(struct said){ .sender = i,
					    .subject = subjects[i],
					    .priority = "edr",
					    .relevance = 0.6,
					    .label = STORE_RELEVANT });
	say_others(office, 10);
	found = find(office);
	g_assert_cmpuint(found->len, ==, 1);
	one = only(found, SUGGEST_KEYWORD);
	g_assert_cmpstr(one->words[0], ==, "ransomware");
	g_assert_cmpstr(one->priority, ==, "edr");
	g_assert_cmpuint(one->hits, ==, 3);
	g_assert_cmpuint(one->of, ==, 3);
	g_assert_cmpuint(one->misses, ==, 0);
	g_assert_cmpuint(one->others, ==, 10);
	g_assert_cmpuint(one->evidence->len, ==, 3);
	yaml = suggest_yaml(one);
	g_assert_cmpstr(yaml, ==,
			"priorities:\n  - id: edr\n"
			"    keywords: [\"ransomware\"]\n");
}

/* Put in, it is in the profile, and nothing is suggested any more. */
static void
test_revise(struct office *office, gconstpointer data)
{
	g_autoptr(GPtrArray) found = NULL;
	g_autoptr(GPtrArray) again = NULL;
	g_autofree char *text = NULL;
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 3; i++)
		say(office, &(struct said){ .sender = i,
					    .subject = "About ransomware",
					    .priority = "edr",
					    .relevance = 0.6,
					    .label = STORE_RELEVANT });
	say_others(office, 10);
	found = find(office);
	text = suggest_revise(only(found, SUGGEST_KEYWORD), "ann.yaml",
			      profile_text, &error);
	g_assert_no_error(error);
	g_assert_nonnull(strstr(
		text, "    keywords: [EDR, \"ransomware\"]  # agreed\n"));
	profile_free(office->profile);
	office->profile = profile_parse("ann.yaml", text, strlen(text), faults);
	again = find(office);
	g_assert_cmpuint(again->len, ==, 0);
	(void)data;
}

/* Ten letters of one sender are one opinion; so is a word both sides have. */
static void
test_not_enough(struct office *office, gconstpointer data)
{
	g_autoptr(GPtrArray) found = NULL;

	(void)data;
	for (guint i = 0; i < 10; i++)
		say(office, &(struct said){ .sender = 1,
					    .subject = "About ransomware",
					    .priority = "edr",
					    .relevance = 0.6,
					    .label = STORE_RELEVANT });
	for (guint i = 0; i < 8; i++)
		say(office,
		    &(struct said){ .sender = 10 + i,
				    .subject = "Synergy for you",
				    .priority = "",
				    .relevance = 0.6,
				    .label = i % 2 ? STORE_RELEVANT
						   : STORE_IRRELEVANT });
	found = find(office);
	g_assert_cmpuint(found->len, ==, 0);
}

/* However surely it is more frequent: what half of the others have is usual. */
static void
test_usual(struct office *office, gconstpointer data)
{
	g_autoptr(GPtrArray) found = NULL;

	(void)data;
	for (guint i = 0; i < 30; i++)
		say(office,
		    &(struct said){ .sender = i,
				    .subject = "Synergy for you",
				    .priority = "",
				    .relevance = 0.6,
				    .label = i < 20 ? STORE_RELEVANT
						    : STORE_IRRELEVANT });
	say_others(office, 10);
	found = find(office);
	g_assert_cmpuint(found->len, ==, 0);
}

/* What the imprint remembers of the text counts against a word. */
static void
test_imprint(struct office *office, gconstpointer data)
{
	g_autoptr(GPtrArray) found = NULL;

	(void)data;
	for (guint i = 0; i < 3; i++)
		say(office, &(struct said){ .sender = i,
					    .subject = "About ransomware",
					    .priority = "edr",
					    .relevance = 0.6,
					    .label = STORE_RELEVANT });
	for (guint i = 0; i < 10; i++)
		say(office, &(struct said){ .sender = 20 + i,
					    .subject = "Hello",
					    .priority = "",
					    .relevance = 0.1,
					    .label = STORE_IRRELEVANT,
					    .stem = "ransomwar" });
	found = find(office);
	g_assert_cmpuint(found->len, ==, 0);
}

/* And so does the text itself while it is kept. */
static void
test_body(struct office *office, gconstpointer data)
{
	g_autoptr(GPtrArray) found = NULL;

	(void)data;
	for (guint i = 0; i < 3; i++)
		say(office, &(struct said){ .sender = i,
					    .subject = "About ransomware",
					    .priority = "edr",
					    .relevance = 0.6,
					    .label = STORE_RELEVANT });
	for (guint i = 0; i < 10; i++)
		say(office, &(struct said){ .sender = 20 + i,
					    .subject = "Hello",
					    .priority = "",
					    .relevance = 0.1,
					    .label = STORE_IRRELEVANT,
					    .body = "Ransomware is bad." });
	found = find(office);
	g_assert_cmpuint(found->len, ==, 0);
}

/* Wanted mail that no priority is about makes one of its own. */
static void
test_priority(struct office *office, gconstpointer data)
{
	static const char *const subjects[] = {
		"Lineage for your warehouse", "Warehouse lineage in a week",
		"Who owns your lineage? A warehouse tale",
		"The warehouse and its lineage"
	};
	g_autoptr(GPtrArray) found = NULL;
	const struct suggestion *one;
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	for (guint i = 0; i < 4; i++)
		say(office, &(struct said){ .sender = i,
					    .subject = subjects[i],
					    .priority = "soc",
					    .relevance = 0.1,
					    .label = STORE_RELEVANT });
	say_others(office, 10);
	found = find(office);
	g_assert_cmpuint(found->len, ==, 1);
	one = only(found, SUGGEST_PRIORITY);
	g_assert_cmpstr(one->name, ==, "Warehouse lineage");
	g_assert_cmpstr(one->priority, ==, "warehouse-lineage");
	g_assert_cmpuint(g_strv_length(one->words), ==, 2);
	text = suggest_revise(one, "ann.yaml", profile_text, &error);
	g_assert_no_error(error);
	g_assert_nonnull(strstr(text, "  - id: warehouse-lineage\n"));
}

/* A priority whose mail nobody wants weighs less; as long as mail is old. */
static void
test_weight(struct office *office, gconstpointer data)
{
	struct suggest_request request = { .profile = office->profile,
					   .weighed = TRUE };
	g_autoptr(GPtrArray) alone = NULL;
	g_autoptr(GPtrArray) found = NULL;
	g_autoptr(GPtrArray) since = NULL;
	const struct suggestion *one;

	(void)data;
	for (guint i = 0; i < 9; i++) {
		g_autofree char *subject = g_strdup_printf(
			"Note %c%c%c", 'a' + (int)i, 'q', 'z' - (int)i);

		say(office,
		    &(struct said){ .sender = i,
				    .subject = subject,
				    .priority = "edr",
				    .relevance = 0.5,
				    .label = i == 0 ? STORE_RELEVANT
						    : STORE_IRRELEVANT });
	}
	alone = find(office); /* of no group: nothing goes by weights */
	g_assert_cmpuint(alone->len, ==, 0);
	office->weighed = TRUE;
	found = find(office);
	g_assert_cmpuint(found->len, ==, 1);
	one = only(found, SUGGEST_WEIGHT);
	g_assert_true(g_str_has_suffix(
		one->why, "; your groups go by it, your own mail does not"));
	g_assert_cmpstr(one->priority, ==, "edr");
	g_assert_cmpfloat(one->was, ==, 0.8);
	g_assert_cmpfloat(one->weight, ==, 0.4);
	g_assert_cmpuint(one->hits, ==, 8);
	g_assert_cmpuint(one->of, ==, 9);
	request.served_us = clock_now_us() + CLOCK_DAY_US;
	since = suggest_find(office->store, &request, NULL, NULL);
	g_assert_cmpuint(since->len, ==, 0);
}

/* Mail of the lesser priority that is released again and again. */
static void
test_raise(struct office *office, gconstpointer data)
{
	g_autoptr(GPtrArray) found = NULL;
	const struct suggestion *one;

	(void)data;
	for (guint i = 0; i < 6; i++) {
		g_autofree char *subject = g_strdup_printf(
			"Note %c%c%c", 'a' + (int)i, 'q', 'z' - (int)i);

		say(office, &(struct said){ .sender = i,
					    .subject = subject,
					    .priority = "soc",
					    .relevance = 0.4,
					    .label = STORE_RELEVANT });
	}
	office->weighed = TRUE;
	found = find(office);
	one = only(found, SUGGEST_WEIGHT);
	g_assert_cmpstr(one->priority, ==, "soc");
	g_assert_cmpfloat(one->weight, ==, 0.6);
}

/* Only who shares priorities has weights that a group goes by. */
static void
test_weighed(struct office *office, gconstpointer data)
{
	static const char text[] =
		"version: 1\n"
		"group: {name: Endpoints}\n"
		"decision: {what: New agents}\n"
		"members:\n"
		"  - {profile: ann, influence: {now: 0.5}, share: "
		"[priorities]}\n"
		"  - {profile: bob, influence: {now: 0.5}, share: [vendors]}\n";
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) groups =
		g_ptr_array_new_with_free_func((GDestroyNotify)group_free);

	(void)office;
	(void)data;
	g_assert_false(suggest_weighed(NULL, "ann"));
	g_assert_false(suggest_weighed(groups, "ann"));
	g_ptr_array_add(groups, group_parse("endpoints.yaml", text,
					    strlen(text), faults));
	g_assert_nonnull(groups->pdata[0]);
	g_assert_true(suggest_weighed(groups, "ann"));
	g_assert_false(suggest_weighed(groups, "bob"));
	g_assert_false(suggest_weighed(groups, "eve"));
}

static void
test_refusal(struct office *office, gconstpointer data)
{
	g_autoptr(GPtrArray) found = NULL;
	const struct suggestion *one;
	g_autofree char *yaml = NULL;

	(void)data;
	for (guint i = 0; i < 6; i++)
		say(office, &(struct said){ .sender = i,
					    .subject = i % 2 ? "Umbrellas, "
							       "branded"
							     : "Branded "
							       "umbrellas!",
					    .priority = "",
					    .relevance = 0.1,
					    .label = STORE_IRRELEVANT });
	for (guint i = 0; i < 12; i++) {
		g_autofree char *subject = g_strdup_printf(
			"Note %c%c%c", 'a' + (int)i, 'q', 'z' - (int)i);

		say(office,
		    &(struct said){ .sender = 50 + i,
				    .subject = subject,
				    .priority = "",
				    .relevance = 0.1,
				    .label = i % 6 ? STORE_RELEVANT
						   : STORE_IRRELEVANT });
	}
	found = find(office);
	one = only(found, SUGGEST_REFUSAL);
	g_assert_cmpuint(g_strv_length(one->words), ==, 2);
	g_assert_cmpuint(one->hits, ==, 6);
	yaml = suggest_yaml(one);
	g_assert_true(g_str_has_prefix(
		yaml, "not_interested:\n  - {name: \"Umbrellas branded\", "
		      "keywords: ["));
}

/* Subjects of words that have nothing to do with the labels. */
static void
test_noise(struct office *office, gconstpointer data)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(11);
	guint made = 0;

	(void)data;
	for (guint i = 0; i < 60; i++) {
		g_autoptr(GString) subject = g_string_new(NULL);

		for (guint k = 0; k < 6; k++) {
			for (guint l = 0; l < 2; l++) {
				const gint32 at = g_rand_int_range(rand, 0, 12);

				g_string_append_c(subject, "bdfgklmnprtv"[at]);
				g_string_append(subject,
						&"a\0o\0u\0"[at % 3 * 2]);
			}
			g_string_append(subject, "rk ");
		}
		say(office,
		    &(struct said){ .sender = i,
				    .subject = subject->str,
				    .priority = i % 3 ? "edr" : "soc",
				    .relevance = 0.5,
				    .label = g_rand_boolean(rand)
						     ? STORE_RELEVANT
						     : STORE_IRRELEVANT });
	}
	{
		g_autoptr(GPtrArray) found = find(office);

		made = found->len;
	}
	g_assert_cmpuint(made, ==, 0);
}

#define CASE(name, func)                                                       \
	g_test_add("/suggest/" name, struct office, NULL, office_setup, func,  \
		   office_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("a keyword", test_keyword);
	CASE("put in, and not again", test_revise);
	CASE("one sender, or both sides", test_not_enough);
	CASE("usual on both sides", test_usual);
	CASE("the imprint speaks against it", test_imprint);
	CASE("the text speaks against it", test_body);
	CASE("a priority", test_priority);
	CASE("a lower weight", test_weight);
	CASE("a higher weight", test_raise);
	CASE("whose weights a group goes by", test_weighed);
	CASE("not interested", test_refusal);
	CASE("noise", test_noise);
	return g_test_run();
}
