/*
 * Any bytes as the golden set, as they are and with heading and digest made
 * right: what is taken is what saving makes again, byte for byte.
 */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/golden.h"
#include "put.h"

#define DIGEST_SIZE 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Made once for the process. */
static char *folder;
static char *path;
static GBytes *empty; /* a golden set of nothing: heading and digest */

static void
clean_up(void)
{
	unlink(path);
	rmdir(folder);
	g_free(path);
	g_free(folder);
	g_bytes_unref(empty);
}

static GBytes *
read_back(void)
{
	char *data;
	gsize size;

	g_assert(g_file_get_contents(path, &data, &size, NULL));
	return g_bytes_new_take(data, size);
}

static void
set_up(void)
{
	g_autoptr(GPtrArray) none = g_ptr_array_new();

	folder = g_dir_make_tmp("pitchward-fuzz-XXXXXX", NULL);
	path = g_build_filename(folder, GOLDEN_FILE, NULL);
	g_assert(golden_save(none, path, NULL));
	empty = read_back();
	atexit(clean_up);
}

static void
check(const void *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(GBytes) again = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) golden = NULL;

	put(path, data, size);
	golden = golden_load(path, &error);
	g_assert((golden == NULL) == (error != NULL));
	g_assert(golden || error->domain == MODEL_ERROR);
	if (!golden)
		return;
	g_assert(golden_save(golden, path, NULL));
	again = read_back();
	g_assert(g_bytes_equal(bytes, again));
}

static void
check_sealed(const uint8_t *data, size_t size)
{
	const gsize head = g_bytes_get_size(empty) - DIGEST_SIZE;
	g_autoptr(GByteArray) file = g_byte_array_new();
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[DIGEST_SIZE];
	gsize room = sizeof digest;

	g_byte_array_append(file, g_bytes_get_data(empty, NULL), (guint)head);
	g_byte_array_append(file, data, (guint)size);
	g_checksum_update(sum, file->data, (gssize)file->len);
	g_checksum_get_digest(sum, digest, &room);
	g_byte_array_append(file, digest, DIGEST_SIZE);
	check(file->data, file->len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!folder)
		set_up();
	check(data, size);
	check_sealed(data, size);
	return 0;
}
