#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "sqlite_private.h"
#include "sqlite_schema_private.h"

#define OPEN_US	 (5 * CLOCK_SECOND_US)
#define CLOSE_US (5 * CLOCK_SECOND_US)

/* A large store must not keep a program from starting. */
#define QUICK_CHECK_US (CLOCK_SECOND_US / 4)

/*
 * SQLite would make it readable by all; its log and index take its mode. A
 * file that exists is not touched: closing a descriptor of it would drop the
 * locks that this process has on it.
 */
static gboolean
make_file(const char *path, GError **error)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (fd >= 0) {
		close(fd);
		return TRUE;
	}
	if (errno == EEXIST)
		return TRUE;
	g_set_error(error, STORE_ERROR,
		    errno == ENOSPC || errno == EDQUOT ? STORE_ERROR_FULL
						       : STORE_ERROR_AWAY,
		    "%s: %s", path, g_strerror(errno));
	return FALSE;
}

static struct sqlite_conn *
open_writer(const char *path, GError **error)
{
	struct sqlite_conn *conn;

	if (!make_file(path, error))
		return NULL;
	conn = sqlite_conn_open(path, SQLITE_CONN_WRITER,
				clock_monotonic_us() + OPEN_US, error);
	if (conn && !sqlite_schema_prepare(conn, error))
		g_clear_pointer(&conn, sqlite_conn_close);
	return conn;
}

/* On a full disk even opening may need the ballast: the log has an index. */
static struct sqlite_conn *
open_somehow(const char *path, const struct space *space, GError **error)
{
	g_autoptr(GError) failure = NULL;
	struct sqlite_conn *conn = open_writer(path, &failure);

	if (conn)
		return conn;
	if (g_error_matches(failure, STORE_ERROR, STORE_ERROR_FULL) &&
	    space_spill(space))
		return open_writer(path, error);
	g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

static gboolean
look_over(struct sqlite_store *store, GError **error)
{
	struct sqlite_conn *conn = sqlite_pool_take(
		store->pool, clock_monotonic_us() + OPEN_US, error);
	gboolean ok;

	if (!conn)
		return FALSE;
	conn->deadline_us = clock_monotonic_us() + QUICK_CHECK_US;
	ok = sqlite_check_quick(conn, error);
	sqlite_pool_give(store->pool, conn, !ok);
	return ok;
}

static void
sqlite_close(struct store *base)
{
	struct sqlite_store *store = sqlite_store(base);

	queue_close(store->queue, clock_monotonic_us() + CLOSE_US);
	if (store->writer)
		sqlite_writer_stop(store->writer);
	queue_free(store->queue);
	sqlite_pool_free(store->pool);
	recent_free(store->recent);
	recent_free(store->touches);
	haystacks_free(store->haystacks);
	space_free(store->space);
	g_free(store->path);
	g_free(store);
}

static gboolean
start(struct sqlite_store *store, GError **error)
{
	struct sqlite_conn *conn =
		open_somehow(store->path, store->space, error);
	g_autoptr(GError) failure = NULL;

	if (!conn)
		return FALSE;
	space_keep(store->space);
	if (look_over(store, error))
		store->writer = sqlite_writer_start(conn, store->queue,
						    store->space, &failure);
	if (failure)
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY, "%s: %s",
			    store->path, failure->message);
	if (!store->writer)
		sqlite_conn_close(conn);
	return store->writer != NULL;
}

static struct store *
sqlite_open(const char *path, GError **error)
{
	struct sqlite_store *store;

	if (*path == '\0') {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "store 'sqlite:': the path is missing");
		return NULL;
	}
	store = g_new0(struct sqlite_store, 1);
	store->path = g_strdup(path);
	store->space = space_new(path);
	store->pool = sqlite_pool_new(path);
	store->queue = queue_new();
	store->recent = recent_new(RECENT_MAX);
	store->touches = recent_new(RECENT_CAMPAIGN_MAX);
	store->haystacks = haystacks_new(HAYSTACKS_MAX);
	if (start(store, error))
		return &store->base;
	sqlite_close(&store->base);
	return NULL;
}

static gboolean
sqlite_verify(struct store *base, GError **error)
{
	struct sqlite_store *store = sqlite_store(base);
	struct sqlite_conn *conn = sqlite_pool_take(
		store->pool, clock_monotonic_us() + base->wait_us, error);
	gboolean ok;

	if (!conn)
		return FALSE;
	conn->deadline_us = G_MAXINT64;
	ok = sqlite_check_whole(conn, error);
	sqlite_pool_give(store->pool, conn, !ok);
	return ok;
}

const struct store_driver store_sqlite = {
	.scheme = "sqlite",
	.open = sqlite_open,
	.close = sqlite_close,
	.hold = sqlite_hold,
	.note = sqlite_note,
	.contact = sqlite_contact,
	.known = sqlite_known,
	.history = sqlite_history,
	.list = sqlite_list,
	.find = sqlite_find,
	.body = sqlite_body,
	.claim = sqlite_claim,
	.settle = sqlite_settle,
	.delete = sqlite_delete,
	.expire = sqlite_expire,
	.features = sqlite_features,
	.feedback_add = sqlite_feedback_add,
	.feedback_undo = sqlite_feedback_undo,
	.feedback_list = sqlite_feedback_list,
	.ruling_add = sqlite_ruling_add,
	.ruling_undo = sqlite_ruling_undo,
	.ruling_list = sqlite_ruling_list,
	.ruling_find = sqlite_ruling_find,
	.flush = sqlite_flush,
	.stats = sqlite_stats,
	.verify = sqlite_verify,
	.versions = &sqlite_versions,
	.passes = &sqlite_passes,
	.audits = &sqlite_audits,
	.jobs = &sqlite_jobs,
	.review = &sqlite_review,
	.signals = &sqlite_signals,
	.vendors = &sqlite_vendors,
	.documents = &sqlite_documents,
	.decisions = &sqlite_decisions,
};
