/* Let in for the group: what another member wants, and what goes before. */
#include <glib.h>
#include <string.h>

#include "screen_models.h"

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"

#include "base/clock.h"
#include "base/id.h"
#include "milter/header.h"
#include "review/replay.h"
#include "screen/screen.h"
#include "store/vault.h"

#define REASON "group: Renewal: Wind turbines"

static const char pitch[] =
	"From: Sam <sam@seller.example>\r\n"
	"To: ann@buyer.example\r\n"
	"Subject: Wind turbines\r\n"
	"\r\n"
	"Hello Ann, our wind turbines spin all winter. Shall we talk about "
	"wind turbines tomorrow?\r\n";

struct site {
	char *folder;
	char *config;
	struct snapshot *snapshot;
	struct vault *vault;
	struct spending *spending;
};

static void
put(const struct site *site, const char *place, const char *text)
{
	model_kit_write(site->folder, place, text);
}

static void
put_profile(const struct site *site, const char *id, const char *more)
{
	g_autofree char *place = g_strdup_printf("profiles.d/%s.yaml", id);
	g_autofree char *text = g_strdup_printf(
		"version: 1\nbuyer: {name: X, role: Buyer, addresses: "
		"[%s@buyer.example]}\n%s",
		id, more);

	put(site, place, text);
}

static void
put_group(const struct site *site, const char *accept, const char *share)
{
	g_autofree char *text = g_strdup_printf(
		"version: 1\n"
		"group: {name: Renewal, front_door: ann+door@buyer.example}\n"
		"members:\n"
		"  - {profile: ann}\n"
		"  - {profile: bob, share: [%s]}\n%s",
		share, accept);

	put(site, "groups.d/renewal.yaml", text);
}

static void
site_setup(struct site *site, gconstpointer data)
{
	(void)data;
	fake_reset();
	*site = (struct site){ .folder = kit_quick_folder() };
	site->config = g_build_filename(site->folder, "pitchward.yaml", NULL);
	put(site, "pitchward.yaml",
	    "version: 1\nmodels: models\nauthserv_id: mx.example\n");
	put(site, "models/outreach/model.svm", "");
	put(site, "models/relevance/model.svm", "");
	put_profile(site, "ann", "priorities: [{id: own, name: Milk}]\n");
	put_profile(site, "bob",
		    "priorities:\n"
		    "  - {id: wind, name: Wind turbines, weight: 0.9}\n"
		    "  - {id: done, name: Wind farms, stage: done}\n"
		    "  - {id: none, name: Wind mills, weight: 0}\n");
	put_profile(site, "cy", "priorities: [{id: own, name: Bread}]\n");
	put_group(site, "accept: 0.7\n", "priorities");
}

static void
site_teardown(struct site *site, gconstpointer data)
{
	(void)data;
	spending_free(site->spending);
	vault_close(site->vault);
	g_clear_pointer(&site->snapshot, snapshot_unref);
	kit_remove(site->folder);
	g_free(site->config);
	g_assert_cmpint(fake.alive, ==, 0);
}

static const struct buyer *
load(struct site *site, const char *addr)
{
	g_autoptr(GError) error = NULL;

	if (!site->snapshot)
		site->snapshot = snapshot_load(site->config, NULL, &error);
	g_assert_no_error(error);
	return snapshot_buyer(site->snapshot, addr);
}

static void
judge_as(struct site *site, const char *addr, guint64 digest,
	 struct judgement *judgement)
{
	const struct buyer *buyer = load(site, addr);
	const struct envelope envelope = { .sender = "sam@seller.example",
					   .client = "192.0.2.1",
					   .known = TRUE };
	g_autoptr(GBytes) bytes = g_bytes_new_static(pitch, sizeof(pitch) - 1);
	g_autoptr(Key) key = key_new_random();
	g_autoptr(Screening) screening = screening_new(
		site->snapshot, site->vault, key, &envelope, bytes, 0);
	g_autoptr(GError) error = NULL;

	memset(fake.asked, 0, sizeof(fake.asked));
	if (site->spending)
		screening_set_spending(screening, site->spending, digest);
	screening_judge(screening, buyer, SCREEN_FAST, judgement, &error);
	g_assert_no_error(error);
}

static const struct reason *
reason_of(const struct judgement *judgement, const char *prefix)
{
	for (guint i = 0; judgement->reasons && i < judgement->reasons->len;
	     i++) {
		const struct reason *reason = judgement->reasons->pdata[i];

		if (g_str_has_prefix(reason->name, prefix))
			return reason;
	}
	return NULL;
}

