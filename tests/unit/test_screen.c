/* The spine: gate, scores, matrix and reasons put together. */
#include "screen_stage.h"

#include "base/clock.h"
#include "base/error.h"
#include "features/outreach.h"
#include "features/relevance.h"
#include "screen/ledger.h"

static void
test_matrix(struct stage *stage, gconstpointer data)
{
	static const struct {
		double outreach, relevance;
		enum verdict verdict;
		gboolean relevant;
	} cases[] = {
		{ 0.2, 0.1, VERDICT_DELIVER, FALSE },
		{ 0.6, 0.1, VERDICT_TAG, FALSE },
		{ 0.6, 0.9, VERDICT_DELIVER, FALSE },
		{ 0.9, 0.1, VERDICT_QUARANTINE, FALSE },
		{ 0.9, 0.5, VERDICT_TAG, FALSE },
		{ 0.9, 0.9, VERDICT_DELIVER, TRUE },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Judgement) judgement = { 0 };

		fake_say(cases[i].outreach, cases[i].relevance);
		judge(stage, FROM PITCH, SCREEN_ALL, &judgement);
		g_assert_cmpint(judgement.gate, ==, GATE_NONE);
		g_assert_cmpint(judgement.verdict, ==, cases[i].verdict);
		g_assert_cmpint(judgement.relevant, ==, cases[i].relevant);
		g_assert_cmpfloat_with_epsilon(judgement.outreach,
					       cases[i].outreach, 1e-9);
		g_assert_cmpfloat_with_epsilon(judgement.relevance,
					       cases[i].relevance, 1e-9);
		g_assert_null(judgement.reasons);
	}
}

/* A gate decides, and SCREEN_ALL computes both scores all the same. */
static void
test_gates(struct stage *stage, gconstpointer data)
{
	static const struct {
		const char *text;
		enum gate gate;
		enum verdict verdict;
		double outreach;
	} cases[] = {
		{ "From: x@blocked.example\n" PITCH, GATE_BLOCKED,
		  VERDICT_QUARANTINE, 0.01 },
		{ "Authentication-Results: mx.meridian.example; "
		  "dkim=pass header.d=crowdshield.example\n"
		  "From: a@crowdshield.example\n" PITCH,
		  GATE_ALLOWED, VERDICT_DELIVER, 0.99 },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Judgement) fast = { 0 };
		g_auto(Judgement) all = { 0 };

		fake_reset();
		fake_say(cases[i].outreach, 0.9);
		judge(stage, cases[i].text, SCREEN_FAST | SCREEN_REASONS,
		      &fast);
		g_assert_cmpint(fast.gate, ==, cases[i].gate);
		g_assert_cmpint(fast.verdict, ==, cases[i].verdict);
		g_assert_cmpfloat(fast.outreach, ==, -1);
		g_assert_cmpfloat(fast.relevance, ==, -1);
		g_assert_null(fast.reasons);
		g_assert_cmpstr(fast.priority, ==, "");
		g_assert_cmpuint(fake.asked[MODEL_OUTREACH], ==, 0);
		judge(stage, cases[i].text, SCREEN_ALL, &all);
		g_assert_cmpint(all.gate, ==, cases[i].gate);
		g_assert_cmpint(all.verdict, ==, cases[i].verdict);
		g_assert_false(all.relevant);
		g_assert_cmpfloat_with_epsilon(all.outreach, cases[i].outreach,
					       1e-9);
		g_assert_cmpfloat_with_epsilon(all.relevance, 0.9, 1e-9);
	}
}

