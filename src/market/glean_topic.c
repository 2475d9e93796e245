#include <string.h>

#include "glean_private.h"
#include "text/language.h"
#include "text/stem.h"
#include "text/words.h"

/* At most so many pairs of words, as long as there are single ones. */
#define PAIRS_MAX 30

#define LENGTH_MIN   3 /* characters of a single word */
#define NUMBER_MAX   5 /* digits of "iso 27001" */
#define MIXED_DIGITS 3 /* digits of "log4j"; with more it is somebody's key */

struct glean_names {
	GHashTable *words;
};

struct glean_names *
glean_names_new(void)
{
	struct glean_names *names = g_new(struct glean_names, 1);

	names->words =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return names;
}

void
glean_names_free(struct glean_names *names)
{
	if (!names)
		return;
	g_hash_table_unref(names->words);
	g_free(names);
}

/* Addresses are no words: at and dots part them first. */
void
glean_names_add(struct glean_names *names, const char *given)
{
	g_autofree char *plain = g_strdup(given ? given : "");
	struct glean_text text;

	g_strdelimit(plain, "@._-+/:", ' ');
	glean_text_init(&text, plain);
	for (guint i = 0; i < text.words->len; i++) {
		const struct word *word =
			&g_array_index(text.words, struct word, i);

		if (word->len > 1)
			g_hash_table_add(
				names->words,
				g_strndup(text.folded + word->at, word->len));
	}
	glean_text_clear(&text);
}

gboolean
glean_names_have(const struct glean_names *names, const char *word, gsize len)
{
	g_autofree char *key = g_strndup(word, len);

	return g_hash_table_contains(names->words, key);
}

enum letters { LETTERS_SMALL, LETTERS_CAPITAL, LETTERS_ALL_CAPITAL };

/* A term while it is weighed. */
struct candidate {
	char *term;
	char *label;
	guint n;
	guint place; /* in the order of the text */
	gboolean pair;
	gboolean subject;
	enum letters letters;
};

static void
candidate_free(gpointer data)
{
	struct candidate *candidate = data;

	g_free(candidate->term);
	g_free(candidate->label);
	g_free(candidate);
}

struct sifting {
	const struct glean_names *names;
	const char *language;
	Stemmer *stemmer;
	GHashTable *capitals;	/* folded word to enum letters */
	GHashTable *candidates; /* by term */
};

static enum letters
letters_of(const char *word, gsize len, gboolean begins)
{
	guint upper = 0, lower = 0;

	for (const char *at = word; at < word + len;
	     at = g_utf8_next_char(at)) {
		const gunichar c = g_utf8_get_char(at);

		upper += g_unichar_isupper(c) != 0;
		lower += g_unichar_islower(c) != 0;
	}
	if (upper > 1 && lower == 0)
		return LETTERS_ALL_CAPITAL;
	/* "SaaS" is a name wherever it stands, "Please" only within. */
	if (upper > 1)
		return LETTERS_CAPITAL;
	return upper == 1 && !begins ? LETTERS_CAPITAL : LETTERS_SMALL;
}

/* How words are written, for folding leaves nothing of it. */
static void
find_capitals(GHashTable *capitals, const char *given)
{
	g_autofree char *valid = g_utf8_make_valid(given, -1);
	g_autoptr(GArray) words =
		words_split(valid, strlen(valid), GLEAN_WORDS_MAX);

	for (guint i = 0; i < words->len; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		const char *at = valid + word->at;
		const enum letters letters =
			letters_of(at, word->len, i == 0 || word->gap);
		char *folded;
		gpointer was;

		if (letters == LETTERS_SMALL)
			continue;
		folded = g_utf8_casefold(at, word->len);
		was = g_hash_table_lookup(capitals, folded);
		g_hash_table_replace(capitals, folded,
				     GINT_TO_POINTER(MAX(GPOINTER_TO_INT(was),
							 (int)letters)));
	}
}

static enum letters
written(const struct sifting *search, const char *word, gsize len)
{
	g_autofree char *key = g_strndup(word, len);

	return (enum letters)GPOINTER_TO_INT(
		g_hash_table_lookup(search->capitals, key));
}

/* Keys and serial numbers say who somebody is. */
static gboolean
is_key(const char *word, gsize len)
{
	guint digits = 0;

	for (gsize i = 0; i < len; i++)
		digits += g_ascii_isdigit(word[i]) != 0;
	return digits > MIXED_DIGITS;
}

static gboolean
is_telling(const struct sifting *search, const char *at,
	   const struct word *word)
{
	return word->digits == 0 && word->len > 1 && !is_key(at, word->len) &&
	       !stop_word(search->language, at, word->len) &&
	       !stop_word("en", at, word->len) &&
	       !glean_names_have(search->names, at, word->len);
}

/* The candidate of a term, which is taken. */
static struct candidate *
candidate_of(struct sifting *search, char *term, const char *label, gsize len)
{
	struct candidate *candidate =
		g_hash_table_lookup(search->candidates, term);

	if (candidate) {
		g_free(term);
		candidate->n++;
		return candidate;
	}
	candidate = g_new0(struct candidate, 1);
	candidate->term = term;
	candidate->label = g_strndup(label, len);
	candidate->n = 1;
	candidate->place = g_hash_table_size(search->candidates);
	g_hash_table_insert(search->candidates, candidate->term, candidate);
	return candidate;
}

