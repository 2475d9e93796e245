#include <glib.h>
#include <string.h>

#include "milter/plan.h"

#define EVERYTHING                                                             \
	(PLAN_CAN_ADD | PLAN_CAN_CHANGE | PLAN_CAN_REMOVE |                    \
	 PLAN_CAN_REDIRECT | PLAN_CAN_HOLD)

/*
 * Mailboxes are written as letters: d deliver, r deliver for its relevance,
 * t tag, q quarantine, - not covered, and the failures S M P T.
 */
struct plan_case {
	const char *name;
	enum config_mode mode;
	enum config_method method;
	const char *mailboxes;
	enum plan_copy copy;
	const char *actions; /* as spell() writes them */
	const char *fates;   /* first letters */
	enum plan_reply reply;
	guint lacks;	    /* abilities the MTA does not offer */
	gboolean tempfails; /* on_error: tempfail for every class */
};

static struct plan_mailbox
mailbox(char letter)
{
	static const char failures[] = "SMPT";
	const char *failure = strchr(failures, letter);
	struct plan_mailbox made = { .covered = letter != '-',
				     .verdict = VERDICT_DELIVER,
				     .failure = -1 };

	if (letter == 't')
		made.verdict = VERDICT_TAG;
	if (letter == 'q')
		made.verdict = VERDICT_QUARANTINE;
	made.relevant = letter == 'r';
	if (failure)
		made.failure = (int)(failure - failures);
	return made;
}

static char *
spell(const struct plan *plan)
{
	static const char *const words[] = {
		[ACTION_STRIP] = "strip",     [ACTION_VERDICT] = "verdict",
		[ACTION_REASON] = "reason",   [ACTION_ERROR] = "error",
		[ACTION_SUBJECT] = "subject", [ACTION_ADD] = "add",
		[ACTION_REMOVE] = "remove",   [ACTION_HOLD] = "hold",
	};
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < plan->actions->len; i++) {
		const struct action *action =
			&g_array_index(plan->actions, struct action, i);

		g_string_append_printf(text, "%s%s%u", i ? " " : "",
				       words[action->kind], action->mailbox);
	}
	return g_string_free(text, FALSE);
}

static char *
spell_fates(const struct plan *plan, guint n)
{
	GString *text = g_string_new(NULL);

	/* h is what the MTA holds, k what we keep, D deferred. */
	for (guint i = 0; i < n; i++)
		g_string_append_c(text,
				  plan->fates[i] == FATE_DEFERRED
					  ? 'D'
					  : *plan_fate_name(plan->fates[i]));
	return g_string_free(text, FALSE);
}

static struct plan_input
input_of(const struct plan_case *c, struct plan_mailbox *mailboxes)
{
	struct plan_input input = {
		.mode = c->mode,
		.method = c->method,
		.abilities = EVERYTHING & ~c->lacks,
		.mailboxes = mailboxes,
		.n = (guint)strlen(c->mailboxes),
		.copy = c->copy,
	};

	for (guint i = 0; i < input.n; i++)
		mailboxes[i] = mailbox(c->mailboxes[i]);
	for (guint i = 0; i < FAILURES; i++)
		input.on_error[i] =
			c->tempfails ? FALLBACK_TEMPFAIL : FALLBACK_DELIVER;
	return input;
}

