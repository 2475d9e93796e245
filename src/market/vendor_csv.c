#include "market/vendor_csv.h"

#include "base/clock.h"
#include "base/csv.h"

void
vendor_csv_head(GString *out)
{
	g_string_append(out, "vendor,name,touches,held,people,first,last,"
			     "claims,priority,ruled,owner,note\r\n");
}

static void
put_time(GString *out, gint64 time_us)
{
	g_autofree char *when =
		time_us > 0 ? clock_format(time_us) : g_strdup("");

	csv_field(out, when, FALSE);
}

void
vendor_csv_line(GString *out, const struct vendor_csv *line)
{
	csv_field(out, line->vendor, TRUE);
	csv_field(out, line->name, FALSE);
	g_string_append_printf(out, ",%u,%u,%u", line->touches, line->held,
			       line->people);
	put_time(out, line->first_us);
	put_time(out, line->last_us);
	g_string_append_printf(out, ",%u", line->claims);
	csv_field(out, line->priority, FALSE);
	csv_field(out, line->ruled, FALSE);
	csv_field(out, line->owner, FALSE);
	csv_field(out, line->note, FALSE);
	g_string_append(out, "\r\n");
}
