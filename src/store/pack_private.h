/* Bytes as they lie in the store: a zstd frame, or plain; with a checksum. */
#ifndef STORE_PACK_PRIVATE_H
#define STORE_PACK_PRIVATE_H

#include <glib.h>

GBytes *pack(GBytes *bytes);

/*
 * What packing works with, kept for the next: to make it takes as long as
 * packing a mail. Used by many threads at once.
 */
struct packers;

struct packers *packers_new(void);
void packers_free(struct packers *packers);

/* As pack(). */
GBytes *packers_pack(struct packers *packers, GBytes *bytes);

/*
 * Bytes of which a message has a few hundred: compressing them saves next to
 * nothing and takes longer than all else that is done to keep them.
 */
GBytes *pack_small(GBytes *bytes);

/* The size of what either packed. */
guint64 pack_size(GBytes *frame);

/* The `size` bytes of a frame; STORE_ERROR_BROKEN when it is not that. */
GBytes *unpack(const void *frame, gsize frame_size, guint64 size,
	       GError **error);

#endif
