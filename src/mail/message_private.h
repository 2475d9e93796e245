/* The inside of struct mail, and what the files of this folder share of it. */
#ifndef MAIL_MESSAGE_PRIVATE_H
#define MAIL_MESSAGE_PRIVATE_H

#include <glib.h>

#include "mail/message.h"

struct mail {
	GBytes *bytes;
	const char *data; /* what is looked at of them */
	gsize len;
	struct mail_limits limits;
	guint *odd; /* points to bits; atomic: decoding may add some later */
	guint bits;
	GArray *fields;	    /* of struct mail_field, one block after another */
	GArray *parts;	    /* of struct mail_part; never empty */
	GPtrArray *strings; /* what type and name of the parts point to */
	struct address *author; /* address_of_author() is a copy of it */
	char *author_domain;	/* registrable, or NULL */
};

/* Adds bits to mail_odd(); from any thread. */
void mail_add_odd(const struct mail *mail, guint bits);

/* Finds the parts and their fields: fills `fields` and `parts`. */
void mail_split(struct mail *mail);

/*
 * Sets type, name and kind of a part by its own fields; `digest` is whether
 * it stands in a multipart/digest. The boundary when it is a multipart that
 * has one, the caller's, else NULL.
 */
GString *mail_part_describe(struct mail *mail, struct mail_part *part,
			    gboolean digest);

#endif
