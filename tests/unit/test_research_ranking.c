/*
 * Twenty questions whose answers are known, over the authored corpus: how well
 * research ranks them, against the index's own order.
 *
 * The relevance model that we ship was trained on this corpus: it has fifteen
 * weights and remembers no mail, but the figure without any model is told
 * beside it.
 */
#include <math.h>
#include <string.h>

#include "../lib/store_kit.h"
#include "base/clock.h"
#include "base/file.h"
#include "mail/address.h"
#include "mail/message.h"
#include "market/glean.h"
#include "market/research.h"
#include "profile/signals.h"

#define CORPUS	 "tests/corpus/authored/"
#define FILE_MAX (1 << 22)

#define TOP	     10
#define NDCG_MIN     0.85
#define QUESTIONS    20
#define DOCUMENT_MIN 900

/* The corpus, held. */
struct shelf {
	struct store *store;
	struct vendor_book *book;
	GHashTable *paths; /* id -> path */
	struct signals *signals;
	struct model *relevance;
	struct snapshot snapshot;
};

struct question {
	char **fields;	    /* text, profile, priority, answers */
	GHashTable *grades; /* path -> grade */
};

static void
question_free(gpointer data)
{
	struct question *question = data;

	g_strfreev(question->fields);
	g_hash_table_unref(question->grades);
	g_free(question);
}

static char *
read_text(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = file_read(path, FILE_MAX, &error);
	gsize size;
	const char *data;

	g_assert_no_error(error);
	data = g_bytes_get_data(bytes, &size);
	return g_strndup(data, size);
}

/* The lines after the head, split at tabs: an array that frees them. */
static GPtrArray *
read_table(const char *path)
{
	g_autofree char *text = read_text(path);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GPtrArray *rows =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);

	for (char **line = lines + 1; *line; line++) {
		if (**line)
			g_ptr_array_add(rows, g_strsplit(*line, "\t", -1));
	}
	return rows;
}

static GPtrArray *
read_questions(void)
{
	g_autoptr(GPtrArray) rows = read_table("tests/corpus/questions.tsv");
	GPtrArray *questions = g_ptr_array_new_with_free_func(question_free);

	for (guint i = 0; i < rows->len; i++) {
		struct question *question = g_new0(struct question, 1);
		g_auto(GStrv) answers = NULL;

		question->fields = g_strdupv(rows->pdata[i]);
		g_assert_cmpuint(g_strv_length(question->fields), ==, 4);
		question->grades = g_hash_table_new_full(
			g_str_hash, g_str_equal, g_free, NULL);
		answers = g_strsplit(question->fields[3], ",", -1);
		for (char **answer = answers; *answer; answer++) {
			char **pair = g_strsplit(*answer, "=", 2);
			const guint64 grade =
				g_ascii_strtoull(pair[1], NULL, 10);

			g_hash_table_insert(question->grades, g_strdup(pair[0]),
					    GUINT_TO_POINTER((guint)grade));
			g_strfreev(pair);
		}
		g_ptr_array_add(questions, question);
	}
	return questions;
}

/* As the milter has it: of a public mail domain nobody is the vendor. */
static char *
vendor_of(const struct shelf *shelf, const char *domain)
{
	return signals_of_host(shelf->signals, domain) & (1U << SIGNAL_PUBLIC)
		       ? g_strdup("")
		       : domain_registrable(domain);
}

