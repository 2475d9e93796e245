/*
 * What a worker serves, made anew: on reload, and by itself within a second
 * when a version of a profile was added to the store or a model was promoted or
 * rolled back (promotion_mark()), by whatever process.
 *
 * Versions last read are kept, so that a reload does not wait for the store. A
 * store that cannot be read is no failure: what is known goes on serving, and
 * is followed again when the store is back.
 */
#ifndef MILTER_REFRESH_PRIVATE_H
#define MILTER_REFRESH_PRIVATE_H

#include "milter/site.h"

struct refresh;

/*
 * Reads the versions there are and makes the site serve them. Those that cannot
 * serve (which is logged) are left out for their files. Then follows them. The
 * site has its vault until refresh_free(); texts are borrowed until then.
 * `socket` is the one that is bound, NULL when it was passed in.
 */
struct refresh *refresh_new(struct site *site, const char *config,
			    const char *models, const char *socket);

/* Waits for the load under way. NULL is nothing. */
void refresh_free(struct refresh *refresh);

/* Reads the configuration again; "ok TEXT" or "failed TEXT", the caller's. */
char *refresh_reload(struct refresh *refresh);

#endif