/* What a message says of itself is judged: never held, but not let in. */
static void
test_own_word(struct stage *stage, gconstpointer data)
{
	static const char reply[] = FROM "Auto-Submitted: auto-replied\n" PITCH;
	static const char report[] =
		FROM "Content-Type: multipart/report; "
		     "report-type=delivery-status; boundary=b\n" PITCH;
	static const struct {
		const char *text;
		enum gate gate;
		double outreach;
		double relevance;
		enum verdict verdict;
	} cases[] = {
		{ reply, GATE_AUTO_REPLY, 0.99, 0.01, VERDICT_TAG },
		{ reply, GATE_AUTO_REPLY, 0.6, 0.01, VERDICT_TAG },
		{ reply, GATE_AUTO_REPLY, 0.99, 0.9, VERDICT_DELIVER },
		{ reply, GATE_AUTO_REPLY, 0.1, 0.01, VERDICT_DELIVER },
		{ report, GATE_BOUNCE, 0.99, 0.01, VERDICT_TAG },
		{ report, GATE_BOUNCE, 0.1, 0.01, VERDICT_DELIVER },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Judgement) judgement = { 0 };

		fake_say(cases[i].outreach, cases[i].relevance);
		judge(stage, cases[i].text, SCREEN_FAST, &judgement);
		g_assert_cmpint(judgement.gate, ==, cases[i].gate);
		g_assert_cmpint(judgement.verdict, ==, cases[i].verdict);
		g_assert_false(judgement.relevant);
	}
}

static void
test_ledger_away(struct stage *stage, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	fake_say(0.99, 0.01);
	stage->world.vault.away = TRUE;
	judge(stage, VOUCHED FROM PITCH, SCREEN_ALL, &judgement);
	g_assert_cmpint(judgement.gate, ==, GATE_UNKNOWN);
	g_assert_cmpint(judgement.verdict, ==, VERDICT_DELIVER);
}

static void
test_held(struct stage *stage, gconstpointer data)
{
	(void)data;
	fake_say(0.99, 0.01);
	for (guint i = 0; i < 2; i++) {
		g_auto(Judgement) judgement = { 0 };

		judge(stage, VOUCHED FROM PITCH, SCREEN_FAST, &judgement);
		g_assert_cmpint(judgement.gate, ==, GATE_NONE);
		g_assert_cmpint(judgement.verdict, ==, VERDICT_QUARANTINE);
	}
	g_assert_cmpuint(g_hash_table_size(stage->world.vault.contacts), ==, 0);
}

/* Plain mail is most mail: nobody asks what it is relevant to. */
static void
test_fast(struct stage *stage, gconstpointer data)
{
	g_auto(Judgement) plain = { 0 };
	g_auto(Judgement) unsure = { 0 };

	(void)data;
	fake_say(0.4999, 0.9);
	judge(stage, FROM PITCH, SCREEN_FAST, &plain);
	g_assert_cmpint(plain.verdict, ==, VERDICT_DELIVER);
	g_assert_cmpfloat_with_epsilon(plain.relevance, 0.9, 1e-6);
	g_assert_cmpuint(fake.asked[MODEL_RELEVANCE], ==, 1);
	fake_say(0.5, 0.1);
	judge(stage, FROM PITCH, SCREEN_FAST, &unsure);
	g_assert_cmpint(unsure.verdict, ==, VERDICT_TAG);
	g_assert_cmpuint(fake.asked[MODEL_RELEVANCE], ==, 2);
}

/* What belongs to the message is done once for all its buyers. */
static void
test_once(struct stage *stage, gconstpointer data)
{
	g_autoptr(Screening) screening = begin(stage, FROM PITCH, 0);
	const struct reading *reading = NULL;

	(void)data;
	fake_say(0.9, 0.1);
	for (guint i = 0; i < 3; i++) {
		g_auto(Judgement) judgement = { 0 };

		g_assert_true(screening_judge(screening, &stage->world.buyer,
					      SCREEN_FAST, &judgement, NULL));
		g_assert_cmpint(judgement.verdict, ==, VERDICT_QUARANTINE);
		if (reading)
			g_assert_true(reading == screening_reading(screening));
		reading = screening_reading(screening);
	}
	g_assert_cmpuint(fake.asked[MODEL_OUTREACH], ==, 1);
	g_assert_cmpuint(fake.asked[MODEL_RELEVANCE], ==, 3);
	g_assert_true(reading->mail == screening_mail(screening));
}

