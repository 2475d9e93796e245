/*
 * Campaigns on the sequences of the authored corpus: every mail goes through
 * the spine into a store, earlier touches before later ones. The models say
 * that all of it is outreach, so that only the rules of campaigns are measured:
 * without the families of domains 10 follow-ups would be missed, and without
 * the rule of the same author 43 mails to colleagues would be apart.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "screen_models.h"

#include "base/clock.h"
#include "base/id.h"
#include "mail/address.h"
#include "screen/screen.h"
#include "text/fingerprint.h"

#define CORPUS "tests/corpus/authored"

/*
 * Sequences that go on with another text from a domain of another name:
 *
 * - a word that is in no list ("briteline-energy" after "britelineled",
 *   "metrolab-group" after "metrolab-pipetrak"): two vendors are called like
 *   that more often than one is;
 * - initials, letters in another order, another public address, a partner
 *   ("rvr-editorial", "tryforgelist", another name at another freemail domain,
 *   a congress after a journal): nothing but the words tells;
 * - "metrolab-group" again, which refers to the first one's mail: References
 *   and subject are free to forge, and who joined a wanted campaign by them
 *   would be let in.
 */
#define MISSED_MAX 6

/*
 * Colleagues who get the same offer in other words, from another person of the
 * vendor. Who gets it from the same person is together with the others.
 */
#define APART_MAX 25

/* Among so many held mails one is noted, which takes the writer a while. */
#define NOTED	 16
#define NOTED_US 40000

struct touch {
	char *path;
	char *label; /* campaign of the corpus, or "" */
	guint step;
	/* What came of it. */
	char *to;
	char *vendor;
	guint64 fingerprint;
	char *campaign;
	guint number;
};

struct world {
	char *folder;
	struct vault *vault;
	struct key *key;
	struct snapshot *snapshot;
	GPtrArray *touches;
};

static void
touch_free(gpointer data)
{
	struct touch *touch = data;

	g_free(touch->path);
	g_free(touch->label);
	g_free(touch->to);
	g_free(touch->vendor);
	g_free(touch->campaign);
	g_free(touch);
}

/* By step; in the order of the corpus where that is the same. */
static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct touch *left = *(struct touch *const *)a;
	const struct touch *right = *(struct touch *const *)b;

	if (left->step != right->step)
		return left->step < right->step ? -1 : 1;
	return strcmp(left->path, right->path);
}

static void
read_labels(struct world *world)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	g_assert_true(
		g_file_get_contents(CORPUS "/labels.tsv", &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	world->touches = g_ptr_array_new_with_free_func(touch_free);
	for (guint i = 1; lines[i] && *lines[i]; i++) {
		g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);
		struct touch *touch;

		if (!*cells[2])
			continue;
		touch = g_new0(struct touch, 1);
		touch->path = g_build_filename(CORPUS, cells[0], NULL);
		touch->step = (guint)g_ascii_strtoull(cells[2], NULL, 10);
		touch->label = g_strdup(cells[6]);
		g_ptr_array_add(world->touches, touch);
	}
	g_ptr_array_sort(world->touches, compare);
}

/* A profile for every recipient of the corpus: each is somebody's mailbox. */
static char **
write_profiles(const char *folder, GHashTable *recipients)
{
	GPtrArray *paths = g_ptr_array_new();
	GHashTableIter iter;
	gpointer addr;
	guint n = 0;

	g_hash_table_iter_init(&iter, recipients);
	while (g_hash_table_iter_next(&iter, &addr, NULL)) {
		g_autofree char *name = g_strdup_printf("b%u.yaml", n++);
		g_autofree char *text = g_strdup_printf(
			"version: 1\n"
			"buyer: {name: B, role: Buyer, addresses: [\"%s\"]}\n"
			"priorities: [{id: edr, name: Endpoint detection}]\n",
			(char *)addr);
		char *path = g_build_filename(folder, name, NULL);

		g_assert_true(g_file_set_contents(path, text, -1, NULL));
		g_ptr_array_add(paths, path);
	}
	g_ptr_array_add(paths, NULL);
	return (char **)g_ptr_array_free(paths, FALSE);
}

static char *
recipient_of(const struct mail *mail)
{
	g_autofree char *value = mail_field_text(mail, "To", 0);
	g_autoptr(GPtrArray) list = address_list_parse(value ? value : "", 1);
	const struct address *first;

	if (list->len == 0)
		return g_strdup("nobody@buyer.example");
	first = list->pdata[0];
	return address_key(first->addr);
}

