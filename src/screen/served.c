#include "screen/served.h"

#include <string.h>

#include "profile/sources.h"
#include "store/versions.h"

static void
drop_texts(struct served *served)
{
	g_clear_pointer(&served->file, g_bytes_unref);
	g_clear_pointer(&served->version, g_bytes_unref);
	g_clear_pointer(&served->text, g_bytes_unref);
}

static void
served_free(gpointer data)
{
	struct served *served = data;

	g_free(served->id);
	g_free(served->path);
	g_free(served->digest);
	g_free(served->name);
	drop_texts(served);
	profile_free(served->profile);
	g_free(served);
}

/* Of a buyer with a file, whose text was read. */
static struct served *
served_of_source(const struct profile_source *source)
{
	struct served *served = g_new0(struct served, 1);

	served->id = g_strdup(source->id);
	served->path = g_strdup(source->name);
	served->digest =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, source->text);
	served->name = g_strdup(source->name);
	served->stamp = source->stamp;
	served->file = g_bytes_ref(source->text);
	served->text = g_bytes_ref(source->text);
	return served;
}

struct served *
served_new(const char *folder, const char *id)
{
	struct served *served = g_new0(struct served, 1);
	g_autofree char *file = g_strconcat(id, ".yaml", NULL);

	served->id = g_strdup(id);
	served->path = g_build_filename(folder, file, NULL);
	served->digest = g_strdup("");
	served->name = g_strdup(served->path);
	return served;
}

/* All but the texts. */
static struct served *
served_again(const struct served *before)
{
	struct served *served = g_new0(struct served, 1);

	served->id = g_strdup(before->id);
	served->path = g_strdup(before->path);
	served->digest = g_strdup(before->digest);
	served->origin = before->origin;
	served->number = before->number;
	served->time_us = before->time_us;
	served->name = g_strdup(before->name);
	served->stamp = before->stamp;
	served->profile = before->profile ? profile_ref(before->profile) : NULL;
	return served;
}

static void
settle(struct served *served, const struct store_version *version)
{
	if (!version)
		return;
	served->number = version->number;
	served->time_us = version->time_us;
	served->version = g_bytes_new(version->text, strlen(version->text));
	if (strcmp(version->base, served->digest) != 0) {
		served->origin = served->file ? SERVED_CHANGED : SERVED_GONE;
		return;
	}
	g_clear_pointer(&served->text, g_bytes_unref);
	if (*version->text == '\0') {
		served->origin = SERVED_REMOVED;
		return;
	}
	served->origin = SERVED_VERSION;
	served->text = g_bytes_ref(served->version);
	g_free(served->name);
	served->name = g_strdup_printf("%s (version %u)", served->path,
				       version->number);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct served *left = *(const struct served *const *)a;
	const struct served *right = *(const struct served *const *)b;

	return strcmp(left->id, right->id);
}

/* While looking. Tables are from ids to what the request has. */
struct finding {
	const struct served_request *request;
	GHashTable *versions; /* each until its file was found */
	GHashTable *before;
	GPtrArray *found;
};

static gboolean
of_folder(const struct served *served, const char *folder)
{
	const gsize len = strlen(folder);

	return strncmp(served->path, folder, len) == 0 &&
	       strspn(served->path + len, "/") > 0 &&
	       !strchr(served->path + len + 1, '/');
}

static void
finding_begin(struct finding *finding, const struct served_request *request)
{
	const GPtrArray *versions = request->versions;
	const GPtrArray *before = request->before;

	finding->request = request;
	finding->versions = g_hash_table_new(g_str_hash, g_str_equal);
	finding->before = g_hash_table_new(g_str_hash, g_str_equal);
	finding->found = g_ptr_array_new_with_free_func(served_free);
	for (guint i = 0; versions && i < versions->len; i++) {
		struct store_version *version = versions->pdata[i];

		/* The id is a file's name: it must not lead elsewhere. */
		if (profile_id_valid(version->buyer))
			g_hash_table_insert(finding->versions, version->buyer,
					    version);
	}
	for (guint i = 0; before && i < before->len; i++) {
		struct served *served = before->pdata[i];

		if (of_folder(served, request->folder))
			g_hash_table_insert(finding->before, served->id,
					    served);
	}
}

/* NULL: there is no file. */
static gboolean
same_file(const struct served *before, const struct profile_source *source)
{
	if (!source)
		return *before->digest == '\0';
	return file_stamp_same(&source->stamp, &before->stamp);
}

static gboolean
same_version(const struct served *before, const struct store_version *version)
{
	if (!version)
		return before->number == 0;
	return version->number == before->number &&
	       version->time_us == before->time_us;
}

/* What `before` has of it, if that is what it is still; or NULL. */
static const struct served *
unchanged(const struct finding *finding, const char *id,
	  const struct profile_source *source,
	  const struct store_version *version)
{
	const struct served *before = g_hash_table_lookup(finding->before, id);

	if (!before || !before->profile ||
	    g_strcmp0(finding->request->whole, id) == 0)
		return NULL;
	return same_file(before, source) && same_version(before, version)
		       ? before
		       : NULL;
}

