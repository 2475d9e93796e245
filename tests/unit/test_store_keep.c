/* What is said before a store's schema is changed. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "../../src/store/vault_private.h"
#include "../lib/store_kit.h"
#include "store/keep.h"

#define OLDER                                                                  \
	"PRAGMA journal_mode=WAL; CREATE TABLE message (n);"                   \
	"PRAGMA application_id=1350005620; PRAGMA user_version=9"

struct case_of {
	const char *name;
	const char *script;	/* what the file is made with */
	const char *afterwards; /* on a connection that stays open, or NULL */
	const char *folder;	/* of that ending is there, too, or NULL */
	const char *wanted[3];	/* is in it; none: nothing is said */
};

static void
end_with(const struct case_of *one, const char *folder)
{
	g_autofree char *path = NULL;

	if (!one->folder)
		return;
	path = g_strdup_printf("%s/test.db%s", folder, one->folder);
	g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
}

static void
assert_told(const struct case_of *one, const char *told)
{
	if (!one->wanted[0])
		g_assert_cmpstr(told, ==, NULL);
	for (guint i = 0; i < 3 && one->wanted[i]; i++)
		if (!told || !strstr(told, one->wanted[i]))
			g_error("%s: '%s' and no '%s'", one->name, told,
				one->wanted[i]);
}

static void
it_is_told(gconstpointer data)
{
	const struct case_of *one = data;
	char *folder = kit_quick_folder();
	g_autofree char *url = kit_url(folder);
	g_autofree char *told = NULL;
	sqlite3 *db = kit_database(folder);

	kit_sql(db, one->script);
	if (one->afterwards) {
		kit_sql(db, one->afterwards);
	} else {
		sqlite3_close(db);
		db = NULL;
	}
	end_with(one, folder);
	told = store_keep_older(url);
	assert_told(one, told);
	sqlite3_close(db);
	kit_remove(folder);
}

static const struct case_of cases[] = {
	{ "an older one", OLDER, NULL, NULL, { "of schema 9", "it is kept" } },
	{ "locked",
	  OLDER,
	  "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE",
	  NULL,
	  { "cannot be told", "no copy of it is made", "locked" } },
	{ "its log cannot be read",
	  OLDER,
	  NULL,
	  "-wal",
	  { "cannot be told", "no copy of it is made", "open" } },
	{ "it is another program's",
	  "CREATE TABLE t (n)",
	  NULL,
	  NULL,
	  { NULL } },
	{ "it is empty", "", NULL, NULL, { NULL } },
};

/* What opening refuses all the same. */
static void
junk_is_left_to_who_opens(void)
{
	char *folder = kit_quick_folder();
	g_autofree char *url = kit_url(folder);
	g_autofree char *path = g_build_filename(folder, "test.db", NULL);

	g_assert_true(
		g_file_set_contents(path, "junk, and more of it", -1, NULL));
	g_assert_cmpstr(store_keep_older(url), ==, NULL);
	kit_remove(folder);
}

static guint
count(const char *text, const char *part)
{
	guint n = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		n++;
	return n;
}

/* Who tries again until the store is there says it once. */
static void
it_is_said_once(void)
{
	char *folder = kit_quick_folder();
	g_autofree char *url = kit_url(folder);
	g_autofree char *spool = g_build_filename(folder, "spool", NULL);
	g_autoptr(GString) all = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	sqlite3 *db = kit_database(folder);
	struct vault *vault;

	kit_sql(db, OLDER);
	sqlite3_close(db);
	end_with(&cases[2], folder);
	vault = vault_open(url, spool, 1 << 20, &error);
	g_assert_no_error(error);
	vault_set_pauses(vault, 10000, 20000);
	/* The first pause was begun before. */
	for (guint i = 0; i < 15; i++) {
		g_autofree char *news = vault_news(vault);

		if (news)
			g_string_append(all, news);
		g_usleep(100000);
	}
	vault_close(vault);
	g_assert_cmpuint(count(all->str, "cannot be told"), ==, 1);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name =
			g_strconcat("/keep/", cases[i].name, NULL);

		g_test_add_data_func(name, &cases[i], it_is_told);
	}
	g_test_add_func("/keep/junk is left to who opens",
			junk_is_left_to_who_opens);
	g_test_add_func("/keep/it is said once", it_is_said_once);
	return g_test_run();
}