static void
test_no_buyer(struct stage *stage, gconstpointer data)
{
	g_autoptr(Screening) screening = begin(stage, FROM PITCH, 0);
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	fake_say(0.99, 0.01);
	g_assert_true(screening_judge(screening, NULL,
				      SCREEN_ALL | SCREEN_REASONS, &judgement,
				      NULL));
	g_assert_cmpint(judgement.gate, ==, GATE_NONE);
	g_assert_cmpfloat_with_epsilon(judgement.outreach, 0.99, 1e-9);
	g_assert_cmpfloat(judgement.relevance, ==, -1);
	g_assert_cmpint(judgement.verdict, ==, VERDICT_TAG);
	g_assert_cmpstr(judgement.priority, ==, "");
	g_assert_cmpuint(fake.asked[MODEL_RELEVANCE], ==, 0);
}

static void
test_broken(struct stage *stage, gconstpointer data)
{
	for (guint kind = 0; kind < 2; kind++) {
		g_autoptr(Screening) screening = begin(stage, FROM PITCH, 0);
		g_autoptr(GError) error = NULL;
		struct judgement judgement = { .odd = 4711 };

		(void)data;
		fake_say(0.9, 0.9);
		fake.decision[kind] = NAN;
		g_assert_false(screening_judge(screening, &stage->world.buyer,
					       SCREEN_ALL | SCREEN_REASONS,
					       &judgement, &error));
		g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
		g_assert_nonnull(
			strstr(error->message, kind ? "fake-rel" : "fake-out"));
		g_assert_cmpuint(judgement.odd, ==, 4711);
		/* The next try may do better. */
		g_clear_error(&error);
		fake_say(0.9, 0.9);
		g_assert_true(screening_judge(screening, &stage->world.buyer,
					      SCREEN_ALL, &judgement, &error));
	}
}

static void
test_deadline(struct stage *stage, gconstpointer data)
{
	g_autoptr(Screening) late = begin(stage, FROM PITCH, 1);
	g_autoptr(Screening) gated =
		begin(stage, "From: x@blocked.example\n" PITCH, 1);
	g_autoptr(Screening) early = begin(
		stage, FROM PITCH, clock_monotonic_us() + 60 * CLOCK_SECOND_US);
	g_autoptr(GError) error = NULL;
	struct judgement judgement = { .odd = 4711 };

	(void)data;
	g_assert_false(screening_judge(late, &stage->world.buyer, SCREEN_FAST,
				       &judgement, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_LIMIT);
	g_assert_cmpuint(judgement.odd, ==, 4711);
	/* What the gate decides needs no time. */
	g_assert_true(screening_judge(gated, &stage->world.buyer, SCREEN_FAST,
				      &judgement, NULL));
	g_assert_cmpint(judgement.verdict, ==, VERDICT_QUARANTINE);
	g_assert_true(screening_judge(early, &stage->world.buyer, SCREEN_FAST,
				      &judgement, NULL));
}

/* The score was there in time, what the store knows was not. */
static void
test_slow_store(struct stage *stage, gconstpointer data)
{
	const gint64 deadline_us = clock_monotonic_us() + CLOCK_SECOND_US;
	g_autoptr(Screening) pitch = begin(stage, FROM PITCH, deadline_us);
	g_autoptr(GError) error = NULL;
	struct judgement judgement = { .odd = 4711 };

	(void)data;
	fake_say(0.9, 0.9);
	stage->world.vault.slow_us = 1100000;
	g_assert_false(screening_judge(pitch, &stage->world.buyer,
				       SCREEN_REASONS | SCREEN_IMPRINT,
				       &judgement, &error));
	g_assert_cmpuint(stage->world.vault.asked_history, ==, 1);
	g_assert_error(error, BASE_ERROR, BASE_ERROR_LIMIT);
	g_assert_cmpuint(judgement.odd, ==, 4711);
}

static double
sum_of(const GPtrArray *reasons, const char *prefix)
{
	double sum = 0;

	for (guint i = 0; i < reasons->len; i++) {
		const struct reason *reason = reasons->pdata[i];

		if (g_str_has_prefix(reason->name, prefix))
			sum += reason->weight;
	}
	return sum;
}

static gboolean
is_rest(const struct reason *reason)
{
	return strstr(reason->name, ": other terms (") ||
	       g_str_has_suffix(reason->name, ": bias");
}

/* Checks order and numbers; gives how many of the prefix have a name. */
static guint
check_named(const GPtrArray *reasons, const char *prefix)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean rest = FALSE;
	double last = INFINITY;
	guint n = 0;

	for (guint i = 0; i < reasons->len; i++) {
		const struct reason *reason = reasons->pdata[i];

		g_test_message("%s = %g: %g", reason->name, reason->value,
			       reason->weight);
		g_assert_true(g_hash_table_add(seen, reason->name));
		g_assert_cmpfloat(reason->weight, !=, 0);
		rest = rest || is_rest(reason);
		g_assert_cmpint(rest, ==, is_rest(reason));
		if (rest)
			continue;
		g_assert_cmpfloat(fabs(reason->weight), <=, last);
		last = fabs(reason->weight);
		if (g_str_has_prefix(reason->name, prefix))
			n++;
	}
	return n;
}

