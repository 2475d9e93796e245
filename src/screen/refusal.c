#include "refusal_private.h"

#include <string.h>

/* Behind "but" this many words that are not courtesy make an answer. */
#define TURN_WORDS_MIN 3
/* "Hi Anna Maria," is a greeting; a longer first line says something. */
#define GREETING_WORDS_MAX 4
/* Bytes; REFUSAL_WORDS_MAX words are never as long. */
#define FRESH_MAX 4096

static gboolean
listed(const char *const *list, const char *word)
{
	return g_strv_contains(list, word);
}

/* Whether there are only letters that plain_text() can write. */
static gboolean
is_latin(const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		const gunichar c = g_utf8_get_char(text);

		if (g_unichar_isalpha(c) &&
		    g_unichar_get_script(c) != G_UNICODE_SCRIPT_LATIN)
			return FALSE;
	}
	return TRUE;
}

/* Ends the word, and the sentence when `stop`: each once. */
static void
end_word(GString *plain, gboolean stop)
{
	if (plain->str[plain->len - 1] != ' ')
		g_string_append_c(plain, ' ');
	if (stop && !g_str_has_suffix(plain->str, ". "))
		g_string_append(plain, ". ");
}

/*
 * Lower-case ASCII words between single spaces, each end of a sentence as
 * " . ", with one at both ends of the text: a phrase is found by strstr().
 */
static char *
plain_text(const char *text)
{
	g_autofree char *ascii = g_str_to_ascii(text, "C");
	GString *plain = g_string_new(" . ");

	for (const char *c = ascii; *c; c++) {
		if (g_ascii_isalnum(*c))
			g_string_append_c(plain, g_ascii_tolower(*c));
		else if (*c != '\'')
			end_word(plain, strchr(".!?;", *c) != NULL);
	}
	end_word(plain, TRUE);
	return g_string_free(plain, FALSE);
}

/* The phrase as whole words in a plain text. */
static char *
phrase_find(char *plain, const char *phrase)
{
	const gsize len = strlen(phrase);
	char *at = plain;

	while ((at = strstr(at, phrase)) != NULL) {
		if (at > plain && at[-1] == ' ' && at[len] == ' ')
			return at;
		at++;
	}
	return NULL;
}

static void
mask(char *plain)
{
	for (guint i = 0; refusal_masks[i]; i++) {
		char *at;

		while ((at = phrase_find(plain, refusal_masks[i])) != NULL)
			memset(at, '-', strlen(refusal_masks[i]));
	}
}

/* Where the last of the language's refusals ends, or NULL. */
static char *
refusal_end(char *plain, const struct refusal_language *language)
{
	char *end = NULL;

	for (guint i = 0; language->phrases[i]; i++) {
		const char *phrase = language->phrases[i];
		char *at = plain;

		while ((at = phrase_find(at, phrase)) != NULL) {
			at += strlen(phrase);
			if (!end || at > end)
				end = at;
		}
	}
	return end;
}

/* What is left of a plain text without courtesy and the writer's name. */
static char **
substance(const char *plain, const char *const *name)
{
	g_auto(GStrv) words = g_strsplit(plain, " ", -1);
	GPtrArray *left = g_ptr_array_new();

	for (guint i = 0; words[i]; i++)
		if (words[i][0] && words[i][0] != '.' &&
		    !listed(refusal_courtesies, words[i]) &&
		    !listed(name, words[i]))
			g_ptr_array_add(left, g_strdup(words[i]));
	g_ptr_array_add(left, NULL);
	return (char **)g_ptr_array_free(left, FALSE);
}

static gboolean
turns_after(char *end, const struct refusal_language *language,
	    const char *const *name)
{
	for (guint i = 0; language->turns[i]; i++) {
		char *at = phrase_find(end, language->turns[i]);
		g_auto(GStrv) rest = NULL;

		if (!at)
			continue;
		rest = substance(at + strlen(language->turns[i]), name);
		if (g_strv_length(rest) >= TURN_WORDS_MIN)
			return TRUE;
	}
	return FALSE;
}

