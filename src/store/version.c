#include <string.h>

#include "store_private.h"

struct store_version *
store_version_copy(const struct store_version *version)
{
	struct store_version *copy = g_memdup2(version, sizeof(*version));

	copy->buyer = g_strdup(version->buyer);
	copy->by = g_strdup(version->by);
	copy->note = g_strdup(version->note);
	copy->base = g_strdup(version->base);
	copy->text = g_strdup(version->text);
	copy->refs = 0;
	return copy;
}

struct store_version *
store_version_ref(struct store_version *version)
{
	g_atomic_int_inc(&version->refs);
	return version;
}

void
store_version_free(struct store_version *version)
{
	if (!version || g_atomic_int_add(&version->refs, -1) > 0)
		return;
	g_free(version->buyer);
	g_free(version->by);
	g_free(version->note);
	g_free(version->base);
	g_free(version->text);
	g_free(version);
}

static gboolean
says(const char *text, const char *kept)
{
	return strcmp(text ? text : "", kept ? kept : "") == 0;
}

gboolean
store_version_same(const struct store_version *a, const struct store_version *b)
{
	return a->time_us == b->time_us && says(a->by, b->by) &&
	       says(a->note, b->note) && says(a->base, b->base) &&
	       says(a->text, b->text);
}

gboolean
store_version_add(struct store *store, struct store_version *version,
		  guint after, GError **error)
{
	gsize size = version->text ? strlen(version->text) : 0;

	g_assert(version->buyer && *version->buyer && after < G_MAXINT);
	if (size > (gsize)STORE_VERSION_TEXT_MAX) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FULL,
			    "profile %s: %" G_GSIZE_FORMAT
			    " bytes, of at most %d",
			    version->buyer, size, STORE_VERSION_TEXT_MAX);
		return FALSE;
	}
	if (version->time_us == 0)
		version->time_us = clock_now_us();
	return store->driver->versions->add(store, version, after, error);
}

GPtrArray *
store_version_list(struct store *store, const char *buyer, GError **error)
{
	return store->driver->versions->list(store, buyer, error);
}

GPtrArray *
store_version_list_since(struct store *store, const GPtrArray *known,
			 GError **error)
{
	return store->driver->versions->list_since(store, known, error);
}

gboolean
store_version_mark(struct store *store, guint64 *mark, GError **error)
{
	return store->driver->versions->mark(store, mark, error);
}
