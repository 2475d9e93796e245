#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "channel_private.h"
#include "detach_private.h"
#include "supervisor_private.h"
#include "worker_private.h"

/* A worker that lives shorter than this is in trouble of its own. */
#define QUICK_DEATH_US CLOCK_SECOND_US
#define BACKOFF_US     (CLOCK_SECOND_US / 10)
#define BACKOFF_MAX_US (5 * CLOCK_SECOND_US)

G_NORETURN static void
become_worker(const struct supervisor *supervisor, int channel)
{
	const struct worker_task task = {
		.snapshot = snapshot_ref(supervisor->good),
		.config = supervisor->options->config,
		.models = supervisor->options->models,
		.socket = supervisor->bound,
		.blame = supervisor->blame,
		.counters = supervisor->counters,
		.listener = supervisor->listener.fd,
		.channel = channel,
	};

	close(supervisor->signals);
	close(supervisor->channel);
	if (supervisor->parent >= 0) {
		close(supervisor->parent);
		detach_stderr();
	}
	worker_run(&task);
}

static void
retry_later(struct supervisor *supervisor)
{
	guint shift = MIN(supervisor->quick_deaths, 8);
	gint64 wait_us = shift < 2 ? 0 : BACKOFF_US << (shift - 2);

	supervisor->respawn_us =
		clock_monotonic_us() + MIN(wait_us, BACKOFF_MAX_US);
}

void
crew_start(struct supervisor *supervisor)
{
	g_autoptr(GError) error = NULL;
	int ends[2];

	supervisor->respawn_us = 0;
	supervisor->started_us = clock_monotonic_us();
	if (!channel_open(ends, &error)) {
		log_write(LOG_LEVEL_ERROR, "%s", error->message);
		supervisor->quick_deaths++;
		retry_later(supervisor);
		return;
	}
	supervisor->channel = ends[0];
	supervisor->worker = fork();
	if (supervisor->worker == 0)
		become_worker(supervisor, ends[1]);
	close(ends[1]);
	if (supervisor->worker > 0)
		return;
	log_write(LOG_LEVEL_ERROR, "fork: %s", g_strerror(errno));
	supervisor->worker = 0;
	close(supervisor->channel);
	supervisor->channel = -1;
	supervisor->quick_deaths++;
	retry_later(supervisor);
}

static char *
describe(int status)
{
	if (WIFSIGNALED(status))
		return g_strdup_printf("was killed by signal %d (%s)",
				       WTERMSIG(status),
				       g_strsignal(WTERMSIG(status)));
	return g_strdup_printf("ended with status %d", WEXITSTATUS(status));
}

static void
after_death(struct supervisor *supervisor, pid_t pid, int status)
{
	guint suspects = blame_collect(supervisor->blame);
	g_autofree char *how = describe(status);
	gint64 lived_us = clock_monotonic_us() - supervisor->started_us;

	log_write(LOG_LEVEL_ERROR,
		  "worker %d %s after %" G_GINT64_FORMAT
		  " s; another takes over",
		  (int)pid, how, lived_us / CLOCK_SECOND_US);
	if (suspects > 0)
		log_write(LOG_LEVEL_WARNING,
			  "%u messages it was reading pass unread if they come "
			  "again",
			  suspects);
	if (lived_us < QUICK_DEATH_US)
		supervisor->quick_deaths++;
	else
		supervisor->quick_deaths = 0;
	supervisor->reloading = FALSE;
	counter_add(&supervisor->counters->deaths, 1);
	retry_later(supervisor);
}

/* The worker was told to stop, or never came up at all: that is the end. */
static gboolean
is_end(const struct supervisor *supervisor)
{
	return supervisor->kill_us != 0 || !supervisor->served;
}

static int
code_of_end(const struct supervisor *supervisor, int status)
{
	if (supervisor->kill_us != 0)
		return EX_OK;
	if (supervisor->code != EX_OK)
		return supervisor->code;
	return WIFEXITED(status) && WEXITSTATUS(status) != EX_OK
		       ? WEXITSTATUS(status)
		       : EX_SOFTWARE;
}

void
crew_reap(struct supervisor *supervisor)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != supervisor->worker)
			continue;
		supervisor->worker = 0;
		if (supervisor->channel >= 0)
			close(supervisor->channel);
		supervisor->channel = -1;
		if (is_end(supervisor)) {
			supervisor->code = code_of_end(supervisor, status);
			supervisor->ended = TRUE;
		} else
			after_death(supervisor, pid, status);
	}
}

void
crew_stop(struct supervisor *supervisor)
{
	gint64 now = clock_monotonic_us();

	if (supervisor->worker == 0) {
		supervisor->ended = TRUE;
		return;
	}
	if (supervisor->kill_us == 0)
		supervisor->kill_us =
			now + (STOP_SECONDS + 1) * CLOCK_SECOND_US;
	if (now >= supervisor->kill_us ||
	    !channel_send(supervisor->channel, "stop"))
		kill(supervisor->worker, SIGKILL);
}
