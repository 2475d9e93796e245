/* Replays of mail whose bytes or features are kept, under the models that are
 * shipped. */
#include "replay_world.h"

#include "model/corpus.h"

static const char *const topics[] = {
	"endpoint detection and response",
	"immutable backup and ransomware recovery",
	"passwordless sign-in with FIDO2 security keys",
	"third-party risk and security questionnaires",
	"penetration testing",
	"office furniture and plants",
	"payroll software",
};

/* As in a file of the corpus, and what it is to be instead. */
static const char old_priority[] =
	"name: Replace antivirus with EDR or managed detection and response";
static const char new_priority[] = "name: Office furniture and plants";

static void
test_null(struct world *world, gconstpointer data)
{
	g_autoptr(Profile) same = profile_with(NULL, NULL);
	g_autoptr(Replay) replay = NULL;

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(topics); i++) {
		g_autoptr(GBytes) bytes = bytes_about(topics[i]);
		g_autoptr(StoreMessage) noted =
			judged_row(world, world->buyer, bytes);
		g_autoptr(StoreMessage) held =
			judged_row(world, world->buyer, bytes);

		/* Other models said so then. */
		kit_set(&held->verdict, "quarantine");
		note(world, noted);
		hold(world, held, bytes);
	}
	replay = replay_with(world, same);
	g_assert_cmpuint(replay->n, ==, 2 * G_N_ELEMENTS(topics));
	g_assert_cmpuint(replay->ways[REPLAY_EXACT], ==, replay->n);
	g_assert_cmpuint(replay->changes->len, ==, 0);
	g_assert_cmpuint(replay->otherwise, >, 0);
	g_assert_cmpuint(replay->after.admitted, ==, replay->before.admitted);
}

/* What the spine itself says of the bytes under the other profile. */
static void
assert_exact(struct world *world, const struct profile *profile, GBytes *bytes,
	     const struct replay_change *change, enum verdict happened)
{
	union {
		const struct profile *shared;
		struct profile *own;
	} given = { .shared = profile };
	g_autoptr(Interest) interest = interest_new(
		profile, model_background(world->snapshot->relevance));
	const struct buyer buyer = { .profile = given.own,
				     .interest = interest };
	g_autoptr(StoreMessage) row = judged_row(world, &buyer, bytes);

	if (!change) {
		g_assert_cmpstr(row->verdict, ==, verdict_name(happened));
		return;
	}
	g_assert_cmpstr(row->verdict, ==, verdict_name(change->after));
	g_assert_cmpfloat(row->relevance, ==, change->relevance);
	g_assert_cmpstr(row->priority, ==, change->priority);
	g_assert_cmpint(change->way, ==, REPLAY_EXACT);
}

static void
test_exact(struct world *world, gconstpointer data)
{
	g_autoptr(Profile) profile = profile_with(old_priority, new_priority);
	g_autoptr(Replay) replay = NULL;
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(topics); i++) {
		g_autoptr(GBytes) bytes = bytes_about(topics[i]);
		struct store_message *row =
			judged_row(world, world->buyer, bytes);

		g_ptr_array_add(rows, row);
		hold(world, row, bytes);
	}
	replay = replay_with(world, profile);
	g_assert_cmpuint(replay->ways[REPLAY_EXACT], ==, rows->len);
	g_assert_cmpuint(replay->changes->len, >, 0);
	for (guint i = 0; i < rows->len; i++) {
		const struct store_message *row = rows->pdata[i];
		g_autoptr(GBytes) bytes = bytes_about(topics[i]);
		const enum verdict happened =
			strcmp(row->verdict, "deliver") == 0 ? VERDICT_DELIVER
			: strcmp(row->verdict, "tag") == 0   ? VERDICT_TAG
							   : VERDICT_QUARANTINE;

		assert_exact(world, profile, bytes, change_of(replay, row->id),
			     happened);
	}
}

/* A follow-up, whose touches had raised its score from what the text gives. */
static void
test_history(struct world *world, gconstpointer data)
{
	g_autoptr(Profile) profile = profile_adding("verdict: {hold: 0.88}\n");
	g_autoptr(GBytes) bytes = bytes_about(topics[5]);
	g_autoptr(StoreMessage) first = judged_row(world, world->buyer, bytes);
	g_autoptr(StoreMessage) second = judged_row(world, world->buyer, bytes);
	g_autoptr(Replay) replay = NULL;

	(void)data;
	g_assert_cmpstr(first->verdict, ==, "quarantine");
	kit_set(&second->reasons, "[{\"name\": \"history: touch 3\"}]");
	second->outreach = 0.85;
	hold(world, first, bytes);
	hold(world, second, bytes);
	replay = replay_with(world, profile);
	g_test_message("by its text %.3f", first->outreach);
	g_assert_cmpuint(replay->changes->len, ==, 1);
	g_assert_nonnull(change_of(replay, second->id));
}

