/*
 * Reading what came: held mail once for its quotations, topics and as a
 * document; items and pages as documents. What research and the brief ask is
 * what this wrote down.
 */
#ifndef MARKET_GLEAN_H
#define MARKET_GLEAN_H

#include <glib.h>

#include "store/search.h"

struct glean {
	guint messages;
	guint quotes;
	guint topics;
	guint items;
	guint gone; /* released, deleted or expired meanwhile */
};

/*
 * Reads all that was not read yet, oldest first, until `deadline_us`
 * (monotonic; 0: none): what was read stays read. One process at a time:
 * STORE_ERROR_CONFLICT when another is at it.
 */
gboolean glean_run(struct store *store, gint64 deadline_us, struct glean *done,
		   GError **error);

/*
 * The words of a text as they are searched for: folded, in the stem of the
 * text's language (text/language.h, text/stem.h), numbers as they are, with a
 * blank between. The caller's.
 */
char *glean_terms(const char *text);

/* What somebody asks, as terms: each word in the stem of every language it may
 * be of, no word twice, function words left out unless there is nothing else.
 * An array of strings, for store_search.terms; the caller's. */
char **glean_question(const char *text);

/* A page or item as a document; the caller's. */
struct store_document *glean_page(const char *vendor, const char *url,
				  const char *title, const char *text,
				  gint64 time_us);

#endif
