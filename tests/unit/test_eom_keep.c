/* Mail that is kept: who is blamed, hurried or told what is not so. */
#include "eom_world.h"

/* Kept by us, and what the MTA did not take is said of whom it is true. */
static void
test_change_refused(struct world *world, gconstpointer data)
{
	static const struct {
		const char *refused;
		const char *priya;
		const char *warning;
		guint kept;
	} cases[] = {
		{ "add", " fate=kept\n", "to 0 mailboxes", 1 },
		{ "remove", " fate=delivered\n", "to 1 mailboxes", 1 },
	};

	(void)data;
	says(world, 0, VERDICT_QUARANTINE);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *log = NULL;
		const char *priya;

		world->refuses = cases[i].refused;
		receive(world, "<priya@buyer.example> <omar@buyer.example>");
		log = finish_logged(world);
		g_assert_nonnull(strstr(log, cases[i].warning));
		priya = strstr(log, "rcpt=priya ");
		g_assert_nonnull(priya);
		priya = strstr(priya, " fate=");
		g_assert_true(g_str_has_prefix(priya, cases[i].priya));
		g_assert_cmpuint(atomic_load(&world->site->counters->kept), ==,
				 cases[i].kept);
		/* Omar's; a note on priya's would take the copy away. */
		g_assert_cmpuint(world->vault.noted, ==, i + 1);
		g_assert_cmpstr(world->vault.note, ==, "delivered");
	}
}

/* Reading it once more for the reasons is reading it. */
static void
test_blamed_for_reasons(struct world *world, gconstpointer data)
{
	(void)data;
	script.dies_of_reasons = blame_collect;
	script.blame = world->site->blame;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example>");
	finish(world);
	g_string_truncate(world->told, 0);
	script.dies_of_reasons = NULL;
	receive(world, "<priya@buyer.example>");
	finish(world);
	assert_told(world, "add X-Pitchward-Error: parse\n");
	g_assert_cmpuint(blame_collect(world->site->blame), ==, 0);
}

static guint
takes_long(struct blame *blame)
{
	(void)blame;
	g_usleep(300000);
	return 1;
}

/* Half of the time belongs to the copy. */
static void
test_no_time_for_reasons(struct world *world, gconstpointer data)
{
	(void)data;
	says(world, 0, VERDICT_QUARANTINE);
	receive(world, "<priya@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_DISCARD);
	g_assert_cmpuint(script.asked, ==, 1);
	g_assert_true(world->vault.reasons);
	world->snapshot.config->deadline_us = 500000;
	script.dies = takes_long;
	receive(world, "<priya@buyer.example>");
	g_assert_cmpint(finish(world), ==, PLAN_DISCARD);
	g_assert_cmpuint(script.asked, ==, 2);
	g_assert_false(world->vault.reasons);
}

/* What makes a campaign is in the row, whether the mail is held or not. */
static void
test_campaign(struct world *world, gconstpointer data)
{
	static const enum verdict verdicts[] = { VERDICT_QUARANTINE,
						 VERDICT_DELIVER };

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(verdicts); i++) {
		says(world, 0, verdicts[i]);
		g_strlcpy(script.judgement[0].campaign, ID, ID_LEN + 1);
		script.judgement[0].touch = 3;
		receive(world, "<priya@buyer.example>");
		finish(world);
		g_assert_cmpstr(world->vault.campaign, ==, ID);
		g_assert_cmpuint(world->vault.touch, ==, 3);
		g_assert_cmpuint(world->vault.fingerprint, ==, 7);
		g_assert_cmpuint(world->vault.subject_key, ==, 9);
		g_assert_cmpstr(world->vault.vendor, ==, "vendor.example");
		g_assert_true(world->vault.features);
	}
	g_assert_cmpuint(world->vault.noted, ==, 1);
}

/* A campaign goes by the id of the first row; who observes spends nothing. */
static void
test_introduced(struct world *world, gconstpointer data)
{
	g_autofree char *log = NULL;

	(void)data;
	script.judgement[1].touch = 2;
	receive(world, "<bob@buyer.example> <omar@buyer.example>");
	log = finish_logged(world);
	g_assert_true(id_valid(script.id));
	g_assert_cmpuint(script.digest, !=, 0);
	g_assert_nonnull(strstr(log, " touch=2 id="));
	script.digest = 0;
	world->snapshot.config->mode = MODE_OBSERVE;
	receive(world, "<omar@buyer.example>");
	finish(world);
	g_assert_cmpuint(script.digest, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("the MTA refuses a change", test_change_refused);
	ADD("a message that killed a worker by its reasons",
	    test_blamed_for_reasons);
	ADD("no time for reasons", test_no_time_for_reasons);
	ADD("a campaign's row", test_campaign);
	ADD("what screening is told", test_introduced);
	return g_test_run();
}
