/* What another profile would change, on mail planted in a store. */
#include "replay_world.h"

/* --- numbers are enough */

struct number {
	const char *name;
	struct plan row;
	const char *lines;
	int kind; /* -1: no change */
	enum verdict after;
	enum replay_way way;
};

static const struct number numbers[] = {
	{ "nothing is said anew", ROW("quarantine", 0.9, 0.2, ""), "", -1,
	  VERDICT_QUARANTINE, REPLAY_EXACT },
	{ "hold is raised above it", ROW("quarantine", 0.85, 0.2, ""),
	  "verdict: {hold: 0.9}\n", REPLAY_ADMITTED, VERDICT_TAG,
	  REPLAY_EXACT },
	{ "tag is raised above it", ROW("tag", 0.9, 0.4, ""),
	  "verdict: {tag: 0.5}\n", REPLAY_HELD, VERDICT_QUARANTINE,
	  REPLAY_EXACT },
	{ "accept is lowered to it", ROW("tag", 0.9, 0.55, ""),
	  "verdict: {accept: 0.5}\n", REPLAY_SHOWN, VERDICT_DELIVER,
	  REPLAY_EXACT },
	{ "surely no outreach", ROW("deliver", 0.1, 0.0, ""),
	  "verdict: {tag: 0.6}\n", -1, VERDICT_DELIVER, REPLAY_EXACT },
	{ "the sender is blocked", ROW("deliver", 0.1, 0.0, ""),
	  "senders: {block: [ann@vendor.example]}\n", REPLAY_HELD,
	  VERDICT_QUARANTINE, REPLAY_EXACT },
	{ "a contact is blocked", ROW("deliver", -1, -1, "contact"),
	  "senders: {block: [\"@vendor.example\"]}\n", REPLAY_WANTED_HELD,
	  VERDICT_QUARANTINE, REPLAY_EXACT },
	{ "a contact stays one, whatever is asked",
	  ROW("deliver", -1, -1, "contact"), "verdict: {tag: 0.6}\n", -1,
	  VERDICT_DELIVER, REPLAY_EXACT },
	{ "a colleague is not blocked", ROW("deliver", -1, -1, "internal"),
	  "senders: {block: [ann@vendor.example]}\n", -1, VERDICT_DELIVER,
	  REPLAY_EXACT },
	{ "the sender is allowed", ROW("quarantine", 0.9, 0.1, ""),
	  "senders: {allow: [ann@vendor.example]}\n", REPLAY_ADMITTED,
	  VERDICT_DELIVER, REPLAY_APPROXIMATE },
	{ "blocked then, and no numbers", ROW("quarantine", -1, -1, "blocked"),
	  "", -1, VERDICT_QUARANTINE, REPLAY_UNKNOWN },
	{ "a bounce is never held", ROW("tag", 0.95, 0.5, "bounce"),
	  "verdict: {tag: 0.6}\n", -1, VERDICT_TAG, REPLAY_EXACT },
	{ "ruled then, ruled again",
	  { "deliver", 0.95, 0.5, "", NULL, RULED },
	  "verdict: {tag: 0.6}\n",
	  -1,
	  VERDICT_DELIVER,
	  REPLAY_EXACT },
	{ "ruled then, blocked now",
	  { "deliver", 0.95, 0.5, "", NULL, RULED },
	  "senders: {block: [ann@vendor.example]}\n",
	  REPLAY_HELD,
	  VERDICT_QUARANTINE,
	  REPLAY_EXACT },
	{ "what models of then said differently stays",
	  ROW("quarantine", 0.9, 0.5, ""), "", -1, VERDICT_QUARANTINE,
	  REPLAY_EXACT },
};

/* In a store of its own. */
static void
run_number(const struct world *world, const struct number *number)
{
	struct world own = *world;
	g_autoptr(Profile) profile = profile_adding(number->lines);
	g_autoptr(StoreMessage) row = NULL;
	g_autoptr(Replay) replay = NULL;
	const struct replay_change *change;

	own.folder = kit_quick_folder();
	own.store = kit_open(own.folder);
	row = row_of(&own, &number->row);
	note(&own, row);
	replay = replay_with(&own, profile);
	g_assert_cmpuint(replay->n, ==, 1);
	g_assert_cmpuint(replay->ways[number->way], ==, 1);
	g_assert_cmpuint(replay->changes->len, ==, number->kind >= 0);
	change = number->kind >= 0 ? replay->changes->pdata[0] : NULL;
	if (change) {
		g_assert_cmpint((int)change->kind, ==, number->kind);
		g_assert_cmpint(change->after, ==, number->after);
		g_assert_cmpstr(change->reason, !=, "");
	}
	store_close(own.store);
	kit_remove(own.folder);
}

