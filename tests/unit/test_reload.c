/* A snapshot after another: what did not change is the very same, what did is
 * never taken for it. */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "screen_models.h"

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"

#include "profile/faults.h"
#include "screen/screen.h"
#include "screen/snapshot.h"
#include "store/versions.h"

/* A file that changed so lately is read again whatever its times are. */
#define SETTLE_US 2200000

struct site {
	char *folder;
	char *config;
	GPtrArray *versions; /* of struct store_version */
	struct snapshot *last;
};

static void
version_destroy(gpointer data)
{
	store_version_free(data);
}

static char *
profile_text(const char *id, const char *priority)
{
	return g_strdup_printf("version: 1\nbuyer:\n  name: %s\n"
			       "  addresses: [%s@buyer.example]\n"
			       "priorities:\n  - {id: one, name: %s}\n",
			       id, id, priority);
}

static void
put_profile(const struct site *site, const char *id, const char *priority)
{
	g_autofree char *name = g_strdup_printf("profiles.d/%s.yaml", id);
	g_autofree char *text = profile_text(id, priority);

	model_kit_write(site->folder, name, text);
}

static void
put_config(const struct site *site, const char *more)
{
	g_autofree char *text = g_strconcat(
		"version: 1\nmodels: models\nauthserv_id: mx.example\n", more,
		NULL);

	model_kit_write(site->folder, "pitchward.yaml", text);
}

static void
site_plant(struct site *site)
{
	site->folder = kit_quick_folder();
	site->config = g_build_filename(site->folder, "pitchward.yaml", NULL);
	site->versions = g_ptr_array_new_with_free_func(version_destroy);
	put_config(site, "");
	model_kit_write(site->folder, "models/outreach/model.svm", "");
	model_kit_write(site->folder, "models/relevance/model.svm", "");
	put_profile(site, "ann", "Heat pumps");
	put_profile(site, "bob", "Heat pumps");
	put_profile(site, "cay", "Heat pumps");
}

static void
site_clear(struct site *site)
{
	g_clear_pointer(&site->last, snapshot_unref);
	g_ptr_array_unref(site->versions);
	kit_remove(site->folder);
	g_free(site->config);
	g_assert_cmpint(fake.alive, ==, 0);
}

static struct snapshot *
try(const struct site *site, GError **error)
{
	const struct snapshot_request request = {
		.config = site->config,
		.versions = site->versions->len > 0 ? site->versions : NULL,
		.before = site->last,
	};

	return snapshot_take(&request, error);
}

/* The next snapshot takes the place of the last. */
static void
reload(struct site *site)
{
	g_autoptr(GError) error = NULL;
	struct snapshot *next = try(site, &error);

	g_assert_no_error(error);
	snapshot_unref(site->last);
	site->last = next;
}

static const struct profile *
profile_of(const struct snapshot *snapshot, const char *id)
{
	const struct buyer *buyer = snapshot_find(snapshot, id);

	return buyer ? buyer->profile : NULL;
}

static const char *
wants(const struct site *site, const char *id)
{
	const struct profile *profile = profile_of(site->last, id);
	const struct profile_priority *priority;

	g_assert_nonnull(profile);
	priority = profile->priorities->pdata[0];
	return priority->name;
}

/* Newer than any other, over the file as it is. */
static void
put_version(const struct site *site, const char *id, guint number,
	    const char *priority)
{
	g_autofree char *name = g_strconcat(id, ".yaml", NULL);
	g_autofree char *path =
		g_build_filename(site->folder, "profiles.d", name, NULL);
	g_autofree char *file = NULL;
	struct store_version *version = g_new0(struct store_version, 1);

	if (g_file_get_contents(path, &file, NULL, NULL))
		version->base = g_compute_checksum_for_string(G_CHECKSUM_SHA256,
							      file, -1);
	else
		version->base = g_strdup("");
	version->buyer = g_strdup(id);
	version->number = number;
	version->time_us = 1000 + (gint64)number;
	version->text = profile_text(id, priority);
	g_ptr_array_set_size(site->versions, 0);
	g_ptr_array_add(site->versions, version);
}

