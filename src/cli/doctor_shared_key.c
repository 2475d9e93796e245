#include "doctor_private.h"
#include "installation_private.h"
#include "store/shared_key.h"

static const char mend[] =
	"put the other nodes' key there (mode 0600, the daemon's user) and "
	"restart the daemons; if it was changed on all of them on purpose: "
	"pitchward store accept-key";

void
doctor_shared_key(struct doctor *doctor, struct store *store)
{
	g_autoptr(Key) key = installation_key(doctor->config, NULL);
	enum store_key found;

	/* What is wrong with a key itself, doctor_key() tells. */
	if (!key || !store_key_look(store, key, &found, NULL) ||
	    found != STORE_KEY_OTHER)
		return;
	doctor_report(doctor, FINDING_FAIL, "key-shared", mend,
		      "%s is not the key that contacts in the store are hashed "
		      "under: nobody is known here",
		      doctor->config->key);
}
