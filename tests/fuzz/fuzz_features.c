/*
 * Any text as a feature file (after its first line, and packed as one) and
 * any bytes as the file itself: what is taken, saved and read again is as
 * many samples with the same figures.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "model/sample.h"

#define TEXT_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
path_of(int fd)
{
	return g_strdup_printf("/proc/self/fd/%d", fd);
}

/* NULL when it is refused. */
static struct samples *
load(const void *data, size_t size)
{
	int fd = memfd_create("features", MFD_CLOEXEC);
	g_autofree char *path = path_of(fd);
	g_autoptr(Samples) samples = samples_new();
	g_autoptr(GError) error = NULL;
	gboolean ok;

	g_assert(write(fd, data, size) == (ssize_t)size);
	ok = samples_add_file(samples, path, &error);
	close(fd);
	g_assert(ok == (error == NULL));
	g_assert(ok || g_str_has_prefix(error->message, path));
	return ok ? g_steal_pointer(&samples) : NULL;
}

static struct samples *
load_text(const GString *text)
{
	const gsize room = ZSTD_compressBound(text->len);
	g_autofree char *packed = g_malloc(room);
	const gsize size = ZSTD_compress(packed, room, text->str, text->len, 1);

	g_assert(!ZSTD_isError(size));
	return load(packed, size);
}

static void
check(const struct samples *samples)
{
	for (guint i = 0; i < samples->samples->len; i++) {
		const struct sample *sample = samples->samples->pdata[i];

		g_assert(sample->kind <= KIND_FRAUD);
		for (guint k = 0; k < outreach_dense_count(); k++)
			g_assert(sample->dense[k] >= 0 &&
				 sample->dense[k] <= 1);
		for (guint k = 0; k < sample->terms->len; k++) {
			const struct term *term =
				&g_array_index(sample->terms, struct term, k);

			g_assert(term->bucket < TERM_BUCKETS);
			g_assert(term->count > 0);
		}
	}
}

/* What is saved, in the temporary folder; `text` gets it unpacked. */
static char *
save(const struct samples *samples)
{
	g_autofree char *folder = g_dir_make_tmp("pitchward-fuzz-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "f", NULL);
	g_autofree char *packed = NULL;
	char *text = g_malloc(TEXT_MAX + 1);
	gsize size;

	g_assert(samples_save(samples, path, NULL));
	g_assert(g_file_get_contents(path, &packed, &size, NULL));
	size = ZSTD_decompress(text, TEXT_MAX, packed, size);
	g_assert(!ZSTD_isError(size));
	text[size] = '\0';
	unlink(path);
	rmdir(folder);
	return text;
}

static void
check_text(const uint8_t *data, size_t size)
{
	static char *header;
	g_autoptr(Samples) none = samples_new();
	g_autoptr(Samples) samples = NULL;
	g_autoptr(Samples) again = NULL;
	g_autoptr(GString) text = NULL;
	g_autofree char *saved = NULL;

	if (!header)
		header = save(none);
	text = g_string_new(header);
	g_string_append_len(text, (const char *)data, (gssize)size);
	samples = load_text(text);
	if (!samples)
		return;
	check(samples);
	saved = save(samples);
	g_string_assign(text, saved);
	again = load_text(text);
	g_assert(again && again->samples->len == samples->samples->len);
	check(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	samples_free(load(data, size));
	check_text(data, size);
	return 0;
}
