/*
 * What a person sees of a message, and what it hides from them.
 *
 * multipart/alternative: the richest readable form (HTML, unless it shows next
 * to nothing while the plain text says something). HTML is parsed by libxml2
 * and rendered to text: display:none, visibility:hidden, zero or one pixel
 * font sizes, zero height with overflow hidden, opacity 0, text in the colour
 * of its background, off-screen positions, comments, <title> and alternative
 * texts of padding length are not text; their words are hidden. Scripts, style
 * sheets and conditional comments are neither. The alternative text of an
 * image counts when the image is all that a link has. Quoted earlier mail
 * (">" lines, "On ... wrote:", "-----Original Message-----", blockquotes and
 * mail programs' quote divisions, forwarded headers, enclosed messages) and the
 * signature (RFC 3676 "-- ", a mail program's signature division, or a closing
 * name block) are kept apart from the fresh text.
 */
#ifndef MAIL_CONTENT_H
#define MAIL_CONTENT_H

#include <glib.h>

#include "mail/message.h"

struct content_link {
	char *url;	 /* as written, absolute http(s), mailto or tel only */
	char *host;	 /* lower case; "" for mailto and tel */
	char *text;	 /* visible text, "" for a bare image or a plain URL */
	gboolean quoted; /* met in quoted text only */
};

struct content {
	char *subject;	  /* decoded, UTF-8, one line */
	char *fresh;	  /* the visible text of this message, LF lines */
	char *quoted;	  /* the visible text it quotes or forwards */
	char *signature;  /* the closing block, "" when none is recognised */
	char *hidden;	  /* text in HTML that a person cannot see, capped */
	GPtrArray *links; /* of struct content_link, in order, deduplicated */
	guint images;	  /* <img> with a remote source */
	guint trackers;	  /* remote images of at most 3 x 3, or hidden */
	guint attachments;
	gboolean html;	   /* the visible text came from HTML */
	gboolean calendar; /* a text/calendar part is there */
	guint odd;	   /* enum mail_odd, mail_odd() included */
};
typedef struct content Content; /* for g_autoptr(Content) */

/* Never NULL; every string is valid UTF-8 and bounded by the mail's limits. */
struct content *content_new(const struct mail *mail);
void content_free(struct content *content);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Content, content_free)

#endif
