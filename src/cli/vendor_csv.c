#include <stdio.h>

#include "base/csv.h"
#include "vendor_private.h"

void
vendor_csv_field(const char *text, gboolean first)
{
	g_autoptr(GString) out = g_string_new(NULL);

	csv_field(out, text, first);
	fputs(out->str, stdout);
}
