/*
 * Moves the wall clock of a program: CLOCK_SHIFT names a file that begins with
 * the seconds to add, which may be written over while the program runs. The
 * monotonic clock stays as it is, as when a machine's time is set.
 *
 *	printf '%+020d\n' 172800 1<>shift
 *	LD_PRELOAD=clock_preload.so CLOCK_SHIFT=shift pitchward-milter ...
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SHIFT_LEN 32

static const char *shift;

/* The file is mapped once: workers are forked and drop their privileges. */
__attribute__((constructor)) static void
begin(void)
{
	const char *name = getenv("CLOCK_SHIFT");
	int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	void *map;

	if (fd < 0)
		return;
	map = mmap(NULL, SHIFT_LEN, PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		shift = map;
	close(fd);
}

static time_t
shifted(void)
{
	return shift ? (time_t)strtoll(shift, NULL, 10) : 0;
}

int
clock_gettime(clockid_t clock, struct timespec *time)
{
	int result = (int)syscall(SYS_clock_gettime, clock, time);

	if (result == 0 &&
	    (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		time->tv_sec += shifted();
	return result;
}

int
gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	time->tv_sec = now.tv_sec;
	time->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *where)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (where)
		*where = now.tv_sec;
	return now.tv_sec;
}
