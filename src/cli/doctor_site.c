#include "doctor_private.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/error.h"
#include "installation_private.h"
#include "print_private.h"
#include "profile/profile.h"
#include "profile/signals.h"
#include "shelf_private.h"
#include "store/copy.h"
#include "store/reach.h"

#define MODEL_OLD_DAYS 365

/* What waits longer was not drained when it could have been. */
#define MINUTE_US    (60 * CLOCK_SECOND_US)
#define SPOOL_OLD_US (10 * MINUTE_US)

#define DISK_LOW_MB   1024
#define DISK_EMPTY_MB 100

/* Between machines that share a store, clocks may differ by this. */
#define CLOCK_SLACK_US (300 * CLOCK_SECOND_US)

static void
report_error(struct doctor *doctor, const char *what, const char *mend,
	     const GError *error)
{
	doctor_report(doctor, FINDING_FAIL, what, mend, "%s", error->message);
}

static void
check_mode(struct doctor *doctor)
{
	const enum config_mode mode = doctor->config->mode;

	doctor_report(doctor, FINDING_OK, "mode", NULL, "%s%s",
		      config_modes[mode],
		      mode == MODE_OBSERVE ? ": mail is judged and noted, and "
					     "nothing is changed"
					   : "");
}

static void
try_signals(const char *path, struct faults *faults)
{
	g_autoptr(Signals) signals = signals_load(path, faults);

	g_assert(signals || faults_count(faults) > 0);
}

/* A file beats the version over it, and somebody may not have meant that. */
static void
check_origin(struct doctor *doctor, const struct served *served)
{
	g_autofree char *origin =
		served_origin_text(served->origin, served->number);
	g_autofree char *mend = g_strdup_printf(
		"if that was not meant: pitchward profile rollback %s",
		served->id);

	if (served->origin == SERVED_CHANGED)
		doctor_report(doctor, FINDING_WARN, "profile", mend,
			      "%s: what serves: %s", served->id, origin);
	else if (served->origin == SERVED_GONE)
		doctor_report(doctor, FINDING_WARN, "profile", NULL,
			      "%s: what serves: %s", served->id, origin);
	else if (served->origin == SERVED_VERSION)
		doctor_report(doctor, FINDING_OK, "profile", NULL,
			      "%s: what serves: %s", served->id, origin);
}

static void
report_configuration(struct doctor *doctor, struct faults *faults,
		     guint profiles)
{
	const char *path = doctor->options.config;

	if (faults_count(faults) > 0)
		doctor_report(doctor, FINDING_FAIL, "configuration",
			      installation_is_absent(&doctor->options)
				      ? INSTALLATION_NONE
				      : "'pitchward check' lists every fault",
			      faults_count(faults) == 1
				      ? "%u fault: %s"
				      : "%u faults, the first: %s",
			      faults_count(faults), faults_get(faults, 0));
	else if (profiles == 0)
		doctor_report(doctor, FINDING_WARN, "configuration",
			      "write a profile for each buyer",
			      "%s has no profiles: no mail is judged", path);
	else
		doctor_report(doctor, FINDING_OK, "configuration", NULL,
			      "%s, %u profile%s", path, profiles,
			      print_plural(profiles));
}

void
doctor_configuration(struct doctor *doctor)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) served = NULL;
	gboolean lent = TRUE;

	doctor->config = config_load(doctor->options.config, faults);
	if (doctor->config) {
		lent = doctor_lends_configuration(doctor);
		served = installation_served(doctor->config, faults);
		if (doctor->config->signals)
			try_signals(doctor->config->signals, faults);
	}
	doctor->sound = lent && faults_count(faults) == 0;
	if (lent || faults_count(faults) > 0)
		report_configuration(doctor, faults, served ? served->len : 0);
	for (guint i = 0; served && i < served->len; i++) {
		const struct served *one = served->pdata[i];

		if (one->profile && doctor->profiles++ == 0)
			doctor->buyer = g_strdup(one->profile->addresses[0]);
		check_origin(doctor, one);
	}
	if (doctor->config)
		check_mode(doctor);
}

