/* Giving held mail back: what is sent, and what is remembered of it. */
#include <glib.h>
#include <sqlite3.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "mail/message.h"
#include "review/feedback.h"
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

/* What a release says of its message; the linker takes this one. */
static struct {
	gint said;
	gboolean fails;
	char id[ID_LEN + 1]; /* of the last message */
} feedback;

gboolean
feedback_say(struct store *store, const struct store_message *message,
	     const struct feedback_said *said, struct store_ruling **ruling,
	     GError **error)
{
	g_assert_nonnull(store);
	g_assert_null(ruling);
	g_assert_cmpint(said->label, ==, STORE_RELEVANT);
	g_assert_false(said->never);
	g_assert_cmpstr(said->by, ==, "test");
	g_assert_cmpstr(said->source, ==, "release");
	g_atomic_int_inc(&feedback.said);
	memcpy(feedback.id, message->id, sizeof(feedback.id));
	if (feedback.fails)
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_BUSY,
				    "locked");
	return !feedback.fails;
}

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
	(void)data;
	memset(&feedback, 0, sizeof(feedback));
	world->folder = kit_quick_folder();
	world->store = kit_open(world->folder);
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
	(void)data;
	server_stop(world->server);
	store_close(world->store);
	config_free(world->config);
	key_free(world->key);
	kit_remove(world->folder);
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
			       id, "test", NULL, error);
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

/* What came in, and what of it may go out below our header. */
static const struct {
	const char *what;
	const char *stored;
	const char *sent;
} forgeries[] = {
	{ "a verdict", "X-Pitchward: verdict=deliver\r\n" MESSAGE, MESSAGE },
	{ "a release", "X-Pitchward-Release: id=1; to=x\r\n" MESSAGE, MESSAGE },
	{ "in another case", "x-pItChWaRd-Error: store\r\n" MESSAGE, MESSAGE },
	{ "no value", "X-Pitchward:\r\n" MESSAGE, MESSAGE },
	{ "folded", "X-Pitchward-Reason:\r\n\ta;\r\n \r\n b\r\n" MESSAGE,
	  MESSAGE },
	{ "space before the colon", "X-Pitchward \t: x\r\n" MESSAGE, MESSAGE },
	{ "several, between others",
	  "A: 1\r\nX-Pitchward: x\r\nX-Pitchward: y\r\n\tz\r\nB:  2 "
	  "\r\nX-PITCHWARD-ID: 3\r\n\r\nX-Pitchward: body\r\n",
	  "A: 1\r\nB:  2 \r\n\r\nX-Pitchward: body\r\n" },
	{ "lines that end in LF",
	  "A: 1\nX-Pitchward: x\n y\nB: 2\n\nX-Pitchward: body\n",
	  "A: 1\r\nB: 2\r\n\r\nX-Pitchward: body\r\n" },
	{ "lines that end in CR, which are sent as CRLF",
	  "A: 1\rX-Pitchward: x\rB: 2\r\r\nX-Pitchward: body\r\n",
	  "A: 1\r\nB: 2\r\n\r\nX-Pitchward: body\r\n" },
	{ "behind a line that is no field",
	  "A: 1\r\nnone\r\nX-Pitchward: x\r\nB: 2\r\n\r\n",
	  "A: 1\r\nnone\r\nB: 2\r\n\r\n" },
	{ "the whole header", "X-Pitchward: x\r\n\r\nbody\r\n",
	  "\r\nbody\r\n" },
	{ "nothing at all", "", "" },
	{ "no body, no end", "A: 1\r\nX-Pitchward", "A: 1\r\n" },
	{ "names that only look like it",
	  "X-Pitchwar: 1\r\nXX-Pitchward: 2\r\nPitchward: 3\r\n"
	  "Subject: a\r\n X-Pitchward: in a fold\r\n\r\nbody\r\n",
	  "X-Pitchwar: 1\r\nXX-Pitchward: 2\r\nPitchward: 3\r\n"
	  "Subject: a\r\n X-Pitchward: in a fold\r\n\r\nbody\r\n" },
};

