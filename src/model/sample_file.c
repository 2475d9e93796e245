/*
 * Feature files. A header line, then one line a sample:
 * kind TAB source TAB author TAB dense,dense,... TAB block:bucket:count ...
 * where buckets of one block rise and are written as differences.
 */
#include "model/sample.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/file.h"
#include "model/model.h"

#define FILE_SIZE_MAX (256 << 20)
#define LEVEL	      19
#define FIELDS	      5

/* (block, bucket) -> how many authors used it, counted up to the minimum. */
struct users {
	guint8 *count;
	guint32 *last; /* number of the author last seen, from 1 */
};

static char *
header_line(void)
{
	return g_strdup_printf("pitchward-features %d %d %u", OUTREACH_VERSION,
			       TERM_BITS, outreach_dense_count());
}

static gsize
term_place(const struct term *term)
{
	return (gsize)term->block * TERM_BUCKETS + term->bucket;
}

static int
by_author(const void *a, const void *b)
{
	const struct sample *x = *(struct sample *const *)a;
	const struct sample *y = *(struct sample *const *)b;

	return strcmp(x->author, y->author);
}

/* `sorted` by author. */
static void
users_count(struct users *users, const GPtrArray *sorted)
{
	guint32 author = 0;
	const char *last = NULL;

	users->count = g_new0(guint8, (gsize)TERM_BLOCKS * TERM_BUCKETS);
	users->last = g_new0(guint32, (gsize)TERM_BLOCKS * TERM_BUCKETS);
	for (guint i = 0; i < sorted->len; i++) {
		const struct sample *sample = sorted->pdata[i];

		if (last == NULL || strcmp(last, sample->author) != 0)
			author++;
		last = sample->author;
		for (guint k = 0; k < sample->terms->len; k++) {
			gsize place = term_place(
				&g_array_index(sample->terms, struct term, k));

			if (users->last[place] == author)
				continue;
			users->last[place] = author;
			if (users->count[place] < SAMPLE_SENDERS_MIN)
				users->count[place]++;
		}
	}
}

static int
by_place(const void *a, const void *b)
{
	gsize x = term_place(a);
	gsize y = term_place(b);

	return (x > y) - (x < y);
}

static void
format_sample(GString *out, const struct sample *sample, guint author,
	      const struct users *users)
{
	g_autoptr(GArray) terms = g_array_copy(sample->terms);
	gsize last = 0;

	g_string_append_printf(out, "%s\t%s\t%u\t", corpus_kinds[sample->kind],
			       sample->source, author);
	for (guint i = 0; i < outreach_dense_count(); i++)
		g_string_append_printf(out, "%s%d", i > 0 ? "," : "",
				       (int)(sample->dense[i] * 1000.0f));
	g_string_append_c(out, '\t');
	g_array_sort(terms, by_place);
	for (guint i = 0; i < terms->len; i++) {
		const struct term *term = &g_array_index(terms, struct term, i);
		gsize place = term_place(term);

		if (users->count[place] < SAMPLE_SENDERS_MIN)
			continue;
		g_string_append_printf(out, "%zu", place - last);
		if (term->count > 1)
			g_string_append_printf(out, ":%u", term->count);
		g_string_append_c(out, ' ');
		last = place;
	}
	g_string_append_c(out, '\n');
}

gboolean
samples_save(const struct samples *samples, const char *path, GError **error)
{
	g_autoptr(GPtrArray) sorted =
		g_ptr_array_copy(samples->samples, NULL, NULL);
	g_autofree char *header = header_line();
	g_autoptr(GString) text = g_string_new(header);
	struct users users;
	const char *last = NULL;
	guint author = 0;
	gsize bound;
	gsize size;
	g_autofree char *packed = NULL;

	g_ptr_array_set_free_func(sorted, NULL);
	g_string_append_c(text, '\n');
	g_ptr_array_sort(sorted, by_author);
	users_count(&users, sorted);
	for (guint i = 0; i < sorted->len; i++) {
		const struct sample *sample = sorted->pdata[i];

		if (last == NULL || strcmp(last, sample->author) != 0)
			author++;
		last = sample->author;
		format_sample(text, sample, author, &users);
	}
	g_free(users.count);
	g_free(users.last);
	bound = ZSTD_compressBound(text->len);
	packed = g_malloc(bound);
	size = ZSTD_compress(packed, bound, text->str, text->len, LEVEL);
	g_assert(!ZSTD_isError(size));
	return file_replace(path, packed, size, 0644, error);
}

