/* Messages as board, queue and message page show them. */
#ifndef WEB_ROW_PRIVATE_H
#define WEB_ROW_PRIVATE_H

#include <glib.h>

#include "request_private.h"
#include "store/queue.h"
#include "store/store.h"

/*
 * The message of that id, when the user may do `action` with its buyer's rows.
 * NULL and an error page otherwise: what is not there and what is not theirs
 * look the same.
 */
struct store_message *row_find(const struct web_request *request,
			       struct web_reply *reply, const char *id,
			       enum access_action action);

/* Without what only members of the buyer's groups may see, for who is to look
 * at it and is none; row_find() has done so. */
void row_hide(const struct web_request *request, struct store_message *message);

/* "24 campaigns, 37 mails": a row of a list is a campaign. The caller's. */
char *row_total(const struct store_fold_total *total);

/* The rows of store_fold_list(), hidden so; NULL stays NULL. */
GPtrArray *row_hide_folds(const struct web_request *request, GPtrArray *folds);

/* The buyer of a row, or NULL when the profile is gone; borrowed. */
const struct buyer *row_buyer(const struct web_request *request,
			      const char *id);

/* The keys of actions, the same on every page. */
enum row_key {
	ROW_KEY_RELEASE = 'r',
	ROW_KEY_ASK = 'a',
	ROW_KEY_RELEVANT = 'w',
	ROW_KEY_IRRELEVANT = 'i',
	ROW_KEY_NOT_OUTREACH = 's',
	ROW_KEY_SNOOZE = 'z',
	ROW_KEY_NEVER = 'n'
};

/* A bar of 0..1 with its number and, for those who do not see it, its name;
 * a dash when it is not known. */
void row_bar(GString *out, const char *name, double share, const char *look);

/* Both scores of a message. */
void row_scores(GString *out, const struct store_message *message);

/* Whether what the row is ordered by has been labelled. */
gboolean row_decided(const struct store_fold *fold);

/* "Acme Ltd <a@acme.example>" as far as it is known, escaped. */
void row_sender(GString *out, const struct store_message *message);

/*
 * The beginning of a text, as much as takes `max` bytes in HTML: a page stays
 * under its weight, whatever the mail. Valid UTF-8, whole characters; the
 * caller's.
 */
#define ROW_SUBJECT_MAX 320
char *row_cut(const char *text, gsize max);

/* The subject, or words that say that there is none. */
void row_subject(GString *out, const struct store_message *message);

/* The name of a priority of the buyer, or its id; borrowed. */
const char *row_priority(const struct buyer *buyer, const char *id);

/*
 * A link inside the site: path, then name and value pairs up to NULL, of which
 * those with an empty value are left out; escaped for an attribute. The
 * caller's.
 */
char *row_link(const char *path, ...) G_GNUC_NULL_TERMINATED;

#endif
