/* What was said about a stored message, and what was ruled on its kind. */
#ifndef CLI_SAID_PRIVATE_H
#define CLI_SAID_PRIVATE_H

#include <glib.h>
#include <jansson.h>

#include "store/store.h"

struct said {
	GPtrArray *labels;  /* of struct store_feedback */
	GPtrArray *rulings; /* of struct store_ruling: of its campaign and its
			       vendor, active ones */
	char *applies;	    /* id of the ruling that the next mail meets, or
			       NULL */
};
typedef struct said Said; /* for g_auto(Said) */

void said_clear(struct said *said);

/* Into one of zeroes. Errors: STORE_ERROR_*. */
gboolean said_read(struct store *store, const struct store_message *message,
		   struct said *said, GError **error);

/* Lines as held_print() prints, each with the command that takes it back. */
void said_print(const struct said *said);

/* Adds "labels" and "rulings", arrays of objects. */
void said_json(const struct said *said, json_t *object);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Said, said_clear)

#endif
