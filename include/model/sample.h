/*
 * What training sees of a message: hashed terms, dense features and labels.
 *
 * Made from a corpus, or read from a feature file: mail that may not enter
 * the repository takes part as vectors without words, without terms that
 * fewer than three of its senders used, and with senders as bare numbers.
 */
#ifndef MODEL_SAMPLE_H
#define MODEL_SAMPLE_H

#include <glib.h>

#include "features/outreach.h"
#include "model/corpus.h"

/* Terms of fewer senders than this do not leave for a feature file. */
#define SAMPLE_SENDERS_MIN 3

struct sample {
	char *name; /* path of the message; "" from a feature file */
	enum corpus_kind kind;
	char *source;
	char *author;
	GArray *terms; /* of struct term, all blocks */
	float dense[OUTREACH_DENSE_MAX];
};

/* One message held against one buyer. */
struct sample_pair {
	guint sample;
	char *profile;
	int grade;
	struct vector likeness; /* relevance_vector(), sorted */
};

struct samples {
	GPtrArray *samples; /* of struct sample */
	GPtrArray *pairs;   /* of struct sample_pair */
};
typedef struct samples Samples; /* for g_autoptr(Samples) */

struct samples *samples_new(void);
void samples_free(struct samples *samples);

/*
 * Reads every message of a corpus. Pairs are made later (samples_pair), since
 * they need a background. `progress` (may be NULL) is called with done and
 * total.
 */
typedef void (*sample_progress)(guint done, guint total, gpointer data);
gboolean samples_add_corpus(struct samples *samples,
			    const struct corpus *corpus,
			    const struct signals *signals,
			    sample_progress progress, gpointer data,
			    GError **error);

/*
 * For each message that sells, a pair with every buyer who judged it. Reads
 * the messages again.
 */
gboolean samples_pair(struct samples *samples, const struct corpus *corpus,
		      const struct background *background, GError **error);

/* A feature file: text of one line a sample, compressed by zstd. */
gboolean samples_save(const struct samples *samples, const char *path,
		      GError **error);
gboolean samples_add_file(struct samples *samples, const char *path,
			  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Samples, samples_free)

#endif