static void
test_same(struct site *site)
{
	const struct profile *ann = profile_of(site->last, "ann");
	const struct profile *bob = profile_of(site->last, "bob");
	g_autoptr(Snapshot) first = snapshot_ref(site->last);
	struct interest_loan loan;
	struct interest_loan again;

	loan = snapshot_borrow_interest(first, snapshot_find(first, "ann"));
	reload(site);
	g_assert_true(site->last != first);
	g_assert_true(profile_of(site->last, "ann") == ann);
	g_assert_true(profile_of(site->last, "bob") == bob);
	again = snapshot_borrow_interest(site->last,
					 snapshot_find(site->last, "ann"));
	g_assert_true(again.interest == loan.interest);
	snapshot_return_interest(first, &loan);
	snapshot_return_interest(site->last, &again);
	/* And what is shared outlives whom it came from. */
	g_clear_pointer(&first, snapshot_unref);
	g_assert_cmpstr(wants(site, "ann"), ==, "Heat pumps");
	g_assert_nonnull(snapshot_buyer(site->last, "ann@buyer.example"));
}

static void
test_file(struct site *site)
{
	const struct profile *bob = profile_of(site->last, "bob");
	g_autofree char *path =
		g_build_filename(site->folder, "profiles.d", "cay.yaml", NULL);

	put_profile(site, "ann", "Endpoints");
	put_profile(site, "dan", "Printers");
	g_assert_cmpint(g_remove(path), ==, 0);
	reload(site);
	g_assert_cmpstr(wants(site, "ann"), ==, "Endpoints");
	g_assert_cmpstr(wants(site, "dan"), ==, "Printers");
	g_assert_null(snapshot_find(site->last, "cay"));
	g_assert_null(snapshot_buyer(site->last, "cay@buyer.example"));
	g_assert_true(profile_of(site->last, "bob") == bob);
	g_assert_cmpuint(site->last->buyers->len, ==, 3);
}

/* As an editor does that keeps the file: its inode stays. */
static void
overwrite(const struct site *site, const char *id, const char *priority)
{
	g_autofree char *text = profile_text(id, priority);
	g_autofree char *name = g_strconcat(id, ".yaml", NULL);
	g_autofree char *path =
		g_build_filename(site->folder, "profiles.d", name, NULL);
	FILE *file = g_fopen(path, "r+");

	g_assert_nonnull(file);
	g_assert_cmpuint(fwrite(text, 1, strlen(text), file), ==, strlen(text));
	g_assert_cmpint(fclose(file), ==, 0);
}

/* The same size, and the clock of the file system has hardly moved. */
static void
test_at_once(struct site *site)
{
	static const char *const names[] = { "Alpha one", "Alpha two",
					     "Gamma one", "Gamma two" };

	for (guint i = 0; i < 40; i++) {
		const char *name = names[i % G_N_ELEMENTS(names)];

		/* The length stays from here on. */
		if (i == 0)
			put_profile(site, "ann", name);
		overwrite(site, "ann", name);
		reload(site);
		g_assert_cmpstr(wants(site, "ann"), ==, name);
	}
}

static void
test_versions(struct site *site)
{
	const struct profile *bob = profile_of(site->last, "bob");
	const struct profile *second;

	put_version(site, "ann", 1, "Switches");
	reload(site);
	g_assert_cmpstr(wants(site, "ann"), ==, "Switches");
	put_version(site, "ann", 2, "Routers");
	reload(site);
	second = profile_of(site->last, "ann");
	g_assert_cmpstr(wants(site, "ann"), ==, "Routers");
	g_assert_cmpuint(snapshot_find(site->last, "ann")->version, ==, 2);
	reload(site);
	g_assert_true(profile_of(site->last, "ann") == second);
	g_assert_cmpint(snapshot_find(site->last, "ann")->origin, ==,
			SERVED_VERSION);
	/* The file that the version stands over changes: it serves again. */
	put_profile(site, "ann", "Printers");
	reload(site);
	g_assert_cmpstr(wants(site, "ann"), ==, "Printers");
	g_assert_cmpint(snapshot_find(site->last, "ann")->origin, ==,
			SERVED_CHANGED);
	/* Without the versions (of a store that was restored), as well. */
	g_ptr_array_set_size(site->versions, 0);
	reload(site);
	g_assert_cmpint(snapshot_find(site->last, "ann")->origin, ==,
			SERVED_FILE);
	g_assert_true(profile_of(site->last, "bob") == bob);
}

/* Of another time, but the same number: a store that was set back. */
static void
test_set_back(struct site *site)
{
	struct store_version *version;

	put_version(site, "eve", 1, "Switches");
	reload(site);
	g_assert_cmpstr(wants(site, "eve"), ==, "Switches");
	put_version(site, "eve", 1, "Routers");
	version = site->versions->pdata[0];
	version->time_us += 5;
	reload(site);
	g_assert_cmpstr(wants(site, "eve"), ==, "Routers");
	g_ptr_array_set_size(site->versions, 0);
	reload(site);
	g_assert_null(snapshot_find(site->last, "eve"));
}

