#include "milter/supervisor.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "base/program.h"
#include "channel_private.h"
#include "detach_private.h"
#include "supervisor_private.h"

#define PROGRAM "pitchward-milter"

/* Files and libraries the way faults are told to a person. */
static void
complain(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i]; i++)
		if (*lines[i])
			fprintf(stderr, PROGRAM ": %s\n", lines[i]);
}

static int
exit_code(const GError *error)
{
	if (error->domain != BASE_ERROR)
		return EX_CONFIG;
	switch ((enum base_error)error->code) {
	case BASE_ERROR_BUSY:
		return EX_TEMPFAIL;
	case BASE_ERROR_DENIED:
		return EX_NOPERM;
	case BASE_ERROR_NOT_FOUND:
	case BASE_ERROR_IO:
		return EX_CANTCREAT;
	case BASE_ERROR_LIMIT:
	case BASE_ERROR_INVALID:
	default:
		return EX_CONFIG;
	}
}

static void
open_log(const struct supervisor *supervisor)
{
	static const enum log_sink sinks[] = {
		[LOG_TO_STDERR] = LOG_SINK_STDERR,
		[LOG_TO_SYSLOG] = LOG_SINK_SYSLOG,
		[LOG_TO_JOURNAL] = LOG_SINK_JOURNAL,
	};
	int log = supervisor->options->log;
	enum log_sink sink = log >= 0 ? (enum log_sink)log
				      : sinks[supervisor->good->config->log_to];

	/* In the background there will be no standard error. */
	if (sink == LOG_SINK_STDERR && supervisor->parent >= 0)
		sink = LOG_SINK_SYSLOG;
	log_open(sink, PROGRAM);
}

