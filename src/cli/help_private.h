/* What `pitchward COMMAND --help` prints. */
#ifndef CLI_HELP_PRIVATE_H
#define CLI_HELP_PRIVATE_H

#include <glib.h>

#include "options_private.h"

/* In lines of at most 79 characters; `common` are every command's options. */
void help_print(const struct options_spec *spec, const GOptionEntry *common);

#endif
