/* The commands of `pitchward group`, and what they share. */
#ifndef CLI_GROUP_PRIVATE_H
#define CLI_GROUP_PRIVATE_H

#include <glib.h>

#include "market/group.h"
#include "options_private.h"
#include "profile/config.h"

int group_align_main(int argc, char **argv);
int group_answer_main(int argc, char **argv);
int group_decide_main(int argc, char **argv);
int group_digest_main(int argc, char **argv);
int group_list_main(int argc, char **argv);
int group_show_main(int argc, char **argv);

/* One such command, with all it needs. */
struct group_case {
	const char *command;
	struct options options;
	gboolean needs_store;
	char *as; /* the member who acts or looks; NULL: who runs the command */
	struct config *config;
	GPtrArray *profiles;
	GPtrArray *groups;
	const struct group *group; /* of the first argument */
	struct store *store;	   /* NULL when there is none yet */
	struct vendor_book *book;
	struct group_view *view;
};

void group_case_clear(struct group_case *about);

/* The configuration, the profiles and all groups. */
gboolean group_case_load(struct group_case *about, GError **error);

/* The same, and the group that is named, the store (when there is one, or it is
 * needed) and the view of `as`; CLI_ERROR_USAGE: no such group or member. */
gboolean group_case_open(struct group_case *about, GError **error);

/* The one of that id, borrowed; CLI_ERROR_USAGE: there is none. */
const struct group *group_case_named(const GPtrArray *groups,
				     const char *command, const char *id,
				     GError **error);

/* The group of the first argument; CLI_ERROR_USAGE: there is none. */
gboolean group_case_find(struct group_case *about, GError **error);

/* The view again, as the store is now. */
gboolean group_case_look(struct group_case *about, GError **error);

/* The card of a vendor, given as a name or a domain; CLI_ERROR_USAGE. The
 * caller's. */
char *group_case_card(const struct group_case *about, const char *given,
		      GError **error);

/* Parts of a view, as text. */
void group_print_head(const struct group_view *view);
void group_print_influence(const struct group_view *view);
void group_print_topics(const struct group_view *view);
void group_print_alignment(const struct group_view *view);
void group_print_meetings(const struct group_view *view);
void group_print_choices(const struct group_view *view);
void group_print_record(const struct group_view *view);

#endif
