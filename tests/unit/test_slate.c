/* The file that shows the filter's figures: whole whenever it is read, and
 * written without new blocks. */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/milter/slate_private.h"

#define SIZE 32768

struct place {
	char *folder;
	char *path;
	char *spare;
	struct slate *slate;
};

static void
set_up(struct place *place, gconstpointer data)
{
	(void)data;
	place->folder = g_dir_make_tmp("pw-slate-XXXXXX", NULL);
	place->path = g_build_filename(place->folder, "figures", NULL);
	place->spare = g_strconcat(place->path, ".new", NULL);
	place->slate = slate_new(place->path);
}

static void
tear_down(struct place *place, gconstpointer data)
{
	(void)data;
	slate_free(place->slate);
	(void)g_unlink(place->path);
	(void)g_unlink(place->spare);
	g_assert_cmpint(g_rmdir(place->folder), ==, 0);
	g_free(place->folder);
	g_free(place->path);
	g_free(place->spare);
}

static void
write_text(const struct place *place, const char *text)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(slate_write(place->slate, text, &error));
	g_assert_no_error(error);
}

static struct stat
look(const char *path)
{
	struct stat st;

	g_assert_cmpint(stat(path, &st), ==, 0);
	return st;
}

/* What is there, without the empty lines behind it. */
static char *
shown(const char *path)
{
	g_autoptr(GError) error = NULL;
	char *text = NULL;
	gsize size = 0;

	g_file_get_contents(path, &text, &size, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(size % SIZE, ==, 0);
	g_assert_cmpuint(strlen(text), ==, size);
	return g_strchomp(text);
}

static void
check(const char *path, const char *wanted)
{
	g_autofree char *text = shown(path);

	g_assert_cmpstr(text, ==, wanted);
}

static void
replaces(struct place *place, gconstpointer data)
{
	static const char *const texts[] = { "one 1\n", "a longer one 2\n",
					     "3\n", "" };
	struct stat first;

	(void)data;
	write_text(place, "zero\n");
	first = look(place->path);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *wanted = g_strchomp(g_strdup(texts[i]));

		write_text(place, texts[i]);
		check(place->path, wanted);
		g_assert_cmpuint(look(place->path).st_mode & 0777, ==, 0640);
	}
	/* Two files took turns, and no third was made. */
	g_assert_cmpuint(look(place->path).st_ino, ==, first.st_ino);
}

/* What was opened is whole, and so it is one text later. */
static void
stays_open(struct place *place, gconstpointer data)
{
	char text[SIZE];
	int fd;

	(void)data;
	write_text(place, "first\n");
	fd = g_open(place->path, O_RDONLY | O_CLOEXEC, 0);
	g_assert_cmpint(fd, >=, 0);
	write_text(place, "second\n");
	g_assert_cmpint(read(fd, text, sizeof(text)), ==, SIZE);
	g_assert_cmpint(memcmp(text, "first\n\n", 7), ==, 0);
	close(fd);
}

static void
has_its_blocks(struct place *place, gconstpointer data)
{
	struct stat before;
	struct stat spare;

	(void)data;
	write_text(place, "1\n");
	spare = look(place->spare);
	before = look(place->path);
	g_assert_cmpint(spare.st_size, ==, SIZE);
	g_assert_cmpint(spare.st_blocks * 512, >=, SIZE);
	g_assert_cmpint(before.st_blocks * 512, >=, SIZE);
	write_text(place, "2\n");
	g_assert_cmpuint(look(place->path).st_ino, ==, spare.st_ino);
	g_assert_cmpuint(look(place->spare).st_ino, ==, before.st_ino);
}

static void
grows(struct place *place, gconstpointer data)
{
	g_autofree char *large = g_strnfill(SIZE + 1, 'x');

	(void)data;
	write_text(place, "small\n");
	write_text(place, large);
	check(place->path, large);
	write_text(place, "small\n");
	check(place->path, "small");
	g_assert_cmpint(look(place->path).st_size, ==, 2 * SIZE);
}

/* Of a filter that was killed, or of an older version. */
static void
takes_over(struct place *place, gconstpointer data)
{
	static const char old[] = "old 1\n";
	g_autofree char *large = g_strnfill((gsize)3 * SIZE, 'y');

	(void)data;
	g_file_set_contents(place->path, old, -1, NULL);
	g_file_set_contents(place->spare, large, -1, NULL);
	write_text(place, "new 2\n");
	check(place->path, "new 2");
	/* Somebody may still be reading it. */
	check(place->spare, "old 1");
	write_text(place, "newer 3\n");
	check(place->path, "newer 3");
	g_assert_cmpint(look(place->path).st_size, ==, SIZE);
}

static void
comes_back(struct place *place, gconstpointer data)
{
	(void)data;
	write_text(place, "1\n");
	g_unlink(place->path);
	write_text(place, "2\n");
	check(place->path, "2");
	check(place->spare, "");
	g_unlink(place->spare);
	write_text(place, "3\n");
	check(place->path, "3");
	check(place->spare, "2");
}

static void
fails(struct place *place, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	write_text(place, "kept\n");
	g_unlink(place->spare);
	g_assert_cmpint(g_mkdir(place->spare, 0700), ==, 0);
	g_assert_false(slate_write(place->slate, "lost\n", &error));
	g_assert_nonnull(strstr(error->message, place->spare));
	check(place->path, "kept");
	g_assert_cmpint(g_rmdir(place->spare), ==, 0);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(struct place *place, gconstpointer data);
	} cases[] = {
		{ "/slate/shows-the-last-text", replaces },
		{ "/slate/a-reader-is-not-torn", stays_open },
		{ "/slate/both-copies-have-their-blocks", has_its_blocks },
		{ "/slate/a-longer-text-makes-it-grow", grows },
		{ "/slate/what-an-earlier-filter-left", takes_over },
		{ "/slate/removed-by-somebody", comes_back },
		{ "/slate/a-failure-shows-what-was-shown", fails },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		g_test_add(cases[i].name, struct place, NULL, set_up,
			   cases[i].run, tear_down);
	return g_test_run();
}