static gboolean
hear_signals(struct supervisor *supervisor, GError **error)
{
	static const int heard[] = { SIGHUP,  SIGTERM, SIGINT,
				     SIGCHLD, SIGUSR1, SIGUSR2 };
	sigset_t set;

	sigemptyset(&set);
	for (gsize i = 0; i < G_N_ELEMENTS(heard); i++)
		sigaddset(&set, heard[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	supervisor->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return supervisor->signals >= 0 ||
	       error_set_errno(error, errno, "signalfd");
}

static void
find_watchdog(struct supervisor *supervisor)
{
	guint64 limit_us = 0;

	if (sd_watchdog_enabled(0, &limit_us) <= 0)
		return;
	supervisor->ping_every_us = (gint64)(limit_us / 3);
	supervisor->ping_us = clock_monotonic_us();
}

static gboolean
begin(struct supervisor *supervisor, GError **error)
{
	const struct supervisor_options *options = supervisor->options;
	const struct snapshot_request request = { .config = options->config,
						  .models = options->models,
						  .partial = TRUE };

	/* First: who is told to end while it still reads ends in good order. */
	if (!hear_signals(supervisor, error) ||
	    !failpoint_open(g_getenv("PITCHWARD_FAILPOINT"), error))
		return FALSE;
	supervisor->good = snapshot_take(&request, error);
	if (!supervisor->good || !listener_open(supervisor->good->config,
						&supervisor->listener, error))
		return FALSE;
	if (!supervisor->listener.passed)
		supervisor->bound = g_strdup(supervisor->good->config->socket);
	/* Of texts that were read. A worker begins with what is left. */
	malloc_trim(0);
	open_log(supervisor);
	supervisor->blame = blame_new();
	supervisor->counters = counters_new();
	/* A session is a file. */
	program_raise_files();
	find_watchdog(supervisor);
	return TRUE;
}

/* "3 buyers"; the caller's. */
static char *
buyers(const struct snapshot *snapshot)
{
	return g_strdup_printf("%u buyer%s", snapshot->buyers->len,
			       snapshot->buyers->len == 1 ? "" : "s");
}

static void
say_ready(const struct supervisor *supervisor)
{
	g_autofree char *count = buyers(supervisor->good);

	sd_notifyf(0, "READY=1\nSTATUS=%s, models %s", count,
		   supervisor->good->models);
}

static void
on_ready(struct supervisor *supervisor)
{
	g_autofree char *count = NULL;

	if (supervisor->served)
		return;
	supervisor->served = TRUE;
	count = buyers(supervisor->good);
	log_write(LOG_LEVEL_INFO, "serving %s: mode %s, %s, models %s",
		  supervisor->listener.passed
			  ? "the socket passed in"
			  : supervisor->good->config->socket,
		  config_modes[supervisor->good->config->mode], count,
		  supervisor->good->models);
	say_ready(supervisor);
	detach_done(supervisor->parent, EX_OK);
	supervisor->parent = -1;
}

static void
on_broken(struct supervisor *supervisor, const char *text)
{
	char *message = NULL;

	supervisor->code = (int)g_ascii_strtoll(text, &message, 10);
	message += strspn(message, " ");
	if (!supervisor->served)
		complain(message);
	log_write(LOG_LEVEL_ERROR, "the worker cannot start: %s", message);
}

static void
refuse_reload(const char *faults)
{
	g_auto(GStrv) lines = g_strsplit(faults, "\n", -1);
	g_autofree char *text = g_strjoinv("; ", lines);

	log_write(LOG_LEVEL_WARNING,
		  "not reloaded, the running configuration stays: %s", text);
}

/* A worker to come starts with what the running one has just taken. */
static void
adopt(struct supervisor *supervisor)
{
	const struct snapshot_request request = {
		.config = supervisor->options->config,
		.models = supervisor->options->models,
		.before = supervisor->good,
	};
	g_autoptr(GError) error = NULL;
	struct snapshot *new = snapshot_take(&request, &error);

	if (!new) {
		refuse_reload(error->message);
		return;
	}
	snapshot_unref(supervisor->good);
	supervisor->good = new;
	malloc_trim(0);
}

static void
reload(struct supervisor *supervisor)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
		   clock_monotonic_us());
	if (supervisor->reloading) {
		supervisor->reload_again = TRUE;
		return;
	}
	if (supervisor->channel >= 0 &&
	    channel_send(supervisor->channel, "reload")) {
		supervisor->reloading = TRUE;
		return;
	}
	adopt(supervisor);
	say_ready(supervisor);
}

static void
on_reloaded(struct supervisor *supervisor, const char *ok, const char *failed)
{
	supervisor->reloading = FALSE;
	if (ok) {
		log_write(LOG_LEVEL_INFO, "reloaded: %s", ok);
		adopt(supervisor);
	} else
		refuse_reload(failed);
	say_ready(supervisor);
	if (supervisor->reload_again) {
		supervisor->reload_again = FALSE;
		reload(supervisor);
	}
}

static void
on_word(struct supervisor *supervisor)
{
	g_autofree char *text = channel_receive(supervisor->channel);
	const char *rest;

	/* Its end of the pair closes a moment before SIGCHLD comes. */
	if (!text) {
		close(supervisor->channel);
		supervisor->channel = -1;
		return;
	}
	if (channel_match(text, "ready"))
		on_ready(supervisor);
	else if ((rest = channel_match(text, "broken")))
		on_broken(supervisor, rest);
	else if ((rest = channel_match(text, "ok")))
		on_reloaded(supervisor, rest, NULL);
	else if ((rest = channel_match(text, "failed")))
		on_reloaded(supervisor, NULL, rest);
	else if (channel_match(text, "pong"))
		sd_notify(0, "WATCHDOG=1");
}

/* A worker's last words are read before it is buried. */
static void
last_words(struct supervisor *supervisor)
{
	struct pollfd left = { .fd = supervisor->channel, .events = POLLIN };

	while (supervisor->channel >= 0 && poll(&left, 1, 0) > 0)
		on_word(supervisor);
}

