/* Giving held mail back: what is sent, and what is remembered of it. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "mail/message.h"
#include "review/release.h"
#include "screen/ours.h"
#include "smtp_server.h"

#define BUYER "priya"
#define RCPT  "priya@site.example"

#define MESSAGE                                                                \
	"From: Jane <jane@vendor.example>\r\n"                                 \
	"Subject:  two spaces,\r\n\tand a fold\r\n"                            \
	"Message-ID: <1@vendor.example>\r\n"                                   \
	"\r\n"                                                                 \
	"trailing space \r\n\r\n.\r\n..\r\nend, and two lines\r\n\r\n"

/* A store with a server to release to. */
struct world {
	char *folder;
	struct store *store;
	struct config *config;
	struct key *key;
	struct server *server;
};

static void
world_setup(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *url = NULL;

	(void)data;
	world->folder = g_dir_make_tmp("pitchward-release-XXXXXX", &error);
	g_assert_no_error(error);
	url = g_strdup_printf("sqlite:%s/store.db", world->folder);
	world->store = store_open(url, &error);
	g_assert_no_error(error);
	world->server = server_start();
	world->config = config_default();
	g_free(world->config->release);
	world->config->release = g_strdup(world->server->url);
	world->config->release_timeout_us = CLOCK_SECOND_US;
	world->key = key_new_random();
}

static void
world_teardown(struct world *world, gconstpointer data)
{
	g_autoptr(GDir) dir = g_dir_open(world->folder, 0, NULL);
	const char *name;

	(void)data;
	server_stop(world->server);
	store_close(world->store);
	config_free(world->config);
	key_free(world->key);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path =
			g_build_filename(world->folder, name, NULL);

		g_remove(path);
	}
	g_rmdir(world->folder);
	g_free(world->folder);
}

/* Its id, for the caller to keep. */
static void
hold(struct world *world, const char *text, const char *sender,
     const char *rcpt, char id[ID_LEN + 1])
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autofree char *digest =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	g_autoptr(StoreMessage) message = g_new0(struct store_message, 1);
	struct store_message *messages[] = { message };
	g_autoptr(GError) error = NULL;

	id_new(message->id);
	message->buyer = g_strdup(BUYER);
	message->time_us = message->state_us = clock_now_us();
	message->digest = g_strconcat(digest, message->id, NULL);
	message->sender = g_strdup(sender);
	message->rcpt = g_strdup(rcpt);
	message->verdict = g_strdup("quarantine");
	message->outreach = 0.9;
	message->relevance = 0.1;
	message->size = (gint64)strlen(text);
	message->state = STORE_HELD;
	store_hold(world->store, messages, 1, bytes,
		   clock_monotonic_us() + 5 * CLOCK_SECOND_US, NULL, &error);
	g_assert_no_error(error);
	memcpy(id, message->id, ID_LEN + 1);
}

static gboolean
release(struct world *world, const char *id, GError **error)
{
	return release_message(world->store, world->config, world->key, BUYER,
			       id, "test", error);
}

static struct store_message *
found(struct world *world, const char *id)
{
	g_autoptr(GError) error = NULL;
	struct store_message *message =
		store_find(world->store, BUYER, id, &error);

	g_assert_no_error(error);
	return message;
}

static void
assert_state(struct world *world, const char *id, enum store_state state)
{
	g_autoptr(StoreMessage) message = found(world, id);

	g_assert_cmpstr(store_state_name(message->state), ==,
			store_state_name(state));
}

static void
test_exact(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(Mail) mail = NULL;
	const char *text;
	const char *rest;
	char id[ID_LEN + 1];

	(void)data;
	hold(world, MESSAGE, "<bounce@vendor.example>", "<" RCPT ">", id);
	g_assert_true(release(world, id, &error));
	g_assert_no_error(error);
	text = world->server->text->str;
	g_assert_true(g_str_has_prefix(text, OURS_HEADER ": id="));
	rest = strstr(text, "From: Jane");
	g_assert_cmpstr(rest, ==, MESSAGE);
	g_assert_nonnull(strstr(world->server->commands->str,
				"MAIL FROM:<bounce@vendor.example>\r\n"
				"RCPT TO:<" RCPT ">\r\n"));
	bytes = g_bytes_new(text, strlen(text));
	mail = mail_new(bytes, NULL);
	g_assert_true(ours_verify(world->key, mail, RCPT, clock_now_us()));
	assert_state(world, id, STORE_RELEASED);
}

static void
test_once(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	char id[ID_LEN + 1];

	(void)data;
	hold(world, MESSAGE, "", RCPT, id);
	g_assert_true(release(world, id, &error));
	g_assert_true(release(world, id, &error));
	g_assert_no_error(error);
	g_assert_cmpint(world->server->taken, ==, 1);
	g_assert_cmpint(world->server->sessions, ==, 1);
}

static void
test_refused(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreMessage) message = NULL;
	char id[ID_LEN + 1];

	(void)data;
	hold(world, MESSAGE, "a@vendor.example", RCPT, id);
	world->server->script.rcpt = "550 5.1.1 no such user";
	g_assert_false(release(world, id, &error));
	g_assert_error(error, RELEASE_ERROR, RELEASE_ERROR_REFUSED);
	g_assert_nonnull(strstr(error->message, "no such user"));
	message = found(world, id);
	g_assert_cmpint(message->state, ==, STORE_HELD);
	g_assert_cmpuint(message->attempts, ==, 1);
	g_assert_cmpstr(message->note, ==, "test: 550 5.1.1 no such user");
	g_clear_error(&error);
	world->server->script.rcpt = NULL;
	g_assert_true(release(world, id, &error));
	assert_state(world, id, STORE_RELEASED);
}

