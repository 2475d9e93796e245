/*
 * Identifiers: 128 bits as 26 characters of Crockford's base 32, the first 10
 * a time in milliseconds, the other 80 bits from the kernel's random source
 * (the ULID layout, https://github.com/ulid/spec). They sort by age, need no
 * coordination between machines, and cannot be guessed. Thread-safe.
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <glib.h>

#define ID_LEN 26

void id_new(char id[ID_LEN + 1]);

/* Not after any id made at that time (wall clock, not before 1970). */
void id_floor(gint64 time_us, char id[ID_LEN + 1]);

/* Exactly ID_LEN characters of the alphabet, upper case. */
gboolean id_valid(const char *id);

#endif
