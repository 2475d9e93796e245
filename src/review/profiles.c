#include "review/profiles.h"

#include <string.h>

#include "base/error.h"
#include "profile/profile.h"
#include "profile/sources.h"
#include "store/audit.h"

void
profiles_view_free(struct profiles_view *view)
{
	if (!view)
		return;
	g_clear_pointer(&view->all, g_ptr_array_unref);
	g_clear_pointer(&view->versions, g_ptr_array_unref);
	g_free(view);
}

static void
version_destroy(gpointer data)
{
	store_version_free(data);
}

static GPtrArray *
list_versions(struct store *store, const char *id, GError **error)
{
	if (!store)
		return g_ptr_array_new_with_free_func(version_destroy);
	return store_version_list(store, id, error);
}

static GPtrArray *
list_newest(const struct profiles *profiles, GError **error)
{
	const struct snapshot *snapshot = profiles->snapshot;

	if (!profiles->store)
		return list_versions(NULL, NULL, error);
	return store_version_list_since(
		profiles->store, snapshot ? snapshot->versions : NULL, error);
}

/* What serves of everybody; texts of this buyer at least. What is wrong with
 * files ends it. */
static GPtrArray *
list_served(const struct profiles *profiles, const char *id, GError **error)
{
	const struct snapshot *snapshot = profiles->snapshot;
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) newest = list_newest(profiles, error);
	g_autoptr(GPtrArray) served = NULL;
	const struct served_request request = {
		.folder = profiles->config->profiles,
		.versions = newest,
		.before = snapshot ? snapshot->served : NULL,
		.whole = id,
	};

	if (!newest)
		return NULL;
	served = served_find(&request, faults);
	return faults_report(faults, error) ? g_steal_pointer(&served) : NULL;
}

static void
refuse_id(const struct config *config, const GPtrArray *all, const char *id,
	  GError **error)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();
	const char *nearest;

	for (guint i = 0; i < all->len; i++) {
		const struct served *served = all->pdata[i];

		if (served->origin < SERVED_GONE && strcmp(served->id, id) != 0)
			g_ptr_array_add(ids, served->id);
	}
	g_ptr_array_add(ids, NULL);
	nearest = nearest_word(id, (const char *const *)(void *)ids->pdata);
	g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
		    "no profile '%s' in %s%s%s%s", id, config->profiles,
		    nearest ? "; did you mean '" : "", nearest ? nearest : "",
		    nearest ? "'?" : "");
}

struct profiles_view *
profiles_view(const struct profiles *profiles, const char *id, GError **error)
{
	g_autoptr(ProfilesView) view = g_new0(struct profiles_view, 1);

	view->all = list_served(profiles, id, error);
	if (!view->all)
		return NULL;
	view->served = served_get(view->all, id);
	if (!view->served) {
		refuse_id(profiles->config, view->all, id, error);
		return NULL;
	}
	view->versions = list_versions(profiles->store, id, error);
	return view->versions ? g_steal_pointer(&view) : NULL;
}

static const struct store_version *
find_version(const struct profiles_view *view, guint number)
{
	for (guint i = 0; i < view->versions->len; i++) {
		const struct store_version *version = view->versions->pdata[i];

		if (version->number == number)
			return version;
	}
	return NULL;
}

/* NULL: there is none, or it took the buyer away. */
static GBytes *
version_text(const struct profiles_view *view, guint number)
{
	const struct store_version *version = find_version(view, number);

	return version && *version->text != '\0'
		       ? g_bytes_new(version->text, strlen(version->text))
		       : NULL;
}

GBytes *
profiles_text(const struct profiles_view *view, guint number, GError **error)
{
	const struct served *served = view->served;
	GBytes *text = NULL;

	if (number == PROFILES_SERVING && served->text)
		text = g_bytes_ref(served->text);
	else if (number == 0 && served->file)
		text = g_bytes_ref(served->file);
	else if (number > 0 && number != PROFILES_SERVING)
		text = version_text(view, number);
	if (text)
		return text;
	if (number == 0)
		g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
			    "%s: there is no such file, which version 0 would "
			    "be",
			    served->path);
	else if (number == PROFILES_SERVING)
		g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
			    served->origin == SERVED_REMOVED
				    ? "nothing serves of '%s': version %u "
				      "removed the buyer"
				    : "nothing serves of '%s': its file, over "
				      "which version %u stood, was removed",
			    served->id, served->number);
	else if (find_version(view, number))
		g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
			    "'%s': version %u removed the buyer, it has no "
			    "text",
			    served->id, number);
	else
		g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
			    "'%s' has no version %u; there are %u, and the "
			    "file as 0",
			    served->id, number, view->versions->len);
	return NULL;
}

