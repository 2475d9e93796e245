/* A list of vendors as a CSV file, the same from a command and from a page. */
#ifndef MARKET_VENDOR_CSV_H
#define MARKET_VENDOR_CSV_H

#include <glib.h>

struct vendor_csv {
	const char *vendor; /* of its card */
	const char *name;   /* "": nobody wrote one; the same of the others */
	guint touches;
	guint held;
	guint people;	 /* buyers whom it wrote to */
	gint64 first_us; /* 0: never */
	gint64 last_us;
	guint claims;
	const char *priority; /* the name of what most of it came near */
	const char *ruled;
	const char *owner;
	const char *note;
};

/* The line of names, and one of a vendor (base/csv.h). */
void vendor_csv_head(GString *out);
void vendor_csv_line(GString *out, const struct vendor_csv *line);

#endif