static void
hold(struct shelf *shelf, const char *path)
{
	g_autofree char *whole = g_strconcat(CORPUS, path, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = file_read(whole, FILE_MAX, &error);
	g_autoptr(StoreMessage) message = g_new0(struct store_message, 1);
	struct store_message *messages[] = { message };
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Address) author = address_shown(mail);

	g_assert_no_error(error);
	id_new(message->id);
	message->buyer = g_strdup("pool");
	message->rcpt = g_strdup("pool@buyer.example");
	message->digest = g_strdup(path);
	message->subject = mail_field_decoded(mail, "Subject", 0);
	message->from = g_strdup(author ? author->addr : "");
	message->vendor = vendor_of(shelf, author ? author->domain : "");
	message->verdict = g_strdup("quarantine");
	message->size = (gint64)g_bytes_get_size(bytes);
	message->outreach = 0.9;
	message->relevance = -1;
	message->time_us = message->state_us = clock_now_us();
	message->state = STORE_HELD;
	store_hold(shelf->store, messages, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
	g_hash_table_insert(shelf->paths, g_strdup(message->id),
			    g_strdup(path));
}

static void
hold_all(struct shelf *shelf)
{
	g_autoptr(GPtrArray) rows = read_table(CORPUS "labels.tsv");
	g_autoptr(GError) error = NULL;
	struct glean done = { 0 };

	for (guint i = 0; i < rows->len; i++) {
		char **row = rows->pdata[i];

		if (strcmp(row[1], "outreach") == 0 ||
		    strcmp(row[1], "nurture") == 0)
			hold(shelf, row[0]);
	}
	glean_run(shelf->store, 0, &done, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(done.messages, >, DOCUMENT_MIN);
	shelf->book = vendor_book_load(shelf->store, &error);
	g_assert_no_error(error);
}

/* Profiles and the model of relevance, and nothing else. */
static void
read_profiles(struct shelf *shelf)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) profiles =
		profile_load_folder(CORPUS "profiles", faults);

	shelf->snapshot.buyers = g_ptr_array_new_with_free_func(g_free);
	shelf->snapshot.by_id = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < profiles->len; i++) {
		struct buyer *buyer = g_new0(struct buyer, 1);

		buyer->profile = profiles->pdata[i];
		g_ptr_array_add(shelf->snapshot.buyers, buyer);
		g_hash_table_insert(shelf->snapshot.by_id, buyer->profile->id,
				    buyer);
	}
	g_ptr_array_set_free_func(profiles, NULL);
	shelf->snapshot.lexicon = lexicon_new();
	shelf->relevance = model_load("models", MODEL_RELEVANCE, &error);
	g_assert_no_error(error);
}

static double
gain(const struct question *question, const char *path)
{
	const guint grade =
		GPOINTER_TO_UINT(g_hash_table_lookup(question->grades, path));

	return exp2(grade) - 1;
}

static gint
larger_first(gconstpointer a, gconstpointer b)
{
	const double left = *(const double *)a;
	const double right = *(const double *)b;

	return left < right ? 1 : left > right ? -1 : 0;
}

static double
ideal(const struct question *question)
{
	g_autoptr(GArray) gains = g_array_new(FALSE, FALSE, sizeof(double));
	GHashTableIter iter;
	gpointer path;
	double sum = 0;

	g_hash_table_iter_init(&iter, question->grades);
	while (g_hash_table_iter_next(&iter, &path, NULL)) {
		const double value = gain(question, path);

		g_array_append_val(gains, value);
	}
	g_array_sort(gains, larger_first);
	for (guint i = 0; i < MIN(gains->len, TOP); i++)
		sum += g_array_index(gains, double, i) / log2(i + 2.0);
	return sum;
}

/* Normalised discounted cumulative gain, 2^grade - 1 over log2(place + 1)
 * (Burges and others 2005). */
static double
ndcg(const struct shelf *shelf, const struct question *question,
     const GPtrArray *ids)
{
	double sum = 0;

	for (guint i = 0; i < MIN(ids->len, TOP); i++) {
		const char *path =
			g_hash_table_lookup(shelf->paths, ids->pdata[i]);

		sum += gain(question, path) / log2(i + 2.0);
	}
	return sum / ideal(question);
}

/* What research shows, in order; copies stand with what they say the same as.
 */
