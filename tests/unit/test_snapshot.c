/* Loading an installation whole or not at all, and sharing it. */
#include <glib.h>
#include <pthread.h>
#include <string.h>

#include "screen_models.h"

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"

#include "profile/faults.h"
#include "screen/snapshot.h"
#include "store/versions.h"

struct site {
	char *folder;
	char *config;
	char *models;
};

static void
put_profile(const struct site *site, const char *id, const char *addresses,
	    const char *more)
{
	g_autofree char *name = g_strdup_printf("profiles.d/%s.yaml", id);
	g_autofree char *text = g_strdup_printf(
		"version: 1\nbuyer:\n  name: %s\n  role: Buyer\n"
		"  addresses: [%s]\n"
		"priorities:\n  - {id: one, name: Heat pumps}\n%s",
		id, addresses, more);

	model_kit_write(site->folder, name, text);
}

static void
site_setup(struct site *site, gconstpointer data)
{
	(void)data;
	fake_reset();
	site->folder = kit_quick_folder();
	site->config = g_build_filename(site->folder, "pitchward.yaml", NULL);
	site->models = g_build_filename(site->folder, "models", NULL);
	model_kit_write(
		site->folder, "pitchward.yaml",
		"version: 1\nmodels: models\nauthserv_id: mx.example\n");
	model_kit_write(site->folder, "models/outreach/model.svm", "");
	model_kit_write(site->folder, "models/relevance/model.svm", "");
	put_profile(site, "ann", "ann@buyer.example, Purchasing@Buyer.example",
		    "");
	put_profile(site, "bob", "bob@buyer.example", "");
}

static void
site_teardown(struct site *site, gconstpointer data)
{
	(void)data;
	kit_remove(site->folder);
	g_free(site->config);
	g_free(site->models);
	/* Nothing half-made is left over by any failure. */
	g_assert_cmpint(fake.alive, ==, 0);
}

static const char *
owner(const struct snapshot *snapshot, const char *addr)
{
	const struct buyer *buyer = snapshot_buyer(snapshot, addr);

	return buyer ? buyer->profile->id : NULL;
}

static void
test_load(struct site *site, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) snapshot =
		snapshot_load(site->config, NULL, &error);

	(void)data;
	g_assert_no_error(error);
	g_assert_cmpuint(snapshot->buyers->len, ==, 2);
	g_assert_cmpstr(snapshot->models, ==, "fake-out+fake-rel");
	g_assert_cmpstr(snapshot->config->authserv_ids[0], ==, "mx.example");
	g_assert_cmpstr(owner(snapshot, "ann@buyer.example"), ==, "ann");
	g_assert_cmpstr(owner(snapshot, "<ANN@Buyer.EXAMPLE>"), ==, "ann");
	g_assert_cmpstr(owner(snapshot, "purchasing@buyer.example"), ==, "ann");
	g_assert_cmpstr(owner(snapshot, "bob@buyer.example"), ==, "bob");
	g_assert_cmpstr(owner(snapshot, "bob+news@buyer.example"), ==, "bob");
	g_assert_cmpstr(owner(snapshot, "bob+a+b@buyer.example"), ==, "bob");
	g_assert_null(owner(snapshot, "+bob@buyer.example"));
	g_assert_null(owner(snapshot, "bob@buyer+x.example"));
	g_assert_null(owner(snapshot, "eve@buyer.example"));
	g_assert_null(owner(snapshot, "ann@buyer.example.evil.example"));
	g_assert_null(owner(snapshot, ""));
	g_assert_null(owner(snapshot, "<>"));
	g_assert_null(owner(snapshot, "a@b@\r\n<"));
	g_assert_null(snapshot_buyer(snapshot, NULL));
}

