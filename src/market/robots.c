#include "market/robots.h"

#include <string.h>

/* A piece of the text. */
struct span {
	const char *at;
	gsize len;
};

/* The rules for one agent while they are looked for. */
struct scan {
	const char *agent; /* or "*" */
	const char *path;
	gboolean agents; /* the last line named one: the group begins */
	gboolean ours;
	gboolean met; /* there is a group for the agent */
	gsize best;   /* length of the rule that counts, and one; 0: none */
	gboolean allowed;
};

static struct span
strip(const char *at, gsize len)
{
	while (len > 0 && g_ascii_isspace(*at)) {
		at++;
		len--;
	}
	while (len > 0 && g_ascii_isspace(at[len - 1]))
		len--;
	return (struct span){ at, len };
}

static gboolean
is_key(struct span key, const char *name)
{
	return key.len == strlen(name) &&
	       g_ascii_strncasecmp(key.at, name, key.len) == 0;
}

/* "Pitchward/1.0" names Pitchward, and "Pitchwarden" another. */
static gboolean
names_agent(struct span value, const char *agent)
{
	gsize len = 0;

	if (value.len > 0 && *value.at == '*')
		return strcmp(agent, "*") == 0;
	while (len < value.len &&
	       (g_ascii_isalpha(value.at[len]) || value.at[len] == '_' ||
		value.at[len] == '-'))
		len++;
	return len == strlen(agent) &&
	       g_ascii_strncasecmp(value.at, agent, len) == 0;
}

/* As much as is compared, without the '$' at its end. */
static gsize
compared(struct span pattern, gboolean whole)
{
	if (pattern.len > ROBOTS_PATH_MAX)
		return ROBOTS_PATH_MAX;
	return whole ? pattern.len - 1 : pattern.len;
}

/* '*' stands for anything, '$' at the end for the path's; else the pattern is
 * what the path begins with. */
static gboolean
fits(struct span pattern, const char *path)
{
	const gboolean whole = pattern.at[pattern.len - 1] == '$';
	const gsize len = compared(pattern, whole);
	const gsize path_len = strnlen(path, ROBOTS_PATH_MAX);
	gsize p = 0;
	gsize at = 0;
	gsize star = G_MAXSIZE; /* behind the last one met */
	gsize mark = 0;

	for (;;) {
		if (p < len && pattern.at[p] == '*') {
			star = ++p;
			mark = at;
		} else if (p == len && (!whole || at == path_len)) {
			return TRUE;
		} else if (p < len && at < path_len &&
			   pattern.at[p] == path[at]) {
			p++;
			at++;
		} else if (star != G_MAXSIZE && mark < path_len) {
			p = star;
			at = ++mark;
		} else {
			return FALSE;
		}
	}
}

static void
take_rule(struct scan *scan, struct span pattern, gboolean allow)
{
	/* An empty one says nothing. */
	if (!scan->ours || pattern.len == 0 || pattern.len + 1 < scan->best ||
	    !fits(pattern, scan->path))
		return;
	scan->allowed =
		allow || (pattern.len + 1 == scan->best && scan->allowed);
	scan->best = pattern.len + 1;
}

static void
take_line(struct scan *scan, const char *line, gsize len)
{
	const char *hash = memchr(line, '#', len);
	const gsize used = hash ? (gsize)(hash - line) : len;
	const char *colon = memchr(line, ':', used);
	struct span key;
	struct span value;

	if (!colon)
		return;
	key = strip(line, (gsize)(colon - line));
	value = strip(colon + 1, used - (gsize)(colon + 1 - line));
	if (is_key(key, "user-agent")) {
		/* Several in a row begin one group. */
		scan->ours = (scan->agents && scan->ours) ||
			     names_agent(value, scan->agent);
		scan->met |= scan->ours;
		scan->agents = TRUE;
	} else if (is_key(key, "allow") || is_key(key, "disallow")) {
		take_rule(scan, value, is_key(key, "allow"));
		scan->agents = FALSE;
	}
}

static gboolean
read_rules(const char *text, gsize size, struct scan *scan)
{
	const char *end = text + size;

	while (text < end) {
		gsize len = 0;

		while (text + len < end && text[len] != '\n' &&
		       text[len] != '\r')
			len++;
		take_line(scan, text, len);
		text += len + 1;
	}
	return scan->met;
}

gboolean
robots_allow(const char *text, gsize size, const char *agent, const char *path)
{
	struct scan own = { .agent = agent, .path = path, .allowed = TRUE };
	struct scan all = { .agent = "*", .path = path, .allowed = TRUE };

	/* Half a rule would be another. */
	if (size > ROBOTS_SIZE_MAX)
		for (size = ROBOTS_SIZE_MAX; size > 0; size--)
			if (text[size - 1] == '\n' || text[size - 1] == '\r')
				break;
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		size -= 3;
	}
	if (read_rules(text, size, &own))
		return own.allowed;
	read_rules(text, size, &all);
	return all.allowed;
}
