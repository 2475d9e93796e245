/* The grammar of a profile, apart from files and folders of them. */
#ifndef PROFILE_PROFILE_PRIVATE_H
#define PROFILE_PROFILE_PRIVATE_H

#include "profile/profile.h"
#include "profile/sources.h"
#include "profile/yaml.h"

/*
 * Reads the whole tree into a profile that has its path and id. `places`
 * (address -> "file:line:column") is what other files have, and is added to.
 */
void profile_read(struct yaml *yaml, struct profile *profile,
		  GHashTable *places);

/* No places yet, for profile_read(). */
GHashTable *profile_places_new(void);

/*
 * Notes where an address stands. The place that had it before, and nothing is
 * noted; or NULL. Borrowed.
 */
const char *profile_places_add(GHashTable *places, const char *address,
			       const char *file, struct profile_place place);

/* What profile_read() does for addresses, for a profile that was read
 * before. */
void profile_claim(const struct profile *profile, GHashTable *places,
		   struct faults *faults);

/* NULL when the text is no valid profile; the faults are added. */
struct profile *profile_of_source(const struct profile_source *source,
				  GHashTable *places, struct faults *faults);

/*
 * Ids of a folder's *.yaml, in the order of the files' names: an array that
 * frees its elements. Faults for names that are no ids call the file `what`
 * ("a profile").
 */
GPtrArray *profile_source_ids(const char *folder, const char *what,
			      struct faults *faults);

/* The `digest` of a profile; `map` may be NULL. */
void digest_read(struct yaml_node *map, struct profile_digest *digest);

#endif