static GBytes *
bytes_of(const struct touch *touch)
{
	char *text = NULL;
	gsize size;

	g_assert_true(g_file_get_contents(touch->path, &text, &size, NULL));
	return g_bytes_new_take(text, size);
}

static void
world_setup(struct world *world)
{
	g_autoptr(GHashTable) recipients =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *url = NULL;
	g_autofree char *spool = NULL;
	g_autofree char *models = NULL;
	g_auto(GStrv) profiles = NULL;

	read_labels(world);
	for (guint i = 0; i < world->touches->len; i++) {
		struct touch *touch = world->touches->pdata[i];
		g_autoptr(GBytes) bytes = bytes_of(touch);
		g_autoptr(Mail) mail = mail_new(bytes, NULL);

		touch->to = recipient_of(mail);
		g_hash_table_add(recipients, g_strdup(touch->to));
	}
	world->folder = g_dir_make_tmp("pitchward-campaigns-XXXXXX", &error);
	g_assert_no_error(error);
	models = g_build_filename(world->folder, "models", NULL);
	for (guint i = 0; model_kinds[i]; i++) {
		g_autofree char *kind =
			g_build_filename(models, model_kinds[i], NULL);

		g_assert_cmpint(g_mkdir_with_parents(kind, 0700), ==, 0);
	}
	profiles = write_profiles(world->folder, recipients);
	world->snapshot = snapshot_new(profiles, models, &error);
	g_assert_no_error(error);
	url = g_strdup_printf("sqlite:%s/store.db", world->folder);
	spool = g_build_filename(world->folder, "spool", NULL);
	world->vault = vault_open(url, spool, 1 << 20, &error);
	g_assert_no_error(error);
	world->key = key_new_random();
	fake_say(0.95, 0.5);
}

static void
remove_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			remove_folder(path);
		else
			g_remove(path);
	}
	g_rmdir(folder);
}

static void
world_teardown(struct world *world)
{
	vault_close(world->vault);
	key_free(world->key);
	snapshot_unref(world->snapshot);
	g_ptr_array_unref(world->touches);
	remove_folder(world->folder);
	g_free(world->folder);
}

/* As the filter keeps it: held, or delivered and noted. */
static void
keep(struct world *world, guint i, GBytes *bytes, struct store_message *row)
{
	struct store_message *rows[] = { row };
	const gint64 deadline_us = clock_monotonic_us() + 10 * CLOCK_SECOND_US;
	g_autoptr(GError) error = NULL;
	enum vault_place place;

	if (i % NOTED != 0) {
		row->state = STORE_HELD;
		vault_hold(world->vault, rows, 1, bytes, deadline_us, &place,
			   &error);
		g_assert_no_error(error);
		g_assert_cmpint(place, ==, VAULT_STORE);
	} else {
		row->state = STORE_DELIVERED;
		vault_note(world->vault, row);
		g_usleep(NOTED_US);
	}
}

static void
judge(struct world *world, struct touch *touch, guint i)
{
	const struct envelope envelope = { .sender = "x@seller.example",
					   .client = "192.0.2.1",
					   .queue_id = "4X",
					   .known = TRUE };
	g_autoptr(GBytes) bytes = bytes_of(touch);
	g_autoptr(Screening) screening = screening_new(
		world->snapshot, world->vault, world->key, &envelope, bytes, 0);
	const struct buyer *buyer = snapshot_buyer(world->snapshot, touch->to);
	const struct store_likeness *likeness = screening_likeness(screening);
	g_autoptr(StoreMessage) row = g_new0(struct store_message, 1);
	g_auto(Judgement) judgement = { 0 };
	g_autoptr(GError) error = NULL;

	g_assert_nonnull(buyer);
	id_new(row->id);
	screening_set_id(screening, row->id);
	screening_judge(screening, buyer, SCREEN_FAST, &judgement, &error);
	g_assert_no_error(error);
	touch->vendor = g_strdup(*likeness->vendor ? likeness->vendor
						   : likeness->sender);
	touch->fingerprint = likeness->fingerprint;
	touch->campaign = g_strdup(judgement.campaign);
	touch->number = judgement.touch;
	row->buyer = g_strdup(buyer->profile->id);
	row->time_us = row->state_us = clock_now_us();
	row->digest = g_strdup(row->id);
	row->rcpt = g_strdup(touch->to);
	row->from = g_strdup(likeness->sender);
	row->message_id = g_strdup(likeness->message_id);
	row->vendor = g_strdup(likeness->vendor);
	row->fingerprint = likeness->fingerprint;
	row->subject_key = likeness->subject_key;
	row->campaign = g_strdup(judgement.campaign);
	row->touch = judgement.touch;
	row->verdict = g_strdup("tag");
	row->outreach = 0.95;
	row->relevance = 0.5;
	keep(world, i, bytes, row);
}

