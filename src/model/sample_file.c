/*
 * Feature files. A header line, then one line a sample:
 * kind TAB source TAB author TAB dense,dense,... TAB block:bucket:count ...
 * where buckets of one block rise and are written as differences.
 */
#include "model/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/file.h"
#include "model/model.h"

#define FILE_SIZE_MAX (256 << 20)
#define LEVEL	      19
#define FIELDS	      5
#define PLACES	      ((gsize)TERM_BLOCKS * TERM_BUCKETS)

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

	users->count = g_new0(guint8, PLACES);
	users->last = g_new0(guint32, PLACES);
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
		g_string_append_printf(
			out, "%s%d", i > 0 ? "," : "",
			(int)lroundf(sample->dense[i] * 1000.0f));
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

/* The text as one frame with a checksum, so that damage shows. */
static GBytes *
pack(const GString *text)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	gsize bound = ZSTD_compressBound(text->len);
	char *packed = g_malloc(bound);
	gsize size;

	g_assert(context != NULL);
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	size = ZSTD_compress2(context, packed, bound, text->str, text->len);
	g_assert(!ZSTD_isError(size));
	ZSTD_freeCCtx(context);
	return g_bytes_new_take(packed, size);
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
	g_autoptr(GBytes) packed = NULL;
	gsize size;
	const void *data;

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
	packed = pack(text);
	data = g_bytes_get_data(packed, &size);
	return file_replace(path, data, size, 0644, error);
}

static gboolean
line_refuse(const char *path, guint line, const char *what, GError **error)
{
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN, "%s:%u: %s", path,
		    line, what);
	return FALSE;
}

static char *
file_refuse(const char *path, const char *what, GError **error)
{
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN, "%s: %s", path,
		    what);
	return NULL;
}

/* Digits that are at most `max`; `*text` then stands behind them. */
static gboolean
parse_digits(const char **text, guint64 max, guint64 *value)
{
	char *end;

	if (!g_ascii_isdigit(**text))
		return FALSE;
	*value = g_ascii_strtoull(*text, &end, 10);
	*text = end;
	return *value <= max;
}

static gboolean
parse_dense(struct sample *sample, const char *text)
{
	for (guint i = 0; i < outreach_dense_count(); i++) {
		guint64 value;

		if ((i > 0 && *text++ != ',') ||
		    !parse_digits(&text, 1000, &value))
			return FALSE;
		sample->dense[i] = (float)value / 1000.0f;
	}
	return *text == '\0';
}

/* "step " or "step:count ". */
static gboolean
parse_term(const char **text, guint64 *step, guint64 *count)
{
	*count = 1;
	if (!parse_digits(text, PLACES - 1, step))
		return FALSE;
	if (**text == ':') {
		(*text)++;
		if (!parse_digits(text, G_MAXUINT16, count))
			return FALSE;
	}
	return *count > 0 && *(*text)++ == ' ';
}

static gboolean
parse_terms(struct sample *sample, const char *text)
{
	guint64 place = 0;

	while (*text != '\0') {
		guint64 step;
		guint64 count;
		struct term term;

		if (!parse_term(&text, &step, &count))
			return FALSE;
		place += step;
		if (place >= PLACES || (step == 0 && sample->terms->len > 0))
			return FALSE;
		term.bucket = (guint32)(place % TERM_BUCKETS);
		term.count = (guint16)count;
		term.block = (guint8)(place / TERM_BUCKETS);
		g_array_append_val(sample->terms, term);
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
	if (size > FILE_SIZE_MAX)
		return file_refuse(path, "not a feature file", error);
	text = g_malloc(size + 1);
	if (ZSTD_isError(ZSTD_decompress(text, size, data, packed))) {
		g_free(text);
		return file_refuse(path, "damaged or cut off", error);
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
