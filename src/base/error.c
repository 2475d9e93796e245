#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* Longer words are no slip of the finger, and the table below stays small. */
#define WORD_LEN_MAX 63

GQuark
base_error_quark(void)
{
	return g_quark_from_static_string("base-error");
}

static enum base_error
code_of_errno(int saved_errno)
{
	switch (saved_errno) {
	case ENOENT:
		return BASE_ERROR_NOT_FOUND;
	case EACCES:
	case EPERM:
		return BASE_ERROR_DENIED;
	default:
		return BASE_ERROR_IO;
	}
}

gboolean
error_set_errno(GError **error, int saved_errno, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, BASE_ERROR, (gint)code_of_errno(saved_errno),
		    "%s: %s", what, g_strerror(saved_errno));
	return FALSE;
}

/* The row of the distance table for one more letter of `a`. */
static void
distance_row(guint row[3][WORD_LEN_MAX + 1], const char *a, const char *b,
	     gsize i)
{
	gsize b_len = strlen(b);
	char c = g_ascii_tolower(a[i - 1]);

	row[2][0] = (guint)i;
	for (gsize j = 1; j <= b_len; j++) {
		char d = g_ascii_tolower(b[j - 1]);
		guint best = row[1][j - 1] + (c == d ? 0 : 1);

		best = MIN(best, row[1][j] + 1);
		best = MIN(best, row[2][j - 1] + 1);
		if (i > 1 && j > 1 && c == g_ascii_tolower(b[j - 2]) &&
		    d == g_ascii_tolower(a[i - 2]))
			best = MIN(best, row[0][j - 2] + 1);
		row[2][j] = best;
	}
}

/* Optimal string alignment: two letters changed about are one slip. */
static guint
distance(const char *a, const char *b)
{
	guint row[3][WORD_LEN_MAX + 1] = { { 0 } };
	gsize a_len = strlen(a);
	gsize b_len = strlen(b);

	for (gsize j = 0; j <= b_len; j++)
		row[2][j] = (guint)j;
	for (gsize i = 1; i <= a_len; i++) {
		memcpy(row[0], row[1], sizeof(row[0]));
		memcpy(row[1], row[2], sizeof(row[1]));
		distance_row(row, a, b, i);
	}
	return row[2][b_len];
}

const char *
nearest_word(const char *word, const char *const *allowed)
{
	gsize len = strlen(word);
	guint best = MAX(1, (guint)len / 3) + 1;
	const char *nearest = NULL;

	if (len == 0 || len > WORD_LEN_MAX)
		return NULL;
	for (; *allowed; allowed++) {
		guint d;

		if (strlen(*allowed) > WORD_LEN_MAX)
			continue;
		d = distance(word, *allowed);
		if (d < best) {
			best = d;
			nearest = *allowed;
		}
	}
	return nearest;
}
