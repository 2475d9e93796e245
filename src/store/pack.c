#include "pack_private.h"

#include <pthread.h>
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

/* So many are kept, of this size at most: as many as pack at once, and none
 * that has grown with a message as rare as it is large. */
#define IDLE_MAX       4
#define IDLE_BYTES_MAX (512 << 10)

struct packers {
	pthread_mutex_t lock;
	ZSTD_CCtx *idle[IDLE_MAX];
	guint n;
};

static ZSTD_CCtx *
context_new(void)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();

	g_assert(context);
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	return context;
}

static GBytes *
pack_with(ZSTD_CCtx *context, GBytes *bytes)
{
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	gsize room = ZSTD_compressBound(size);
	void *frame = g_malloc(room);
	gsize used = ZSTD_compress2(context, frame, room, data, size);

	/* With room for the worst case only memory can have run out. */
	g_assert(!ZSTD_isError(used));
	return g_bytes_new_take(g_realloc(frame, used), used);
}

GBytes *
pack(GBytes *bytes)
{
	ZSTD_CCtx *context = context_new();
	GBytes *frame = pack_with(context, bytes);

	ZSTD_freeCCtx(context);
	return frame;
}

struct packers *
packers_new(void)
{
	struct packers *packers = g_new0(struct packers, 1);

	pthread_mutex_init(&packers->lock, NULL);
	return packers;
}

void
packers_free(struct packers *packers)
{
	for (guint i = 0; i < packers->n; i++)
		ZSTD_freeCCtx(packers->idle[i]);
	pthread_mutex_destroy(&packers->lock);
	g_free(packers);
}

static ZSTD_CCtx *
take(struct packers *packers)
{
	ZSTD_CCtx *context = NULL;

	pthread_mutex_lock(&packers->lock);
	if (packers->n > 0)
		context = packers->idle[--packers->n];
	pthread_mutex_unlock(&packers->lock);
	return context ? context : context_new();
}

static void
give(struct packers *packers, ZSTD_CCtx *context)
{
	const gboolean small = ZSTD_sizeof_CCtx(context) <= IDLE_BYTES_MAX;

	pthread_mutex_lock(&packers->lock);
	if (small && packers->n < IDLE_MAX)
		packers->idle[packers->n++] = g_steal_pointer(&context);
	pthread_mutex_unlock(&packers->lock);
	ZSTD_freeCCtx(context);
}

GBytes *
packers_pack(struct packers *packers, GBytes *bytes)
{
	ZSTD_CCtx *context = take(packers);
	GBytes *frame = pack_with(context, bytes);

	give(packers, context);
	return frame;
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