static GPtrArray *
ours(const struct shelf *shelf, const struct question *question)
{
	const struct research_query query = {
		.text = question->fields[0],
		.buyer = question->fields[1],
	};
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(Research) research = research_run(
		shelf->store, shelf->book, &shelf->snapshot, &query, &error);

	g_assert_no_error(error);
	for (guint i = 0; i < research->hits->len; i++) {
		const struct research_hit *hit = research->hits->pdata[i];

		g_ptr_array_add(ids, g_strdup(hit->document->id));
		for (guint at = 0; at < hit->copies->len; at++) {
			const struct store_document *copy =
				hit->copies->pdata[at];

			g_ptr_array_add(ids, g_strdup(copy->id));
		}
	}
	return ids;
}

static GPtrArray *
plain(const struct shelf *shelf, const struct question *question)
{
	g_auto(GStrv) terms = glean_question(question->fields[0]);
	const struct store_search search = {
		.terms = (const char *const *)terms,
		.limit = TOP,
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) matches =
		store_search(shelf->store, &search, &error);
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

	g_assert_no_error(error);
	for (guint i = 0; i < matches->len; i++) {
		const struct store_match *match = matches->pdata[i];

		g_ptr_array_add(ids, g_strdup(match->document->id));
	}
	return ids;
}

enum figure { OURS, UNJUDGED, INDEX, FIGURES };

static void
ask(struct shelf *shelf, const struct question *question, double sums[FIGURES])
{
	double figures[FIGURES];

	for (int which = OURS; which < FIGURES; which++) {
		g_autoptr(GPtrArray) ids = NULL;

		shelf->snapshot.relevance =
			which == OURS ? shelf->relevance : NULL;
		ids = which == INDEX ? plain(shelf, question)
				     : ours(shelf, question);
		figures[which] = ndcg(shelf, question, ids);
		sums[which] += figures[which] / QUESTIONS;
	}
	g_test_message("%.3f, without models %.3f, the index alone %.3f: %s: "
		       "%s",
		       figures[OURS], figures[UNJUDGED], figures[INDEX],
		       question->fields[1], question->fields[0]);
}

static void
shelf_clear(struct shelf *shelf)
{
	for (guint i = 0; i < shelf->snapshot.buyers->len; i++) {
		struct buyer *buyer = shelf->snapshot.buyers->pdata[i];

		profile_free(buyer->profile);
	}
	g_hash_table_unref(shelf->snapshot.by_id);
	g_ptr_array_unref(shelf->snapshot.buyers);
	lexicon_free(shelf->snapshot.lexicon);
	model_free(shelf->relevance);
	vendor_book_free(shelf->book);
	signals_free(shelf->signals);
	g_hash_table_unref(shelf->paths);
	store_close(shelf->store);
}

static void
ranks_what_answers_first(void)
{
	char *folder = kit_quick_folder();
	struct shelf shelf = { .paths = g_hash_table_new_full(g_str_hash,
							      g_str_equal,
							      g_free, g_free) };
	g_autoptr(GPtrArray) questions = read_questions();
	g_autoptr(Faults) faults = faults_new();
	double sums[FIGURES] = { 0 };

	shelf.store = kit_open(folder);
	shelf.signals = signals_load(CORPUS "signals.yaml", faults);
	g_assert_nonnull(shelf.signals);
	hold_all(&shelf);
	read_profiles(&shelf);
	g_assert_cmpuint(questions->len, ==, QUESTIONS);
	for (guint i = 0; i < questions->len; i++)
		ask(&shelf, questions->pdata[i], sums);
	g_test_message("nDCG@%d over %d questions: %.3f; without models %.3f; "
		       "the index alone %.3f",
		       TOP, QUESTIONS, sums[OURS], sums[UNJUDGED], sums[INDEX]);
	g_assert_cmpfloat(sums[OURS], >=, NDCG_MIN);
	g_assert_cmpfloat(sums[UNJUDGED], >, sums[INDEX]);
	shelf_clear(&shelf);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/research/ranking", ranks_what_answers_first);
	return g_test_run();
}
