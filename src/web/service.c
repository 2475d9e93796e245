#include "service_private.h"

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
#include "base/log.h"
#include "base/program.h"
#include "letter_private.h"
#include "listen_private.h"
#include "server_private.h"
#include "site_private.h"
#include "store/audit.h"
#include "store/key_watch.h"

#define PROGRAM "pitchward-web"
#define TICK_MS 1000
#define END_US	(15 * CLOCK_SECOND_US)

/* A store that is there is open sooner; how long a start waits for it. */
#define STORE_US (2 * CLOCK_SECOND_US)
#define LINK_US	 (30 * CLOCK_SECOND_US)

/* An attempt to reach it has ended by then. */
#define STORE_END_US (6 * CLOCK_SECOND_US)

struct service {
	const struct service_options *options;
	struct web_site *site;
	struct server *server;
	char *away; /* why the store is not there; NULL: it is */
	struct key_watch key;
	int listener;
	int signals;
	gboolean passed;
	gboolean ended;
};

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
	if (error->domain == STORE_ERROR)
		return EX_UNAVAILABLE;
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

static int
fail(const GError *error)
{
	complain(error->message);
	return exit_code(error);
}

static void
open_log(const struct service *service)
{
	static const enum log_sink sinks[] = {
		[LOG_TO_STDERR] = LOG_SINK_STDERR,
		[LOG_TO_SYSLOG] = LOG_SINK_SYSLOG,
		[LOG_TO_JOURNAL] = LOG_SINK_JOURNAL,
	};
	const int log = service->options->log;

	log_open(log >= 0 ? (enum log_sink)log
			  : sinks[service->site->config->log_to],
		 PROGRAM);
}

/* Blocked before any thread begins: all inherit it. */
static gboolean
hear_signals(struct service *service, GError **error)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	service->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return service->signals >= 0 ||
	       error_set_errno(error, errno, "signalfd");
}

static void
say_ready(const struct service *service)
{
	g_autoptr(Snapshot) snapshot = site_pin(service->site);

	if (service->away)
		sd_notifyf(0, "READY=1\nSTATUS=the store is away: %s",
			   service->away);
	else
		sd_notifyf(0, "READY=1\nSTATUS=%u buyer%s, at %s",
			   snapshot->buyers->len,
			   snapshot->buyers->len == 1 ? "" : "s",
			   snapshot->config->web.url);
}

/* All faults in one line. */
static char *
flatten(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	return g_strjoinv("; ", lines);
}

static void
tell_away(const struct service *service)
{
	log_write(LOG_LEVEL_WARNING,
		  "store away: %s (no pages until it is there)", service->away);
}

static void
warn_of_listening(const struct config *config)
{
	if (!listen_is_loopback(config) &&
	    !g_str_has_prefix(config->web.url, "https:"))
		log_write(LOG_LEVEL_WARNING,
			  "web.listen lets other machines connect, without "
			  "encryption: put a proxy with TLS before it and set "
			  "web.url to its https address");
}

/* With each reload: the filter tells it once, this is for who reads here. */
static void
tell_unserved(const struct service *service)
{
	g_autoptr(Snapshot) snapshot = site_pin(service->site);
	g_auto(GStrv) lines = NULL;

	if (!snapshot->unserved)
		return;
	lines = g_strsplit(snapshot->unserved, "\n", -1);
	for (char **line = lines; *line; line++)
		log_write(LOG_LEVEL_WARNING, "profile %s", *line);
}

static gboolean
begin(struct service *service, GError **error)
{
	const struct service_options *options = service->options;
	const struct config *config;

	program_raise_files();
	if (!hear_signals(service, error))
		return FALSE;
	service->site = site_prepare(options->config, options->models, error);
	if (!service->site)
		return FALSE;
	config = service->site->config;
	service->listener = listen_open(config, &service->passed, error);
	if (service->listener < 0 ||
	    !site_start(service->site, STORE_US, &service->away, error))
		return FALSE;
	open_log(service);
	service->server = server_open(service->site, service->listener, error);
	if (!service->server)
		return FALSE;
	log_write(LOG_LEVEL_INFO, "serving %s at %s", config->web.url,
		  service->passed ? "the socket passed in"
				  : config->web.listen);
	warn_of_listening(config);
	if (service->away)
		tell_away(service);
	tell_unserved(service);
	say_ready(service);
	return TRUE;
}

static void
try_store(struct service *service)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *why = NULL;

	if (site_join(service->site, &error)) {
		g_clear_pointer(&service->away, g_free);
		log_write(LOG_LEVEL_INFO, "store back");
		tell_unserved(service);
		say_ready(service);
		return;
	}
	why = flatten(error->message);
	if (strcmp(why, service->away) == 0)
		return;
	g_free(service->away);
	service->away = g_steal_pointer(&why);
	tell_away(service);
	say_ready(service);
}

