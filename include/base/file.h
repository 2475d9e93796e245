/*
 * Whole files, read with a bound and replaced so that a reader or a crash sees
 * the old file or the new one, never a part.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <glib.h>

/*
 * The bytes of a regular file (or of standard input when `path` is "-").
 * Errors: BASE_ERROR_NOT_FOUND, _DENIED, _IO; BASE_ERROR_LIMIT when there is
 * more than `size_max`; BASE_ERROR_INVALID for a folder or a device.
 */
GBytes *file_read(const char *path, gsize size_max, GError **error);

/*
 * Replaces `path`: a temporary file in its folder is written, fsynced, given
 * `mode`, renamed, and the folder fsynced. When this returns TRUE the bytes
 * survive power loss; when FALSE the old file is untouched and no temporary
 * file is left (only when the folder's own fsync fails, the new file stands
 * and may not survive).
 */
gboolean file_replace(const char *path, const void *data, gsize size,
		      guint mode, GError **error);

/* Makes a folder and its parents (mode 0750); TRUE when it is there. */
gboolean folder_make(const char *path, GError **error);

/* Makes names in a folder (renames, links, removals) survive power loss. */
gboolean folder_sync(const char *path, GError **error);

/*
 * The names in a folder, in order, but those that begin with a dot; none when
 * it cannot be read. An array of strings that frees them.
 */
GPtrArray *file_names(const char *folder);

/*
 * Which state of a file it is: another one has another stamp. All zero: not
 * known, since there is no file, or it was changed so lately that the next
 * change may bear the same time.
 */
struct file_stamp {
	guint64 device;
	guint64 inode;
	gint64 size;
	gint64 modified_ns;
	gint64 changed_ns; /* ctime */
};

/* Of what a path leads to; to be taken before the file is read. */
struct file_stamp file_stamp_of(const char *path);

/* FALSE, too, when either is not known. */
gboolean file_stamp_same(const struct file_stamp *a,
			 const struct file_stamp *b);

#endif
