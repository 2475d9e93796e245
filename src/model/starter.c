#include "model/starter.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "crossval_private.h"
#include "guard_private.h"
#include "model_private.h"
#include "training_private.h"

#define PROBES	       4
#define PROBE_FEATURES 24

static void
tell_outreach(guint done, guint total, gpointer user)
{
	const struct starter *starter = user;

	starter->progress("outreach: unseen authors", done, total,
			  starter->data);
}

static void
tell_relevance(guint done, guint total, gpointer user)
{
	const struct starter *starter = user;

	starter->progress("relevance: unseen buyers", done, total,
			  starter->data);
}

/* Parts of real vectors, short enough for a card. */
static void
probes_take(const struct training *training, struct card *card)
{
	guint apart = MAX(training->n / PROBES, 1);

	card->n_probes = MIN(PROBES, training->n);
	for (guint i = 0; i < card->n_probes; i++) {
		const struct vector *vector = training->x[(gsize)i * apart];
		guint step = MAX(vector->n / PROBE_FEATURES, 1);

		for (guint k = 0; k < vector->n; k += step)
			vector_add(&card->probes[i].vector,
				   vector->items[k].index,
				   vector->items[k].value);
	}
}

/* libsvm's own decision values of the file just made. */
static gboolean
probes_decide(struct card *card, GBytes *svm, guint size, GError **error)
{
	struct svm_probe probes[CARD_PROBES_MAX];
	struct linear linear = { NULL, 0, 0 };

	for (guint i = 0; i < card->n_probes; i++)
		probes[i].vector = &card->probes[i].vector;
	if (!svm_read(svm, size, probes, card->n_probes, &linear, error))
		return FALSE;
	linear_clear(&linear);
	for (guint i = 0; i < card->n_probes; i++)
		card->probes[i].decision = probes[i].decision;
	return TRUE;
}

/* Puts the bytes in place and tells their digest, the caller's. */
static char *
put(const char *folder, const char *name, GBytes *bytes, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);

	if (!file_replace(path, data, size, 0644, error))
		return NULL;
	return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
}

/* The card comes last: until then the old one refuses the new files. */
static gboolean
save(const struct training *training, const struct linear *linear,
     const char *folder, struct card *card, GError **error)
{
	g_autofree char *own =
		g_build_filename(folder, model_kinds[training->kind], NULL);
	g_autofree char *path = g_build_filename(own, "card.yaml", NULL);
	gboolean new_folder = !g_file_test(folder, G_FILE_TEST_EXISTS);
	GBytes *terms = background_bytes(training->background);
	g_autoptr(GBytes) svm = svm_format(linear, error);

	if (svm == NULL || !probes_decide(card, svm, linear->size, error) ||
	    !folder_make(own, error))
		return FALSE;
	/* No secret: other users of the machine score with these models too. */
	if ((new_folder && g_chmod(folder, 0755) != 0) ||
	    g_chmod(own, 0755) != 0)
		return error_set_errno(error, errno, "%s", own);
	card->sha_model = put(own, "model.svm", svm, error);
	if (card->sha_model == NULL)
		return FALSE;
	card->sha_terms = put(own, "terms.idf", terms, error);
	if (card->sha_terms == NULL)
		return FALSE;
	card->id =
		g_strdup_printf("starter-%s-%.8s", model_kinds[training->kind],
				card->sha_model);
	return card_save(card, path, error);
}

/* No card may say that a higher decision means a lower probability. */
static gboolean
is_useful(const struct card *card, GError **error)
{
	if (card->sigmoid.a <= -SIGMOID_SLOPE_MIN)
		return TRUE;
	g_set_error_literal(error, MODEL_ERROR, MODEL_ERROR_DATA,
			    "what was learned does not hold for authors or "
			    "buyers that were not seen: no better than chance");
	return FALSE;
}

/* What differs between the kinds. */
struct recipe {
	double threshold;
	crossval_progress progress;
};

static const struct recipe recipes[] = {
	[MODEL_OUTREACH] = { 0.80, tell_outreach },
	[MODEL_RELEVANCE] = { 0.65, tell_relevance },
};

/* Decides on unseen groups, then fits `linear` on everything. */
static gboolean
fit(const struct starter *starter, struct training *training,
    struct linear *linear, GError **error)
{
	const struct recipe *recipe = &recipes[training->kind];
	struct starter told = *starter;
	g_autofree guint *use = g_new(guint, training->n + 1);

	for (guint i = 0; i < training->n; i++)
		use[i] = i;
	return training_decide(training,
			       starter->progress != NULL ? recipe->progress
							 : NULL,
			       &told, NULL, error) &&
	       svm_fit(training->examples, use, training->n, &training->setting,
		       linear, error);
}

static gboolean
train(const struct starter *starter, struct training *training,
      const char *folder, struct card *card, GError **error)
{
	struct linear linear = { NULL, 0, 0 };
	gboolean done;

	if (!fit(starter, training, &linear, error))
		return FALSE;
	training_measure(training, recipes[training->kind].threshold, card);
	probes_take(training, card);
	done = (!folder || is_useful(card, error)) &&
	       (training->kind != MODEL_OUTREACH ||
		guard_allows(starter, training, &linear, &card->sigmoid,
			     error)) &&
	       (!folder || save(training, &linear, folder, card, error));
	linear_clear(&linear);
	return done;
}

gboolean
starter_train(const struct starter *starter, enum model_kind kind,
	      const char *folder, struct card **card, GError **error)
{
	struct training training;
	g_autoptr(Card) made = card_new();
	gboolean done;

	made->kind = kind;
	made->created_us = starter->created_us;
	made->features = model_shapes[kind].version;
	done = training_prepare(&training, kind, starter->samples,
				starter->corpora, error) &&
	       train(starter, &training, folder, made, error);
	training_clear(&training);
	if (!done)
		g_prefix_error(error, "%s: ", model_kinds[kind]);
	else if (card != NULL)
		*card = g_steal_pointer(&made);
	return done;
}
