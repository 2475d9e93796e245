#include <string.h>

#include "sql_task_private.h"

#define JOB_COLUMNS "kind, key, time, lease, done, attempts, note"

static const char find_job[] = "SELECT " JOB_COLUMNS ", owner FROM job"
			       " WHERE kind = ?1 AND key = ?2";
static const char claim_job[] =
	"INSERT INTO job (kind, key, time, lease, owner, done, attempts, note)"
	" VALUES (?1, ?2, ?3, ?4, ?5, 0, 1, '') ON CONFLICT (kind, key)"
	" DO UPDATE SET time = ?3, lease = ?4, owner = ?5,"
	" attempts = job.attempts + 1";
static const char settle_job[] =
	"UPDATE job SET time = ?3, lease = 0, done = ?4, note = ?5"
	" WHERE kind = ?1 AND key = ?2";
static const char list_kind[] =
	"SELECT " JOB_COLUMNS " FROM job WHERE kind = ?1"
	" ORDER BY time DESC, key DESC LIMIT ?2";
/* After every key that begins so: U+10FFFF is the last character. */
/* No key has a later one. */
#define LAST_CHARACTER "\xf4\x8f\xbf\xbf"

static const char list_prefix[] =
	"SELECT " JOB_COLUMNS " FROM job WHERE kind = ?1 AND key >= ?3"
	" AND key < ?4"
	" ORDER BY time DESC, key DESC LIMIT ?2";

/* The row as it is, copied out so that its statement can end. */
struct found {
	gboolean there;
	gboolean done;
	gint64 lease_us;
	char *owner;
};

/* A copy of a claim that has its strings. */
struct own_claim {
	struct store_claim claim;
	char *kind;
	char *key;
	char *owner;
	char *note;
};

static gpointer
read_row(SqlQuery *query)
{
	struct store_job *job = g_new0(struct store_job, 1);

	job->kind = sql_string_at(query, 0);
	job->key = sql_string_at(query, 1);
	job->time_us = sql_int64_at(query, 2);
	job->lease_us = sql_int64_at(query, 3);
	job->done = (int)sql_int64_at(query, 4) != 0;
	job->attempts = (guint)sql_int64_at(query, 5);
	job->note = sql_string_at(query, 6);
	return job;
}

static gboolean
find_found(struct sql_conn *conn, const struct store_claim *claim,
	   struct found *found, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_job, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, claim->kind);
	sql_bind_string(query, 2, claim->key);
	step = sql_next(conn, query, error);
	found->there = step == SQL_STEP_ROW;
	found->done = found->there && (int)sql_int64_at(query, 4) != 0;
	found->lease_us = found->there ? sql_int64_at(query, 3) : 0;
	found->owner = found->there ? sql_string_at(query, 7) : g_strdup("");
	return step != SQL_STEP_FAILED;
}

static gboolean
refuse(const struct store_claim *claim, const char *why, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT, "%s %s is %s",
		    claim->kind, claim->key, why);
	return FALSE;
}

static gboolean
write_claim(struct sql_conn *conn, const struct store_claim *claim,
	    gint64 now_us, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, claim_job, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, claim->kind);
	sql_bind_string(query, 2, claim->key);
	sql_bind_int64(query, 3, now_us);
	sql_bind_int64(query, 4, now_us + claim->lease_us);
	sql_bind_string(query, 5, claim->owner);
	return sql_run(conn, query, error);
}

static gboolean
claim_found(struct sql_conn *conn, const struct store_claim *claim,
	    const struct found *found, GError **error)
{
	gint64 now_us = clock_now_us();
	gboolean own = strcmp(found->owner, claim->owner) == 0;

	if (found->done)
		return refuse(claim, "done", error);
	if (found->lease_us > now_us)
		return own || refuse(claim, "claimed by another", error);
	return write_claim(conn, claim, now_us, error);
}

static gboolean
write_settled(struct sql_conn *conn, const struct store_claim *claim,
	      GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, settle_job, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, claim->kind);
	sql_bind_string(query, 2, claim->key);
	sql_bind_int64(query, 3, clock_now_us());
	sql_bind_int64(query, 4, claim->done);
	sql_bind_string(query, 5, claim->note);
	return sql_run(conn, query, error);
}