static void
test_let_in(struct site *site, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };
	const struct reason *reason;

	(void)data;
	fake_say(0.9, 0.1);
	fake_say_near(0.8);
	judge_as(site, "ann@buyer.example", 1, &judgement);
	g_assert_cmpint(judgement.verdict, ==, VERDICT_DELIVER);
	g_assert_true(judgement.relevant);
	g_assert_cmpfloat_with_epsilon(judgement.relevance, 0.1, 1e-9);
	g_assert_cmpuint(fake.asked[MODEL_RELEVANCE], ==, 2);
	reason = reason_of(&judgement, REASON_GROUP);
	g_assert_nonnull(reason);
	g_assert_cmpstr(reason->name, ==, REASON);
	g_assert_cmpfloat_with_epsilon(reason->value, 0.8, 1e-6);
	g_assert_cmpfloat(reason->weight, ==, 0);
}

/* No field of the mail says what another member wants. */
static void
test_header(struct site *site, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };
	g_autofree char *reasons = NULL;
	g_autofree char *verdict = NULL;

	(void)data;
	fake_say(0.9, 0.1);
	fake_say_near(0.8);
	judge_as(site, "ann@buyer.example", 1, &judgement);
	reasons = header_reason(judgement.reasons);
	g_assert_cmpstr(reasons, ==, "");
	verdict = header_verdict(&judgement, "ID");
	g_assert_cmpstr(verdict, ==,
			"verdict=deliver; outreach=0.90; relevance=0.10; "
			"id=ID; tag=relevant");
}

/* What the group's word changes nothing about. */
static const struct asked {
	const char *what;
	double outreach;
	double relevance;
	double group;
	enum verdict verdict;
	guint asked; /* times of relevance */
} others[] = {
	{ "below the group's accept", 0.9, 0.1, 0.69, VERDICT_QUARANTINE, 2 },
	{ "near the buyer, below the group's", 0.9, 0.5, 0.6, VERDICT_TAG, 2 },
	{ "not surely outreach", 0.7, 0.1, 0.99, VERDICT_TAG, 1 },
	{ "no outreach", 0.1, 0.1, 0.99, VERDICT_DELIVER, 1 },
	{ "let in for the buyer", 0.9, 0.9, 0.99, VERDICT_DELIVER, 1 },
};

static void
test_others(struct site *site, gconstpointer data)
{
	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		g_auto(Judgement) judgement = { 0 };

		g_test_message("%s", others[i].what);
		fake_say(others[i].outreach, others[i].relevance);
		fake_say_near(others[i].group);
		judge_as(site, "ann@buyer.example", 1, &judgement);
		g_assert_cmpint(judgement.verdict, ==, others[i].verdict);
		g_assert_cmpuint(fake.asked[MODEL_RELEVANCE], ==,
				 others[i].asked);
		g_assert_null(reason_of(&judgement, REASON_GROUP));
	}
}

/* Who is in no group, or in one that lets nothing in, is asked about once. */
static void
test_cost(struct site *site, gconstpointer data)
{
	static const struct {
		const char *what;
		const char *accept;
		const char *share;
		const char *addr;
	} cases[] = {
		{ "in no group", "accept: 0.7\n", "priorities",
		  "cy@buyer.example" },
		{ "without a threshold", "", "priorities",
		  "ann@buyer.example" },
		{ "decided", "accept: 0.7\ndecision: {stage: done}\n",
		  "priorities", "ann@buyer.example" },
		{ "nobody shares priorities", "accept: 0.7\n",
		  "refusals, vendors, metrics", "ann@buyer.example" },
	};

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Judgement) judgement = { 0 };

		g_test_message("%s", cases[i].what);
		put_group(site, cases[i].accept, cases[i].share);
		g_clear_pointer(&site->snapshot, snapshot_unref);
		fake_say(0.9, 0.1);
		fake_say_near(0.99);
		judge_as(site, cases[i].addr, 1, &judgement);
		g_assert_null(load(site, cases[i].addr)->group);
		g_assert_cmpint(judgement.verdict, ==, VERDICT_QUARANTINE);
		g_assert_cmpuint(fake.asked[MODEL_RELEVANCE], ==, 1);
	}
}

static const char *
shared(struct site *site, const char *addr, guint n)
{
	return group_interest_get(load(site, addr)->group, n)->id;
}

/* One's own are not in it, nor what is done or of no weight. */
static void
test_content(struct site *site, gconstpointer data)
{
	(void)data;
	g_assert_cmpuint(
		group_interest_size(load(site, "ann@buyer.example")->group), ==,
		1);
	g_assert_cmpstr(shared(site, "ann@buyer.example", 0), ==, "wind");
	g_assert_cmpuint(
		group_interest_size(load(site, "bob@buyer.example")->group), ==,
		1);
	g_assert_cmpstr(shared(site, "bob@buyer.example", 0), ==, "own");
}

