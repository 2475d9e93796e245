#include <fcntl.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"

#define SECOND_NS (CLOCK_SECOND_US * 1000)

/* Clocks of file systems may stand still for that long. */
#define SETTLED_NS (2 * SECOND_NS)

static gint64
nanoseconds(struct statx_timestamp time)
{
	return (gint64)time.tv_sec * SECOND_NS + (gint64)time.tv_nsec;
}

struct file_stamp
file_stamp_of(const char *path)
{
	struct file_stamp stamp = { 0 };
	struct statx status;

	/* Of a network's file system, not what it was a while ago. */
	if (statx(AT_FDCWD, path, AT_STATX_FORCE_SYNC, STATX_BASIC_STATS,
		  &status) != 0 ||
	    nanoseconds(status.stx_ctime) + SETTLED_NS > clock_now_us() * 1000)
		return stamp;
	stamp.device =
		(guint64)status.stx_dev_major << 32 | status.stx_dev_minor;
	stamp.inode = status.stx_ino;
	stamp.size = (gint64)status.stx_size;
	stamp.modified_ns = nanoseconds(status.stx_mtime);
	stamp.changed_ns = nanoseconds(status.stx_ctime);
	return stamp;
}

gboolean
file_stamp_same(const struct file_stamp *a, const struct file_stamp *b)
{
	return a->inode != 0 && a->device == b->device &&
	       a->inode == b->inode && a->size == b->size &&
	       a->modified_ns == b->modified_ns &&
	       a->changed_ns == b->changed_ns;
}
