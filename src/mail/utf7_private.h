/*
 * UTF-7 (RFC 2152), which Outlook still shows: letters as "+AGQ-".
 */
#ifndef MAIL_UTF7_PRIVATE_H
#define MAIL_UTF7_PRIVATE_H

#include <glib.h>

/*
 * Appends `in` in UTF-8, no longer than half of it again; what is no UTF-7
 * stays as it is. FALSE, and nothing appended, when there are bytes beyond
 * ASCII, which UTF-7 never has.
 */
gboolean utf7_append(GString *out, const char *in, gsize len);

#endif
