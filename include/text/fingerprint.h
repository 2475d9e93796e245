/*
 * Fingerprints of near-duplicate text: a 64-bit SimHash over word trigrams
 * (Charikar 2002, "Similarity estimation techniques from rounding
 * algorithms"; Manku and others 2007: up to 3 bits apart is the same page).
 */
#ifndef TEXT_FINGERPRINT_H
#define TEXT_FINGERPRINT_H

#include <glib.h>

/* Of folded text; 0 when there are fewer than four words. */
guint64 fingerprint(const char *folded, const GArray *words);

/* The same, of the words' hashes: XXH3 of each, of "0" for a number. */
guint64 fingerprint_hashed(const guint64 *words, guint n);

/* How many bits differ, 0..64. */
guint fingerprint_distance(guint64 a, guint64 b);

#endif
