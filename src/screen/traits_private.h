/*
 * What a message has that earlier ones may have had too: its vendor, text,
 * subject and references. Made once a message, the same for all buyers.
 */
#ifndef SCREEN_TRAITS_PRIVATE_H
#define SCREEN_TRAITS_PRIVATE_H

#include <glib.h>

#include "features/reading.h"
#include "profile/signals.h"
#include "store/store.h"

struct traits {
	struct store_likeness likeness; /* of no buyer; points into these: */
	char *vendor;
	char *sender;
	char *message_id;
	char **references;
};

/*
 * Fills `traits` but for subject and references, which ordinary mail is never
 * asked for; traits_relate() adds those. traits_clear() it.
 */
void traits_init(struct traits *traits, const struct signals *signals,
		 const struct reading *reading);
void traits_relate(struct traits *traits, const struct reading *reading);
void traits_clear(struct traits *traits);

/*
 * A hash of the folded subject without Re:, Fwd: and numbers; 0 when fewer
 * than three words are left, or words that anybody may write.
 */
guint64 subject_key(const struct reading *reading);

#endif
