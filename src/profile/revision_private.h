/* Places in the text of a profile at which something can be put in. */
#ifndef PROFILE_REVISION_PRIVATE_H
#define PROFILE_REVISION_PRIVATE_H

#include "yaml_private.h"

/* A text being changed, and the tree of what it was. */
struct revision {
	const char *name;
	const char *text;
	const char *eol; /* "\n" or "\r\n", as the text has it */
	struct faults *faults;
	struct yaml *yaml;
};

/* Where, instead of how many bytes, and with what around the new. */
struct revision_spot {
	gsize at;
	gsize cut;
	const char *before;
	const char *after;
};

/* Byte at which a node begins; the length of the text when it is beyond. */
gsize revision_offset(const struct revision *revision,
		      const struct yaml_node *node);

gboolean revision_is_flow(const struct revision *revision,
			  const struct yaml_node *node);

/* Behind the last entry of a list in brackets; FALSE: not to be found. */
gboolean revision_flow_end(const struct revision *revision,
			   const struct yaml_node *list,
			   struct revision_spot *spot);

/*
 * The line after the last one of what begins in a line and is indented by more
 * than `indent` after it; `before` ends the line before if nothing does.
 */
void revision_block_end(const struct revision *revision, guint line,
			guint indent, struct revision_spot *spot);

/* A plain scalar on one line, from its begin to its end. */
gboolean revision_scalar(const struct revision *revision,
			 const struct yaml_node *node,
			 struct revision_spot *spot);

#endif