/* How many indices of the pitch's vector weigh at least so much. */
static guint
count_heavy(const struct stage *stage, double least)
{
	const struct model *model = stage->world.snapshot.outreach;
	g_autoptr(Mail) mail = mail_of(FROM PITCH);
	g_autoptr(Reading) reading = reading_new(mail);
	struct vector vector = { NULL, 0, 0 };
	guint n = 0;

	outreach_vector(reading, stage->world.snapshot.signals,
			model_background(model), &vector);
	vector_sort(&vector);
	for (guint i = 0; i < vector.n; i++)
		if (fabs(model_weight(model, vector.items[i].index) *
			 (double)vector.items[i].value) >= least)
			n++;
	vector_clear(&vector);
	return n;
}

static double
lightest_named(const GPtrArray *reasons, const char *prefix)
{
	double least = INFINITY;

	for (guint i = 0; i < reasons->len; i++) {
		const struct reason *reason = reasons->pdata[i];

		if (g_str_has_prefix(reason->name, prefix) && !is_rest(reason))
			least = MIN(least, fabs(reason->weight));
	}
	return least;
}

/* The listed weights of a model add up to its decision value. */
static void
test_reasons(struct stage *stage, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };
	g_autofree char *json = NULL;

	(void)data;
	judge(stage, FROM PITCH, SCREEN_ALL | SCREEN_REASONS, &judgement);
	g_assert_nonnull(judgement.reasons);
	g_assert_cmpuint(check_named(judgement.reasons, "outreach: "), ==, 12);
	g_assert_cmpuint(check_named(judgement.reasons, "relevance: "), >, 0);
	g_assert_cmpuint(check_named(judgement.reasons, "relevance: "), <=, 12);
	g_assert_cmpfloat_with_epsilon(sum_of(judgement.reasons, "outreach: "),
				       logit(judgement.outreach), 1e-6);
	g_assert_cmpfloat_with_epsilon(sum_of(judgement.reasons, "relevance: "),
				       logit(judgement.relevance), 1e-6);
	g_assert_cmpuint(count_heavy(stage, lightest_named(judgement.reasons,
							   "outreach: ")),
			 ==, 12);
	json = reasons_format(judgement.reasons);
	g_assert_nonnull(strstr(json, "outreach: other terms ("));
	g_assert_nonnull(strstr(json, "\"outreach: bias\""));
}

/* What each of two buyers would have been told with the judgement. */
static void
test_reasons_afterwards(struct stage *stage, gconstpointer data)
{
	const struct buyer *buyers[] = { &stage->world.buyer, NULL };
	g_autoptr(Screening) screening = begin(stage, FROM PITCH, 0);
	struct judgement later[2] = { { 0 }, { 0 } };

	(void)data;
	for (guint i = 0; i < 2; i++)
		g_assert_true(screening_judge(screening, buyers[i], SCREEN_FAST,
					      &later[i], NULL));
	for (guint i = 0; i < 2; i++) {
		g_auto(Judgement) atonce = { 0 };
		g_autoptr(Screening) other = begin(stage, FROM PITCH, 0);
		g_autofree char *wanted = NULL;
		g_autofree char *given = NULL;

		g_assert_null(later[i].reasons);
		screening_explain(screening, buyers[i], &later[i]);
		g_assert_true(screening_judge(other, buyers[i], SCREEN_REASONS,
					      &atonce, NULL));
		wanted = reasons_format(atonce.reasons);
		given = reasons_format(later[i].reasons);
		g_assert_cmpstr(given, ==, wanted);
		judgement_clear(&later[i]);
	}
}

