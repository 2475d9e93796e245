/*
 * When to try again what has failed: after a pause that doubles with each
 * failure, up to a longest one. Plain arithmetic; the caller has the lock and
 * the (monotonic) time.
 */
#ifndef STORE_BREAKER_PRIVATE_H
#define STORE_BREAKER_PRIVATE_H

#include <glib.h>

struct breaker {
	gint64 first_us;
	gint64 max_us;
	gint64 pause_us; /* the next one */
	gint64 until_us; /* of the present one */
};

void breaker_init(struct breaker *breaker, gint64 first_us, gint64 max_us);

gboolean breaker_allows(const struct breaker *breaker, gint64 now_us);

/* Failures within a pause are those of calls that began before it. */
void breaker_fail(struct breaker *breaker, gint64 now_us);

void breaker_succeed(struct breaker *breaker);

#endif
