/*
 * Any bytes as an mbox: the messages together are no more than the file, each
 * within its bound, the same ones however small the pieces are that are read,
 * and a file of one message is that message.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../src/cli/mbox_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	guint n;
	gsize size;
	gsize longest;
	gboolean many;
};

static struct sum
read_all(const char *path, gsize size_max)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Mbox) mbox = mbox_open(path, size_max, &error);
	struct sum sum = { 0, 0, 0, FALSE };
	GBytes *bytes;

	g_assert(mbox && !error);
	while ((bytes = mbox_next(mbox, &error)) != NULL) {
		const gsize size = g_bytes_get_size(bytes);

		sum.n++;
		sum.size += size;
		sum.longest = MAX(sum.longest, size);
		sum.many = mbox_number(mbox) > 0;
		g_assert(!sum.many || mbox_number(mbox) == sum.n);
		g_assert(size <= size_max);
		g_bytes_unref(bytes);
	}
	g_assert(!error);
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("mbox", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	struct sum whole;
	struct sum cut;

	g_assert(write(fd, data, size) == (ssize_t)size);
	whole = read_all(path, 1 << 20);
	cut = read_all(path, 16);
	close(fd);
	g_assert(whole.size <= size);
	if (!whole.many)
		g_assert(whole.n == 1 && whole.size == size);
	g_assert(cut.n == whole.n && cut.many == whole.many);
	g_assert(cut.longest == MIN(whole.longest, 16));
	return 0;
}
