#include <string.h>

#include "base/clock.h"
#include "fetch_private.h"
#include "store/jobs.h"

#define JOB_KIND    "fetch"
#define DOUBLES_MAX 12

static struct store_source *
source_new(const struct fetch_task *task)
{
	struct store_source *source = g_new0(struct store_source, 1);

	source->name = g_strdup(task->name);
	source->url = g_strdup(task->url);
	source->etag = g_strdup("");
	source->modified = g_strdup("");
	source->error = g_strdup("");
	return source;
}

/* Of another URL nothing that was known holds. */
static struct store_source *
source_load(const struct fetch *fetch, const struct fetch_task *task,
	    GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(StoreSource) source = NULL;

	if (!fetch->store)
		return source_new(task);
	source = store_source_find(fetch->store, task->name, &local);
	if (source && strcmp(source->url, task->url) == 0)
		return g_steal_pointer(&source);
	if (source ||
	    g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		return source_new(task);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

static gint64
backoff_us(const struct fetch_task *task, guint failures)
{
	const gint64 most = MAX(FETCH_BACKOFF_MAX_US, task->every_us);
	gint64 wait_us = task->every_us;

	for (guint i = 0; i < MIN(failures, DOUBLES_MAX) && wait_us < most; i++)
		wait_us *= 2;
	return MIN(wait_us, most);
}

static void
note_failure(const struct fetch *fetch, const struct fetch_task *task,
	     struct store_source *source, const GError *why)
{
	source->failures++;
	source->due_us = fetch->now_us + backoff_us(task, source->failures);
	g_free(source->error);
	source->error = g_utf8_make_valid(why->message, -1);
}

static void
note_success(const struct fetch *fetch, const struct fetch_task *task,
	     struct store_source *source)
{
	source->failures = 0;
	source->success_us = fetch->now_us;
	source->due_us = fetch->now_us + task->every_us;
	g_free(source->error);
	source->error = g_strdup("");
}

static gboolean
ask(const struct fetch *fetch, const struct fetch_task *task,
    struct store_source *source, struct fetch_report *report, GError **error)
{
	g_autoptr(GError) why = NULL;
	gint64 retry_us = 0;

	source->time_us = fetch->now_us;
	if (task->ask(fetch, task, source, report, &retry_us, &why)) {
		note_success(fetch, task, source);
	} else {
		note_failure(fetch, task, source, why);
		g_propagate_error(error, g_steal_pointer(&why));
	}
	source->due_us = MAX(source->due_us, fetch->now_us + retry_us);
	return source->failures == 0;
}

static gboolean
is_due(const struct fetch *fetch, const struct store_source *source)
{
	return fetch->force || source->due_us <= fetch->now_us;
}

/* With the claim: what another run has written since is looked at again. */
static gboolean
run_claimed(const struct fetch *fetch, const struct fetch_task *task,
	    struct fetch_report *report, GError **error)
{
	g_autoptr(StoreSource) source = source_load(fetch, task, error);
	gboolean ok;

	if (!source)
		return FALSE;
	if (!is_due(fetch, source)) {
		report->outcome = FETCH_NOT_DUE;
		return TRUE;
	}
	ok = ask(fetch, task, source, report, error);
	if (fetch->dry)
		return ok;
	return store_source_set(fetch->store, source, ok ? error : NULL) && ok;
}

static gint64
lease_us(const struct config_fetch *config, const struct fetch_task *task)
{
	return task->requests * (config->timeout_us + config->interval_us) +
	       60 * CLOCK_SECOND_US;
}

static gboolean
claim_and_run(const struct fetch *fetch, const struct fetch_task *task,
	      struct fetch_report *report, GError **error)
{
	g_autoptr(GError) local = NULL;
	char owner[ID_LEN + 1];
	gboolean ok;

	id_new(owner);
	if (!store_job_claim(fetch->store, JOB_KIND, task->name, owner,
			     lease_us(&fetch->config->fetch, task), &local)) {
		report->outcome = FETCH_BUSY;
		if (g_error_matches(local, STORE_ERROR, STORE_ERROR_CONFLICT))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	ok = run_claimed(fetch, task, report, error);
	/* Should this fail, the lease ends by itself. */
	(void)store_job_settle(fetch->store, JOB_KIND, task->name, owner, FALSE,
			       ok ? "" : "failed", NULL);
	return ok;
}

gboolean
fetch_task_run(const struct fetch *fetch, const struct fetch_task *task,
	       struct fetch_report *report, GError **error)
{
	g_autoptr(StoreSource) source = source_load(fetch, task, error);

	if (!source)
		return FALSE;
	if (!is_due(fetch, source)) {
		report->outcome = FETCH_NOT_DUE;
		return TRUE;
	}
	if (fetch->dry)
		return run_claimed(fetch, task, report, error);
	return claim_and_run(fetch, task, report, error);
}
