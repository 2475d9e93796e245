/*
 * Labelled mail as training and measuring read it: corpora and feature files,
 * with progress on a terminal.
 */
#ifndef CLI_EXAMPLES_PRIVATE_H
#define CLI_EXAMPLES_PRIVATE_H

#include <glib.h>

#include "model/sample.h"
#include "progress_private.h"

struct examples {
	struct samples *samples;
	GPtrArray *corpora; /* of struct corpus */
	struct progress progress;
	const char *doing; /* what `progress` tells of */
	gint64 began_us;
};

void examples_open(struct examples *examples);
void examples_close(struct examples *examples);

/* A folder with labels.tsv is a corpus, a file holds features. */
gboolean examples_read(struct examples *examples, char *const *paths,
		       GError **error);

/*
 * A starter_progress: `what` stays where it is while it is told of; `total` 0
 * where it is not known yet. The struct examples is `data`.
 */
void examples_tell(const char *what, guint done, guint total, gpointer data);

/* SOURCE_DATE_EPOCH makes what is dated repeatable; else now. */
gint64 examples_date_us(void);

#endif
