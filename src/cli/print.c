#include "print_private.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/program.h"
#include "market/json.h"

void
print_text(const char *text, gboolean lines)
{
	g_autofree char *safe = escape_text(text, lines);

	fputs(safe, stdout);
}

void
print_column(const char *text, guint width)
{
	g_autofree char *safe = escape_text(text, FALSE);
	glong len = g_utf8_strlen(safe, -1);

	if (len > (glong)width)
		*g_utf8_offset_to_pointer(safe, (glong)width) = '\0';
	fputs(safe, stdout);
	for (; len < (glong)width; len++)
		putchar(' ');
}

void
print_cell(const char *text, guint width)
{
	g_autofree char *safe = escape_text(text, FALSE);
	glong len = g_utf8_strlen(safe, -1);

	if (len > (glong)width && isatty(STDOUT_FILENO)) {
		*g_utf8_offset_to_pointer(safe, (glong)width - 1) = '\0';
		printf("%s\u2026", safe);
		return;
	}
	fputs(safe, stdout);
	for (; len < (glong)width; len++)
		putchar(' ');
}

/* jansson leaves DEL and C1 as they are, and terminals obey C1. */
static void
put_json(const char *text)
{
	for (const char *p = text; *p; p++) {
		guchar c = (guchar)p[0];
		guchar next = (guchar)p[1];

		if (c == 0x7F) {
			fputs("\\u007F", stdout);
		} else if (c == 0xC2 && next >= 0x80 && next <= 0x9F) {
			printf("\\u%04X", next);
			p++;
		} else {
			putchar(c);
		}
	}
	putchar('\n');
}

void
print_json(json_t *object)
{
	char *text = json_dumps(object, JSON_REAL_PRECISION(9));

	g_assert(text != NULL);
	put_json(text);
	free(text);
	json_decref(object);
}

json_t *
print_json_text(const char *text)
{
	return text_json(text);
}

json_t *
print_json_time(gint64 time_us)
{
	return time_json(time_us);
}

json_t *
print_json_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *
print_json_share(double share)
{
	return share < 0 ? json_null() : json_real(share);
}

const char *
print_share(double share, char buffer[16])
{
	if (share < 0)
		return "-";
	return g_ascii_formatd(buffer, 16, "%.2f", share);
}

const char *
print_plural(guint64 n)
{
	return n == 1 ? "" : "s";
}

void
print_version(void)
{
	puts("pitchward " PITCHWARD_VERSION);
}

void
print_begin(void)
{
	static const int useless[] = { O_WRONLY, O_RDONLY, O_RDONLY };
	int fd;

	do {
		fd = fcntl(STDIN_FILENO, F_GETFD) < 0	 ? STDIN_FILENO
		     : fcntl(STDOUT_FILENO, F_GETFD) < 0 ? STDOUT_FILENO
		     : fcntl(STDERR_FILENO, F_GETFD) < 0 ? STDERR_FILENO
							 : -1;
	} while (fd >= 0 && open("/dev/null", useless[fd]) == fd);
}

int
print_finish(int code)
{
	return program_finish("pitchward", code);
}
