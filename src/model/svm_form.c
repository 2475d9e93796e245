/*
 * The form of a model file, held against every byte before libsvm's loader
 * sees it: that one believes each count and number it reads. Allowed is what
 * libsvm writes for a linear C-SVC of two classes without probabilities.
 */
#include <math.h>
#include <string.h>

#include "model/model.h"
#include "svm_private.h"

#define VECTORS_MAX 1000000

/* What is left to read. */
struct form {
	const char *at;
	guint line;
};

static gboolean
take_text(struct form *form, const char *text)
{
	gsize len = strlen(text);

	if (strncmp(form->at, text, len) != 0)
		return FALSE;
	form->at += len;
	return TRUE;
}

static gboolean
take_end(struct form *form)
{
	if (!take_text(form, "\n"))
		return FALSE;
	form->line++;
	return TRUE;
}

static gboolean
take_line(struct form *form, const char *text)
{
	return take_text(form, text) && take_end(form);
}

static gboolean
take_count(struct form *form, guint max, guint *count)
{
	char *end;
	guint64 value;

	if (!g_ascii_isdigit(*form->at))
		return FALSE;
	value = g_ascii_strtoull(form->at, &end, 10);
	if (value > max)
		return FALSE;
	form->at = end;
	*count = (guint)value;
	return TRUE;
}

/* A finite decimal number. */
static gboolean
take_number(struct form *form)
{
	gsize len = strspn(form->at, "+-.0123456789eE");
	char *end;
	double value = g_ascii_strtod(form->at, &end);

	if (len == 0 || end != form->at + len || !isfinite(value))
		return FALSE;
	form->at = end;
	return TRUE;
}

static gboolean
take_header(struct form *form, guint *vectors)
{
	guint first;
	guint second;

	return take_line(form, "svm_type c_svc") &&
	       take_line(form, "kernel_type linear") &&
	       take_line(form, "nr_class 2") && take_text(form, "total_sv ") &&
	       take_count(form, VECTORS_MAX, vectors) && *vectors > 0 &&
	       take_end(form) && take_text(form, "rho ") && take_number(form) &&
	       take_end(form) &&
	       (take_line(form, "label 1 -1") ||
		take_line(form, "label -1 1")) &&
	       take_text(form, "nr_sv ") &&
	       take_count(form, *vectors, &first) && take_text(form, " ") &&
	       take_count(form, *vectors, &second) &&
	       first + second == *vectors && take_end(form) &&
	       take_line(form, "SV");
}

/* "coefficient index:value ... ", indices rising from 1 to `size`. */
static gboolean
take_vector(struct form *form, guint size)
{
	guint last = 0;

	if (!take_number(form))
		return FALSE;
	while (take_text(form, " ") && *form->at != '\n') {
		guint index;

		if (!take_count(form, size, &index) || index <= last ||
		    !take_text(form, ":") || !take_number(form))
			return FALSE;
		last = index;
	}
	return take_end(form);
}

static gboolean
take_file(struct form *form, guint size)
{
	guint vectors;

	if (!take_header(form, &vectors))
		return FALSE;
	for (guint i = 0; i < vectors; i++)
		if (!take_vector(form, size))
			return FALSE;
	return *form->at == '\0';
}

gboolean
svm_form_check(GBytes *bytes, guint size, GError **error)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);
	g_autofree char *text = g_strndup(len > 0 ? data : "", len);
	struct form form = { text, 1 };

	if (strlen(text) == len && take_file(&form, size))
		return TRUE;
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
		    "line %u is not that of a linear C-SVC of two classes and "
		    "%u features",
		    form.line, size);
	return FALSE;
}
