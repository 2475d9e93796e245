/*
 * The filter's figures, for a monitor. The filter has no port for that: every
 * few seconds they are put into a file, the spool's name with ".prom" behind
 * it, which is replaced as a whole, on a full disk, too: pitchward-web shows
 * it, and so does the textfile collector of Prometheus' node_exporter. At the
 * end nothing is left in it.
 */
#ifndef MILTER_METRICS_PRIVATE_H
#define MILTER_METRICS_PRIVATE_H

#include "milter/site.h"

/* All figures in Prometheus' text format; the caller's. */
char *metrics_text(struct site *site);

struct metrics;

/* A thread of its own: a disk that hangs must not keep the worker from
 * answering its supervisor. */
struct metrics *metrics_new(struct site *site);

/* The file is written again at once. */
void metrics_hurry(struct metrics *metrics);

/* NULL is nothing. */
void metrics_free(struct metrics *metrics);

#endif
