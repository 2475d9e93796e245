#include "base/error.h"
#include "eom_world.h"
#include "model/model.h"

static void
test_deliver(struct world *world, gconstpointer data)
{
	(void)data;
	receive(world, "<priya@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "add X-Pitchward: verdict=deliver; outreach=0.10; "
			   "relevance=0.20; id=ID\n");
	g_assert_cmpuint(world->vault.noted, ==, 1);
}

static void
test_leading_space(struct world *world, gconstpointer data)
{
	(void)data;
	world->session->intake.leadspc = FALSE;
	says(world, 0, VERDICT_TAG);
	receive(world, "<priya@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "add X-Pitchward:verdict=tag; outreach=0.93; "
			   "relevance=0.41; id=ID\n");
}

static void
test_copy_before_removal(struct world *world, gconstpointer data)
{
	(void)data;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example> <omar@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "keep <priya@buyer.example>\n"
			   "remove <priya@buyer.example>\n"
			   "add X-Pitchward: verdict=deliver; outreach=0.10; "
			   "relevance=0.20; id=ID\n");
	g_assert_cmpuint(world->vault.noted, ==, 1);
}

static void
test_every_spelling(struct world *world, gconstpointer data)
{
	(void)data;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<PRIYA@buyer.example> <bob@buyer.example> "
		       "<priya@buyer.example> <PRIYA@buyer.example> "
		       "priya@buyer.example");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "keep <PRIYA@buyer.example>\n"
			   "remove <PRIYA@buyer.example>\n"
			   "remove <priya@buyer.example>\n"
			   "remove priya@buyer.example\n");
}

static void
test_two_addresses_of_one_buyer(struct world *world, gconstpointer data)
{
	(void)data;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example> <ciso@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_DISCARD);
	assert_told(world, "keep <priya@buyer.example>\n"
			   "keep <ciso@buyer.example>\n");
}

static void
test_store_fails(struct world *world, gconstpointer data)
{
	g_autofree char *log = NULL;

	(void)data;
	world->vault.fails = TRUE;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example>");
	log = finish_logged(world);
	g_assert_nonnull(strstr(log, " fate=delivered error=store\n"));
	assert_told(world, "add X-Pitchward: verdict=quarantine; "
			   "outreach=0.93; relevance=0.41; id=ID\n"
			   "add X-Pitchward-Error: store\n");
	/* The row may be committed yet: the note must be known for its own. */
	g_assert_cmpuint(world->vault.noted, ==, 1);
	g_assert_cmpstr(world->vault.noted_digest, ==, world->vault.digest);
	g_assert_cmpuint(
		atomic_load(&world->site->counters->failures[FAILURE_STORE]),
		==, 1);
}

static void
test_store_fails_tempfail(struct world *world, gconstpointer data)
{
	g_autofree char *log = NULL;

	(void)data;
	world->vault.fails = TRUE;
	world->snapshot.config->on_error[FAILURE_STORE] = FALLBACK_TEMPFAIL;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example> <bob@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_TEMPFAIL);
	assert_told(world, "");
	receive(world, "<priya@buyer.example>");
	log = finish_logged(world);
	g_assert_nonnull(strstr(log, " fate=deferred error=store\n"));
}

static void
test_failure_classes(struct world *world, gconstpointer data)
{
	const struct {
		GQuark domain;
		int code;
		enum config_failure failure;
	} rows[] = {
		{ MODEL_ERROR, MODEL_ERROR_BROKEN, FAILURE_MODEL },
		{ BASE_ERROR, BASE_ERROR_LIMIT, FAILURE_TIME },
		{ BASE_ERROR, BASE_ERROR_IO, FAILURE_PARSE },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *wanted = g_strdup_printf(
			"add X-Pitchward: verdict=deliver; outreach=0.10; "
			"relevance=0.20; id=ID\nadd X-Pitchward-Error: %s\n",
			config_failures[rows[i].failure]);

		script.domain[0] = rows[i].domain;
		script.code[0] = rows[i].code;
		receive(world, "<priya@buyer.example> <omar@buyer.example>");
		g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
		assert_told(world, wanted);
		g_assert_cmpuint(
			atomic_load(&world->site->counters
					     ->failures[rows[i].failure]),
			==, 1);
	}
}

static void
test_strip(struct world *world, gconstpointer data)
{
	static const char *const forged[] = { "X-Pitchward", "x-pitchward",
					      "X-Pitchward-Release",
					      "X-PITCHWARD" };

	(void)data;
	receive(world, "<priya@buyer.example>");
	for (gsize i = 0; i < G_N_ELEMENTS(forged); i++)
		intake_field(&world->session->intake, forged[i], " forged");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "delete X-Pitchward#3\n"
			   "delete X-Pitchward#2\n"
			   "delete X-Pitchward#1\n"
			   "delete X-Pitchward-Release#1\n"
			   "add X-Pitchward: verdict=deliver; outreach=0.10; "
			   "relevance=0.20; id=ID\n");
}

