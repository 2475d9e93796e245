#include "installation_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/escape.h"
#include "base/identity.h"
#include "failure_private.h"
#include "given_private.h"
#include "mail/address.h"
#include "profile/profile.h"
#include "store/copy.h"
#include "store/keep.h"
#include "store/versions.h"

gboolean
installation_is_absent(const struct options *options)
{
	return !options->config_given && access(options->config, F_OK) != 0 &&
	       errno == ENOENT;
}

/* What else is wrong with it, reading it tells. */
static gboolean
check_config(const struct options *options, GError **error)
{
	const char *path = options->config;

	if (installation_is_absent(options)) {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS,
			    "%s: No such file or directory; " INSTALLATION_NONE,
			    path);
		return FALSE;
	}
	return access(path, R_OK) == 0 || errno != EACCES ||
	       error_set_errno(error, errno, "%s", path);
}

struct config *
installation_config(const struct options *options, GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config = NULL;

	if (!check_config(options, error))
		return NULL;
	config = config_load(options->config, faults);
	if (!faults_report(faults, error))
		return NULL;
	return g_steal_pointer(&config);
}

static GPtrArray *
list_past(gpointer options, const char *buyer)
{
	g_autoptr(Config) config = installation_config(options, NULL);
	g_autoptr(Store) store =
		config ? installation_store(config, NULL) : NULL;

	return store ? store_version_list(store, buyer, NULL) : NULL;
}

static void
tell_left_out(const char *line)
{
	g_autofree char *safe = escape_text(line, FALSE);

	fprintf(stderr, "pitchward: %s\n", safe);
}

static void
tell_unserved(const char *unserved)
{
	g_auto(GStrv) lines = g_strsplit(unserved, "\n", -1);

	for (char **line = lines; *line; line++)
		tell_left_out(*line);
}

static struct snapshot *
snapshot_of(const struct options *options, const char *models,
	    GPtrArray *versions, GError **error)
{
	struct options own = *options;
	const struct served_past past = { list_past, &own };
	const struct snapshot_request request = {
		.config = options->config,
		.models = models,
		.versions = versions,
		.past = &past,
		.partial = TRUE,
	};
	struct snapshot *snapshot = snapshot_take(&request, error);

	if (snapshot && snapshot->unserved)
		tell_unserved(snapshot->unserved);
	return snapshot;
}

/* What is wrong with the configuration, loading it again tells. */
struct snapshot *
installation_snapshot(const struct options *options, const char *models,
		      GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) versions = NULL;
	g_autoptr(Config) config = NULL;

	if (installation_is_absent(options))
		return snapshot_new(NULL, models, error);
	if (!check_config(options, error))
		return NULL;
	config = config_load(options->config, faults);
	if (config)
		versions = installation_versions(config);
	return snapshot_of(options, models, versions, error);
}

const char *
installation_store_file(const char *url)
{
	return g_str_has_prefix(url, "sqlite:") ? url + strlen("sqlite:")
						: NULL;
}

/* What may not be looked at is there: to take it for absent would be a lie. */
static gboolean
is_absent(const char *path)
{
	return access(path, F_OK) != 0 && errno == ENOENT;
}

gboolean
installation_has_store(const struct config *config)
{
	const char *file = installation_store_file(config->store);

	return !file || !is_absent(file);
}

gboolean
installation_tell_store(const struct config *config)
{
	g_autofree char *shown = store_url_shown(config->store);

	if (installation_has_store(config))
		return TRUE;
	fprintf(stderr,
		"pitchward: no store yet at %s; nothing has been kept\n",
		shown);
	return FALSE;
}

static gboolean
check_readable(const char *path, GError **error)
{
	int saved_errno;

	if (!path || access(path, R_OK) == 0)
		return TRUE;
	saved_errno = errno;
	return error_set_errno(error, saved_errno,
			       saved_errno == EACCES
				       ? "only root and the daemon's user may "
					 "look into %s"
				       : "%s",
			       path);
}

gboolean
installation_identity(const struct config *config, GError **error)
{
	return identity_act(identity_path(config->store, config->key), error);
}

struct store *
installation_open_store(const char *url, GError **error)
{
	g_autofree char *told = store_keep_older(url);

	if (told)
		fprintf(stderr, "pitchward: %s\n", told);
	return store_open(url, error);
}

struct store *
installation_store(const struct config *config, GError **error)
{
	if (!installation_has_store(config)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "%s: there is no store yet; pitchward-milter makes "
			    "it when it starts",
			    config->store);
		return NULL;
	}
	return installation_identity(config, error) &&
			       check_readable(
				       installation_store_file(config->store),
				       error)
		       ? installation_open_store(config->store, error)
		       : NULL;
}

struct key *
installation_key(const struct config *config, GError **error)
{
	if (is_absent(config->key)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
			    "%s: there is no key yet; pitchward-milter makes "
			    "it when it starts",
			    config->key);
		return NULL;
	}
	return installation_identity(config, error)
		       ? key_open(config->key, error)
		       : NULL;
}

/* Opening makes folder and lock, as it makes store and key. */
static gboolean
spool_is_used(const struct config *config)
{
	g_autofree char *lock = g_build_filename(config->spool, ".lock", NULL);

	return !is_absent(lock);
}

