/* The grammar of a buying group, apart from files and folders of them. */
#ifndef PROFILE_GROUP_PRIVATE_H
#define PROFILE_GROUP_PRIVATE_H

#include "profile/group.h"
#include "profile/yaml.h"

/*
 * Reads the whole tree into a group that has its path and id; `profiles` (of
 * struct profile; NULL: any may be) are those that members may have.
 */
void group_read(struct yaml *yaml, struct group *group,
		const GPtrArray *profiles);

#endif
