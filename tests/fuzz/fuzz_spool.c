/*
 * Any bytes as a file of the spool, as they are and with their digest made
 * right, and as a packed frame: what is taken can be given to the store, and
 * written again it says the same.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "../../src/store/pack_private.h"
#include "../../src/store/spool_file_private.h"

#define UNPACKED_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static gboolean
parse(GBytes *bytes, struct spool_file *file)
{
	g_autoptr(GError) error = NULL;
	const gboolean ok = spool_file_parse(bytes, file, &error);

	g_assert(ok == (error == NULL));
	g_assert(ok == (file->messages != NULL));
	return ok;
}

static void
check_again(const struct spool_file *file)
{
	struct spool_file again = { NULL, NULL };
	g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(spool_file_format(
		(struct store_message *const *)file->messages->pdata,
		file->messages->len, file->bytes));

	g_assert(parse(bytes, &again));
	g_assert(g_bytes_equal(again.bytes, file->bytes));
	g_assert(again.messages->len == file->messages->len);
	for (guint i = 0; i < again.messages->len; i++) {
		const struct store_message *a = file->messages->pdata[i];
		const struct store_message *b = again.messages->pdata[i];

		g_assert(id_valid(b->id) && strcmp(a->id, b->id) == 0);
		g_assert(strcmp(a->buyer, b->buyer) == 0);
		g_assert(strcmp(a->subject, b->subject) == 0);
		g_assert(a->fingerprint == b->fingerprint);
		g_assert((a->features == NULL) == (b->features == NULL));
	}
	spool_file_clear(&again);
}

static void
check(GBytes *bytes)
{
	struct spool_file file = { NULL, NULL };

	if (parse(bytes, &file))
		check_again(&file);
	spool_file_clear(&file);
}

static void
check_sealed(const uint8_t *data, size_t size)
{
	g_autofree char *sum =
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, size);
	g_autoptr(GString) text = g_string_new("{\"sha256\":\"");
	g_autoptr(GBytes) bytes = NULL;

	g_string_append(text, sum);
	g_string_append_len(text, (const char *)data, (gssize)size);
	bytes = g_bytes_new(text->str, text->len);
	check(bytes);
}

static void
check_frame(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(GBytes) packed = pack(bytes);
	g_autoptr(GBytes) back = unpack(g_bytes_get_data(packed, NULL),
					g_bytes_get_size(packed), size, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) odd = NULL;

	g_assert(g_bytes_equal(bytes, back));
	if (size < sizeof(guint64) || pack_size(bytes) > UNPACKED_MAX)
		return;
	odd = unpack(data, size, pack_size(bytes), &error);
	g_assert((odd == NULL) == (error != NULL));
	g_assert(!odd || g_bytes_get_size(odd) == pack_size(bytes));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);

	check(bytes);
	check_sealed(data, size);
	check_frame(data, size);
	return 0;
}
