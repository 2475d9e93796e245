#include "route_private.h"

#include <string.h>

static const struct web_route *const tables[] = {
	routes_sign,   routes_board,  routes_queue,    routes_message,
	routes_act,    routes_vendor, routes_vendors,  routes_profile,
	routes_models, routes_brief,  routes_group,    routes_admin,
	routes_link,   routes_health, routes_research,
};

/* Each '*' takes one part that is not empty. */
static gboolean
match(const char *pattern, const char *path, GPtrArray *parts)
{
	while (*pattern && *path) {
		if (*pattern == '*') {
			const gsize len = strcspn(path, "/");

			if (len == 0)
				return FALSE;
			g_ptr_array_add(parts, g_strndup(path, len));
			path += len;
			pattern++;
		} else if (*pattern++ != *path++)
			return FALSE;
	}
	return *pattern == *path;
}

static const struct web_route *
find_in(const struct web_route *table, enum web_method method, const char *path,
	char ***parts, gboolean *other)
{
	for (; table->handler; table++) {
		g_autoptr(GPtrArray) found =
			g_ptr_array_new_with_free_func(g_free);

		if (!match(table->path, path, found))
			continue;
		if (table->method != method) {
			*other = TRUE;
			continue;
		}
		g_ptr_array_add(found, NULL);
		*parts = g_strdupv((char **)found->pdata);
		return table;
	}
	return NULL;
}

const struct web_route *
route_find(enum web_method method, const char *path, char ***parts,
	   gboolean *other)
{
	*other = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		const struct web_route *route =
			find_in(tables[i], method, path, parts, other);

		if (route)
			return route;
	}
	return NULL;
}
