#include "screen/snapshot.h"

#include <string.h>

#include "adapted_private.h"
#include "base/clock.h"
#include "mail/address.h"
#include "model/promotion.h"

static void
buyer_free(gpointer data)
{
	struct buyer *buyer = data;

	g_free(buyer->models);
	interest_free(buyer->interest);
	profile_free(buyer->profile);
	g_free(buyer);
}

static struct snapshot *
snapshot_alloc(void)
{
	struct snapshot *snapshot = g_new0(struct snapshot, 1);

	snapshot->refs = 1;
	snapshot->buyers = g_ptr_array_new_with_free_func(buyer_free);
	snapshot->by_address =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	snapshot->groups = g_ptr_array_new();
	snapshot->lexicon = lexicon_new();
	return snapshot;
}

/* Buyers' profiles are in each other's. */
static void
free_group_interests(struct snapshot *snapshot)
{
	for (guint i = 0; i < snapshot->buyers->len; i++) {
		struct buyer *buyer = snapshot->buyers->pdata[i];

		g_clear_pointer(&buyer->group, group_interest_free);
	}
}

/*
 * Of what a failed load made, anything may be missing. Buyers before models:
 * interests borrow the model's background.
 */
static void
snapshot_free(struct snapshot *snapshot)
{
	g_hash_table_unref(snapshot->by_address);
	free_group_interests(snapshot);
	g_ptr_array_unref(snapshot->buyers);
	g_ptr_array_unref(snapshot->groups);
	g_free(snapshot->group_faults);
	g_free(snapshot->unserved);
	g_clear_pointer(&snapshot->adapters, g_ptr_array_unref);
	g_clear_pointer(&snapshot->relevance, model_free);
	g_clear_pointer(&snapshot->outreach, model_free);
	g_clear_pointer(&snapshot->signals, signals_free);
	g_clear_pointer(&snapshot->config, config_free);
	lexicon_free(snapshot->lexicon);
	g_free(snapshot->models);
	g_free(snapshot);
}

struct snapshot *
snapshot_ref(struct snapshot *snapshot)
{
	g_atomic_int_inc(&snapshot->refs);
	return snapshot;
}

void
snapshot_unref(struct snapshot *snapshot)
{
	if (snapshot && g_atomic_int_dec_and_test(&snapshot->refs))
		snapshot_free(snapshot);
}

const struct buyer *
snapshot_buyer(const struct snapshot *snapshot, const char *addr)
{
	g_autofree char *key = addr ? address_key(addr) : NULL;
	g_autofree char *base = addr ? address_base(addr) : NULL;
	gpointer found = NULL;

	if (key && g_hash_table_lookup_extended(snapshot->by_address, key, NULL,
						&found))
		return found;
	return base ? g_hash_table_lookup(snapshot->by_address, base) : NULL;
}

const struct buyer *
snapshot_find(const struct snapshot *snapshot, const char *id)
{
	for (guint i = 0; id && i < snapshot->buyers->len; i++) {
		const struct buyer *buyer = snapshot->buyers->pdata[i];

		if (strcmp(buyer->profile->id, id) == 0)
			return buyer;
	}
	return NULL;
}

static struct buyer *
snapshot_adopt(struct snapshot *snapshot, struct profile *profile)
{
	struct buyer *buyer = g_new0(struct buyer, 1);

	buyer->profile = profile;
	g_ptr_array_add(snapshot->buyers, buyer);
	for (guint i = 0; profile->addresses[i]; i++) {
		char *key = address_key(profile->addresses[i]);

		if (key)
			g_hash_table_insert(snapshot->by_address, key, buyer);
	}
	return buyer;
}

static void
snapshot_serve(struct snapshot *snapshot, struct served *served)
{
	struct buyer *buyer;

	if (!served->profile)
		return;
	buyer = snapshot_adopt(snapshot, g_steal_pointer(&served->profile));
	buyer->origin = served->origin;
	buyer->version = served->number;
}

/* Two profiles of one address: what profile_load_folder() finds in a folder. */
static void
find_shared(const struct snapshot *snapshot, const struct profile *profile,
	    struct faults *faults)
{
	for (guint i = 0; profile->addresses[i]; i++) {
		g_autofree char *key = address_key(profile->addresses[i]);
		const struct buyer *other =
			key ? g_hash_table_lookup(snapshot->by_address, key)
			    : NULL;

		if (other)
			faults_add(faults, profile->path, 0, 0,
				   "the address %s is also in %s",
				   profile->addresses[i], other->profile->path);
	}
}

static gboolean
snapshot_models(struct snapshot *snapshot, const char *given, GError **error)
{
	g_autofree char *folder =
		model_folder_find(given, snapshot->config->models, error);

	if (!folder)
		return FALSE;
	snapshot->models_mark = promotion_mark(folder);
	snapshot->outreach = model_load(folder, MODEL_OUTREACH, error);
	if (!snapshot->outreach)
		return FALSE;
	snapshot->relevance = model_load(folder, MODEL_RELEVANCE, error);
	if (!snapshot->relevance)
		return FALSE;
	snapshot->models = g_strconcat(model_id(snapshot->outreach), "+",
				       model_id(snapshot->relevance), NULL);
	adapted_load(snapshot, folder);
	return TRUE;
}

