/* What `pitchward init` must know before it can write. */
#ifndef CLI_INIT_PRIVATE_H
#define CLI_INIT_PRIVATE_H

#include <glib.h>

#include "profile/template.h"

struct answers {
	const char *folder; /* borrowed */
	char *name;
	char **emails;
	char *template;
	char *role;
	char *sector;
	int employees;
	char **regions;
	char *zone;
	char *domain;
	char *mta;
	gboolean sendmail; /* what `mta` says */
	char *authserv_id;
	char *state; /* NULL: the usual place */
	gboolean make_state;
	char *socket; /* NULL: where the MTA can reach it */
};

void answers_clear(struct answers *answers);

/*
 * Checks what is given, asks for what is missing when somebody can be asked,
 * and fills in what follows from the rest. CLI_ERROR_USAGE names options.
 */
gboolean answers_complete(struct answers *answers, GError **error);

#endif
