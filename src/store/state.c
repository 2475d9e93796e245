#include "state_private.h"

#include <string.h>

static gboolean
leased(const struct state_row *row, gint64 now_us)
{
	return row->state == STORE_RELEASING && row->lease_until_us > now_us;
}

static gboolean
owned(const struct state_row *row, const struct store_change *change)
{
	return strcmp(row->owner, change->owner) == 0;
}

enum state_answer
state_claim(const struct state_row *row, const struct store_change *change,
	    gint64 now_us)
{
	if (leased(row, now_us))
		return owned(row, change) ? STATE_REPEAT : STATE_REFUSE;
	if (row->state == STORE_HELD || row->state == STORE_RELEASING)
		return STATE_CHANGE;
	return STATE_REFUSE;
}

/* A lease that ran out still counts until another has claimed the row. */
enum state_answer
state_settle(const struct state_row *row, const struct store_change *change,
	     gint64 now_us)
{
	(void)now_us;
	if (!owned(row, change))
		return STATE_REFUSE;
	if (row->state == STORE_RELEASING)
		return STATE_CHANGE;
	return row->state == change->state ? STATE_REPEAT : STATE_REFUSE;
}

enum state_answer
state_delete(const struct state_row *row, const struct store_change *change,
	     gint64 now_us)
{
	(void)change;
	(void)now_us;
	if (row->state == STORE_HELD)
		return STATE_CHANGE;
	return row->state == STORE_DELETED ? STATE_REPEAT : STATE_REFUSE;
}

gboolean
state_refuse(const struct state_row *row, const struct store_change *change,
	     GError **error)
{
	if (row->state == STORE_RELEASING)
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "message %s is being released by %s", change->id,
			    row->owner);
	else
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "message %s is %s", change->id,
			    store_state_name(row->state));
	return FALSE;
}
