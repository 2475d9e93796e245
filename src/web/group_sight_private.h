/*
 * A buying group as one of its members sees it, and who may look through whose
 * eyes: a member, or who acts for one (ACCESS_GROUP).
 */
#ifndef WEB_GROUP_SIGHT_PRIVATE_H
#define WEB_GROUP_SIGHT_PRIVATE_H

#include <glib.h>

#include "market/group.h"
#include "request_private.h"

struct group_sight {
	const struct group *group;
	const char *reader;  /* profile id of a member */
	GPtrArray *readers;  /* of ids: all whose the user may look through */
	GPtrArray *profiles; /* of struct profile */
	struct vendor_book *book;
	struct group_view *view;
};
typedef struct group_sight GroupSight; /* for g_auto(GroupSight) */

/*
 * The group of that id as `as` sees it ("": the user's own, else the first for
 * whom they may). FALSE and an error page otherwise: a group that is not there
 * and one that is not theirs look the same.
 */
gboolean group_sight_open(const struct web_request *request,
			  struct web_reply *reply, const char *id,
			  const char *as, struct group_sight *sight);
void group_sight_clear(struct group_sight *sight);

/* The members of the group through whose eyes the user may look, their own
 * first: ids, borrowed. */
GPtrArray *group_sight_readers(const struct web_request *request,
			       const struct group *group);

/* What a member is called; borrowed. */
const char *group_sight_name(const struct group_sight *sight,
			     const struct group_member *member);

/* The path of the page, as the same reader sees it; the caller's. */
char *group_sight_link(const struct web_request *request,
		       const struct group_sight *sight);

/* A form of the page that is sent to /groups/ID/vote. */
void group_sight_form(const struct web_request *request,
		      struct web_reply *reply, const struct group_sight *sight,
		      const char *attributes);

/* What comes after the first rows opens below them; what even that has no room
 * for is told as a number. */
void group_rest_open(GString *out, guint n, const char *what);
void group_rest_close(GString *out, guint n, guint max);

/* The parts of the page. */
void group_topics_put(struct web_reply *reply, const struct group_sight *sight);
void group_picture_put(GString *out, const struct group_sight *sight);
void group_choices_put(const struct web_request *request,
		       struct web_reply *reply,
		       const struct group_sight *sight);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GroupSight, group_sight_clear)

#endif
