/*
 * Faults found in files a person writes: all of them at once, each as
 * "file:line:column: what is wrong, and what is allowed".
 */
#ifndef PROFILE_FAULTS_H
#define PROFILE_FAULTS_H

#include <glib.h>

#define PROFILE_ERROR (profile_error_quark())

enum profile_error {
	PROFILE_ERROR_FAULTS /* the files have faults; the message lists them */
};

GQuark profile_error_quark(void);

struct faults;
typedef struct faults Faults; /* for g_autoptr(Faults) */

struct faults *faults_new(void);
void faults_free(struct faults *faults);

/* Lines and columns count from 1; 0 where a file as a whole is meant. */
void faults_add(struct faults *faults, const char *file, guint line,
		guint column, const char *format, ...) G_GNUC_PRINTF(5, 6);

guint faults_count(const struct faults *faults);

/* The nth fault's line of text, in order of file, line and column; borrowed. */
const char *faults_get(struct faults *faults, guint n);

/* TRUE when there are none; else sets PROFILE_ERROR_FAULTS, one a line. */
gboolean faults_report(struct faults *faults, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Faults, faults_free)

#endif
