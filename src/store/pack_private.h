/* Bodies as they lie in the store: one zstd frame with a checksum. */
#ifndef STORE_PACK_PRIVATE_H
#define STORE_PACK_PRIVATE_H

#include <glib.h>

GBytes *pack(GBytes *bytes);

/* The size of what was packed. */
guint64 pack_size(GBytes *frame);

/* The `size` bytes of a frame; STORE_ERROR_BROKEN when it is not that. */
GBytes *unpack(const void *frame, gsize frame_size, guint64 size,
	       GError **error);

#endif
