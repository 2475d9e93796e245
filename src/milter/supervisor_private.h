#ifndef MILTER_SUPERVISOR_PRIVATE_H
#define MILTER_SUPERVISOR_PRIVATE_H

#include <sys/types.h>

#include "milter/blame.h"
#include "milter/counters.h"
#include "milter/listener.h"
#include "milter/supervisor.h"
#include "screen/snapshot.h"

struct supervisor {
	const struct supervisor_options *options;
	struct snapshot *good; /* the last one without faults */
	struct listener listener;
	char *bound; /* the listener's socket; NULL: it was passed in */
	struct blame *blame;
	struct counters *counters;
	int signals; /* signalfd */
	int parent;  /* detach_done(), -1 when in the foreground or done */

	pid_t worker; /* 0: none */
	int channel;  /* to the worker, -1: none */
	gint64 started_us;
	gint64 respawn_us; /* when to start the next one; 0: not waiting */
	guint quick_deaths;

	gboolean served;    /* a worker was ready once */
	gboolean reloading; /* an answer is awaited */
	gboolean reload_again;
	gint64 kill_us; /* when a worker that is to stop is killed; 0: serving
			 */
	gint64 ping_us; /* systemd's watchdog; 0: there is none */
	gint64 ping_every_us;
	gboolean ended;
	int code; /* the exit code */
};

/* crew.c: the worker's life. */
void crew_start(struct supervisor *supervisor);
void crew_reap(struct supervisor *supervisor);
void crew_stop(struct supervisor *supervisor);

#endif
