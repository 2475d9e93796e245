#include "milter/plan.h"

const char *
plan_fate_name(enum plan_fate fate)
{
	static const char *const names[] = {
		[FATE_DELIVERED] = "delivered",
		[FATE_KEPT] = "kept",
		[FATE_HELD] = "held",
		[FATE_REDIRECTED] = "redirected",
		[FATE_DEFERRED] = "deferred",
	};

	return names[fate];
}

static gboolean
can(const struct plan_input *input, guint abilities)
{
	return (input->abilities & abilities) == abilities;
}

static gboolean
unwanted(const struct plan_mailbox *mailbox)
{
	return mailbox->covered && mailbox->failure < 0 &&
	       mailbox->verdict == VERDICT_QUARANTINE;
}

static gboolean
all_unwanted(const struct plan_input *input)
{
	for (guint i = 0; i < input->n; i++)
		if (!unwanted(&input->mailboxes[i]))
			return FALSE;
	return input->n > 0;
}

/* Whether a failure of this message is to end in "try again later". */
static gboolean
defers(const struct plan_input *input)
{
	if (input->mode == MODE_OBSERVE)
		return FALSE;
	if (input->copy == PLAN_COPY_FAILED &&
	    input->on_error[FAILURE_STORE] == FALLBACK_TEMPFAIL)
		return TRUE;
	for (guint i = 0; i < input->n; i++) {
		const struct plan_mailbox *mailbox = &input->mailboxes[i];

		if (mailbox->covered && mailbox->failure >= 0 &&
		    input->on_error[mailbox->failure] == FALLBACK_TEMPFAIL)
			return TRUE;
	}
	return FALSE;
}

/*
 * The method that can be carried out here. The MTA's hold queue takes whole
 * messages only, so with anyone who is to have it the copy is ours to keep;
 * and what the MTA does not offer leaves the mail where it is, tagged.
 */
static enum config_method
method_now(const struct plan_input *input)
{
	enum config_method method = input->method;

	if (input->mode != MODE_ENFORCE)
		return METHOD_TAG;
	if (method == METHOD_HOLD &&
	    (!can(input, PLAN_CAN_HOLD) || !all_unwanted(input)))
		method = METHOD_STORE;
	if (method == METHOD_REDIRECT &&
	    !can(input, PLAN_CAN_REDIRECT | PLAN_CAN_REMOVE))
		method = METHOD_TAG;
	/* A message that is nobody's can be discarded without the ability. */
	if (method == METHOD_STORE && !can(input, PLAN_CAN_REMOVE) &&
	    !all_unwanted(input))
		method = METHOD_TAG;
	return method;
}

gboolean
plan_copies(const struct plan_input *input, guint i)
{
	return unwanted(&input->mailboxes[i]) &&
	       method_now(input) == METHOD_STORE && !defers(input);
}

static enum plan_fate
fate_of(const struct plan_input *input, const struct plan_mailbox *mailbox)
{
	if (!unwanted(mailbox))
		return FATE_DELIVERED;
	switch (method_now(input)) {
	case METHOD_STORE:
		return input->copy == PLAN_COPY_KEPT ? FATE_KEPT
						     : FATE_DELIVERED;
	case METHOD_HOLD:
		return FATE_HELD;
	case METHOD_REDIRECT:
		return FATE_REDIRECTED;
	case METHOD_TAG:
	default:
		return FATE_DELIVERED;
	}
}

static void
act(struct plan *plan, enum action_kind kind, guint mailbox)
{
	struct action action = { kind, mailbox };

	g_array_append_val(plan->actions, action);
}

/* Rank of a mailbox's verdict for the one header that all share; 0: none. */
static guint
visibility(const struct plan_mailbox *mailbox, enum plan_fate fate)
{
	if (!mailbox->covered || mailbox->failure >= 0 || fate == FATE_KEPT)
		return 0;
	return 1 + 2 * (guint)mailbox->verdict + !mailbox->relevant;
}

