#include "store_private.h"

void
store_job_free(struct store_job *job)
{
	if (!job)
		return;
	g_free(job->kind);
	g_free(job->key);
	g_free(job->note);
	g_free(job);
}

/* NOLINTBEGIN(readability-function-size): the contract's parameters. */
gboolean
store_job_claim(struct store *store, const char *kind, const char *key,
		const char *owner, gint64 lease_us, GError **error)
{
	struct store_claim claim = { kind, key, owner, lease_us, FALSE, "" };

	g_assert(kind && *kind && key && owner && *owner && lease_us > 0);
	return store->driver->jobs->claim(store, &claim, error);
}

gboolean
store_job_settle(struct store *store, const char *kind, const char *key,
		 const char *owner, gboolean done, const char *note,
		 GError **error)
{
	struct store_claim claim = { kind, key,	      owner,
				     0,	   done != 0, note ? note : "" };

	g_assert(kind && key && owner && *owner);
	return store->driver->jobs->settle(store, &claim, error);
}
/* NOLINTEND(readability-function-size) */

struct store_job *
store_job_find(struct store *store, const char *kind, const char *key,
	       GError **error)
{
	return store->driver->jobs->find(store, kind, key, error);
}

GPtrArray *
store_job_list(struct store *store, const char *kind, const char *prefix,
	       guint limit, GError **error)
{
	return store->driver->jobs->list(
		store, kind, prefix, limit ? limit : STORE_LIST_LIMIT, error);
}