static const struct plan_case cases[] = {
	{ .name = "observe changes nothing for a quarantine",
	  .mode = MODE_OBSERVE,
	  .mailboxes = "q",
	  .actions = "",
	  .fates = "d" },
	{ .name = "observe changes nothing for a failure",
	  .mode = MODE_OBSERVE,
	  .mailboxes = "Mq",
	  .actions = "",
	  .fates = "dd" },
	{ .name = "observe never refuses",
	  .mode = MODE_OBSERVE,
	  .mailboxes = "S",
	  .actions = "",
	  .fates = "d",
	  .tempfails = TRUE },
	{ .name = "mode tag only writes headers",
	  .mode = MODE_TAG,
	  .mailboxes = "q",
	  .actions = "strip0 verdict0",
	  .fates = "d" },
	{ .name = "mode tag removes nobody even with a copy",
	  .mode = MODE_TAG,
	  .mailboxes = "qd",
	  .copy = PLAN_COPY_KEPT,
	  .actions = "strip0 verdict1",
	  .fates = "dd" },
	{ .name = "method tag only writes headers",
	  .mode = MODE_ENFORCE,
	  .method = METHOD_TAG,
	  .mailboxes = "qq",
	  .actions = "strip0 verdict0",
	  .fates = "dd" },
	{ .name = "one of two is kept back",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "qd",
	  .copy = PLAN_COPY_KEPT,
	  .actions = "strip0 verdict1 remove0",
	  .fates = "kd" },
	{ .name = "nobody left: discard",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "qq",
	  .copy = PLAN_COPY_KEPT,
	  .actions = "",
	  .fates = "kk",
	  .reply = PLAN_DISCARD },
	{ .name = "nobody left, and recipients cannot be removed: discard",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "q",
	  .copy = PLAN_COPY_KEPT,
	  .actions = "",
	  .fates = "k",
	  .reply = PLAN_DISCARD,
	  .lacks = PLAN_CAN_REMOVE },
	{ .name = "somebody left, and recipients cannot be removed: tag",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "qt",
	  .actions = "strip0 verdict1",
	  .fates = "dd",
	  .lacks = PLAN_CAN_REMOVE },
	{ .name = "uncovered people get their mail without our header",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "q-",
	  .copy = PLAN_COPY_KEPT,
	  .actions = "strip0 remove0",
	  .fates = "kd" },
	{ .name = "no copy, no removal",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "q",
	  .copy = PLAN_COPY_FAILED,
	  .actions = "strip0 verdict0 error0",
	  .fates = "d" },
	{ .name = "no copy was made, no removal",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "qd",
	  .copy = PLAN_COPY_NONE,
	  .actions = "strip0 verdict1",
	  .fates = "dd" },
	{ .name = "no copy, and the store's failures are to defer",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "qd",
	  .copy = PLAN_COPY_FAILED,
	  .actions = "",
	  .fates = "DD",
	  .reply = PLAN_TEMPFAIL,
	  .tempfails = TRUE },
	{ .name = "a failure delivers with its class",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "M",
	  .actions = "strip0 error0",
	  .fates = "d" },
	{ .name = "a failure for one, a verdict for another",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "Tt",
	  .actions = "strip0 verdict1 error0",
	  .fates = "dd" },
	{ .name = "a failure is to defer",
	  .mode = MODE_TAG,
	  .mailboxes = "dP",
	  .actions = "",
	  .fates = "DD",
	  .reply = PLAN_TEMPFAIL,
	  .tempfails = TRUE },
	{ .name = "hold takes the message when it is nobody's",
	  .mode = MODE_ENFORCE,
	  .method = METHOD_HOLD,
	  .mailboxes = "qq",
	  .actions = "strip0 verdict0 hold0",
	  .fates = "hh" },
	{ .name = "hold keeps a copy when somebody is to have it",
	  .mode = MODE_ENFORCE,
	  .method = METHOD_HOLD,
	  .mailboxes = "qd",
	  .copy = PLAN_COPY_KEPT,
	  .actions = "strip0 verdict1 remove0",
	  .fates = "kd" },
	{ .name = "hold spares who is not covered",
	  .mode = MODE_ENFORCE,
	  .method = METHOD_HOLD,
	  .mailboxes = "-q",
	  .copy = PLAN_COPY_KEPT,
	  .actions = "strip0 remove1",
	  .fates = "dk" },
	{ .name = "hold without the MTA's help keeps a copy",
	  .mode = MODE_ENFORCE,
	  .method = METHOD_HOLD,
	  .mailboxes = "q",
	  .copy = PLAN_COPY_KEPT,
	  .actions = "",
	  .fates = "k",
	  .reply = PLAN_DISCARD,
	  .lacks = PLAN_CAN_HOLD },
	{ .name = "redirect adds before it removes",
	  .mode = MODE_ENFORCE,
	  .method = METHOD_REDIRECT,
	  .mailboxes = "qtq",
	  .actions = "strip0 verdict1 add0 remove0 remove2",
	  .fates = "rdr" },
	{ .name = "redirect without the MTA's help tags",
	  .mode = MODE_ENFORCE,
	  .method = METHOD_REDIRECT,
	  .mailboxes = "q",
	  .actions = "strip0 verdict0",
	  .fates = "d",
	  .lacks = PLAN_CAN_REDIRECT },
	{ .name = "the most visible verdict is shown",
	  .mode = MODE_TAG,
	  .mailboxes = "qtdt",
	  .actions = "strip0 verdict2",
	  .fates = "dddd" },
	{ .name = "a plain delivery shows over one for relevance",
	  .mode = MODE_TAG,
	  .mailboxes = "rd",
	  .actions = "strip0 verdict1",
	  .fates = "dd" },
	{ .name = "headers cannot be added",
	  .mode = MODE_TAG,
	  .mailboxes = "tM",
	  .actions = "strip0",
	  .fates = "dd",
	  .lacks = PLAN_CAN_ADD },
	{ .name = "headers cannot be changed",
	  .mode = MODE_TAG,
	  .mailboxes = "t",
	  .actions = "verdict0",
	  .fates = "d",
	  .lacks = PLAN_CAN_CHANGE },
	{ .name = "no recipients at all",
	  .mode = MODE_ENFORCE,
	  .mailboxes = "",
	  .actions = "strip0",
	  .fates = "" },
};