gboolean
profiles_before(const struct profiles_view *view, guint *number, GError **error)
{
	const struct served *served = view->served;

	if (served->origin == SERVED_FILE || served->number == 0) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND,
			    "'%s' has no versions: its file serves",
			    served->id);
		return FALSE;
	}
	*number = served->origin == SERVED_VERSION ||
				  served->origin == SERVED_REMOVED
			  ? served->number - 1
			  : served->number;
	return TRUE;
}

/*
 * What would serve with the change, in an order in which a clash is the
 * change's fault: last. The buyer's own is returned.
 */
static struct served *
put_change(GPtrArray *all, const struct config *config,
	   const struct profiles_change *change)
{
	struct served *served = served_get(all, change->id);
	guint place;

	if (!served) {
		served = served_new(config->profiles, change->id);
		g_ptr_array_add(all, served);
	}
	g_clear_pointer(&served->text, g_bytes_unref);
	served->text = g_bytes_new(change->text, strlen(change->text));
	g_free(served->name);
	served->name = g_strdup(change->name);
	if (g_ptr_array_find(all, served, &place))
		g_ptr_array_insert(all, -1,
				   g_ptr_array_steal_index(all, place));
	return served;
}

static void
note_addresses(const struct served *served, GBytes *text, GHashTable *known)
{
	g_autoptr(Faults) unused = faults_new();
	g_autoptr(Profile) profile = NULL;
	gsize size = 0;
	const char *data = text ? g_bytes_get_data(text, &size) : NULL;

	if (!data)
		return;
	profile = profile_parse(served->path, data, size, unused);
	for (guint i = 0; profile && profile->addresses[i]; i++)
		g_hash_table_add(known, g_strdup(profile->addresses[i]));
}

/* What an administrator gave the buyer; before the change is put. */
static GHashTable *
known_addresses(const GPtrArray *all, const char *id)
{
	GHashTable *known =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const struct served *served = served_get(all, id);

	if (served) {
		note_addresses(served, served->file, known);
		note_addresses(served, served->text, known);
	}
	return known;
}

/* A colleague's address would bring the buyer the colleague's mail. */
static void
check_addresses(const struct served *served, GHashTable *known,
		struct faults *faults)
{
	const struct profile *profile = served->profile;

	for (guint i = 0; profile && profile->addresses[i]; i++)
		if (!g_hash_table_contains(known, profile->addresses[i]))
			faults_add(faults, served->name, 0, 0,
				   "'%s' is not among the buyer's addresses: "
				   "an administrator adds it",
				   profile->addresses[i]);
}

/* All that is wrong with what would serve; the buyer's own is returned. */
static struct served *
try_change(GPtrArray *all, const struct config *config,
	   const struct profiles_change *change, struct faults *faults)
{
	g_autoptr(GHashTable) known = known_addresses(all, change->id);
	struct served *served = put_change(all, config, change);

	served_parse(all, config, faults);
	if (change->bound)
		check_addresses(served, known, faults);
	return served;
}

static gboolean
check_form(const struct profiles_change *change, GError **error)
{
	if (!profile_id_valid(change->id)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "'%s' is no id: at most 64 letters, digits, '-', "
			    "'_' and '.'",
			    change->id);
		return FALSE;
	}
	if (strlen(change->text) > PROFILES_TEXT_MAX) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_LIMIT,
			    "%s: larger than %d kB", change->name,
			    STORE_VERSION_TEXT_MAX / 1024);
		return FALSE;
	}
	return TRUE;
}

