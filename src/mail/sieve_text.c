#include "sieve_state_private.h"

#include <string.h>

#include "entity_private.h"

/* Shorter texts are as well left where they are. */
#define STASHED_MIN 12

void
sieve_stash(struct sieve *s, const char *text, gsize len)
{
	memcpy(s->stash_at, text, len);
	s->stash_at += len;
	*s->stash_at++ = '\0';
}

void
sieve_place(struct sieve *s, const char *place)
{
	char digits[16];
	gsize at = sizeof digits;
	gsize number = (gsize)(place - s->stash);

	do
		digits[--at] = "0123456789abcdef"[number % 16];
	while ((number /= 16) > 0);
	sieve_append(s, digits + at, sizeof digits - at);
}

static inline gboolean
is_visible(guchar c)
{
	return c > ' ' && c != 0x7f;
}

void
sieve_run_begin(struct sieve *s, gboolean entity)
{
	s->run = s->out;
	s->mark = NULL;
	s->entity = entity;
}

/*
 * Text was copied to `begin`. A long run is stashed but for what may be an
 * entity's name, and so is all that follows its mark: where comments stood,
 * text meets text.
 */
static void
text_end(struct sieve *s, char *begin)
{
	const gsize size = (gsize)(s->out - s->run);

	if (begin == s->mark) {
		s->stash_at--;
	} else {
		begin = s->entity
				? memchr(s->run, ' ', MIN(size, SIEVE_LEAD_MAX))
				: s->run;
		if (begin == NULL || s->pre > 0 || s->out - begin < STASHED_MIN)
			return;
		/* Behind the page's end, libxml2 reads on after a space. */
		begin += *begin == ' ' ? 1 : 0;
	}
	const char *place = s->stash_at;
	sieve_stash(s, begin, (gsize)(s->out - begin));
	s->out = begin;
	if (begin == s->mark)
		return;
	sieve_append(s, SIEVE_MARK, 1);
	sieve_place(s, place);
	s->mark = s->out;
}

/* U+FFFE and U+FFFF at `p`, which libxml2 takes for no characters. */
static inline gboolean
is_nonchar(const char *p, const char *end)
{
	return end - p >= 3 && memcmp(p, "\xef\xbf", 2) == 0 &&
	       ((guchar)p[2] & 0xfe) == 0xbe;
}

/* Up to an "&". Spacing and controls become spaces, runs of them one. */
static void
text_run_copy(struct sieve *s, const char *end)
{
	const char *p = s->at;
	char *out = s->out;

	while (p < end && *p != '&') {
		const guchar c = (guchar)*p++;
		if (c == 0xef && is_nonchar(p - 1, end)) {
			p += 2;
		} else if (is_visible(c) ||
			   (s->pre > 0 && sieve_is_space((char)c))) {
			*out++ = (char)c;
		} else {
			*out++ = ' ';
			while (s->pre == 0 && p < end && (guchar)*p <= ' ')
				p++;
		}
	}
	s->at = p;
	s->out = out;
}

void
sieve_text(struct sieve *s, const char *end)
{
	char *begin = s->out;

	while (s->at < end) {
		gsize len = 0;
		text_run_copy(s, end);
		if (s->at == end)
			break;
		s->at++;
		const char *meaning =
			entity_find(s->at, (gsize)(end - s->at), TRUE, &len);
		s->at += len;
		if (meaning != NULL && meaning[0] != '&') {
			sieve_append(s, meaning, strlen(meaning));
			continue;
		}
		text_end(s, begin);
		meaning = meaning == NULL ? "&" : meaning;
		sieve_append(s, meaning, strlen(meaning));
		sieve_run_begin(s, TRUE);
		begin = s->out;
	}
	text_end(s, begin);
}

/* At "&" in a value, which is written when it begins nothing that is ours to
 * know. */
static void
entity_take(struct sieve *s, const char *end)
{
	gsize len = 0;

	s->at++;
	const char *meaning =
		entity_find(s->at, (gsize)(end - s->at), FALSE, &len);

	if (meaning == NULL) {
		sieve_append(s, "&", 1);
		return;
	}
	sieve_append(s, meaning, strlen(meaning));
	s->at += len;
}

/* Up to `stop`, which has quotes of that kind only where it has both kinds. */
static void
value_part_copy(struct sieve *s, const char *stop, char quote)
{
	char *copy = s->out;

	sieve_append(s, s->at, (gsize)(stop - s->at));
	s->at = stop;
	for (; quote == '\'' && copy < s->out; copy++)
		if (*copy == quote)
			*copy = ' ';
}

void
sieve_value(struct sieve *s, const char *value, gsize len)
{
	const char *end = value + len;
	const char *resume = s->at;
	const char quote = memchr(value, '"', len) == NULL ? '"' : '\'';

	sieve_append(s, &quote, 1);
	for (s->at = value; s->at < end;) {
		const char *amp = memchr(s->at, '&', (gsize)(end - s->at));

		value_part_copy(s, amp == NULL ? end : amp, quote);
		if (amp != NULL)
			entity_take(s, end);
	}
	sieve_append(s, &quote, 1);
	s->at = resume;
}