static void
test_case(gconstpointer data)
{
	const struct plan_case *c = data;
	struct plan_mailbox mailboxes[8];
	struct plan_input input = input_of(c, mailboxes);
	g_auto(Plan) plan = { 0 };
	g_autofree char *actions = NULL;
	g_autofree char *fates = NULL;

	plan_make(&input, &plan);
	actions = spell(&plan);
	fates = spell_fates(&plan, input.n);
	g_assert_cmpstr(actions, ==, c->actions);
	g_assert_cmpstr(fates, ==, c->fates);
	g_assert_cmpint(plan.reply, ==, c->reply);
}

static void
test_subject_and_reason(void)
{
	static const struct {
		const char *mailboxes;
		const char *actions;
	} rows[] = {
		{ "t", "strip0 verdict0 reason0 subject0" },
		{ "r", "strip0 verdict0 reason0 subject0" },
		{ "q", "strip0 verdict0 reason0 subject0" },
		{ "d", "strip0 verdict0 reason0" },
		{ "M", "strip0 error0" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct plan_case c = { .mode = MODE_TAG,
					     .mailboxes = rows[i].mailboxes };
		struct plan_mailbox mailboxes[8];
		struct plan_input input = input_of(&c, mailboxes);
		g_auto(Plan) plan = { 0 };
		g_autofree char *actions = NULL;

		input.prefix = TRUE;
		input.reasons = TRUE;
		plan_make(&input, &plan);
		actions = spell(&plan);
		g_assert_cmpstr(actions, ==, rows[i].actions);
	}
}

static void
test_copies(void)
{
	static const struct {
		enum config_mode mode;
		enum config_method method;
		const char *mailboxes;
		const char *wanted; /* x: the copy must be made */
		gboolean tempfails;
	} rows[] = {
		{ MODE_OBSERVE, METHOD_STORE, "q", ".", FALSE },
		{ MODE_TAG, METHOD_STORE, "q", ".", FALSE },
		{ MODE_ENFORCE, METHOD_STORE, "qtd-q", "x...x", FALSE },
		{ MODE_ENFORCE, METHOD_STORE, "qM", "x.", FALSE },
		{ MODE_ENFORCE, METHOD_STORE, "qM", "..", TRUE },
		{ MODE_ENFORCE, METHOD_HOLD, "qq", "..", FALSE },
		{ MODE_ENFORCE, METHOD_HOLD, "qt", "x.", FALSE },
		{ MODE_ENFORCE, METHOD_REDIRECT, "qt", "..", FALSE },
		{ MODE_ENFORCE, METHOD_TAG, "qt", "..", FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct plan_case c = { .mode = rows[i].mode,
					     .method = rows[i].method,
					     .mailboxes = rows[i].mailboxes,
					     .tempfails = rows[i].tempfails };
		struct plan_mailbox mailboxes[8];
		struct plan_input input = input_of(&c, mailboxes);
		char wanted[9] = "";

		for (guint j = 0; j < input.n; j++)
			wanted[j] = plan_copies(&input, j) ? 'x' : '.';
		g_assert_cmpstr(wanted, ==, rows[i].wanted);
	}
}

/* Whatever comes together: without a durable copy nobody loses mail to us. */
static void
test_nobody_lost(void)
{
	static const char letters[] = "drtq-SMPT";
	const guint n = sizeof(letters) - 1;

	for (guint code = 0; code < n * n * n * 3 * 4 * 32 * 2; code++) {
		char three[4] = { letters[code % n], letters[code / n % n],
				  letters[code / n / n % n], '\0' };
		guint rest = code / n / n / n;
		struct plan_case c = {
			.mode = (enum config_mode)(rest % 3),
			.method = (enum config_method)(rest / 3 % 4),
			.lacks = rest / 12 % 32,
			.tempfails = (gboolean)(rest / 12 / 32 % 2),
			.mailboxes = three,
			.copy = code % 2 ? PLAN_COPY_FAILED : PLAN_COPY_NONE,
		};
		struct plan_mailbox mailboxes[8];
		struct plan_input input = input_of(&c, mailboxes);
		g_auto(Plan) plan = { 0 };
		gboolean added = FALSE;

		plan_make(&input, &plan);
		g_assert_cmpint(plan.reply, !=, PLAN_DISCARD);
		for (guint i = 0; i < plan.actions->len; i++) {
			const struct action *action =
				&g_array_index(plan.actions, struct action, i);

			added = added || action->kind == ACTION_ADD;
			g_assert_true(action->kind != ACTION_REMOVE || added);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
			g_strconcat("/plan/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/plan/prefix and reasons", test_subject_and_reason);
	g_test_add_func("/plan/which copies are made first", test_copies);
	g_test_add_func("/plan/without a copy nobody is removed",
			test_nobody_lost);
	return g_test_run();
}