static char *
stem_of(const struct sifting *search, const char *at, const struct word *word)
{
	gsize len = word->len;

	if (word->digits == 0)
		at = stemmer_stem(search->stemmer, at, len, &len);
	return g_strndup(at, len);
}

static void
add_single(struct sifting *search, const char *at, const struct word *word,
	   gboolean subject)
{
	const enum letters letters = written(search, at, word->len);
	struct candidate *candidate;

	if (letters != LETTERS_ALL_CAPITAL &&
	    g_utf8_strlen(at, word->len) < LENGTH_MIN)
		return;
	candidate =
		candidate_of(search, stem_of(search, at, word), at, word->len);
	candidate->subject |= subject;
	candidate->letters = MAX(candidate->letters, letters);
}

/* "soc 2" and "iso 27001", but no one's telephone. */
static gboolean
is_standard(const struct sifting *search, const char *folded,
	    const struct word *word, const struct word *next)
{
	return next->digits > 0 && next->digits <= NUMBER_MAX &&
	       written(search, folded + word->at, word->len) ==
		       LETTERS_ALL_CAPITAL;
}

static void
add_pair(struct sifting *search, const char *folded, const struct word *word,
	 const struct word *next, gboolean subject)
{
	const char *at = folded + word->at;
	const char *end = folded + next->at + next->len;
	const enum letters letters =
		MAX(written(search, at, word->len),
		    written(search, folded + next->at, next->len));
	g_autofree char *one = stem_of(search, at, word);
	g_autofree char *other = stem_of(search, folded + next->at, next);
	g_autofree char *label =
		g_strdup_printf("%.*s %.*s", (int)word->len, at, (int)next->len,
				folded + next->at);
	struct candidate *candidate;

	/* Something stands between them. */
	if (end - at > (gssize)word->len + next->len + 1)
		return;
	candidate = candidate_of(search, g_strjoin(" ", one, other, NULL),
				 label, strlen(label));
	candidate->pair = TRUE;
	candidate->subject |= subject;
	candidate->letters = MAX(candidate->letters, letters);
}

static void
find_candidates(struct sifting *search, const struct glean_text *text,
		gboolean subject)
{
	const struct word *words =
		(const struct word *)(void *)text->words->data;

	for (guint i = 0; i < text->words->len; i++) {
		const struct word *word = &words[i];
		const struct word *next =
			i + 1 < text->words->len ? &words[i + 1] : NULL;

		if (!is_telling(search, text->folded + word->at, word))
			continue;
		add_single(search, text->folded + word->at, word, subject);
		if (next && !next->gap &&
		    (is_telling(search, text->folded + next->at, next) ||
		     is_standard(search, text->folded, word, next)))
			add_pair(search, text->folded, word, next, subject);
	}
}

static guint
weight_of(const struct candidate *candidate)
{
	guint weight = 2 + 2 * (guint)candidate->letters;

	if (candidate->pair)
		weight += 2;
	if (candidate->subject)
		weight += 2;
	return weight + MIN(candidate->n, 4);
}

static int
compare(gconstpointer a, gconstpointer b)
{
	const struct candidate *one = *(const struct candidate *const *)a;
	const struct candidate *other = *(const struct candidate *const *)b;
	const guint weight = weight_of(one);
	const guint against = weight_of(other);

	if (weight != against)
		return weight < against ? 1 : -1;
	return (one->place > other->place) - (one->place < other->place);
}

static void
take(GArray *topics, const struct candidate *candidate, GStringChunk *strings)
{
	const struct store_topic topic = {
		g_string_chunk_insert(strings, candidate->term),
		g_string_chunk_insert(strings, candidate->label)
	};

	g_array_append_val(topics, topic);
}

/* The foremost; pairs leave room for single words. */
static GArray *
choose(GPtrArray *candidates, GStringChunk *strings)
{
	GArray *topics = g_array_new(FALSE, FALSE, sizeof(struct store_topic));
	guint pairs = 0;

	g_ptr_array_sort(candidates, compare);
	for (guint i = 0; i < candidates->len && topics->len < STORE_TOPICS_MAX;
	     i++) {
		const struct candidate *candidate = candidates->pdata[i];

		if (candidate->pair && ++pairs > PAIRS_MAX)
			continue;
		take(topics, candidate, strings);
	}
	return topics;
}

static GPtrArray *
candidates_of(GHashTable *table)
{
	GPtrArray *candidates = g_ptr_array_new_with_free_func(candidate_free);
	GHashTableIter at;
	gpointer candidate;

	g_hash_table_iter_init(&at, table);
	while (g_hash_table_iter_next(&at, NULL, &candidate))
		g_ptr_array_add(candidates, candidate);
	return candidates;
}

GArray *
glean_topics(const char *subject, const char *text,
	     const struct glean_names *names, GStringChunk *strings)
{
	g_autoptr(GHashTable) capitals =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) candidates = NULL;
	struct glean_text head, body;
	struct sifting search = { names, NULL, NULL, capitals, table };

	glean_text_init(&head, subject);
	glean_text_init(&body, text);
	search.language = body.words->len < head.words->len
				  ? language_detect(head.folded, head.words)
				  : language_detect(body.folded, body.words);
	search.stemmer = stemmer_new(search.language);
	find_capitals(capitals, subject);
	find_capitals(capitals, text);
	find_candidates(&search, &head, TRUE);
	find_candidates(&search, &body, FALSE);
	glean_text_clear(&head);
	glean_text_clear(&body);
	candidates = candidates_of(table);
	stemmer_free(search.stemmer);
	return choose(candidates, strings);
}
