#include "pack_private.h"

#include <string.h>
#include <xxhash.h>
#include <zstd.h>

#include "store/store.h"

/* More than any driver keeps in a row; a damaged row must not ask for it. */
#define SIZE_MAX_UNPACKED (G_GUINT64_CONSTANT(1) << 30)

/* A third of the default's time, and a body a twentieth larger. */
#define LEVEL 1

/* What is stored as it is, with its sum behind it. */
#define PLAIN_MIN 16
#define PLAIN_MAX 4096

GBytes *
pack(GBytes *bytes)
{
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	gsize room = ZSTD_compressBound(size);
	void *frame = g_malloc(room);
	ZSTD_CCtx *context = ZSTD_createCCtx();
	gsize used;

	g_assert(context);
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	used = ZSTD_compress2(context, frame, room, data, size);
	ZSTD_freeCCtx(context);
	/* With room for the worst case only memory can have run out. */
	g_assert(!ZSTD_isError(used));
	return g_bytes_new_take(g_realloc(frame, used), used);
}

/* Zstandard's magic number, which nothing that is stored plain begins with. */
static gboolean
is_frame(const void *data, gsize size)
{
	guint32 magic;

	if (size < sizeof(magic))
		return FALSE;
	memcpy(&magic, data, sizeof(magic));
	return GUINT32_FROM_LE(magic) == ZSTD_MAGICNUMBER;
}

GBytes *
pack_small(GBytes *bytes)
{
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	guint64 sum;
	char *plain;

	if (size < PLAIN_MIN || size > PLAIN_MAX || is_frame(data, size))
		return pack(bytes);
	sum = GUINT64_TO_LE(XXH3_64bits(data, size));
	plain = g_malloc(size + sizeof(sum));
	memcpy(plain, data, size);
	memcpy(plain + size, &sum, sizeof(sum));
	return g_bytes_new_take(plain, size + sizeof(sum));
}

guint64
pack_size(GBytes *frame)
{
	gsize size;
	const void *data = g_bytes_get_data(frame, &size);

	return is_frame(data, size) ? ZSTD_getFrameContentSize(data, size)
				    : size - sizeof(guint64);
}

static GBytes *
unpack_plain(const char *plain, gsize size, GError **error)
{
	guint64 sum;

	memcpy(&sum, plain + size, sizeof(sum));
	if (GUINT64_FROM_LE(sum) == XXH3_64bits(plain, size))
		return g_bytes_new(plain, size);
	g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
		    "what was kept is damaged: its sum is another");
	return NULL;
}

GBytes *
unpack(const void *frame, gsize frame_size, guint64 size, GError **error)
{
	g_autofree void *data = NULL;
	gsize got;

	if (size >= PLAIN_MIN && size <= PLAIN_MAX &&
	    frame_size == size + sizeof(guint64) &&
	    !is_frame(frame, frame_size))
		return unpack_plain(frame, size, error);
	if (size > SIZE_MAX_UNPACKED ||
	    ZSTD_getFrameContentSize(frame, frame_size) != size) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
			    "body of %" G_GUINT64_FORMAT
			    " bytes does not fit its row",
			    size);
		return NULL;
	}
	data = g_malloc(size + 1);
	got = ZSTD_decompress(data, size, frame, frame_size);
	if (ZSTD_isError(got) || got != size) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
			    "body is damaged: %s",
			    ZSTD_isError(got) ? ZSTD_getErrorName(got)
					      : "too short");
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&data), size);
}
