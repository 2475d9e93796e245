/*
 * The one way to make a copy durable before the MTA is told to drop a
 * recipient: the store, else the spool, else an error.
 *
 * After the store failed, a circuit breaker keeps away from it for a while
 * (1 s, doubling to 60 s), so that not every message waits for the deadline.
 * A thread of the vault drains the spool when the store is back. Thread-safe.
 */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include <glib.h>

#include "store/shared_key.h"
#include "store/spool.h"
#include "store/store.h"
#include "store/versions.h"

struct vault;
typedef struct vault Vault; /* for g_autoptr(Vault) */

/*
 * The store may be away at the start: it is opened when it can be. Fails only
 * when neither store nor spool can be used.
 */
struct vault *vault_open(const char *store_url, const char *spool_folder,
			 guint64 spool_max, GError **error);

/* Stops the drain thread and closes both. */
void vault_close(struct vault *vault);

enum vault_place { VAULT_STORE, VAULT_SPOOL };

/*
 * As store_hold(); `place` says where the copy is. On FALSE it is nowhere, or
 * the store was not done with it at the deadline and may still have it: who
 * delivers the mail instead says so with vault_note(), see store_note(). The
 * spool gets the last second of the time (or half of it), which writing a file
 * takes a little of. A deadline that has passed is STORE_ERROR_TIME.
 */
gboolean vault_hold(struct vault *vault, struct store_message *const *messages,
		    guint n, GBytes *bytes, gint64 deadline_us,
		    enum vault_place *place, GError **error);

/*
 * As their namesakes, but that what is queued goes to a store that does not
 * work just now, too. Without one, the first 512 notes wait for it, contacts
 * are dropped, and the others say AWAY.
 */
void vault_note(struct vault *vault, const struct store_message *message);
void vault_contact(struct vault *vault, const char *buyer, const char *contact,
		   gint64 time_us);
gboolean vault_known(struct vault *vault, const char *buyer,
		     const char *const *contacts, gint64 deadline_us,
		     gboolean *known, GError **error);
gboolean vault_history(struct vault *vault,
		       const struct store_likeness *likeness,
		       gint64 deadline_us, struct store_history *history,
		       GError **error);
gboolean vault_ruling_find(struct vault *vault, const char *buyer,
			   const char *vendor, const char *campaign,
			   gint64 now_us, gint64 deadline_us,
			   struct store_ruling **found, GError **error);

/* As their namesakes in store/versions.h. */
gboolean vault_version_mark(struct vault *vault, guint64 *mark, GError **error);
GPtrArray *vault_version_list(struct vault *vault, const char *buyer,
			      GError **error);
GPtrArray *vault_version_list_since(struct vault *vault, const GPtrArray *known,
				    GError **error);

/* store_is_shared(): FALSE while there is no store; and what store/models.h
 * has. vault_await() is FALSE at once while the store is away. */
gboolean vault_is_shared(struct vault *vault);
gboolean vault_model_mark(struct vault *vault, guint64 *mark, GError **error);
GPtrArray *vault_model_list(struct vault *vault, GError **error);
GBytes *vault_model_get(struct vault *vault, const char *id, GError **error);
gboolean vault_await(struct vault *vault, gint64 deadline_us);

/* store_key_agree() */
gboolean vault_key_agree(struct vault *vault, const struct key *key,
			 enum store_key *found, GError **error);

/*
 * How many notes and contacts no store will get, since the last call: too many
 * waited, or their writing failed.
 */
guint64 vault_dropped(struct vault *vault);

/*
 * What a person should hear of since the last call, in one line: "store away:
 * ...", "store back, 12 messages moved from the spool", "no spool: ...", "2
 * damaged files set aside in the spool", joined by "; ". The caller's, or NULL.
 */
char *vault_news(struct vault *vault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Vault, vault_close)

#endif