static void
check_model(struct doctor *doctor, const struct shelf_model *model)
{
	const char *what = model_kinds[model->kind];
	gint64 days = shelf_age_days(model);

	if (model->fault)
		doctor_report(doctor, FINDING_FAIL, what,
			      "train or install it again", "%s", model->fault);
	else
		doctor_report(
			doctor,
			days > MODEL_OLD_DAYS ? FINDING_WARN : FINDING_OK, what,
			days > MODEL_OLD_DAYS ? "train a newer one" : NULL,
			"model %s, %" G_GINT64_FORMAT
			" day%s old, checksum and probes right",
			model->card->id, days, print_plural((guint64)days));
}

static void
check_newer(struct doctor *doctor, const struct shelf *shelf,
	    enum model_kind kind)
{
	g_autofree char *newer = shelf_newer(shelf, kind);
	g_autofree char *mend =
		newer ? g_strdup_printf("pitchward model promote %s, and "
					"train buyers' and teams' own again",
					newer)
		      : NULL;

	if (newer)
		doctor_report(doctor, FINDING_WARN, model_kinds[kind], mend,
			      "a newer starter came with this release than "
			      "the one that serves");
}

/* Without them the starters judge, so that no mail waits for it. */
static void
check_others(struct doctor *doctor, const struct shelf *shelf)
{
	g_autoptr(GPtrArray) others = shelf_others(shelf, FALSE);
	guint good = 0;

	for (guint i = 0; i < others->len; i++) {
		const struct shelf_model *model = others->pdata[i];

		good += !model->fault && !model->rests;
		if (model->fault)
			doctor_report(doctor, FINDING_FAIL, "feedback-model",
				      "pitchward train it again, or pitchward "
				      "model rollback it; until then the "
				      "starter serves",
				      "%s: %s", model->place, model->fault);
		else if (model->rests)
			doctor_report(doctor, FINDING_WARN, "feedback-model",
				      "pitchward train it again", "%s %s",
				      model->place, SHELF_RESTS);
	}
	if (good > 0)
		doctor_report(doctor, FINDING_OK, "feedback-model", NULL,
			      "%u of buyers and teams, checksums and probes "
			      "right",
			      good);
}

void
doctor_models(struct doctor *doctor)
{
	g_auto(Shelf) shelf = { 0 };
	g_autoptr(GError) error = NULL;

	/* Without a configuration its own fault has been told. */
	if (!doctor->config)
		return;
	if (!shelf_open(&doctor->options, doctor->models, &shelf, &error)) {
		report_error(doctor, "models",
			     "install the starter model, or name its folder",
			     error);
		return;
	}
	for (guint i = 0; i < SHELF_MODELS; i++) {
		check_model(doctor, &shelf.models[i]);
		check_newer(doctor, &shelf, (enum model_kind)i);
	}
	check_others(doctor, &shelf);
	doctor_owns_models(doctor);
}

/* By its bits alone: opening would make a key where there is none. */
void
doctor_key(struct doctor *doctor)
{
	const char *path = doctor->config->key;
	struct stat st;

	if (stat(path, &st) < 0)
		doctor_report(doctor,
			      errno == EACCES ? FINDING_WARN : FINDING_FAIL,
			      "key",
			      errno == EACCES ? "run doctor as root"
					      : "start pitchward-milter, which "
						"makes it",
			      "%s: %s", path, g_strerror(errno));
	else if (st.st_mode & S_IRWXO)
		doctor_report(doctor, FINDING_FAIL, "key",
			      "chmod 0640, and the group of the daemon",
			      "%s: mode %04o lets every user in", path,
			      st.st_mode & 07777U);
	else if (doctor_owns_key(doctor))
		doctor_report(doctor, FINDING_OK, "key", NULL, "%s, mode %04o",
			      path, st.st_mode & 07777U);
}

