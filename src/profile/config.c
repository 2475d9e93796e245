#include "profile/config.h"

#include <string.h>

#include "config_private.h"
#include "network_private.h"

#ifndef PITCHWARD_CONF
#define PITCHWARD_CONF "/etc/pitchward/pitchward.yaml"
#endif

/* Everything else has a default: this is the smallest file. */
#define SMALLEST "version: 1\n"

const char *const config_modes[] = { "observe", "tag", "enforce", NULL };
const char *const config_methods[] = { "store", "hold", "redirect", "tag",
				       NULL };
const char *const config_failures[] = { "store", "model", "parse", "time",
					NULL };

void
config_free(struct config *config)
{
	if (!config)
		return;
	g_free(config->path);
	g_free(config->socket);
	g_free(config->socket_group);
	g_strfreev(config->authserv_ids);
	g_strfreev(config->internal_networks);
	g_strfreev(config->internal_domains);
	g_free(config->profiles);
	g_free(config->groups);
	g_free(config->signals);
	g_free(config->models);
	g_free(config->store);
	g_free(config->spool);
	g_free(config->key);
	g_free(config->redirect);
	g_free(config->release);
	g_free(config->subject_prefix);
	config_web_clear(config);
	config_fetch_clear(config);
	config_insight_clear(config);
	g_free(config);
}

static struct config *
config_of_tree(const char *path, struct yaml *yaml)
{
	g_autofree char *whole = g_canonicalize_filename(path, NULL);
	g_autofree char *folder = g_path_get_dirname(whole);
	g_autoptr(Config) config = NULL;

	if (!yaml)
		return NULL;
	config = g_new0(struct config, 1);
	config->path = g_strdup(path);
	config_read(yaml, config, folder);
	return yaml_failed(yaml) ? NULL : g_steal_pointer(&config);
}

struct config *
config_load(const char *path, struct faults *faults)
{
	g_autoptr(Yaml) yaml = yaml_load(path, faults);

	return config_of_tree(path, yaml);
}

struct config *
config_parse(const char *path, const char *text, gsize size,
	     struct faults *faults)
{
	g_autoptr(Yaml) yaml = yaml_parse(path, text, size, faults);

	return config_of_tree(path, yaml);
}

struct config *
config_default(void)
{
	g_autoptr(Faults) faults = faults_new();
	struct config *config = config_parse(PITCHWARD_CONF, SMALLEST,
					     strlen(SMALLEST), faults);

	g_assert(config);
	return config;
}

gboolean
config_internal_client(const struct config *config, const char *ip)
{
	return network_listed(config->internal_networks, ip);
}

gboolean
config_internal_domain(const struct config *config, const char *domain)
{
	gsize len = strlen(domain);

	for (char **own = config->internal_domains; *own; own++) {
		gsize own_len = strlen(*own);

		if (own_len > len || own_len == 0)
			continue;
		if (g_ascii_strcasecmp(domain + len - own_len, *own) == 0 &&
		    (own_len == len || domain[len - own_len - 1] == '.'))
			return TRUE;
	}
	return FALSE;
}
