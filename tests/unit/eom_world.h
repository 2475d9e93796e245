/* An end of message in the small company, and what came of it. */
#ifndef TESTS_EOM_WORLD_H
#define TESTS_EOM_WORLD_H

#include <glib/gstdio.h>
#include <unistd.h>

#include "milter_world.h"

#define ID "01JD0000000000000000000000"

static const char mail_text[] = "Hello\r\n";

/* One message of a stranger to `rcpts` (separated by spaces). */
static void
receive(struct world *world, const char *rcpts)
{
	g_auto(GStrv) each = g_strsplit(rcpts, " ", -1);
	struct session *session = world->session;

	session_begin(session, site_snapshot(world->site), "<v@vendor.example>",
		      FALSE);
	for (guint i = 0; each[i]; i++)
		session_rcpt(session, each[i]);
	session_decide(session);
	intake_field(&session->intake, "From", " v@vendor.example");
	intake_field(&session->intake, "Subject", " Hi");
	intake_field(&session->intake, "Message-ID", " <1@vendor.example>");
	intake_body(&session->intake, mail_text, sizeof(mail_text) - 1);
}

static enum plan_reply
finish(struct world *world)
{
	enum plan_reply reply =
		eom_run(world->site, world->session, &world->mta, "4fX1");

	g_assert_cmpuint(atomic_load(&world->site->screening), ==, 0);
	session_reset(world->session);
	return reply;
}

static void
says(struct world *world, guint buyer, enum verdict verdict)
{
	(void)world;
	script.judgement[buyer].verdict = verdict;
	script.judgement[buyer].outreach = 0.93;
	script.judgement[buyer].relevance = 0.41;
}

/* What is random or measured becomes a word. */
static char *
masked(const char *text)
{
	g_autoptr(GRegex) id =
		g_regex_new("id=(?!" ID ")[0-9A-HJKMNP-TV-Z]{26}", 0, 0, NULL);
	g_autoptr(GRegex) ms = g_regex_new("ms=[0-9]+[.][0-9]", 0, 0, NULL);
	g_autofree char *without =
		g_regex_replace_literal(id, text, -1, 0, "id=ID", 0, NULL);

	return g_regex_replace_literal(ms, without, -1, 0, "ms=MS", 0, NULL);
}

static void
assert_told(struct world *world, const char *wanted)
{
	g_autofree char *told = masked(world->told->str);

	g_assert_cmpstr(told, ==, wanted);
	g_string_truncate(world->told, 0);
}

/* finish(), and what it logged, masked; the caller's. */
static char *
finish_logged(struct world *world)
{
	g_autofree char *name = NULL;
	g_autofree char *text = NULL;
	int log = g_file_open_tmp("pitchward-eom-XXXXXX", &name, NULL);
	int saved = dup(STDERR_FILENO);

	dup2(log, STDERR_FILENO);
	finish(world);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(log);
	g_assert_true(g_file_get_contents(name, &text, NULL, NULL));
	g_unlink(name);
	return masked(text);
}

#define ADD(path, test)                                                        \
	g_test_add("/eom/" path, struct world, NULL, world_setup, test,        \
		   world_teardown)

#endif
