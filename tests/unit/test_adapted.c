/*
 * A buyer's own model in the spine: who gets which, what it changes, what it
 * says about it, and the imprint that it learns from.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "screen_models.h"

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"

#include "features/outreach.h"
#include "features/relevance.h"
#include "model/adapt.h"
#include "model/imprint.h"
#include "screen/screen.h"

#define ID "fake-out+fake-rel"

static const char pitch[] =
	"From: Sam <sam@seller.example>\r\n"
	"To: ann@buyer.example\r\n"
	"Subject: Heat pumps\r\n"
	"\r\n"
	"Hello Ann, our turbines spin all winter. Shall we talk about "
	"turbines tomorrow?\r\n";

struct site {
	char *folder;
	char *config;
	struct snapshot *snapshot;
};

static void
site_setup(struct site *site, gconstpointer data)
{
	static const char *const buyers[] = { "ann", "bob", "cy" };

	(void)data;
	fake_reset();
	site->folder = kit_quick_folder();
	site->config = g_build_filename(site->folder, "pitchward.yaml", NULL);
	site->snapshot = NULL;
	model_kit_write(
		site->folder, "pitchward.yaml",
		"version: 1\nmodels: models\nauthserv_id: mx.example\n");
	model_kit_write(site->folder, "models/outreach/model.svm", "");
	model_kit_write(site->folder, "models/relevance/model.svm", "");
	for (guint i = 0; i < G_N_ELEMENTS(buyers); i++) {
		g_autofree char *name =
			g_strdup_printf("profiles.d/%s.yaml", buyers[i]);
		g_autofree char *text = g_strdup_printf(
			"version: 1\nbuyer: {name: X, role: Buyer, addresses: "
			"[%s@buyer.example]}\n"
			"priorities:\n  - {id: one, name: Heat pumps}\n",
			buyers[i]);

		model_kit_write(site->folder, name, text);
	}
}

static void
site_teardown(struct site *site, gconstpointer data)
{
	(void)data;
	g_clear_pointer(&site->snapshot, snapshot_unref);
	kit_remove(site->folder);
	g_free(site->config);
	g_assert_cmpint(fake.alive, ==, 0);
}

/* What a model is made of. */
struct making {
	const char *place; /* "buyers/ann/relevance" */
	enum model_kind kind;
	const char *starters;
	const char *members; /* separated by spaces; NULL: a buyer's */
	gboolean likes;	     /* turbines */
};

/* Learned from ten mails about turbines. */
static void
put_adapted(const struct site *site, const struct making *making)
{
	g_autofree guint8 *table = g_malloc(TERM_BUCKETS);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(Background) background = NULL;
	g_autoptr(GBytes) mail_bytes =
		g_bytes_new_static(pitch, sizeof(pitch) - 1);
	g_autoptr(Mail) mail = mail_new(mail_bytes, NULL);
	g_autoptr(Reading) reading = reading_new(mail);
	g_autoptr(GArray) terms = terms_new(reading, 1u << TERM_STEM);
	g_autoptr(Imprint) imprint = imprint_new();
	struct adapt_label labels[10];
	g_autoptr(Adapter) adapter = NULL;
	g_autoptr(Card) card = card_new();
	g_autofree char *folder =
		g_build_filename(site->folder, "models", making->place, NULL);
	g_autoptr(GError) error = NULL;

	memset(table, 48, TERM_BUCKETS);
	bytes = g_bytes_new(table, TERM_BUCKETS);
	background = background_new_from_bytes(bytes);
	imprint_set_stems(imprint, terms, background);
	for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
		labels[i] = (struct adapt_label){ .imprint = imprint,
						  .positive = making->likes,
						  .vendor = "",
						  .message = "" };
	adapter = adapter_fit(background, labels, G_N_ELEMENTS(labels));
	card->kind = making->kind;
	card->created_us = G_GINT64_CONSTANT(1795305600000000);
	card->adapts.starters = g_strdup(making->starters);
	card->adapts.whose =
		g_strdup(strstr(making->place, "/all/") ? "all" : "x");
	if (making->members)
		card->adapts.members = g_strsplit(making->members, " ", -1);
	card->sources = g_strdup("feedback 10");
	card_add_metric(card, "auc-held-out", (struct estimate){ 1, NAN, NAN });
	g_assert_true(adapter_save(adapter, folder, card, &error));
	g_assert_no_error(error);
}

static const struct buyer *
load(struct site *site, const char *who)
{
	g_autofree char *addr = g_strconcat(who, "@buyer.example", NULL);
	g_autoptr(GError) error = NULL;

	if (!site->snapshot)
		site->snapshot = snapshot_load(site->config, NULL, &error);
	g_assert_no_error(error);
	return snapshot_buyer(site->snapshot, addr);
}

