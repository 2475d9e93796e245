/* What a judgement makes of campaigns, rulings and the buyer's attention. */
#include "screen_stage.h"

#include "../../src/screen/traits_private.h"
#include "base/id.h"

#define OWN   "01JD0000000000000000000001"
#define OTHER "01JD0000000000000000000002"

#define WANTED	STORE_RULING_WANTED
#define NEVER	STORE_RULING_NEVER
#define NOT_NOW STORE_RULING_NOT_NOW
#define VENDOR	STORE_RULING_VENDOR
#define SERIES	STORE_RULING_CAMPAIGN

static struct store_ruling
ruling_of(enum store_ruling_scope scope, enum store_ruling_word word)
{
	static char vendor[] = "vendor.example";
	static char campaign[] = OTHER;

	return (struct store_ruling){
		.scope = scope,
		.word = word,
		.subject = scope == VENDOR ? vendor : campaign,
		.until_us = word == NOT_NOW
				    ? G_GINT64_CONSTANT(32472144000000000)
				    : 0,
	};
}

static const char *
first_reason(const struct judgement *judgement)
{
	const struct reason *reason;

	if (!judgement->reasons || judgement->reasons->len == 0)
		return "";
	reason = judgement->reasons->pdata[0];
	g_assert_cmpfloat(reason->weight, ==, 0);
	return reason->name;
}

