/*
 * How one text differs from another, line by line, as `diff -u` shows it
 * (Myers 1986, "An O(ND) difference algorithm and its variations").
 *
 * Bounded: texts that differ in more than DIFF_EDITS_MAX lines are shown as
 * replaced from the first to the last line that differs.
 */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

#include <glib.h>

#define DIFF_EDITS_MAX 1000

/*
 * A unified diff with three lines of context, under the names given; "" when
 * the texts are the same. Bytes are copied as they are. The caller's.
 */
char *diff_unified(const char *old_name, const char *new_name, const char *old,
		   const char *new);

#endif