static void
test_numbers(struct world *world, gconstpointer data)
{
	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_test_message("%s", numbers[i].name);
		run_number(world, &numbers[i]);
	}
}

/* --- what is known of worth */

static void
say(struct world *world, const char *id, enum store_label label)
{
	g_autoptr(StoreFeedback) said = g_new0(struct store_feedback, 1);
	g_autoptr(GError) error = NULL;

	id_new(said->id);
	said->buyer = g_strdup(BUYER);
	said->message = g_strdup(id);
	said->label = label;
	said->by = g_strdup("priya");
	said->source = g_strdup("cli");
	store_feedback_add(world->store, said, &error);
	g_assert_no_error(error);
}

/* The buyer writes to somebody. */
static void
write_to(struct world *world, const char *addr)
{
	static const char text[] =
		"From: Priya <priya.nair@meridianhealth.example>\r\n"
		"Message-ID: <our-1@meridianhealth.example>\r\n\r\n"
		"Please send us the contract for the pilot.\r\n";
	char *rcpts[] = { g_strdup(addr), NULL };
	g_autofree char *url = kit_url(world->folder);
	g_autofree char *spool = g_build_filename(world->folder, "spool", NULL);
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(Mail) mail =
		mail_new(bytes, &world->snapshot->config->limits);
	g_autoptr(GError) error = NULL;
	struct vault *vault = vault_open(url, spool, 1 << 20, &error);

	g_assert_no_error(error);
	ledger_learn(world->snapshot, vault, world->key, world->buyer, rcpts,
		     mail);
	vault_close(vault);
	g_free(rcpts[0]);
}

static void
test_worth(struct world *world, gconstpointer data)
{
	static const struct {
		const char *from;
		int label;
		enum replay_worth worth;
		enum replay_kind kind;
	} cases[] = {
		{ "ann@vendor.example", -1, REPLAY_NO_WORTH, REPLAY_HELD },
		{ "bob@partner.example", -1, REPLAY_ANSWERED,
		  REPLAY_WANTED_HELD },
		{ "eve@mail.partner.example", -1, REPLAY_ANSWERED_DOMAIN,
		  REPLAY_WANTED_HELD },
		{ "cleo@third.example", STORE_RELEVANT, REPLAY_SAID_WANTED,
		  REPLAY_WANTED_HELD },
		{ "bob@partner.example", STORE_IRRELEVANT, REPLAY_SAID_UNWANTED,
		  REPLAY_HELD },
		{ "x\r\nFrom: bob@partner.example", -1, REPLAY_NO_WORTH,
		  REPLAY_HELD },
	};
	g_autoptr(Profile) profile = profile_adding("verdict: {tag: 0.6}\n");
	g_autoptr(Replay) replay = NULL;
	char ids[G_N_ELEMENTS(cases)][ID_LEN + 1];

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct plan plan = { "tag", 0.9,		 0.5,
					   "",	  cases[i].from, NULL };
		g_autoptr(StoreMessage) row = row_of(world, &plan);

		note(world, row);
		memcpy(ids[i], row->id, sizeof ids[i]);
		if (cases[i].label >= 0)
			say(world, row->id, (enum store_label)cases[i].label);
	}
	{
		static const struct plan plan = {
			"quarantine", 0.9, 0.1, "", "bob@partner.example", NULL
		};
		g_autoptr(StoreMessage) row = row_of(world, &plan);

		note(world, row);
	}
	write_to(world, "bob@partner.example");
	replay = replay_with(world, profile);
	g_assert_cmpuint(replay->kinds[REPLAY_WANTED_HELD], ==, 3);
	g_assert_cmpuint(replay->missed, ==, 1);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct replay_change *change = change_of(replay, ids[i]);

		g_test_message("%s", cases[i].from);
		g_assert_nonnull(change);
		g_assert_cmpint(change->worth, ==, cases[i].worth);
		g_assert_cmpint(change->kind, ==, cases[i].kind);
	}
	for (guint i = 1; i < replay->changes->len; i++) {
		const struct replay_change *a = replay->changes->pdata[i - 1];
		const struct replay_change *b = replay->changes->pdata[i];

		g_assert_true(a->kind < b->kind ||
			      strcmp(a->message->id, b->message->id) > 0);
	}
}

