#include "eom_private.h"
#include "milter/header.h"

static gboolean
strip(struct eom *eom)
{
	g_autoptr(GArray) own = intake_own(&eom->session->intake);
	const struct mta *mta = eom->mta;

	for (guint i = 0; i < own->len; i++) {
		const struct own_field *field =
			&g_array_index(own, struct own_field, i);

		/*
		 * From the last to the first: Postfix renumbers at once,
		 * sendmail counts deleted fields still.
		 */
		for (guint n = field->count; n > 0; n--)
			if (!mta->change_field(mta->context, field->name, n,
					       NULL))
				return FALSE;
	}
	return TRUE;
}

/* With SMFIP_HDR_LEADSPC the space after the colon is ours to give. */
static char *
spaced(const struct eom *eom, const char *value)
{
	return g_strconcat(eom->session->intake.leadspc ? " " : "", value,
			   NULL);
}

static gboolean
add(struct eom *eom, const char *name, const char *value)
{
	g_autofree char *text = spaced(eom, value);

	return eom->mta->add_field(eom->mta->context, name, text);
}

static gboolean
add_verdict(struct eom *eom, const struct mailbox *mailbox)
{
	g_autofree char *value =
		header_verdict(&mailbox->judgement, mailbox->id);

	return add(eom, HEADER_VERDICT, value);
}

static gboolean
add_reason(struct eom *eom, const struct mailbox *mailbox)
{
	g_autofree char *value = NULL;

	if (!mailbox->judgement.reasons || mailbox->judgement.reasons->len == 0)
		return TRUE;
	value = header_reason(mailbox->judgement.reasons);
	return !*value || add(eom, HEADER_REASON, value);
}

static gboolean
add_error(struct eom *eom, const struct mailbox *mailbox)
{
	int failure =
		mailbox->failure >= 0 ? mailbox->failure : (int)FAILURE_STORE;

	return add(eom, HEADER_ERROR, config_failures[failure]);
}

static gboolean
change_subject(struct eom *eom)
{
	g_autofree char *value = header_subject(eom->config->subject_prefix,
						eom->session->intake.subject);
	g_autofree char *text = NULL;

	if (!value)
		return TRUE;
	text = spaced(eom, value);
	return eom->mta->change_field(eom->mta->context, "Subject", 1, text);
}

/* Every spelling once: MTAs compare with the string that RCPT carried. */
static gboolean
remove_mailbox(struct eom *eom, guint mailbox)
{
	GPtrArray *rcpts = eom->session->rcpts;
	g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < rcpts->len; i++) {
		const struct recipient *rcpt = g_ptr_array_index(rcpts, i);

		if (eom->mailbox_of[i] != mailbox ||
		    !g_hash_table_add(done, rcpt->exact))
			continue;
		if (!eom->mta->remove_rcpt(eom->mta->context, rcpt->exact))
			return FALSE;
	}
	eom_mailbox(eom, mailbox)->removed = TRUE;
	return TRUE;
}

static gboolean
take_action(struct eom *eom, const struct action *action)
{
	const struct mailbox *mailbox = eom_mailbox(eom, action->mailbox);

	switch (action->kind) {
	case ACTION_STRIP:
		return strip(eom);
	case ACTION_VERDICT:
		return add_verdict(eom, mailbox);
	case ACTION_REASON:
		return add_reason(eom, mailbox);
	case ACTION_ERROR:
		return add_error(eom, mailbox);
	case ACTION_SUBJECT:
		return change_subject(eom);
	case ACTION_ADD:
		return eom->mta->add_rcpt(eom->mta->context,
					  eom->config->redirect);
	case ACTION_REMOVE:
		return remove_mailbox(eom, action->mailbox);
	case ACTION_HOLD:
		return eom->mta->hold(eom->mta->context,
				      "Pitchward: vendor outreach");
	default:
		g_assert_not_reached();
	}
}

static gboolean
is_for_recipients(const struct action *action)
{
	return action->kind == ACTION_ADD || action->kind == ACTION_REMOVE;
}

static gboolean
take_some(struct eom *eom, gboolean for_recipients)
{
	const GArray *actions = eom->plan.actions;

	for (guint i = 0; i < actions->len; i++) {
		const struct action *action =
			&g_array_index(actions, struct action, i);

		if (is_for_recipients(action) == for_recipients &&
		    !take_action(eom, action))
			return FALSE;
	}
	return TRUE;
}

/*
 * A header that the MTA does not take must not leave anybody on the message
 * whose copy is kept: recipients first.
 */
gboolean
eom_apply(struct eom *eom)
{
	return take_some(eom, TRUE) && take_some(eom, FALSE);
}
