/*
 * Which change of state is allowed: the rules drivers share. A driver reads
 * the row, asks here and writes, all in one transaction.
 */
#ifndef STORE_STATE_PRIVATE_H
#define STORE_STATE_PRIVATE_H

#include "store_private.h"

struct state_row {
	enum store_state state;
	const char *owner;     /* of the last claim */
	gint64 lease_until_us; /* wall clock */
};

enum state_answer {
	STATE_CHANGE, /* make it */
	STATE_REPEAT, /* it has been made: change nothing */
	STATE_REFUSE  /* STORE_ERROR_CONFLICT, state_refuse() says why */
};

enum state_answer state_claim(const struct state_row *row,
			      const struct store_change *change, gint64 now_us);
enum state_answer state_settle(const struct state_row *row,
			       const struct store_change *change,
			       gint64 now_us);
enum state_answer state_delete(const struct state_row *row,
			       const struct store_change *change,
			       gint64 now_us);

/* Sets the error of a refused change; always FALSE. */
gboolean state_refuse(const struct state_row *row,
		      const struct store_change *change, GError **error);

#endif
