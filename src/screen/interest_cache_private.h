/*
 * Compiled interests of buyers: each is made when a message needs it first,
 * and kept as long as there is room for it; who was not needed for longest
 * goes first. So memory is that of buyers who get mail, whatever the number of
 * profiles, and a reload makes only those again that changed.
 *
 * Thread-safe. Two threads that miss the same one both make it; one is kept.
 */
#ifndef SCREEN_INTEREST_CACHE_PRIVATE_H
#define SCREEN_INTEREST_CACHE_PRIVATE_H

#include <glib.h>

#include "features/background.h"
#include "features/relevance.h"
#include "profile/profile.h"

struct interest_cache;

/* Keeps `max` bytes at most, besides what is borrowed. */
struct interest_cache *interest_cache_new(const struct background *background,
					  gsize max);
struct interest_cache *interest_cache_ref(struct interest_cache *cache);
void interest_cache_unref(struct interest_cache *cache);

/* Whether its interests are as this background would make them. */
gboolean interest_cache_fits(const struct interest_cache *cache,
			     const struct background *background);

/* What it keeps now, in bytes, and how many were made. */
gsize interest_cache_bytes(struct interest_cache *cache);
guint64 interest_cache_made(struct interest_cache *cache);

struct interest_entry;

/* The profile must be one that profile_ref() counts. Never NULL; to be
 * returned. */
struct interest_entry *interest_cache_borrow(struct interest_cache *cache,
					     struct profile *profile);
const struct interest *
interest_entry_interest(const struct interest_entry *entry);
void interest_cache_return(struct interest_cache *cache,
			   struct interest_entry *entry);

#endif
