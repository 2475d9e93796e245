/*
 * A file that is compiled in. embed.sh writes tables of these, named by the
 * file without its folder and suffix, into embedded/NAME.h as NAME_files.
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <glib.h>

struct embedded {
	const char *name;	   /* NULL ends a table */
	const unsigned char *data; /* ends in a NUL that is not counted */
	gsize size;
};

#endif
