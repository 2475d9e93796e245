/* How terms are cut from a text; terms.c and names.c must agree. */
#ifndef FEATURES_TERMS_PRIVATE_H
#define FEATURES_TERMS_PRIVATE_H

#include <glib.h>

#include <math.h>

#include "features/terms.h"

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

/* The block of letters of any folded text; unref it. */
GArray *terms_letters_of(const struct reading_text *text);

/* What a term's count makes of its weight: 1 + ln count. */
static inline float
term_times(const struct term *term)
{
	static const float times[] = {
		1.0f,	     1.0f,	  1.69314718f, 2.09861231f,
		2.38629436f, 2.60943794f, 2.79175949f, 2.94590998f,
		3.07944155f, 3.19722462f, 3.30258512f, 3.39789534f,
		3.48490667f, 3.56494927f, 3.63905740f, 3.70805025f,
	};

	return term->count < G_N_ELEMENTS(times)
		       ? times[term->count]
		       : 1.0f + logf((float)term->count);
}

#endif
