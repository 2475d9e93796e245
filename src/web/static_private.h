/* The style sheet, the script and the icon, as they were built in. */
#ifndef WEB_STATIC_PRIVATE_H
#define WEB_STATIC_PRIVATE_H

#include "request_private.h"

/* Fills the reply when there is such a file. */
gboolean static_reply(const char *path, struct web_reply *reply);

/* "/style.css?v=0123abcd": another name for other bytes; borrowed. Of a file
 * that is there. */
const char *static_link(const char *path);

#endif
