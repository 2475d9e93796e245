/* What earlier mail adds to the outreach score, and what it never does. */
#include "screen_stage.h"

#include "../../src/screen/history_private.h"

#define CAMPAIGN "01JD0000000000000000000002"
#define ALONE	 "To: priya@meridian.example\n"
#define TOGETHER                                                               \
	"To: priya@meridian.example\nCc: Omar <omar@meridian.example>\n"

/* The score that history may just bring to 0.80, and one that it may not. */
#define REACHES 0.5955
#define FALLS	0.595

static void
test_logit(void)
{
	static const struct {
		struct history history;
		double logit;
		const char *name;
	} cases[] = {
		{ { 0, 0 }, 0, "history: " },
		{ { 1, 0 }, 0, "history: " },
		{ { 2, 0 }, 0.4, "history: touch 2" },
		{ { 3, 0 }, 1, "history: touch 3" },
		{ { 1, 1 }, 0.25, "history: 1 colleague" },
		{ { 2, 2 }, 0.9, "history: touch 2, 2 colleagues" },
		{ { 2, 9 }, 0.9, "history: touch 2, 9 colleagues" },
		{ { 100, 2000 }, 1, "history: touch 100, 2000 colleagues" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const double logit = history_logit(&cases[i].history);
		g_autofree char *name = history_name(&cases[i].history);

		g_assert_cmpfloat_with_epsilon(logit, cases[i].logit, 1e-9);
		g_assert_cmpstr(name, ==, cases[i].name);
	}
	g_assert_cmpfloat(HISTORY_LOGIT_MAX, ==, 1);
}

/* More of it never says less. */
static void
test_rises(void)
{
	for (guint touch = 0; touch < 6; touch++)
		for (guint n = 0; n < 6; n++) {
			const struct history here = { touch, n };
			const struct history later = { touch + 1, n };
			const struct history wider = { touch, n + 1 };
			const double logit = history_logit(&here);

			g_assert_cmpfloat(logit, >=, 0);
			g_assert_cmpfloat(logit, <=, HISTORY_LOGIT_MAX);
			g_assert_cmpfloat(history_logit(&later), >=, logit);
			g_assert_cmpfloat(history_logit(&wider), >=, logit);
		}
}

static gboolean
says(const struct judgement *judgement, const char *name)
{
	for (guint i = 0; judgement->reasons && i < judgement->reasons->len;
	     i++) {
		const struct reason *reason = judgement->reasons->pdata[i];

		if (g_str_has_prefix(reason->name, name)) {
			g_assert_cmpfloat(reason->weight, ==, 0);
			return TRUE;
		}
	}
	return FALSE;
}

static void
test_verdict(struct stage *stage, gconstpointer data)
{
	static const struct {
		const char *what;
		const char *to;
		double outreach, relevance;
		guint touch, colleagues;
		enum verdict verdict;
		const char *reason; /* "": history says nothing */
	} cases[] = {
		{ "a first mail", ALONE, 0.79, 0.1, 1, 0, VERDICT_TAG, "" },
		{ "a second touch", ALONE, 0.75, 0.1, 2, 0, VERDICT_QUARANTINE,
		  "history: touch 2" },
		{ "a second touch of what reads as business", ALONE, 0.72, 0.1,
		  2, 0, VERDICT_TAG, "history: touch 2" },
		{ "all there is, just enough", ALONE, REACHES, 0.1, 9, 9,
		  VERDICT_QUARANTINE, "history: touch 9, 9 colleagues" },
		{ "all there is, not enough", ALONE, FALLS, 0.1, 9, 9,
		  VERDICT_TAG, "history: touch 9, 9 colleagues" },
		{ "business mail, whatever came before", ALONE, 0.49, 0.1, 9, 9,
		  VERDICT_DELIVER, "" },
		{ "what is relevant is let in all the same", ALONE, 0.75, 0.9,
		  3, 0, VERDICT_DELIVER, "history: touch 3" },
		{ "two colleagues", ALONE, 0.75, 0.1, 1, 2, VERDICT_QUARANTINE,
		  "history: 2 colleagues" },
		{ "colleagues who see each other", TOGETHER, 0.75, 0.1, 1, 2,
		  VERDICT_TAG, "" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
			g_strconcat(FROM, cases[i].to, PITCH, NULL);
		const char *reason = cases[i].reason;
		g_auto(Judgement) judgement = { 0 };

		g_test_message("%s", cases[i].what);
		fake_say(cases[i].outreach, cases[i].relevance);
		stage->world.vault.history = (struct store_history){
			.campaign = CAMPAIGN,
			.touch = cases[i].touch,
			.campaign_buyers = cases[i].colleagues,
		};
		judge(stage, text, SCREEN_FAST, &judgement);
		g_assert_cmpint(judgement.verdict, ==, cases[i].verdict);
		g_assert_cmpint(says(&judgement, *reason ? reason : "history"),
				==, *reason != '\0');
		if (*reason)
			g_assert_cmpfloat(judgement.outreach, >,
					  cases[i].outreach);
		else
			g_assert_cmpfloat_with_epsilon(judgement.outreach,
						       cases[i].outreach, 1e-9);
	}
}

/* Whose word there is of this mail, decides; nobody's count is needed then. */
static void
test_ruled(struct stage *stage, gconstpointer data)
{
	const struct store_ruling wanted = { .scope = STORE_RULING_CAMPAIGN,
					     .word = STORE_RULING_WANTED };
	g_auto(Judgement) ruled = { 0 };
	g_auto(Judgement) unknown = { 0 };

	(void)data;
	fake_say(0.75, 0.1);
	stage->world.vault.history.touch = 5;
	stage->world.vault.ruling = &wanted;
	judge(stage, VOUCHED FROM PITCH, SCREEN_FAST, &ruled);
	g_assert_cmpint(ruled.verdict, ==, VERDICT_DELIVER);
	g_assert_cmpfloat_with_epsilon(ruled.outreach, 0.75, 1e-9);
	g_assert_false(says(&ruled, "history"));
	stage->world.vault.ruling = NULL;
	stage->world.vault.forgetful = TRUE;
	judge(stage, FROM PITCH, SCREEN_FAST, &unknown);
	g_assert_cmpint(unknown.verdict, ==, VERDICT_TAG);
	g_assert_cmpfloat_with_epsilon(unknown.outreach, 0.75, 1e-9);
}

/* Scores of another judge are held against the past in the same way. */
static void
test_recall(struct stage *stage, gconstpointer data)
{
	g_autoptr(Screening) screening = begin(stage, FROM PITCH, 0);
	g_auto(Judgement) low = { .outreach = 0.4,
				  .relevance = -1,
				  .verdict = VERDICT_DELIVER };
	g_auto(Judgement) high = { .outreach = 0.75,
				   .relevance = -1,
				   .verdict = VERDICT_TAG };

	(void)data;
	stage->world.vault.history.touch = 3;
	screening_recall(screening, &stage->world.buyer, &low);
	g_assert_cmpuint(stage->world.vault.asked_history, ==, 0);
	g_assert_cmpfloat(low.outreach, ==, 0.4);
	screening_recall(screening, &stage->world.buyer, &high);
	g_assert_cmpuint(stage->world.vault.asked_history, ==, 1);
	g_assert_cmpfloat_with_epsilon(high.outreach, 0.890768, 1e-5);
	/* Without a relevance nothing is hidden. */
	g_assert_cmpint(high.verdict, ==, VERDICT_TAG);
	g_assert_cmpuint(fake.asked[MODEL_OUTREACH], ==, 0);
}

#define CASE(name, func)                                                       \
	g_test_add("/history/" name, struct stage, NULL, stage_setup, func,    \
		   stage_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/history/log-odds", test_logit);
	g_test_add_func("/history/never less", test_rises);
	CASE("the verdict", test_verdict);
	CASE("a ruling, or a store that fails", test_ruled);
	CASE("another judge's scores", test_recall);
	return g_test_run();
}