static void
on_signal(struct supervisor *supervisor, int number)
{
	switch (number) {
	case SIGHUP:
		reload(supervisor);
		break;
	case SIGTERM:
	case SIGINT:
		sd_notify(0, "STOPPING=1");
		crew_stop(supervisor);
		break;
	case SIGCHLD:
		last_words(supervisor);
		crew_reap(supervisor);
		break;
	case SIGUSR2:
		if (supervisor->channel >= 0)
			channel_send(supervisor->channel, "counters");
		break;
	default:
		break;
	}
}

static void
take_signals(struct supervisor *supervisor)
{
	struct signalfd_siginfo info;

	while (read(supervisor->signals, &info, sizeof(info)) ==
	       (gssize)sizeof(info))
		on_signal(supervisor, (int)info.ssi_signo);
}

/* Without a worker it is this process that shows that it lives. */
static void
ping(struct supervisor *supervisor, gint64 now)
{
	supervisor->ping_us = now + supervisor->ping_every_us;
	if (supervisor->channel < 0)
		sd_notify(0, "WATCHDOG=1");
	else
		channel_send(supervisor->channel, "ping");
}

static void
do_due(struct supervisor *supervisor)
{
	gint64 now = clock_monotonic_us();

	if (supervisor->respawn_us && now >= supervisor->respawn_us)
		crew_start(supervisor);
	if (supervisor->kill_us && now >= supervisor->kill_us)
		crew_stop(supervisor);
	if (supervisor->ping_us && now >= supervisor->ping_us)
		ping(supervisor, now);
}

static int
next_timeout_ms(const struct supervisor *supervisor)
{
	const gint64 due[] = { supervisor->respawn_us, supervisor->kill_us,
			       supervisor->ping_us };
	gint64 now = clock_monotonic_us();
	gint64 wait_us = -1;

	for (gsize i = 0; i < G_N_ELEMENTS(due); i++) {
		gint64 left = MAX(due[i] - now, 0);

		if (due[i] != 0 && (wait_us < 0 || left < wait_us))
			wait_us = left;
	}
	return wait_us < 0 ? -1 : (int)MIN(wait_us / 1000 + 1, 3600000);
}

static void
loop(struct supervisor *supervisor)
{
	while (!supervisor->ended) {
		struct pollfd fds[] = {
			{ .fd = supervisor->signals, .events = POLLIN },
			{ .fd = supervisor->channel, .events = POLLIN },
		};

		poll(fds, G_N_ELEMENTS(fds), next_timeout_ms(supervisor));
		if (fds[1].revents)
			on_word(supervisor);
		if (fds[0].revents)
			take_signals(supervisor);
		do_due(supervisor);
	}
}

static void
end(struct supervisor *supervisor)
{
	detach_done(supervisor->parent, supervisor->code);
	listener_close(&supervisor->listener);
	g_free(supervisor->bound);
	snapshot_unref(supervisor->good);
	if (supervisor->signals >= 0)
		close(supervisor->signals);
}

int
supervisor_run(const struct supervisor_options *options)
{
	struct supervisor supervisor = { .options = options,
					 .listener.fd = -1,
					 .signals = -1,
					 .parent = -1,
					 .channel = -1 };
	g_autoptr(GError) error = NULL;

	if ((!options->foreground &&
	     !detach_begin(&supervisor.parent, &error)) ||
	    !begin(&supervisor, &error)) {
		complain(error->message);
		supervisor.code = exit_code(error);
	} else {
		crew_start(&supervisor);
		loop(&supervisor);
	}
	end(&supervisor);
	return supervisor.code;
}

int
supervisor_check(const struct supervisor_options *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) snapshot =
		snapshot_load(options->config, options->models, &error);

	g_autofree char *count = NULL;

	if (!snapshot) {
		complain(error->message);
		return EX_CONFIG;
	}
	if (snapshot->group_faults)
		complain(snapshot->group_faults);
	count = buyers(snapshot);
	printf("%s: %s, models %s\n", options->config, count, snapshot->models);
	return EX_OK;
}