static void
judge(struct site *site, const struct buyer *buyer, enum screen_flags flags,
      struct judgement *judgement)
{
	const struct envelope envelope = { .sender = "sam@seller.example",
					   .client = "192.0.2.1" };
	g_autoptr(GBytes) bytes = g_bytes_new_static(pitch, sizeof(pitch) - 1);
	g_autoptr(Screening) screening =
		screening_new(site->snapshot, NULL, NULL, &envelope, bytes, 0);
	g_autoptr(GError) error = NULL;

	g_assert_true(screening_judge(screening, buyer, flags | SCREEN_ALL,
				      judgement, &error));
	g_assert_no_error(error);
}

static double
relevance(struct site *site, const char *who)
{
	const struct buyer *buyer = load(site, who);
	g_auto(Judgement) judgement = { 0 };

	fake_say(0.9, 0.3);
	judge(site, buyer, SCREEN_FAST, &judgement);
	return judgement.relevance;
}

static const struct making ann_likes = { "buyers/ann/relevance",
					 MODEL_RELEVANCE, ID, NULL, TRUE };

static void
test_own(struct site *site, gconstpointer data)
{
	(void)data;
	put_adapted(site, &ann_likes);
	g_assert_cmpfloat(relevance(site, "ann"), >, 0.8);
	g_assert_cmpfloat_with_epsilon(relevance(site, "bob"), 0.3, 1e-9);
	g_assert_true(g_str_has_prefix(load(site, "ann")->models,
				       ID "+x-relevance-"));
	g_assert_cmpstr(load(site, "bob")->models, ==, ID);
}

/* The next snapshot of the site, beside the one it has. */
static struct snapshot *
reload(const struct site *site)
{
	const struct snapshot_request request = { .config = site->config,
						  .before = site->snapshot };
	g_autoptr(GError) error = NULL;
	struct snapshot *next = snapshot_take(&request, &error);

	g_assert_no_error(error);
	return next;
}

static void
link_place(const struct site *site, const char *version)
{
	g_autofree char *place = g_build_filename(
		site->folder, "models/buyers/ann/relevance", NULL);
	g_autofree char *target = g_strconcat("../../shelf/", version, NULL);
	g_autofree char *folder = g_path_get_dirname(place);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	(void)g_unlink(place);
	g_assert_cmpint(symlink(target, place), ==, 0);
}

/* A version on the shelf is read once, however many snapshots it serves in. */
static void
test_shared(struct site *site, gconstpointer data)
{
	static const struct making first = { "shelf/first", MODEL_RELEVANCE, ID,
					     NULL, TRUE };
	static const struct making second = { "shelf/second", MODEL_RELEVANCE,
					      ID, NULL, FALSE };
	const struct adapter *was;
	struct snapshot *next;

	(void)data;
	put_adapted(site, &first);
	put_adapted(site, &second);
	link_place(site, "first");
	was = load(site, "ann")->adapted[MODEL_RELEVANCE];
	g_assert_nonnull(was);
	for (guint i = 0; i < 3; i++) {
		next = reload(site);
		snapshot_unref(site->snapshot);
		site->snapshot = next;
		g_assert_true(load(site, "ann")->adapted[MODEL_RELEVANCE] ==
			      was);
		g_assert_cmpfloat(relevance(site, "ann"), >, 0.8);
	}
	link_place(site, "second");
	next = reload(site);
	g_assert_cmpfloat(relevance(site, "ann"), >, 0.8);
	snapshot_unref(site->snapshot);
	site->snapshot = next;
	g_assert_cmpfloat(relevance(site, "ann"), <, 0.3);
}

static void
test_verdict(struct site *site, gconstpointer data)
{
	static const struct making turns_down = { "buyers/bob/outreach",
						  MODEL_OUTREACH, ID, NULL,
						  FALSE };
	g_auto(Judgement) ann = { 0 };
	g_auto(Judgement) bob = { 0 };
	g_auto(Judgement) cy = { 0 };

	(void)data;
	put_adapted(site, &ann_likes);
	put_adapted(site, &turns_down);
	fake_say(0.9, 0.1);
	judge(site, load(site, "cy"), SCREEN_FAST, &cy);
	judge(site, load(site, "ann"), SCREEN_FAST, &ann);
	judge(site, load(site, "bob"), SCREEN_FAST, &bob);
	g_assert_cmpint(cy.verdict, ==, VERDICT_QUARANTINE);
	g_assert_cmpint(ann.verdict, !=, VERDICT_QUARANTINE);
	g_assert_cmpint(bob.verdict, ==, VERDICT_DELIVER);
	g_assert_cmpfloat(bob.outreach, <, 0.5);
	g_assert_cmpfloat_with_epsilon(ann.outreach, 0.9, 1e-9);
}

