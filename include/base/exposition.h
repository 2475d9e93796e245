/*
 * Figures in Prometheus' text format (version 0.0.4): a family is named once,
 * with what it means and its type, and its samples follow at once. Names are in
 * base units: _seconds, _bytes; what only grows ends in _total.
 */
#ifndef BASE_EXPOSITION_H
#define BASE_EXPOSITION_H

#include <glib.h>

/* `type`: "counter", "gauge", "histogram" or "summary"; `help`: one line. */
void exposition_family(GString *out, const char *name, const char *type,
		       const char *help);

/* Then label and value, in turn, and NULL. Values may be any bytes. */
void exposition_sample(GString *out, const char *name, double value,
		       ...) G_GNUC_NULL_TERMINATED;

/* A family of one sample without labels. */
void exposition_single(GString *out, const char *name, const char *type,
		       double value, const char *help);

#endif
