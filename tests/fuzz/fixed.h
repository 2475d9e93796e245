/* One key for all runs: an input that was found shows the same again. */
#ifndef FUZZ_FIXED_H
#define FUZZ_FIXED_H

#include <glib.h>
#include <glib/gstdio.h>

#include "base/key.h"
#include "put.h"

/* Made once; a key comes out of a file only. */
static inline const struct key *
fixed_key(void)
{
	static struct key *key;
	g_autofree char *path = NULL;
	int fd;

	if (key)
		return key;
	fd = g_file_open_tmp("fuzz-key-XXXXXX", &path, NULL);
	g_assert(fd >= 0);
	close(fd);
	put(path, "0123456789abcdef0123456789ABCDEF", 32);
	key = key_open(path, NULL);
	g_assert(key);
	g_unlink(path);
	return key;
}

#endif
