/*
 * The order in which to look at mail so that few labels teach much: by how
 * much a person is expected to regret what was done with it.
 */
#ifndef CLI_REGRET_PRIVATE_H
#define CLI_REGRET_PRIVATE_H

#include <glib.h>

#include "profile/config.h"
#include "store/store.h"

/*
 * What a decision is expected to cost, -1..1: of held mail the chance that it
 * should have been let in, less the relevance its buyer asks for; of mail
 * that was let in the chance that it should not. Without scores: -1.
 */
double regret_of(const struct store_message *message, double tag);

/*
 * Sorts an array of struct store_message, most regretted first; those that
 * somebody has labelled come last.
 */
gboolean regret_sort(GPtrArray *messages, const struct config *config,
		     struct store *store, GError **error);

#endif
