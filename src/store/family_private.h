/*
 * Which domains are one vendor's. Who sends for a vendor rotates its domains:
 * northwind.com, getnorthwind.com, north-wind-team.io. What is left of their
 * names without that is the vendor's key.
 */
#ifndef STORE_FAMILY_PRIVATE_H
#define STORE_FAMILY_PRIVATE_H

#include <glib.h>

/*
 * Of a registrable domain, in any case; the caller's. The key is its first
 * label without hyphens, and without a word at either end that is put around
 * names (get-, -team, hq); a word that leaves less than five characters stays.
 * From six characters on the rest of the domain does not count, below it does:
 * "northwind.*", "lumen.com".
 *
 * The key is the whole domain, in lower case, where so little would be left
 * that anybody's domain may come down to it: under five characters, or nothing
 * but words that are in everybody's name ("marketing", "datasolutions"). So it
 * is where the label is no plain name: not of a-z, 0-9 and hyphens, or xn--.
 */
char *family_key(const char *domain);

#endif