/* The mailbox whose verdict is shown; -1 when nobody has one to show. */
static int
shown(const struct plan_input *input, const struct plan *plan)
{
	guint best = 0;
	int at = -1;

	for (guint i = 0; i < input->n; i++) {
		guint rank = visibility(&input->mailboxes[i], plan->fates[i]);

		if (rank > best) {
			best = rank;
			at = (int)i;
		}
	}
	return at;
}

/* The mailbox that gets the mail for want of a verdict or of a copy; or -1. */
static int
failed(const struct plan_input *input)
{
	for (guint i = 0; i < input->n; i++) {
		const struct plan_mailbox *mailbox = &input->mailboxes[i];

		if (mailbox->covered && mailbox->failure >= 0)
			return (int)i;
	}
	for (guint i = 0; i < input->n; i++)
		if (input->copy == PLAN_COPY_FAILED && plan_copies(input, i))
			return (int)i;
	return -1;
}

static gboolean
prefixed(const struct plan_input *input, int i)
{
	const struct plan_mailbox *mailbox = &input->mailboxes[i];

	return input->prefix && can(input, PLAN_CAN_CHANGE) &&
	       (mailbox->verdict != VERDICT_DELIVER || mailbox->relevant);
}

static void
plan_headers(const struct plan_input *input, struct plan *plan)
{
	int show = shown(input, plan);
	int fail = failed(input);

	if (can(input, PLAN_CAN_CHANGE))
		act(plan, ACTION_STRIP, 0);
	if (show >= 0 && can(input, PLAN_CAN_ADD)) {
		act(plan, ACTION_VERDICT, (guint)show);
		if (input->reasons)
			act(plan, ACTION_REASON, (guint)show);
	}
	if (fail >= 0 && can(input, PLAN_CAN_ADD))
		act(plan, ACTION_ERROR, (guint)fail);
	if (show >= 0 && prefixed(input, show))
		act(plan, ACTION_SUBJECT, (guint)show);
}

static gboolean
any_fate(const struct plan_input *input, const struct plan *plan,
	 enum plan_fate fate)
{
	for (guint i = 0; i < input->n; i++)
		if (plan->fates[i] == fate)
			return TRUE;
	return FALSE;
}

static gboolean
all_kept(const struct plan_input *input, const struct plan *plan)
{
	for (guint i = 0; i < input->n; i++)
		if (plan->fates[i] != FATE_KEPT)
			return FALSE;
	return input->n > 0;
}

static void
plan_recipients(const struct plan_input *input, struct plan *plan)
{
	if (any_fate(input, plan, FATE_HELD)) {
		act(plan, ACTION_HOLD, 0);
		return;
	}
	if (any_fate(input, plan, FATE_REDIRECTED))
		act(plan, ACTION_ADD, 0);
	for (guint i = 0; i < input->n; i++)
		if (plan->fates[i] == FATE_KEPT ||
		    plan->fates[i] == FATE_REDIRECTED)
			act(plan, ACTION_REMOVE, i);
}

static void
all_fates(const struct plan_input *input, struct plan *plan,
	  enum plan_fate fate)
{
	for (guint i = 0; i < input->n; i++)
		plan->fates[i] = fate;
}

void
plan_make(const struct plan_input *input, struct plan *plan)
{
	plan->reply = PLAN_ACCEPT;
	plan->actions = g_array_new(FALSE, FALSE, sizeof(struct action));
	plan->fates = g_new0(enum plan_fate, input->n + 1);
	if (input->mode == MODE_OBSERVE)
		return;
	if (defers(input)) {
		plan->reply = PLAN_TEMPFAIL;
		all_fates(input, plan, FATE_DEFERRED);
		return;
	}
	for (guint i = 0; i < input->n; i++)
		plan->fates[i] = fate_of(input, &input->mailboxes[i]);
	if (all_kept(input, plan)) {
		plan->reply = PLAN_DISCARD;
		return;
	}
	plan_headers(input, plan);
	plan_recipients(input, plan);
}

void
plan_clear(struct plan *plan)
{
	g_clear_pointer(&plan->actions, g_array_unref);
	g_clear_pointer(&plan->fates, g_free);
}
