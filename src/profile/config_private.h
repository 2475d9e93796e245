/* The grammar of the configuration, apart from its file. */
#ifndef PROFILE_CONFIG_PRIVATE_H
#define PROFILE_CONFIG_PRIVATE_H

#include "profile/config.h"
#include "profile/yaml.h"

/* Reads the whole tree; relative paths begin at `folder` (absolute). */
void config_read(struct yaml *yaml, struct config *config, const char *folder);

/* The parts `web` and `digest`. */
void config_web_read(struct yaml_node *root, struct config *config);
void config_web_clear(struct config *config);

/* The part `fetch`. */
void config_fetch_read(struct yaml_node *root, struct config *config);
void config_fetch_clear(struct config *config);

/* The part `insight`. */
void config_insight_read(struct yaml_node *root, struct config *config,
			 const char *folder);
void config_insight_clear(struct config *config);

/* A list of networks, each checked; the caller's. */
char **config_networks(struct yaml_node *map, const char *key,
		       const char *const *fallback);

/* A name, an IPv4 address, or an IPv6 address (in brackets for a URL); and
 * "PORT" in decimal, 1 to 65535. */
gboolean config_host_valid(const char *host);
gboolean config_port_valid(const char *text);

#endif
