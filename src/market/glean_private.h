/* Reading what came, from inside: words, terms and topics. */
#ifndef MARKET_GLEAN_PRIVATE_H
#define MARKET_GLEAN_PRIVATE_H

#include "store/search.h"

/* More words of a text are not read. */
#define GLEAN_WORDS_MAX 4000

/* A text taken apart. */
struct glean_text {
	char *folded;
	GArray *words; /* of struct word, within `folded` */
};

void glean_text_init(struct glean_text *text, const char *given);
void glean_text_clear(struct glean_text *text);

/* Its words in the stems of a language, with a blank between. The caller's. */
char *glean_text_terms(const struct glean_text *text, const char *language);

/* What a document is searched by: both texts in the language of the longer. */
void glean_document_terms(struct store_document *document);

/* Whose words are no topic: a message's persons. */
struct glean_names;
struct glean_names *glean_names_new(void);
void glean_names_add(struct glean_names *names, const char *given);
void glean_names_free(struct glean_names *names);
gboolean glean_names_have(const struct glean_names *names, const char *word,
			  gsize len);

/*
 * The most telling terms of a message, STORE_TOPICS_MAX at most: an array of
 * struct store_topic, whose strings are in `strings`.
 */
GArray *glean_topics(const char *subject, const char *text,
		     const struct glean_names *names, GStringChunk *strings);

#endif
