/* How terms are cut from a text; terms.c and names.c must agree. */
#ifndef FEATURES_TERMS_PRIVATE_H
#define FEATURES_TERMS_PRIVATE_H

#include <glib.h>

#include "features/reading.h"

#define LETTERS_MAX   1500 /* characters read for 4-grams */
#define LETTERS	      4
#define LETTERS_BYTES ((gsize)LETTERS_MAX * 6)
#define OPENING_WORDS 40
#define TEXT_WORDS    1000

/*
 * The text as letters see it: spacing as one space, digits as "0". `letters`
 * has room for LETTERS_BYTES; `starts`, for LETTERS_MAX + 1, gets the
 * byte offset of each character and one past the last. Returns how many.
 */
guint letters_prepare(const struct reading_text *text, char *letters,
		      guint *starts);

#endif
