#include "eom_private.h"

struct mailbox *
eom_mailbox(const struct eom *eom, guint i)
{
	return &g_array_index(eom->mailboxes, struct mailbox, i);
}

static guint
add_mailbox(struct eom *eom, const struct recipient *rcpt)
{
	struct mailbox mailbox = {
		.rcpt = rcpt,
		.buyer = rcpt->buyer,
		.judgement = MAILBOX_UNJUDGED(eom->session->gate),
		.failure = -1,
	};

	if (!mailbox.buyer)
		mailbox.judgement.gate = GATE_UNCOVERED;
	else
		id_new(mailbox.id);
	g_array_append_val(eom->mailboxes, mailbox);
	return eom->mailboxes->len - 1;
}

void
eom_find_mailboxes(struct eom *eom)
{
	GPtrArray *rcpts = eom->session->rcpts;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	eom->mailboxes = g_array_sized_new(FALSE, FALSE, sizeof(struct mailbox),
					   rcpts->len);
	eom->mailbox_of = g_new(guint, rcpts->len + 1);
	for (guint i = 0; i < rcpts->len; i++) {
		const struct recipient *rcpt = g_ptr_array_index(rcpts, i);
		gpointer at = NULL;

		if (rcpt->key)
			at = g_hash_table_lookup(seen, rcpt->key);
		if (at) {
			eom->mailbox_of[i] = GPOINTER_TO_UINT(at) - 1;
			continue;
		}
		eom->mailbox_of[i] = add_mailbox(eom, rcpt);
		if (rcpt->key)
			g_hash_table_insert(
				seen, rcpt->key,
				GUINT_TO_POINTER(eom->mailbox_of[i] + 1));
	}
}

void
eom_free_mailboxes(struct eom *eom)
{
	for (guint i = 0; i < eom->mailboxes->len; i++)
		judgement_clear(&eom_mailbox(eom, i)->judgement);
	g_array_unref(eom->mailboxes);
	g_free(eom->mailbox_of);
}