static gboolean
refuses_by_phrase(char *plain, const char *const *name)
{
	const struct refusal_language *language;

	mask(plain);
	for (language = refusal_languages; language->code; language++) {
		char *end = refusal_end(plain, language);

		if (end && !turns_after(end, language, name))
			return TRUE;
	}
	return FALSE;
}

static gboolean
refuses_as_whole(const char *plain, const char *const *name)
{
	g_auto(GStrv) words = substance(plain, name);
	g_autofree char *left = g_strjoinv(" ", words);
	const struct refusal_language *language;

	for (language = refusal_languages; language->code; language++)
		if (listed(language->whole, left))
			return TRUE;
	return FALSE;
}

/* "Hi Anna Maria, ..." without what is before the comma or line end. */
static const char *
greeting_skip(const char *text)
{
	g_autofree char *line = g_strndup(text, strcspn(text, ",!.\n"));
	g_autofree char *ascii = g_str_to_ascii(line, "C");
	g_auto(GStrv) words = g_strsplit(g_strstrip(ascii), " ", -1);
	const guint n = g_strv_length(words);

	if (n == 0 || n > GREETING_WORDS_MAX || !text[strlen(line)] ||
	    !listed(refusal_greetings, words[0]))
		return text;
	return text + strlen(line) + 1;
}

/* The writer's name in plain words; empty when there is none. */
static char **
name_words(const struct reading *reading)
{
	const char *name = reading->author ? reading->author->name : "";
	g_autofree char *folded = g_utf8_casefold(name, -1);
	g_autofree char *plain = plain_text(folded);

	return g_strsplit(g_strstrip(plain), " ", -1);
}

static gboolean
text_refuses(const char *text, const char *const *name)
{
	g_autofree char *all = plain_text(text);
	g_autofree char *said = plain_text(greeting_skip(text));

	return (is_latin(text) && refuses_as_whole(said, name)) ||
	       refuses_by_phrase(all, name);
}

/*
 * An answer of a single word refuses unless it says yes or sends something:
 * who means to do business says more (DESIGN 3).
 */
static gboolean
one_word_refuses(const struct reading *reading, const char *fresh)
{
	static const char *const nobody[] = { NULL };
	g_autofree char *plain = NULL;
	g_auto(GStrv) words = NULL;

	if (reading->replies == 0 || reading->content->attachments > 0 ||
	    !is_latin(fresh))
		return FALSE;
	plain = plain_text(fresh);
	words = substance(plain, nobody);
	return !words[0] || !listed(refusal_consents, words[0]);
}

/* A subject is the writer's own words only when it is no answer. */
static gboolean
subject_refuses(const struct reading *reading, const char *const *name)
{
	g_autofree char *plain = plain_text(reading->subject.folded);
	g_auto(GStrv) words = g_strsplit(plain + strlen(" . "), " ", 2);

	if (reading->content->calendar &&
	    listed(refusal_declines, words[0] ? words[0] : ""))
		return TRUE;
	return reading->replies == 0 &&
	       text_refuses(reading->subject.folded, name);
}

/*
 * The fresh text alone: a reading's own text has the quoted mail too where
 * little is fresh, and there the refused one says what it sells.
 */
gboolean
refusal_said(const struct reading *reading)
{
	const char *const fresh = reading->content->fresh;
	const gsize len = strlen(fresh);
	g_autofree char *folded = NULL;
	g_autoptr(GArray) words = NULL;
	g_auto(GStrv) name = NULL;
	const char *const *own;

	if (len > FRESH_MAX)
		return FALSE;
	folded = text_fold(fresh, len, NULL);
	words = words_split(folded, strlen(folded), REFUSAL_WORDS_MAX + 1);
	if (words->len > REFUSAL_WORDS_MAX)
		return FALSE;
	name = name_words(reading);
	own = (const char *const *)name;
	return text_refuses(folded, own) ||
	       (words->len == 1 && one_word_refuses(reading, folded)) ||
	       subject_refuses(reading, own);
}
