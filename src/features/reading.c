#include "features/reading.h"

#include <string.h>

#include "hash_private.h"
#include "text/language.h"
#include "text/stem.h"

/* Below this many fresh words the quoted text is read too: a bump ("any
 * thoughts?") means what it quotes. */
#define FRESH_WORDS_MIN 12

/* "Re:" and its kin in the languages of common mail programs. */
static const char *const reply_marks[] = { "re",   "fw",  "fwd", "aw", "wg",
					   "antw", "sv",  "vs",	 "tr", "rif",
					   "odp",  "enc", "res", "ref" };

guint64
word_hash(const char *word, gsize len)
{
	return hash_bytes(word, len);
}

static gsize
reply_mark_length(const char *subject)
{
	for (guint i = 0; i < G_N_ELEMENTS(reply_marks); i++) {
		gsize len = strlen(reply_marks[i]);
		const char *p = subject + len;

		if (g_ascii_strncasecmp(subject, reply_marks[i], len) != 0)
			continue;
		if (*p == '[' || *p == '(') /* Re[2]: */
			p += strcspn(p, "])") + 1 <= strlen(p)
				     ? strcspn(p, "])") + 1
				     : strlen(p);
		while (*p == ' ')
			p++;
		if (*p == ':')
			return (gsize)(p + 1 - subject);
	}
	return 0;
}

/* Steps over "Re: Fwd: ..." and counts how many. */
static const char *
subject_begin(const char *subject, guint *replies)
{
	gsize len;

	*replies = 0;
	while (*subject == ' ')
		subject++;
	while ((len = reply_mark_length(subject)) > 0) {
		subject += len;
		while (*subject == ' ')
			subject++;
		(*replies)++;
	}
	return subject;
}

/* Marks and controls of direction. */
static gboolean
is_bidi(gunichar c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/*
 * How many of those there are where they belong: in a text of which a quarter
 * or more is Hebrew, Arabic or the like. A few such letters excuse nothing.
 */
static guint
bidi_proper(const char *text)
{
	guint marks = 0;
	guint from_right = 0;
	guint letters = 0;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		const gunichar c = g_utf8_get_char(p);

		marks += is_bidi(c) ? 1 : 0;
		from_right += c >= 0x590 && c <= 0x8ff ? 1 : 0;
		letters += c >= 0x80 || g_ascii_isalpha((char)c) ? 1 : 0;
	}
	return from_right > 0 && from_right * 4 >= letters ? marks : 0;
}

static void
text_read(struct reading_text *text, const char *source, guint words_max,
	  struct fold_counts *folds)
{
	struct fold_counts counts = { 0, 0 };
	static const char number[] = "0";

	text->folded = text_fold(source, strlen(source), &counts);
	if (counts.invisible > 0)
		counts.invisible -= MIN(counts.invisible, bidi_proper(source));
	folds->invisible += counts.invisible;
	folds->mixed_script += counts.mixed_script;
	text->len = strlen(text->folded);
	text->words = words_split(text->folded, text->len, words_max);
	text->hash = g_new(guint64, text->words->len + 1);
	for (guint i = 0; i < text->words->len; i++) {
		const struct word *word =
			&g_array_index(text->words, struct word, i);

		text->hash[i] = word->digits
					? hash_bytes(number, 1)
					: hash_bytes(text->folded + word->at,
						     word->len);
	}
}

static void
text_clear(struct reading_text *text)
{
	g_free(text->folded);
	g_free(text->hash);
	g_free(text->stem);
	g_array_unref(text->words);
}

/* Text, signature and, where the text is next to nothing, what it quotes. */
static char *
judged_text(const struct content *content)
{
	guint words = 0;

	for (const char *p = content->fresh; *p && words < FRESH_WORDS_MIN; p++)
		if (g_ascii_isspace(*p) && !g_ascii_isspace(p[1]) && p[1])
			words++;
	return g_strjoin("\n", content->fresh, content->signature,
			 words < FRESH_WORDS_MIN ? content->quoted : "", NULL);
}

struct reading *
reading_new(const struct mail *mail)
{
	struct reading *reading = g_new0(struct reading, 1);
	g_autofree char *text = NULL;
	const char *subject;

	reading->mail = mail;
	reading->content = content_new(mail);
	reading->author = address_shown(mail);
	text = judged_text(reading->content);
	text_read(&reading->text, text, READING_WORDS_MAX, &reading->folds);
	subject = subject_begin(reading->content->subject, &reading->replies);
	text_read(&reading->subject, subject, READING_SUBJECT_MAX,
		  &reading->folds);
	reading->language = language_detect_hashed(
		reading->text.folded, reading->text.words, reading->text.hash);
	return reading;
}

void
reading_free(struct reading *reading)
{
	if (reading == NULL)
		return;
	text_clear(&reading->text);
	text_clear(&reading->subject);
	content_free(reading->content);
	g_clear_pointer(&reading->author, address_free);
	g_clear_pointer(&reading->letters, g_array_unref);
	g_free(reading->dense);
	g_free(reading);
}

/* The stem's hash, 0 for a function word; the stemmer is made when needed. */
static guint64
word_stem(const struct reading *reading, const char *word, gsize len,
	  struct stemmer **stemmer)
{
	if (stop_word(reading->language, word, len))
		return 0;
	if (*stemmer == NULL)
		*stemmer = stemmer_new(reading->language);
	word = stemmer_stem(*stemmer, word, len, &len);
	return word_hash(word, len);
}

static void
text_stem(const struct reading *reading, struct reading_text *text,
	  struct stemmer **stemmer)
{
	struct lexicon *lexicon = reading->lexicon;
	guint n = MIN(text->words->len, READING_STEMS_MAX);

	text->stem = g_new(guint64, n + 1);
	for (guint i = 0; i < n; i++) {
		const struct word *word =
			&g_array_index(text->words, struct word, i);
		guint64 key = lexicon_key(reading->language, text->hash[i]);

		text->stem[i] = 0;
		if (word->digits ||
		    (lexicon != NULL &&
		     lexicon_find(lexicon, key, &text->stem[i])))
			continue;
		text->stem[i] = word_stem(reading, text->folded + word->at,
					  word->len, stemmer);
		if (lexicon != NULL)
			lexicon_keep(lexicon, key, text->stem[i]);
	}
}

void
reading_stems(struct reading *reading)
{
	g_autoptr(Stemmer) stemmer = NULL;

	if (reading->text.stem != NULL)
		return;
	text_stem(reading, &reading->text, &stemmer);
	text_stem(reading, &reading->subject, &stemmer);
}
