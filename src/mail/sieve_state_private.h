/* A sieve at work: what sieve.c and sieve_text.c share. */
#ifndef MAIL_SIEVE_STATE_PRIVATE_H
#define MAIL_SIEVE_STATE_PRIVATE_H

#include <glib.h>
#include <string.h>

#include "sieve_private.h"

struct sieve {
	const char *at;
	const char *end;
	char *out;
	char *stash; /* what libxml2 need not read, and where more of it goes */
	char *stash_at;
	char *run;	 /* in `out`: where text without markup began ... */
	char *mark;	 /* ... and behind its mark, when it has one */
	gboolean entity; /* it may begin with an entity's name */
	struct sheet *sheet;
	struct flow *hidden;
	GArray *styles;
	guint pre;     /* open <pre> elements: spacing stays */
	gboolean html; /* <html> was there, <body> was */
	gboolean body;
};

static inline gboolean
sieve_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* To what libxml2 reads. */
static inline void
sieve_append(struct sieve *s, const char *text, gsize len)
{
	memcpy(s->out, text, len);
	s->out += len;
}

/* To what it does not, with a NUL behind it. */
void sieve_stash(struct sieve *s, const char *text, gsize len);

/* The number of a place in the stash, in hexadecimal, for libxml2. */
void sieve_place(struct sieve *s, const char *place);

/*
 * The value of an attribute that libxml2 reads, in quotes whatever it had: no
 * meaning of an entity may end it and begin another attribute. One with both
 * kinds of quotes in it loses a kind.
 */
void sieve_value(struct sieve *s, const char *value, gsize len);

/* Markup, or the "&" of an entity, was written. */
void sieve_run_begin(struct sieve *s, gboolean entity);

/* Text without markup, up to `end`. */
void sieve_text(struct sieve *s, const char *end);

#endif
