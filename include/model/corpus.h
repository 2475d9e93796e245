/*
 * A labelled corpus (DESIGN 9): labels.tsv, one message a file, and the
 * profiles of the buyers it was written to.
 */
#ifndef MODEL_CORPUS_H
#define MODEL_CORPUS_H

#include <glib.h>

#include "mail/message.h"
#include "profile/profile.h"

enum corpus_kind {
	KIND_OUTREACH,
	KIND_NURTURE,
	KIND_BUSINESS,
	KIND_TRANSACTIONAL,
	KIND_LIST,
	KIND_FRAUD /* not judged for outreach: the spam filter's work */
};

extern const char *const corpus_kinds[];

/* Sells to somebody who has no dealings with the sender: the class. */
gboolean corpus_kind_sells(enum corpus_kind kind);

/* A buyer's judgement: 0 not relevant, 1 neighbouring .. 3 squarely on it. */
struct corpus_grade {
	guint profile; /* index in corpus->profiles */
	int grade;
};

struct corpus_mail {
	char *path; /* to open */
	char *name; /* as in labels.tsv */
	enum corpus_kind kind;
	guint step; /* of an outreach sequence, 1 the first; 0: not known */
	char *campaign;
	char *source;
	char *author; /* the group that stays on one side of a split */
	char *language;
	gboolean judged; /* FALSE: nobody judged its relevance */
	GArray *grades;	 /* of struct corpus_grade: those labels.tsv tells */
};

struct corpus {
	GPtrArray *profiles; /* of struct profile */
	GPtrArray *mails;    /* of struct corpus_mail */
};
typedef struct corpus Corpus; /* for g_autoptr(Corpus) */

/*
 * Reads labels and profiles, not the messages. Who judged a message: the
 * buyers named in `relevant`; those named for its author in authors.tsv
 * (author, tab, profiles; may be absent), with grade 0 where not named; and
 * whom corpus_grades() adds. Errors: PROFILE_ERROR_FAULTS with
 * file:line:column for all files alike.
 */
struct corpus *corpus_load(const char *folder, GError **error);

/*
 * All judgements of a mail that is judged: those labels.tsv tells, and grade
 * 0 from the buyer it is addressed to (whose address, or else whose domain,
 * stands in To or Cc). Mail to none of the buyers was held against each of
 * them: grade 0 from all who are not named. A GArray of struct corpus_grade,
 * the caller's.
 */
GArray *corpus_grades(const struct corpus *corpus,
		      const struct corpus_mail *row, const struct mail *mail);
void corpus_free(struct corpus *corpus);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Corpus, corpus_free)

#endif