static void
test_ruling(struct stage *stage, gconstpointer data)
{
	static const struct {
		const char *what;
		const char *head;
		double outreach, relevance;
		enum store_ruling_scope scope;
		enum store_ruling_word word;
		enum verdict verdict;
		gboolean relevant;
		const char *reason;
	} cases[] = {
		{ "wanted, sure", VOUCHED FROM, 0.9, 0.1, SERIES, WANTED,
		  VERDICT_DELIVER, TRUE, "ruling: campaign wanted" },
		{ "wanted, unsure", VOUCHED FROM, 0.6, 0.1, SERIES, WANTED,
		  VERDICT_DELIVER, FALSE, "ruling: campaign wanted" },
		{ "wanted, nobody vouches", FROM, 0.9, 0.1, SERIES, WANTED,
		  VERDICT_TAG, FALSE, "ruling: campaign wanted" },
		{ "wanted and relevant, nobody vouches", FROM, 0.9, 0.9, SERIES,
		  WANTED, VERDICT_DELIVER, TRUE, "ruling: campaign wanted" },
		{ "never, and relevant", FROM, 0.9, 0.9, SERIES, NEVER,
		  VERDICT_QUARANTINE, FALSE, "ruling: campaign never" },
		{ "never, unsure", FROM, 0.6, 0.9, VENDOR, NEVER,
		  VERDICT_QUARANTINE, FALSE,
		  "ruling: vendor vendor.example never" },
		{ "not now", FROM, 0.9, 0.9, VENDOR, NOT_NOW,
		  VERDICT_QUARANTINE, FALSE,
		  "ruling: vendor vendor.example not-now until "
		  "2999-01-01T00:00:00Z" },
		{ "business mail", FROM, 0.4, 0.1, VENDOR, NEVER,
		  VERDICT_DELIVER, FALSE, "" },
		{ "a wanted vendor, forged", FROM, 0.9, 0.1, VENDOR, WANTED,
		  VERDICT_QUARANTINE, FALSE, "" },
		{ "a wanted vendor, vouched for", VOUCHED FROM, 0.9, 0.1,
		  VENDOR, WANTED, VERDICT_DELIVER, TRUE,
		  "ruling: vendor vendor.example wanted" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct store_ruling ruling =
			ruling_of(cases[i].scope, cases[i].word);
		g_autofree char *text = g_strconcat(cases[i].head, PITCH, NULL);
		g_auto(Judgement) judgement = { 0 };

		g_test_message("%s", cases[i].what);
		stage->world.vault.ruling = &ruling;
		fake_say(cases[i].outreach, cases[i].relevance);
		judge(stage, text, SCREEN_FAST, &judgement);
		g_assert_cmpint(judgement.gate, ==, GATE_NONE);
		g_assert_cmpint(judgement.verdict, ==, cases[i].verdict);
		g_assert_cmpint(judgement.relevant, ==, cases[i].relevant);
		g_assert_cmpfloat(judgement.relevance, >=, 0);
		g_assert_cmpstr(first_reason(&judgement), ==, cases[i].reason);
	}
}

/* Ordinary mail and mail behind a gate ask nothing. */
static void
test_asked(struct stage *stage, gconstpointer data)
{
	g_auto(Judgement) plain = { 0 };
	g_auto(Judgement) gated = { 0 };
	g_auto(Judgement) unsure = { 0 };

	(void)data;
	fake_say(0.49, 0.9);
	judge(stage, FROM PITCH, SCREEN_ALL, &plain);
	fake_say(0.99, 0.9);
	judge(stage, "From: x@blocked.example\n" PITCH, SCREEN_ALL, &gated);
	g_assert_cmpuint(stage->world.vault.asked_history, ==, 0);
	g_assert_cmpuint(plain.touch, ==, 0);
	g_assert_cmpstr(plain.campaign, ==, "");
	fake_say(0.51, 0.9);
	judge(stage, FROM PITCH, SCREEN_ALL, &unsure);
	g_assert_cmpuint(stage->world.vault.asked_history, ==, 1);
	g_assert_cmpuint(stage->world.vault.asked_ruling, ==, 1);
	g_assert_cmpuint(stage->world.vault.subject_key, !=, 0);
	g_assert_cmpuint(unsure.touch, ==, 1);
}

/* A second look, for reasons, is no second question. */
static void
test_campaign(struct stage *stage, gconstpointer data)
{
	g_autoptr(Screening) screening = begin(stage, FROM PITCH, 0);
	struct vault *vault = &stage->world.vault;

	(void)data;
	fake_say(0.9, 0.9);
	g_strlcpy(vault->history.campaign, OTHER, ID_LEN + 1);
	vault->history.touch = 3;
	screening_set_id(screening, OWN);
	for (guint i = 0; i < 2; i++) {
		g_auto(Judgement) judgement = { 0 };

		g_assert_true(
			screening_judge(screening, &stage->world.buyer,
					i == 0 ? SCREEN_FAST : SCREEN_REASONS,
					&judgement, NULL));
		g_assert_cmpstr(judgement.campaign, ==, OTHER);
		g_assert_cmpuint(judgement.touch, ==, 3);
		g_assert_cmpstr(first_reason(&judgement), ==,
				"campaign: touch 3");
		/* With what history adds. */
		g_assert_cmpuint(judgement.reasons->len > 2, ==, i == 1);
	}
	g_assert_cmpuint(vault->asked_history, ==, 1);
	g_assert_cmpstr(vault->campaign, ==, OTHER);
}

/* All buyers of a mail that begins one are in the same, known first or last. */
static void
test_begun(struct stage *stage, gconstpointer data)
{
	g_autoptr(Screening) screening = begin(stage, FROM PITCH, 0);
	struct buyer omar = stage->world.buyer;
	struct buyer lee = stage->world.buyer;
	g_auto(Judgement) one = { 0 };
	g_auto(Judgement) two = { 0 };
	g_auto(Judgement) three = { 0 };
	struct vault *vault = &stage->world.vault;

	(void)data;
	fake_say(0.9, 0.9);
	vault->history.touch = 1;
	screening_set_id(screening, OWN);
	g_assert_true(
		screening_judge(screening, &stage->world.buyer, 0, &one, NULL));
	g_assert_true(screening_judge(screening, &omar, 0, &two, NULL));
	g_assert_cmpstr(one.campaign, ==, OWN);
	g_assert_cmpstr(two.campaign, ==, OWN);
	g_assert_cmpuint(two.touch, ==, 1);
	g_assert_cmpstr(first_reason(&two), ==, "");
	g_assert_cmpstr(vault->campaign, ==, "");
	g_strlcpy(vault->history.campaign, OTHER, ID_LEN + 1);
	g_assert_true(screening_judge(screening, &lee, 0, &three, NULL));
	g_assert_cmpstr(three.campaign, ==, OTHER);
}

static void
test_store_fails(struct stage *stage, gconstpointer data)
{
	const struct store_ruling ruling = ruling_of(VENDOR, NEVER);
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	stage->world.vault.forgetful = TRUE;
	stage->world.vault.ruling = &ruling;
	fake_say(0.9, 0.9);
	judge(stage, FROM PITCH, SCREEN_FAST, &judgement);
	g_assert_cmpint(judgement.verdict, ==, VERDICT_DELIVER);
	g_assert_cmpuint(judgement.touch, ==, 0);
	g_assert_cmpstr(judgement.campaign, ==, "");
	/* A store that fails is not asked a second time. */
	g_assert_cmpuint(stage->world.vault.asked_ruling, ==, 0);
}

static void
judge_spending(struct stage *stage, struct spending *spending, guint64 digest,
	       struct judgement *judgement)
{
	g_autoptr(Screening) screening = begin(stage, FROM PITCH, 0);

	screening_set_spending(screening, spending, digest);
	g_assert_true(screening_judge(screening, &stage->world.buyer, 0,
				      judgement, NULL));
}

static void
test_attention(struct stage *stage, gconstpointer data)
{
	g_autoptr(Spending) spending = spending_new(NULL);
	const struct store_ruling wanted = ruling_of(SERIES, WANTED);
	const struct {
		const char *what;
		double outreach, relevance;
		guint64 digest; /* 0: it may not spend */
		const struct store_ruling *ruling;
		enum verdict verdict;
		const char *reason;
	} cases[] = {
		{ "score asks, and spends nothing", 0.9, 0.9, 0, NULL,
		  VERDICT_DELIVER, "" },
		{ "unsure mail is not asked about", 0.6, 0.9, 1, NULL,
		  VERDICT_DELIVER, "" },
		{ "nor is what is held anyway", 0.9, 0.1, 2, NULL,
		  VERDICT_QUARANTINE, "" },
		{ "nor what is wanted", 0.9, 0.9, 3, &wanted, VERDICT_DELIVER,
		  "ruling: campaign wanted" },
		{ "the first", 0.9, 0.9, 4, NULL, VERDICT_DELIVER, "" },
		{ "the first, sent again", 0.9, 0.9, 4, NULL, VERDICT_DELIVER,
		  "" },
		{ "the second", 0.9, 0.9, 5, NULL, VERDICT_DELIVER, "" },
		{ "the third", 0.9, 0.9, 6, NULL, VERDICT_QUARANTINE,
		  "attention: 2 of 2 today" },
		{ "the third, sent again", 0.9, 0.9, 6, NULL,
		  VERDICT_QUARANTINE, "attention: 2 of 2 today" },
		{ "a wanted one after it", 0.9, 0.9, 7, &wanted,
		  VERDICT_DELIVER, "ruling: campaign wanted" },
	};

	(void)data;
	stage->world.buyer.profile->per_day = 2;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Judgement) judgement = { 0 };

		g_test_message("%s", cases[i].what);
		stage->world.vault.ruling = cases[i].ruling;
		fake_say(cases[i].outreach, cases[i].relevance);
		judge_spending(stage, cases[i].digest ? spending : NULL,
			       cases[i].digest, &judgement);
		g_assert_cmpint(judgement.verdict, ==, cases[i].verdict);
		g_assert_cmpstr(first_reason(&judgement), ==, cases[i].reason);
		if (judgement.verdict == VERDICT_QUARANTINE)
			g_assert_false(judgement.relevant);
	}
}