gboolean
installation_spool_look(const struct config *config,
			struct installation_spool *spool, GError **error)
{
	g_autoptr(Spool) opened = NULL;
	struct installation_spool found = { 0 };
	gint64 oldest_us;

	if (spool_is_used(config)) {
		if (installation_identity(config, error))
			opened = spool_open(config->spool, config->spool_max,
					    error);
		if (!opened)
			return FALSE;
		spool_depth(opened, &found.files, &found.bytes, &oldest_us);
		found.age_us = oldest_us;
	}
	*spool = found;
	return TRUE;
}

struct vault *
installation_vault(const struct config *config, GError **error)
{
	if (!installation_has_store(config) || !spool_is_used(config))
		return NULL;
	return installation_identity(config, error)
		       ? vault_open(config->store, config->spool,
				    config->spool_max, error)
		       : NULL;
}

GPtrArray *
installation_versions(const struct config *config)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = NULL;
	GPtrArray *versions = NULL;

	if (!installation_has_store(config))
		return NULL;
	store = installation_store(config, &error);
	if (store)
		versions = store_version_list(store, NULL, &error);
	if (!versions)
		fprintf(stderr,
			"pitchward: profiles are taken from their files, "
			"whatever versions there are: %s\n",
			error->message);
	return versions;
}

GPtrArray *
installation_served(const struct config *config, struct faults *faults)
{
	g_autoptr(GPtrArray) versions = installation_versions(config);

	return served_load(config, versions, NULL, faults);
}

static void
tell_all(const GPtrArray *told, int *code)
{
	for (guint i = 0; i < told->len; i++)
		tell_left_out(told->pdata[i]);
	if (code && told->len > 0)
		*code = EX_CONFIG;
}

static GPtrArray *
list_versions(gpointer store, const char *buyer)
{
	return store_version_list(store, buyer, NULL);
}

GPtrArray *
installation_sound(const struct config *config, struct store *store, int *code,
		   GError **error)
{
	const struct served_past past = { list_versions, store };
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) versions =
		store ? store_version_list(store, NULL, error) : NULL;
	GPtrArray *served =
		versions || !store
			? served_sound(config, versions, &past, told, error)
			: NULL;

	if (served)
		tell_all(told, code);
	return served;
}

static void
profile_destroy(gpointer data)
{
	profile_free(data);
}

static GPtrArray *
profiles_of(const GPtrArray *served)
{
	GPtrArray *profiles = g_ptr_array_new_with_free_func(profile_destroy);

	for (guint i = 0; i < served->len; i++) {
		struct served *one = served->pdata[i];

		if (one->profile)
			g_ptr_array_add(profiles,
					g_steal_pointer(&one->profile));
	}
	return profiles;
}

/* Where the store cannot be used, files alone serve, which is told. */
static GPtrArray *
sound_profiles(const struct config *config, GPtrArray *told, GError **error)
{
	g_autoptr(GPtrArray) versions = installation_versions(config);
	g_autoptr(Store) store =
		versions ? installation_store(config, NULL) : NULL;
	const struct served_past past = { list_versions, store };
	g_autoptr(GPtrArray) served = served_sound(
		config, store ? versions : NULL, &past, told, error);

	return served ? profiles_of(served) : NULL;
}

GPtrArray *
installation_sound_profiles(const struct config *config, int *code,
			    GError **error)
{
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *profiles = sound_profiles(config, told, error);

	if (profiles)
		tell_all(told, code);
	return profiles;
}

GPtrArray *
installation_profiles(const struct config *config, struct faults *faults)
{
	g_autoptr(GPtrArray) served = installation_served(config, faults);

	return profiles_of(served);
}

static gboolean
has_address(const struct profile *profile, const char *addr)
{
	for (char **own = profile->addresses; *own; own++) {
		if (address_equal(*own, addr))
			return TRUE;
	}
	return strcmp(profile->id, addr) == 0;
}

static void
refuse_buyer(const struct config *config, const GPtrArray *profiles,
	     const char *addr, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *hint = NULL;

	for (guint i = 0; i < profiles->len; i++) {
		const struct profile *profile = profiles->pdata[i];

		g_ptr_array_add(names, profile->id);
		for (char **own = profile->addresses; *own; own++)
			g_ptr_array_add(names, *own);
	}
	g_ptr_array_add(names, NULL);
	hint = given_hint(addr, (const char *const *)(void *)names->pdata);
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "no profile in %s has the id or address '%s'%s",
		    config->profiles, addr, hint);
}

/* FALSE: there are none any more. */
static gboolean
report_faults(const struct config *config, GError **error)
{
	g_autoptr(Faults) faults = faults_new();

	g_ptr_array_unref(installation_served(config, faults));
	return !faults_report(faults, error);
}

char *
installation_buyer(const struct config *config, const char *addr,
		   GError **error)
{
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) profiles = sound_profiles(config, told, error);

	if (!profiles)
		return NULL;
	for (guint i = 0; i < profiles->len; i++) {
		const struct profile *profile = profiles->pdata[i];

		if (has_address(profile, addr))
			return g_strdup(profile->id);
	}
	if (told->len == 0 || !report_faults(config, error))
		refuse_buyer(config, profiles, addr, error);
	return NULL;
}