static void
test_gated(struct world *world, gconstpointer data)
{
	(void)data;
	session_client(world->session, "10.0.0.7");
	receive(world, "<priya@buyer.example> <bob@buyer.example>");
	intake_field(&world->session->intake, "X-Pitchward", " forged");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "delete X-Pitchward#1\n"
			   "add X-Pitchward: verdict=deliver; gate=internal; "
			   "id=ID\n");
	g_assert_cmpuint(script.made, ==, 0);
}

static void
test_learn(struct world *world, gconstpointer data)
{
	static const char text[] = "Dear Vera, yes, let us meet on Tuesday at "
				   "ten in our office.\r\n";

	(void)data;
	session_begin(world->session, site_snapshot(world->site),
		      "<priya@buyer.example>", TRUE);
	session_rcpt(world->session, "<v@vendor.example>");
	session_decide(world->session);
	intake_field(&world->session->intake, "From", " priya@buyer.example");
	intake_field(&world->session->intake, "Subject", " Meeting");
	intake_body(&world->session->intake, text, sizeof(text) - 1);
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "");
	g_assert_cmpuint(world->vault.learned, >=, 1);
	g_assert_cmpuint(script.made, ==, 0);
}

static void
test_observe(struct world *world, gconstpointer data)
{
	(void)data;
	world->snapshot.config->mode = MODE_OBSERVE;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example>");
	intake_field(&world->session->intake, "X-Pitchward", " forged");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "");
	g_assert_cmpuint(world->vault.noted, ==, 1);
	g_assert_cmpuint(
		atomic_load(
			&world->site->counters->verdicts[VERDICT_QUARANTINE]),
		==, 1);
}

static void
test_hold(struct world *world, gconstpointer data)
{
	(void)data;
	world->snapshot.config->method = METHOD_HOLD;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "add X-Pitchward: verdict=quarantine; "
			   "outreach=0.93; relevance=0.41; id=ID\n"
			   "hold Pitchward: vendor outreach\n");
}

static void
test_redirect(struct world *world, gconstpointer data)
{
	(void)data;
	world->snapshot.config->method = METHOD_REDIRECT;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example> <omar@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "rcpt quarantine@buyer.example\n"
			   "remove <priya@buyer.example>\n"
			   "add X-Pitchward: verdict=deliver; outreach=0.10; "
			   "relevance=0.20; id=ID\n");
	world->refuses = "rcpt";
	receive(world, "<priya@buyer.example> <omar@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "");
	g_assert_cmpstr(world->vault.note, ==, "delivered");
}

static void
test_repeat(struct world *world, gconstpointer data)
{
	g_autofree char *first = NULL;
	g_autofree char *log = NULL;

	(void)data;
	world->snapshot.config->method = METHOD_STORE;
	world->vault.repeat_id = ID;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_DISCARD);
	first = g_strdup(world->vault.digest);
	/* The second attempt comes with other trace fields. */
	receive(world, "<priya@buyer.example>");
	intake_reset(&world->session->intake);
	intake_field(&world->session->intake, "Received", " from elsewhere");
	intake_field(&world->session->intake, "From", " v@vendor.example");
	intake_field(&world->session->intake, "Subject", " Hi");
	intake_field(&world->session->intake, "Message-ID",
		     " <1@vendor.example>");
	intake_body(&world->session->intake, mail_text, sizeof(mail_text) - 1);
	log = finish_logged(world);
	g_assert_nonnull(strstr(log, " id=" ID " fate=kept\n"));
	g_assert_cmpstr(world->vault.digest, ==, first);
}

static void
test_busy(struct world *world, gconstpointer data)
{
	(void)data;
	world->snapshot.config->sessions_max = 2;
	atomic_store(&world->site->screening, 2);
	receive(world, "<priya@buyer.example>");
	g_assert_cmpint(eom_run(world->site, world->session, &world->mta, ""),
			==, PLAN_ACCEPT);
	g_assert_cmpuint(atomic_load(&world->site->screening), ==, 2);
	assert_told(world, "add X-Pitchward-Error: time\n");
	g_assert_cmpuint(script.made, ==, 0);
}

static void
test_unreadable(struct world *world, gconstpointer data)
{
	(void)data;
	receive(world, "<priya@buyer.example>");
	world->site->room.max = 10;
	intake_body(&world->session->intake, mail_text, sizeof(mail_text) - 1);
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "add X-Pitchward-Error: parse\n");
	g_assert_cmpuint(script.made, ==, 0);
}

