#include "history_private.h"

/*
 * The second touch: what real mail says of it. The third and later: that says
 * more, and no more may be added. A colleague: what DESIGN asks for, kept
 * small, since nothing measures it.
 */
#define SECOND	       0.4
#define THIRD	       1.0
#define COLLEAGUE      0.25
#define COLLEAGUES_MAX 2

static double
touch_logit(guint touch)
{
	if (touch < 2)
		return 0;
	return touch == 2 ? SECOND : THIRD;
}

double
history_logit(const struct history *history)
{
	const guint colleagues = MIN(history->colleagues, COLLEAGUES_MAX);
	const double logit =
		touch_logit(history->touch) + COLLEAGUE * colleagues;

	return MIN(logit, HISTORY_LOGIT_MAX);
}

char *
history_name(const struct history *history)
{
	GString *name = g_string_new("history: ");

	if (history->touch > 1)
		g_string_append_printf(name, "touch %u", history->touch);
	if (history->touch > 1 && history->colleagues > 0)
		g_string_append(name, ", ");
	if (history->colleagues > 0)
		g_string_append_printf(name, "%u colleague%s",
				       history->colleagues,
				       history->colleagues == 1 ? "" : "s");
	return g_string_free(name, FALSE);
}
