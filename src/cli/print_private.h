/*
 * What commands print: text that cannot steer a terminal, and JSON, one
 * object a line. Numbers never depend on the locale.
 */
#ifndef CLI_PRINT_PRIVATE_H
#define CLI_PRINT_PRIVATE_H

#include <glib.h>
#include <jansson.h>

/* escape_text(), printed on standard output. */
void print_text(const char *text, gboolean lines);

/* At most `width` characters of one line, filled up with spaces. */
void print_column(const char *text, guint width);

/*
 * The same of what a person would copy, an address or a name: what is cut ends
 * in an ellipsis, and only a terminal's is cut.
 */
void print_cell(const char *text, guint width);

/* Prints the object as one line and drops the reference. */
void print_json(json_t *object);

/* A JSON string of any bytes: what is no UTF-8 becomes U+FFFD; NULL is "". */
json_t *print_json_text(const char *text);

/* A time as clock_format() writes it; null at 0. */
json_t *print_json_time(gint64 time_us);

/* null where there is no such number. */
json_t *print_json_number(double value);

/* A probability, or null below 0 ("not computed"). */
json_t *print_json_share(double share);

/* "0.93", or "-" when it was not computed. */
const char *print_share(double share, char buffer[16]);

/* "s", or "" for one: "%u message%s". */
const char *print_plural(guint64 n);

void print_version(void);

/*
 * Standard input, output and error that are closed are taken, so that no file
 * that is opened later gets what is printed; using one still fails. First of
 * all.
 */
void print_begin(void);

/*
 * The exit code after all is printed: `code`, or EX_IOERR with a line on
 * standard error when it could not be written, since a full disk behind
 * standard output must not look like success. The last thing that prints.
 */
int print_finish(int code);

#endif