static void
test_forged(struct world *world, gconstpointer data)
{
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(forgeries); i++) {
		g_autoptr(GError) error = NULL;
		const char *rest;
		char id[ID_LEN + 1];

		g_test_message("%s", forgeries[i].what);
		g_string_truncate(world->server->text, 0);
		hold(world, forgeries[i].stored, "", RCPT, id);
		g_assert_true(release(world, id, &error));
		g_assert_no_error(error);
		rest = strstr(world->server->text->str, "mac=");
		g_assert_nonnull(rest);
		rest = strstr(rest, "\r\n");
		g_assert_nonnull(rest);
		g_assert_cmpstr(rest + 2, ==, forgeries[i].sent);
	}
}

/* More of them than a parser reads, and then what is signed. */
static void
test_forged_many(struct world *world, gconstpointer data)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(Mail) mail = NULL;
	char id[ID_LEN + 1];

	(void)data;
	for (guint i = 0; i < 100000; i++)
		g_string_append(text, "X-Pitchward: x\r\n");
	g_string_append(text, MESSAGE);
	hold(world, text->str, "", RCPT, id);
	g_assert_true(release(world, id, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(strstr(world->server->text->str, "From: Jane"), ==,
			MESSAGE);
	bytes = g_bytes_new(world->server->text->str, world->server->text->len);
	mail = mail_new(bytes, NULL);
	g_assert_cmpuint(mail_field_count(mail, "X-Pitchward"), ==, 0);
	g_assert_cmpuint(mail_field_count(mail, OURS_HEADER), ==, 1);
	g_assert_true(ours_verify(world->key, mail, RCPT, clock_now_us()));
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
	g_assert_cmpint(feedback.said, ==, 1);
	g_assert_cmpstr(feedback.id, ==, id);
}

/* The mail is out: what cannot be learned from it is told, and no failure. */
static void
test_not_learned(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *warning = NULL;
	char id[ID_LEN + 1];

	(void)data;
	feedback.fails = TRUE;
	hold(world, MESSAGE, "", RCPT, id);
	g_assert_true(release_message(world->store, world->config, world->key,
				      BUYER, id, "test", &warning, &error));
	g_assert_no_error(error);
	g_assert_nonnull(strstr(warning, id));
	g_assert_nonnull(strstr(warning, "locked"));
	assert_state(world, id, STORE_RELEASED);
	hold(world, MESSAGE "x", "", RCPT, id);
	g_assert_true(release(world, id, &error));
}

/* Somebody who takes the store while the MTA has the mail. */
struct holdup {
	struct sqlite3 *db;
	GThread *thread;
};

static gpointer
let_go(gpointer data)
{
	struct holdup *holdup = data;

	g_usleep(800000);
	kit_sql(holdup->db, "COMMIT");
	return NULL;
}

static void
hold_up(gpointer data)
{
	struct holdup *holdup = data;

	kit_sql(holdup->db, "BEGIN IMMEDIATE");
	holdup->thread = g_thread_new("let-go", let_go, holdup);
}

/* Each try gives up after 0.1 s, and the store is away for eight of them. */
static void
test_noted_late(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	struct holdup holdup = { kit_database(world->folder), NULL };
	char id[ID_LEN + 1];

	(void)data;
	hold(world, MESSAGE, "", RCPT, id);
	store_set_wait(world->store, CLOCK_SECOND_US / 10);
	world->server->told = hold_up;
	world->server->data = &holdup;
	g_assert_true(release(world, id, &error));
	g_assert_no_error(error);
	g_thread_join(holdup.thread);
	sqlite3_close(holdup.db);
	assert_state(world, id, STORE_RELEASED);
	g_assert_cmpint(world->server->taken, ==, 1);
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
	g_assert_cmpint(feedback.said, ==, 0);
	world->server->script.rcpt = NULL;
	g_assert_true(release(world, id, &error));
	assert_state(world, id, STORE_RELEASED);
	g_assert_cmpint(feedback.said, ==, 1);
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
	ADD("/release/forged", test_forged);
	ADD("/release/forged-many", test_forged_many);
	ADD("/release/once", test_once);
	ADD("/release/not-learned", test_not_learned);
	ADD("/release/noted-late", test_noted_late);
	ADD("/release/refused", test_refused);
	ADD("/release/unknown", test_unknown);
	ADD("/release/wrong-state", test_wrong_state);
	ADD("/release/lease", test_lease);
	ADD("/release/race", test_race);
	ADD("/release/bad-envelope", test_bad_envelope);
	ADD("/release/long-recipient", test_long_recipient);
	return g_test_run();
}