struct clash {
	const char *what;
	const char *name; /* of the new file */
	const char *told;
};

/* Who is not read again has addresses all the same. */
static void
test_clash(struct site *site)
{
	static const struct clash clashes[] = {
		{ "a new file after it", "dan",
		  "profiles.d/dan.yaml:4:15: duplicate address "
		  "'bob@buyer.example', first at " },
		{ "a new file before it", "abe",
		  "profiles.d/bob.yaml:4:15: duplicate address "
		  "'bob@buyer.example', first at " },
	};
	g_autofree char *text = profile_text("bob", "Printers");

	for (guint i = 0; i < G_N_ELEMENTS(clashes); i++) {
		const struct clash *clash = &clashes[i];
		g_autofree char *name =
			g_strdup_printf("profiles.d/%s.yaml", clash->name);
		g_autofree char *path =
			g_build_filename(site->folder, name, NULL);
		g_autoptr(GError) error = NULL;

		g_test_message("%s", clash->what);
		model_kit_write(site->folder, name, text);
		g_assert_null(try(site, &error));
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
		g_assert_nonnull(strstr(error->message, clash->told));
		g_assert_null(strchr(error->message, '\n'));
		g_assert_cmpint(g_remove(path), ==, 0);
	}
	reload(site);
	g_assert_cmpuint(site->last->buyers->len, ==, 3);
}

/* Thresholds were moved into other limits: they are read anew. */
static void
test_limits(struct site *site)
{
	const struct profile *bob = profile_of(site->last, "bob");
	const double accept = bob->accept;

	put_config(site, "limits_for_profiles: {accept: {min: 0.9}}\n");
	reload(site);
	g_assert_cmpfloat_with_epsilon(profile_of(site->last, "bob")->accept,
				       0.9, 1e-9);
	put_config(site, "");
	reload(site);
	g_assert_cmpfloat_with_epsilon(profile_of(site->last, "bob")->accept,
				       accept, 1e-9);
}

/* The folder is another one, whatever its files' names and contents. */
static void
test_folder(struct site *site)
{
	g_autofree char *old =
		g_build_filename(site->folder, "profiles.d", NULL);
	g_autofree char *new = g_build_filename(site->folder, "others", NULL);

	g_assert_cmpint(g_rename(old, new), ==, 0);
	put_config(site, "profiles: others\n");
	reload(site);
	g_assert_cmpstr(wants(site, "ann"), ==, "Heat pumps");
	g_assert_true(
		g_str_has_prefix(profile_of(site->last, "ann")->path, new));
	g_assert_cmpint(g_rename(new, old), ==, 0);
}

static struct snapshot *
try_partial(const struct site *site, const struct snapshot *before,
	    GError **error)
{
	const struct snapshot_request request = {
		.config = site->config,
		.versions = site->versions->len > 0 ? site->versions : NULL,
		.partial = TRUE,
		.before = before,
	};

	return snapshot_take(&request, error);
}

static void
put_broken(const struct site *site, const char *id)
{
	g_autofree char *name = g_strdup_printf("profiles.d/%s.yaml", id);

	model_kit_write(site->folder, name, "version: 1\nprioritis: []\n");
}

struct left_out {
	const char *what;
	const char *file; /* in the site's folder */
	const char *text; /* NULL: a folder in its place */
	const char *who;  /* serve; NULL: nobody may */
	const char *told; /* the beginning of it */
};

#define PROFILE(address)                                                       \
	"version: 1\nbuyer: {addresses: [" address "@buyer.example]}\n"        \
	"priorities: [{id: one, name: Printers}]\n"

static const struct left_out left_out_cases[] = {
	{ "a key that is unknown", "profiles.d/bob.yaml",
	  "version: 1\nprioritis: []\n", "ann cay", "bob: is left out: " },
	{ "no YAML", "profiles.d/bob.yaml", "{", "ann cay",
	  "bob: is left out: " },
	{ "beyond the limits", "profiles.d/bob.yaml",
	  PROFILE("bob") "verdict: {hold: 0.01}\n", "ann cay",
	  "bob: is left out: " },
	{ "one that cannot be read", "profiles.d/dan.yaml", NULL, "ann bob cay",
	  "dan: is left out: " },
	{ "a name that is no id", "profiles.d/d n.yaml", PROFILE("dan"),
	  "ann bob cay", "-: is left out: " },
	{ "an address of two is nobody's", "profiles.d/cay.yaml",
	  PROFILE("ann"), "bob", "cay: is left out: " },
	{ "the configuration has a fault", "pitchward.yaml",
	  "version: 1\nmoed: tag\n", NULL, NULL },
	{ "the folder is none", "pitchward.yaml",
	  "version: 1\nmodels: models\nprofiles: nowhere\n", NULL, NULL },
};