/* All faults of all files are told at once, and nothing is kept. */
static void
test_all_faults(struct site *site, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lines = NULL;

	(void)data;
	put_profile(site, "ann", "ann@buyer.example",
		    "verdcit: {accept: 0.7}\n");
	put_profile(site, "bob", "bob@buyer.example",
		    "verdict: {accept: hogh}\n");
	put_profile(site, "cay", "cay@buyer.example", "");
	model_kit_write(site->folder, "profiles.d/dan.yaml",
			"version: 1\nbuyer: [\n");
	g_assert_null(snapshot_load(site->config, NULL, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	lines = g_strsplit(error->message, "\n", -1);
	g_assert_cmpuint(g_strv_length(lines), >=, 3);
	g_assert_nonnull(strstr(error->message, "ann.yaml:8:1:"));
	g_assert_nonnull(strstr(error->message, "bob.yaml:8:"));
	g_assert_nonnull(strstr(error->message, "dan.yaml:"));
	g_assert_null(strstr(error->message, "cay.yaml"));
}

static void
test_shared_address(struct site *site, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *first =
		g_build_filename(site->folder, "profiles.d", "ann.yaml", NULL);
	g_autofree char *second =
		g_build_filename(site->folder, "profiles.d", "cay.yaml", NULL);
	char *paths[] = { first, second, NULL };

	(void)data;
	put_profile(site, "cay", "cay@buyer.example, ANN@buyer.example", "");
	g_assert_null(snapshot_load(site->config, NULL, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	g_assert_nonnull(strstr(error->message, "ann@buyer.example"));
	g_assert_nonnull(strstr(error->message, "cay.yaml"));
	g_clear_error(&error);
	g_assert_null(snapshot_new(paths, site->models, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	g_assert_nonnull(strstr(error->message, "ann@buyer.example"));
	g_assert_nonnull(strstr(error->message, "cay.yaml"));
}

static void
test_admin_limits(struct site *site, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	model_kit_write(site->folder, "pitchward.yaml",
			"version: 1\nmodels: models\n"
			"limits_for_profiles: {accept: {min: 0.5, max: 0.8}, "
			"hold: {min: 0.7}}\n");
	put_profile(site, "ann", "ann@buyer.example",
		    "verdict: {accept: 0.9, tag: 0.3}\n");
	put_profile(site, "bob", "bob@buyer.example",
		    "verdict: {accept: 0.6, hold: 0.6}\n");
	g_assert_null(snapshot_load(site->config, NULL, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	g_assert_nonnull(
		strstr(error->message, "accept must be between 0.5 and 0.8"));
	g_assert_nonnull(
		strstr(error->message, "hold must be between 0.7 and 1"));
	put_profile(site, "ann", "ann@buyer.example",
		    "verdict: {accept: 0.8}\n");
	put_profile(site, "bob", "bob@buyer.example",
		    "verdict: {accept: 0.5, hold: 0.7}\n");
	{
		g_autoptr(Snapshot) snapshot =
			snapshot_load(site->config, NULL, NULL);

		g_assert_nonnull(snapshot);
	}
}

static void
test_broken_files(struct site *site, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *nowhere =
		g_build_filename(site->folder, "nowhere", NULL);

	(void)data;
	g_assert_null(snapshot_load(nowhere, NULL, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	g_clear_error(&error);
	model_kit_write(site->folder, "pitchward.yaml",
			"version: 1\nmdoe: tag\n");
	g_assert_null(snapshot_load(site->config, NULL, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	g_assert_nonnull(strstr(error->message, "pitchward.yaml:2:1:"));
	g_clear_error(&error);
	model_kit_write(site->folder, "pitchward.yaml",
			"version: 1\nmodels: models\nsignals: signals.yaml\n");
	model_kit_write(site->folder, "signals.yaml", "what: ever\n");
	put_profile(site, "bob", "nobody", "");
	g_assert_null(snapshot_load(site->config, NULL, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	g_assert_nonnull(strstr(error->message, "signals.yaml:"));
	g_assert_nonnull(strstr(error->message, "bob.yaml:"));
}

static void
test_broken_models(struct site *site, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) snapshot = NULL;

	(void)data;
	model_kit_write(site->folder, "models/relevance/broken", "");
	g_assert_null(snapshot_load(site->config, NULL, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
	g_clear_error(&error);
	g_assert_null(snapshot_load(site->config, site->folder, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT);
	g_clear_error(&error);
	/* The caller's folder goes before the configured one. */
	model_kit_write(site->folder, "other/outreach/model.svm", "");
	model_kit_write(site->folder, "other/relevance/model.svm", "");
	{
		g_autofree char *other =
			g_build_filename(site->folder, "other", NULL);

		snapshot = snapshot_load(site->config, other, &error);
	}
	g_assert_no_error(error);
}

static void
test_new(struct site *site, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path =
		g_build_filename(site->folder, "profiles.d", "ann.yaml", NULL);
	char *paths[] = { path, NULL };
	g_autoptr(Snapshot) none = snapshot_new(NULL, site->models, &error);
	g_autoptr(Snapshot) one = snapshot_new(paths, site->models, &error);

	(void)data;
	g_assert_no_error(error);
	g_assert_cmpuint(none->buyers->len, ==, 0);
	g_assert_null(owner(none, "ann@buyer.example"));
	g_assert_cmpuint(one->buyers->len, ==, 1);
	g_assert_cmpstr(owner(one, "ann@buyer.example"), ==, "ann");
	paths[0] = site->models;
	g_assert_null(snapshot_new(paths, site->models, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
}

static void
version_destroy(gpointer data)
{
	store_version_free(data);
}

/* Of ann: over the file as it is, or as it is not. */
static GPtrArray *
versions_of(const char *base, const char *text)
{
	GPtrArray *versions = g_ptr_array_new_with_free_func(version_destroy);
	struct store_version *version = g_new0(struct store_version, 1);

	version->buyer = g_strdup("ann");
	version->number = 3;
	version->base = g_strdup(base);
	version->text = g_strdup(text);
	g_ptr_array_add(versions, version);
	return versions;
}

static struct snapshot *
load_versions(const struct site *site, GPtrArray *versions,
	      const struct served_past *past, GError **error)
{
	const struct snapshot_request request = { .config = site->config,
						  .versions = versions,
						  .past = past };

	return snapshot_take(&request, error);
}

/* A version serves over the file it was made over, and over no other. */
static void
test_versions(struct site *site, gconstpointer data)
{
	static const char text[] =
		"version: 1\nbuyer: {addresses: [new@buyer.example]}\n"
		"priorities: [{id: edr, name: Endpoints}]\n";
	static const char wrong[] =
		"version: 1\nbuyer: {addresses: [bob@buyer.example]}\n"
		"priorities: [{id: edr, name: Endpoints}]\n";
	g_autoptr(GError) error = NULL;
	g_autofree char *path =
		g_build_filename(site->folder, "profiles.d", "ann.yaml", NULL);
	g_autofree char *file = NULL;
	g_autofree char *base = NULL;
	g_autoptr(GPtrArray) fits = NULL;
	g_autoptr(GPtrArray) misfits = versions_of("0123", text);
	g_autoptr(GPtrArray) clashes = NULL;
	g_autoptr(Snapshot) snapshot = NULL;
	g_autoptr(Snapshot) changed = NULL;

	(void)data;
	g_assert_true(g_file_get_contents(path, &file, NULL, NULL));
	base = g_compute_checksum_for_string(G_CHECKSUM_SHA256, file, -1);
	fits = versions_of(base, text);
	snapshot = load_versions(site, fits, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(owner(snapshot, "new@buyer.example"), ==, "ann");
	g_assert_null(owner(snapshot, "ann@buyer.example"));
	g_assert_cmpint(snapshot_buyer(snapshot, "new@buyer.example")->origin,
			==, SERVED_VERSION);
	changed = load_versions(site, misfits, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(owner(changed, "ann@buyer.example"), ==, "ann");
	g_assert_cmpint(snapshot_buyer(changed, "ann@buyer.example")->origin,
			==, SERVED_CHANGED);
	g_assert_cmpuint(snapshot_buyer(changed, "ann@buyer.example")->version,
			 ==, 3);
	clashes = versions_of(base, wrong);
	g_assert_null(load_versions(site, clashes, NULL, &error));
	g_assert_nonnull(strstr(error->message, "ann.yaml (version 3):2:"));
}

static GPtrArray *
past_of(gpointer data, const char *buyer)
{
	g_assert_cmpstr(buyer, ==, "ann");
	return data ? g_ptr_array_ref(data) : NULL;
}

static struct store_version *
version_new(const char *base, guint number, const char *address)
{
	struct store_version *version = g_new0(struct store_version, 1);

	version->buyer = g_strdup("ann");
	version->number = number;
	version->base = g_strdup(base);
	version->text =
		g_strdup_printf("version: 1\nbuyer: {addresses: [%s]}\n"
				"priorities: [{id: edr, name: Endpoints}]\n",
				address);
	return version;
}

struct mended_case {
	const char *what;
	const char *third; /* the address of version 3; NULL: there is none */
	const char *fourth;
	const char *serves; /* who ann is then */
	guint number;	    /* 0: the file */
	const char *told;   /* the beginning of it; NULL: nothing */
};

static const struct mended_case mended_cases[] = {
	{ "the newest is sound", "three@buyer.example", "four@buyer.example",
	  "four@buyer.example", 4, NULL },
	{ "a fault in the newest", "three@buyer.example", "no address",
	  "three@buyer.example", 3,
	  "ann: version 4 is not served, version 3 serves: " },
	{ "the newest clashes with a file", "three@buyer.example",
	  "bob@buyer.example", "three@buyer.example", 3,
	  "ann: version 4 is not served, version 3 serves: " },
	{ "the one before has a fault, too", "no address", "none either",
	  "ann@buyer.example", 0,
	  "ann: version 4 is not served, the file serves: " },
	{ "nothing of the past can be read", NULL, "no address",
	  "ann@buyer.example", 0,
	  "ann: version 4 is not served, the file serves: " },
};

static void
check_mended(const struct site *site, const char *base,
	     const struct mended_case *c)
{
	g_autoptr(GPtrArray) newest = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_version_free);
	g_autoptr(GPtrArray) past = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_version_free);
	const struct served_past given = { past_of, c->third ? past : NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) snapshot = NULL;

	g_test_message("%s", c->what);
	g_ptr_array_add(newest, version_new(base, 4, c->fourth));
	/* That one stands over another file. */
	g_ptr_array_add(past, version_new("0123", 2, "two@buyer.example"));
	if (c->third)
		g_ptr_array_add(past, version_new(base, 3, c->third));
	g_ptr_array_add(past, version_new(base, 4, c->fourth));
	snapshot = load_versions(site, newest, &given, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(owner(snapshot, c->serves), ==, "ann");
	g_assert_cmpstr(owner(snapshot, "bob@buyer.example"), ==, "bob");
	g_assert_cmpuint(snapshot_buyer(snapshot, c->serves)->version, ==,
			 c->number);
	if (c->told)
		g_assert_true(g_str_has_prefix(snapshot->unserved, c->told));
	else
		g_assert_null(snapshot->unserved);
}

/* Of one buyer a version has a fault: all others are read all the same. */
static void
test_mended(struct site *site, gconstpointer data)
{
	g_autofree char *path =
		g_build_filename(site->folder, "profiles.d", "ann.yaml", NULL);
	g_autofree char *file = NULL;
	g_autofree char *base = NULL;

	(void)data;
	g_assert_true(g_file_get_contents(path, &file, NULL, NULL));
	base = g_compute_checksum_for_string(G_CHECKSUM_SHA256, file, -1);
	for (guint i = 0; i < G_N_ELEMENTS(mended_cases); i++)
		check_mended(site, base, &mended_cases[i]);
}

/* An address went to a file that came later: no version of it serves. */
static void
test_mended_all(struct site *site, gconstpointer data)
{
	g_autofree char *path =
		g_build_filename(site->folder, "profiles.d", "ann.yaml", NULL);
	g_autofree char *file = NULL;
	g_autofree char *base = NULL;
	g_autoptr(GPtrArray) newest = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_version_free);
	g_autoptr(GPtrArray) past = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_version_free);
	const struct served_past given = { past_of, past };
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) snapshot = NULL;

	(void)data;
	g_assert_true(g_file_get_contents(path, &file, NULL, NULL));
	base = g_compute_checksum_for_string(G_CHECKSUM_SHA256, file, -1);
	for (guint i = 1; i <= 30; i++)
		g_ptr_array_add(past,
				version_new(base, i, "bob@buyer.example"));
	g_ptr_array_add(newest, version_new(base, 30, "bob@buyer.example"));
	snapshot = load_versions(site, newest, &given, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(owner(snapshot, "ann@buyer.example"), ==, "ann");
	g_assert_cmpstr(owner(snapshot, "bob@buyer.example"), ==, "bob");
	g_assert_nonnull(strstr(snapshot->unserved, "the file serves"));
}

static void
test_hundred(struct site *site, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) snapshot = NULL;

	(void)data;
	for (guint i = 0; i < 100; i++) {
		g_autofree char *id = g_strdup_printf("buyer%02u", i);
		g_autofree char *addresses = g_strdup_printf(
			"b%u@buyer.example, desk%u@buyer.example", i, i);

		put_profile(site, id, addresses, "");
	}
	snapshot = snapshot_load(site->config, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(snapshot->buyers->len, ==, 102);
	g_assert_cmpstr(owner(snapshot, "B0@buyer.example"), ==, "buyer00");
	g_assert_cmpstr(owner(snapshot, "desk99@buyer.example"), ==, "buyer99");
	g_assert_cmpstr(owner(snapshot, "bob@buyer.example"), ==, "bob");
}

/* What a daemon does: sessions pin, a reload swaps, the last user frees. */
struct shared {
	pthread_mutex_t lock; /* for the pointer alone; tsan knows it */
	struct snapshot *current;
	gint stop;
	gint sessions;
};

static struct snapshot *
pin(struct shared *shared)
{
	struct snapshot *snapshot;

	pthread_mutex_lock(&shared->lock);
	snapshot = snapshot_ref(shared->current);
	pthread_mutex_unlock(&shared->lock);
	return snapshot;
}

static gpointer
sessions(gpointer data)
{
	struct shared *shared = data;

	while (!g_atomic_int_get(&shared->stop)) {
		g_autoptr(Snapshot) pinned = pin(shared);

		for (guint i = 0; i < 10; i++)
			g_assert_cmpstr(owner(pinned, "ann@buyer.example"), ==,
					"ann");
		g_atomic_int_inc(&shared->sessions);
	}
	return NULL;
}

static void
reload(const struct site *site, struct shared *shared)
{
	struct snapshot *next = snapshot_load(site->config, NULL, NULL);
	struct snapshot *old;

	g_assert_nonnull(next);
	pthread_mutex_lock(&shared->lock);
	old = shared->current;
	shared->current = next;
	pthread_mutex_unlock(&shared->lock);
	snapshot_unref(old);
}

static void
test_threads(struct site *site, gconstpointer data)
{
	struct shared shared = { .lock = PTHREAD_MUTEX_INITIALIZER };
	GThread *threads[4];

	(void)data;
	shared.current = snapshot_load(site->config, NULL, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("session", sessions, &shared);
	for (guint i = 0; i < 50; i++)
		reload(site, &shared);
	while (g_atomic_int_get(&shared.sessions) < 100)
		g_usleep(1000);
	g_atomic_int_set(&shared.stop, 1);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	g_assert_cmpint(fake.alive, ==, 2);
	snapshot_unref(shared.current);
	g_assert_cmpint(fake.alive, ==, 0);
	snapshot_unref(NULL);
}

#define CASE(name, func)                                                       \
	g_test_add("/snapshot/" name, struct site, NULL, site_setup, func,     \
		   site_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("load", test_load);
	CASE("every fault is listed, nothing kept", test_all_faults);
	CASE("one address in two profiles", test_shared_address);
	CASE("the admin's limits", test_admin_limits);
	CASE("broken files", test_broken_files);
	CASE("unusable models", test_broken_models);
	CASE("without an installation", test_new);
	CASE("versions over files", test_versions);
	CASE("a version with faults", test_mended);
	CASE("all versions with the same fault", test_mended_all);
	CASE("a hundred profiles", test_hundred);
	CASE("sessions and reloads", test_threads);
	return g_test_run();
}
