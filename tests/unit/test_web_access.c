#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "../../src/web/access_private.h"

/* One letter for each action, in the order of enum access_action. */
static const char letters[] = "OSLRDXKVPMCAUG";

static const char *const rows[] = { "own", "named", "other", NULL };

/* What one role may, for each of `rows`; NULL there: for any row at all. Open
 * and signed are everybody's and left out. */
static const struct {
	const char *name;
	guint role;
	gboolean asking; /* web.request_release */
	const char *may[G_N_ELEMENTS(rows)];
} matrix[] = {
	{ "a buyer", ROLE_BUYER, FALSE, { "LRDXPMG", "", "", "LRDXPMG" } },
	{ "a buyer who asks",
	  ROLE_BUYER,
	  TRUE,
	  { "LRDKPMG", "", "", "LRDKPMG" } },
	{ "a delegate", ROLE_DELEGATE, FALSE, { "", "LRDXG", "", "LRDXG" } },
	{ "a delegate who asks",
	  ROLE_DELEGATE,
	  TRUE,
	  { "", "LRDKG", "", "LRDKG" } },
	{ "an approver nobody asks",
	  ROLE_APPROVER,
	  FALSE,
	  { "", "LRX", "", "LRX" } },
	{ "an approver", ROLE_APPROVER, TRUE, { "", "LRXV", "", "LRXV" } },
	{ "an admin", ROLE_ADMIN, FALSE, { "PM", "PM", "PM", "PMCAU" } },
	{ "an admin, with asking",
	  ROLE_ADMIN,
	  TRUE,
	  { "PM", "PM", "PM", "PMCAU" } },
	{ "an auditor", ROLE_AUDITOR, FALSE, { "", "", "", "CA" } },
	{ "an auditor, with asking", ROLE_AUDITOR, TRUE, { "", "", "", "CA" } },
};

#define ROLES 32 /* every set of the five */

static char own[] = "own";
static char name[] = "named";
static char all[] = "*";
static char *named[] = { name, NULL };
static char *everybody[] = { all, NULL };

static struct web_user
user_of(guint roles)
{
	const gboolean acts = roles & (ROLE_DELEGATE | ROLE_APPROVER);

	return (struct web_user){
		.roles = roles,
		.buyer = roles & ROLE_BUYER ? own : NULL,
		.buyers = acts ? named : NULL,
	};
}

/* What the set of roles may is what each of them may. */
static gboolean
expected(guint roles, gsize row, gboolean asking, char letter)
{
	for (gsize i = 0; i < G_N_ELEMENTS(matrix); i++)
		if (roles & matrix[i].role && matrix[i].asking == asking &&
		    strchr(matrix[i].may[row], letter))
			return TRUE;
	return letter == 'O' || letter == 'S';
}

static void
check(guint roles, gsize row, const struct config *config)
{
	const struct web_user user = user_of(roles);

	for (int action = 0; action < ACCESS_ACTIONS; action++) {
		const gboolean may = access_allowed(
			&user, (enum access_action)action, rows[row], config);

		if (may == expected(roles, row, config->web.request_release,
				    letters[action]))
			continue;
		g_test_message("roles 0x%x, row %s, asking %d: %s %c", roles,
			       rows[row] ? rows[row] : "(any)",
			       config->web.request_release,
			       may ? "may" : "may not", letters[action]);
		g_test_fail();
	}
}

static void
test_matrix(void)
{
	g_autoptr(Config) config = config_default();

	for (guint roles = 0; roles < ROLES; roles++)
		for (gsize row = 0; row < G_N_ELEMENTS(rows); row++)
			for (int asking = 0; asking < 2; asking++) {
				config->web.request_release = asking;
				check(roles, row, config);
			}
}

static void
test_signed_out(void)
{
	g_autoptr(Config) config = config_default();

	for (int action = 0; action < ACCESS_ACTIONS; action++)
		for (gsize row = 0; row < G_N_ELEMENTS(rows); row++)
			g_assert_cmpint(
				access_allowed(NULL, (enum access_action)action,
					       rows[row], config),
				==, action == ACCESS_OPEN);
	g_assert_false(access_allowed(NULL, ACCESS_ACTIONS, NULL, config));
}

/* An approver of all does not answer what they asked themselves. */
static void
test_own_request(void)
{
	g_autoptr(Config) config = config_default();
	const struct web_user user = { .roles = ROLE_BUYER | ROLE_APPROVER,
				       .buyer = own,
				       .buyers = everybody };

	config->web.request_release = TRUE;
	g_assert_true(access_allowed(&user, ACCESS_APPROVE, "other", config));
	g_assert_true(access_allowed(&user, ACCESS_RELEASE, "other", config));
	g_assert_false(access_allowed(&user, ACCESS_APPROVE, "own", config));
	g_assert_false(access_allowed(&user, ACCESS_RELEASE, "own", config));
	g_assert_true(access_allowed(&user, ACCESS_ASK, "own", config));
}

