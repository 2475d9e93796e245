/* A store copied into another: what is there, changed and repeated. */
#include <string.h>
#include <unistd.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "store/audit.h"
#include "store/copy.h"
#include "store/decisions.h"
#include "store/jobs.h"
#include "store/queue.h"
#include "store/search.h"
#include "store/signals.h"
#include "store/vendors.h"
#include "store/versions.h"

#define HELD 7

/* Ids of the messages held at first. */
struct world {
	struct store *from;
	char *ids[HELD];
};

static void
say(struct store *store, const char *id, enum store_label label)
{
	g_autoptr(StoreFeedback) feedback = g_new0(struct store_feedback, 1);

	*feedback = (struct store_feedback){
		.buyer = g_strdup("priya"),
		.message = g_strdup(id),
		.label = label,
		.by = g_strdup("priya"),
		.source = g_strdup("cli"),
	};

	id_new(feedback->id);
	KIT_DO(store_feedback_add(store, feedback, &error));
}

static void
rule(struct store *store, const char *vendor)
{
	g_autoptr(StoreRuling) ruling = g_new0(struct store_ruling, 1);

	*ruling = (struct store_ruling){
		.buyer = g_strdup("priya"),
		.scope = STORE_RULING_VENDOR,
		.word = STORE_RULING_NEVER,
		.subject = g_strdup(vendor),
		.by = g_strdup("priya"),
		.cause = g_strdup(""),
	};

	id_new(ruling->id);
	KIT_DO(store_ruling_add(store, ruling, &error));
}

/* Two of one hold, one delivered, one with features in a campaign. */
static void
hold_two(struct store *store)
{
	g_autoptr(StoreMessage) one = kit_message("priya", 100);
	g_autoptr(StoreMessage) other = kit_message("tom", 101);
	struct store_message *both[] = { one, other };
	g_autoptr(GBytes) bytes = kit_bytes(5000, 100);

	kit_set(&one->campaign, one->id);
	kit_set(&other->campaign, one->id);
	one->touch = other->touch = 1;
	one->subject_key = other->subject_key = 77;
	one->features = g_bytes_new("features", 8);
	/* Envelopes may have any bytes. */
	kit_set(&one->rcpt, "<pri\xe9ya\xff@Buyer.Example>");
	KIT_DO(store_hold(store, both, 2, bytes, kit_soon(), NULL, &error));
}

static void
note_one(struct store *store)
{
	g_autoptr(StoreMessage) note = kit_message("priya", 200);

	kit_set(&note->verdict, "deliver");
	store_note(store, note);
	store_contact(store, "priya", "contact", clock_now_us());
	KIT_DO(store_flush(store, kit_soon(), &error));
}

static void
glean_one(struct store *store, const char *id)
{
	g_autoptr(StoreMessage) message = store_find(store, "priya", id, NULL);
	g_autoptr(StoreDocument) document = g_new0(struct store_document, 1);
	const struct store_topic topic = { "contain", "containment" };
	const struct store_gleaning gleaning = { .document = document,
						 .topics = &topic,
						 .n_topics = 1 };

	document->title = g_strdup("Containment");
	document->text = g_strdup("Containment within minutes");
	document->title_terms = g_strdup("contain");
	document->terms = g_strdup("contain within minut");
	KIT_DO(store_glean(store, message, &gleaning, &error));
}

static void
fill(struct world *world)
{
	g_autoptr(StoreVersion) version = g_new0(struct store_version, 1);

	version->buyer = g_strdup("priya");
	version->by = g_strdup("priya");
	version->note = g_strdup("first");
	version->base = g_strdup("base");
	version->text = g_strdup("version: 1\n");
	for (guint i = 0; i < HELD; i++)
		world->ids[i] = kit_hold(world->from, "priya", i);
	hold_two(world->from);
	note_one(world->from);
	say(world->from, world->ids[1], STORE_RELEVANT);
	rule(world->from, "vendor1.example");
	KIT_DO(store_version_add(world->from, version, 0, &error));
	KIT_DO(store_delete(world->from, "priya", world->ids[2], "tired",
			    &error));
	glean_one(world->from, world->ids[3]);
}

static void
world_clear(struct world *world)
{
	for (guint i = 0; i < HELD; i++)
		g_free(world->ids[i]);
}

static struct store_copied
copy(struct store *from, struct store *to)
{
	struct store_copied copied = { 0 };

	KIT_DO(store_copy(from, to, NULL, NULL, &copied, &error));
	kit_assert_sound(to);
	return copied;
}