/* Where no model was asked there is nothing to add. */
static void
test_no_reasons_afterwards(struct stage *stage, gconstpointer data)
{
	g_autoptr(Screening) screening = NULL;
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	stage->envelope.authenticated = TRUE;
	screening = begin(stage, FROM PITCH, 0);
	g_assert_true(screening_judge(screening, &stage->world.buyer,
				      SCREEN_FAST, &judgement, NULL));
	screening_explain(screening, &stage->world.buyer, &judgement);
	g_assert_null(judgement.reasons);
}

static void
test_reasons_of_both(struct stage *stage, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	fake_say(0.1, 0.9);
	judge(stage, FROM PITCH, SCREEN_FAST | SCREEN_REASONS, &judgement);
	g_assert_nonnull(judgement.reasons);
	g_assert_cmpfloat_with_epsilon(sum_of(judgement.reasons, "outreach: "),
				       logit(0.1), 1e-6);
	g_assert_cmpfloat_with_epsilon(sum_of(judgement.reasons, "relevance: "),
				       logit(0.9), 1e-6);
}

static void
test_priority(struct stage *stage, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	judge(stage, FROM PITCH, SCREEN_ALL, &judgement);
	g_assert_cmpstr(judgement.priority, ==, "edr");
}

static void
test_any_bytes(struct stage *stage, gconstpointer data)
{
	static const char *const texts[] = { "",	  "\n",
					     "junk",	  "\xff\xfe: \x01",
					     "From:\n\n", "From: <>\n\n>" };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_auto(Judgement) judgement = { 0 };

		judge(stage, texts[i], SCREEN_ALL | SCREEN_REASONS, &judgement);
		g_assert_cmpfloat(judgement.outreach, >=, 0);
		g_assert_cmpfloat(judgement.relevance, >=, 0);
	}
}

static void
test_odd(struct stage *stage, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };
	g_auto(Judgement) gated = { 0 };

	(void)data;
	judge(stage, FROM FROM PITCH, SCREEN_FAST, &judgement);
	g_assert_cmpuint(judgement.odd & MAIL_ODD_TWO_FROM, !=, 0);
	stage->envelope.authenticated = TRUE;
	judge(stage, "From: x@blocked.example\n" FROM PITCH, SCREEN_FAST,
	      &gated);
	g_assert_cmpint(gated.gate, ==, GATE_AUTHENTICATED);
	g_assert_cmpint(gated.verdict, ==, VERDICT_DELIVER);
	g_assert_cmpuint(gated.odd, ==, 0);
}

#define CASE(name, func)                                                       \
	g_test_add("/screen/" name, struct stage, NULL, stage_setup, func,     \
		   stage_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("the matrix decides", test_matrix);
	CASE("a gate decides before the scores", test_gates);
	CASE("what mail says of itself is tagged at most", test_own_word);
	CASE("the ledger is away: deliver", test_ledger_away);
	CASE("held mail makes no relationship", test_held);
	CASE("fast leaves relevance out", test_fast);
	CASE("one reading for all buyers", test_once);
	CASE("no buyer", test_no_buyer);
	CASE("a model without a number", test_broken);
	CASE("the deadline", test_deadline);
	CASE("a store that takes all the time", test_slow_store);
	CASE("reasons add up", test_reasons);
	CASE("reasons of one model", test_reasons_of_both);
	CASE("reasons afterwards", test_reasons_afterwards);
	CASE("no reasons afterwards", test_no_reasons_afterwards);
	CASE("the nearest priority", test_priority);
	CASE("any bytes are a message", test_any_bytes);
	CASE("what was odd, when it was read", test_odd);
	return g_test_run();
}
