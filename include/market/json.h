/* The leaves of the JSON that we give out. */
#ifndef MARKET_JSON_H
#define MARKET_JSON_H

#include <glib.h>
#include <jansson.h>

/* A string of any bytes: what is no UTF-8 becomes U+FFFD; NULL is "". */
json_t *text_json(const char *text);

/* A time as clock_format() writes it; null at 0. */
json_t *time_json(gint64 time_us);

#endif
