#include "check_private.h"

#include <string.h>

#include "profile/yaml.h"

/* Keys that one kind of file has and the others have not. */
static const char *const config_keys[] = {
	"mode",	 "milter",  "authserv_id", "internal",	 "profiles", "models",
	"store", "spool",   "key",	   "quarantine", "release",  "ledger",
	"tag",	 "headers", "on_error",	   "limits",	 "signals",  "log",
	"web",	 "groups",  "history",	   NULL
};
static const char *const profile_keys[] = {
	"buyer",     "priorities", "not_interested", "vendor_fit", "senders",
	"attention", "verdict",	   "digest",	     NULL
};
static const char *const signals_keys[] = { "mailing", "engagement",
					    "tracker", "scheduler",
					    "public",  NULL };
static const char *const group_keys[] = { "group",  "decision", "members",
					  "topics", "talks",	NULL };

static guint
count_keys(struct yaml_node *root, const char *const *keys)
{
	guint n = 0;

	for (; *keys; keys++) {
		if (yaml_has(root, *keys))
			n++;
	}
	return n;
}

static enum check_kind
kind_of_name(const char *path)
{
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *folder = g_path_get_dirname(path);

	if (strcmp(name, "card.yaml") == 0)
		return CHECK_CARD;
	if (g_str_has_prefix(name, "signals"))
		return CHECK_SIGNALS;
	if (g_str_has_suffix(folder, "profiles.d") ||
	    g_str_has_suffix(folder, "profiles"))
		return CHECK_PROFILE;
	if (g_str_has_suffix(folder, "groups.d") ||
	    g_str_has_suffix(folder, "groups"))
		return CHECK_GROUP;
	return CHECK_CONFIG;
}

static enum check_kind
kind_of_file(const char *path)
{
	enum check_kind named = kind_of_name(path);
	g_autoptr(Faults) ignored = faults_new();
	g_autoptr(Yaml) yaml = NULL;
	guint counts[CHECK_GROUP + 1];
	enum check_kind best;

	if (named == CHECK_CARD)
		return CHECK_CARD;
	yaml = yaml_load(path, ignored);
	if (!yaml)
		return named;
	counts[CHECK_CONFIG] = count_keys(yaml_root(yaml), config_keys);
	counts[CHECK_PROFILE] = count_keys(yaml_root(yaml), profile_keys);
	counts[CHECK_SIGNALS] = count_keys(yaml_root(yaml), signals_keys);
	counts[CHECK_GROUP] = count_keys(yaml_root(yaml), group_keys);
	best = named;
	for (guint kind = 0; kind <= CHECK_GROUP; kind++) {
		if (counts[kind] > counts[best])
			best = (enum check_kind)kind;
	}
	return best;
}

static gboolean
has(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

enum check_kind
check_kind(const char *path)
{
	g_autofree char *whole = g_canonicalize_filename(path, NULL);

	if (!g_file_test(path, G_FILE_TEST_IS_DIR))
		return kind_of_file(path);
	if (has(path, "pitchward.yaml"))
		return CHECK_SITE;
	if (has(path, "card.yaml"))
		return CHECK_MODEL;
	if (has(path, "outreach") || has(path, "relevance"))
		return CHECK_MODELS;
	if (g_str_has_suffix(whole, "groups.d") ||
	    g_str_has_suffix(whole, "groups"))
		return CHECK_GROUPS;
	return CHECK_PROFILES;
}

/* ":LINE:COLUMN: " at `text`; how long it is, or 0. */
static gsize
read_position(const char *text, struct fault_place *place)
{
	guint64 number[2];
	const char *p = text;

	for (int i = 0; i < 2; i++) {
		char *end;

		if (*p != ':' || !g_ascii_isdigit(p[1]))
			return 0;
		number[i] = g_ascii_strtoull(p + 1, &end, 10);
		p = end;
	}
	if (!g_str_has_prefix(p, ": "))
		return 0;
	place->line = (guint)number[0];
	place->column = (guint)number[1];
	return (gsize)(p - text) + 2;
}

void
check_split(const char *fault, struct fault_place *place)
{
	const char *colon = strstr(fault, ": ");

	*place = (struct fault_place){ .text = fault };
	for (const char *p = strchr(fault, ':'); p; p = strchr(p + 1, ':')) {
		gsize len = read_position(p, place);

		if (len > 0) {
			place->file = g_strndup(fault, (gsize)(p - fault));
			place->text = p + len;
			return;
		}
	}
	place->file = g_strndup(fault, colon ? (gsize)(colon - fault) : 0);
	place->text = colon ? colon + 2 : fault;
}
