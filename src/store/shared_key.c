/* The mark is the note of a job that nobody ever does: it needs no table. */
#include "store/shared_key.h"

#include "base/clock.h"
#include "store/jobs.h"

#define KIND	"site-key"
#define KEY	"mark"
#define PURPOSE "the site key of a store"

/* Longer than two writes take. */
#define LEASE_US (60 * CLOCK_SECOND_US)

static char *
mark_of(const struct key *key)
{
	return key_mac(key, PURPOSE, NULL, 0);
}

gboolean
store_key_look(struct store *store, const struct key *key,
	       enum store_key *found, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(StoreJob) job = store_job_find(store, KIND, KEY, &failure);

	if (job && *job->note) {
		*found = key_verify(key, PURPOSE, NULL, 0, job->note)
				 ? STORE_KEY_OURS
				 : STORE_KEY_OTHER;
		return TRUE;
	}
	if (job ||
	    g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		*found = STORE_KEY_NONE;
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

/* One key at a time: it is the owner, so that who tries again goes on. */
static gboolean
claim(struct store *store, const char *mark, GError **error)
{
	return store_job_claim(store, KIND, KEY, mark, LEASE_US, error);
}

static gboolean
settle(struct store *store, const char *owner, const char *mark, GError **error)
{
	return store_job_settle(store, KIND, KEY, owner, FALSE, mark, error);
}

/* Of two that found none, the second finds what the first one wrote. */
static gboolean
write_first(struct store *store, const struct key *key, enum store_key *found,
	    GError **error)
{
	g_autofree char *mark = mark_of(key);
	g_autoptr(StoreJob) job = NULL;

	if (!claim(store, mark, error))
		return FALSE;
	job = store_job_find(store, KIND, KEY, error);
	return job &&
	       settle(store, mark, *job->note ? job->note : mark, error) &&
	       store_key_look(store, key, found, error);
}

gboolean
store_key_agree(struct store *store, const struct key *key,
		enum store_key *found, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (!store_key_look(store, key, found, error))
		return FALSE;
	if (*found != STORE_KEY_NONE ||
	    write_first(store, key, found, &failure) ||
	    g_error_matches(failure, STORE_ERROR, STORE_ERROR_CONFLICT))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

gboolean
store_key_set(struct store *store, const struct key *key, GError **error)
{
	g_autofree char *mark = mark_of(key);

	return claim(store, mark, error) && settle(store, mark, mark, error);
}
