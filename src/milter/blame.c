#include "milter/blame.h"

#include <stdatomic.h>
#include <sys/mman.h>

#define PLACES	 256
#define SUSPECTS 64

/* 0 stands for nothing: no digest is 0. */
struct blame {
	_Atomic guint64 places[PLACES];
	_Atomic guint64 suspects[SUSPECTS];
	guint next;
};

struct blame *
blame_new(void)
{
	struct blame *blame = mmap(NULL, sizeof(*blame), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	g_assert(blame != MAP_FAILED);
	return blame;
}

static guint64
mark(guint64 digest)
{
	return digest ? digest : 1;
}

guint
blame_enter(struct blame *blame, guint64 digest)
{
	for (guint i = 0; i < PLACES; i++) {
		guint64 none = 0;

		if (atomic_compare_exchange_strong(&blame->places[i], &none,
						   mark(digest)))
			return i;
	}
	return G_MAXUINT;
}

void
blame_leave(struct blame *blame, guint place)
{
	if (place < PLACES)
		atomic_store(&blame->places[place], 0);
}

gboolean
blame_known(const struct blame *blame, guint64 digest)
{
	for (guint i = 0; i < SUSPECTS; i++)
		if (atomic_load(&blame->suspects[i]) == mark(digest))
			return TRUE;
	return FALSE;
}

guint
blame_collect(struct blame *blame)
{
	guint found = 0;

	for (guint i = 0; i < PLACES; i++) {
		guint64 digest = atomic_exchange(&blame->places[i], 0);

		if (digest == 0)
			continue;
		atomic_store(&blame->suspects[blame->next++ % SUSPECTS],
			     digest);
		found++;
	}
	return found;
}
