/* For targets whose parser reads a file: one that holds just these bytes. */
#ifndef FUZZ_PUT_H
#define FUZZ_PUT_H

#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

/* Not g_file_set_contents_full(): without its flag for consistency it leaves
 * the end of a longer file that was there (GLib 2.74). */
static inline void
put(const char *path, const void *data, gsize size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	g_assert(fd >= 0);
	g_assert(write(fd, data, size) == (gssize)size);
	close(fd);
}

#endif
