/* What is asked of the store, and of nothing else when it is away. */
#include "store_private.h"
#include "vault_private.h"

/* Ends a call that read; gives its failure on. */
static gboolean
end_read(struct vault *vault, gboolean ok, GError *failure, GError **error)
{
	/* Readers wait for each other, never for the writer. */
	vault_unpin(vault, vault_blamed(failure, 0));
	if (!ok)
		g_propagate_error(error, failure);
	return ok;
}

gboolean
vault_known(struct vault *vault, const char *buyer, const char *const *contacts,
	    gint64 deadline_us, gboolean *known, GError **error)
{
	struct store *store = vault_pin(vault, error);
	GError *failure = NULL;
	gboolean ok;

	if (!store)
		return FALSE;
	ok = store_known(store, buyer, contacts, deadline_us, known, &failure);
	return end_read(vault, ok, failure, error);
}

gboolean
vault_history(struct vault *vault, const struct store_likeness *likeness,
	      gint64 deadline_us, struct store_history *history, GError **error)
{
	struct store *store = vault_pin(vault, error);
	GError *failure = NULL;
	gboolean ok;

	if (!store)
		return FALSE;
	ok = store_history(store, likeness, deadline_us, history, &failure);
	return end_read(vault, ok, failure, error);
}

/* NOLINTBEGIN(readability-function-size): the contract's parameters. */
gboolean
vault_ruling_find(struct vault *vault, const char *buyer, const char *vendor,
		  const char *campaign, gint64 now_us, gint64 deadline_us,
		  struct store_ruling **found, GError **error)
{
	struct store *store = vault_pin(vault, error);
	GError *failure = NULL;
	gboolean ok;

	if (!store)
		return FALSE;
	ok = store_ruling_find(store, buyer, vendor, campaign, now_us,
			       deadline_us, found, &failure);
	return end_read(vault, ok, failure, error);
}
/* NOLINTEND(readability-function-size) */

gboolean
vault_version_mark(struct vault *vault, guint64 *mark, GError **error)
{
	struct store *store = vault_pin(vault, error);
	GError *failure = NULL;
	gboolean ok;

	if (!store)
		return FALSE;
	ok = store_version_mark(store, mark, &failure);
	return end_read(vault, ok, failure, error);
}

GPtrArray *
vault_version_list(struct vault *vault, const char *buyer, GError **error)
{
	struct store *store = vault_pin(vault, error);
	GError *failure = NULL;
	GPtrArray *versions;

	if (!store)
		return NULL;
	versions = store_version_list(store, buyer, &failure);
	end_read(vault, versions != NULL, failure, error);
	return versions;
}

GPtrArray *
vault_version_list_since(struct vault *vault, const GPtrArray *known,
			 GError **error)
{
	struct store *store = vault_pin(vault, error);
	GError *failure = NULL;
	GPtrArray *versions;

	if (!store)
		return NULL;
	versions = store_version_list_since(store, known, &failure);
	end_read(vault, versions != NULL, failure, error);
	return versions;
}

gboolean
vault_is_shared(struct vault *vault)
{
	struct store *store = vault_pin_any(vault);
	gboolean shared;

	if (!store)
		return FALSE;
	shared = store_is_shared(store);
	vault_unpin(vault, NULL);
	return shared;
}

gboolean
vault_model_mark(struct vault *vault, guint64 *mark, GError **error)
{
	struct store *store = vault_pin(vault, error);
	GError *failure = NULL;
	gboolean ok;

	if (!store)
		return FALSE;
	ok = store_model_mark(store, mark, &failure);
	return end_read(vault, ok, failure, error);
}

GPtrArray *
vault_model_list(struct vault *vault, GError **error)
{
	struct store *store = vault_pin(vault, error);
	GError *failure = NULL;
	GPtrArray *models;

	if (!store)
		return NULL;
	models = store_model_list(store, &failure);
	end_read(vault, models != NULL, failure, error);
	return models;
}

/* The store is not to blame for a model that is not there, or is damaged. */
GBytes *
vault_model_get(struct vault *vault, const char *id, GError **error)
{
	struct store *store = vault_pin(vault, error);
	GBytes *pack;

	if (!store)
		return NULL;
	pack = store_model_get(store, id, error);
	vault_unpin(vault, NULL);
	return pack;
}

gboolean
vault_await(struct vault *vault, gint64 deadline_us)
{
	struct store *store = vault_pin(vault, NULL);
	gboolean told;

	if (!store)
		return FALSE;
	told = store_await(store, deadline_us);
	vault_unpin(vault, NULL);
	return told;
}

/* It writes once in the life of a store, and mail does not wait for it. */
gboolean
vault_key_agree(struct vault *vault, const struct key *key,
		enum store_key *found, GError **error)
{
	struct store *store = vault_pin(vault, error);
	gboolean ok;

	if (!store)
		return FALSE;
	ok = store_key_agree(store, key, found, error);
	vault_unpin(vault, NULL);
	return ok;
}
