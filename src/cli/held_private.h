/* Stored messages as the command line finds and prints them. */
#ifndef CLI_HELD_PRIVATE_H
#define CLI_HELD_PRIVATE_H

#include <glib.h>
#include <jansson.h>

#include "store/store.h"

/*
 * The message whose id begins with `prefix` (any case). CLI_ERROR_USAGE when
 * it is no beginning of an id or of several; STORE_ERROR_NOT_FOUND.
 */
struct store_message *held_find(struct store *store, const char *prefix,
				GError **error);

/* The same, also among mail that was delivered. */
struct store_message *held_find_any(struct store *store, const char *prefix,
				    GError **error);

/* Whether all could begin an id; CLI_ERROR_USAGE names the first that cannot.
 */
gboolean held_check_ids(char *const *prefixes, GError **error);

/* Everything but the bytes. */
json_t *held_json(const struct store_message *message);

/* One line of a list; `buyer`: with whose it is. */
void held_print_line(const struct store_message *message, gboolean buyer);

/* Fields and values, a line each. */
void held_print(const struct store_message *message);

#endif
