/* Comma-separated values (RFC 4180), for spreadsheets. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <glib.h>

/*
 * One field, with a comma before all but the first, in quotes: text made safe
 * to show (base/escape.h), of which a spreadsheet takes no formula. Lines end
 * with CRLF, which is the caller's.
 */
void csv_field(GString *out, const char *text, gboolean first);

#endif
