/* Any bytes as a corpus's labels.tsv, and as its authors.tsv. */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/corpus.h"
#include "put.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char header[] = "path\tkind\tstep\trelevant\tattack\tlang\t"
			     "campaign\tsource\tauthor\n";
static const char profile[] = "version: 1\n"
			      "buyer: {addresses: [a@x.example]}\n"
			      "priorities: [{id: p, name: n}]\n";

static const char *const names[] = { "labels.tsv", "authors.tsv",
				     "profiles/a.yaml", "profiles", "" };

/* Made once for the process. */
static char *folder;

static void
put_file(const char *name, const void *data, size_t size)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	put(path, data, size);
}

static void
clean_up(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
			g_build_filename(folder, names[i], NULL);

		g_remove(path);
	}
	g_free(folder);
}

static void
set_up(void)
{
	g_autofree char *profiles = NULL;

	folder = g_dir_make_tmp("pitchward-fuzz-XXXXXX", NULL);
	profiles = g_build_filename(folder, "profiles", NULL);
	g_assert(g_mkdir(profiles, 0700) == 0);
	put_file("profiles/a.yaml", profile, strlen(profile));
	atexit(clean_up);
}

static void
load(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Corpus) corpus = corpus_load(folder, &error);

	g_assert((corpus == NULL) == (error != NULL));
	for (guint i = 0; corpus && i < corpus->mails->len; i++) {
		const struct corpus_mail *row = corpus->mails->pdata[i];

		g_assert(row->kind <= KIND_FRAUD);
		g_assert(row->grades->len <= corpus->profiles->len);
		g_assert(g_utf8_validate(row->name, -1, NULL));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GString) labels = g_string_new(header);

	if (!folder)
		set_up();
	g_string_append_len(labels, (const char *)data, (gssize)size);
	put_file("labels.tsv", labels->str, labels->len);
	put_file("authors.tsv", data, size);
	load();
	put_file("authors.tsv", "", 0);
	load();
	return 0;
}
