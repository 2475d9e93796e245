/* The conformance suite: passes and audit. */
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/access.h"
#include "store/audit.h"

#define NOW   (G_GINT64_CONSTANT(1800000000) * CLOCK_SECOND_US)
#define LEASE (60 * CLOCK_SECOND_US)
#define MANY  100

static struct store_pass
pass_of(enum store_pass_kind kind, const char *hash, const char *address)
{
	static char agent[] = "Firefox", client[] = "192.0.2.1";

	return (struct store_pass){ .hash = (char *)(gsize)hash,
				    .kind = kind,
				    .address = (char *)(gsize)address,
				    .time_us = NOW,
				    .until_us = NOW + LEASE,
				    .agent = agent,
				    .client = client };
}

/* With a lost answer it is there: a caller would make a new one. */
static void
add_pass(struct store *store, enum store_pass_kind kind, const char *hash,
	 const char *address)
{
	const struct store_pass pass = pass_of(kind, hash, address);
	g_autoptr(GError) error = NULL;

	if (!store_pass_add(store, &pass, &error) && kit_injected(&error))
		store_pass_add(store, &pass, &error);
	if (!g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT))
		g_assert_no_error(error);
}

/* After a lost answer there is nothing to end any more. */
static void
end_pass(struct store *store, enum store_pass_kind kind, const char *hash)
{
	g_autoptr(GError) error = NULL;

	if (!store_pass_end(store, kind, hash, NOW + 1, &error) &&
	    kit_injected(&error))
		store_pass_end(store, kind, hash, NOW + 1, &error);
	if (!g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		g_assert_no_error(error);
}

static gboolean
is_active(struct store *store, enum store_pass_kind kind, const char *hash,
	  gint64 now_us)
{
	g_autoptr(StorePass) found = NULL;
	g_autoptr(GError) error = NULL;

	found = store_pass_find(store, kind, hash, now_us, &error);
	if (kit_injected(&error))
		found = store_pass_find(store, kind, hash, now_us, &error);
	if (!found)
		g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
	return found != NULL;
}

static void
passes_are_kept(struct store *store)
{
	g_autoptr(StorePass) found = NULL;

	add_pass(store, STORE_PASS_SESSION, "aa", "pam@buyer.example");
	KIT_DO((found = store_pass_find(store, STORE_PASS_SESSION, "aa", NOW,
					&error)));
	g_assert_cmpstr(found->hash, ==, "aa");
	g_assert_cmpint(found->kind, ==, STORE_PASS_SESSION);
	g_assert_cmpstr(found->address, ==, "pam@buyer.example");
	g_assert_cmpint(found->time_us, ==, NOW);
	g_assert_cmpint(found->until_us, ==, NOW + LEASE);
	g_assert_cmpint(found->ended_us, ==, 0);
	g_assert_cmpstr(found->agent, ==, "Firefox");
	g_assert_cmpstr(found->client, ==, "192.0.2.1");
	g_assert_false(is_active(store, STORE_PASS_LINK, "aa", NOW));
	g_assert_false(is_active(store, STORE_PASS_SESSION, "ab", NOW));
	g_assert_true(
		is_active(store, STORE_PASS_SESSION, "aa", NOW + LEASE - 1));
	g_assert_false(is_active(store, STORE_PASS_SESSION, "aa", NOW + LEASE));
}

static void
a_hash_is_used_once(struct store *store)
{
	struct store_pass again =
		pass_of(STORE_PASS_SESSION, "aa", "eve@buyer.example");

	add_pass(store, STORE_PASS_LINK, "aa", "pam@buyer.example");
	KIT_REFUSE(store_pass_add(store, &again, &error), STORE_ERROR_CONFLICT);
	g_assert_false(is_active(store, STORE_PASS_SESSION, "aa", NOW));
	g_assert_true(is_active(store, STORE_PASS_LINK, "aa", NOW));
}

static void
a_long_agent_is_cut(struct store *store)
{
	g_autofree char *a = g_strnfill(199, 'a');
	g_autofree char *agent = g_strconcat(a, "\xc3\xab more", NULL);
	struct store_pass pass = pass_of(STORE_PASS_SESSION, "aa", "pam");
	g_autoptr(StorePass) found = NULL;
	g_autoptr(GError) failure = NULL;

	pass.agent = agent;
	if (!store_pass_add(store, &pass, &failure) && kit_injected(&failure))
		store_pass_add(store, &pass, NULL);
	KIT_DO((found = store_pass_find(store, STORE_PASS_SESSION, "aa", NOW,
					&error)));
	g_assert_cmpstr(found->agent, ==, a);
}

static void
an_ended_pass_is_no_use(struct store *store)
{
	add_pass(store, STORE_PASS_LINK, "aa", "pam@buyer.example");
	KIT_REFUSE(store_pass_end(store, STORE_PASS_SESSION, "aa", NOW, &error),
		   STORE_ERROR_NOT_FOUND);
	KIT_REFUSE(store_pass_end(store, STORE_PASS_LINK, "aa", NOW + LEASE,
				  &error),
		   STORE_ERROR_NOT_FOUND);
	end_pass(store, STORE_PASS_LINK, "aa");
	g_assert_false(is_active(store, STORE_PASS_LINK, "aa", NOW));
	KIT_REFUSE(store_pass_end(store, STORE_PASS_LINK, "aa", NOW, &error),
		   STORE_ERROR_NOT_FOUND);
}

static void
sessions_are_listed_and_ended(struct store *store)
{
	g_autoptr(GPtrArray) pams = NULL;
	g_autoptr(GPtrArray) all = NULL;
	g_autoptr(GPtrArray) left = NULL;
	const struct store_pass *row;
	guint n = 0;

	add_pass(store, STORE_PASS_SESSION, "s1", "pam");
	add_pass(store, STORE_PASS_SESSION, "s2", "pam");
	add_pass(store, STORE_PASS_LINK, "l1", "pam");
	add_pass(store, STORE_PASS_SESSION, "s3", "sam");
	end_pass(store, STORE_PASS_SESSION, "s1");
	KIT_DO((pams = store_pass_list(store, "pam", NOW, &error)));
	g_assert_cmpuint(pams->len, ==, 1);
	row = g_ptr_array_index(pams, 0);
	g_assert_cmpstr(row->hash, ==, "s2");
	KIT_DO((all = store_pass_list(store, NULL, NOW, &error)));
	g_assert_cmpuint(all->len, ==, 2);
	row = g_ptr_array_index(all, 1);
	g_assert_cmpstr(row->hash, ==, "s3");
	KIT_DO(store_pass_end_all(store, "pam", NOW, &n, &error));
	/* None is left for who asks again after a lost answer. */
	g_assert_true(n == 2 || n == 0);
	g_assert_false(is_active(store, STORE_PASS_LINK, "l1", NOW));
	KIT_DO((left = store_pass_list(store, NULL, NOW, &error)));
	g_assert_cmpuint(left->len, ==, 1);
	KIT_DO(store_pass_end_all(store, "nobody", NOW, NULL, &error));
}

/* A pass long past goes with the next that is made. */
static void
old_passes_are_forgotten(void)
{
	char *folder = kit_folder();
	struct store *store = kit_open(folder);
	struct store_pass old = pass_of(STORE_PASS_LINK, "old", "pam");

	old.until_us = clock_now_us() - 31 * CLOCK_DAY_US;
	g_assert_true(store_pass_add(store, &old, NULL));
	add_pass(store, STORE_PASS_LINK, "new", "pam");
	g_assert_true(store_pass_add(store, &old, NULL));
	g_assert_true(is_active(store, STORE_PASS_LINK, "new", NOW));
	store_close(store);
	kit_remove(folder);
}

/* ----- audit */

static void
audit(struct store *store, const char *who, const char *action,
      const char *buyer, gint64 time_us)
{
	struct store_audit row = { .who = (char *)(gsize)who,
				   .action = (char *)(gsize)action,
				   .buyer = (char *)(gsize)buyer,
				   .object = (char[]){ "01J" },
				   .detail = (char[]){ "by hand" },
				   .time_us = time_us };

	KIT_DO(store_audit_add(store, &row, &error));
	g_assert_true(id_valid(row.id));
	g_assert_cmpint(row.time_us, >, 0);
}

static void
audit_is_kept(struct store *store)
{
	const struct store_audit_query query = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	struct store_audit same = { .who = (char[]){ "pam" },
				    .action = (char[]){ "release" } };
	const struct store_audit *row;

	KIT_DO(store_audit_add(store, &same, &error));
	KIT_DO(store_audit_add(store, &same, &error));
	same.who[0] = 'S';
	KIT_DO(store_audit_add(store, &same, &error));
	KIT_DO((rows = store_audit_list(store, &query, &error)));
	g_assert_cmpuint(rows->len, ==, 1);
	row = g_ptr_array_index(rows, 0);
	g_assert_cmpstr(row->id, ==, same.id);
	g_assert_cmpint(row->time_us, ==, same.time_us);
	g_assert_cmpstr(row->who, ==, "pam");
	g_assert_cmpstr(row->action, ==, "release");
	g_assert_cmpstr(row->buyer, ==, "");
	g_assert_cmpstr(row->object, ==, "");
	g_assert_cmpstr(row->detail, ==, "");
}

struct audit_case {
	const char *what;
	struct store_audit_query query;
	guint n;
};

static const struct audit_case audit_cases[] = {
	{ "all", { 0 }, 5 },
	{ "of one person", { .who = "pam" }, 3 },
	{ "of one kind", { .action = "release" }, 4 },
	{ "about one buyer", { .buyer = "priya" }, 3 },
	{ "about no buyer", { .buyer = "" }, 1 },
	{ "since then", { .since_us = 3 }, 3 },
	{ "of one person about one buyer",
	  { .who = "pam", .buyer = "priya", .action = "release" },
	  2 },
	{ "of nobody", { .who = "eve" }, 0 },
	{ "the first of all", { .limit = 2 }, 2 },
};

static void
audit_is_found(struct store *store)
{
	audit(store, "pam", "release", "priya", 1);
	audit(store, "sam", "release", "sam", 2);
	audit(store, "pam", "sign-in", "", 3);
	audit(store, "sam", "release", "priya", 4);
	audit(store, "pam", "release", "priya", 5);
	for (guint i = 0; i < G_N_ELEMENTS(audit_cases); i++) {
		const struct audit_case *c = &audit_cases[i];
		g_autoptr(GPtrArray) rows = NULL;

		g_test_message("%s", c->what);
		KIT_DO((rows = store_audit_list(store, &c->query, &error)));
		g_assert_cmpuint(rows->len, ==, c->n);
	}
}

static void
audit_is_paged(struct store *store)
{
	struct store_audit_query query = { .limit = 2 };
	char last[ID_LEN + 1] = "";
	guint n = 0, len = 1;

	for (gint64 i = 1; i <= 5; i++)
		audit(store, "pam", "release", "priya", i);
	while (len > 0) {
		g_autoptr(GPtrArray) rows = NULL;

		KIT_DO((rows = store_audit_list(store, &query, &error)));
		len = rows->len;
		n += len;
		for (guint i = 0; i < len; i++) {
			const struct store_audit *row = rows->pdata[i];

			if (*last)
				g_assert_cmpstr(row->id, <, last);
			memcpy(last, row->id, sizeof(last));
		}
		query.after_id = last;
	}
	g_assert_cmpuint(n, ==, 5);
}

/* ----- two at once, with a handle each on the same file */

struct racer {
	struct store *store;
	guint won;
};

static gpointer
use_links(gpointer data)
{
	struct racer *racer = data;

	for (guint n = 0; n < MANY; n++) {
		g_autofree char *hash = g_strdup_printf("%u", n);
		g_autoptr(GError) error = NULL;

		if (store_pass_end(racer->store, STORE_PASS_LINK, hash, NOW,
				   &error))
			racer->won++;
		else
			g_assert_error(error, STORE_ERROR,
				       STORE_ERROR_NOT_FOUND);
	}
	return NULL;
}

static void
a_link_lets_one_in(void)
{
	char *folder = kit_folder();
	struct racer racers[2] = { { kit_open(folder), 0 },
				   { kit_open(folder), 0 } };
	GThread *other;

	for (guint n = 0; n < MANY; n++) {
		g_autofree char *hash = g_strdup_printf("%u", n);

		add_pass(racers[0].store, STORE_PASS_LINK, hash, "pam");
	}
	other = g_thread_new("race", use_links, &racers[1]);
	use_links(&racers[0]);
	g_thread_join(other);
	g_assert_cmpuint(racers[0].won + racers[1].won, ==, MANY);
	store_close(racers[0].store);
	store_close(racers[1].store);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kit_scenario("passes are kept", passes_are_kept);
	kit_scenario("a hash is used once", a_hash_is_used_once);
	kit_scenario("a long agent is cut", a_long_agent_is_cut);
	kit_scenario("an ended pass is no use", an_ended_pass_is_no_use);
	kit_scenario("sessions are listed and ended",
		     sessions_are_listed_and_ended);
	kit_scenario("audit is kept", audit_is_kept);
	kit_scenario("audit is found", audit_is_found);
	kit_scenario("audit is paged", audit_is_paged);
	g_test_add_func("/store/old passes are forgotten",
			old_passes_are_forgotten);
	g_test_add_func("/store/a link lets one in", a_link_lets_one_in);
	return g_test_run();
}
