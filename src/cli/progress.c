#include "progress_private.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

#define FIRST_US CLOCK_SECOND_US
#define EVERY_US (CLOCK_SECOND_US / 5)

void
progress_begin(struct progress *progress, const char *what, guint total)
{
	*progress = (struct progress){
		.what = what,
		.total = total,
		.began_us = clock_monotonic_us(),
		.on = isatty(STDERR_FILENO),
	};
}

static void
draw(struct progress *progress)
{
	if (progress->total > 0)
		fprintf(stderr, "\r%u of %u %s", progress->done,
			progress->total, progress->what);
	else
		fprintf(stderr, "\r%s: %u", progress->what, progress->done);
	fflush(stderr);
}

void
progress_step(struct progress *progress)
{
	gint64 now;

	progress->done++;
	if (!progress->on)
		return;
	now = clock_monotonic_us();
	if (now - progress->began_us < FIRST_US ||
	    now - progress->drawn_us < EVERY_US)
		return;
	progress->drawn_us = now;
	draw(progress);
}

void
progress_clear(struct progress *progress)
{
	if (progress->drawn_us == 0)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->drawn_us = 0;
}