static gint64
newest_row(struct store *store)
{
	static const int states[] = { -1, STORE_DELIVERED };
	gint64 newest_us = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		const struct store_query query = { .state = states[i],
						   .limit = 1 };
		g_autoptr(GPtrArray) list = store_list(store, &query, NULL);

		if (list && list->len > 0) {
			const struct store_message *row = list->pdata[0];

			newest_us = MAX(newest_us, row->time_us);
		}
	}
	return newest_us;
}

/* No program runs before it was made. */
static gint64
made_at(void)
{
	struct stat st;

	return stat("/proc/self/exe", &st) == 0
		       ? (gint64)st.st_mtime * CLOCK_SECOND_US
		       : 0;
}

static void
check_clock(struct doctor *doctor, gint64 newest_us)
{
	static const char mend[] = "set the clock (chrony, systemd-timesyncd)";
	gint64 now_us = clock_now_us();
	g_autofree char *now = clock_format(now_us);
	g_autofree char *newest = clock_format(newest_us);

	if (now_us + CLOCK_DAY_US < made_at())
		doctor_report(doctor, FINDING_FAIL, "clock", mend,
			      "it is %s, and this program is from later", now);
	else if (now_us + CLOCK_SLACK_US < newest_us)
		doctor_report(doctor, FINDING_FAIL, "clock", mend,
			      "it is %s, and the newest message is from %s",
			      now, newest);
	else
		doctor_report(doctor, FINDING_OK, "clock", NULL, "%s", now);
}

static void
report_store(struct doctor *doctor, struct store *store)
{
	g_autofree char *shown = store_url_shown(doctor->config->store);
	struct store_stats stats;
	g_autoptr(GError) error = NULL;

	if (!store_verify(store, &error) || !store_stats(store, &stats, &error))
		report_error(doctor, "store",
			     "stop the daemon, copy the file away, restore a "
			     "backup",
			     error);
	else if (doctor_owns_store(doctor))
		doctor_report(doctor, FINDING_OK, "store", NULL,
			      "%s: schema %u, %" G_GUINT64_FORMAT
			      " held, %" G_GUINT64_FORMAT " kB",
			      shown, stats.schema, stats.states[STORE_HELD],
			      stats.bytes >> 10);
}

/* What a server says; pitchward-scaling(7) has the commands. */
static const char *
mend_of_server(const char *url)
{
	static const char *const mends[] = {
		[STORE_REACH_UNKNOWN] =
			"see 'store', and the log of PostgreSQL",
		[STORE_REACH_SERVER] =
			"see that PostgreSQL runs and listens at the host and "
			"port that 'store' names",
		[STORE_REACH_LOGIN] =
			"see the user in 'store', the password in ~/.pgpass "
			"of the daemon's user, and pg_hba.conf of the server",
		[STORE_REACH_DATABASE] =
			"CREATE DATABASE, or mend its name in 'store'",
		[STORE_REACH_RIGHTS] =
			"let the user in 'store' own the database: ALTER "
			"DATABASE ... OWNER TO ...",
		[STORE_REACH_CROWDED] = "raise max_connections of PostgreSQL",
		[STORE_REACH_STARTING] =
			"try again; the log of PostgreSQL says what it does",
	};

	return mends[store_reach(url)];
}

/* What keeps a store from being opened. */
static const char *
mend_of(const char *url, const GError *error)
{
	if (g_error_matches(error, BASE_ERROR, BASE_ERROR_DENIED))
		return "run doctor as root or as the daemon's user";
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_NEWER))
		return "install the newer program again";
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_BROKEN))
		return "stop the daemon, move the file away and restore a "
		       "backup; without one the daemon makes an empty store";
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL))
		return "free some space";
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY))
		return "try again; see which program holds it open";
	if (!installation_store_file(url))
		return mend_of_server(url);
	return "see that 'store' names a file, in a folder that the daemon's "
	       "user may write";
}