/* The key of a mail with this subject. */
static guint64
key_of(const char *subject)
{
	g_autofree char *text = g_strdup_printf("Subject: %s\n\nx\n", subject);
	g_autoptr(Mail) mail = mail_of(text);
	g_autoptr(Reading) reading = reading_new(mail);

	return subject_key(reading);
}

static void
test_subject_key(void)
{
	static const char *const none[] = {
		"",
		"Quick question",
		"Re: Quick question for you",
		"Following up on my last email",
		"FW: Just checking in",
		"Hello 12 34 56",
		"Kurze Frage an Sie",
	};
	const guint64 key = key_of("Replace your antivirus by 2027");

	for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
		g_assert_cmpuint(key_of(none[i]), ==, 0);
	g_assert_cmpuint(key, !=, 0);
	g_assert_cmpuint(key_of("Re: replace your antivirus by 2028"), ==, key);
	g_assert_cmpuint(key_of("Fwd: AW: Replace  your antivirus, by"), ==,
			 key);
	g_assert_cmpuint(key_of("Replace your antivirus now"), !=, key);
}

/* What the store is asked with, and keeps. */
static void
test_likeness(struct stage *stage, gconstpointer data)
{
	static const struct {
		const char *from;
		const char *vendor;
	} cases[] = {
		{ "Ann <ann@mail.Vendor.co.uk>", "vendor.co.uk" },
		{ "Ann <ann@gmail.com>", "" },
		{ "nobody", "" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf(
			"From: %s\nMessage-ID: <1@a>\nReferences: <2@a>\n"
			" <3@\n a>\nIn-Reply-To: x <4@a> y\n" PITCH,
			cases[i].from);
		g_autoptr(Screening) screening = begin(stage, text, 0);
		const struct store_likeness *likeness =
			screening_likeness(screening);
		const char *const *ids;
		g_auto(Judgement) judgement = { 0 };

		/* Ordinary mail is not looked at that closely. */
		g_assert_null(likeness->references);
		g_assert_cmpuint(likeness->subject_key, ==, 0);
		fake_say(0.9, 0.9);
		g_assert_true(screening_judge(screening, &stage->world.buyer, 0,
					      &judgement, NULL));
		ids = likeness->references;
		g_assert_cmpuint(likeness->subject_key, !=, 0);
		g_assert_cmpstr(likeness->vendor, ==, cases[i].vendor);
		g_assert_cmpstr(likeness->message_id, ==, "<1@a>");
		g_assert_cmpstr(ids[0], ==, "<2@a>");
		g_assert_cmpstr(ids[1], ==, "<3@a>");
		g_assert_cmpstr(ids[2], ==, "<4@a>");
		g_assert_null(ids[3]);
		g_assert_cmpuint(likeness->fingerprint, !=, 0);
		g_assert_null(likeness->buyer);
	}
}

#define CASE(name, func)                                                       \
	g_test_add("/past/" name, struct stage, NULL, stage_setup, func,       \
		   stage_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("a ruling decides", test_ruling);
	CASE("asked of outreach only", test_asked);
	CASE("asked once a buyer", test_campaign);
	CASE("a campaign begins", test_begun);
	CASE("the store fails", test_store_fails);
	CASE("attention", test_attention);
	g_test_add_func("/past/subject key", test_subject_key);
	CASE("likeness", test_likeness);
	return g_test_run();
}
