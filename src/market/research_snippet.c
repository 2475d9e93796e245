/* The lines of a text that answer a question, as they were written. */
#include <string.h>

#include "market/research.h"
#include "research_private.h"
#include "sentence_private.h"

#define SNIPPET_MAX 280
#define SENTENCES   400

/* A sentence shorter than this may have the next one beside it. */
#define SHORT 120

/* A stem may end in a letter that the word does not have ("compani"). */
static gboolean
has_stem(const char *word, gsize len, const char *stem)
{
	gsize wanted = strlen(stem);

	if (wanted > 4 && stem[wanted - 1] == 'i')
		wanted--;
	return len >= wanted && strncmp(word, stem, wanted) == 0 &&
	       (wanted > 2 || len == wanted);
}

static gsize
word_len(const char *at)
{
	const char *end = at;

	while (*end && g_unichar_isalnum(g_utf8_get_char(end)))
		end = g_utf8_next_char(end);
	return (gsize)(end - at);
}

static gboolean
has_word(const char *sentence, const struct research_word *word)
{
	for (const char *at = sentence; *at;) {
		const gsize len = word_len(at);

		for (guint i = 0; len > 0 && i < word->forms->len; i++) {
			const struct research_form *form =
				word->forms->pdata[i];

			if (has_stem(at, len, form->term))
				return TRUE;
		}
		at = len > 0 ? at + len : g_utf8_next_char(at);
	}
	return FALSE;
}

static double
worth(const struct research_question *question, const char *text, gsize len)
{
	g_autofree char *folded = g_utf8_casefold(text, (gssize)len);
	double sum = 0;

	for (guint i = 0; i < question->words->words->len; i++) {
		const struct research_word *word =
			question->words->words->pdata[i];

		if (has_word(folded, word))
			sum += word->rarity;
	}
	return sum;
}

/* One line, cut between characters. */
static char *
passage(const char *text, gsize len)
{
	g_autofree char *line = NULL;
	const char *end;

	while (len > SNIPPET_MAX) {
		len = SNIPPET_MAX;
		if (!g_utf8_validate(text, (gssize)len, &end))
			len = (gsize)(end - text);
		line = g_strndup(text, len);
		g_strdelimit(line, "\r\n\t", ' ');
		return g_strconcat(g_strchomp(line), "…", NULL);
	}
	line = g_strndup(text, len);
	return g_strdup(g_strstrip(g_strdelimit(line, "\r\n\t", ' ')));
}

char *
research_snippet(const struct research_question *question, const char *text)
{
	const gsize len = strlen(text);
	const gsize wrap = sentence_wrap(text, len);
	struct sentence best = { 0, len };
	struct sentence sentence;
	struct sentence next;
	double most = 0;
	gsize at = 0;
	gsize after = len;

	for (guint i = 0;
	     i < SENTENCES && sentence_next(text, len, wrap, &at, &sentence);
	     i++) {
		const double value =
			worth(question, text + sentence.start, sentence.len);

		if (value > most) {
			most = value;
			best = sentence;
			after = at;
		}
	}
	if (best.len < SHORT && sentence_next(text, len, wrap, &after, &next) &&
	    next.start + next.len - best.start <= SNIPPET_MAX)
		best.len = next.start + next.len - best.start;
	return passage(text + best.start, best.len);
}
