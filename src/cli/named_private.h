/* Files that a person named on the command line. */
#ifndef CLI_NAMED_PRIVATE_H
#define CLI_NAMED_PRIVATE_H

#include <glib.h>

/* file_replace() as who runs us, whomever a command acts as. */
gboolean named_replace(const char *path, const void *data, gsize size,
		       guint mode, GError **error);

#endif
