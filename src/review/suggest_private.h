/* Labelled mail as words, and which of them tell one side from the other. */
#ifndef REVIEW_SUGGEST_PRIVATE_H
#define REVIEW_SUGGEST_PRIVATE_H

#include "review/suggest.h"

/* The two sides of labels. */
enum suggest_side { SIDE_RELEVANT, SIDE_IRRELEVANT, SIDES };

/* One word of a subject. */
struct suggest_word {
	guint64 stem;
	char *shown; /* folded */
};

/* One labelled message. */
struct suggest_mail {
	char *id;
	char *subject;
	char *sender; /* the unit of counting */
	char *priority;
	enum suggest_side side;
	gboolean kept_out; /* tagged or held */
	double relevance;
	gint64 time_us;
	GPtrArray *words;    /* of struct suggest_word, of the subject */
	GHashTable *stems;   /* set of guint64: of all text that is kept */
	GHashTable *buckets; /* set of bucket + 1: of its imprint; or NULL */
};

/*
 * The mail the buyer labelled, the newest first, at most 2,000: an array of
 * struct suggest_mail that frees its elements.
 */
GPtrArray *suggest_read(struct store *store, const char *buyer, gint64 since_us,
			GError **error);

/* Stems of a text, added to a set of guint64. */
void suggest_stems(const char *text, GHashTable *stems);

gboolean suggest_has(const struct suggest_mail *mail, guint64 stem);

/* A word that tells: counts are of senders. */
struct suggest_finding {
	guint64 stem;
	char *shown;
	guint hits, of, misses, others;
	guint subjects; /* of the hits, in whose subjects it is */
	double chance;
};

/* What finding asks for. */
struct suggest_search {
	const GPtrArray *mails;
	const struct background *background;
	GHashTable *known; /* stems that are not to be found */
	enum suggest_side side;
	guint subjects_min; /* of so many senders at least */
};

/* By chance, the least first: an array that frees its elements. */
GPtrArray *suggest_search(const struct suggest_search *search);

/* Different senders of the side's mail, of those that have a stem (0: all). */
guint suggest_senders(const GPtrArray *mails, enum suggest_side side,
		      guint64 stem);

/* Suggestions being made. */
struct making {
	const struct suggest_request *request;
	GPtrArray *mails;  /* of struct suggest_mail */
	GPtrArray *made;   /* of struct suggestion */
	GHashTable *known; /* stems the profile has */
};

/* An empty one; and taken over into what is made, unless there are enough. */
struct suggestion *suggestion_new(enum suggest_kind kind, const char *priority);
void suggestion_make(struct making *making, struct suggestion *suggestion);

/* The mail as evidence, the counts and the reason. */
void suggestion_cite(struct suggestion *suggestion,
		     const struct suggest_mail *mail);
void suggestion_count(struct suggestion *suggestion,
		      const struct suggest_finding *finding,
		      enum suggest_side side);

/* Different senders of these mails. */
guint suggest_senders_of(const GPtrArray *mails);

/*
 * Priorities or refusals around what was found: mail of the pool that shares
 * words. Findings and pool are used up.
 */
void suggest_topics(struct making *making, GPtrArray *pool, GPtrArray *findings,
		    enum suggest_kind kind);

#endif
