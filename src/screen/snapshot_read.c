/* Snapshots from files, versions, and what served before. */
#include <string.h>

#include "adapted_private.h"
#include "interest_cache_private.h"
#include "mail/address.h"
#include "model/promotion.h"
#include "snapshot_private.h"

/* Of compiled interests: those of some 30,000 buyers. */
#define INTERESTS_MAX ((gsize)1024 * 1024 * 1024)

static void
snapshot_serve(struct snapshot *snapshot, const struct served *served)
{
	struct buyer *buyer;

	if (!served->profile)
		return;
	buyer = snapshot_adopt(snapshot, profile_ref(served->profile));
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
load_models(struct snapshot *snapshot, const char *folder,
	    const struct snapshot *before, GError **error)
{
	g_autofree char *ids = NULL;

	snapshot->models_folder = g_strdup(folder);
	snapshot->models_mark = promotion_mark(folder);
	snapshot->outreach =
		model_load_since(folder, MODEL_OUTREACH,
				 before ? before->outreach : NULL, error);
	if (!snapshot->outreach)
		return FALSE;
	snapshot->relevance =
		model_load_since(folder, MODEL_RELEVANCE,
				 before ? before->relevance : NULL, error);
	if (!snapshot->relevance)
		return FALSE;
	ids = g_strconcat(model_id(snapshot->outreach), "+",
			  model_id(snapshot->relevance), NULL);
	snapshot->models = g_ref_string_new(ids);
	return TRUE;
}

/* Interests are made of a profile and the background of the model. */
static void
share_interests(struct snapshot *snapshot, const struct snapshot *before)
{
	const struct background *background =
		model_background(snapshot->relevance);

	if (before && interest_cache_fits(before->interests, background))
		snapshot->interests = interest_cache_ref(before->interests);
	else
		snapshot->interests =
			interest_cache_new(background, INTERESTS_MAX);
}

/* What needs all the files to be right. */
static gboolean
finish(struct snapshot *snapshot, const struct snapshot_request *request,
       struct faults *faults, GError **error)
{
	g_autofree char *folder = NULL;

	for (guint i = 0; i < snapshot->buyers->len; i++) {
		const struct buyer *buyer = snapshot->buyers->pdata[i];

		if (profile_within_limits(buyer->profile, snapshot->config,
					  faults))
			profile_clamp(buyer->profile, snapshot->config);
	}
	if (!faults_report(faults, error))
		return FALSE;
	folder = model_folder_find(request->models, snapshot->config->models,
				   error);
	if (!folder || !load_models(snapshot, folder, request->before, error))
		return FALSE;
	adapted_load(snapshot, folder, request->before);
	share_interests(snapshot, request->before);
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

static void
serve_group(struct snapshot *snapshot, const struct group *group)
{
	close_front_door(snapshot, group->front_door);
	for (guint i = 0; i < group->members->len; i++) {
		const struct group_member *member = group->members->pdata[i];
		struct buyer *buyer =
			g_hash_table_lookup(snapshot->by_id, member->profile);

		if (buyer && !buyer->group)
			buyer->group = group_interest_new(
				snapshot, member->profile, buyer->profile);
	}
}

/*
 * After all else, since nothing here makes a load fail. What a group names that
 * is in no profile is a fault to tell, but no reason to do without the group.
 */
static void
read_groups(struct snapshot *snapshot)
{
	const char *folder = snapshot->config->groups;
	g_autoptr(GPtrArray) profiles = g_ptr_array_new();
	g_autoptr(Faults) ignored = faults_new();
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < snapshot->buyers->len; i++) {
		const struct buyer *buyer = snapshot->buyers->pdata[i];

		g_ptr_array_add(profiles, buyer->profile);
	}
	g_ptr_array_unref(snapshot->groups);
	snapshot->groups = group_load_folder(folder, NULL, ignored);
	g_ptr_array_unref(group_load_folder(folder, profiles, faults));
	if (!faults_report(faults, &error))
		snapshot->group_faults = g_strdup(error->message);
	for (guint i = 0; i < snapshot->groups->len; i++)
		serve_group(snapshot, snapshot->groups->pdata[i]);
}

/* Profiles that were made to fit other limits cannot be shared. */
static gboolean
same_limits(const struct config *a, const struct config *b)
{
	return !(a->accept_min < b->accept_min ||
		 a->accept_min > b->accept_min ||
		 a->accept_max < b->accept_max ||
		 a->accept_max > b->accept_max || a->hold_min < b->hold_min ||
		 a->hold_min > b->hold_min);
}

static void
read_served(struct snapshot *snapshot, const struct snapshot_request *request,
	    struct faults *faults)
{
	const struct config *config = snapshot->config;
	const struct snapshot *before = request->before;
	struct served_request what = { .folder = config->profiles,
				       .versions = request->versions };

	if (before && before->served && same_limits(before->config, config))
		what.before = before->served;
	snapshot->served = served_find(&what, faults);
	served_parse(snapshot->served, request->partial ? config : NULL,
		     faults);
}

static gboolean
read_installation(struct snapshot *snapshot,
		  const struct snapshot_request *request, GPtrArray *told,
		  GError **error)
{
	const struct snapshot *before = request->before;
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Faults) of_profiles = faults_new();
	const struct config *config;

	config = snapshot->config = config_load(request->config, faults);
	if (!config) {
		faults_report(faults, error);
		return FALSE;
	}
	snapshot->signals = config->signals
				    ? signals_load(config->signals, faults)
				    : signals_builtin();
	if (request->versions)
		snapshot->versions = g_ptr_array_ref(request->versions);
	read_served(snapshot, request, request->partial ? of_profiles : faults);
	if (faults_count(of_profiles) > 0 &&
	    !served_leave_out(snapshot->served, config->profiles,
			      before ? before->served : NULL, of_profiles,
			      told))
		return faults_report(of_profiles, error);
	snapshot->served = served_trim(snapshot->served);
	for (guint i = 0; i < snapshot->served->len; i++)
		snapshot_serve(snapshot, snapshot->served->pdata[i]);
	if (!finish(snapshot, request, faults, error))
		return FALSE;
	read_groups(snapshot);
	return TRUE;
}

struct snapshot *
snapshot_read(const struct snapshot_request *request, GPtrArray *told,
	      GError **error)
{
	struct snapshot *snapshot = snapshot_alloc();

	if (read_installation(snapshot, request, told, error))
		return snapshot;
	snapshot_free(snapshot);
	return NULL;
}

struct snapshot *
snapshot_load(const char *config_path, const char *models, GError **error)
{
	const struct snapshot_request request = { .config = config_path,
						  .models = models };

	return snapshot_take(&request, error);
}

static gboolean
read_profiles(struct snapshot *snapshot, char *const *paths, const char *models,
	      GError **error)
{
	const struct snapshot_request request = { .models = models };
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
	return finish(snapshot, &request, faults, error);
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
