#include "store/key_watch.h"

#include "base/clock.h"

#define AGAIN_US (3600 * CLOCK_SECOND_US)
#define SOON_US	 (60 * CLOCK_SECOND_US)

static const char other[] =
	"this machine's site key is not the one that contacts in the store "
	"are hashed under: nobody is known here, and links and marks of other "
	"nodes do not hold; give it the key of the other nodes, or after a "
	"change of all on purpose: pitchward store accept-key";
static const char mended[] = "this machine's site key is the store's again";

const char *
key_watch_found(struct key_watch *watch, enum store_key found, gint64 now_us)
{
	const gboolean told = watch->told_us != 0;

	watch->next_us =
		now_us + (found == STORE_KEY_OURS ? AGAIN_US : SOON_US);
	if (found != STORE_KEY_NONE)
		watch->known = found;
	if (found == STORE_KEY_NONE || (found == STORE_KEY_OTHER && told &&
					now_us - watch->told_us < CLOCK_DAY_US))
		return NULL;
	watch->told_us = found == STORE_KEY_OTHER ? now_us : 0;
	if (found == STORE_KEY_OTHER)
		return other;
	return told ? mended : NULL;
}

const char *
key_watch_look(struct key_watch *watch, KeyAsk ask, gpointer where,
	       const struct key *key)
{
	const gint64 now_us = clock_monotonic_us();
	enum store_key found = STORE_KEY_NONE;

	if (now_us < watch->next_us)
		return NULL;
	(void)ask(where, key, &found, NULL);
	return key_watch_found(watch, found, now_us);
}