/* By weight times influence; after the decision date last; no more than fit. */
static void
test_order(struct site *site, gconstpointer data)
{
	g_autoptr(GString) many = g_string_new("priorities:\n");

	(void)data;
	for (guint i = 0; i < PROFILE_SIDE_MAX; i++)
		g_string_append_printf(many,
				       "  - {id: p%02u, name: Thing %u, "
				       "weight: 0.%02u%s}\n",
				       i, i, 10 + i,
				       i == 31 ? ", horizon: 2020-01-01" : "");
	put_profile(site, "bob", many->str);
	put_profile(site, "cy", "priorities: [{id: cy, name: Bread}]\n");
	put(site, "groups.d/renewal.yaml",
	    "version: 1\n"
	    "members:\n"
	    "  - {profile: ann}\n"
	    "  - {profile: bob}\n"
	    "  - {profile: cy, influence: {now: 1}}\n"
	    "accept: 0.7\n");
	g_assert_cmpuint(
		group_interest_size(load(site, "ann@buyer.example")->group), ==,
		PROFILE_SIDE_MAX);
	g_assert_cmpstr(shared(site, "ann@buyer.example", 0), ==, "cy");
	g_assert_cmpstr(shared(site, "ann@buyer.example", 1), ==, "p30");
	g_assert_cmpstr(shared(site, "ann@buyer.example", 31), ==, "p00");
}

/* What counts in two groups counts once, by the lower threshold. */
static void
test_two_groups(struct site *site, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	put(site, "groups.d/zebra.yaml",
	    "version: 1\ngroup: {name: Zebra}\n"
	    "members: [{profile: ann}, {profile: bob}]\naccept: 0.5\n");
	fake_say(0.9, 0.1);
	fake_say_near(0.6);
	judge_as(site, "ann@buyer.example", 1, &judgement);
	g_assert_cmpuint(
		group_interest_size(load(site, "ann@buyer.example")->group), ==,
		1);
	g_assert_nonnull(reason_of(&judgement, "group: Zebra: Wind turbines"));
}

static void
test_block(struct site *site, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	put_profile(site, "ann",
		    "priorities: [{id: own, name: Milk}]\n"
		    "senders: {block: [\"@seller.example\"]}\n");
	fake_say(0.9, 0.1);
	fake_say_near(0.99);
	judge_as(site, "ann@buyer.example", 1, &judgement);
	g_assert_cmpint(judgement.gate, ==, GATE_BLOCKED);
	g_assert_cmpint(judgement.verdict, ==, VERDICT_QUARANTINE);
	g_assert_null(reason_of(&judgement, REASON_GROUP));
}

static void
rule(struct site *site, enum store_ruling_word word)
{
	g_autofree char *url = kit_url(site->folder);
	g_autoptr(Store) store = store_open(url, NULL);
	g_autoptr(StoreRuling) ruling = g_new0(struct store_ruling, 1);
	g_autoptr(GError) error = NULL;

	id_new(ruling->id);
	ruling->buyer = g_strdup("ann");
	ruling->scope = STORE_RULING_VENDOR;
	ruling->subject = g_strdup("seller.example");
	ruling->word = word;
	ruling->by = g_strdup("ann@buyer.example");
	store_ruling_add(store, ruling, &error);
	g_assert_no_error(error);
}

static void
test_ruling(struct site *site, gconstpointer data)
{
	g_autofree char *url = kit_url(site->folder);
	g_autofree char *spool = g_build_filename(site->folder, "spool", NULL);
	g_autoptr(GError) error = NULL;
	g_auto(Judgement) before = { 0 };
	g_auto(Judgement) after = { 0 };

	(void)data;
	site->vault = vault_open(url, spool, KIT_ROOM, &error);
	g_assert_no_error(error);
	fake_say(0.9, 0.1);
	fake_say_near(0.99);
	judge_as(site, "ann@buyer.example", 1, &before);
	g_assert_cmpint(before.verdict, ==, VERDICT_DELIVER);
	rule(site, STORE_RULING_NEVER);
	judge_as(site, "ann@buyer.example", 2, &after);
	g_assert_cmpint(after.verdict, ==, VERDICT_QUARANTINE);
	g_assert_null(reason_of(&after, REASON_GROUP));
	g_assert_cmpuint(fake.asked[MODEL_RELEVANCE], ==, 1);
}

