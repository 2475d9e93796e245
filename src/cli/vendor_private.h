/* The commands of `pitchward vendor`, and what they share. */
#ifndef CLI_VENDOR_PRIVATE_H
#define CLI_VENDOR_PRIVATE_H

#include <glib.h>

#include "market/vendor.h"
#include "profile/config.h"

int vendor_list_main(int argc, char **argv);
int vendor_merge_main(int argc, char **argv);
int vendor_name_main(int argc, char **argv);
int vendor_note_main(int argc, char **argv);
int vendor_owner_main(int argc, char **argv);
int vendor_show_main(int argc, char **argv);
int vendor_split_main(int argc, char **argv);
int vendor_status_main(int argc, char **argv);
int vendor_update_main(int argc, char **argv);

/*
 * The registrable domain of what was given; one domain stands for all a
 * company sends from below it. CLI_ERROR_USAGE: it is none, or a public mail
 * domain. The caller's.
 */
char *vendor_given_domain(const struct config *config, const char *command,
			  const char *given, GError **error);

/* "command line, pam"; the caller's. */
char *vendor_given_by(void);

/* A card as `vendor show` prints it. */
struct vendor_view {
	const struct vendor_book *book;
	const struct vendor_facts *facts;
	const GPtrArray *rulings;  /* of struct store_ruling: the active ones */
	const GPtrArray *profiles; /* of struct profile */
};
void vendor_print(const struct vendor_view *view);
void vendor_print_json(const struct vendor_view *view);

#endif