static void
find_file(struct finding *finding, struct profile_source *source,
	  struct faults *faults)
{
	const struct store_version *version =
		g_hash_table_lookup(finding->versions, source->id);
	const struct served *before =
		unchanged(finding, source->id, source, version);
	struct served *served;

	if (before) {
		served = served_again(before);
	} else if (profile_source_read(source, faults)) {
		served = served_of_source(source);
		settle(served, version);
	} else {
		/* With a fault; and what stands over it counts as without. */
		return;
	}
	if (version)
		g_hash_table_remove(finding->versions, source->id);
	g_ptr_array_add(finding->found, served);
}

static void
find_version(struct finding *finding, const struct store_version *version)
{
	const struct served *before =
		unchanged(finding, version->buyer, NULL, version);
	struct served *served =
		before ? served_again(before)
		       : served_new(finding->request->folder, version->buyer);

	if (!before)
		settle(served, version);
	g_ptr_array_add(finding->found, served);
}

GPtrArray *
served_find(const struct served_request *request, struct faults *faults)
{
	g_autoptr(GPtrArray) sources =
		profile_sources_find(request->folder, faults);
	struct finding finding;
	GHashTableIter iter;
	gpointer version;

	finding_begin(&finding, request);
	for (guint i = 0; i < sources->len; i++) {
		find_file(&finding, sources->pdata[i], faults);
		/* A text is held once, by what was found. */
		profile_source_free(g_steal_pointer(&sources->pdata[i]));
	}
	g_hash_table_iter_init(&iter, finding.versions);
	while (g_hash_table_iter_next(&iter, NULL, &version))
		find_version(&finding, version);
	g_hash_table_unref(finding.versions);
	g_hash_table_unref(finding.before);
	g_ptr_array_sort(finding.found, compare);
	return finding.found;
}

static void
source_destroy(gpointer data)
{
	profile_source_free(data);
}

/* NULL: there is nothing to parse of it. */
static struct profile_source *
source_of(const struct served *served)
{
	struct profile_source *source;

	if (!served->text && !served->profile)
		return NULL;
	source = profile_source_new(served->id, served->name, served->text);
	if (!served->text)
		source->profile = profile_ref(served->profile);
	return source;
}

void
served_parse(const GPtrArray *served, const struct config *config,
	     struct faults *faults)
{
	g_autoptr(GPtrArray) sources =
		g_ptr_array_new_with_free_func(source_destroy);
	g_autoptr(GPtrArray) profiles = NULL;
	guint next = 0;

	for (guint i = 0; i < served->len; i++) {
		struct profile_source *source = source_of(served->pdata[i]);

		if (source)
			g_ptr_array_add(sources, source);
	}
	profiles = profile_sources_parse(sources, faults);
	for (guint i = 0; i < served->len; i++) {
		struct served *one = served->pdata[i];

		if (!one->text && !one->profile)
			continue;
		profile_free(one->profile);
		one->profile = g_steal_pointer(&profiles->pdata[next++]);
		if (one->profile && config)
			profile_within_limits(one->profile, config, faults);
	}
}

GPtrArray *
served_load(const struct config *config, const GPtrArray *versions,
	    const GPtrArray *before, struct faults *faults)
{
	const struct served_request request = {
		.folder = config->profiles,
		.versions = versions,
		.before = before,
	};
	GPtrArray *served = served_find(&request, faults);

	served_parse(served, config, faults);
	return served;
}

/* Texts go first, so that there is room where they were. */
GPtrArray *
served_trim(GPtrArray *served)
{
	GPtrArray *trimmed = g_ptr_array_new_full(served->len, served_free);

	for (guint i = 0; i < served->len; i++)
		drop_texts(served->pdata[i]);
	for (guint i = 0; i < served->len; i++)
		g_ptr_array_add(trimmed, served_again(served->pdata[i]));
	g_ptr_array_unref(served);
	return trimmed;
}

struct served *
served_get(const GPtrArray *served, const char *id)
{
	guint low = 0;
	guint high = served->len;

	while (low < high) {
		const guint middle = low + (high - low) / 2;
		struct served *one = served->pdata[middle];
		const int order = strcmp(one->id, id);

		if (order == 0)
			return one;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

char *
served_origin_text(enum served_origin origin, guint number)
{
	switch (origin) {
	case SERVED_VERSION:
		return g_strdup_printf("version %u", number);
	case SERVED_CHANGED:
		return g_strdup_printf(
			"file, since it was changed after version %u", number);
	case SERVED_GONE:
		return g_strdup_printf("nothing, since the file under version "
				       "%u was removed",
				       number);
	case SERVED_REMOVED:
		return g_strdup_printf(
			"nothing, since version %u removed the buyer", number);
	case SERVED_FILE:
	default:
		return g_strdup("file");
	}
}
