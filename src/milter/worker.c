#include "worker_private.h"

#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/identity.h"
#include "base/log.h"
#include "callbacks_private.h"
#include "channel_private.h"
#include "door_private.h"
#include "metrics_private.h"
#include "milter/site.h"
#include "refresh_private.h"

#define TICK_MS 1000

struct worker {
	const struct worker_task *task;
	struct site *site;
	struct refresh *refresh;
	struct metrics *metrics;
	struct door door;
	atomic_int gave_up; /* libmilter serves no more */
};

/*
 * The supervisor decides when to stop. Ignored and not blocked in the main
 * thread, these signals are dropped by the kernel before libmilter's own
 * thread, for which HUP means the end, can take them.
 */
static void
ignore_signals(void)
{
	static const int ignored[] = { SIGHUP,	SIGTERM, SIGINT,
				       SIGUSR1, SIGUSR2, SIGPIPE };
	sigset_t none;

	for (gsize i = 0; i < G_N_ELEMENTS(ignored); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static gpointer
serve(gpointer data)
{
	struct worker *worker = data;

	callbacks_serve(worker->site, worker->task->listener);
	atomic_store(&worker->gave_up, 1);
	return NULL;
}

static void
log_counters(const struct worker *worker)
{
	g_autofree char *counters = site_counters(worker->site);

	log_write(LOG_LEVEL_INFO, "%s", counters);
}

/* Callbacks may still run on other threads: only the vault is closed. */
static int
stop(struct worker *worker)
{
	gint64 deadline = clock_monotonic_us() + STOP_SECONDS * CLOCK_SECOND_US;

	/* smfi_stop() would end sessions in the middle of a message. */
	door_shut(&worker->door);
	if (!site_close(worker->site, deadline)) {
		log_write(LOG_LEVEL_WARNING,
			  "messages were still under way after %d s",
			  STOP_SECONDS);
		_exit(EX_TEMPFAIL);
	}
	log_counters(worker);
	g_clear_pointer(&worker->metrics, metrics_free);
	g_clear_pointer(&worker->refresh, refresh_free);
	g_clear_pointer(&worker->site->vault, vault_close);
	return EX_OK;
}

static void
reload(struct worker *worker)
{
	g_autofree char *answer = refresh_reload(worker->refresh);

	channel_send(worker->task->channel, answer);
}

/* FALSE: to stop, because told so or because the supervisor is gone. */
static gboolean
obey(struct worker *worker)
{
	int channel = worker->task->channel;
	g_autofree char *text = channel_receive(channel);

	if (!text || channel_match(text, "stop"))
		return FALSE;
	if (channel_match(text, "reload"))
		reload(worker);
	else if (channel_match(text, "counters")) {
		log_counters(worker);
		metrics_hurry(worker->metrics);
	} else if (channel_match(text, "ping"))
		channel_send(channel, "pong");
	return TRUE;
}

static void
tell_news(const struct worker *worker)
{
	g_autofree char *news = vault_news(worker->site->vault);

	if (news)
		log_write(LOG_LEVEL_WARNING, "%s", news);
}

static void
watch_door(struct worker *worker)
{
	if (door_watch(&worker->door))
		log_write(LOG_LEVEL_WARNING, "%s",
			  worker->door.shut
				  ? "hardly any files are left (ulimit -n): no "
				    "more connections for now"
				  : "there are files again: connections are "
				    "accepted");
}

static int
control(struct worker *worker)
{
	struct pollfd poll_fd = { .fd = worker->task->channel,
				  .events = POLLIN };

	while (!atomic_load(&worker->gave_up)) {
		if (poll(&poll_fd, 1, TICK_MS) > 0 && !obey(worker))
			return stop(worker);
		tell_news(worker);
		watch_door(worker);
	}
	log_write(LOG_LEVEL_ERROR, "libmilter gave up, see its own log lines");
	return EX_SOFTWARE;
}

G_NORETURN static void
broken(const struct worker_task *task, int code, const GError *error)
{
	g_autofree char *text =
		g_strdup_printf("broken %d %s", code, error->message);

	channel_send(task->channel, text);
	exit(code);
}

/*
 * libmilter's threads come and go; with glibc's eight arenas a processor each
 * would leave the memory of its largest message behind.
 */
static void
bound_arenas(void)
{
	mallopt(M_ARENA_MAX, 2 * (int)g_get_num_processors());
}

void
worker_run(const struct worker_task *task)
{
	const struct config *config = task->snapshot->config;
	struct worker worker = { .task = task };
	g_autoptr(GError) error = NULL;
	g_autoptr(Vault) vault = NULL;
	g_autoptr(Key) key = NULL;

	ignore_signals();
	bound_arenas();
	prctl(PR_SET_NAME, "pitchward-work", 0, 0, 0);
	if (identity_become(identity_path(config->store, config->key),
			    &error) &&
	    identity_can_read(task->config, &error))
		key = key_open(config->key, &error);
	if (!key)
		broken(task, EX_NOPERM, error);
	vault = vault_open(config->store, config->spool, config->spool_max,
			   &error);
	if (!vault)
		broken(task, EX_UNAVAILABLE, error);
	worker.site =
		site_new(task->snapshot, g_steal_pointer(&vault),
			 g_steal_pointer(&key), task->blame, task->counters);
	worker.refresh = refresh_new(worker.site, task->config, task->models,
				     task->socket);
	worker.metrics = metrics_new(worker.site);
	door_init(&worker.door, task->listener);
	g_thread_unref(g_thread_new("serve", serve, &worker));
	channel_send(task->channel, "ready");
	/* Here, while the serving thread's part of the stack still stands. */
	exit(control(&worker));
}
