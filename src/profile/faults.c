#include "profile/faults.h"

#include <string.h>

struct fault {
	char *file;
	guint line;
	guint column;
	char *text; /* the whole line, position included */
};

struct faults {
	GPtrArray *list;
	gboolean sorted;
};

GQuark
profile_error_quark(void)
{
	return g_quark_from_static_string("profile-error");
}

static void
fault_free(gpointer data)
{
	struct fault *fault = data;

	g_free(fault->file);
	g_free(fault->text);
	g_free(fault);
}

static gint
fault_compare(gconstpointer a, gconstpointer b)
{
	const struct fault *x = *(const struct fault *const *)a;
	const struct fault *y = *(const struct fault *const *)b;
	int order = strcmp(x->file, y->file);

	if (order != 0)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return 0;
}

struct faults *
faults_new(void)
{
	struct faults *faults = g_new0(struct faults, 1);

	faults->list = g_ptr_array_new_with_free_func(fault_free);
	return faults;
}

void
faults_free(struct faults *faults)
{
	if (!faults)
		return;
	g_ptr_array_unref(faults->list);
	g_free(faults);
}

void
faults_add(struct faults *faults, const char *file, guint line, guint column,
	   const char *format, ...)
{
	struct fault *fault = g_new0(struct fault, 1);
	g_autofree char *what = NULL;
	va_list ap;

	va_start(ap, format);
	what = g_strdup_vprintf(format, ap);
	va_end(ap);
	fault->file = g_strdup(file);
	fault->line = line;
	fault->column = column;
	if (line == 0)
		fault->text = g_strdup_printf("%s: %s", file, what);
	else
		fault->text = g_strdup_printf("%s:%u:%u: %s", file, line,
					      column, what);
	g_ptr_array_add(faults->list, fault);
	faults->sorted = FALSE;
}

guint
faults_count(const struct faults *faults)
{
	return faults->list->len;
}

const char *
faults_get(struct faults *faults, guint n)
{
	const struct fault *fault;

	g_assert(n < faults->list->len);
	if (!faults->sorted)
		g_ptr_array_sort(faults->list, fault_compare);
	faults->sorted = TRUE;
	fault = g_ptr_array_index(faults->list, n);
	return fault->text;
}

gboolean
faults_report(struct faults *faults, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (faults->list->len == 0)
		return TRUE;
	for (guint i = 0; i < faults->list->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "",
				       faults_get(faults, i));
	g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS,
			    text->str);
	return FALSE;
}
