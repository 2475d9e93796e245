/* The steps of research_run(), in their order. */
#ifndef MARKET_RESEARCH_PRIVATE_H
#define MARKET_RESEARCH_PRIVATE_H

#include "market/research.h"

/* Words of a question that count; the rest of a longer one is left. */
#define RESEARCH_WORDS_MAX 32

/* A form of a word, as it stands in the index, and how rare it is. */
struct research_form {
	char *term;
	double rarity;
};

/* A word that is looked for: its forms, and how rare it is itself. */
struct research_word {
	GPtrArray *forms; /* of struct research_form */
	guint place;	  /* among the words */
	double rarity;
};

/* Words that are looked for. */
struct research_words {
	GPtrArray *words;   /* of struct research_word, in order */
	GHashTable *places; /* term -> its word */
	double rarity;	    /* sum of the words' */
};

/* What was asked. */
struct research_question {
	struct research_words *words;
	struct profile_priority *priority; /* that it is about, or NULL */
	struct research_words *topic;	   /* of that priority, or NULL */
};
typedef struct research_question ResearchQuestion; /* for g_autoptr() */

/* The words of the phrases (ended by NULL) that any document has, at most
 * `max`; function words are left out. */
struct research_words *research_words_new(struct store *store,
					  const char *const *phrases, guint max,
					  GError **error);
void research_words_free(struct research_words *words);

/* BASE_ERROR_INVALID: no word to look for; STORE_ERROR. */
struct research_question *
research_question_new(struct store *store, const char *text, GError **error);
void research_question_free(struct research_question *question);

/* Sets priority and topic to that of the profile's which the question is
 * about, if it is about any. */
gboolean research_question_topic(struct research_question *question,
				 struct store *store,
				 const struct profile *profile, GError **error);

/* A document that was found, 0..1 each against the best of its search. */
struct research_find {
	struct store_document *document;
	double bm25;
	double topic;
};

/* An array of struct research_find that frees them, each document once. Sets
 * research->cut. */
GPtrArray *research_find_all(struct store *store,
			     const struct vendor_book *book,
			     const struct research_query *query,
			     const struct research_question *question,
			     struct research *research, GError **error);

/* How well the document answers, 0..1. */
double research_match(const struct research_question *question,
		      const struct research_find *find);

/* 1 for what is new, half of it after RESEARCH_HALF_LIFE_DAYS. */
double research_freshness(gint64 time_us, gint64 now_us);

/* The models of a buyer, asked of one of their priorities as if it were the
 * only one, or of all (NULL). */
struct research_judge;
typedef struct research_judge ResearchJudge; /* for g_autoptr() */

/* NULL: there are no models. All given is borrowed. */
struct research_judge *research_judge_new(const struct snapshot *snapshot,
					  const struct buyer *buyer,
					  struct profile_priority *topic);
void research_judge_free(struct research_judge *judge);

/* P(relevant), of any document. */
double research_judge_relevance(const struct research_judge *judge,
				const struct store_document *document,
				gint64 now_us);

struct research_hit *research_hit_new(void);
void research_hit_free(struct research_hit *hit);

/* Adds what else was written by the vendors of the best hits (they are the best
 * first), with no score; and lets each mail have its share of the score of its
 * vendor's best. */
gboolean research_kin_add(struct store *store,
			  const struct research_query *query, GPtrArray *hits,
			  GError **error);
void research_kin_raise(GPtrArray *hits, const struct vendor_book *book);

/* Puts those that say the same (hits are the best first) to the copies of the
 * best of them; how many went. */
guint research_collapse(GPtrArray *hits, const struct vendor_book *book);

/* Counts all hits. */
void research_facets(struct research *research, const struct vendor_book *book);

/* The passage of a text that has most of the question; the caller's. */
char *research_snippet(const struct research_question *question,
		       const char *text);

/* Fills research->vendors and ->quotes from its hits. */
gboolean research_vendors(struct store *store, const struct vendor_book *book,
			  const struct research_query *query,
			  struct research *research, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ResearchQuestion, research_question_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ResearchJudge, research_judge_free)

#endif
