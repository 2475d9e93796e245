/* The commands of `pitchward vendor`. */
#ifndef CLI_VENDOR_PRIVATE_H
#define CLI_VENDOR_PRIVATE_H

#include <glib.h>
#include <jansson.h>

#include "store/store.h"

int vendor_list_main(int argc, char **argv);
int vendor_status_main(int argc, char **argv);

/* "never", "not-now until 2027-01-31"; the caller's. */
char *vendor_ruling_text(const struct store_ruling *ruling);

/* {buyer, word, until, time, by, cause, undone}. */
json_t *vendor_ruling_json(const struct store_ruling *ruling);

/* Whether it is about a vendor, and counts at `now_us`. */
gboolean vendor_ruling_is_active(const struct store_ruling *ruling,
				 gint64 now_us);

#endif
