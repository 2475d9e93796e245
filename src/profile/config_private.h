/* The grammar of the configuration, apart from its file. */
#ifndef PROFILE_CONFIG_PRIVATE_H
#define PROFILE_CONFIG_PRIVATE_H

#include "profile/config.h"
#include "profile/yaml.h"

/* Reads the whole tree; relative paths begin at `folder` (absolute). */
void config_read(struct yaml *yaml, struct config *config, const char *folder);

#endif
