/*
 * Entities that libxml2 2.9 does not know, or not without a semicolon. Data.
 */
#ifndef MAIL_ENTITY_PRIVATE_H
#define MAIL_ENTITY_PRIVATE_H

#include <glib.h>

/*
 * What the entity means whose name `name` begins with (behind the "&", of
 * `left` bytes), as HTML, and how long the name is; NULL for all others. In an
 * attribute no semicolon is forgiven: "&copy=" in an address is none.
 */
const char *entity_find(const char *name, gsize left, gboolean in_text,
			gsize *len);

#endif
