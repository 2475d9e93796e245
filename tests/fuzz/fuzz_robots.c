/*
 * The first line is a path, the second a pattern, the rest a robots.txt. One
 * rule alone is held against a matcher written the plain way.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "market/robots.h"

#define AGENT "pitchward"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether the pattern (of '*' and characters) fits all of the text: each row
 * tells of which beginnings of it that much of the pattern fits. */
static gboolean
fits_whole(const char *pattern, gsize n, const char *text, gsize m)
{
	g_autofree gboolean *row = g_new0(gboolean, m + 1);

	row[0] = TRUE;
	for (gsize p = 0; p < n; p++) {
		gboolean before = row[0];

		row[0] = row[0] && pattern[p] == '*';
		for (gsize i = 1; i <= m; i++) {
			gboolean now = row[i];

			row[i] = pattern[p] == '*'
					 ? now || row[i - 1]
					 : before && pattern[p] == text[i - 1];
			before = now;
		}
	}
	return row[m];
}

static gboolean
fits(const char *pattern, const char *path)
{
	const gsize n = strlen(pattern);
	g_autofree char *open = NULL;

	if (n > 0 && pattern[n - 1] == '$')
		return fits_whole(pattern, n - 1, path, strlen(path));
	open = g_strconcat(pattern, "*", NULL);
	return fits_whole(open, n + 1, path, strlen(path));
}

static void
check_rule(const char *pattern, const char *path)
{
	g_autofree char *text =
		g_strdup_printf("User-agent: *\nDisallow: %s\n", pattern);
	g_autofree char *both = g_strdup_printf("%sAllow: %s\n", text, pattern);

	if (!*pattern || strpbrk(pattern, "# \t\r\n\v\f") ||
	    strlen(pattern) > ROBOTS_PATH_MAX || strlen(path) > ROBOTS_PATH_MAX)
		return;
	g_assert(robots_allow(text, strlen(text), AGENT, path) !=
		 fits(pattern, path));
	/* Of two as long the one that allows. */
	g_assert(robots_allow(both, strlen(both), AGENT, path));
}

/* Rules of others change nothing, and a group of ours stands alone. */
static void
check_groups(const char *text, gsize size, const char *path)
{
	const gboolean allowed = robots_allow(text, size, AGENT, path);
	g_autoptr(GString) more = g_string_new_len(text, (gssize)size);

	/* A rule that says nothing ends a group without rules. */
	g_string_append(more, "\nAllow:\nUser-agent: other\nDisallow: /\n");
	g_assert(robots_allow(more->str, more->len, AGENT, path) == allowed);
	g_string_assign(more, "User-agent: " AGENT "\nAllow: /\n"
			      "User-agent: *\nDisallow: /\n");
	g_assert(robots_allow(more->str, more->len, AGENT, path));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", 3);
	g_autofree char *path = g_strconcat("/", lines[0], NULL);
	const gsize head = lines[0] && lines[1]
				   ? strlen(lines[0]) + strlen(lines[1]) + 2
				   : size;

	if (lines[0] && lines[1])
		check_rule(lines[1], path);
	if (head < size)
		check_groups((const char *)data + head, size - head, path);
	return 0;
}
