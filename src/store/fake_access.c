/* Who is signed in, what was done, and jobs. */
#include "fake_private.h"

static gboolean
pass_add(struct store *store, const struct store_pass *pass, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn, store_pass_add(turn.inner, pass, error), error);
}

static struct store_pass *
pass_find(struct store *store, enum store_pass_kind kind, const char *hash,
	  gint64 now_us, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_pass_find(inner, kind, hash, now_us, error) : NULL;
}

static gboolean
pass_end(struct store *store, enum store_pass_kind kind, const char *hash,
	 gint64 now_us, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_pass_end(turn.inner, kind, hash, now_us, error),
			error);
}

static gboolean
pass_end_all(struct store *store, const char *address, gint64 now_us, guint *n,
	     GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_pass_end_all(turn.inner, address, now_us, n,
					   error),
			error);
}

static GPtrArray *
pass_list(struct store *store, const char *address, gint64 now_us,
	  GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_pass_list(inner, address, now_us, error) : NULL;
}

const struct store_passes fake_passes = { pass_add, pass_find, pass_end,
					  pass_end_all, pass_list };

/* The id is the caller's by now: nothing is lost with the answer. */
static gboolean
audit_add(struct store *store, const struct store_audit *audit, GError **error)
{
	g_autoptr(StoreAudit) copy = store_audit_copy(audit);
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn, store_audit_add(turn.inner, copy, error), error);
}

static GPtrArray *
audit_list(struct store *store, const struct store_audit_query *query,
	   GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_audit_list(inner, query, error) : NULL;
}

const struct store_audits fake_audits = { audit_add, audit_list };

static gboolean
job_claim(struct store *store, const struct store_claim *claim, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_job_claim(turn.inner, claim->kind, claim->key,
					claim->owner, claim->lease_us, error),
			error);
}

static gboolean
job_settle(struct store *store, const struct store_claim *claim, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_job_settle(turn.inner, claim->kind, claim->key,
					 claim->owner, claim->done, claim->note,
					 error),
			error);
}

static struct store_job *
job_find(struct store *store, const char *kind, const char *key, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_job_find(inner, kind, key, error) : NULL;
}

static GPtrArray *
job_list(struct store *store, const char *kind, const char *prefix, guint limit,
	 GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_job_list(inner, kind, prefix, limit, error) : NULL;
}

const struct store_jobs fake_jobs = { job_claim, job_settle, job_find,
				      job_list };
