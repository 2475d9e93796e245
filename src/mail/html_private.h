/*
 * HTML to what a person sees of it, by libxml2's SAX interface: no tree is
 * made, nothing recurses, and reading stops at the caps on elements and depth.
 */
#ifndef MAIL_HTML_PRIVATE_H
#define MAIL_HTML_PRIVATE_H

#include <glib.h>

#include "link_private.h"
#include "mail/limits.h"

/* Stands on a line of its own where quoted text was taken out of `text`. */
#define QUOTE_MARK '\x1f'

struct html_text {
	GString *text;	    /* visible, neither quoted nor signature */
	GString *quoted;    /* visible, in quote divisions */
	GString *signature; /* visible, in a signature division */
	GString *hidden;    /* not visible, capped */
	guint images;	    /* with a remote source */
	guint trackers;	    /* of those: tiny or hidden */
	guint odd;	    /* MAIL_CAP_HTML, MAIL_CAP_URLS */
};

/*
 * `html` is valid UTF-8. Links are added to `links`. `reply` tells whether the
 * message says that it answers or forwards another: in others an indented block
 * is a quote only when a mail program says so.
 */
struct html_text *html_render(const char *html,
			      const struct mail_limits *limits, gboolean reply,
			      struct link_list *links);
void html_text_free(struct html_text *text);

#endif
