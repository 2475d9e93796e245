/* What buying groups decide. */
#include "fake_private.h"

/* The id is the caller's by now: nothing is lost with the answer. */
static gboolean
add(struct store *store, const struct store_vote *vote, gint64 said,
    GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			turn.inner->driver->decisions->add(turn.inner, vote,
							   said, error),
			error);
}

static GPtrArray *
list(struct store *store, const char *group, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_vote_list(inner, group, error) : NULL;
}

const struct store_decisions fake_decisions = { add, list };
