/* Profiles that serve although a version in the store has faults. */
#include <string.h>

#include "screen/served.h"
#include "snapshot_private.h"
#include "store/versions.h"

/* One clash may hide another; each round takes all away that are named. */
#define ROUNDS 8

/* All versions of a buyer may clash alike, with a file that came later: in so
 * many last rounds none of them is tried any more. */
#define ROUNDS_LAST 4

struct mending {
	const struct config *config;
	const GPtrArray *before; /* of struct served; or NULL */
	const struct served_past *past;
	guint rounds;	     /* that are left */
	GPtrArray *versions; /* of struct store_version, as far as mended */
	GPtrArray *told;
};

static void
version_destroy(gpointer data)
{
	store_version_free(data);
}

/* The fault that names it, at its start or anywhere; borrowed, or NULL. */
static const char *
fault_of(struct faults *faults, const char *name, gboolean anywhere)
{
	for (guint i = 0; i < faults_count(faults); i++) {
		const char *fault = faults_get(faults, i);

		if (anywhere ? strstr(fault, name) != NULL
			     : g_str_has_prefix(fault, name))
			return fault;
	}
	return NULL;
}

static gboolean
is_sound(const struct mending *mending, const struct store_version *version)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile = profile_parse(
		version->buyer, version->text, strlen(version->text), faults);

	return profile &&
	       profile_within_limits(profile, mending->config, faults) &&
	       faults_count(faults) == 0;
}

/* The newest before number `before` over that file; NULL: there is none. */
static struct store_version *
find_older(const struct mending *mending, const struct served *served)
{
	g_autoptr(GPtrArray) list =
		mending->past->list(mending->past->data, served->id);

	for (guint i = list ? list->len : 0; i > 0; i--) {
		const struct store_version *version = list->pdata[i - 1];

		if (version->number < served->number &&
		    strcmp(version->base, served->digest) == 0 &&
		    is_sound(mending, version))
			return store_version_copy(version);
	}
	return NULL;
}

static guint
place_of(const struct mending *mending, const char *buyer)
{
	guint i = 0;

	while (strcmp(((const struct store_version *)
			       mending->versions->pdata[i])
			      ->buyer,
		      buyer) != 0)
		i++;
	return i;
}

static void
replace(struct mending *mending, const struct served *served, const char *fault)
{
	const guint place = place_of(mending, served->id);
	struct store_version *older = mending->rounds >= ROUNDS_LAST
					      ? find_older(mending, served)
					      : NULL;
	g_autofree char *instead =
		older ? g_strdup_printf("version %u serves", older->number)
		: *served->digest != '\0' ? g_strdup("the file serves")
					  : g_strdup("nothing serves");

	g_ptr_array_add(mending->told,
			g_strdup_printf("%s: version %u is not served, %s: %s",
					served->id, served->number, instead,
					fault));
	g_ptr_array_remove_index(mending->versions, place);
	if (older)
		g_ptr_array_add(mending->versions, older);
}

/* FALSE: no version is to blame, or nothing is wrong any more. */
static gboolean
mend_round(struct mending *mending, gboolean anywhere)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) all = served_load(
		mending->config, mending->versions, mending->before, faults);
	gboolean any = FALSE;

	for (guint i = 0; i < all->len; i++) {
		const struct served *served = all->pdata[i];
		const char *fault =
			served->origin == SERVED_VERSION
				? fault_of(faults, served->name, anywhere)
				: NULL;

		if (fault)
			replace(mending, served, fault);
		any |= fault != NULL;
	}
	return any;
}

GPtrArray *
served_mend(const struct config *config, const GPtrArray *versions,
	    const GPtrArray *before, const struct served_past *past,
	    GPtrArray *told)
{
	GPtrArray *mended = g_ptr_array_new_with_free_func(version_destroy);
	struct mending mending = { config, before, past, ROUNDS, mended, told };

	for (guint i = 0; i < versions->len; i++)
		g_ptr_array_add(mended, store_version_ref(versions->pdata[i]));
	/* Of two that clash the one that a fault begins with goes first. */
	while (mending.rounds-- > 0 &&
	       (mend_round(&mending, FALSE) || mend_round(&mending, TRUE)))
		continue;
	return mended;
}

static char *
lines_of(const GPtrArray *told)
{
	GString *lines = g_string_new(NULL);

	for (guint i = 0; i < told->len; i++)
		g_string_append_printf(lines, "%s%s", i > 0 ? "\n" : "",
				       (const char *)told->pdata[i]);
	return g_string_free(lines, FALSE);
}

static struct snapshot *
load_mended(const struct snapshot_request *request)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config = config_load(request->config, faults);
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) mended = NULL;
	struct snapshot_request again = *request;
	struct snapshot *snapshot;

	if (!config)
		return NULL;
	mended = served_mend(config, request->versions,
			     request->before ? request->before->served : NULL,
			     request->past, told);
	if (told->len == 0)
		return NULL;
	again.versions = mended;
	snapshot = snapshot_read(&again, NULL);
	if (snapshot)
		snapshot->unserved = lines_of(told);
	return snapshot;
}

struct snapshot *
snapshot_take(const struct snapshot_request *request, GError **error)
{
	g_autoptr(GError) failure = NULL;
	struct snapshot *snapshot = snapshot_read(request, &failure);

	if (!snapshot && request->versions && request->past)
		snapshot = load_mended(request);
	if (!snapshot)
		g_propagate_error(error, g_steal_pointer(&failure));
	return snapshot;
}
