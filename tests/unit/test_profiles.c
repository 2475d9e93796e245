/* Versions over files: which of them serves, and what is refused. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/error.h"
#include "review/profiles.h"

struct site {
	char *folder;
	struct store *store;
	struct config *config;
	struct profiles where; /* both of them */
};

#define PROFILE(addresses, rest)                                               \
	"version: 1\n"                                                         \
	"buyer: {name: Ann, addresses: [" addresses "]}\n"                     \
	"priorities:\n"                                                        \
	"  - {id: edr, name: Endpoints}\n" rest

static void
put(const struct site *site, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(site->folder, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
site_setup(struct site *site, gconstpointer data)
{
	g_autoptr(Faults) faults = faults_new();
	g_autofree char *path = NULL;
	g_autofree char *profiles = NULL;

	(void)data;
	site->folder = kit_folder();
	profiles = g_build_filename(site->folder, "p", NULL);
	g_assert_cmpint(g_mkdir(profiles, 0700), ==, 0);
	put(site, "pitchward.yaml",
	    "version: 1\nprofiles: p\n"
	    "limits_for_profiles: {accept: {min: 0.5, max: 0.8}}\n");
	put(site, "p/ann.yaml", PROFILE("ann@buyer.example", ""));
	put(site, "p/bob.yaml", PROFILE("bob@buyer.example", ""));
	path = g_build_filename(site->folder, "pitchward.yaml", NULL);
	site->config = config_load(path, faults);
	g_assert_nonnull(site->config);
	site->store = kit_open(site->folder);
	site->where = (struct profiles){ .store = site->store,
					 .config = site->config };
}

static void
site_teardown(struct site *site, gconstpointer data)
{
	static const char *const names[] = { "p/ann.yaml", "p/bob.yaml",
					     "p/cay.yaml", "p",
					     "pitchward.yaml" };

	(void)data;
	store_close(site->store);
	config_free(site->config);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
			g_build_filename(site->folder, names[i], NULL);

		g_remove(path);
	}
	kit_remove(site->folder);
}

/* The number of the new version. */
static guint
apply(const struct site *site, const char *id, const char *text)
{
	const struct profiles_change change = { .id = id,
						.name = "new.yaml",
						.text = text,
						.by = "olga",
						.note = "why",
						.after = PROFILES_SERVING };
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	guint number = 99;
	gboolean ok =
		profiles_apply(&site->where, &change, &number, faults, &error);

	g_assert_no_error(error);
	faults_report(faults, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	return number;
}

/* All faults of a change that is refused; the caller's. */
static char *
refused(const struct site *site, const char *id, const char *text)
{
	const struct profiles_change change = { .id = id,
						.name = "new.yaml",
						.text = text,
						.by = "olga",
						.after = PROFILES_SERVING };
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	guint number = 99;

	g_assert_false(
		profiles_apply(&site->where, &change, &number, faults, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(number, ==, 99);
	g_assert_false(faults_report(faults, &error));
	return g_strdup(error->message);
}

static void
is_text(GBytes *bytes, const char *wanted)
{
	g_autoptr(GBytes) other = g_bytes_new_static(wanted, strlen(wanted));

	g_assert_true(g_bytes_equal(bytes, other));
}

static void
serves(const struct site *site, const char *id, enum served_origin origin,
       guint number, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ProfilesView) view = profiles_view(&site->where, id, &error);

	g_assert_no_error(error);
	g_assert_cmpint(view->served->origin, ==, origin);
	g_assert_cmpuint(view->served->number, ==, number);
	g_assert_cmpuint(view->versions->len, ==, number);
	if (!text) {
		g_assert_null(view->served->text);
		return;
	}
	is_text(view->served->text, text);
}

static const char file_text[] = PROFILE("ann@buyer.example", "");
static const char one_text[] =
	PROFILE("ann@buyer.example", "verdict: {accept: 0.7}\n");
static const char two_text[] =
	PROFILE("ann@buyer.example", "verdict: {accept: 0.6}\n");
static const char changed_text[] = PROFILE("ann@buyer.example", "# mine\n");

static void
test_over_file(struct site *site, gconstpointer data)
{
	(void)data;
	serves(site, "ann", SERVED_FILE, 0, file_text);
	g_assert_cmpuint(apply(site, "ann", file_text), ==, 0);
	g_assert_cmpuint(apply(site, "ann", one_text), ==, 1);
	serves(site, "ann", SERVED_VERSION, 1, one_text);
	g_assert_cmpuint(apply(site, "ann", one_text), ==, 0);
	g_assert_cmpuint(apply(site, "ann", two_text), ==, 2);
	serves(site, "ann", SERVED_VERSION, 2, two_text);
	put(site, "p/ann.yaml", changed_text);
	serves(site, "ann", SERVED_CHANGED, 2, changed_text);
	/* As it was is as it was. */
	put(site, "p/ann.yaml", file_text);
	serves(site, "ann", SERVED_VERSION, 2, two_text);
	put(site, "p/ann.yaml", changed_text);
	g_assert_cmpuint(apply(site, "ann", one_text), ==, 3);
	serves(site, "ann", SERVED_VERSION, 3, one_text);
	g_assert_cmpuint(apply(site, "ann", changed_text), ==, 4);
	serves(site, "ann", SERVED_VERSION, 4, changed_text);
	serves(site, "bob", SERVED_FILE, 0, PROFILE("bob@buyer.example", ""));
}

static void
test_removed(struct site *site, gconstpointer data)
{
	g_autofree char *path =
		g_build_filename(site->folder, "p", "ann.yaml", NULL);

	(void)data;
	g_assert_cmpuint(apply(site, "ann", one_text), ==, 1);
	g_remove(path);
	serves(site, "ann", SERVED_GONE, 1, NULL);
	g_assert_cmpuint(apply(site, "ann", one_text), ==, 2);
	serves(site, "ann", SERVED_VERSION, 2, one_text);
	put(site, "p/ann.yaml", file_text);
	serves(site, "ann", SERVED_CHANGED, 2, file_text);
}

static void
test_new_buyer(struct site *site, gconstpointer data)
{
	static const char text[] = PROFILE("cay@buyer.example", "");
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_null(profiles_view(&site->where, "cay", &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND);
	g_assert_cmpuint(apply(site, "cay", text), ==, 1);
	serves(site, "cay", SERVED_VERSION, 1, text);
	put(site, "p/cay.yaml", PROFILE("cay@buyer.example", "# x\n"));
	serves(site, "cay", SERVED_CHANGED, 1,
	       PROFILE("cay@buyer.example", "# x\n"));
}

static gboolean
takes_away(const struct site *site, const char *id, guint *number,
	   GError **error)
{
	const struct profiles_change change = { .id = id,
						.by = "olga",
						.note = "left",
						.after = PROFILES_SERVING };

	return profiles_remove(&site->where, &change, number, error);
}

static gboolean
known_takes(const struct site *site, const char *id, const char *text,
	    GError **error)
{
	const struct profiles_change change = { .id = id,
						.name = "new.yaml",
						.text = text,
						.by = "olga",
						.after = PROFILES_SERVING,
						.known = TRUE };
	g_autoptr(Faults) faults = faults_new();
	guint number;

	return profiles_apply(&site->where, &change, &number, faults, error);
}

/* Who has no file goes by a version, and comes back by another. */
static void
test_taken_away(struct site *site, gconstpointer data)
{
	static const char text[] = PROFILE("cay@buyer.example", "");
	g_autoptr(ProfilesView) view = NULL;
	g_autoptr(GError) error = NULL;
	const struct store_version *version;
	guint number = 99;

	(void)data;
	g_assert_false(known_takes(site, "cay", text, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_cmpuint(apply(site, "cay", text), ==, 1);
	g_assert_true(takes_away(site, "cay", &number, NULL));
	g_assert_cmpuint(number, ==, 2);
	serves(site, "cay", SERVED_REMOVED, 2, NULL);
	g_assert_true(takes_away(site, "cay", &number, NULL));
	g_assert_cmpuint(number, ==, 0);
	view = profiles_view(&site->where, "cay", NULL);
	version = view->versions->pdata[1];
	g_assert_cmpstr(version->note, ==, "removed: left");
	g_assert_cmpstr(version->by, ==, "olga");
	g_assert_null(profiles_text(view, 2, &error));
	g_assert_nonnull(strstr(error->message, "version 2 removed the buyer"));
	g_clear_error(&error);
	g_assert_true(profiles_before(view, &number, NULL));
	g_assert_cmpuint(number, ==, 1);
	g_assert_false(known_takes(site, "cay", text, NULL));
	/* Others may have the address meanwhile. */
	apply(site, "bob", PROFILE("bob@buyer.example, cay@buyer.example", ""));
	apply(site, "bob", PROFILE("bob@buyer.example", ""));
	g_assert_cmpuint(apply(site, "cay", text), ==, 3);
	serves(site, "cay", SERVED_VERSION, 3, text);
	g_assert_true(takes_away(site, "cay", &number, NULL));
	put(site, "p/cay.yaml", text);
	serves(site, "cay", SERVED_CHANGED, 4, text);
}

static void
test_not_taken_away(struct site *site, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	guint number = 99;

	(void)data;
	g_assert_false(takes_away(site, "ann", &number, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
	g_assert_nonnull(strstr(error->message, "p/ann.yaml, and reload"));
	g_clear_error(&error);
	g_assert_false(takes_away(site, "anna", &number, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND);
	g_assert_nonnull(strstr(error->message, "did you mean 'ann'?"));
	g_assert_cmpuint(number, ==, 99);
}

struct refused_case {
	const char *name;
	const char *text;
	const char *fault; /* begins a line of the faults */
};

static const struct refused_case refusals[] = {
	{ "grammar", "version: 1\nbuyer: [\n", "new.yaml:3:1: not valid YAML" },
	{ "an unknown key", PROFILE("ann@buyer.example", "verdcit: {}\n"),
	  "new.yaml:5:1: unknown key 'verdcit'" },
	{ "beyond the limits",
	  PROFILE("ann@buyer.example", "verdict: {accept: 0.9}\n"),
	  "new.yaml:5:19: accept must be between 0.5 and 0.8" },
	{ "an address of another",
	  PROFILE("ann@buyer.example, bob@buyer.example", ""),
	  "new.yaml:2:51: duplicate address 'bob@buyer.example', first at " },
	{ "nothing", "", "new.yaml: the file is empty" },
};

static void
test_refused(struct site *site, gconstpointer data)
{
	const struct refused_case *one = data;
	g_autofree char *faults = refused(site, "ann", one->text);

	if (!g_str_has_prefix(faults, one->fault))
		g_test_message("%s", faults);
	g_assert_true(g_str_has_prefix(faults, one->fault));
	serves(site, "ann", SERVED_FILE, 0, file_text);
}

/* A version is another's address, too, and a broken file stops all. */
static void
test_beside_others(struct site *site, gconstpointer data)
{
	g_autofree char *faults = NULL;
	g_autofree char *others = NULL;

	(void)data;
	apply(site, "bob", PROFILE("bob@buyer.example, b@buyer.example", ""));
	faults = refused(site, "ann",
			 PROFILE("ann@buyer.example, b@buyer.example", ""));
	g_assert_nonnull(strstr(faults, "bob.yaml (version 1):2:"));
	put(site, "p/bob.yaml", "version: 1\n");
	others = refused(site, "ann", one_text);
	g_assert_nonnull(strstr(others, "bob.yaml:1:1: buyer is missing"));
	/* Who gives an address up makes room for it at once. */
	put(site, "p/bob.yaml",
	    PROFILE("bob@buyer.example, b@buyer.example", ""));
	apply(site, "bob", PROFILE("bob@buyer.example", ""));
	apply(site, "ann", PROFILE("ann@buyer.example, b@buyer.example", ""));
}

/* What a buyer saves: whether it is taken. */
static gboolean
bound_takes(const struct site *site, const char *text)
{
	const struct profiles_change change = { .id = "ann",
						.name = "profile",
						.text = text,
						.by = "ann@buyer.example",
						.after = PROFILES_SERVING,
						.bound = TRUE };
	g_autoptr(Faults) tried = faults_new();
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	guint number;
	gboolean taken;

	g_assert_true(profiles_check(&site->where, &change, tried, &error));
	taken = profiles_apply(&site->where, &change, &number, faults, &error);
	g_assert_no_error(error);
	g_assert_cmpint(taken, ==, faults_count(tried) == 0);
	return taken;
}

static void
test_bound(struct site *site, gconstpointer data)
{
	(void)data;
	/* A colleague's, who has no profile: their mail would be the buyer's.
	 */
	g_assert_false(bound_takes(
		site, PROFILE("ann@buyer.example, ceo@buyer.example", "")));
	g_assert_false(bound_takes(site, PROFILE("ceo@buyer.example", "")));
	serves(site, "ann", SERVED_FILE, 0, PROFILE("ann@buyer.example", ""));
	apply(site, "ann", PROFILE("ann@buyer.example, a@buyer.example", ""));
	g_assert_true(bound_takes(
		site, PROFILE("a@buyer.example, ann@buyer.example", "# 1\n")));
	g_assert_true(bound_takes(site, PROFILE("ann@buyer.example", "# 2\n")));
	/* Neither the file nor what serves has it any more. */
	g_assert_false(bound_takes(
		site, PROFILE("ann@buyer.example, a@buyer.example", "# 3\n")));
}

static void
test_conflict(struct site *site, gconstpointer data)
{
	struct profiles_change change = {
		.id = "ann", .name = "new.yaml", .text = one_text, .by = "olga"
	};
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *large = g_strnfill(STORE_VERSION_TEXT_MAX + 1, '#');
	guint number;

	(void)data;
	g_assert_true(
		profiles_apply(&site->where, &change, &number, faults, &error));
	change.text = two_text;
	g_assert_false(
		profiles_apply(&site->where, &change, &number, faults, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_CONFLICT);
	g_clear_error(&error);
	change.after = 1;
	change.id = "../ann";
	g_assert_false(
		profiles_apply(&site->where, &change, &number, faults, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
	g_clear_error(&error);
	change.id = "ann";
	change.text = large;
	g_assert_false(
		profiles_apply(&site->where, &change, &number, faults, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_LIMIT);
	serves(site, "ann", SERVED_VERSION, 1, one_text);
}

static guint
before(const struct site *site)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ProfilesView) view =
		profiles_view(&site->where, "ann", &error);
	guint number = 99;

	if (!profiles_before(view, &number, &error))
		g_assert_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND);
	return number;
}

static void
test_before(struct site *site, gconstpointer data)
{
	g_autoptr(ProfilesView) view = NULL;
	g_autoptr(GBytes) text = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_cmpuint(before(site), ==, 99);
	apply(site, "ann", one_text);
	g_assert_cmpuint(before(site), ==, 0);
	apply(site, "ann", two_text);
	g_assert_cmpuint(before(site), ==, 1);
	put(site, "p/ann.yaml", changed_text);
	g_assert_cmpuint(before(site), ==, 2);
	view = profiles_view(&site->where, "ann", NULL);
	text = profiles_text(view, 1, &error);
	is_text(text, one_text);
	g_assert_null(profiles_text(view, 3, &error));
	g_assert_error(error, BASE_ERROR, BASE_ERROR_NOT_FOUND);
}

static void
test_nearest(struct site *site, gconstpointer data)
{
	const struct profiles files = { .config = site->config };
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_null(profiles_view(&files, "bobb", &error));
	g_assert_nonnull(strstr(error->message, "did you mean 'bob'?"));
}

#define CASE(name, func)                                                       \
	g_test_add("/profiles/" name, struct site, NULL, site_setup, func,     \
		   site_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("a version stands over one content of the file", test_over_file);
	CASE("the file is removed", test_removed);
	CASE("a buyer without a file", test_new_buyer);
	CASE("a buyer without a file is removed", test_taken_away);
	CASE("a buyer with one is not", test_not_taken_away);
	CASE("beside others", test_beside_others);
	CASE("a buyer keeps to their own addresses", test_bound);
	CASE("somebody was faster, and other refusals", test_conflict);
	CASE("what served before", test_before);
	CASE("an id that is none", test_nearest);
	for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
		g_autofree char *path = g_strconcat("/profiles/refused/",
						    refusals[i].name, NULL);

		g_test_add(path, struct site, &refusals[i], site_setup,
			   test_refused, site_teardown);
	}
	return g_test_run();
}
