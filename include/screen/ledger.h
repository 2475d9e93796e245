/*
 * The ledger: who has business with whom, learned from outgoing mail.
 *
 * A contact is authenticated mail from a covered buyer to an address, unless
 * the mail refuses ("not interested", "unsubscribe", a one-word reply) or was
 * written by a machine (RFC 3834). Nothing is ever learned from mail that
 * comes in, held or not. Learned: the recipients' addresses, their domains
 * unless public (freemail, universities), and our Message-ID, so that answers
 * are known. All of it as keyed hashes: the store learns no addresses.
 */
#ifndef SCREEN_LEDGER_H
#define SCREEN_LEDGER_H

#include <glib.h>

#include "base/key.h"
#include "features/reading.h"
#include "screen/snapshot.h"
#include "store/vault.h"

/* Whether a text says no: such mail makes no relationship. */
gboolean ledger_refusal(const struct reading *reading);

/*
 * Learns from one outgoing message of `buyer` to `rcpts` (NULL-terminated);
 * addresses of internal domains are left out. Queued; never fails.
 */
void ledger_learn(const struct snapshot *snapshot, struct vault *vault,
		  const struct key *key, const struct buyer *buyer,
		  char *const *rcpts, const struct mail *mail);

/*
 * The keyed hashes to ask the ledger for: the author's address and its
 * registrable domain unless public (only when `author_vouched`), and the
 * message ids in In-Reply-To and References. NULL-terminated, g_strfreev().
 * The first `*n_senders` are about the sender, the rest about references.
 */
char **ledger_questions(const struct snapshot *snapshot, const struct key *key,
			const struct mail *mail, gboolean author_vouched,
			guint *n_senders);

#endif
