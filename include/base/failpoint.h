/*
 * Faults on request, for tests: PITCHWARD_FAILPOINT=NAME:ACTION[:N].
 *
 * NAME is before- or after- one of the steps parse, score, commit, delrcpt,
 * reply, reload (of the milter), release and digest (of the command; a digest
 * is any mail that goes out once). After a reload: read, and not yet served;
 * after a reply: when the connection begins its next message. ACTION is error
 * (the step fails; there is none after a reply), kill (SIGKILL to the process
 * itself), hang (the step never ends) or delay=MS. With N only the Nth time,
 * counted over every worker of one supervisor; without, each time. Unset, a
 * failpoint costs one comparison.
 *
 * The request is a mutable global, set once by failpoint_open() before any
 * thread or worker is started.
 */
#ifndef BASE_FAILPOINT_H
#define BASE_FAILPOINT_H

#include <glib.h>

/* `spec` NULL or "": none. BASE_ERROR_INVALID for a spec of another form. */
gboolean failpoint_open(const char *spec, GError **error);

/* Does what was asked for; TRUE when the step must fail. Thread-safe. */
gboolean failpoint_hit(const char *name);

/* The same, as a step that can fail: BASE_ERROR_IO, "failpoint NAME". */
gboolean failpoint_pass(const char *name, GError **error);

#endif
