/*
 * Threads of the store. Locks and conditions are POSIX's, not GLib's: those
 * are futexes of GLib's own that ThreadSanitizer does not see.
 */
#ifndef STORE_THREAD_PRIVATE_H
#define STORE_THREAD_PRIVATE_H

#include <glib.h>
#include <pthread.h>

/*
 * With every signal blocked, so that none is taken from the thread that waits
 * for them. BASE_ERROR_IO when the system has no more threads.
 */
GThread *thread_start(const char *name, GThreadFunc run, gpointer data,
		      GError **error);

/* A condition on the monotonic clock. */
void thread_cond_init(pthread_cond_t *cond);

/* FALSE when the deadline passed. */
gboolean thread_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock,
				gint64 deadline_us);

#endif
