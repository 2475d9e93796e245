#include "breaker_private.h"

void
breaker_init(struct breaker *breaker, gint64 first_us, gint64 max_us)
{
	breaker->first_us = first_us;
	breaker->max_us = max_us;
	breaker->pause_us = first_us;
	breaker->until_us = 0;
}

gboolean
breaker_allows(const struct breaker *breaker, gint64 now_us)
{
	return now_us >= breaker->until_us;
}

void
breaker_fail(struct breaker *breaker, gint64 now_us)
{
	if (!breaker_allows(breaker, now_us))
		return;
	breaker->until_us = now_us + breaker->pause_us;
	breaker->pause_us = MIN(breaker->pause_us * 2, breaker->max_us);
}

void
breaker_succeed(struct breaker *breaker)
{
	breaker->pause_us = breaker->first_us;
	breaker->until_us = 0;
}
