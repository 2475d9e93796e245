#include "milter_world.h"

struct path_case {
	const char *name;
	const char *sender;
	const char *rcpts; /* separated by spaces */
	enum path path;
	const char *client; /* NULL: a stranger's */
	gboolean authenticated;
	gboolean observes;
};

static const struct path_case cases[] = {
	{ .name = "nobody covered",
	  .sender = "<v@vendor.example>",
	  .rcpts = "<bob@buyer.example> <carol@buyer.example>",
	  .path = PATH_PASS },
	{ .name = "a buyer among others",
	  .sender = "<v@vendor.example>",
	  .rcpts = "<bob@buyer.example> <ciso@buyer.example>",
	  .path = PATH_SCREEN },
	{ .name = "no brackets, upper case, as sendmail -t gives it",
	  .sender = "v@vendor.example",
	  .rcpts = "PRIYA@Buyer.Example",
	  .path = PATH_SCREEN },
	{ .name = "the null sender is for the gate to know",
	  .sender = "<>",
	  .rcpts = "<priya@buyer.example>",
	  .path = PATH_SCREEN },
	{ .name = "a login",
	  .sender = "<v@vendor.example>",
	  .rcpts = "<priya@buyer.example>",
	  .path = PATH_GATED,
	  .authenticated = TRUE },
	{ .name = "our own network",
	  .sender = "<scan@printer.example>",
	  .rcpts = "<priya@buyer.example>",
	  .path = PATH_GATED,
	  .client = "10.1.2.3" },
	{ .name = "what has a gate passes at once when only observed",
	  .sender = "<scan@printer.example>",
	  .rcpts = "<priya@buyer.example>",
	  .path = PATH_PASS,
	  .client = "10.1.2.3",
	  .observes = TRUE },
	{ .name = "a buyer writes out, by login",
	  .sender = "<priya@buyer.example>",
	  .rcpts = "<v@vendor.example>",
	  .path = PATH_LEARN,
	  .authenticated = TRUE },
	{ .name = "a buyer writes out, from our network",
	  .sender = "<Omar@buyer.example>",
	  .rcpts = "<priya@buyer.example>",
	  .path = PATH_LEARN,
	  .client = "10.1.2.3",
	  .observes = TRUE },
	{ .name = "a buyer's address forged from outside to a buyer",
	  .sender = "<priya@buyer.example>",
	  .rcpts = "<omar@buyer.example>",
	  .path = PATH_SCREEN },
	{ .name = "a buyer's address forged from outside to nobody",
	  .sender = "<priya@buyer.example>",
	  .rcpts = "<bob@buyer.example>",
	  .path = PATH_PASS },
	{ .name = "others write out",
	  .sender = "<bob@buyer.example>",
	  .rcpts = "<v@vendor.example>",
	  .path = PATH_PASS,
	  .authenticated = TRUE },
	{ .name = "a recipient that is no address",
	  .sender = "<v@vendor.example>",
	  .rcpts = "<\x01> <\"open@buyer.example>",
	  .path = PATH_PASS },
	{ .name = "a sender that is no address is judged unread",
	  .sender = "<a\x01"
		    "b@vendor.example>",
	  .rcpts = "<priya@buyer.example>",
	  .path = PATH_SCREEN },
};

static void
test_path(struct world *world, gconstpointer data)
{
	const struct path_case *c = data;
	struct session *session = world->session;
	g_auto(GStrv) rcpts = g_strsplit(c->rcpts, " ", -1);

	if (c->observes)
		world->snapshot.config->mode = MODE_OBSERVE;
	if (c->client)
		session_client(session, c->client);
	session_begin(session, site_snapshot(world->site), c->sender,
		      c->authenticated);
	for (guint i = 0; rcpts[i]; i++)
		session_rcpt(session, rcpts[i]);
	session_decide(session);
	g_assert_cmpint(session->path, ==, c->path);
}

