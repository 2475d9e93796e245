/* The command `pitchward research`, and what its parts share. */
#ifndef CLI_RESEARCH_PRIVATE_H
#define CLI_RESEARCH_PRIVATE_H

#include <glib.h>

#include "market/research.h"
#include "options_private.h"
#include "profile/config.h"

struct researching {
	struct options options;
	/* As given; NULL or 0 when not. */
	char *addr;
	char **kinds;
	char *vendor;
	char *priority;
	char *source;
	char *since;
	char *until;
	int limit;
	gboolean html;
	gboolean keeps;	  /* --watch */
	gboolean watches; /* --watches */
	char *unwatch;	  /* an id */
	/* What it means. */
	char *text;
	char *buyer; /* id */
	char *card;
	const char *buyers[2];
	struct research_query query;
	struct config *config;
	struct snapshot *snapshot; /* NULL: nobody is asked for */
	struct store *store;
	struct vendor_book *book;
};

/* Reads the filters given into the query. CLI_ERROR_USAGE names the option. */
gboolean research_given(struct researching *researching, GError **error);

/* The answer, for a terminal. */
void research_print(const struct research *research);

/* Keeps the question and its filters for the next brief; lists what is kept;
 * forgets one. */
gboolean research_watch(const struct researching *researching, GError **error);
gboolean research_watches(const struct researching *researching,
			  GError **error);
gboolean research_unwatch(const struct researching *researching,
			  GError **error);

#endif