/* --- attention */

static const char spent[] =
	"[{\"name\": \"attention: 3 of 3 today\", \"weight\": 0}]";

static void
test_attention(struct world *world, gconstpointer data)
{
	static const struct plan held = { "quarantine", 0.9,  0.5,
					  "",		NULL, spent };
	static const struct plan admitted = ROW("tag", 0.9, 0.5, "");
	g_autoptr(Profile) capped =
		profile_adding("attention: {per_day: 1, per_week: 2}\n");
	g_autoptr(Profile) freed =
		profile_adding("attention: {per_day: 0, per_week: 0}\n");
	g_autoptr(Replay) replay = NULL;

	(void)data;
	for (guint i = 0; i < 3; i++) {
		g_autoptr(StoreMessage) row =
			row_of(world, i == 0 ? &held : &admitted);

		note(world, row);
	}
	replay = replay_with(world, capped);
	g_assert_cmpuint(replay->changes->len, ==, 0);
	g_assert_cmpuint(replay->capped, ==, 1);
	g_assert_cmpuint(replay->otherwise, ==, 0);
	g_assert_cmpuint(replay->after.admitted, ==, 3);
	g_assert_cmpuint(replay->after.days, ==, 1);
	g_assert_cmpuint(replay->after.most, >=, 2);
	g_assert_cmpuint(replay->after.days_over, >=, 1);
	g_clear_pointer(&replay, replay_free);
	replay = replay_with(world, freed);
	g_assert_cmpuint(replay->kinds[REPLAY_ADMITTED], ==, 1);
	g_assert_cmpuint(replay->changes->len, ==, 1);
	g_assert_cmpuint(replay->after.days_over, ==, 0);
}

/* --- stopping */

static gboolean
stop_at_two(guint done, gpointer data)
{
	guint *calls = data;

	(*calls)++;
	return done < 2;
}

static void
test_stop(struct world *world, gconstpointer data)
{
	static const struct plan plan = ROW("deliver", 0.1, 0.1, "");
	g_autoptr(Profile) profile = profile_with(NULL, NULL);
	guint calls = 0;
	struct replay_request request = {
		.store = world->store,
		.snapshot = world->snapshot,
		.buyer = BUYER,
		.profile = profile,
		.progress = stop_at_two,
		.data = &calls,
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(Replay) stopped = NULL;
	g_autoptr(Replay) late = NULL;

	(void)data;
	for (guint i = 0; i < 5; i++) {
		g_autoptr(StoreMessage) row = row_of(world, &plan);

		note(world, row);
	}
	stopped = replay_run(&request, &error);
	g_assert_no_error(error);
	g_assert_false(stopped->complete);
	g_assert_cmpuint(stopped->n, ==, 2);
	g_assert_cmpuint(calls, ==, 2);
	request.progress = NULL;
	request.deadline_us = 1;
	late = replay_run(&request, &error);
	g_assert_no_error(error);
	g_assert_false(late->complete);
	g_assert_cmpuint(late->n, ==, 1);
}

/* Of another's mail, of what is too old, and without a profile that serves. */
static void
test_others(struct world *world, gconstpointer data)
{
	static const struct plan plan = ROW("quarantine", 0.9, 0.5, "");
	g_autoptr(Profile) profile = profile_with(NULL, NULL);
	struct replay_request request = {
		.store = world->store,
		.snapshot = world->snapshot,
		.buyer = "nobody",
		.profile = profile,
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreMessage) row = row_of(world, &plan);
	g_autoptr(Replay) none = NULL;
	g_autoptr(Replay) old = NULL;
	g_autoptr(Replay) first = NULL;

	(void)data;
	note(world, row);
	none = replay_run(&request, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(none->n, ==, 0);
	request.buyer = BUYER;
	request.since_us = clock_now_us() + CLOCK_SECOND_US;
	old = replay_run(&request, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(old->n, ==, 0);
	kit_set(&row->buyer, "newcomer");
	id_new(row->id);
	note(world, row);
	request.buyer = "newcomer";
	request.since_us = 0;
	first = replay_run(&request, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(first->n, ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add("/replay/numbers", test_numbers);
	add("/replay/worth", test_worth);
	add("/replay/attention", test_attention);
	add("/replay/stopped", test_stop);
	add("/replay/others", test_others);
	return g_test_run();
}
