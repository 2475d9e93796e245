/* The closing block of a text: what follows "-- ", or a closing and names. */
#ifndef MAIL_SIGNATURE_PRIVATE_H
#define MAIL_SIGNATURE_PRIVATE_H

#include "lines_private.h"

/* Makes LINE_SIGNATURE of fresh lines; never of the first. */
void signature_take(struct text *text);

#endif