/* NULL: somebody asks for it, who is to hear of every fault. */
static void
reload(struct service *service, const char *changed)
{
	g_autoptr(GError) error = NULL;

	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
		   clock_monotonic_us());
	if (site_reload(service->site, !changed, &error)) {
		log_write(LOG_LEVEL_INFO, "reloaded: %s",
			  changed ? changed : "asked to");
		tell_unserved(service);
	} else {
		g_autofree char *text = flatten(error->message);

		log_write(LOG_LEVEL_WARNING,
			  "not reloaded, what was read before stays: %s", text);
	}
	malloc_trim(0);
	say_ready(service);
}

static void
take_signals(struct service *service)
{
	struct signalfd_siginfo info;

	while (read(service->signals, &info, sizeof(info)) ==
	       (gssize)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			reload(service, NULL);
		else
			service->ended = TRUE;
	}
}

static gboolean
ask_key(gpointer store, const struct key *key, enum store_key *found,
	GError **error)
{
	return store_key_agree(store, key, found, error);
}

static void
tell_key(struct service *service)
{
	const struct web_site *site = service->site;
	const char *text =
		key_watch_look(&service->key, ask_key, site->store, site->key);

	if (text)
		log_write(LOG_LEVEL_WARNING, "%s", text);
}

/* What somebody else changed. */
static const char *
look(struct service *service)
{
	tell_key(service);
	return site_changed(service->site);
}

static void
loop(struct service *service)
{
	while (!service->ended) {
		struct pollfd fd = { .fd = service->signals, .events = POLLIN };
		const char *changed = NULL;

		if (poll(&fd, 1, TICK_MS) > 0)
			take_signals(service);
		else if (service->away)
			try_store(service);
		else
			changed = look(service);
		if (changed)
			reload(service, changed);
		sd_notify(0, "WATCHDOG=1");
	}
}

static void
end(struct service *service)
{
	sd_notify(0, "STOPPING=1");
	if (service->server &&
	    !server_close(service->server, clock_monotonic_us() + END_US)) {
		log_write(LOG_LEVEL_WARNING,
			  "ended although requests were under way");
		_exit(EX_TEMPFAIL);
	}
	if (!site_end(service->site, clock_monotonic_us() + STORE_END_US)) {
		log_write(LOG_LEVEL_WARNING,
			  "ended although the store was being opened");
		_exit(EX_TEMPFAIL);
	}
	g_free(service->away);
	if (service->listener >= 0)
		close(service->listener);
	if (service->signals >= 0)
		close(service->signals);
}

int
service_run(const struct service_options *options)
{
	struct service service = { .options = options,
				   .listener = -1,
				   .signals = -1 };
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (begin(&service, &error))
		loop(&service);
	else
		code = fail(error);
	end(&service);
	return code;
}

int
service_check(const struct service_options *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) snapshot =
		snapshot_load(options->config, options->models, &error);

	return snapshot ? EX_OK : fail(error);
}

/* Who can read the key can make any link: that is what it is about. */
static int
print_link(struct web_site *site, const char *address)
{
	g_autoptr(Snapshot) snapshot = site_pin(site);
	g_autoptr(WebUser) user = web_user_new(site->config, snapshot, address);
	g_autoptr(StoreAudit) audit = g_new0(struct store_audit, 1);
	g_autoptr(GError) error = NULL;
	g_autofree char *link = NULL;

	if (!user) {
		fprintf(stderr,
			PROGRAM ": %s: has no profile and is not one of "
				"web.users in %s\n",
			address, site->state->config_path);
		return EX_NOUSER;
	}
	audit->who = g_strdup("system");
	audit->action = g_strdup("link");
	audit->buyer = g_strdup("");
	audit->object = g_strdup(user->address);
	audit->detail = g_strdup("made on the command line");
	link = letter_link(site, user->address, "", "command line", &error);
	if (!link || !store_audit_add(site->store, audit, &error))
		return fail(error);
	printf("%s\n", link);
	return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

int
service_link(const struct service_options *options, const char *address)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *away = NULL;
	struct web_site *site =
		site_prepare(options->config, options->models, &error);
	int code;

	if (!site || !site_start(site, LINK_US, &away, &error))
		code = fail(error);
	else if (away) {
		complain(away);
		code = EX_UNAVAILABLE;
	} else
		code = print_link(site, address);
	if (!site_end(site, clock_monotonic_us() + STORE_END_US))
		_exit(code);
	return code;
}