/* A team by name goes before one of all, a buyer's own before both. */
static void
test_teams(struct site *site, gconstpointer data)
{
	static const struct making all = { "teams/all/relevance",
					   MODEL_RELEVANCE, ID, "zoe", FALSE };
	static const struct making named = { "teams/b-named/relevance",
					     MODEL_RELEVANCE, ID, "bob ann",
					     TRUE };
	static const struct making own = { "buyers/ann/relevance",
					   MODEL_RELEVANCE, ID, NULL, FALSE };

	(void)data;
	put_adapted(site, &all);
	put_adapted(site, &named);
	put_adapted(site, &own);
	g_assert_cmpfloat(relevance(site, "bob"), >, 0.8);
	g_assert_cmpfloat(relevance(site, "ann"), <, 0.3);
	g_assert_cmpfloat(relevance(site, "cy"), <, 0.3);
}

static void
test_resting(struct site *site, gconstpointer data)
{
	static const struct making cases[] = {
		{ "buyers/ann/relevance", MODEL_RELEVANCE, "other+starters",
		  NULL, TRUE },
		{ "buyers/bob/relevance", MODEL_OUTREACH, ID, NULL, TRUE },
		{ "buyers/cy/relevance", MODEL_RELEVANCE, ID, NULL, TRUE },
	};

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		put_adapted(site, &cases[i]);
	model_kit_write(site->folder, "models/buyers/cy/relevance/model.svm",
			"damaged");
	g_assert_cmpfloat_with_epsilon(relevance(site, "ann"), 0.3, 1e-9);
	g_assert_cmpfloat_with_epsilon(relevance(site, "bob"), 0.3, 1e-9);
	g_assert_cmpfloat_with_epsilon(relevance(site, "cy"), 0.3, 1e-9);
}

static const struct reason *
reason_of(const struct judgement *judgement, const char *name)
{
	for (guint i = 0; i < judgement->reasons->len; i++) {
		const struct reason *reason = judgement->reasons->pdata[i];

		if (strcmp(reason->name, name) == 0)
			return reason;
	}
	return NULL;
}

static void
test_reasons(struct site *site, gconstpointer data)
{
	g_auto(Judgement) judgement = { 0 };
	double sum = 0;

	(void)data;
	put_adapted(site, &ann_likes);
	fake_say(0.9, 0.3);
	judge(site, load(site, "ann"), SCREEN_REASONS, &judgement);
	g_assert_nonnull(reason_of(
		&judgement, "your feedback: stem \"turbines\" (relevance)"));
	for (guint i = 0; i < judgement.reasons->len; i++) {
		const struct reason *reason = judgement.reasons->pdata[i];

		if (g_str_has_prefix(reason->name, "your feedback:"))
			sum += reason->weight;
	}
	/* They add up to what feedback did to the logit. */
	g_assert_cmpfloat_with_epsilon(imprint_logit(0.3) + sum,
				       imprint_logit(judgement.relevance),
				       1e-4);
}

static void
test_imprint(struct site *site, gconstpointer data)
{
	g_auto(Judgement) kept = { 0 };
	g_auto(Judgement) plain = { 0 };
	g_auto(Judgement) business = { 0 };
	g_autoptr(Imprint) imprint = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	put_adapted(site, &ann_likes);
	fake_say(0.9, 0.3);
	judge(site, load(site, "ann"), SCREEN_IMPRINT, &kept);
	g_assert_nonnull(kept.imprint);
	imprint = imprint_unpack(kept.imprint, &error);
	g_assert_no_error(error);
	/* What the starters said, not what feedback made of it. */
	g_assert_cmpfloat_with_epsilon(imprint->relevance.logit,
				       imprint_logit(0.3), 1e-5);
	g_assert_cmpfloat_with_epsilon(imprint->outreach.logit,
				       imprint_logit(0.9), 1e-5);
	g_assert_cmpstr(imprint->models, ==, ID);
	g_assert_cmpstr(imprint->priority, ==, "one");
	g_assert_cmpuint(imprint->n_stems, >, 3);
	g_assert_cmpuint(imprint->n_dense, ==, outreach_dense_count());
	g_assert_cmpuint(imprint->likeness.n, >, 0);
	judge(site, load(site, "ann"), SCREEN_FAST, &plain);
	g_assert_null(plain.imprint);
	fake_say(0.34, 0.3);
	judge(site, load(site, "ann"), SCREEN_IMPRINT, &business);
	g_assert_null(business.imprint);
}

int
main(int argc, char **argv)
{
#define ADD(name, test)                                                        \
	g_test_add("/adapted/" name, struct site, NULL, site_setup, test,      \
		   site_teardown)
	g_test_init(&argc, &argv, NULL);
	ADD("a-buyer-has-their-own", test_own);
	ADD("versions-are-shared", test_shared);
	ADD("verdicts-follow", test_verdict);
	ADD("teams", test_teams);
	ADD("what-does-not-fit-rests", test_resting);
	ADD("reasons-add-up", test_reasons);
	ADD("imprint-is-of-the-starters", test_imprint);
	return g_test_run();
}
