/* What those who review do. */
#include "fake_private.h"

static gboolean
version_add(struct store *store, struct store_version *version, guint after,
	    GError **error)
{
	struct fake_turn turn;
	guint number = version->number;
	gboolean ok;

	if (!fake_begin(store, NULL, &turn, error))
		return FALSE;
	ok = fake_end(&turn,
		      store_version_add(turn.inner, version, after, error),
		      error);
	if (!ok)
		version->number = number;
	return ok;
}

static GPtrArray *
version_list(struct store *store, const char *buyer, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_version_list(inner, buyer, error) : NULL;
}

static GPtrArray *
version_list_since(struct store *store, const GPtrArray *known, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_version_list_since(inner, known, error) : NULL;
}

static gboolean
version_mark(struct store *store, guint64 *mark, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner && store_version_mark(inner, mark, error);
}

const struct store_versions fake_versions = { version_add, version_list,
					      version_list_since,
					      version_mark };

static gboolean
pend(struct store *store, struct store_pending *pending, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, pending->id, &turn, error) &&
	       fake_end(&turn, store_pending_add(turn.inner, pending, error),
			error);
}

static gboolean
pending_end(struct store *store, const struct store_ending *ending,
	    GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_pending_end(turn.inner, ending->kind,
					  ending->buyer, ending->message,
					  ending->by, ending->note, error),
			error);
}

static GPtrArray *
pending_list(struct store *store, enum store_pending_kind kind,
	     const char *buyer, gint64 now_us, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_pending_list(inner, kind, buyer, now_us, error)
		     : NULL;
}

static GPtrArray *
fold_list(struct store *store, const struct store_fold_query *query,
	  struct store_fold_total *total, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_fold_list(inner, query, total, error) : NULL;
}

static GPtrArray *
flow_list(struct store *store, const char *buyer, gint64 since_us,
	  GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_flow_list(inner, buyer, since_us, error) : NULL;
}

static GPtrArray *
flow_near(struct store *store, const struct store_span *span, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_flow_near(inner, span->buyer, span->tag,
				       span->since_us, error)
		     : NULL;
}

const struct store_review fake_review = {
	pend, pending_end, pending_list, fold_list, flow_list, flow_near,
};
