/*
 * One file of the spool: a JSON line about the messages, then their bytes.
 *
 *   {"sha256":"<of all that follows these 64 digits>","version":2,"size":5,
 *   "messages":[{"id":..., "buyer":..., ...}]}\n
 *   bytes
 *
 * A string that is not UTF-8 is {"base64": "..."}; features are base64, too.
 * The first version had no "version", no campaigns and no features: such files
 * are read. Those of a newer version than ours are not.
 */
#ifndef STORE_SPOOL_FILE_PRIVATE_H
#define STORE_SPOOL_FILE_PRIVATE_H

#include "store/store.h"

GByteArray *spool_file_format(struct store_message *const *messages, guint n,
			      GBytes *bytes);

struct spool_file {
	GPtrArray *messages; /* that can be given to store_hold() */
	GBytes *bytes;
};

/* BASE_ERROR_INVALID when it is not whole, in any byte. */
gboolean spool_file_parse(GBytes *content, struct spool_file *file,
			  GError **error);
void spool_file_clear(struct spool_file *file);

#endif