/* A lease that ran out still counts until another has claimed the job. */
static gboolean
settle_found(struct sql_conn *conn, const struct store_claim *claim,
	     const struct found *found, GError **error)
{
	if (!found->there || strcmp(found->owner, claim->owner) != 0)
		return refuse(claim, "not claimed by this owner", error);
	if (found->lease_us != 0)
		return write_settled(conn, claim, error);
	return found->done == claim->done ||
	       refuse(claim, found->done ? "done" : "free again", error);
}

/* What is done with a job once it is known how it stands. */
typedef gboolean (*JobDeed)(struct sql_conn *conn,
			    const struct store_claim *claim,
			    const struct found *found, GError **error);

static gboolean
do_found(struct sql_conn *conn, const struct store_claim *claim, JobDeed deed,
	 GError **error)
{
	struct found found = { 0 };
	gboolean ok = find_found(conn, claim, &found, error) &&
		      deed(conn, claim, &found, error);

	g_free(found.owner);
	return ok;
}

static gboolean
claim_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	  GError **error)
{
	const struct own_claim *own = what;

	(void)answer;
	return do_found(conn, &own->claim, claim_found, error);
}

static gboolean
settle_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	   GError **error)
{
	const struct own_claim *own = what;

	(void)answer;
	return do_found(conn, &own->claim, settle_found, error);
}

static void
own_claim_free(gpointer data)
{
	struct own_claim *own = data;

	g_free(own->kind);
	g_free(own->key);
	g_free(own->owner);
	g_free(own->note);
	g_free(own);
}

static gboolean
run_claim(struct store *store, sql_task run, const struct store_claim *claim,
	  GError **error)
{
	struct own_claim *own = g_new0(struct own_claim, 1);
	struct sql_cargo cargo = { own, own_claim_free, 0 };

	own->claim = *claim;
	own->claim.kind = own->kind = g_strdup(claim->kind);
	own->claim.key = own->key = g_strdup(claim->key);
	own->claim.owner = own->owner = g_strdup(claim->owner);
	own->claim.note = own->note = g_strdup(claim->note);
	return sql_task_run(store, run, cargo, NULL, error);
}

static gboolean
claim_job_of(struct store *store, const struct store_claim *claim,
	     GError **error)
{
	return run_claim(store, claim_run, claim, error);
}

static gboolean
settle_job_of(struct store *store, const struct store_claim *claim,
	      GError **error)
{
	return run_claim(store, settle_run, claim, error);
}

struct asked {
	const char *kind;
	const char *key;
	guint limit;
};

static gpointer
find_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(SqlQuery) query = sql_query(conn, find_job, error);
	gpointer found;

	if (!query)
		return NULL;
	sql_bind_string(query, 1, asked->kind);
	sql_bind_string(query, 2, asked->key);
	if (!sql_first(conn, query, read_row, &found, error))
		return NULL;
	if (!found)
		sql_not_found(asked->kind, asked->key, error);
	return found;
}

static struct store_job *
find(struct store *store, const char *kind, const char *key, GError **error)
{
	struct asked asked = { kind, key, 0 };

	return sql_read(store, find_in, &asked, error);
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct asked *asked = data;
	g_autoptr(SqlQuery) query =
		sql_query(conn, asked->key ? list_prefix : list_kind, error);
	g_autofree char *end =
		g_strconcat(asked->key ? asked->key : "", LAST_CHARACTER, NULL);

	if (!query)
		return NULL;
	sql_bind_string(query, 1, asked->kind);
	sql_bind_int64(query, 2, asked->limit);
	if (asked->key) {
		sql_bind_string(query, 3, asked->key);
		sql_bind_string(query, 4, end);
	}
	return sql_rows(conn, query, read_row, (GDestroyNotify)store_job_free,
			error);
}

static GPtrArray *
list(struct store *store, const char *kind, const char *prefix, guint limit,
     GError **error)
{
	struct asked asked = { kind, prefix, limit };

	return sql_read(store, list_in, &asked, error);
}

const struct store_jobs sql_jobs = { claim_job_of, settle_job_of, find, list };
