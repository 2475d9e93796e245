/*
 * A VFS for SQLite on top of its own, whose Nth write, sync or truncation
 * fails, once or from then on. It is the default of the process from
 * faults_register() on.
 */
#ifndef TESTS_STORE_FAULTS_H
#define TESTS_STORE_FAULTS_H

#include <glib.h>

enum fault { FAULT_FULL, FAULT_IO };

void faults_register(void);

/* Calls are counted from here; `n` 0: none fails. */
void faults_set(guint n, enum fault fault, gboolean lasting);

/* Syncs since the start. */
guint faults_syncs(void);

/* Whether one has failed. */
gboolean faults_struck(void);

#endif
