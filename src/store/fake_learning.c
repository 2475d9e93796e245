/* What people said and ruled. */
#include "fake_private.h"

GBytes *
fake_features(struct store *store, const char *buyer, const char *id,
	      GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_features(inner, buyer, id, error) : NULL;
}

gboolean
fake_feedback_add(struct store *store, struct store_feedback *feedback,
		  GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, feedback->id, &turn, error) &&
	       fake_end(&turn, store_feedback_add(turn.inner, feedback, error),
			error);
}

gboolean
fake_feedback_undo(struct store *store, const char *buyer, const char *message,
		   const char *by, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_feedback_undo(turn.inner, buyer, message, by,
					    error),
			error);
}

GPtrArray *
fake_feedback_list(struct store *store, const char *buyer, gint64 since_us,
		   gboolean active_only, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_feedback_list(inner, buyer, since_us, active_only,
					   error)
		     : NULL;
}

gboolean
fake_ruling_add(struct store *store, struct store_ruling *ruling,
		GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, ruling->id, &turn, error) &&
	       fake_end(&turn, store_ruling_add(turn.inner, ruling, error),
			error);
}

gboolean
fake_ruling_undo(struct store *store, const char *buyer, const char *id,
		 const char *by, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_ruling_undo(turn.inner, buyer, id, by, error),
			error);
}

GPtrArray *
fake_ruling_list(struct store *store, const char *buyer, gboolean active_only,
		 GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_ruling_list(inner, buyer, active_only, error)
		     : NULL;
}

gboolean
fake_ruling_find(struct store *store, const struct store_mark *mark,
		 gint64 deadline_us, struct store_ruling **found,
		 GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner && store_ruling_find(inner, mark->buyer, mark->vendor,
					  mark->campaign, mark->now_us,
					  deadline_us, found, error);
}
