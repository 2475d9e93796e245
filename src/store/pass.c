#include <string.h>

#include "store_private.h"

/* Of what a browser says about itself. */
#define AGENT_MAX 200

/* At most so many bytes, and no part of a character. */
static char *
cut(const char *text, gsize max)
{
	gsize len = text ? strlen(text) : 0;

	if (len <= max)
		return g_strdup(text);
	while (max > 0 && ((guchar)text[max] & 0xc0) == 0x80)
		max--;
	return g_strndup(text, max);
}

struct store_pass *
store_pass_copy(const struct store_pass *pass)
{
	struct store_pass *copy = g_memdup2(pass, sizeof(*pass));

	copy->hash = g_strdup(pass->hash);
	copy->address = g_strdup(pass->address);
	copy->agent = cut(pass->agent, AGENT_MAX);
	copy->client = g_strdup(pass->client);
	return copy;
}

void
store_pass_free(struct store_pass *pass)
{
	if (!pass)
		return;
	g_free(pass->hash);
	g_free(pass->address);
	g_free(pass->agent);
	g_free(pass->client);
	g_free(pass);
}

gboolean
store_pass_add(struct store *store, const struct store_pass *pass,
	       GError **error)
{
	g_assert(pass->hash && *pass->hash && pass->address && *pass->address &&
		 pass->ended_us == 0);
	return store->driver->passes->add(store, pass, error);
}

struct store_pass *
store_pass_find(struct store *store, enum store_pass_kind kind,
		const char *hash, gint64 now_us, GError **error)
{
	return store->driver->passes->find(store, kind, hash, now_us, error);
}

gboolean
store_pass_end(struct store *store, enum store_pass_kind kind, const char *hash,
	       gint64 now_us, GError **error)
{
	g_assert(now_us > 0);
	return store->driver->passes->end(store, kind, hash, now_us, error);
}

gboolean
store_pass_end_all(struct store *store, const char *address, gint64 now_us,
		   guint *n, GError **error)
{
	guint ended;

	g_assert(now_us > 0);
	if (!store->driver->passes->end_all(store, address, now_us, &ended,
					    error))
		return FALSE;
	if (n)
		*n = ended;
	return TRUE;
}

GPtrArray *
store_pass_list(struct store *store, const char *address, gint64 now_us,
		GError **error)
{
	return store->driver->passes->list(store, address, now_us, error);
}
