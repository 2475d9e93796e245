/*
 * A file that is compiled in. embed.sh writes tables of these, named by the
 * file without its folder and suffix, into embedded/NAME.h as NAME_files.
 */
#ifndef PROFILE_EMBEDDED_PRIVATE_H
#define PROFILE_EMBEDDED_PRIVATE_H

#include <glib.h>

struct embedded {
	const char *name;	   /* NULL ends a table */
	const unsigned char *data; /* ends in a NUL that is not counted */
	gsize size;
};

#endif
