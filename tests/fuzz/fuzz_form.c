/*
 * Any bytes as a query, a form, a path and a cookie's text: no crash, no leak,
 * and what is let through is valid UTF-8 and stays inside the site.
 */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../../src/web/form_private.h"
#include "../../src/web/token_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_fields(GHashTable *fields)
{
	GHashTableIter at;
	gpointer name;
	gpointer value;

	g_hash_table_iter_init(&at, fields);
	while (g_hash_table_iter_next(&at, &name, &value)) {
		g_assert(g_utf8_validate(name, -1, NULL));
		g_assert(g_utf8_validate(value, -1, NULL));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GHashTable) fields = form_new();
	g_autoptr(GPtrArray) picked = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = form_path(text);
	g_autofree char *hash = token_hash(text);
	g_autofree char *plain = token_decode(text);

	form_parse((const char *)data, size, fields, picked);
	check_fields(fields);
	if (path) {
		g_assert(*path == '/' && !strstr(path, "/../"));
		g_assert(!g_str_has_suffix(path, "/.."));
		g_assert(g_utf8_validate(path, -1, NULL));
	}
	if (form_inside(text))
		g_assert(text[0] == '/' && text[1] != '/');
	return 0;
}
