/* Vendors' cards and what was read of them. */
#include "fake_private.h"

static GPtrArray *
list(struct store *store, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_vendor_list(inner, error) : NULL;
}

static gboolean
move(struct store *store, const struct store_move *moves, guint n,
     const char *by, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_vendor_move(turn.inner, moves, n, by, error),
			error);
}

static gboolean
write_field(struct store *store, const char *domain,
	    enum store_vendor_field field, const char *text, const char *by,
	    GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_vendor_write(turn.inner, domain, field, text, by,
					   error),
			error);
}

static gboolean
quotes_set(struct store *store, const struct store_message *message,
	   const GPtrArray *quotes, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_quotes_set(turn.inner, message, quotes, error),
			error);
}

static GPtrArray *
quotes_list(struct store *store, const struct store_quote_query *query,
	    GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_quotes_list(inner, query, error) : NULL;
}

static GPtrArray *
quotes_due(struct store *store, const char *after, guint limit, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_quotes_due(inner, after, limit, error) : NULL;
}

static GPtrArray *
sums(struct store *store, const char *const *buyers, const double *tags,
     GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_vendor_sums(inner, buyers, tags, error) : NULL;
}

const struct store_vendors fake_vendors = {
	list, move, write_field, quotes_set, quotes_list, quotes_due, sums,
};
