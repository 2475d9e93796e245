/*
 * Small changes to the text of a profile that leave all else as it was
 * written: comments, order, quoting, line ends. Lines or words are put in at
 * the positions the YAML reader gives; the result is read again and must be
 * the old profile with this one change, or the change is refused.
 *
 * Each gives the new text (the caller's), or NULL and PROFILE_ERROR_FAULTS:
 * the text is no valid profile, has no such priority, or is written in a way
 * that this cannot change.
 */
#ifndef PROFILE_REVISION_H
#define PROFILE_REVISION_H

#include <glib.h>

#include "profile/profile.h"

/* `name` stands in faults everywhere. A keyword more of a priority. */
char *revision_keyword(const char *name, const char *text, const char *priority,
		       const char *word, GError **error);

/* Another weight of a priority, 0..1. */
char *revision_weight(const char *name, const char *text, const char *priority,
		      double weight, GError **error);

/* A priority more, the last one: id, name, keywords, weight. */
char *revision_priority(const char *name, const char *text,
			const struct profile_priority *priority,
			GError **error);

/* An entry of not_interested more, the last one: name and keywords. */
char *revision_refusal(const char *name, const char *text,
		       const struct profile_refusal *refusal, GError **error);

/*
 * The entries themselves, as they are put in at an indentation: what a person
 * could paste. `inner`: on one line, within brackets. The caller's.
 */
char *revision_priority_text(const struct profile_priority *priority,
			     guint indent, gboolean inner);
char *revision_refusal_text(const struct profile_refusal *refusal);

#endif
