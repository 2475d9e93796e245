/*
 * Faults on request, for tests: PITCHWARD_FAILPOINT=NAME:ACTION[:N].
 *
 * NAME is one of before-parse, after-score, before-commit, after-commit,
 * after-delrcpt, before-reply, reload. ACTION is error (the step fails), kill
 * (SIGKILL to the worker itself), hang (the step never ends) or delay=MS.
 * With N only the Nth time, counted over every worker of one supervisor;
 * without, each time. Unset, a failpoint costs one comparison.
 *
 * The request is a mutable global, set once by failpoint_open() before any
 * thread or worker is started.
 */
#ifndef MILTER_FAILPOINT_H
#define MILTER_FAILPOINT_H

#include <glib.h>

/* `spec` NULL or "": none. BASE_ERROR_INVALID for a spec of another form. */
gboolean failpoint_open(const char *spec, GError **error);

/* Does what was asked for; TRUE when the step must fail. Thread-safe. */
gboolean failpoint_hit(const char *name);

#endif
