/*
 * What a priority's description wants and what it rules out.
 *
 * People say both in one breath: "Tools that work inside Word count. Signing
 * alone we have." Words of the second sentence must not make mail relevant.
 */
#ifndef FEATURES_ABOUT_PRIVATE_H
#define FEATURES_ABOUT_PRIVATE_H

#include <glib.h>

struct about {
	char *wanted;
	char *excluded; /* "" when nothing is ruled out */
};

/*
 * Parts `text` by sentences. A sentence rules out when it says in one of
 * eight languages that something does not count, is not wanted or is there
 * already; a need that is told with a "not" ("systems that do not talk to
 * each other") does not. about_clear() it.
 */
void about_read(const char *text, struct about *about);
void about_clear(struct about *about);

#endif
