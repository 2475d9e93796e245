/*
 * What the library sees of messages, for tests/differential/compare.py: names
 * of files on standard input, a JSON object a line on standard output. A tool
 * of the tests alone: no program of ours prints a text.
 */
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "mail/content.h"

#define LINE_LEN_MAX 4096

static void
set_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, json_string(text));
}

static json_t *
caps_json(guint odd)
{
	json_t *list = json_array();

	for (guint bit = 1; bit <= MAIL_CAPS; bit <<= 1)
		if ((odd & bit) != 0)
			json_array_append_new(list,
					      json_string(mail_odd_name(bit)));
	return list;
}

static void
print_content(const char *path, const struct content *content)
{
	json_t *object = json_object();
	char *line;

	set_text(object, "file", path);
	set_text(object, "subject", content->subject);
	set_text(object, "fresh", content->fresh);
	set_text(object, "quoted", content->quoted);
	set_text(object, "signature", content->signature);
	set_text(object, "hidden", content->hidden);
	json_object_set_new(object, "caps", caps_json(content->odd));
	line = json_dumps(object, JSON_COMPACT);
	g_assert(line);
	puts(line);
	free(line);
	json_decref(object);
}

static void
read_file(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(Mail) mail = NULL;
	g_autoptr(Content) content = NULL;
	char *data;
	gsize size;

	if (!g_file_get_contents(path, &data, &size, &error))
		g_error("%s", error->message);
	bytes = g_bytes_new_take(data, size);
	mail = mail_new(bytes, NULL);
	content = content_new(mail);
	print_content(path, content);
}

int
main(void)
{
	char line[LINE_LEN_MAX];

	while (fgets(line, sizeof line, stdin))
		read_file(g_strchomp(line));
	return 0;
}
