/* Which models serve. */
#include "fake_private.h"

static gboolean
put(struct store *store, const struct store_model *model, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			turn.inner->driver->models->put(turn.inner, model,
							error),
			error);
}

static GPtrArray *
list(struct store *store, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_model_list(inner, error) : NULL;
}

static gboolean
mark(struct store *store, guint64 *number, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner && store_model_mark(inner, number, error);
}

static struct store_model *
get(struct store *store, const char *id, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? inner->driver->models->get(inner, id, error) : NULL;
}

const struct store_models fake_models = { put, list, mark, get };
