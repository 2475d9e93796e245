#include "help_private.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 79

/* Words from the cursor on, which is at `column`; further lines begin there. */
static void
print_words(const char *text, guint column)
{
	gsize at = column;

	while (*(text += strspn(text, " "))) {
		gsize len = strcspn(text, " ");

		if (at > column && at + 1 + len > WIDTH) {
			printf("\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			putchar(' ');
			at++;
		}
		printf("%.*s", (int)len, text);
		at += len;
		text += len;
	}
	putchar('\n');
}

/* "-h, --help", "--config=FILE" */
static char *
spelling(const GOptionEntry *entry)
{
	const char *value = entry->arg_description;
	GString *text = g_string_new(NULL);

	if (entry->short_name)
		g_string_append_printf(text, "-%c, ", entry->short_name);
	g_string_append_printf(text, "--%s%s%s", entry->long_name,
			       value ? "=" : "", value ? value : "");
	return g_string_free(text, FALSE);
}

static gboolean
is_shown(const GOptionEntry *entry)
{
	return *entry->long_name != '\0';
}

static guint
widest(const GOptionEntry *entries)
{
	gsize width = 0;

	for (; entries && entries->long_name; entries++) {
		g_autofree char *text = spelling(entries);

		width = MAX(width, strlen(text));
	}
	return (guint)width;
}

static void
print_entries(const GOptionEntry *entries, guint width)
{
	for (; entries && entries->long_name; entries++) {
		g_autofree char *text = spelling(entries);

		if (!is_shown(entries))
			continue;
		printf("  %-*s  ", (int)width, text);
		print_words(entries->description, width + 4);
	}
}

void
help_print(const struct options_spec *spec, const GOptionEntry *common)
{
	const guint width = MAX(widest(spec->entries), widest(common));

	printf("Usage: pitchward %s [OPTION...]%s%s\n\n", spec->command,
	       spec->arguments ? " " : "",
	       spec->arguments ? spec->arguments : "");
	print_words(spec->summary, 0);
	puts("\nOptions:");
	print_entries(spec->entries, width);
	print_entries(common, width);
	printf("\nExamples:\n%s\n\n"
	       "pitchward(1) tells more, and what the exit codes mean.\n",
	       spec->examples);
}