static void
assert_same_message(const struct store_message *a,
		    const struct store_message *b)
{
	g_assert_cmpstr(a->id, ==, b->id);
	g_assert_cmpstr(a->rcpt, ==, b->rcpt);
	g_assert_cmpstr(a->subject, ==, b->subject);
	g_assert_cmpstr(a->reasons, ==, b->reasons);
	g_assert_cmpstr(a->campaign, ==, b->campaign);
	g_assert_cmpstr(a->note, ==, b->note);
	g_assert_cmpint(a->time_us, ==, b->time_us);
	g_assert_cmpint(a->state, ==, b->state);
	g_assert_cmpint(a->state_us, ==, b->state_us);
	g_assert_cmpfloat(a->outreach, ==, b->outreach);
	g_assert_true(a->fingerprint == b->fingerprint);
}

static void
assert_same_body(struct store *a, struct store *b,
		 const struct store_message *message)
{
	g_autoptr(GBytes) one =
		store_body(a, message->buyer, message->id, NULL);
	g_autoptr(GBytes) other =
		store_body(b, message->buyer, message->id, NULL);

	g_assert_cmpint(one != NULL, ==, other != NULL);
	g_assert_true(!one || g_bytes_equal(one, other));
}

static void
assert_same_features(struct store *a, struct store *b,
		     const struct store_message *message)
{
	g_autoptr(GBytes) one =
		store_features(a, message->buyer, message->id, NULL);
	g_autoptr(GBytes) other =
		store_features(b, message->buyer, message->id, NULL);

	g_assert_cmpint(one != NULL, ==, other != NULL);
	g_assert_true(!one || g_bytes_equal(one, other));
}

static void
assert_same(struct store *a, struct store *b)
{
	const struct store_query all = { .state = STORE_ANY };
	g_autoptr(GPtrArray) one = store_list(a, &all, NULL);
	g_autoptr(GPtrArray) other = store_list(b, &all, NULL);

	g_assert_cmpuint(one->len, ==, HELD + 3);
	g_assert_cmpuint(one->len, ==, other->len);
	for (guint i = 0; i < one->len; i++) {
		assert_same_message(one->pdata[i], other->pdata[i]);
		assert_same_body(a, b, one->pdata[i]);
		assert_same_features(a, b, one->pdata[i]);
	}
}

/* What is beside the messages. */
static void
assert_rest(struct store *store)
{
	const char *const contacts[] = { "contact", NULL };
	const char *const terms[] = { "contain", NULL };
	const struct store_search search = { .terms = terms };
	g_autoptr(GPtrArray) said =
		store_feedback_list(store, "priya", 0, TRUE, NULL);
	g_autoptr(GPtrArray) rulings =
		store_ruling_list(store, "priya", TRUE, NULL);
	g_autoptr(GPtrArray) versions =
		store_version_list(store, "priya", NULL);
	g_autoptr(GPtrArray) found = store_search(store, &search, NULL);
	gboolean known = FALSE;

	KIT_DO(store_known(store, "priya", contacts, kit_soon(), &known,
			   &error));
	g_assert_true(known);
	g_assert_cmpuint(said->len, ==, 1);
	g_assert_cmpuint(rulings->len, ==, 1);
	g_assert_cmpuint(versions->len, ==, 1);
	g_assert_cmpuint(found->len, ==, 1);
}

static void
assert_trend(struct store *store)
{
	const struct store_trend_query query = { .min_vendors = 1 };
	g_autoptr(GPtrArray) trends =
		store_trend_list(store, &query, NULL, NULL);
	const struct store_trend *trend;

	g_assert_cmpuint(trends->len, ==, 1);
	trend = trends->pdata[0];
	g_assert_cmpstr(trend->label, ==, "containment");
	g_assert_cmpuint(trend->days->len, ==, 1);
}

static void
assert_queue(struct store *a, struct store *b)
{
	const struct store_fold_query query = { .buyer = "priya",
						.limit = 100,
						.tag = 0.35 };
	struct store_fold_total one = { 0 }, other = { 0 };
	g_autoptr(GPtrArray) x = store_fold_list(a, &query, &one, NULL);
	g_autoptr(GPtrArray) y = store_fold_list(b, &query, &other, NULL);

	g_assert_cmpuint(one.messages, ==, HELD);
	g_assert_cmpuint(one.folds, ==, other.folds);
	g_assert_cmpuint(one.messages, ==, other.messages);
	for (guint i = 0; i < x->len; i++) {
		const struct store_fold *p = x->pdata[i], *q = y->pdata[i];

		g_assert_cmpstr(p->top->id, ==, q->top->id);
		g_assert_cmpuint(p->n, ==, q->n);
	}
}