static void
check_left_out(struct site *site, const struct left_out *c)
{
	g_autofree char *path = g_build_filename(site->folder, c->file, NULL);
	g_autofree char *kept = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) snapshot = NULL;
	g_autoptr(GString) who = g_string_new(NULL);

	g_test_message("%s", c->what);
	g_file_get_contents(path, &kept, NULL, NULL);
	if (c->text)
		model_kit_write(site->folder, c->file, c->text);
	else
		g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
	g_assert_null(try(site, NULL));
	snapshot = try_partial(site, NULL, &error);
	for (guint i = 0; snapshot && i < snapshot->buyers->len; i++) {
		const struct buyer *buyer = snapshot->buyers->pdata[i];

		g_string_append_printf(who, "%s%s", i > 0 ? " " : "",
				       buyer->profile->id);
	}
	g_assert_cmpstr(who->str, ==, c->who ? c->who : "");
	g_assert_true((snapshot == NULL) == (c->who == NULL));
	if (snapshot) {
		g_assert_true(g_str_has_prefix(snapshot->unserved, c->told));
		g_assert_nonnull(strstr(snapshot->unserved, path));
	} else {
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	}
	g_assert_cmpint(g_remove(path), ==, 0);
	if (kept)
		model_kit_write(site->folder, c->file, kept);
}

/* A file with faults stops its buyer alone, where a program begins. */
static void
test_left_out(struct site *site)
{
	put_config(site, "limits_for_profiles: {hold: {min: 0.1}}\n");
	for (guint i = 0; i < G_N_ELEMENTS(left_out_cases); i++)
		check_left_out(site, &left_out_cases[i]);
	put_broken(site, "ann");
	put_broken(site, "bob");
	put_broken(site, "cay");
	g_assert_null(try_partial(site, NULL, NULL));
}

/* Who serves goes on as before; who never did keeps nobody back. */
static void
test_left_out_later(struct site *site)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) begun = NULL;
	g_autoptr(Snapshot) next = NULL;

	put_broken(site, "bob");
	g_assert_null(try_partial(site, site->last, &error));
	g_assert_nonnull(strstr(error->message, "bob.yaml:2:1: "));
	begun = try_partial(site, NULL, NULL);
	g_assert_nonnull(begun);
	/* bob's address may extend another's. */
	g_assert_nonnull(snapshot_buyer(begun, "ann@buyer.example"));
	g_assert_null(snapshot_buyer(begun, "ann+bob@buyer.example"));
	put_version(site, "ann", 1, "Switches");
	next = try_partial(site, begun, NULL);
	snapshot_unref(site->last);
	site->last = g_steal_pointer(&next);
	g_assert_nonnull(site->last);
	g_assert_cmpstr(wants(site, "ann"), ==, "Switches");
	g_assert_null(snapshot_find(site->last, "bob"));
	g_assert_true(profile_of(site->last, "cay") ==
		      profile_of(begun, "cay"));
	put_profile(site, "bob", "Printers");
	reload(site);
	g_assert_cmpstr(wants(site, "bob"), ==, "Printers");
	g_assert_null(site->last->unserved);
}

struct trial {
	const char *name;
	void (*run)(struct site *site);
	struct site site;
};

static struct trial trials[] = {
	{ "what did not change is shared", test_same, { NULL } },
	{ "files that changed, came and went", test_file, { NULL } },
	{ "a file that changes at once", test_at_once, { NULL } },
	{ "versions come and go", test_versions, { NULL } },
	{ "a store that was set back", test_set_back, { NULL } },
	{ "an address of who is not read again", test_clash, { NULL } },
	{ "other limits", test_limits, { NULL } },
	{ "another folder", test_folder, { NULL } },
	{ "who is left out at a start", test_left_out, { NULL } },
	{ "who is left out later", test_left_out_later, { NULL } },
};

static void
run(gconstpointer data)
{
	struct trial *trial = &trials[GPOINTER_TO_UINT(data)];
	g_autoptr(GError) error = NULL;

	fake_reset();
	trial->site.last = snapshot_load(trial->site.config, NULL, &error);
	g_assert_no_error(error);
	trial->run(&trial->site);
	site_clear(&trial->site);
}

/* All files are planted first: they need a while, but only one. */
int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(trials); i++) {
		g_autofree char *path =
			g_strconcat("/reload/", trials[i].name, NULL);

		site_plant(&trials[i].site);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), run);
	}
	g_usleep(SETTLE_US);
	return g_test_run();
}
