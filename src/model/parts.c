#include "parts_private.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "model/model.h"

#define PROBE_TOLERANCE 1e-5 /* float weights against libsvm's doubles */

char *
parts_folder(const char *folder)
{
	g_autofree char *target = g_file_read_link(folder, NULL);
	g_autofree char *parent = NULL;

	if (target == NULL)
		return g_strdup(folder);
	if (g_path_is_absolute(target))
		return g_steal_pointer(&target);
	parent = g_path_get_dirname(folder);
	return g_build_filename(parent, target, NULL);
}

gboolean
parts_moved(const char *folder, char **own)
{
	char *now = parts_folder(folder);
	const gboolean moved = strcmp(now, *own) != 0;

	g_free(*own);
	*own = now;
	return moved;
}

GBytes *
parts_read(const char *folder, const char *name, const char *digest,
	   GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = file_read(path, SVM_SIZE_MAX, &local);
	g_autofree char *found = NULL;

	if (bytes == NULL) {
		g_set_error_literal(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
				    local->message);
		return NULL;
	}
	found = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	if (strcmp(found, digest) == 0)
		return g_steal_pointer(&bytes);
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
		    "%s: its SHA-256 is not the card's: truncated, damaged or "
		    "not the file that was trained",
		    path);
	return NULL;
}

static gboolean
probes_agree(const struct card *card, const struct svm_probe *probes,
	     const struct linear *linear, GError **error)
{
	for (guint i = 0; i < card->n_probes; i++) {
		double ours = vector_dot(&card->probes[i].vector, linear->w,
					 linear->size) +
			      linear->bias;
		double told = card->probes[i].decision;
		double slack = PROBE_TOLERANCE * (1 + fabs(told));

		if (fabs(ours - told) <= slack &&
		    fabs(probes[i].decision - told) <= slack)
			continue;
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
			    "probe %u gives %g here, %g by libsvm, %g when it "
			    "was trained",
			    i + 1, ours, probes[i].decision, told);
		return FALSE;
	}
	return TRUE;
}

gboolean
parts_linear(const char *folder, const struct card *card, guint size,
	     struct linear *linear, GError **error)
{
	g_autoptr(GBytes) bytes =
		parts_read(folder, "model.svm", card->sha_model, error);
	struct svm_probe probes[CARD_PROBES_MAX];

	if (bytes == NULL)
		return FALSE;
	for (guint i = 0; i < card->n_probes; i++)
		probes[i].vector = &card->probes[i].vector;
	if (svm_read(bytes, size, probes, card->n_probes, linear, error)) {
		if (probes_agree(card, probes, linear, error))
			return TRUE;
		linear_clear(linear);
	}
	g_prefix_error(error, "%s/model.svm: ", folder);
	return FALSE;
}