/* Names must be equal: no prefix, no other case, no pattern. */
static void
test_names(void)
{
	static const char *const strangers[] = { "name", "named2", "Named", "",
						 "*" };
	g_autoptr(Config) config = config_default();
	const struct web_user user = { .roles = ROLE_DELEGATE,
				       .buyers = named };

	for (gsize i = 0; i < G_N_ELEMENTS(strangers); i++)
		g_assert_false(access_allowed(&user, ACCESS_LIST, strangers[i],
					      config));
}

static const char text[] =
	"version: 1\nweb:\n  users:\n"
	"    - {address: Priya@Corp.example, roles: [admin]}\n"
	"    - {address: help@corp.example, roles: [delegate], buyers: "
	"[priya]}\n"
	"    - {address: poser@corp.example, roles: [buyer]}\n";

struct world {
	struct config *config;
	struct snapshot *snapshot;
	char *path;
};

static void
world_open(struct world *world)
{
	static const char profile[] =
		"version: 1\nbuyer: {name: P, role: CIO, addresses: "
		"[priya@corp.example, ciso@corp.example]}\n"
		"priorities: [{id: a, name: A, keywords: [a]}]\n";
	g_autoptr(Faults) faults = faults_new();
	g_autofree char *folder = g_dir_make_tmp("web-XXXXXX", NULL);
	char *paths[2] = { NULL, NULL };
	g_autoptr(GError) error = NULL;

	world->path = g_build_filename(folder, "priya.yaml", NULL);
	g_assert_true(g_file_set_contents(world->path, profile, -1, NULL));
	paths[0] = world->path;
	world->snapshot = snapshot_new(paths, "models", &error);
	g_assert_no_error(error);
	world->config = config_parse("c", text, strlen(text), faults);
	g_assert_cmpuint(faults_count(faults), ==, 0);
}

static void
world_close(struct world *world)
{
	g_autofree char *folder = g_path_get_dirname(world->path);

	snapshot_unref(world->snapshot);
	config_free(world->config);
	g_remove(world->path);
	g_rmdir(folder);
	g_free(world->path);
}

static const struct {
	const char *address;
	guint roles; /* 0: nobody */
	const char *buyer;
} users[] = {
	{ "priya@corp.example", ROLE_BUYER | ROLE_ADMIN, "priya" },
	{ "PRIYA@CORP.EXAMPLE", ROLE_BUYER | ROLE_ADMIN, "priya" },
	{ "ciso@corp.example", ROLE_BUYER, "priya" },
	{ "help@corp.example", ROLE_DELEGATE, NULL },
	{ "poser@corp.example", 0, NULL },
	{ "priya+news@corp.example", 0, NULL },
	{ "stranger@corp.example", 0, NULL },
	{ "priya@corp.example\r\nRCPT TO:<x@y>", 0, NULL },
	{ "", 0, NULL },
	{ "<priya@corp.example>", ROLE_BUYER | ROLE_ADMIN, "priya" },
};

static void
test_users(void)
{
	struct world world;

	world_open(&world);
	for (gsize i = 0; i < G_N_ELEMENTS(users); i++) {
		g_autoptr(WebUser) user = web_user_new(
			world.config, world.snapshot, users[i].address);

		g_test_message("%s", users[i].address);
		/* Named as a buyer without a profile is a user of nothing. */
		g_assert_cmpuint(user ? user->roles : 0, ==, users[i].roles);
		if (user)
			g_assert_cmpstr(user->buyer, ==, users[i].buyer);
	}
	world_close(&world);
}

static void
test_buyers(void)
{
	struct world world;
	g_autoptr(WebUser) buyer = NULL;
	g_autoptr(WebUser) helper = NULL;
	g_autoptr(GPtrArray) ids = NULL;
	g_autoptr(GPtrArray) helped = NULL;
	const struct web_user admin = { .roles = ROLE_ADMIN };
	g_autoptr(GPtrArray) none = NULL;

	world_open(&world);
	buyer = web_user_new(world.config, world.snapshot, "ciso@corp.example");
	helper =
		web_user_new(world.config, world.snapshot, "help@corp.example");
	ids = access_buyers(buyer, world.snapshot);
	helped = access_buyers(helper, world.snapshot);
	none = access_buyers(&admin, world.snapshot);
	g_assert_cmpuint(ids->len, ==, 1);
	g_assert_cmpstr(ids->pdata[0], ==, "priya");
	g_assert_cmpuint(helped->len, ==, 1);
	g_assert_cmpuint(none->len, ==, 0);
	world_close(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/access/roles, actions and rows", test_matrix);
	g_test_add_func("/access/signed out", test_signed_out);
	g_test_add_func("/access/nobody approves themself", test_own_request);
	g_test_add_func("/access/names are compared whole", test_names);
	g_test_add_func("/access/whose address it is", test_users);
	g_test_add_func("/access/whose mail is listed", test_buyers);
	return g_test_run();
}