static gboolean
line_refuse(const char *path, guint line, const char *what, GError **error)
{
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN, "%s:%u: %s", path,
		    line, what);
	return FALSE;
}

static gboolean
parse_dense(struct sample *sample, const char *text)
{
	char *end;

	for (guint i = 0; i < outreach_dense_count(); i++) {
		long value = strtol(text, &end, 10);

		if (end == text || value < 0 || value > 1000)
			return FALSE;
		sample->dense[i] = (float)value / 1000.0f;
		text = *end == ',' ? end + 1 : end;
	}
	return *text == '\0';
}

static gboolean
parse_terms(struct sample *sample, const char *text)
{
	gsize place = 0;

	while (*text != '\0') {
		struct term term = { 0, 1, 0 };
		char *end;

		place += strtoul(text, &end, 10);
		if (end == text || place >= (gsize)TERM_BLOCKS * TERM_BUCKETS)
			return FALSE;
		if (*end == ':')
			term.count = (guint16)strtoul(end + 1, &end, 10);
		if (*end != ' ' || term.count == 0)
			return FALSE;
		term.bucket = (guint32)(place % TERM_BUCKETS);
		term.block = (guint8)(place / TERM_BUCKETS);
		g_array_append_val(sample->terms, term);
		text = end + 1;
	}
	return TRUE;
}

static int
parse_kind(const char *word)
{
	for (int i = 0; corpus_kinds[i] != NULL; i++)
		if (strcmp(corpus_kinds[i], word) == 0)
			return i;
	return -1;
}

/* Adds the sample even when it is wrong: the array frees it. */
static gboolean
parse_line(struct samples *samples, const char *line)
{
	g_auto(GStrv) fields = g_strsplit(line, "\t", FIELDS + 1);
	struct sample *sample;
	int kind;

	if (g_strv_length(fields) != FIELDS)
		return FALSE;
	kind = parse_kind(fields[0]);
	sample = g_new0(struct sample, 1);
	sample->name = g_strdup("");
	sample->source = g_strdup(fields[1]);
	sample->author = g_strdup_printf("%s-%s", fields[1], fields[2]);
	sample->terms = g_array_new(FALSE, FALSE, sizeof(struct term));
	g_ptr_array_add(samples->samples, sample);
	if (kind < 0)
		return FALSE;
	sample->kind = (enum corpus_kind)kind;
	return parse_dense(sample, fields[3]) && parse_terms(sample, fields[4]);
}

/* The file's text, unpacked. */
static char *
unpack(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, FILE_SIZE_MAX, error);
	const void *data;
	unsigned long long size;
	gsize packed;
	char *text;

	if (bytes == NULL)
		return NULL;
	data = g_bytes_get_data(bytes, &packed);
	size = ZSTD_getFrameContentSize(data, packed);
	if (size > FILE_SIZE_MAX) {
		line_refuse(path, 0, "not a feature file", error);
		return NULL;
	}
	text = g_malloc(size + 1);
	if (ZSTD_isError(ZSTD_decompress(text, size, data, packed))) {
		line_refuse(path, 0, "damaged", error);
		g_free(text);
		return NULL;
	}
	text[size] = '\0';
	return text;
}

gboolean
samples_add_file(struct samples *samples, const char *path, GError **error)
{
	g_autofree char *header = header_line();
	g_autofree char *text = unpack(path, error);
	g_auto(GStrv) lines = NULL;

	if (text == NULL)
		return FALSE;
	lines = g_strsplit(text, "\n", -1);
	if (lines[0] == NULL || strcmp(lines[0], header) != 0) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_VERSION,
			    "%s:1: made for other features: '%.60s', must be "
			    "'%s'",
			    path, lines[0] != NULL ? lines[0] : "", header);
		return FALSE;
	}
	for (guint i = 1; lines[i] != NULL; i++)
		if (lines[i][0] != '\0' && !parse_line(samples, lines[i]))
			return line_refuse(path, i + 1, "not a sample", error);
	return TRUE;
}
