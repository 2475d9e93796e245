/*
 * Texts of profiles before they are profiles: the files of a folder, or what
 * stands in for them. Faults of one text and across texts (an address in two of
 * them) are found by parsing all of them together.
 */
#ifndef PROFILE_SOURCES_H
#define PROFILE_SOURCES_H

#include <glib.h>

#include "base/file.h"
#include "profile/faults.h"
#include "profile/profile.h"

struct profile_source {
	char *id;
	char *name; /* in faults; a path, whose folder is that of metric files
		     */
	struct file_stamp stamp; /* from before the text was read */
	GBytes *text;		 /* NULL: not read */
	struct profile *profile; /* what was parsed of it before; or NULL */
};
typedef struct profile_source ProfileSource; /* for g_autoptr(ProfileSource) */

/* References the text (may be NULL). */
struct profile_source *profile_source_new(const char *id, const char *name,
					  GBytes *text);
void profile_source_free(struct profile_source *source);

/* At most 64 letters, digits, '-', '_' and '.'; no dot at the beginning. */
gboolean profile_id_valid(const char *id);

/*
 * All *.yaml of a folder in the order of ids, with their stamps: an array of
 * struct profile_source that frees its elements. Adds faults for names that are
 * no ids. Never NULL.
 */
GPtrArray *profile_sources_find(const char *folder, struct faults *faults);

/* Reads the text of one that was found; FALSE and a fault when it cannot. */
gboolean profile_source_read(struct profile_source *source,
			     struct faults *faults);

/* Finds all and reads them; without those that cannot be read. */
GPtrArray *profile_sources_read(const char *folder, struct faults *faults);

/*
 * The profile of each text (NULL: it has faults), in order: an array that frees
 * its elements. Of two texts with the same address the later has the fault. A
 * source that has its profile already need not have its text.
 */
GPtrArray *profile_sources_parse(const GPtrArray *sources,
				 struct faults *faults);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProfileSource, profile_source_free)

#endif
