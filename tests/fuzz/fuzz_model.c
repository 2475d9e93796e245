/*
 * Any bytes as model.svm, with a card that speaks for them: what is not in
 * the form of a model must not reach libsvm's loader, which trusts its input.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "features/relevance.h"
#include "model/model.h"
#include "put.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Made once for the process: FOLDER/relevance with terms.idf. */
static char *folder;
static char *terms_sum;

static char *
path_of(const char *name)
{
	return g_build_filename(folder, "relevance", name, NULL);
}

static void
put_file(const char *name, const void *data, size_t size)
{
	g_autofree char *path = path_of(name);

	put(path, data, size);
}

static void
clean_up(void)
{
	static const char *const names[] = { "model.svm", "terms.idf",
					     "card.yaml", NULL };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = path_of(names[i]);

		g_remove(path);
	}
	g_remove(folder);
	g_free(folder);
	g_free(terms_sum);
}

static void
set_up(void)
{
	g_autofree char *terms = g_malloc0(TERM_BUCKETS);
	g_autofree char *own = NULL;

	folder = g_dir_make_tmp("pitchward-fuzz-XXXXXX", NULL);
	own = g_build_filename(folder, "relevance", NULL);
	g_assert(g_mkdir(own, 0700) == 0);
	put_file("terms.idf", terms, TERM_BUCKETS);
	terms_sum = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)terms, TERM_BUCKETS);
	atexit(clean_up);
}

/* The probe has no feature that a model has: it decides as the bias does. */
static void
put_card(const uint8_t *data, size_t size, double decision)
{
	g_autofree char *sum =
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, size);
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	g_autofree char *text = g_strdup_printf(
		"version: 1\nid: fuzz\nkind: relevance\nfeatures: %d\n"
		"created: 2026-11-22\n"
		"sha256: {model.svm: %s, terms.idf: %s}\n"
		"calibration: {a: -1, b: 0}\n"
		"data: {examples: 1, positive: 1, groups: 1, sources: x}\n"
		"metrics: []\nprobes: [{decision: %s, vector: \"999:1\"}]\n",
		RELEVANCE_VERSION, sum, terms_sum,
		g_ascii_formatd(number, sizeof number, "%.17g", decision));
	g_autofree char *seal =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	g_autofree char *card =
		g_strconcat(text, "checksum: ", seal, "\n", NULL);

	put_file("card.yaml", card, strlen(card));
}

/* What the file says rho is, where a model's file says it. */
static double
rho_of(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	const char *at = strstr(text, "\nrho ");
	double rho = at ? g_ascii_strtod(at + 5, NULL) : 0;

	return isfinite(rho) ? CLAMP(rho, -1e6, 1e6) : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Model) model = NULL;
	double rho = rho_of(data, size);

	if (!folder)
		set_up();
	put_file("model.svm", data, size);
	put_card(data, size, -rho);
	model = model_load(folder, MODEL_RELEVANCE, &error);
	if (!model) {
		g_clear_error(&error);
		put_card(data, size, rho); /* labels the other way round */
		model = model_load(folder, MODEL_RELEVANCE, &error);
	}
	g_assert((model == NULL) == (error != NULL));
	g_assert(model || error->domain == MODEL_ERROR);
	for (guint i = 0; model && i < RELEVANCE_SIZE; i++)
		g_assert(isfinite(model_weight(model, i)));
	return 0;
}
