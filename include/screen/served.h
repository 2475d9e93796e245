/*
 * Which text of each buyer's profile serves: the file of the profiles' folder,
 * or the newest version in the store that stands over it.
 *
 * Files are the administrator's base. A version serves while the file is the
 * one it was made over (by its SHA-256; of a buyer without a file, while there
 * is none); once somebody changes the file, the file serves again, and when it
 * is removed the buyer is gone. A version without a text takes a buyer away who
 * has no file. All programs take profiles from here, so that they agree.
 */
#ifndef SCREEN_SERVED_H
#define SCREEN_SERVED_H

#include <glib.h>

#include "profile/config.h"
#include "profile/faults.h"
#include "profile/profile.h"
#include "profile/sources.h"

enum served_origin {
	SERVED_FILE,	/* there is no version */
	SERVED_VERSION, /* the newest one */
	SERVED_CHANGED, /* the file, changed since the newest version */
	SERVED_GONE,	/* nothing: the file under the version was removed */
	SERVED_REMOVED	/* nothing: the newest version says so */
};

struct served {
	char *id;
	char *path;   /* of its file, whether it is there or not */
	char *digest; /* SHA-256 in hex of the file, "" of none */
	enum served_origin origin;
	guint number;	/* of the newest version, 0: there is none */
	gint64 time_us; /* of that version */
	char *name;	/* in faults: the path, and the version if one serves */
	struct file_stamp stamp; /* of the file */
	/* Texts. NULL of all three, too, where `profile` is from before. */
	GBytes *file;	 /* NULL: there is none */
	GBytes *version; /* the newest one's text; NULL: there is none */
	GBytes *text;	 /* what serves; NULL when gone or removed */
	struct profile *profile; /* parsed; NULL: not yet, or it has faults */
};

struct served_request {
	const char *folder;
	/* Of struct store_version, the newest of each buyer; NULL: none. */
	const GPtrArray *versions;
	/*
	 * What was found and parsed earlier, without a fault; NULL: nothing. Of
	 * whom neither file nor version changed since, the profile is shared,
	 * and no text is read.
	 */
	const GPtrArray *before;
	const char *whole; /* whose texts are read anyway; NULL: nobody's */
};

/*
 * What serves, in the order of ids, not parsed yet: an array that frees its
 * elements. Never NULL; adds faults for what cannot be read.
 */
GPtrArray *served_find(const struct served_request *request,
		       struct faults *faults);

/*
 * Parses every text, in the order of the array, and checks it against the
 * limits of the configuration (may be NULL). Adds the faults of all, those
 * across profiles too.
 */
void served_parse(const GPtrArray *served, const struct config *config,
		  struct faults *faults);

/* Both, of the configured folder: what a program serves, or why it cannot. */
GPtrArray *served_load(const struct config *config, const GPtrArray *versions,
		       const GPtrArray *before, struct faults *faults);

/*
 * The same without texts, which will do as `before`. It lies closer together in
 * memory than what was found between texts; that is freed.
 */
GPtrArray *served_trim(GPtrArray *served);

/* All versions of a buyer, the newest last, as store_version_list() has them;
 * NULL: they cannot be read. */
struct served_past {
	GPtrArray *(*list)(gpointer data, const char *buyer);
	gpointer data;
};

/*
 * `versions` without those that keep all from serving, since they have faults
 * by themselves or with the others: for each the newest before it that stands
 * over the same file and has none, or else nothing, so that the file serves.
 * `before` is as in struct served_request. `told` (of char *) gets a line for
 * each. An array that frees its elements.
 */
GPtrArray *served_mend(const struct config *config, const GPtrArray *versions,
		       const GPtrArray *before, const struct served_past *past,
		       GPtrArray *told);

/*
 * Leaves out whom the faults of served_load() name, so that nobody else is kept
 * from serving: their `profile` is NULL from then on. An address in two files
 * is nobody's: both are left out. `told` (of char *) gets a line for each
 * fault and whom it leaves out. FALSE: that will not do, since a fault is not
 * of a file in the folder, or is of one who has a profile in `before` (may be
 * NULL), or since nobody would be left.
 */
gboolean served_leave_out(const GPtrArray *served, const char *folder,
			  const GPtrArray *before, struct faults *faults,
			  GPtrArray *told);

/*
 * What a job serves: versions as served_mend() has them (NULL: none), and
 * without whom served_leave_out() leaves out and tells. NULL: that will not do;
 * the error lists all faults.
 */
GPtrArray *served_sound(const struct config *config, const GPtrArray *versions,
			const struct served_past *past, GPtrArray *told,
			GError **error);

/* Of a buyer who has neither file nor version; for the array. */
struct served *served_new(const char *folder, const char *id);

/* By id, in the order of served_find(); or NULL. */
struct served *served_get(const GPtrArray *served, const char *id);

/* "file", "version 3", "file, since it was changed after version 3", "nothing,
 * since the file under version 3 was removed", "nothing, since version 3
 * removed the buyer"; the caller's. */
char *served_origin_text(enum served_origin origin, guint number);

#endif
