#include "milter/counters.h"

#include <sys/mman.h>

#include "base/clock.h"

const gint64 counters_bounds[COUNTERS_BOUNDS] = {
	500,   1000,   2500,   5000,	10000,	 25000,
	50000, 100000, 250000, 1000000, 2500000, 8000000,
};

struct counters *
counters_new(void)
{
	struct counters *counters =
		mmap(NULL, sizeof(*counters), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	g_assert(counters != MAP_FAILED);
	counters->begun_us = clock_now_us();
	counter_set(&counters->loaded, 1);
	return counters;
}

void
counters_took(struct counters *counters, gint64 us)
{
	guint i = 0;

	while (i < COUNTERS_BOUNDS && us > counters_bounds[i])
		i++;
	counter_add(&counters->took[i], 1);
	counter_add(&counters->took_us, (guint64)MAX(us, 0));
}
