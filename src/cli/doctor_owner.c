/* Whose the state's files are: one that root made shuts the daemon out. */
#include <sys/stat.h>

#include "base/file.h"
#include "base/identity.h"
#include "doctor_private.h"
#include "installation_private.h"
#include "model/model.h"
#include "model/promotion.h"
#include "unreadable_private.h"

/* Reported one by one up to here, of one folder. */
#define FILES_MAX 3

/* His own, or lent to the group of his folder. */
static gboolean
may_use(const struct stat *folder, const struct stat *file, mode_t wanted)
{
	return file->st_uid == folder->st_uid ||
	       (file->st_gid == folder->st_gid &&
		(file->st_mode & wanted) == wanted);
}

/* Root's folders may hold what is anybody's. */
static gboolean
check(struct doctor *doctor, const char *what, const char *path, mode_t wanted)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *mend = NULL;
	g_autofree char *owner = NULL;
	g_autofree char *wrong = NULL;
	struct stat above;
	struct stat st;

	if (stat(folder, &above) != 0 || lstat(path, &st) != 0 ||
	    above.st_uid == 0 || may_use(&above, &st, wanted))
		return TRUE;
	owner = identity_name(above.st_uid);
	wrong = identity_name(st.st_uid);
	mend = g_strdup_printf("chown -hR %s: %s", owner, path);
	doctor_report(doctor, FINDING_FAIL, what, mend,
		      "%s belongs to %s, and its folder to %s, who cannot use "
		      "it",
		      path, wrong, owner);
	return FALSE;
}

static gboolean
check_rw(struct doctor *doctor, const char *what, const char *path)
{
	return check(doctor, what, path, S_IRGRP | S_IWGRP);
}

static gboolean
check_all(struct doctor *doctor, const char *what, const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	guint wrong = 0;

	while (dir && wrong < FILES_MAX && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		wrong += !check_rw(doctor, what, path);
	}
	return wrong == 0;
}

gboolean
doctor_owns_key(struct doctor *doctor)
{
	return check(doctor, "key", doctor->config->key, S_IRGRP);
}

gboolean
doctor_owns_store(struct doctor *doctor)
{
	static const char *const endings[] = { "", "-wal", "-shm", ".ballast" };
	const char *file = installation_store_file(doctor->config->store);
	gboolean good = TRUE;

	for (gsize i = 0; file && i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *path = g_strconcat(file, endings[i], NULL);

		good = check_rw(doctor, "store", path) && good;
	}
	return good;
}

gboolean
doctor_owns_spool(struct doctor *doctor)
{
	const char *spool = doctor->config->spool;

	return check_rw(doctor, "spool", spool) &&
	       check_all(doctor, "spool", spool);
}

/* Where models are changed, not where they came from. */
gboolean
doctor_owns_models(struct doctor *doctor)
{
	static const char *const names[] = { PROMOTION_SHELF, PROMOTION_BUYERS,
					     PROMOTION_TEAMS };
	g_autofree char *own =
		model_folder_own(doctor->models, doctor->config->models);
	gboolean good = check_rw(doctor, "models", own) &&
			check_all(doctor, "models", own);

	for (gsize i = 0; good && i < G_N_ELEMENTS(names); i++) {
		g_autofree char *folder = g_build_filename(own, names[i], NULL);

		good = check_all(doctor, "models", folder);
	}
	return good;
}

gboolean
doctor_lends_configuration(struct doctor *doctor)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) found =
		unreadable_find(doctor->options.config, doctor->config, &error);

	if (!found)
		doctor_report(doctor, FINDING_FAIL, "configuration", NULL, "%s",
			      error->message);
	for (guint i = 0; found && i < found->len; i++) {
		const struct unreadable *one = found->pdata[i];

		if (i < FILES_MAX)
			doctor_report(doctor, FINDING_FAIL, "configuration",
				      one->mend, "%s: %s", one->path, one->why);
	}
	if (found && found->len > FILES_MAX)
		doctor_report(doctor, FINDING_FAIL, "configuration",
			      "'pitchward check' lists them all",
			      "%u more that the daemon may not read",
			      found->len - FILES_MAX);
	return found && found->len == 0;
}
