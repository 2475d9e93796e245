#include "static_private.h"

#include <string.h>

#include "base/embedded.h"

#include "embedded/static.h"

static const struct asset {
	const char *path;
	const char *name; /* in the embedded table */
	const char *type;
} assets[] = {
	{ "/style.css", "style", "text/css; charset=utf-8" },
	{ "/keys.js", "keys", "text/javascript; charset=utf-8" },
	{ "/favicon.svg", "favicon", "image/svg+xml" },
};

#define ASSETS G_N_ELEMENTS(assets)

static const struct embedded *
bytes_of(const struct asset *asset)
{
	for (const struct embedded *file = static_files; file->name; file++)
		if (strcmp(file->name, asset->name) == 0)
			return file;
	g_assert_not_reached();
}

static gpointer
make_links(gpointer data)
{
	char **links = g_new0(char *, ASSETS);

	(void)data;
	for (gsize n = 0; n < ASSETS; n++) {
		const struct embedded *file = bytes_of(&assets[n]);
		g_autofree char *sum = g_compute_checksum_for_data(
			G_CHECKSUM_SHA256, file->data, file->size);

		links[n] = g_strdup_printf("%s?v=%.12s", assets[n].path, sum);
	}
	return links;
}

/* Made once; afterwards they are only read. */
static const char *
link_of(gsize i)
{
	static GOnce once = G_ONCE_INIT;
	char *const *links = g_once(&once, make_links, NULL);

	return links[i];
}

const char *
static_link(const char *path)
{
	for (gsize i = 0; i < ASSETS; i++)
		if (strcmp(assets[i].path, path) == 0)
			return link_of(i);
	g_assert_not_reached();
}

gboolean
static_reply(const char *path, struct web_reply *reply)
{
	for (gsize i = 0; i < ASSETS; i++) {
		const struct embedded *file;

		if (strcmp(assets[i].path, path) != 0)
			continue;
		file = bytes_of(&assets[i]);
		reply->type = assets[i].type;
		reply->etag = g_strdup(strstr(link_of(i), "?v=") + 3);
		g_string_append_len(reply->body, (const char *)file->data,
				    (gssize)file->size);
		return TRUE;
	}
	return FALSE;
}