/* What killed a worker passes unread; its neighbours do not. */
static void
test_blamed(struct world *world, gconstpointer data)
{
	struct site *site = world->site;

	(void)data;
	script.dies = blame_collect;
	receive(world, "<priya@buyer.example>");
	script.blame = site->blame;
	finish(world);
	g_string_truncate(world->told, 0);
	script.dies = NULL;
	receive(world, "<priya@buyer.example>");
	finish(world);
	assert_told(world, "add X-Pitchward-Error: parse\n");
	receive(world, "<priya@buyer.example>");
	intake_body(&world->session->intake, ".", 1);
	finish(world);
	receive(world, "<priya@buyer.example>");
	g_free(world->session->intake.message_id);
	world->session->intake.message_id = g_strdup("<2@vendor.example>");
	finish(world);
	g_assert_cmpuint(script.made, ==, 3);
	g_assert_cmpuint(blame_collect(site->blame), ==, 0);
}

static void
test_reasons_and_prefix(struct world *world, gconstpointer data)
{
	(void)data;
	replace(&world->snapshot.config->subject_prefix, "[pitch]");
	says(world, 0, VERDICT_TAG);
	receive(world, "<priya@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_ACCEPT);
	assert_told(world, "add X-Pitchward: verdict=tag; outreach=0.93; "
			   "relevance=0.41; id=ID\n"
			   "change Subject#1: [pitch] Hi\n");
}

static void
test_passed(struct world *world, gconstpointer data)
{
	(void)data;
	session_begin(world->session, site_snapshot(world->site), "<>", FALSE);
	session_rcpt(world->session, "<bob@buyer.example>");
	session_decide(world->session);
	eom_passed(world->site, world->session, "");
	assert_told(world, "");
	g_assert_cmpuint(atomic_load(&world->site->counters->passed), ==, 1);
}

static void
test_log(struct world *world, gconstpointer data)
{
	g_autofree char *quiet = NULL;
	g_autofree char *loud = NULL;

	(void)data;
	says(world, 0, VERDICT_TAG);
	receive(world, "<priya@buyer.example> <bob@buyer.example> <carol>");
	quiet = finish_logged(world);
	g_assert_cmpstr(quiet, ==,
			"qid=4fX1 msgid=\"<1@vendor.example>\" rcpt=priya "
			"verdict=tag outreach=0.930 relevance=0.410 gate=- "
			"model=a+b ms=MS id=ID fate=delivered\n"
			"qid=4fX1 msgid=\"<1@vendor.example>\" rcpt=- "
			"verdict=deliver outreach=- relevance=- gate=uncovered "
			"model=a+b ms=MS id=- fate=delivered\n");

	world->snapshot.config->log_addresses = TRUE;
	world->snapshot.config->log_subjects = TRUE;
	script.judgement[0].priority = "edr";
	receive(world, "<bob@buyer.example> <Priya@buyer.example>");
	replace(&world->session->intake.subject, " a\n\tb\033[31m\"\xFF");
	loud = finish_logged(world);
	g_assert_nonnull(strstr(loud, "rcpt=\"<bob@buyer.example>\" "));
	g_assert_nonnull(strstr(loud, "rcpt=\"<Priya@buyer.example>\" "));
	g_assert_nonnull(strstr(loud, " subject=\" a\\x0A\\x09b\\x1B[31m"
				      "\\x22\\xFF\" priority=edr "
				      "sender=\"v@vendor.example\" "
				      "from=\"v@vendor.example\"\n"));
	/* Nobody read it for him. */
	g_assert_nonnull(strstr(loud, "\\xFF\" sender=\"v@vendor.example\"\n"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("deliver", test_deliver);
	ADD("an MTA that gives the leading space itself", test_leading_space);
	ADD("the copy comes before the removal", test_copy_before_removal);
	ADD("every spelling is removed once", test_every_spelling);
	ADD("two addresses of one buyer", test_two_addresses_of_one_buyer);
	ADD("the store fails: delivered and marked", test_store_fails);
	ADD("the store fails: refused for now", test_store_fails_tempfail);
	ADD("failures by class, one buyer only", test_failure_classes);
	ADD("forged fields go from the last to the first", test_strip);
	ADD("a gate in the envelope", test_gated);
	ADD("outgoing mail is learned from and not touched", test_learn);
	ADD("observe touches nothing", test_observe);
	ADD("hold", test_hold);
	ADD("redirect", test_redirect);
	ADD("a repeat has the digest of the first", test_repeat);
	ADD("too many at once", test_busy);
	ADD("more than memory is given", test_unreadable);
	ADD("a message that killed a worker", test_blamed);
	ADD("the subject prefix", test_reasons_and_prefix);
	ADD("passed by its envelope", test_passed);
	ADD("the log", test_log);
	return g_test_run();
}
