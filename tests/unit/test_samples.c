/*
 * What training sees of mail, and what of it may leave in a feature file: no
 * words, no names, nothing that fewer than three senders said.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <zstd.h>

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"
#include "features/relevance.h"
#include "model/model.h"
#include "model/sample.h"

#define HEADER "pitchward-features"

static void
add_term(struct sample *sample, guint8 block, guint32 bucket, guint16 count)
{
	struct term term = { bucket, count, block };

	g_array_append_val(sample->terms, term);
}

static struct sample *
sample_of(const char *author, enum corpus_kind kind)
{
	struct sample *sample = g_new0(struct sample, 1);

	sample->name = g_strdup("/secret/path.eml");
	sample->source = g_strdup("src");
	sample->author = g_strdup(author);
	sample->kind = kind;
	sample->terms = g_array_new(FALSE, FALSE, sizeof(struct term));
	return sample;
}

/*
 * Four senders, one of them twice. Bucket 7 is of all, 8 of three, 9 of two
 * (thrice), 10 of one; the same bucket in another block is another term.
 */
static struct samples *
samples_of_four(void)
{
	static const char *const authors[] = { "d", "a", "b", "c", "a" };
	struct samples *samples = samples_new();

	for (guint i = 0; i < G_N_ELEMENTS(authors); i++) {
		struct sample *sample = sample_of(
			authors[i], i % 2 ? KIND_OUTREACH : KIND_LIST);

		add_term(sample, TERM_STEM, 7, (guint16)(i + 1));
		add_term(sample, TERM_TEXT, 7, 65535);
		if (i > 0)
			add_term(sample, TERM_TEXT, 8, 1);
		if (i == 1 || i == 2 || i == 4)
			add_term(sample, TERM_TEXT, 9, 1);
		if (i == 0)
			add_term(sample, TERM_TEXT, 10, 1);
		if (i < 2)
			add_term(sample, TERM_SUBJECT, 8, 1);
		sample->dense[0] = (float)i / 4;
		sample->dense[1] = 0.38685f;
		g_ptr_array_add(samples->samples, sample);
	}
	return samples;
}