static void
test_exact_rcpts(struct world *world, gconstpointer data)
{
	static const char *const sent[] = { "<LIST@buyer.example>",
					    "list@buyer.example",
					    "<\"al ice\"@buyer.example>",
					    "<list@buyer.example>" };
	struct session *session = world->session;

	(void)data;
	session_begin(session, site_snapshot(world->site), "<v@vendor.example>",
		      FALSE);
	for (gsize i = 0; i < G_N_ELEMENTS(sent); i++)
		session_rcpt(session, sent[i]);
	for (guint i = 0; i < G_N_ELEMENTS(sent); i++) {
		const struct recipient *rcpt =
			g_ptr_array_index(session->rcpts, i);

		g_assert_cmpstr(rcpt->exact, ==, sent[i]);
	}
}

/* The next message of a connection knows nothing of the last one. */
static void
test_next_message(struct world *world, gconstpointer data)
{
	struct session *session = world->session;
	g_autoptr(GBytes) bytes = NULL;

	(void)data;
	session_begin(session, site_snapshot(world->site), "<v@vendor.example>",
		      TRUE);
	session_rcpt(session, "<priya@buyer.example>");
	session_decide(session);
	intake_field(&session->intake, "X-Pitchward", " forged");
	session_reset(session);
	session_reset(session);
	session_begin(session, site_snapshot(world->site), "<w@vendor.example>",
		      FALSE);
	g_assert_cmpuint(session->rcpts->len, ==, 0);
	g_assert_cmpuint(session->intake.own->len, ==, 0);
	session_rcpt(session, "<priya@buyer.example>");
	session_decide(session);
	g_assert_cmpint(session->path, ==, PATH_SCREEN);
	g_assert_cmpstr(session->client, ==, "192.0.2.1");
	intake_field(&session->intake, "A", " b");
	bytes = intake_take(&session->intake);
	g_assert_cmpuint(g_bytes_get_size(bytes), ==, 8);
}

static void
test_site_stop(struct world *world, gconstpointer data)
{
	struct site *site = world->site;

	(void)data;
	g_assert_true(site_enter(site));
	g_assert_false(site_close(site, g_get_monotonic_time() + 50000));
	g_assert_false(site_enter(site));
	site_leave(site);
	g_assert_true(site_close(site, g_get_monotonic_time()));
	g_assert_false(site_enter(site));
}

#define SWAPS 2000

static gpointer
use_snapshots(gpointer data)
{
	struct site *site = data;

	for (guint i = 0; i < SWAPS; i++) {
		struct snapshot *snapshot = site_snapshot(site);

		/* Whoever holds it holds it whole. */
		g_assert_cmpint(g_atomic_int_get(&snapshot->refs), >=, 2);
		g_assert_nonnull(snapshot->config);
		snapshot_unref(snapshot);
		if (site_enter(site))
			site_leave(site);
	}
	return NULL;
}

/* For the thread sanitizer: a reload among messages. */
static void
test_site_swap(struct world *world, gconstpointer data)
{
	GThread *threads[4];
	struct snapshot other = world->snapshot;

	(void)data;
	other.refs = 1;
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("user", use_snapshots, world->site);
	for (guint i = 0; i < SWAPS; i++)
		site_replace(world->site,
			     snapshot_ref(i % 2 ? &world->snapshot : &other));
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	site_replace(world->site, snapshot_ref(&world->snapshot));
	g_assert_cmpint(other.refs, ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
			g_strconcat("/session/", cases[i].name, NULL);

		g_test_add(path, struct world, &cases[i], world_setup,
			   test_path, world_teardown);
	}
	g_test_add("/session/recipients stay as they were sent", struct world,
		   NULL, world_setup, test_exact_rcpts, world_teardown);
	g_test_add("/session/the next message", struct world, NULL, world_setup,
		   test_next_message, world_teardown);
	g_test_add("/site/a stop waits for messages under way", struct world,
		   NULL, world_setup, test_site_stop, world_teardown);
	g_test_add("/site/snapshots are swapped among messages", struct world,
		   NULL, world_setup, test_site_swap, world_teardown);
	return g_test_run();
}
