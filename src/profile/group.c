#include "profile/group.h"

#include <string.h>

#include "group_private.h"
#include "profile_private.h"

#define SUFFIX ".yaml"

void
group_free(struct group *group)
{
	if (!group)
		return;
	g_free(group->path);
	g_free(group->id);
	g_free(group->name);
	g_free(group->front_door);
	g_free(group->what);
	g_clear_pointer(&group->members, g_ptr_array_unref);
	g_clear_pointer(&group->topics, g_ptr_array_unref);
	g_clear_pointer(&group->talks, g_ptr_array_unref);
	g_free(group);
}

const struct group_member *
group_find_member(const struct group *group, const char *profile)
{
	for (guint i = 0; profile && i < group->members->len; i++) {
		const struct group_member *member = group->members->pdata[i];

		if (strcmp(member->profile, profile) == 0)
			return member;
	}
	return NULL;
}

static char *
id_of_path(const char *path)
{
	char *id = g_path_get_basename(path);

	if (g_str_has_suffix(id, SUFFIX))
		id[strlen(id) - strlen(SUFFIX)] = '\0';
	return id;
}

/* NULL when anything in the tree is wrong. */
static struct group *
group_of_tree(const char *path, struct yaml *yaml, const GPtrArray *profiles)
{
	g_autoptr(Group) group = NULL;

	if (!yaml)
		return NULL;
	group = g_new0(struct group, 1);
	group->path = g_strdup(path);
	group->id = id_of_path(path);
	group_read(yaml, group, profiles);
	return yaml_failed(yaml) ? NULL : g_steal_pointer(&group);
}

struct group *
group_parse(const char *path, const char *text, gsize size,
	    struct faults *faults)
{
	g_autoptr(Yaml) yaml = yaml_parse(path, text, size, faults);

	return group_of_tree(path, yaml, NULL);
}

struct group *
group_load(const char *path, const GPtrArray *profiles, struct faults *faults)
{
	g_autoptr(Yaml) yaml = yaml_load(path, faults);

	return group_of_tree(path, yaml, profiles);
}

static void
group_destroy(gpointer data)
{
	group_free(data);
}

GPtrArray *
group_load_folder(const char *folder, const GPtrArray *profiles,
		  struct faults *faults)
{
	GPtrArray *groups = g_ptr_array_new_with_free_func(group_destroy);
	g_autoptr(GPtrArray) ids = NULL;

	if (!g_file_test(folder, G_FILE_TEST_EXISTS))
		return groups;
	ids = profile_source_ids(folder, "a group", faults);
	for (guint i = 0; i < ids->len; i++) {
		const char *id = ids->pdata[i];
		g_autofree char *name = g_strconcat(id, SUFFIX, NULL);
		g_autofree char *path = g_build_filename(folder, name, NULL);
		struct group *group = group_load(path, profiles, faults);

		if (group)
			g_ptr_array_add(groups, group);
	}
	return groups;
}
