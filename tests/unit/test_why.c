#include <glib.h>
#include <string.h>

#include "review/why.h"

struct sentence {
	const char *says; /* what a person reads when it is wrong */
	const char *gate;
	const char *reasons;
	double outreach;
	double relevance;
	const char *priority;
	const char *want;
};

#define OFFER "{\"name\":\"outreach: offers\",\"value\":0.2,\"weight\":0.3}"
#define TIME  "{\"name\":\"outreach: asks-time\",\"value\":0.2,\"weight\":0.9}"
#define DEALS "{\"name\":\"outreach: dealings\",\"value\":0.2,\"weight\":-0.4}"
#define WORD                                                                   \
	"{\"name\":\"outreach: pair \\\"quick call\\\"\",\"value\":1,"         \
	"\"weight\":2}"

static const struct sentence sentences[] = {
	{ "the heaviest comes first, what speaks against it is left out", "",
	  "[" OFFER "," DEALS "," TIME "," WORD "]", 0.93, 0.1, "edr",
	  "It asks for your time and makes an offer. None of your priorities "
	  "is near it." },
	{ "near a priority, but not near enough", "", "[" OFFER "]", 0.93, 0.41,
	  "edr",
	  "It makes an offer. It comes near \"edr\", but not near enough to "
	  "be sure." },
	{ "from half the threshold on, the closest is told", "", "[" OFFER "]",
	  0.93, 0.28, "edr",
	  "It makes an offer. It comes closest to \"edr\", but not near "
	  "enough." },
	{ "closest of none", "", "[" OFFER "]", 0.93, 0.28, "",
	  "It makes an offer. None of your priorities is near it." },
	{ "under half of it", "", "[" OFFER "]", 0.93, 0.17, "edr",
	  "It makes an offer. None of your priorities is near it." },
	{ "about a priority", "", "[" OFFER "]", 0.93, 0.9, "edr",
	  "It makes an offer. It is about \"edr\"." },
	{ "words alone", "", "[" WORD "]", 0.93, -1, "",
	  "Its wording is that of a sales mail." },
	{ "unsure", "", "[]", 0.6, -1, "", "It may be a sales mail." },
	{ "a gate decided", "contact", "[" OFFER "]", 0.93, 0.9, "edr",
	  "You have written to this sender." },
	{ "a vendor's ruling", "",
	  "[{\"name\":\"ruling: vendor acme.example not-now until "
	  "2027-01-31T00:00:00Z\",\"value\":1,\"weight\":0}," OFFER "]",
	  0.93, 0.1, "",
	  "You did not want to hear of acme.example before 2027-01-31. It "
	  "makes an offer. None of your priorities is near it." },
	{ "a campaign's ruling", "",
	  "[{\"name\":\"ruling: campaign wanted\",\"value\":1,\"weight\":0}]",
	  0.93, -1, "",
	  "You said this campaign is wanted. Its wording is that of a sales "
	  "mail." },
	{ "attention", "",
	  "[{\"name\":\"attention: 3 of 3 today\",\"value\":1,\"weight\":0}]",
	  0.93, 0.9, "edr",
	  "Your attention for such mail was used up (3 of 3 today). Its "
	  "wording is that of a sales mail. It is about \"edr\"." },
	{ "copied words", "",
	  "[{\"name\":\"relevance: copied\",\"value\":1,\"weight\":0}," OFFER
	  "]",
	  0.93, 0.02, "edr",
	  "It makes an offer. It repeats words of your profile one after "
	  "another, as mail made for a filter does; they were not counted. "
	  "None of your priorities is near it." },
	{ "reasons that are no JSON", "", "[{\"name\":", 0.93, 0.9, "edr",
	  "Its wording is that of a sales mail. It is about \"edr\"." },
	{ "reasons of another shape", "", "{\"name\": [1, 2]}", 0.6, -1, "",
	  "It may be a sales mail." },
	{ "nothing was judged", "", "", -1, -1, "", "" },
};

static void
test_sentences(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(sentences); i++) {
		const struct sentence *c = &sentences[i];
		g_autofree char *gate = g_strdup(c->gate);
		g_autofree char *reasons = g_strdup(c->reasons);
		g_autofree char *priority = g_strdup(c->priority);
		struct store_message message = {
			.gate = gate,
			.reasons = reasons,
			.priority = priority,
			.outreach = c->outreach,
			.relevance = c->relevance,
		};
		g_autofree char *got = why_sentence(&message, NULL);

		if (strcmp(got, c->want) != 0)
			g_error("%s: %s", c->says, got);
	}
}

static void
test_list_sums(void)
{
	g_autofree char *reasons =
		g_strdup("[" OFFER "," DEALS ",{\"name\":\"relevance: stems\","
			 "\"value\":2,\"weight\":0.5},{\"value\":2},7,"
			 "{\"name\":\"campaign: touch 2\",\"value\":2,"
			 "\"weight\":0}]");
	struct store_message message = { .reasons = reasons };
	g_autoptr(GPtrArray) list = why_list(&message);
	double sums[3] = { 0 };

	g_assert_cmpuint(list->len, ==, 4);
	for (guint i = 0; i < list->len; i++) {
		const struct why *why = list->pdata[i];

		sums[why->side] += why->weight;
	}
	g_assert_cmpfloat_with_epsilon(sums[WHY_OUTREACH], -0.1, 1e-9);
	g_assert_cmpfloat_with_epsilon(sums[WHY_RELEVANCE], 0.5, 1e-9);
	g_assert_cmpfloat_with_epsilon(sums[WHY_BESIDE], 0, 1e-9);
}

/* For who is not of the group: that another wants it, not what. */
static void
test_hidden_group(void)
{
	struct store_message message = {
		.reasons =
			g_strdup("[" OFFER ",{\"name\":\"group: Endpoints: "
				 "Zebra merger\",\"value\":0.9,\"weight\":0},"
				 "{\"name\":\"campaign: touch 2\","
				 "\"value\":2,\"weight\":0}]"),
		.outreach = 0.9,
		.relevance = 0.1,
	};
	g_autofree char *before = why_sentence(&message, NULL);
	g_autofree char *after = NULL;

	g_assert_nonnull(strstr(before, "Zebra merger"));
	why_hide_group(&message);
	after = why_sentence(&message, NULL);
	g_assert_null(strstr(message.reasons, "Zebra"));
	g_assert_null(strstr(message.reasons, "Endpoints"));
	g_assert_nonnull(strstr(message.reasons, "touch 2"));
	g_assert_nonnull(strstr(after, "Others of your group want it"));
	g_free(message.reasons);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/why/sentences", test_sentences);
	g_test_add_func("/why/list-sums", test_list_sums);
	g_test_add_func("/why/hidden group", test_hidden_group);
	return g_test_run();
}
