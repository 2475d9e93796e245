/*
 * Gives each file named, or in a folder named, to one fuzz target, so that
 * the seeds run in every build, with any compiler. Prints TAP.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static guint
replay_file(const char *path, guint before)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *data = NULL;
	gsize size;

	if (!g_file_get_contents(path, &data, &size, &error)) {
		fprintf(stderr, "replay: %s\n", error->message);
		return 0;
	}
	LLVMFuzzerTestOneInput((const uint8_t *)data, size);
	printf("ok %u - %s\n", before + 1, path);
	return 1;
}

static guint
replay(const char *path, guint before)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	guint n = 0;

	if (!dir)
		return replay_file(path, before);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		n += replay_file(below, before + n);
	}
	return n;
}

int
main(int argc, char **argv)
{
	guint n = 0;

	for (int i = 1; i < argc; i++)
		n += replay(argv[i], n);
	printf("1..%u\n", n);
	return n > 0 ? 0 : 1;
}