/* Who was removed is as unknown as who never was. */
static gboolean
is_known(const struct profiles *profiles, const GPtrArray *all,
	 const struct profiles_change *change, GError **error)
{
	const struct served *served = served_get(all, change->id);

	if (!change->known || (served && served->text))
		return TRUE;
	refuse_id(profiles->config, all, change->id, error);
	return FALSE;
}

gboolean
profiles_check(const struct profiles *profiles,
	       const struct profiles_change *change, struct faults *faults,
	       GError **error)
{
	g_autoptr(GPtrArray) all = NULL;

	if (!check_form(change, error))
		return FALSE;
	all = list_served(profiles, change->id, error);
	if (!all || !is_known(profiles, all, change, error))
		return FALSE;
	try_change(all, profiles->config, change, faults);
	return TRUE;
}

static gboolean
serves_already(const struct served *served, const char *text)
{
	gsize size;
	const char *data;

	if (!served || !served->text)
		return FALSE;
	data = g_bytes_get_data(served->text, &size);
	return size == strlen(text) &&
	       (size == 0 || memcmp(data, text, size) == 0);
}

static gboolean
is_expected(const struct profiles_change *change, guint newest, GError **error)
{
	if (change->after == PROFILES_SERVING || change->after == newest)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    "'%s' was changed meanwhile: the newest version is %u, "
		    "not %u",
		    change->id, newest, change->after);
	return FALSE;
}

/* The version tells who, when and why by itself: what fails here is no loss. */
static void
audit(struct store *store, const struct store_version *version)
{
	g_autofree char *object =
		g_strdup_printf("version %u", version->number);
	g_autoptr(StoreAudit) entry = g_new0(struct store_audit, 1);

	entry->who = g_strdup(version->by);
	entry->action = g_strdup("profile");
	entry->buyer = g_strdup(version->buyer);
	entry->object = g_steal_pointer(&object);
	entry->detail = g_strdup(version->note);
	(void)store_audit_add(store, entry, NULL);
}

static gboolean
add(struct store *store, const struct profiles_change *change,
    const struct served *served, guint *number, GError **error)
{
	g_autoptr(StoreVersion) version = g_new0(struct store_version, 1);

	version->buyer = g_strdup(change->id);
	version->by = g_strdup(change->by);
	version->note = g_strdup(change->note ? change->note : "");
	version->base = g_strdup(served->digest);
	version->text = g_strdup(change->text ? change->text : "");
	if (!store_version_add(store, version, served->number, error))
		return FALSE;
	audit(store, version);
	*number = version->number;
	return TRUE;
}

gboolean
profiles_apply(const struct profiles *profiles,
	       const struct profiles_change *change, guint *number,
	       struct faults *faults, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;
	struct served *served;
	guint newest;

	if (!check_form(change, error))
		return FALSE;
	all = list_served(profiles, change->id, error);
	if (!all || !is_known(profiles, all, change, error))
		return FALSE;
	served = served_get(all, change->id);
	newest = served ? served->number : 0;
	if (!is_expected(change, newest, error))
		return FALSE;
	if (serves_already(served, change->text)) {
		*number = 0;
		return TRUE;
	}
	served = try_change(all, profiles->config, change, faults);
	return faults_count(faults) == 0 &&
	       add(profiles->store, change, served, number, error);
}

gboolean
profiles_remove(const struct profiles *profiles,
		const struct profiles_change *change, guint *number,
		GError **error)
{
	const gboolean why = change->note && *change->note;
	g_autofree char *note =
		g_strconcat("removed", why ? ": " : NULL, change->note, NULL);
	const struct profiles_change removal = {
		.id = change->id,
		.by = change->by,
		.note = note,
	};
	g_autoptr(GPtrArray) all = list_served(profiles, change->id, error);
	const struct served *served = all ? served_get(all, change->id) : NULL;

	if (!served) {
		if (all)
			refuse_id(profiles->config, all, change->id, error);
		return FALSE;
	}
	if (served->file) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "'%s' has a file: remove %s, and reload",
			    served->id, served->path);
		return FALSE;
	}
	if (!is_expected(change, served->number, error))
		return FALSE;
	*number = 0;
	return !served->text ||
	       add(profiles->store, &removal, served, number, error);
}