/* The daemon makes the file, and no folder for it. */
static void
report_absent(struct doctor *doctor)
{
	const char *file = installation_store_file(doctor->config->store);
	g_autofree char *folder = g_path_get_dirname(file);
	g_autofree char *mend = g_strdup_printf(
		"install -d -m 0750 -o pitchward -g pitchward %s", folder);

	if (g_file_test(folder, G_FILE_TEST_IS_DIR))
		doctor_report(doctor, FINDING_WARN, "store",
			      "start pitchward-milter, which makes it",
			      "%s: there is no store yet",
			      doctor->config->store);
	else
		doctor_report(doctor, FINDING_FAIL, "store", mend,
			      "%s: there is no folder %s to make it in",
			      doctor->config->store, folder);
	check_clock(doctor, 0);
}

void
doctor_store(struct doctor *doctor)
{
	const char *url = doctor->config->store;
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = NULL;

	if (!installation_has_store(doctor->config)) {
		report_absent(doctor);
		return;
	}
	store = installation_store(doctor->config, &error);
	if (store) {
		report_store(doctor, store);
		check_clock(doctor, newest_row(store));
		doctor_shared_key(doctor, store);
		doctor_drift(doctor, store);
		doctor_jobs(doctor, store);
	} else {
		report_error(doctor, "store", mend_of(url, error), error);
		doctor_owns_store(doctor);
	}
}

void
doctor_spool(struct doctor *doctor)
{
	struct installation_spool spool = { 0 };
	g_autoptr(GError) error = NULL;

	/* It says more than that we may not look. */
	if (!doctor_owns_spool(doctor))
		return;
	if (!installation_spool_look(doctor->config, &spool, &error))
		report_error(doctor, "spool", "let the daemon's user write it",
			     error);
	else if (spool.age_us > SPOOL_OLD_US)
		doctor_report(doctor, FINDING_WARN, "spool",
			      "see the daemon's log: the store was away",
			      "%u message%s waiting for the store, the oldest "
			      "for %" G_GINT64_FORMAT " min",
			      spool.files, print_plural(spool.files),
			      spool.age_us / MINUTE_US);
	else
		doctor_report(doctor, FINDING_OK, "spool", NULL,
			      "%u message%s waiting for the store", spool.files,
			      print_plural(spool.files));
}

/* The folder itself may still have to be made. */
static gboolean
free_space(const char *path, guint64 *mb)
{
	g_autofree char *place = g_strdup(path);
	struct statvfs st;

	while (statvfs(place, &st) < 0) {
		char *parent;

		if (errno != ENOENT || !place[1])
			return FALSE;
		parent = g_path_get_dirname(place);
		g_free(place);
		place = parent;
	}
	*mb = ((guint64)st.f_bavail * st.f_frsize) >> 20;
	return TRUE;
}

static void
check_disk(struct doctor *doctor, const char *what, const char *path,
	   const char *more)
{
	enum finding finding = FINDING_OK;
	guint64 mb;

	if (!free_space(path, &mb))
		return;
	if (mb < DISK_LOW_MB)
		finding = FINDING_WARN;
	if (mb < DISK_EMPTY_MB)
		finding = FINDING_FAIL;
	doctor_report(doctor, finding, what,
		      finding == FINDING_OK ? NULL
					    : "free some, or lower "
					      "quarantine.keep",
		      "%" G_GUINT64_FORMAT " MB free for %s%s", mb, path, more);
}

static gboolean
same_disk(const char *a, const char *b)
{
	struct stat left;
	struct stat right;

	return stat(a, &left) == 0 && stat(b, &right) == 0 &&
	       left.st_dev == right.st_dev;
}

void
doctor_disk(struct doctor *doctor)
{
	const char *file = installation_store_file(doctor->config->store);
	const char *spool = doctor->config->spool;
	g_autofree char *folder = file ? g_path_get_dirname(file) : NULL;

	/* Without a folder nothing tells which disk it will be on. */
	if (folder && g_file_test(folder, G_FILE_TEST_IS_DIR))
		check_disk(doctor, "disk", file, "");
	check_disk(doctor, "disk-spool", spool,
		   folder && same_disk(folder, spool)
			   ? ", the store's disk: when that is full, the spool "
			     "is"
			   : "");
}
