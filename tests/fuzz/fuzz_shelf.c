/*
 * Any bytes as an exported model, as they are and with heading and sums made
 * right (the input is its three files, parted by lines of "---"): whatever
 * comes of it, only whole versions are on the shelf, and nothing anywhere else.
 */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/promotion.h"
#include "put.h"

#define BORDER "\n---\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "model.svm", "terms.idf", "card.yaml" };

static char *folder; /* made once for the process: models/ and an export */

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		if (g_file_test(below, G_FILE_TEST_IS_DIR))
			remove_tree(below);
		else
			unlink(below);
	}
	rmdir(path);
}

static void
clean_up(void)
{
	remove_tree(folder);
	g_free(folder);
}

/* Hidden names are half-made versions, which must not stay. */
static void
check_shelf(const char *models, const char *id)
{
	g_autofree char *shelf =
		g_build_filename(models, PROMOTION_SHELF, NULL);
	g_autoptr(GDir) dir = g_dir_open(shelf, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) != NULL)
		g_assert(id && strcmp(name, id) == 0);
}

static void
import(const void *data, gsize size)
{
	g_autofree char *models = g_build_filename(folder, "models", NULL);
	g_autofree char *path = g_build_filename(folder, "export", NULL);
	g_autoptr(GPtrArray) before = NULL;
	g_autoptr(GPtrArray) after = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *id = NULL;
	gboolean ok;

	g_assert(folder_make(models, NULL));
	put(path, data, size);
	before = file_names(folder);
	ok = promotion_import(models, path, &id, &error);
	after = file_names(folder);
	g_assert(ok == (error == NULL) && ok == (id != NULL));
	g_assert(!ok || promotion_name_valid(id));
	g_assert(before->len == after->len);
	check_shelf(models, id);
	remove_tree(models);
}

static void
append_sum(GString *out, const char *data, gsize size)
{
	g_autofree char *sum = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)data, size);

	g_string_append_printf(out, "%s\n", sum);
}

static void
import_sealed(const char *text)
{
	g_auto(GStrv) files = g_strsplit(text, BORDER, G_N_ELEMENTS(names));
	g_autoptr(GString) out = g_string_new("pitchward model 1\n");

	for (guint i = 0; files[i]; i++) {
		g_string_append_printf(out, "%s %zu ", names[i],
				       strlen(files[i]));
		append_sum(out, files[i], strlen(files[i]));
	}
	g_string_append_c(out, '\n');
	for (guint i = 0; files[i]; i++)
		g_string_append(out, files[i]);
	append_sum(out, out->str, out->len);
	import(out->str, out->len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);

	if (!folder) {
		folder = g_dir_make_tmp("pitchward-fuzz-XXXXXX", NULL);
		atexit(clean_up);
	}
	import(data, size);
	import_sealed(text);
	return 0;
}
