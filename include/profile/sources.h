/*
 * Texts of profiles before they are profiles: the files of a folder, or what
 * stands in for them. Faults of one text and across texts (an address in two of
 * them) are found by parsing all of them together.
 */
#ifndef PROFILE_SOURCES_H
#define PROFILE_SOURCES_H

#include <glib.h>

#include "profile/faults.h"

struct profile_source {
	char *id;
	char *name; /* in faults; a path, whose folder is that of metric files
		     */
	GBytes *text;
};
typedef struct profile_source ProfileSource; /* for g_autoptr(ProfileSource) */

/* References the text. */
struct profile_source *profile_source_new(const char *id, const char *name,
					  GBytes *text);
void profile_source_free(struct profile_source *source);

/* At most 64 letters, digits, '-', '_' and '.'; no dot at the beginning. */
gboolean profile_id_valid(const char *id);

/*
 * All *.yaml of a folder in name order: an array of struct profile_source that
 * frees its elements. Adds faults for names that are no ids and for what cannot
 * be read. Never NULL.
 */
GPtrArray *profile_sources_read(const char *folder, struct faults *faults);

/*
 * The profile of each text (NULL: it has faults), in order: an array that frees
 * its elements. Of two texts with the same address the later has the fault.
 */
GPtrArray *profile_sources_parse(const GPtrArray *sources,
				 struct faults *faults);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProfileSource, profile_source_free)

#endif
