/* What the files of the digest share. */
#ifndef REVIEW_DIGEST_PRIVATE_H
#define REVIEW_DIGEST_PRIVATE_H

#include "review/digest.h"
#include "review/link.h"

/* What a buyer can do with an item of a digest. */
struct digest_action {
	enum link_action action;
	const char *label;
	const char *command; /* of the command line, "%s" the id */
};
#define DIGEST_ACTIONS 4
extern const struct digest_action digest_actions[DIGEST_ACTIONS];

/* Where a release needs an approver, a buyer can only ask. Borrowed. */
const char *digest_label(const struct config *config,
			 const struct digest_action *action);

/* Whether there are pages for links to lead to. */
gboolean digest_has_links(const struct config *config);

/* The whole address of a link. The caller's. */
char *digest_link(const struct config *config, const struct key *key,
		  const struct store_message *message, enum link_action action,
		  gint64 now_us);

/*
 * What somebody wrote, "example[.]com" for "example.com" and "http[:]//" for
 * "http://": mail programs make links of what looks like one, in the text and
 * in HTML, and nobody here vouches for it. The caller's.
 */
char *digest_unlinked(const char *text);

/* "Jane Doe <jane@acme.example>", the name unlinked. The caller's. */
char *digest_from(const struct store_message *message);

/* "Sat 21 Nov 16:20; 3 mails since 12 Nov; 2 colleagues got it, too". */
char *digest_came(const struct digest *digest, const struct store_fold *fold);

/* The lines at the top; the last of a digest, not of a notice. The caller's. */
char *digest_figures(const struct digest *digest);
char *digest_attention(const struct digest *digest);

/* Whether that can be done with it: what was delivered needs no release. */
gboolean digest_offers(const struct store_message *message,
		       enum link_action action);

/* What is said of why: "Held" or "Tagged". */
const char *digest_fate(const struct store_message *message);

/* "And 7 more, ...", or NULL. The caller's. */
char *digest_rest(const struct digest *digest);

/* What the actions do, and what comes of it. */
const char *digest_about_actions(const struct digest *digest);
#define DIGEST_TEACHES                                                         \
	"What you say of a mail decides on the next one like it, and teaches " \
	"the filter."
#define DIGEST_ORDER "What may have been decided wrongly comes first."

/* As it came, a long one cut; or words for none. The caller's. */
char *digest_title(const struct store_message *message);

/* To whom it would have gone; NULL when it goes there. The caller's. */
char *digest_redirected(const struct config *config,
			const struct profile *profile);

gboolean digest_count(struct store *store, const struct profile *profile,
		      gint64 since_us, gint64 until_us,
		      struct digest_count *count, GError **error);

/* "s", or "" for one. */
const char *digest_plural(guint n);

#endif
