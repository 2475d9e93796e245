/* What a path given to `pitchward check` is, and what a fault's line says. */
#ifndef CLI_CHECK_PRIVATE_H
#define CLI_CHECK_PRIVATE_H

#include <glib.h>

enum check_kind {
	CHECK_CONFIG,
	CHECK_PROFILE,
	CHECK_SIGNALS,
	CHECK_GROUP,
	CHECK_CARD,	/* a model's card.yaml */
	CHECK_PROFILES, /* a folder of profiles */
	CHECK_GROUPS,	/* a folder of groups */
	CHECK_MODEL,	/* a model's folder */
	CHECK_MODELS,	/* a folder of models' folders */
	CHECK_SITE	/* a folder with a pitchward.yaml */
};

/*
 * By its keys, and where these do not tell, by its name; a file that cannot
 * be read is whatever its name says.
 */
enum check_kind check_kind(const char *path);

/* "FILE:LINE:COLUMN: TEXT" or "FILE: TEXT" taken apart. */
struct fault_place {
	char *file; /* the caller's */
	guint line; /* 0: the file as a whole */
	guint column;
	const char *text; /* points into what was split */
};

void check_split(const char *fault, struct fault_place *place);

#endif
