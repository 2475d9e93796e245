/* What the members said, and what of it counts for each kind of model. */
#include "learn_labels_private.h"

#include "features/relevance.h"
#include "model/promotion.h"

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
learn_labels_clear(struct learn_labels *labels)
{
	progress_clear(&labels->progress);
	g_clear_pointer(&labels->notes, g_ptr_array_unref);
}

/* NULL without an error: its features are gone, or of other making. */
static struct imprint *
imprint_of(struct learn_labels *labels, const struct store_feedback *feedback,
	   GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = store_features(labels->store, feedback->buyer,
						 feedback->message, &local);
	g_autoptr(Imprint) imprint = NULL;

	if (bytes == NULL &&
	    !g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	if (bytes == NULL) {
		labels->said.featureless++;
		return NULL;
	}
	imprint = imprint_unpack(bytes, NULL);
	if (imprint != NULL && imprint->relevance_version == RELEVANCE_VERSION)
		return g_steal_pointer(&imprint);
	labels->said.foreign++;
	return NULL;
}

static gboolean
note_add(struct learn_labels *labels, const struct store_feedback *feedback,
	 GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(StoreMessage) message = NULL;
	struct imprint *imprint = imprint_of(labels, feedback, &local);
	struct note *note;

	labels->said.active++;
	progress_step(&labels->progress);
	if (imprint == NULL && local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (imprint == NULL)
		return TRUE;
	/* A row that is gone by now takes only its vendor along. */
	message = store_find(labels->store, feedback->buyer, feedback->message,
			     NULL);
	note = g_new0(struct note, 1);
	note->imprint = imprint;
	note->label = feedback->label;
	note->time_us = feedback->time_us;
	note->vendor = g_strdup(message != NULL && message->vendor != NULL
					? message->vendor
					: "");
	note->message = g_strdup(message != NULL && message->digest != NULL
					 ? message->digest
					 : "");
	g_ptr_array_add(labels->notes, note);
	return TRUE;
}

gboolean
learn_labels_read(struct learn_labels *labels, struct store *store,
		  const GPtrArray *members, GError **error)
{
	labels->store = store;
	labels->notes = g_ptr_array_new_with_free_func(note_free);
	for (guint i = 0; i < members->len; i++) {
		g_autoptr(GPtrArray) said = store_feedback_list(
			labels->store, members->pdata[i], 0, TRUE, error);

		if (said == NULL)
			return FALSE;
		progress_begin(&labels->progress, "labels read", said->len);
		for (guint k = 0; k < said->len; k++)
			if (!note_add(labels, said->pdata[k], error))
				return FALSE;
		progress_clear(&labels->progress);
	}
	return TRUE;
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
learn_labels_for(const struct learn_labels *labels,
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
learn_has_business(const GArray *labels)
{
	for (guint i = 0; i < labels->len; i++)
		if (!g_array_index(labels, struct adapt_label, i).positive)
			return TRUE;
	return FALSE;
}