/* Nobody knows, so it stays in between, and a retry is at once possible. */
static void
test_unknown(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	char id[ID_LEN + 1];

	(void)data;
	hold(world, MESSAGE, "a@vendor.example", RCPT, id);
	world->server->script.dot = SERVER_DROP;
	g_assert_false(release(world, id, &error));
	g_assert_error(error, RELEASE_ERROR, RELEASE_ERROR_UNKNOWN);
	assert_state(world, id, STORE_RELEASING);
	g_clear_error(&error);
	world->server->script.dot = NULL;
	g_assert_true(release(world, id, &error));
	g_assert_no_error(error);
	assert_state(world, id, STORE_RELEASED);
	g_assert_cmpint(world->server->taken, ==, 1);
}

static void
test_wrong_state(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	char id[ID_LEN + 1];

	(void)data;
	hold(world, MESSAGE, "a@vendor.example", RCPT, id);
	g_assert_true(store_delete(world->store, BUYER, id, "test", &error));
	g_assert_false(release(world, id, &error));
	g_assert_error(error, RELEASE_ERROR, RELEASE_ERROR_STATE);
	g_clear_error(&error);
	id_new(id);
	g_assert_false(release(world, id, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
	g_assert_cmpint(world->server->sessions, ==, 0);
}

/* Somebody took the lease and died: free for others when it has run out. */
static void
test_lease(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	char id[ID_LEN + 1];

	(void)data;
	hold(world, MESSAGE, "a@vendor.example", RCPT, id);
	g_assert_true(store_claim(world->store, BUYER, id, "dead",
				  CLOCK_SECOND_US / 5, &error));
	g_assert_false(release(world, id, &error));
	g_assert_error(error, RELEASE_ERROR, RELEASE_ERROR_STATE);
	g_clear_error(&error);
	g_usleep(300000);
	g_assert_true(release(world, id, &error));
	g_assert_no_error(error);
	g_assert_cmpint(world->server->taken, ==, 1);
}

struct racer {
	struct world *world;
	const char *id;
	gint *wins;
};

static gpointer
race(gpointer data)
{
	struct racer *racer = data;
	g_autoptr(GError) error = NULL;

	if (release(racer->world, racer->id, &error))
		g_atomic_int_inc(racer->wins);
	else
		g_assert_error(error, RELEASE_ERROR, RELEASE_ERROR_STATE);
	return NULL;
}

static void
test_race(struct world *world, gconstpointer data)
{
	gint wins = 0;
	char id[ID_LEN + 1];

	(void)data;
	for (gint round = 1; round <= 10; round++) {
		struct racer racer = { world, id, &wins };
		GThread *threads[4];

		hold(world, MESSAGE, "a@vendor.example", RCPT, id);
		for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
			threads[i] = g_thread_new("race", race, &racer);
		for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
			g_thread_join(threads[i]);
		g_assert_cmpint(world->server->taken, ==, round);
		g_assert_cmpint(wins, >=, round);
		assert_state(world, id, STORE_RELEASED);
	}
}

static void
test_bad_envelope(struct world *world, gconstpointer data)
{
	static const struct {
		const char *sender;
		const char *rcpt;
	} cases[] = {
		{ "a@b.example>\r\nRCPT TO:<evil@b.example", RCPT },
		{ "a@b.example", "x@site.example>\r\nDATA" },
		{ "a@b.example", "" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		char id[ID_LEN + 1];

		hold(world, MESSAGE, cases[i].sender, cases[i].rcpt, id);
		g_assert_false(release(world, id, &error));
		g_assert_error(error, RELEASE_ERROR, RELEASE_ERROR_REFUSED);
		assert_state(world, id, STORE_HELD);
	}
	g_assert_cmpint(world->server->sessions, ==, 0);
}

static void
test_long_recipient(struct world *world, gconstpointer data)
{
	g_autofree char *local = g_strnfill(300, '%');
	g_autofree char *rcpt = g_strconcat(local, "@site.example", NULL);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) lines = NULL;
	char id[ID_LEN + 1];

	(void)data;
	hold(world, MESSAGE, "", rcpt, id);
	g_assert_true(release(world, id, &error));
	g_assert_no_error(error);
	lines = g_strsplit(world->server->text->str, "\r\n", -1);
	for (char **line = lines; *line; line++)
		g_assert_cmpuint(strlen(*line), <=, 998);
}

#define ADD(name, function)                                                    \
	g_test_add(name, struct world, NULL, world_setup, function,            \
		   world_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/release/exact", test_exact);
	ADD("/release/once", test_once);
	ADD("/release/refused", test_refused);
	ADD("/release/unknown", test_unknown);
	ADD("/release/wrong-state", test_wrong_state);
	ADD("/release/lease", test_lease);
	ADD("/release/race", test_race);
	ADD("/release/bad-envelope", test_bad_envelope);
	ADD("/release/long-recipient", test_long_recipient);
	return g_test_run();
}