/* What needs all the files to be right. */
static gboolean
snapshot_finish(struct snapshot *snapshot, const char *models,
		struct faults *faults, GError **error)
{
	const struct background *background;

	for (guint i = 0; i < snapshot->buyers->len; i++) {
		const struct buyer *buyer = snapshot->buyers->pdata[i];

		if (profile_within_limits(buyer->profile, snapshot->config,
					  faults))
			profile_clamp(buyer->profile, snapshot->config);
	}
	if (!faults_report(faults, error) ||
	    !snapshot_models(snapshot, models, error))
		return FALSE;
	background = model_background(snapshot->relevance);
	for (guint i = 0; i < snapshot->buyers->len; i++) {
		struct buyer *buyer = snapshot->buyers->pdata[i];

		buyer->interest = interest_new(buyer->profile, background);
	}
	return TRUE;
}

static void
close_front_door(struct snapshot *snapshot, const char *address)
{
	g_autofree char *key = address ? address_key(address) : NULL;

	if (key && !g_hash_table_contains(snapshot->by_address, key))
		g_hash_table_insert(snapshot->by_address, g_steal_pointer(&key),
				    NULL);
}

static GPtrArray *
profiles_of(const struct snapshot *snapshot)
{
	GPtrArray *profiles = g_ptr_array_new();

	for (guint i = 0; i < snapshot->buyers->len; i++) {
		const struct buyer *buyer = snapshot->buyers->pdata[i];

		g_ptr_array_add(profiles, buyer->profile);
	}
	return profiles;
}

static struct group_interest *
interest_among(const struct snapshot *snapshot, const GPtrArray *profiles,
	       const char *member, const struct profile *own)
{
	const struct group_interest_request request = {
		.groups = snapshot->groups,
		.profiles = profiles,
		.member = member,
		.own = own,
		.background = model_background(snapshot->relevance),
		.now_us = clock_now_us(),
	};

	return group_interest_new(&request);
}

struct group_interest *
snapshot_group_interest(const struct snapshot *snapshot, const char *member,
			const struct profile *own)
{
	g_autoptr(GPtrArray) profiles = profiles_of(snapshot);

	return interest_among(snapshot, profiles, member, own);
}

/*
 * After all else, since nothing here makes a load fail. What a group names that
 * is in no profile is a fault to tell, but no reason to do without the group.
 */
static void
read_groups(struct snapshot *snapshot)
{
	const char *folder = snapshot->config->groups;
	g_autoptr(GPtrArray) profiles = profiles_of(snapshot);
	g_autoptr(Faults) ignored = faults_new();
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;

	g_ptr_array_unref(snapshot->groups);
	snapshot->groups = group_load_folder(folder, NULL, ignored);
	g_ptr_array_unref(group_load_folder(folder, profiles, faults));
	if (!faults_report(faults, &error))
		snapshot->group_faults = g_strdup(error->message);
	for (guint i = 0; i < snapshot->groups->len; i++) {
		const struct group *group = snapshot->groups->pdata[i];

		close_front_door(snapshot, group->front_door);
	}
	for (guint i = 0; i < snapshot->buyers->len; i++) {
		struct buyer *buyer = snapshot->buyers->pdata[i];

		buyer->group = interest_among(
			snapshot, profiles, buyer->profile->id, buyer->profile);
	}
}

static gboolean
read_installation(struct snapshot *snapshot, const char *config_path,
		  const char *models, const GPtrArray *versions, GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) served = NULL;
	const struct config *config;

	config = snapshot->config = config_load(config_path, faults);
	if (!config) {
		faults_report(faults, error);
		return FALSE;
	}
	snapshot->signals = config->signals
				    ? signals_load(config->signals, faults)
				    : signals_builtin();
	served = served_find(config->profiles, versions, faults);
	served_parse(served, NULL, faults);
	for (guint i = 0; i < served->len; i++)
		snapshot_serve(snapshot, served->pdata[i]);
	if (!snapshot_finish(snapshot, models, faults, error))
		return FALSE;
	read_groups(snapshot);
	return TRUE;
}

static gboolean
read_profiles(struct snapshot *snapshot, char *const *paths, const char *models,
	      GError **error)
{
	g_autoptr(Faults) faults = faults_new();

	snapshot->config = config_default();
	snapshot->signals = signals_builtin();
	for (; paths && *paths; paths++) {
		struct profile *profile = profile_load(*paths, faults);

		if (!profile)
			continue;
		find_shared(snapshot, profile, faults);
		snapshot_adopt(snapshot, profile);
	}
	return snapshot_finish(snapshot, models, faults, error);
}

struct snapshot *
snapshot_load_versions(const char *config_path, const char *models,
		       const GPtrArray *versions, GError **error)
{
	struct snapshot *snapshot = snapshot_alloc();

	if (read_installation(snapshot, config_path, models, versions, error))
		return snapshot;
	snapshot_free(snapshot);
	return NULL;
}

struct snapshot *
snapshot_load(const char *config_path, const char *models, GError **error)
{
	return snapshot_load_versions(config_path, models, NULL, error);
}

struct snapshot *
snapshot_new(char *const *profile_paths, const char *models, GError **error)
{
	struct snapshot *snapshot = snapshot_alloc();

	if (read_profiles(snapshot, profile_paths, models, error))
		return snapshot;
	snapshot_free(snapshot);
	return NULL;
}
