/* Profiles that serve although versions in the store, or files of others, have
 * faults. */
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

/* What follows it in a fault of two files. */
#define FIRST_AT " first at "

/* The id in "FOLDER/ID.yaml", with anything behind it; the caller's. */
static char *
id_at(const char *folder, const char *text)
{
	static const char suffix[] = ".yaml";
	const gsize len = strlen(folder);
	g_autofree char *name = NULL;

	if (strncmp(text, folder, len) != 0 || text[len] != '/')
		return NULL;
	text += len + strspn(text + len, "/");
	name = g_strndup(text, strcspn(text, ":/ "));
	return g_str_has_suffix(name, suffix)
		       ? g_strndup(name, strlen(name) - strlen(suffix))
		       : NULL;
}

struct leaving {
	const GPtrArray *served;
	const GPtrArray *before;
	const char *folder;
};

/* FALSE: that one serves now, and is not to be left out. */
static gboolean
leave_out(const struct leaving *leaving, const char *text)
{
	g_autofree char *id = id_at(leaving->folder, text);
	const struct served *now =
		id && leaving->before ? served_get(leaving->before, id) : NULL;
	struct served *served = id ? served_get(leaving->served, id) : NULL;

	if (now && now->profile)
		return FALSE;
	if (served)
		g_clear_pointer(&served->profile, profile_free);
	return TRUE;
}

/* What is no id is nobody's. */
static void
tell_left_out(GPtrArray *told, const char *id, const char *fault)
{
	g_ptr_array_add(told, g_strdup_printf("%s: is left out: %s",
					      id ? id : "-", fault));
}

static gboolean
take_fault(const struct leaving *leaving, const char *fault, GPtrArray *told)
{
	const char *first = strstr(fault, FIRST_AT);
	const char *other = first ? first + strlen(FIRST_AT) : NULL;
	g_autofree char *id = id_at(leaving->folder, fault);
	g_autofree char *other_id =
		other ? id_at(leaving->folder, other) : NULL;
	const gsize len = strlen(leaving->folder);

	/* The folder itself is all's. */
	if (strncmp(fault, leaving->folder, len) != 0 || fault[len] != '/' ||
	    !leave_out(leaving, fault) || (other && !leave_out(leaving, other)))
		return FALSE;
	tell_left_out(told, id, fault);
	if (other_id && g_strcmp0(id, other_id) != 0)
		tell_left_out(told, other_id, fault);
	return TRUE;
}

gboolean
served_leave_out(const GPtrArray *served, const char *folder,
		 const GPtrArray *before, struct faults *faults,
		 GPtrArray *told)
{
	const struct leaving leaving = { served, before, folder };

	for (guint i = 0; i < faults_count(faults); i++)
		if (!take_fault(&leaving, faults_get(faults, i), told))
			return FALSE;
	for (guint i = 0; i < served->len; i++) {
		const struct served *one = served->pdata[i];

		if (one->profile)
			return TRUE;
	}
	return FALSE;
}

GPtrArray *
served_sound(const struct config *config, const GPtrArray *versions,
	     const struct served_past *past, GPtrArray *told, GError **error)
{
	g_autoptr(GPtrArray) ignored = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) mended =
		versions ? served_mend(config, versions, NULL, past, ignored)
			 : NULL;
	g_autoptr(GPtrArray) served = served_load(config, mended, NULL, faults);

	if (faults_count(faults) > 0 &&
	    !served_leave_out(served, config->profiles, NULL, faults, told)) {
		faults_report(faults, error);
		return NULL;
	}
	return g_steal_pointer(&served);
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

/* NULL: nothing is mended. */
static GPtrArray *
mend_versions(const struct snapshot_request *request, GPtrArray *told)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config = config_load(request->config, faults);
	g_autoptr(GPtrArray) mended = NULL;

	if (!config || !request->versions || !request->past)
		return NULL;
	mended = served_mend(config, request->versions,
			     request->before ? request->before->served : NULL,
			     request->past, told);
	return told->len > 0 ? g_steal_pointer(&mended) : NULL;
}

/* What can be done without: versions, and whole files. */
static struct snapshot *
load_mended(const struct snapshot_request *request)
{
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) mended = mend_versions(request, told);
	const guint versions = told->len;
	struct snapshot_request again = *request;
	struct snapshot *snapshot;

	if (!mended && !request->partial)
		return NULL;
	if (mended)
		again.versions = mended;
	snapshot = snapshot_read(&again, told, NULL);
	if (snapshot) {
		snapshot->unserved = lines_of(told);
		snapshot->partial = told->len > versions;
	}
	return snapshot;
}

struct snapshot *
snapshot_take(const struct snapshot_request *request, GError **error)
{
	g_autoptr(GError) failure = NULL;
	struct snapshot_request whole = *request;
	struct snapshot *snapshot;

	whole.partial = FALSE;
	snapshot = snapshot_read(&whole, NULL, &failure);
	if (!snapshot)
		snapshot = load_mended(request);
	if (!snapshot)
		g_propagate_error(error, g_steal_pointer(&failure));
	return snapshot;
}