/* What the buyer does not want is held against it in the group, too. */
static void
test_refusals(struct site *site, gconstpointer data)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(pitch, sizeof(pitch) - 1);
	float refused[2];

	(void)data;
	for (guint i = 0; i < 2; i++) {
		g_autoptr(Mail) mail = mail_new(bytes, NULL);
		g_autoptr(Reading) reading = reading_new(mail);
		struct vector vector = { NULL, 0, 0 };
		struct group_match match;

		if (i == 1)
			put_profile(site, "ann",
				    "priorities: [{id: own, name: Milk}]\n"
				    "not_interested:\n"
				    "  - {name: Wind turbines in winter}\n");
		g_clear_pointer(&site->snapshot, snapshot_unref);
		g_assert_true(group_interest_vector(
			load(site, "ann@buyer.example")->group, reading,
			clock_now_us(), &vector, &match));
		g_assert_cmpstr(match.priority->id, ==, "wind");
		for (guint k = 0; k < vector.n; k++)
			if (strcmp(relevance_name(vector.items[k].index),
				   "refused") == 0)
				refused[i] = vector.items[k].value;
		vector_clear(&vector);
	}
	g_assert_cmpfloat((double)refused[0], ==, 0);
	g_assert_cmpfloat((double)refused[1], >, 0);
}

static void
cap(struct site *site)
{
	put_profile(site, "ann",
		    "priorities: [{id: own, name: Milk}]\n"
		    "attention: {per_day: 2}\n");
}

/* The budget is asked about the relevance that let it in, and it counts. */
static void
test_attention(struct site *site, gconstpointer data)
{
	enum verdict verdicts[3];

	(void)data;
	cap(site);
	site->spending = spending_new(NULL);
	fake_say(0.9, 0.1);
	fake_say_near(0.8);
	for (guint i = 0; i < 3; i++) {
		g_auto(Judgement) judgement = { 0 };

		judge_as(site, "ann@buyer.example", i + 1, &judgement);
		verdicts[i] = judgement.verdict;
		if (i == 2)
			g_assert_nonnull(reason_of(&judgement, "attention: 2 "
							       "of 2"));
	}
	g_assert_cmpint(verdicts[0], ==, VERDICT_DELIVER);
	g_assert_cmpint(verdicts[1], ==, VERDICT_DELIVER);
	g_assert_cmpint(verdicts[2], ==, VERDICT_QUARANTINE);
}

/* Keeps it as the filter does. */
static void
note(struct store *store, const struct judgement *judgement)
{
	g_autoptr(StoreMessage) row = g_new0(struct store_message, 1);
	g_autoptr(GError) error = NULL;

	id_new(row->id);
	row->buyer = g_strdup("ann");
	row->time_us = row->state_us = clock_now_us();
	row->digest = g_strdup(row->id);
	row->rcpt = g_strdup("<ann@buyer.example>");
	row->verdict = g_strdup(verdict_name(judgement->verdict));
	row->gate = g_strdup("");
	row->reasons = reasons_format(judgement->reasons);
	row->outreach = judgement->outreach;
	row->relevance = judgement->relevance;
	row->state = STORE_DELIVERED;
	store_note(store, row);
	store_flush(store, clock_monotonic_us() + 5 * CLOCK_SECOND_US, &error);
	g_assert_no_error(error);
}

/* What is spent once all that is stored has been read. */
static guint
left_today(struct site *site)
{
	struct spending_question question = {
		.profile = load(site, "ann@buyer.example")->profile,
		.digest = 99,
		.relevance = 0.9,
		.now_us = clock_now_us(),
		.store_works = TRUE,
	};
	struct attention_answer answer;

	spending_prepare(site->spending, question.profile);
	g_assert_true(spending_wait(
		site->spending, clock_monotonic_us() + 20 * CLOCK_SECOND_US));
	spending_ask(site->spending, &question, &answer);
	return answer.day_left;
}

/* What is stored is the one asked about; after a start it counts, too. */
static void
test_attention_stored(struct site *site, gconstpointer data)
{
	g_autofree char *url = kit_url(site->folder);
	g_autoptr(Store) store = kit_open(site->folder);
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	cap(site);
	site->spending = spending_new(url);
	fake_say(0.9, 0.1);
	fake_say_near(1.0 / 3 + 0.5);
	judge_as(site, "ann@buyer.example", 1, &judgement);
	note(store, &judgement);
	g_assert_cmpuint(left_today(site), ==, 1);
	spending_free(site->spending);
	site->spending = spending_new(url);
	g_assert_cmpuint(left_today(site), ==, 1);
}

