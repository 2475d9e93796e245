/* A group's view while it is made, each part in a file of its own. */
#ifndef MARKET_GROUP_PRIVATE_H
#define MARKET_GROUP_PRIVATE_H

#include "market/group.h"

/* Whether the reader may see this of the member. */
gboolean group_sees(const struct group_request *request,
		    const struct group_member *member, enum group_share what);

/* NULL without one; borrowed. */
const struct profile *group_profile(const GPtrArray *profiles,
				    const struct group_member *member);

/* How alike priorities and refusals are (market/group.h). */
struct group_alike;
typedef struct group_alike GroupAlike; /* for g_autoptr(GroupAlike) */

struct group_alike *group_alike_new(const struct group_request *request);
void group_alike_free(struct group_alike *alike);

/* Of two that the reader may see: each is a priority or a refusal. */
double group_alike_of(const struct group_alike *alike, gconstpointer a,
		      gconstpointer b);

/* Whether all stems of the refusal's name are in the priority's name and
 * keywords, or in a text. */
gboolean group_alike_named(const struct group_alike *alike,
			   const struct profile_refusal *refusal,
			   const struct profile_priority *priority);
gboolean group_alike_said(struct group_alike *alike,
			  const struct profile_refusal *refusal,
			  const char *text);

/* The parts of the view, in this order. */
void group_topics_fill(const struct group_request *request,
		       struct group_view *view);
void group_conflicts_fill(const struct group_request *request,
			  struct group_view *view);
gboolean group_choices_fill(const struct group_request *request,
			    struct group_view *view, GError **error);
gboolean group_meetings_fill(const struct group_request *request,
			     struct group_view *view, GError **error);
void group_links_fill(const struct group_request *request,
		      struct group_view *view);

/* A view with the choices and the record alone. */
struct group_view *group_view_of_votes(const struct group_request *request,
				       GError **error);

/* An array of struct group_choice, of struct group_meeting, that frees them. */
GPtrArray *group_choices_new(void);
GPtrArray *group_meetings_new(void);

/* What the view's priorities and refusals are freed by. */
void group_shown_free(gpointer data);

/* The priority or refusal as the reader sees it: itself, or a copy that the
 * view owns, with only what the member shares. */
const struct profile_priority *
group_shown_priority(const struct group_request *request,
		     struct group_view *view, const struct group_member *member,
		     const struct profile_priority *priority);
const struct profile_refusal *
group_shown_refusal(const struct group_request *request,
		    struct group_view *view, const struct group_member *member,
		    const struct profile_refusal *refusal);

/* The day of a time, "2027-03-31"; the caller's. */
char *group_day(gint64 time_us);

/* The company's name as a person wrote it, else the card; borrowed. */
const char *group_vendor_name(const struct vendor_book *book, const char *card);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GroupAlike, group_alike_free)

#endif
