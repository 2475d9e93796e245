/* The process that serves: forked by the supervisor, gone when it is. */
#ifndef MILTER_WORKER_PRIVATE_H
#define MILTER_WORKER_PRIVATE_H

#include "milter/blame.h"
#include "milter/counters.h"
#include "screen/snapshot.h"

/* Messages under way get this long to end when the worker is to stop. */
#define STOP_SECONDS 10

struct worker_task {
	struct snapshot *snapshot; /* taken over */
	const char *config;
	const char *models; /* or NULL */
	const char *socket; /* that is bound; NULL: it was passed in */
	struct blame *blame;
	struct counters *counters;
	int listener;
	int channel;
};

/* Ends the process. In the child only, while it has one thread. */
G_NORETURN void worker_run(const struct worker_task *task);

#endif