/* A mail that is held, with its bytes; one let in for the group, without. */
static void
keep_two(struct site *site, struct store *store)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(pitch, sizeof(pitch) - 1);
	g_autoptr(StoreMessage) row = kit_message("ann", 1);
	struct store_message *rows[] = { row };
	g_auto(Judgement) judgement = { 0 };
	g_autoptr(GError) error = NULL;

	judge_as(site, "ann@buyer.example", 1, &judgement);
	note(store, &judgement);
	kit_set(&row->verdict, "quarantine");
	kit_set(&row->gate, "");
	kit_set(&row->reasons, "[]");
	row->outreach = 0.9;
	row->relevance = 0.1;
	store_hold(store, rows, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
}

static guint
changes(struct site *site, struct store *store, const struct profile *profile)
{
	const struct replay_request request = {
		.store = store,
		.snapshot = site->snapshot,
		.buyer = "ann",
		.profile = profile,
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(Replay) replay = replay_run(&request, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(replay->n, ==, 2);
	g_assert_cmpuint(replay->ways[REPLAY_UNKNOWN], ==, 0);
	g_assert_cmpuint(replay->before.admitted, ==, 2);
	g_assert_cmpuint(replay->after.admitted, ==, 2);
	return replay->changes->len;
}

/* Neither the profile that serves nor another that differs elsewhere. */
static void
test_replay(struct site *site, gconstpointer data)
{
	static const char other_text[] =
		"version: 1\nbuyer: {name: X, role: Buyer, addresses: "
		"[ann@buyer.example]}\n"
		"priorities: [{id: own, name: Butter}]\n";
	g_autoptr(Store) store = kit_open(site->folder);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) other = profile_parse("ann.yaml", other_text,
						 strlen(other_text), faults);

	(void)data;
	fake_say(0.9, 0.1);
	fake_say_near(0.8);
	keep_two(site, store);
	g_assert_cmpuint(
		changes(site, store, load(site, "ann@buyer.example")->profile),
		==, 0);
	g_assert_cmpuint(changes(site, store, other), ==, 0);
}

static void
test_front_door(struct site *site, gconstpointer data)
{
	(void)data;
	g_assert_nonnull(load(site, "ann+news@buyer.example"));
	g_assert_null(load(site, "ann+door@buyer.example"));
	g_assert_null(load(site, "<Ann+Door@Buyer.Example>"));
	g_clear_pointer(&site->snapshot, snapshot_unref);
	put(site, "groups.d/other.yaml",
	    "version: 1\ngroup: {front_door: cy@buyer.example}\n"
	    "members: [{profile: ann}, {profile: cy}]\n");
	g_assert_nonnull(load(site, "cy@buyer.example"));
}

/* Faults are told, and everything else goes on. */
static void
test_broken(struct site *site, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };

	(void)data;
	put(site, "groups.d/broken.yaml", "version: 1\nmembers: [\n");
	put(site, "groups.d/stale.yaml",
	    "version: 1\nmembers: [{profile: ann}, {profile: cy}]\n"
	    "topics: [{id: t, priorities: [cy/gone]}]\naccept: 0.5\n");
	fake_say(0.9, 0.1);
	fake_say_near(0.8);
	judge_as(site, "ann@buyer.example", 1, &judgement);
	g_assert_nonnull(site->snapshot->group_faults);
	g_assert_nonnull(strstr(site->snapshot->group_faults, "broken.yaml:"));
	g_assert_nonnull(strstr(site->snapshot->group_faults, "cy/gone"));
	g_assert_nonnull(reason_of(&judgement, REASON));
	g_assert_cmpuint(site->snapshot->groups->len, ==, 2);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(struct site *site, gconstpointer data);
	} cases[] = {
		{ "/group-screen/let-in", test_let_in },
		{ "/group-screen/header", test_header },
		{ "/group-screen/others", test_others },
		{ "/group-screen/cost", test_cost },
		{ "/group-screen/content", test_content },
		{ "/group-screen/order", test_order },
		{ "/group-screen/two-groups", test_two_groups },
		{ "/group-screen/block-wins", test_block },
		{ "/group-screen/ruling-wins", test_ruling },
		{ "/group-screen/own-refusals", test_refusals },
		{ "/group-screen/attention", test_attention },
		{ "/group-screen/attention-stored", test_attention_stored },
		{ "/group-screen/replay", test_replay },
		{ "/group-screen/front-door", test_front_door },
		{ "/group-screen/broken", test_broken },
	};

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_test_add(cases[i].path, struct site, NULL, site_setup,
			   cases[i].test, site_teardown);
	return g_test_run();
}
