/* The profile's page as it is put together: profile.c acts, editor.c shows. */
#ifndef WEB_EDITOR_PRIVATE_H
#define WEB_EDITOR_PRIVATE_H

#include <glib.h>

#include "profile/faults.h"
#include "request_private.h"
#include "review/profiles.h"
#include "review/replay.h"

struct editor {
	const struct web_request *request;
	struct web_reply *reply;
	const struct buyer *buyer;
	const char *id;
	struct profiles_view *view;
	char *text;		 /* in the box; the editor's own */
	guint after;		 /* the newest version when it was opened */
	struct faults *faults;	 /* of the text */
	struct replay *replay;	 /* what it would change, or NULL */
	struct profile *profile; /* which the replay borrows */
	char *said;		 /* one line over the text, or NULL */
};

/* Judges the mail of the last 30 days by the text, which has no faults. */
void editor_replay(struct editor *editor);

/* What the buyer's own labels suggest; NULL when the store does not answer. */
GPtrArray *editor_suggestions(const struct editor *editor);

/* The whole page. */
void editor_page(struct editor *editor);

#endif
