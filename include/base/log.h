/*
 * Where the programs report. Library folders return errors and never log.
 *
 * ERROR: a person must act. WARNING: degraded, and what we do instead. INFO:
 * one line a message. The sink is the one mutable global of this module, set
 * once before threads start; log_write() is thread-safe.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <glib.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO };
enum log_sink { LOG_SINK_STDERR, LOG_SINK_SYSLOG, LOG_SINK_JOURNAL };

/*
 * The journal falls back to syslog, syslog's own fallback is its business.
 * Where systemd connects standard error to the journal (JOURNAL_STREAM), lines
 * there begin with their priority as in sd-daemon(3): "<4>".
 */
void log_open(enum log_sink sink, const char *program);

void log_write(enum log_level level, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

/*
 * Text from mail, made safe for one log line: in double quotes, control bytes,
 * quotes, backslashes and bytes over 126 as \xNN, cut to `max` source bytes
 * with "..." after the quote. The caller's.
 */
char *log_quote(const char *text, gsize max);

#endif
