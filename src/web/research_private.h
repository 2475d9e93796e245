/* The page /research: what was asked for, and how the answer is shown. */
#ifndef WEB_RESEARCH_PRIVATE_H
#define WEB_RESEARCH_PRIVATE_H

#include "market/research.h"
#include "request_private.h"

/* What the page was asked for; "" where nothing was. */
struct research_view {
	const struct buyer *buyer; /* whose relevance */
	const char *text;
	const char *kind;
	const char *vendor; /* a card */
	const char *priority;
	const char *source;
	const char *since; /* "2026-11-01" */
	const char *until;
	guint limit; /* hits, 0: as many as a page needs */
};

/* A link to `path` with all of the view; escaped for an attribute. The
 * caller's. */
char *research_link(const struct research_view *view, const char *path);

/* What restricts the answer, each with a way out; then what it may be
 * restricted by. */
void research_put_filters(GString *out, const struct research_view *view);
void research_put_facets(GString *out, const struct research_view *view,
			 const struct research *research);

/* Vendors side by side, then what was found. */
void research_put_answer(const struct web_request *request,
			 struct web_reply *reply,
			 const struct research *research);

#endif
