/*
 * Models that say what a test wants to hear, in place of libsvm's: every
 * index has a weight made from it, or the decision is set. A folder counts as
 * a model when it is there, as a broken one when "broken" is in it.
 */
#ifndef TESTS_SCREEN_MODELS_H
#define TESTS_SCREEN_MODELS_H

#include <glib.h>
#include <math.h>

#include "features/relevance.h"
#include "model/model.h"

#define FAKE_BIAS (-0.75)

struct model {
	enum model_kind kind;
	struct background *background;
};

static struct {
	gboolean set[2]; /* by kind: say this */
	double decision[2];
	guint asked[2];
	gboolean near_set; /* this of relevance where a priority is near */
	double near;
	gint alive;
} fake;

const char *const model_kinds[] = { "outreach", "relevance", NULL };

GQuark
model_error_quark(void)
{
	return g_quark_from_static_string("model-error");
}

static gboolean
fake_there(const char *folder, const char *kind, const char *file)
{
	g_autofree char *path = g_build_filename(folder, kind, file, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

char *
model_folder_find(const char *given, const char *configured, GError **error)
{
	const char *folder = given ? given : configured;

	if (fake_there(folder, "outreach", NULL))
		return g_strdup(folder);
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT, "no models in %s",
		    folder);
	return NULL;
}

struct model *
model_load_since(const char *folder, enum model_kind kind, struct model *before,
		 GError **error)
{
	(void)before;
	return model_load(folder, kind, error);
}

struct model *
model_load(const char *folder, enum model_kind kind, GError **error)
{
	g_autofree guint8 *table = NULL;
	g_autoptr(GBytes) bytes = NULL;
	struct model *model;

	if (!fake_there(folder, model_kinds[kind], NULL) ||
	    fake_there(folder, model_kinds[kind], "broken")) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
			    "%s/%s: broken", folder, model_kinds[kind]);
		return NULL;
	}
	table = g_malloc(TERM_BUCKETS);
	memset(table, 48, TERM_BUCKETS);
	bytes = g_bytes_new(table, TERM_BUCKETS);
	model = g_new0(struct model, 1);
	model->kind = kind;
	model->background = background_new_from_bytes(bytes);
	g_assert_nonnull(model->background);
	g_atomic_int_inc(&fake.alive);
	return model;
}

void
model_free(struct model *model)
{
	if (!model)
		return;
	background_free(model->background);
	g_free(model);
	g_atomic_int_add(&fake.alive, -1);
}

const struct background *
model_background(const struct model *model)
{
	return model->background;
}

const char *
model_id(const struct model *model)
{
	return model->kind == MODEL_OUTREACH ? "fake-out" : "fake-rel";
}

double
model_weight(const struct model *model, guint index)
{
	const guint mixed = (index + 1 + (guint)model->kind) * 2654435761U;

	/* A third of all weigh nothing. */
	return index % 3 == 0 ? 0 : (double)(mixed >> 16) / 65536 - 0.5;
}

static gboolean
fake_is_near(const struct model *model, const struct vector *vector)
{
	for (guint i = 0; i < vector->n; i++)
		if (model->kind == MODEL_RELEVANCE &&
		    strcmp(relevance_name(vector->items[i].index), "stems") ==
			    0)
			return vector->items[i].value > 0;
	return FALSE;
}

double
model_decide(const struct model *model, const struct vector *vector)
{
	double decision = FAKE_BIAS;

	fake.asked[model->kind]++;
	if (fake.near_set && fake_is_near(model, vector))
		return fake.near;
	if (fake.set[model->kind])
		return fake.decision[model->kind];
	for (guint i = 0; i < vector->n; i++)
		decision += model_weight(model, vector->items[i].index) *
			    (double)vector->items[i].value;
	return decision;
}

double
model_probability(const struct model *model, double decision)
{
	(void)model;
	return 1 / (1 + exp(-decision));
}

/* The decision value of a probability. */
static double
logit(double p)
{
	return log(p / (1 - p));
}

G_GNUC_UNUSED static void
fake_say(double outreach, double relevance)
{
	fake.set[MODEL_OUTREACH] = fake.set[MODEL_RELEVANCE] = TRUE;
	fake.decision[MODEL_OUTREACH] = logit(outreach);
	fake.decision[MODEL_RELEVANCE] = logit(relevance);
}

/* This of relevance instead, where words of a priority are in the mail. */
G_GNUC_UNUSED static void
fake_say_near(double relevance)
{
	fake.near_set = TRUE;
	fake.near = logit(relevance);
}

G_GNUC_UNUSED static void
fake_reset(void)
{
	const gint alive = fake.alive;

	memset(&fake, 0, sizeof(fake));
	fake.alive = alive;
}

#endif
