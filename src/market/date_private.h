/* Dates as feeds and servers write them. */
#ifndef MARKET_DATE_PRIVATE_H
#define MARKET_DATE_PRIVATE_H

#include <glib.h>

/*
 * RFC 822 and its successors ("Sun, 22 Nov 2026 08:52:47 GMT", two digits of
 * the year, no weekday, no seconds, named or numeric zones), or RFC 3339
 * ("2026-11-22T08:52:47.5Z", or the day alone); without a zone UTC is meant. 0
 * when it is neither. `text` need not be trimmed.
 */
gint64 date_parse(const char *text);

#endif
