#include "store_faults.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct in the same memory */
};

static sqlite3_vfs vfs;
static sqlite3_io_methods methods;
static atomic_uint calls;
static atomic_uint fatal;
static atomic_int lasting_fault;
static atomic_int kind;
static atomic_uint syncs;

void
faults_set(guint n, enum fault fault, gboolean lasting)
{
	fatal = 0;
	calls = 0;
	kind = (int)fault;
	lasting_fault = lasting;
	fatal = n;
}

gboolean
faults_struck(void)
{
	return fatal > 0 && calls >= fatal;
}

guint
faults_syncs(void)
{
	return syncs;
}

static gboolean
strikes(void)
{
	guint call = atomic_fetch_add(&calls, 1) + 1;

	if (fatal == 0 || call < fatal)
		return FALSE;
	return call == fatal || lasting_fault;
}

static sqlite3_file *
real(sqlite3_file *file)
{
	return ((struct file *)(void *)file)->real;
}

static int
failure(int io)
{
	return kind == FAULT_FULL ? SQLITE_FULL : io;
}

static int
file_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int
file_read(sqlite3_file *file, void *data, int n, sqlite3_int64 at)
{
	return real(file)->pMethods->xRead(real(file), data, n, at);
}

/* What fails may have been done in part: half is written. */
static int
file_write(sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
	if (strikes()) {
		real(file)->pMethods->xWrite(real(file), data, n / 2, at);
		return failure(SQLITE_IOERR_WRITE);
	}
	return real(file)->pMethods->xWrite(real(file), data, n, at);
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (strikes())
		return failure(SQLITE_IOERR_TRUNCATE);
	return real(file)->pMethods->xTruncate(real(file), size);
}

static int
file_sync(sqlite3_file *file, int flags)
{
	if (strikes())
		return failure(SQLITE_IOERR_FSYNC);
	atomic_fetch_add(&syncs, 1);
	return real(file)->pMethods->xSync(real(file), flags);
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real(file)->pMethods->xFileSize(real(file), size);
}

static int
file_lock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xLock(real(file), level);
}

static int
file_unlock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int
file_reserved(sqlite3_file *file, int *result)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int
file_control(sqlite3_file *file, int op, void *argument)
{
	return real(file)->pMethods->xFileControl(real(file), op, argument);
}

static int
file_sector(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int
file_traits(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int
file_map(sqlite3_file *file, int page, int size, int extend,
	 void volatile **memory)
{
	return real(file)->pMethods->xShmMap(real(file), page, size, extend,
					     memory);
}

static int
file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

static void
file_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int
file_unmap(sqlite3_file *file, int remove)
{
	return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static int
vfs_open(sqlite3_vfs *self, const char *name, sqlite3_file *base, int flags,
	 int *out)
{
	struct file *file = (struct file *)(void *)base;
	sqlite3_vfs *below = self->pAppData;
	int rc;

	file->real = (sqlite3_file *)(void *)(file + 1);
	rc = below->xOpen(below, name, file->real, flags, out);
	base->pMethods = file->real->pMethods ? &methods : NULL;
	return rc;
}

static const sqlite3_io_methods own_methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_traits,
	.xShmMap = file_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_barrier,
	.xShmUnmap = file_unmap,
};

void
faults_register(void)
{
	sqlite3_vfs *below = sqlite3_vfs_find(NULL);

	methods = own_methods;
	vfs = *below;
	vfs.zName = "faults";
	vfs.szOsFile = (int)sizeof(struct file) + below->szOsFile;
	vfs.pAppData = below;
	vfs.pNext = NULL;
	vfs.xOpen = vfs_open;
	g_assert(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}