/*
 * Whether `earlier` is a touch of the same sequence: of the same campaign as
 * the corpus has it, or where that says nothing, of the same vendor to the same
 * buyer.
 */
static gboolean
is_earlier(const struct touch *earlier, const struct touch *touch)
{
	if (strcmp(earlier->to, touch->to) != 0)
		return FALSE;
	if (*touch->label)
		return strcmp(earlier->label, touch->label) == 0;
	return strcmp(earlier->vendor, touch->vendor) == 0;
}

static const struct touch *
earlier_of(const struct world *world, guint at)
{
	const struct touch *touch = world->touches->pdata[at];

	for (guint i = at; i-- > 0;)
		if (is_earlier(world->touches->pdata[i], touch))
			return world->touches->pdata[i];
	return NULL;
}

/*
 * Follow-ups whose earlier touches are in the corpus, and those missed; of a
 * sequence that stays with one domain none may be.
 */
static void
count_missed(const struct world *world, guint *n, guint *missed)
{
	*n = *missed = 0;
	for (guint i = 0; i < world->touches->len; i++) {
		const struct touch *touch = world->touches->pdata[i];
		const struct touch *earlier = earlier_of(world, i);

		if (touch->step < 2 || !earlier)
			continue;
		(*n)++;
		if (touch->number >= 2)
			continue;
		(*missed)++;
		g_test_message("first touch: %s (%s) after %s (%s)",
			       touch->path, touch->vendor, earlier->path,
			       earlier->vendor);
		g_assert_cmpstr(touch->vendor, !=, earlier->vendor);
	}
}

/*
 * Pairs of mails in one campaign, those of two vendors among them, and of these
 * those whose text is not nearly the same and which the corpus does not know as
 * one campaign.
 */
static void
count_mixed(const struct world *world, guint *pairs, guint *wrong)
{
	*pairs = *wrong = 0;
	for (guint i = 0; i < world->touches->len; i++) {
		const struct touch *a = world->touches->pdata[i];

		for (guint j = 0; j < i; j++) {
			const struct touch *b = world->touches->pdata[j];

			if (strcmp(a->campaign, b->campaign) != 0)
				continue;
			(*pairs)++;
			if (strcmp(a->vendor, b->vendor) == 0 ||
			    (*a->label && strcmp(a->label, b->label) == 0))
				continue;
			(*wrong)++;
			g_test_message("mixed: %s (%s) and %s (%s), %u bits",
				       a->path, a->vendor, b->path, b->vendor,
				       fingerprint_distance(a->fingerprint,
							    b->fingerprint));
		}
	}
}

/* The same campaign of the corpus to several colleagues: how often it is one.
 */
static void
count_apart(const struct world *world, guint *n, guint *apart)
{
	*n = *apart = 0;
	for (guint i = 0; i < world->touches->len; i++) {
		const struct touch *a = world->touches->pdata[i];
		gboolean together = FALSE;
		gboolean other = FALSE;

		for (guint j = 0; j < i && *a->label; j++) {
			const struct touch *b = world->touches->pdata[j];

			if (strcmp(a->label, b->label) != 0 ||
			    strcmp(a->to, b->to) == 0)
				continue;
			other = TRUE;
			if (strcmp(a->campaign, b->campaign) == 0)
				together = TRUE;
		}
		*n += other ? 1 : 0;
		*apart += other && !together ? 1 : 0;
	}
}

static void
test_sequences(void)
{
	struct world world = { 0 };
	guint n, missed, pairs, wrong, colleagues, apart;

	world_setup(&world);
	for (guint i = 0; i < world.touches->len; i++)
		judge(&world, world.touches->pdata[i], i);
	count_missed(&world, &n, &missed);
	count_mixed(&world, &pairs, &wrong);
	count_apart(&world, &colleagues, &apart);
	g_test_message("%u mails; %u follow-ups, %u taken for a first touch; "
		       "%u pairs in one campaign, %u of two vendors; %u "
		       "mails to a colleague, %u apart",
		       world.touches->len, n, missed, pairs, wrong, colleagues,
		       apart);
	g_assert_cmpuint(n, >, 40);
	g_assert_cmpuint(missed, <=, MISSED_MAX);
	g_assert_cmpuint(apart, <=, APART_MAX);
	g_assert_cmpuint(wrong, ==, 0);
	world_teardown(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/campaigns/the corpus", test_sequences);
	return g_test_run();
}
