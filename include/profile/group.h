/*
 * A buying group: who decides together, and how (conf/groups.d; NAME.yaml).
 *
 *	version: 1
 *	group:
 *	  name: Endpoint renewal 2027
 *	  front_door: vendors@meridianhealth.example
 *	decision: {what: "Replace the antivirus", by: 2027-03-31,
 *		   stage: evaluating}
 *	members:
 *	  - {profile: priya, role: CISO, influence: {now: 0.9, wished: 0.6},
 *	     veto: yes, share: [priorities, refusals, vendors, metrics]}
 *	topics:
 *	  - {id: edr, name: Endpoint detection, owner: priya,
 *	     priorities: [priya/edr, dan/desktops]}
 *	talks: [[priya, dan]]
 *	accept: 0.7
 *
 * Immutable once loaded; an open struct, since it is plain values.
 */
#ifndef PROFILE_GROUP_H
#define PROFILE_GROUP_H

#include <glib.h>

#include "profile/faults.h"
#include "profile/profile.h"

#define GROUP_MEMBERS_MAX 64
#define GROUP_TOPICS_MAX  64

/* What the others of the group may see of a member. */
enum group_share {
	GROUP_PRIORITIES = 1 << 0, /* names, weights, stages and dates; the
				      default, alone */
	GROUP_REFUSALS = 1 << 1,
	GROUP_VENDORS = 1 << 2, /* which vendors wrote to them */
	GROUP_METRICS = 1 << 3
};

struct group_member {
	char *profile; /* id of the profile */
	char *role;    /* in the decision; "" when absent */
	double now;    /* influence, 0..1, default 0.5 */
	double wished; /* default as now */
	gboolean veto;
	guint share; /* enum group_share */
};

/* Priorities of several members that are one thing; without it those that say
 * the like are found (market/group.h). */
struct group_topic {
	char *id;
	char *name;
	char *owner;	   /* profile id, or NULL: nobody is named */
	char **priorities; /* "PROFILE/PRIORITY" */
};

struct group {
	char *path;
	char *id; /* file name without ".yaml" */
	char *name;
	char *front_door; /* the address vendors get for an answer, or NULL */
	char *what;	  /* that is to be decided; "" when absent */
	gint64 by_us;	  /* end of that day UTC; 0: no date */
	enum profile_stage stage;
	GPtrArray *members; /* of struct group_member, two at least */
	GPtrArray *topics;  /* of struct group_topic */
	GPtrArray *talks;   /* of char ** with two profile ids: they do talk */
	double accept; /* P(relevant) to any member's shared priority from which
			  mail is let in for the group; 0: never */
};
typedef struct group Group; /* for g_autoptr(Group) */

/* NULL (and faults) when it is not valid. */
struct group *group_parse(const char *path, const char *text, gsize size,
			  struct faults *faults);
void group_free(struct group *group);

/* The same from a file; faults also for a member or priority that `profiles`
 * (of struct profile; NULL: any may be) does not have. */
struct group *group_load(const char *path, const GPtrArray *profiles,
			 struct faults *faults);

/* All *.yaml of a folder in name order, an array of struct group that frees
 * them; faults also for a member or priority that `profiles` (of struct
 * profile; NULL: any may be) does not have, with the nearest that is there.
 * Never NULL; a folder that is not there is empty. */
GPtrArray *group_load_folder(const char *folder, const GPtrArray *profiles,
			     struct faults *faults);

/* The member, or NULL. */
const struct group_member *group_find_member(const struct group *group,
					     const char *profile);

/* The words of enum group_share (bit 1 << index), as in the file. */
extern const char *const group_shares[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Group, group_free)

#endif