static double
relevance_to(struct world *world, const struct profile *profile, GBytes *bytes)
{
	union {
		const struct profile *shared;
		struct profile *own;
	} given = { .shared = profile };
	g_autoptr(Interest) interest = interest_new(
		profile, model_background(world->snapshot->relevance));
	const struct buyer buyer = { .profile = given.own,
				     .interest = interest };
	g_autoptr(StoreMessage) row = judged_row(world, &buyer, bytes);

	return row->relevance;
}

/*
 * All outreach of the corpus, delivered, so that only features are left; their
 * bytes by the rows' ids.
 */
static GHashTable *
plant_corpus(struct world *world)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Corpus) corpus = corpus_load("tests/corpus/authored", &error);
	GHashTable *texts = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);

	g_assert_no_error(error);
	for (guint i = 0; i < corpus->mails->len; i++) {
		const struct corpus_mail *mail = corpus->mails->pdata[i];
		g_autoptr(StoreMessage) row = NULL;
		gsize size;
		char *text;
		GBytes *bytes;

		if (!corpus_kind_sells(mail->kind))
			continue;
		g_assert_true(
			g_file_get_contents(mail->path, &text, &size, NULL));
		bytes = g_bytes_new_take(text, size);
		row = judged_row(world, world->buyer, bytes);
		note(world, row);
		g_hash_table_insert(texts, g_strdup(row->id), bytes);
	}
	return texts;
}

/* Another buyer's profile altogether. */
static void
test_approximate(struct world *world, gconstpointer data)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile = profile_load(PROFILES "vpe.yaml", faults);
	g_autoptr(GHashTable) texts = plant_corpus(world);
	g_autoptr(Replay) replay = replay_with(world, profile);
	guint right = 0;

	(void)data;
	g_assert_cmpuint(replay->kinds[REPLAY_ADMITTED], >, 5);
	g_assert_cmpuint(replay->ways[REPLAY_APPROXIMATE], >, replay->n / 4);
	g_assert_cmpuint(replay->ways[REPLAY_UNKNOWN], ==, 0);
	for (guint i = 0; i < replay->changes->len; i++) {
		const struct replay_change *change = replay->changes->pdata[i];
		const double whole = relevance_to(
			world, profile,
			g_hash_table_lookup(texts, change->message->id));

		g_assert_cmpint(change->way, ==, REPLAY_APPROXIMATE);
		right += ABS(whole - change->relevance) < 0.15;
	}
	g_test_message("%u of %u changes near", right, replay->changes->len);
	g_assert_cmpuint(right * 10, >=, replay->changes->len * 8);
}

/*
 * Keywords are taken from a priority: what was known of the whole text then
 * makes the estimate near, and nearer than the number of then. Nobody is let in
 * any more, so that everything that was shows its new number.
 */
static void
test_edited(struct world *world, gconstpointer data)
{
	g_autoptr(GString) text = profile_text();
	g_autoptr(Profile) profile = NULL;
	g_autoptr(GHashTable) texts = plant_corpus(world);
	g_autoptr(Replay) replay = NULL;
	double then = 0;
	double told = 0;

	(void)data;
	g_string_replace(text, "accept: 0.65, tag: 0.35", "accept: 1, tag: 1",
			 1);
	g_string_replace(text,
			 "EDR, XDR, MDR, \"endpoint detection and response\", "
			 "\"managed detection and response\",",
			 "", 1);
	profile = profile_of(text);
	replay = replay_with(world, profile);
	g_assert_cmpuint(replay->kinds[REPLAY_HELD], >, 10);
	for (guint i = 0; i < replay->changes->len; i++) {
		const struct replay_change *change = replay->changes->pdata[i];
		const double whole = relevance_to(
			world, profile,
			g_hash_table_lookup(texts, change->message->id));

		then += ABS(whole - change->message->relevance);
		told += ABS(whole - change->relevance);
	}
	g_test_message("of %u, error %.3f, without the estimate %.3f",
		       replay->changes->len, told / replay->changes->len,
		       then / replay->changes->len);
	g_assert_cmpfloat(told / replay->changes->len, <, 0.015);
	g_assert_cmpfloat(told, <, then * 0.7);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add("/replay/null-changes-nothing", test_null);
	add("/replay/exact", test_exact);
	add("/replay/history-of-then", test_history);
	add("/replay/approximate", test_approximate);
	add("/replay/edited", test_edited);
	return g_test_run();
}
