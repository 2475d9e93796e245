/* What the members said, and what of it counts for each kind of model. */
#include "features/relevance.h"
#include "retrain_private.h"

/* One thing said, with what the message looked like. */
struct note {
	struct imprint *imprint;
	enum store_label label;
	gint64 time_us;
	char *vendor;
	char *message;
};

static void
note_free(gpointer data)
{
	struct note *note = data;

	imprint_free(note->imprint);
	g_free(note->vendor);
	g_free(note->message);
	g_free(note);
}

void
retrain_labels_free(struct retrain_labels *labels)
{
	if (!labels)
		return;
	g_ptr_array_unref(labels->notes);
	g_free(labels);
}

/* NULL without an error: its features are gone, or of other making. */
static struct imprint *
imprint_of(struct store *store, const struct store_feedback *feedback,
	   struct retrain_said *said, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = store_features(store, feedback->buyer,
						 feedback->message, &local);
	g_autoptr(Imprint) imprint = NULL;

	if (!bytes &&
	    !g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	if (!bytes) {
		said->featureless++;
		return NULL;
	}
	imprint = imprint_unpack(bytes, NULL);
	if (imprint && imprint->relevance_version == RELEVANCE_VERSION)
		return g_steal_pointer(&imprint);
	said->foreign++;
	return NULL;
}

static gboolean
note_add(struct retrain_labels *labels, struct store *store,
	 const struct store_feedback *feedback, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(StoreMessage) message = NULL;
	struct imprint *imprint =
		imprint_of(store, feedback, &labels->said, &local);
	struct note *note;

	labels->said.active++;
	if (!imprint && local) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (!imprint)
		return TRUE;
	/* A row that is gone by now takes only its vendor along. */
	message = store_find(store, feedback->buyer, feedback->message, NULL);
	note = g_new0(struct note, 1);
	note->imprint = imprint;
	note->label = feedback->label;
	note->time_us = feedback->time_us;
	note->vendor =
		g_strdup(message && message->vendor ? message->vendor : "");
	note->message =
		g_strdup(message && message->digest ? message->digest : "");
	g_ptr_array_add(labels->notes, note);
	return TRUE;
}

static gboolean
read_member(struct retrain_labels *labels, const struct retrain *retrain,
	    const char *buyer, GError **error)
{
	g_autoptr(GPtrArray) said =
		store_feedback_list(retrain->store, buyer, 0, TRUE, error);

	if (!said)
		return FALSE;
	for (guint i = 0; i < said->len; i++) {
		if (!note_add(labels, retrain->store, said->pdata[i], error))
			return FALSE;
		if (retrain->step)
			retrain->step(retrain->data, i + 1, said->len);
	}
	return TRUE;
}

struct retrain_labels *
retrain_labels_read(const struct retrain *retrain,
		    const struct retrain_whose *whose, GError **error)
{
	g_autoptr(RetrainLabels) labels = g_new0(struct retrain_labels, 1);

	labels->notes = g_ptr_array_new_with_free_func(note_free);
	for (guint i = 0; i < whose->members->len; i++)
		if (!read_member(labels, retrain, whose->members->pdata[i],
				 error))
			return NULL;
	return g_steal_pointer(&labels);
}

/* By the starter that serves, as far as the imprint lets it judge again. */
static double
logit_of(const struct model *model, const struct imprint *imprint,
	 enum model_kind kind)
{
	if (kind == MODEL_OUTREACH)
		return imprint->outreach.logit;
	return imprint_logit(model_probability(
		model, model_decide(model, &imprint->likeness)));
}

static gboolean
counts(const struct note *note, enum model_kind kind)
{
	if (kind == MODEL_OUTREACH)
		return note->imprint->outreach.there;
	return note->imprint->relevance.there &&
	       note->label != STORE_NOT_OUTREACH;
}

GArray *
retrain_labels_for(const struct retrain_labels *labels,
		   const struct model *relevance, enum model_kind kind)
{
	GArray *chosen = g_array_new(FALSE, FALSE, sizeof(struct adapt_label));

	for (guint i = 0; i < labels->notes->len; i++) {
		const struct note *note = labels->notes->pdata[i];
		const struct adapt_label label = {
			.imprint = note->imprint,
			.logit = logit_of(relevance, note->imprint, kind),
			.positive = kind == MODEL_OUTREACH
					    ? note->label != STORE_NOT_OUTREACH
					    : note->label == STORE_RELEVANT,
			.time_us = note->time_us,
			.vendor = note->vendor,
			.message = note->message,
		};

		if (counts(note, kind))
			g_array_append_val(chosen, label);
	}
	return chosen;
}

/* Business mail among what was labelled is what there is to learn from. */
gboolean
retrain_learns(const struct retrain_labels *labels, enum model_kind kind)
{
	if (kind == MODEL_RELEVANCE)
		return TRUE;
	for (guint i = 0; i < labels->notes->len; i++) {
		const struct note *note = labels->notes->pdata[i];

		if (counts(note, kind) && note->label == STORE_NOT_OUTREACH)
			return TRUE;
	}
	return FALSE;
}
