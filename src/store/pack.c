#include "pack_private.h"

#include <zstd.h>

#include "store/store.h"

/* More than any driver keeps in a row; a damaged row must not ask for it. */
#define SIZE_MAX_UNPACKED (G_GUINT64_CONSTANT(1) << 30)

/* A third of the default's time, and a body a twentieth larger. */
#define LEVEL 1

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

guint64
pack_size(GBytes *frame)
{
	gsize size;
	const void *data = g_bytes_get_data(frame, &size);

	return ZSTD_getFrameContentSize(data, size);
}

GBytes *
unpack(const void *frame, gsize frame_size, guint64 size, GError **error)
{
	g_autofree void *data = NULL;
	gsize got;

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
