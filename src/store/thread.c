#include "thread_private.h"

#include <signal.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"

GThread *
thread_start(const char *name, GThreadFunc run, gpointer data, GError **error)
{
	g_autoptr(GError) cause = NULL;
	sigset_t all, before;
	GThread *thread;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	thread = g_thread_try_new(name, run, data, &cause);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!thread)
		g_set_error(error, BASE_ERROR, BASE_ERROR_IO, "thread %s: %s",
			    name, cause->message);
	return thread;
}

void
thread_cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attributes);
	pthread_condattr_destroy(&attributes);
}

gboolean
thread_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock,
		       gint64 deadline_us)
{
	struct timespec until = {
		.tv_sec = deadline_us / CLOCK_SECOND_US,
		.tv_nsec = deadline_us % CLOCK_SECOND_US * 1000,
	};

	return pthread_cond_timedwait(cond, lock, &until) == 0;
}