static char *
saved(const struct samples *samples)
{
	char *folder = kit_quick_folder();
	char *path = g_build_filename(folder, "x.features", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(samples_save(samples, path, &error));
	g_assert_no_error(error);
	g_free(folder);
	return path;
}

static void
removed(char *path)
{
	kit_remove(g_path_get_dirname(path));
	g_free(path);
}

static guint
count_of(const struct sample *sample, guint8 block, guint32 bucket)
{
	for (guint i = 0; i < sample->terms->len; i++) {
		const struct term *term =
			&g_array_index(sample->terms, struct term, i);

		if (term->block == block && term->bucket == bucket)
			return term->count;
	}
	return 0;
}

static void
reads_back(void)
{
	/* In order of author: a, a, b, c, d. */
	static const guint stems[] = { 2, 5, 3, 4, 1 };
	static const char *const authors[] = { "src-1", "src-1", "src-2",
					       "src-3", "src-4" };
	g_autoptr(Samples) samples = samples_of_four();
	g_autoptr(Samples) found = samples_new();
	g_autoptr(GError) error = NULL;
	char *path = saved(samples);

	g_assert_true(samples_add_file(found, path, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(found->samples->len, ==, 5);
	for (guint i = 0; i < 5; i++) {
		const struct sample *sample = found->samples->pdata[i];

		g_assert_cmpstr(sample->author, ==, authors[i]);
		g_assert_cmpstr(sample->source, ==, "src");
		g_assert_cmpuint(count_of(sample, TERM_STEM, 7), ==, stems[i]);
		g_assert_cmpuint(count_of(sample, TERM_TEXT, 7), ==, 65535);
		g_assert_cmpuint(count_of(sample, TERM_TEXT, 8), ==, i < 4);
		g_assert_cmpint(sample->kind, ==,
				i == 0 || i == 3 ? KIND_OUTREACH : KIND_LIST);
		g_assert_cmpfloat_with_epsilon((double)sample->dense[0],
					       (stems[i] - 1) / 4.0, 0.0006);
		g_assert_cmpfloat_with_epsilon((double)sample->dense[1], 0.387,
					       0.0001);
	}
	removed(path);
}

static void
rare_terms_stay(void)
{
	g_autoptr(Samples) samples = samples_of_four();
	g_autoptr(Samples) found = samples_new();
	char *path = saved(samples);

	g_assert_true(samples_add_file(found, path, NULL));
	for (guint i = 0; i < found->samples->len; i++) {
		const struct sample *sample = found->samples->pdata[i];

		g_assert_cmpuint(count_of(sample, TERM_TEXT, 9), ==, 0);
		g_assert_cmpuint(count_of(sample, TERM_TEXT, 10), ==, 0);
		g_assert_cmpuint(count_of(sample, TERM_SUBJECT, 8), ==, 0);
	}
	removed(path);
}

/* Saved again it is the same, so nothing wears off. */
static void
saves_again(void)
{
	g_autoptr(Samples) samples = samples_of_four();
	g_autoptr(Samples) found = samples_new();
	char *first = saved(samples);
	g_autofree char *a = NULL;
	g_autofree char *b = NULL;
	gsize a_size;
	gsize b_size;
	char *second;

	g_assert_true(samples_add_file(found, first, NULL));
	second = saved(found);
	g_assert_true(g_file_get_contents(first, &a, &a_size, NULL));
	g_assert_true(g_file_get_contents(second, &b, &b_size, NULL));
	g_assert_cmpuint(a_size, ==, b_size);
	g_assert_true(memcmp(a, b, a_size) == 0);
	removed(first);
	removed(second);
}

static char *
unpacked(const char *path)
{
	g_autofree char *data = NULL;
	gsize packed;
	gsize size;
	char *text;

	g_assert_true(g_file_get_contents(path, &data, &packed, NULL));
	size = ZSTD_getFrameContentSize(data, packed);
	text = g_malloc0(size + 1);
	g_assert_cmpuint(ZSTD_decompress(text, size, data, packed), ==, size);
	return text;
}

/* From real messages, down to the text that anybody can unpack. */
static void
names_and_words_stay(void)
{
	static const char *const secrets[] = {
		"Sam",	   "vendor", "buyer", "detection", "coffee",
		"minutes", "mail/",  "eml",   "ada",	   "ben",
		"edr",	   "EDR",    "@",
	};
	char *folder = kit_quick_folder();
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(Samples) samples = samples_new();
	g_autoptr(Corpus) corpus = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	char *path;

	model_kit_corpus(folder);
	corpus = corpus_load(folder, &error);
	g_assert_no_error(error);
	g_assert_true(samples_add_corpus(samples, corpus, signals, NULL, NULL,
					 &error));
	g_assert_no_error(error);
	path = saved(samples);
	text = unpacked(path);
	g_assert_true(g_str_has_prefix(text, HEADER " "));
	for (guint i = 0; i < G_N_ELEMENTS(secrets); i++)
		g_assert_null(strstr(text, secrets[i]));
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 1; lines[i][0] != '\0'; i++) {
		g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);

		g_assert_cmpuint(g_strv_length(fields), ==, 5);
		g_assert_cmpstr(fields[1], ==, "kit");
		g_assert_cmpuint(strspn(fields[2], "0123456789"), ==,
				 strlen(fields[2]));
		g_assert_cmpuint(strspn(fields[3], "0123456789,"), ==,
				 strlen(fields[3]));
		g_assert_cmpuint(strspn(fields[4], "0123456789: "), ==,
				 strlen(fields[4]));
	}
	removed(path);
	kit_remove(folder);
}

/* A feature file of this text; `dense` zeroes stand for "%s" in it. */
static char *
packed_text(const char *header, const char *lines)
{
	g_autoptr(GString) dense = g_string_new("0");
	g_autofree char *first =
		g_strdup_printf("%s %d %d %u\n", header, OUTREACH_VERSION,
				TERM_BITS, outreach_dense_count());
	g_auto(GStrv) parts = g_strsplit(lines, "%s", -1);
	g_autofree char *filled = NULL;
	g_autofree char *text = NULL;
	g_autofree char *packed = NULL;
	char *folder = kit_quick_folder();
	char *path = g_build_filename(folder, "x.features", NULL);
	gsize size;

	for (guint i = 1; i < outreach_dense_count(); i++)
		g_string_append(dense, ",0");
	filled = g_strjoinv(dense->str, parts);
	text = g_strconcat(first, filled, NULL);
	packed = g_malloc(ZSTD_compressBound(strlen(text)));
	size = ZSTD_compress(packed, ZSTD_compressBound(strlen(text)), text,
			     strlen(text), 1);
	g_assert_true(g_file_set_contents(path, packed, (gssize)size, NULL));
	g_free(folder);
	return path;
}

struct bad_case {
	const char *name;
	const char *lines;
	guint line; /* the one that is refused */
};

static const struct bad_case bad_cases[] = {
	{ "unknown kind", "outraech\ts\t1\t%s\t5 \n", 2 },
	{ "a field too few", "outreach\ts\t1\t%s\n", 2 },
	{ "a field too many", "outreach\ts\t1\t%s\t5 \t\n", 2 },
	{ "dense too few", "outreach\ts\t1\t0,0\t5 \n", 2 },
	{ "dense too many", "outreach\ts\t1\t%s,0\t5 \n", 2 },
	{ "dense above 1", "outreach\ts\t1\t200%s\t5 \n", 2 },
	{ "dense below 0", "outreach\ts\t1\t-%s\t5 \n", 2 },
	{ "term of letters", "outreach\ts\t1\t%s\tfive \n", 2 },
	{ "term below 0", "outreach\ts\t1\t%s\t5 -1 \n", 2 },
	{ "term twice", "outreach\ts\t1\t%s\t5 0 \n", 2 },
	{ "term past the end", "outreach\ts\t1\t%s\t786431 1 \n", 2 },
	{ "step past the end", "outreach\ts\t1\t%s\t786432 \n", 2 },
	{ "term that wraps", "outreach\ts\t1\t%s\t5 18446744073709551615 \n",
	  2 },
	{ "count of 0", "outreach\ts\t1\t%s\t5:0 \n", 2 },
	{ "count too large", "outreach\ts\t1\t%s\t5:65536 \n", 2 },
	{ "no count", "outreach\ts\t1\t%s\t5: \n", 2 },
	{ "no space", "outreach\ts\t1\t%s\t5\n", 2 },
	{ "third line",
	  "outreach\ts\t1\t%s\t0 786431:65535 \nlist\ts\t2\t%s\t\nx\n", 4 },
};

static void
refuses(gconstpointer data)
{
	const struct bad_case *bad = data;
	char *path = packed_text(HEADER, bad->lines);
	g_autofree char *wanted =
		g_strdup_printf("%s:%u: not a sample", path, bad->line);
	g_autoptr(Samples) samples = samples_new();
	g_autoptr(GError) error = NULL;

	g_assert_false(samples_add_file(samples, path, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
	g_assert_cmpstr(error->message, ==, wanted);
	removed(path);
}

static void
refuses_other_versions(void)
{
	char *path = packed_text("pitchward-feature", "");
	g_autoptr(Samples) samples = samples_new();
	g_autoptr(GError) error = NULL;

	g_assert_false(samples_add_file(samples, path, &error));
	g_assert_error(error, MODEL_ERROR, MODEL_ERROR_VERSION);
	g_assert_nonnull(strstr(error->message, path));
	removed(path);
}

static void
assert_saves_as(const struct samples *samples, const char *data, gsize size)
{
	char *path = saved(samples);
	g_autofree char *again = NULL;
	gsize len;

	g_assert_true(g_file_get_contents(path, &again, &len, NULL));
	g_assert_cmpuint(len, ==, size);
	g_assert_true(memcmp(again, data, size) == 0);
	removed(path);
}

/* A few bits of a frame say nothing: then what is read must be the same. */
static void
refuses_turned_bits(void)
{
	g_autoptr(Samples) whole = samples_of_four();
	char *path = saved(whole);
	g_autofree char *data = NULL;
	gsize refused = 0;
	gsize size;

	g_assert_true(g_file_get_contents(path, &data, &size, NULL));
	for (gsize i = 0; i < size; i++) {
		g_autoptr(Samples) samples = samples_new();
		g_autoptr(GError) error = NULL;
		char bit = (char)(1 << (i % 8));

		data[i] ^= bit;
		g_file_set_contents(path, data, (gssize)size, NULL);
		data[i] ^= bit;
		if (samples_add_file(samples, path, &error)) {
			assert_saves_as(samples, data, size);
			continue;
		}
		refused++;
		g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
		g_assert_true(g_str_has_prefix(error->message, path));
	}
	g_assert_cmpuint(refused, >, size * 9 / 10);
	removed(path);
}

static void
refuses_cut_files(void)
{
	g_autoptr(Samples) whole = samples_of_four();
	char *path = saved(whole);
	g_autofree char *data = NULL;
	gsize size;

	g_assert_true(g_file_get_contents(path, &data, &size, NULL));
	for (gsize i = 0; i < size; i++) {
		g_autoptr(Samples) samples = samples_new();
		g_autoptr(GError) error = NULL;

		g_file_set_contents(path, data, (gssize)i, NULL);
		g_assert_false(samples_add_file(samples, path, &error));
		g_assert_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN);
		g_assert_true(g_str_has_prefix(error->message, path));
	}
	removed(path);
}

static void
refuses_what_is_no_file(void)
{
	g_autoptr(Samples) samples = samples_new();
	g_autoptr(GError) error = NULL;

	g_assert_false(samples_add_file(samples, "/nonexistent/x", &error));
	g_assert_nonnull(strstr(error->message, "/nonexistent/x"));
	g_clear_error(&error);
	g_assert_false(samples_add_file(samples, "/tmp", &error));
	g_assert_nonnull(strstr(error->message, "/tmp"));
	g_clear_error(&error);
	g_assert_false(samples_save(samples, "/nonexistent/x", &error));
	g_assert_nonnull(strstr(error->message, "/nonexistent/x"));
}

/* A message that a label names and nobody can open ends the reading. */
static void
missing_message(void)
{
	char *folder = kit_quick_folder();
	g_autofree char *path = g_build_filename(folder, "mail/a0.eml", NULL);
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(Samples) samples = samples_new();
	g_autoptr(Corpus) corpus = NULL;
	g_autoptr(GError) error = NULL;

	model_kit_corpus(folder);
	corpus = corpus_load(folder, NULL);
	g_assert_cmpint(g_remove(path), ==, 0);
	g_assert_false(samples_add_corpus(samples, corpus, signals, NULL, NULL,
					  &error));
	g_assert_nonnull(strstr(error->message, path));
	kit_remove(folder);
}

/* Every buyer who judged it; and, as not relevant, the one it was sent to. */
static void
pairs_with_judges(void)
{
	char *folder = kit_quick_folder();
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(Samples) samples = samples_new();
	g_autoptr(GPtrArray) documents = g_ptr_array_new();
	g_autoptr(Corpus) corpus = NULL;
	g_autoptr(Background) background = NULL;
	g_autoptr(GError) error = NULL;
	guint relevant = 0;

	model_kit_corpus(folder);
	model_kit_write(folder, "authors.tsv", "author\tjudges\na\tada\n");
	corpus = corpus_load(folder, &error);
	g_assert_no_error(error);
	g_assert_true(samples_add_corpus(samples, corpus, signals, NULL, NULL,
					 &error));
	for (guint i = 0; i < samples->samples->len; i++) {
		const struct sample *sample = samples->samples->pdata[i];

		g_ptr_array_add(documents, sample->terms);
	}
	background = background_new(documents, RELEVANCE_BLOCKS);
	g_assert_true(samples_pair(samples, corpus, background, &error));
	for (guint i = 0; i < samples->pairs->len; i++) {
		const struct sample_pair *pair = samples->pairs->pdata[i];
		const struct sample *sample =
			samples->samples->pdata[pair->sample];

		g_assert_true(corpus_kind_sells(sample->kind));
		g_assert_cmpuint(pair->likeness.n, ==, relevance_count());
		relevant += pair->grade > 0;
	}
	/*
	 * Of each author four messages sell: to ben, ada, ben, ada; the first
	 * about edr, then vans, coffee, and one of the three. So, of authors
	 * b to f: edr by ada, to ben; vans by ben, to ada; coffee to ben; to
	 * ada what may be hers, his or nobody's.
	 */
	g_assert_cmpuint(relevant, ==, 6 * 2 + 4);
	g_assert_cmpuint(samples->pairs->len, ==,
			 (2 + 2 + 2 + 1) + 5 * (2 + 2 + 1) + 2 + 1 + 1 + 2 + 1);
	/* What nobody judged has no pairs: the first message had two. */
	relevant = samples->pairs->len;
	((struct corpus_mail *)corpus->mails->pdata[0])->judged = FALSE;
	g_ptr_array_set_size(samples->pairs, 0);
	g_assert_true(samples_pair(samples, corpus, background, &error));
	g_assert_cmpuint(samples->pairs->len, ==, relevant - 2);
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/samples/reads back", reads_back);
	g_test_add_func("/samples/private/rare terms", rare_terms_stay);
	g_test_add_func("/samples/private/names and words",
			names_and_words_stay);
	g_test_add_func("/samples/saves again", saves_again);
	for (guint i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
		g_autofree char *path =
			g_strdup_printf("/samples/fault/%s", bad_cases[i].name);

		g_test_add_data_func(path, &bad_cases[i], refuses);
	}
	g_test_add_func("/samples/fault/version", refuses_other_versions);
	g_test_add_func("/samples/fault/a bit turned", refuses_turned_bits);
	g_test_add_func("/samples/fault/cut off", refuses_cut_files);
	g_test_add_func("/samples/fault/no file", refuses_what_is_no_file);
	g_test_add_func("/samples/fault/no message", missing_message);
	g_test_add_func("/samples/pairs", pairs_with_judges);
	return g_test_run();
}