/* Into an empty one, again, and after both have gone on. */
static void
copies_and_follows(struct store *to, struct store *back)
{
	char *folder = kit_quick_folder();
	struct world world = { .from = kit_open(folder) };
	struct store_copied copied;

	fill(&world);
	copied = copy(world.from, to);
	g_assert_cmpuint(copied.seen, ==, HELD + 3);
	g_assert_cmpuint(copied.added, ==, HELD + 3);
	assert_same(world.from, to);
	assert_rest(to);
	assert_trend(to);
	assert_queue(world.from, to);

	copied = copy(world.from, to);
	g_assert_cmpuint(copied.added + copied.changed + copied.others, ==, 0);

	KIT_DO(store_delete(world.from, "priya", world.ids[4], "later",
			    &error));
	KIT_DO(store_delete(to, "priya", world.ids[5], "there", &error));
	KIT_DO(store_feedback_undo(world.from, "priya", world.ids[1], "priya",
				   &error));
	copied = copy(world.from, to);
	g_assert_cmpuint(copied.changed, ==, 1);
	g_assert_null(store_body(to, "priya", world.ids[4], NULL));
	g_assert_null(store_body(to, "priya", world.ids[5], NULL));

	/* And all the way into a third. */
	copied = copy(to, back);
	g_assert_cmpuint(copied.added, ==, HELD + 3);
	assert_same(to, back);

	store_close(world.from);
	kit_remove(folder);
	world_clear(&world);
}

static void
into_sqlite(void)
{
	char *folder = kit_quick_folder();
	char *other = kit_quick_folder();
	struct store *to = kit_open(folder);
	struct store *back = kit_open(other);

	copies_and_follows(to, back);
	store_close(to);
	store_close(back);
	kit_remove(folder);
	kit_remove(other);
}

static void
into_postgres(void)
{
	const char *server = g_getenv("PITCHWARD_TEST_PG");
	char *folder = kit_quick_folder();
	g_autofree char *url =
		g_strdup_printf("%s&options=-csearch_path%%3Dkit_copy_%d",
				server ? server : "", (int)getpid());
	struct store *to, *back;
	g_autoptr(GError) error = NULL;

	if (!server) {
		g_test_skip("PITCHWARD_TEST_PG names no server");
		kit_remove(folder);
		return;
	}
	to = store_open(url, &error);
	g_assert_no_error(error);
	back = kit_open(folder);
	copies_and_follows(to, back);
	store_close(to);
	store_close(back);
	kit_remove(folder);
}

static void
into_a_fake(void)
{
	char *folder = kit_quick_folder();
	struct store *from = kit_open(folder);
	g_autofree char *url =
		g_strdup_printf("fake:9:away:sqlite:%s/test.db", folder);
	struct store *to = store_open(url, NULL);
	struct store_copied copied = { 0 };
	g_autoptr(GError) error = NULL;

	g_assert_false(store_copy(from, to, NULL, NULL, &copied, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_AWAY);
	store_close(to);
	store_close(from);
	kit_remove(folder);
}

static void
shows_no_password(void)
{
	static const struct {
		const char *url;
		const char *shown;
	} cases[] = {
		{ "sqlite:/var/lib/x.db", "sqlite:/var/lib/x.db" },
		{ "postgresql:///db", "postgresql:///db" },
		{ "postgresql://u@h/db", "postgresql://u@h/db" },
		{ "postgresql://u:secret@h:5/db", "postgresql://u:***@h:5/db" },
		{ "postgresql://u:p@ss@h/db", "postgresql://u:***@h/db" },
		{ "postgresql://h/db?user=a@b:c",
		  "postgresql://h/db?user=a@b:c" },
		{ "postgresql://h/db?password=secret&user=u",
		  "postgresql://h/db?password=***&user=u" },
		{ "postgresql://h/db?user=u&password=secret",
		  "postgresql://h/db?user=u&password=***" },
		{ "postgresql://h/db?sslkey=k&sslpassword=x",
		  "postgresql://h/db?sslkey=k&sslpassword=***" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *shown = store_url_shown(cases[i].url);

		g_assert_cmpstr(shown, ==, cases[i].shown);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/copy/into SQLite", into_sqlite);
	g_test_add_func("/store/copy/into PostgreSQL and back", into_postgres);
	g_test_add_func("/store/copy/into what is none", into_a_fake);
	g_test_add_func("/store/copy/no password is shown", shows_no_password);
	return g_test_run();
}
